package search

import (
	"context"
	"database/sql"
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

// placesOf asks the index, in one statement, which pages hold what is wanted. Each list comes as one text: rows cost more than
// what they hold.
func placesOf(ctx context.Context, tx *db.Tx, all []wanted, counts func(place int64) bool) error {
	if len(all) == 0 {
		return nil
	}
	one, write := placesPostgres, tsqueryOf
	if tx.Engine() == db.SQLite {
		one, write = placesSQLite, matchOf
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
		Places string
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
		list := readPlaces(l.Places, counts)
		if l.N%2 == 0 {
			all[l.N/2].to.anywhere = list
		} else {
			all[l.N/2].to.heading = list
		}
	}
	return nil
}

func readPlaces(text string, counts func(place int64) bool) []int64 {
	out := make([]int64, 0, strings.Count(text, ",")+1)
	for s := range strings.SplitSeq(text, ",") {
		if p, err := strconv.ParseInt(s, 10, 64); err == nil && counts(p) {
			out = append(out, p)
		}
	}
	slices.Sort(out)
	return out
}
