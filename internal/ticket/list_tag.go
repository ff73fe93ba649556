package ticket

import (
	"context"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/filter"
)

// rareTag is how many tickets a tag may be on to count as rare. The tickets of a rare tag are looked up; a
// list that looked for them in the order of activity would walk all tickets to find the last one.
const rareTag = 2048

// withRareTags gives fields in which the rare tags of a query are the numbers of their tickets.
func withRareTags(ctx context.Context, tx *db.Tx, fields filter.Fields, q filter.Query) (filter.Fields, error) {
	rare := map[string][]int64{}
	for _, t := range q.Terms {
		if t.Field != "tag" {
			continue
		}
		ids, err := db.All[int64](ctx, tx, `SELECT ticket_id FROM ticket_tag WHERE tag = $1 ORDER BY ticket_id DESC LIMIT $2`, tagOf(t.Value), rareTag+1)
		if err != nil {
			return nil, err
		}
		if len(ids) <= rareTag {
			rare[tagOf(t.Value)] = ids
		}
	}
	common := fields["tag"]
	fields["tag"] = func(v string, args *db.Args) (string, error) {
		ids, ok := rare[tagOf(v)]
		if !ok {
			return common(v, args)
		}
		return "t.id IN (" + db.List(args, padded(ids)) + ")", nil
	}
	return fields, nil
}

// padded repeats the last id up to the next power of two, so that a few texts serve for every length.
func padded(ids []int64) []int64 {
	if len(ids) == 0 {
		return nil
	}
	n := 1
	for n < len(ids) {
		n *= 2
	}
	for len(ids) < n {
		ids = append(ids, ids[len(ids)-1])
	}
	return ids
}

func tagOf(typed string) string { return strings.ToLower(strings.TrimPrefix(typed, "#")) }
