package bench

import (
	"context"
	"fmt"
	"net/url"
	"strings"
)

// The filters that are measured, each nastier than the one before.
var filters = []struct{ key, text string }{
	{"filter_1", `status:open assignee:nobody`},
	{"filter_2", `turn:ours priority:>=high -tag:vpn created:<700d`},
	{"filter_3", `(tag:vpn OR kind:incident) status:unsolved -assignee:me waiting:>2h`},
	{"filter_4", `requester:@bench.example -status:closed (subject:keyboard OR updated:<1d) messages:>2`},
	{"filter_5", `("the light stays amber" OR subject:zephyrine) -(status:closed OR has:attachment) created:2025-02-01..2025-06-30`},
}

// standing are the views that every agent has.
var standing = []string{"ours", "mine", "unassigned", "team", "waiting", "snoozed", "followed", "suspect", "all", "done"}

// desk measures what an agent does all day: the views, filters, the counts beside them, searching as one types, the
// palette. Medians with one connection, 99th percentiles with eight; typing is one person's, so both are with one.
func (b *bench) desk(ctx context.Context) error {
	for _, view := range standing {
		if err := b.page(ctx, "view_"+view, "view "+view, "/tickets?view="+view, ""); err != nil {
			return err
		}
	}
	for i, f := range filters {
		if err := b.page(ctx, f.key, fmt.Sprintf("filter %d: %s", i+1, f.text), "/tickets?view=all&q="+url.QueryEscape(f.text), ""); err != nil {
			return err
		}
	}
	if err := b.page(ctx, "counts", "counts of all views", "/tickets", "views"); err != nil {
		return err
	}
	return b.typing(ctx)
}

// page measures a page, or one fragment of it.
func (b *bench) page(ctx context.Context, key, name, path, fragment string) error {
	l := b.load(func(int64) request { return request{method: "GET", path: path, cookie: b.session, fragment: fragment} })
	one, err := l.run(ctx, 1, b.Each/2)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	eight, err := l.run(ctx, 8, b.Each/2)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	b.figures = append(b.figures, figure{key: key, name: name, p50: one.percentile(50), p99: eight.percentile(99)})
	return nil
}

// typing asks for what the palette shows after each letter of some searches, common words and misspelt ones among them.
func (b *bench) typing(ctx context.Context) error {
	var typed []string
	for _, search := range []string{commonWord + " accounting", rareWord, "pritner", "keyboards stall", "Ada Brandt", "password rese", "amber light"} {
		for i := range search {
			typed = append(typed, strings.TrimSpace(search[:i+1]))
		}
	}
	l := b.load(func(n int64) request {
		return request{method: "GET", path: "/palette?q=" + url.QueryEscape(typed[n%int64(len(typed))]), cookie: b.session}
	})
	one, err := l.run(ctx, 1, 2*b.Each)
	if err != nil {
		return err
	}
	b.figures = append(b.figures, figure{key: "typing", name: "search as one types, each letter", p50: one.percentile(50), p99: one.percentile(99)})
	return nil
}
