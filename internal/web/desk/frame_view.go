package desk

import (
	"context"

	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// standingLinks are the standing lists with their numbers; here is the place.here of what is shown. Somebody of no team has
// no list of their teams, and somebody of several has one for each besides.
func (d *Desk) standingLinks(ctx context.Context, l *look, here string) (loud, quiet []page.NavLink, err error) {
	tally, err := d.tally(ctx, l)
	if err != nil {
		return nil, nil, err
	}
	mine, err := l.myTeams(ctx)
	if err != nil {
		return nil, nil, err
	}
	me := l.visit.Actor
	for _, s := range standing {
		link := page.NavLink{Key: s.key, Label: s.title(ctx), URL: place{View: s.key}.url(), Here: s.key == here}
		if s.counted != nil {
			which := s.counted(me)
			if s.key == teamView {
				which.Teams = teamIDs(mine)
			}
			link.Count = tally.Count(me, which)
		}
		if s.key == followedView {
			if link.Count, err = d.followed(ctx, l); err != nil {
				return nil, nil, err
			}
		}
		switch {
		case s.quiet:
			quiet = append(quiet, link)
		case s.key != teamView:
			loud = append(loud, link)
		case len(mine) > 0:
			loud = append(append(loud, link), teamLinks(me, tally, mine, here)...)
		}
	}
	return loud, quiet, nil
}

// teamLinks are the lists of each team of somebody who has several.
func teamLinks(me person.Actor, tally ticket.Tally, mine []person.Team, here string) (all []page.NavLink) {
	if len(mine) < 2 {
		return nil
	}
	for _, t := range mine {
		p := place{View: teamView, Team: t.Slug}
		all = append(all, page.NavLink{Key: p.here(), Label: t.Name, URL: p.url(), Here: here == p.here(), Sub: true, Count: tally.Count(me, ticket.Which{Turns: awake, Teams: []int64{t.ID}})})
	}
	return all
}

func teamIDs(all []person.Team) []int64 {
	ids := make([]int64, len(all))
	for i, t := range all {
		ids[i] = t.ID
	}
	return ids
}

// myTeams are the teams that the visitor is a member of.
func (l *look) myTeams(ctx context.Context) ([]person.Team, error) {
	if l.mine == nil {
		mine, err := person.TeamsOf(ctx, l.tx, l.visit.Actor.ID)
		if err != nil {
			return nil, err
		}
		l.mine = &mine
	}
	return *l.mine, nil
}
