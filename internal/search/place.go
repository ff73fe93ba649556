package search

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"slices"
	"strconv"
	"strings"

	"goodturn/internal/db"
)

// wanted is something to be located: any of some sayings, all words of one anywhere in a page.
type wanted struct {
	is []saying
	to *places
}

func addPlace(ctx context.Context, tx *db.Tx, place int64, heading, anywhere string) error {
	if tx.Engine() == db.Postgres {
		_, err := tx.Exec(ctx, addPlacePostgres, place, heading, anywhere)
		return err
	}
	if _, err := tx.Exec(ctx, addHeadingSQLite, place, heading); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, addPlaceSQLite, place, anywhere)
	return err
}

func removePlace(ctx context.Context, tx *db.Tx, place int64) error {
	if tx.Engine() == db.Postgres {
		_, err := tx.Exec(ctx, removePlacePostgres, place)
		return err
	}
	if _, err := tx.Exec(ctx, removeHeadingSQLite, place); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, removePlaceSQLite, place)
	return err
}

// placesOf asks the index, in one statement, which pages hold what is wanted. Each list comes as one value: rows cost more than
// what they hold.
func placesOf(ctx context.Context, tx *db.Tx, all []wanted, counts func(place int64) bool) error {
	if len(all) == 0 {
		return nil
	}
	one, write, read := placesPostgres, tsqueryOf, readNumbers
	if tx.Engine() == db.SQLite {
		one, write, read = placesSQLite, matchOf, readText
	}
	var args db.Args
	var parts []string
	for i, w := range all {
		match := args.Add(write(w.is))
		for j, heading := range []bool{false, true} {
			parts = append(parts, one(strconv.Itoa(2*i+j), match, heading))
		}
	}
	if tx.Engine() == db.Postgres {
		if err := tx.Query(ctx, func(*sql.Rows) error { return nil }, byIndexPostgres); err != nil {
			return err
		}
	}
	lists, err := db.All[struct {
		N      int
		Places []byte
	}](ctx, tx, strings.Join(parts, " UNION ALL "), args...)
	if err != nil {
		return err
	}
	if tx.Engine() == db.Postgres {
		if err := tx.Query(ctx, func(*sql.Rows) error { return nil }, asUsualPostgres); err != nil {
			return err
		}
	}
	for _, l := range lists {
		list := slices.DeleteFunc(read(l.Places), func(p int64) bool { return !counts(p) })
		if !slices.IsSorted(list) {
			slices.Sort(list)
		}
		if l.N%2 == 0 {
			all[l.N/2].to.anywhere = list
		} else {
			all[l.N/2].to.heading = list
		}
	}
	return nil
}

// readNumbers reads places of eight bytes each, the highest first.
func readNumbers(list []byte) []int64 {
	out := make([]int64, len(list)/8)
	for i := range out {
		out[i] = int64(binary.BigEndian.Uint64(list[8*i:]))
	}
	return out
}

// readText reads places that are written with commas between them.
func readText(list []byte) []int64 {
	out := make([]int64, 0, bytes.Count(list, []byte(","))+1)
	for s := range bytes.SplitSeq(list, []byte(",")) {
		if p, err := strconv.ParseInt(string(s), 10, 64); err == nil {
			out = append(out, p)
		}
	}
	return out
}
