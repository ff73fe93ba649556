package search

import (
	"context"
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
	lists, err := db.All[struct {
		N      int
		Places string
	}](ctx, tx, strings.Join(parts, " UNION ALL "), args...)
	if err != nil {
		return err
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
