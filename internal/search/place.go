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

// placesOf asks the index, in one statement, which pages hold what is wanted and is not known from before. Each list comes as one value:
// rows cost more than what they hold.
func placesOf(ctx context.Context, tx *db.Tx, all []wanted, counts func(place int64) bool) error {
	if len(all) == 0 {
		return nil
	}
	edition, err := editionOf(ctx, tx)
	if err != nil {
		return err
	}
	one, write, read := placesPostgres, tsqueryOf, readNumbers
	if tx.Engine() == db.SQLite {
		one, write, read = placesSQLite, matchOf, readText
	}
	var args db.Args
	var parts, matches []string
	for i, w := range all {
		match := write(w.is)
		matches = append(matches, match)
		bound := ""
		for j, heading := range []bool{false, true} {
			if list, ok := common.get(edition, keptAs(match, heading)); ok {
				w.found(heading, list, counts)
				continue
			}
			if bound == "" {
				bound = args.Add(match)
			}
			parts = append(parts, one(strconv.Itoa(2*i+j), bound, heading))
		}
	}
	lists, err := listsOf(ctx, tx, strings.Join(parts, " UNION ALL "), args)
	if err != nil {
		return err
	}
	for _, l := range lists {
		list := read(l.Places)
		if !slices.IsSorted(list) {
			slices.Sort(list)
		}
		heading := l.N%2 == 1
		common.put(edition, keptAs(matches[l.N/2], heading), list)
		all[l.N/2].found(heading, list, counts)
	}
	return nil
}

// keptAs names a list of places.
func keptAs(match string, heading bool) string {
	if heading {
		return "h " + match
	}
	return "a " + match
}

// found notes where it stands, as far as that counts.
func (w wanted) found(heading bool, list []int64, counts func(place int64) bool) {
	some := make([]int64, 0, len(list))
	for _, p := range list {
		if counts(p) {
			some = append(some, p)
		}
	}
	if heading {
		w.to.heading = some
	} else {
		w.to.anywhere = some
	}
}

// placeList is the places of one thing wanted: N is twice its number, and one more for headings.
type placeList struct {
	N      int
	Places []byte
}

func listsOf(ctx context.Context, tx *db.Tx, query string, args db.Args) (lists []placeList, err error) {
	if query == "" {
		return nil, nil
	}
	if tx.Engine() == db.Postgres {
		if err := tx.Query(ctx, func(*sql.Rows) error { return nil }, byIndexPostgres); err != nil {
			return nil, err
		}
	}
	if lists, err = db.All[placeList](ctx, tx, query, args...); err != nil || tx.Engine() != db.Postgres {
		return lists, err
	}
	return lists, tx.Query(ctx, func(*sql.Rows) error { return nil }, asUsualPostgres)
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
