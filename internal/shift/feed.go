package shift

import (
	"context"
	"strconv"
	"strings"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/itip"
	"goodturn/internal/person"
)

const (
	feedPurpose = "shift feed"
	// A calendar feed shows so much of the past and of what is to come.
	feedPast  = 60 * 24 * time.Hour
	feedAhead = 200 * 24 * time.Hour
)

// FeedToken is the secret of somebody's calendar address: of their own shifts, or of those of a team (0 for their own) as they may see them. It is made of the
// installation's key and how often it was renewed, so that nothing secret is stored.
func (r *Rota) FeedToken(ctx context.Context, tx *db.Tx, personID, teamID int64) (string, error) {
	own, err := OwnOf(ctx, tx, personID)
	if err != nil {
		return "", err
	}
	who := strconv.FormatInt(personID, 10) + "-" + strconv.FormatInt(teamID, 10)
	return who + "." + r.Key.Sign(feedPurpose, feedText(who, own.Feed)), nil
}

func feedText(who string, n int64) []byte { return []byte(who + " " + strconv.FormatInt(n, 10)) }

// RenewFeed ends all calendar addresses of somebody; FeedToken gives others from then on.
func RenewFeed(ctx context.Context, tx *db.Tx, personID int64) error {
	_, err := tx.Exec(ctx, `INSERT INTO rota_person (id, feed) VALUES ($1, 1) ON CONFLICT (id) DO UPDATE SET feed = rota_person.feed + 1`, personID)
	return err
}

// FeedEntry is something beside shifts that stands in a feed, in the language of ctx; root is the desk's address without a slash at the end.
type FeedEntry func(ctx context.Context, root string) itip.Event

// Feed is what a calendar reads.
type Feed struct {
	Person person.Person
	Team   person.Team // of a team's feed; the zero Team of somebody's own
	Names  map[int64]string
	Shifts []Shift
	Teams  map[int64]string
	Also   []FeedEntry // other turns at the desk
	Now    clock.Instant
	Root   string // the desk's address without a slash at the end
}

// OpenFeed reads what a calendar address shows. One that was renewed, is forged, of somebody whose account ended, or of a team that they may not see any more, is not
// found.
func (r *Rota) OpenFeed(ctx context.Context, tx *db.Tx, token string) (f Feed, err error) {
	none := fault.NotFound(i18n.M("This address is no longer good."))
	who, sign, _ := strings.Cut(token, ".")
	first, second, _ := strings.Cut(who, "-")
	id, err := strconv.ParseInt(first, 10, 64)
	team, wrong := strconv.ParseInt(second, 10, 64)
	if err != nil || wrong != nil || id <= 0 || team < 0 {
		return f, none
	}
	own, err := OwnOf(ctx, tx, id)
	if err != nil {
		return f, err
	}
	if !r.Key.Verify(feedPurpose, feedText(who, own.Feed), sign) {
		return f, none
	}
	actors, err := person.ActorsOf(ctx, tx, []int64{id})
	if err != nil {
		return f, err
	}
	a, ok := actors[id]
	f.Now = tx.Now
	if r.Also != nil && ok {
		if f.Also, err = r.Also(ctx, tx, id, team, f.span()); err != nil {
			return f, err
		}
	}
	if !ok || !person.Can(a, person.SeeRota, person.Thing{TeamID: team}) && (team != 0 || len(f.Also) == 0) {
		return Feed{}, none // whoever only takes turns at the desk has a feed of them
	}
	if f.Person, err = person.Get(ctx, tx, id); err != nil {
		return f, err
	}
	all, err := person.VisibleTeams(ctx, tx, a)
	if err != nil {
		return f, err
	}
	f.Teams = map[int64]string{}
	for _, t := range all {
		f.Teams[t.ID] = t.Name
		if t.ID == team {
			f.Team = t
		}
	}
	if team != 0 && f.Team.ID == 0 {
		return f, none
	}
	return f, f.load(ctx, tx)
}

// span is the time that a feed shows.
func (f *Feed) span() Span { return Span{f.Now.Add(-feedPast), f.Now.Add(feedAhead)} }

func (f *Feed) load(ctx context.Context, tx *db.Tx) (err error) {
	in := f.span()
	if f.Team.ID != 0 {
		f.Shifts, err = Between(ctx, tx, f.Team.ID, in)
	} else {
		f.Shifts, err = Of(ctx, tx, f.Person.ID, in)
	}
	if err != nil {
		return err
	}
	shown := f.Shifts[:0]
	var ids []int64
	for _, s := range f.Shifts {
		if s.Published && f.Teams[s.TeamID] != "" {
			shown = append(shown, s)
			ids = append(ids, s.PersonID)
		}
	}
	f.Shifts = shown
	f.Names, err = person.Names(ctx, tx, ids)
	return err
}

// Feed writes a calendar (RFC 5545). An entry keeps its UID for good: that of its invitation is another, as a calendar may have both.
func (r *Rota) Feed(ctx context.Context, f Feed) []byte {
	name := i18n.T(ctx, "My shifts")
	switch {
	case f.Person.Role == person.Requester:
		name = i18n.T(ctx, "My turns at the desk")
	case f.Team.ID != 0:
		name = i18n.T(ctx, "Rota: {{.Team}}", "Team", f.Team.Name)
	}
	key := r.Key.Sign("shift calendar", nil)[:12]
	all := make([]itip.Event, 0, len(f.Shifts)+len(f.Also))
	for _, s := range f.Shifts {
		i := Invite{Zone: s.Zone, FromAt: s.FromAt, UntilAt: s.UntilAt, Breaks: s.Breaks}
		all = append(all, itip.Event{
			UID: "rota-" + strconv.FormatInt(s.ID, 10) + "-" + key + "@goodturn", Sequence: int64(s.ChangedAt / 1000 % (1 << 31)), Changed: s.ChangedAt,
			From: s.FromAt, Until: s.UntilAt, Summary: f.summary(ctx, s), Description: i.inside(ctx), URL: f.Root + s.URL(),
			Tentative: s.PersonID == 0, Free: f.Team.ID != 0,
		})
	}
	for _, write := range f.Also {
		all = append(all, write(ctx, f.Root))
	}
	return itip.Feed(name, all)
}

func (f Feed) summary(ctx context.Context, s Shift) string {
	switch {
	case f.Team.ID == 0:
		return i18n.T(ctx, "{{.Shift}} ({{.Team}})", "Shift", s.Name, "Team", f.Teams[s.TeamID])
	case s.PersonID == 0:
		return i18n.T(ctx, "{{.Shift}}: nobody yet", "Shift", s.Name)
	}
	return s.Name + ": " + f.Names[s.PersonID]
}

// invitation writes the iCalendar part of a mail.
func (r *Rota) invitation(ctx context.Context, i Invite, team, name, method, organizer, called string) []byte {
	return itip.Invitation(method, r.event(ctx, i, team), itip.Party{Name: called, Address: organizer}, itip.Party{Name: name, Address: i.Address})
}

// event is an invitation as an entry of a calendar.
func (r *Rota) event(ctx context.Context, i Invite, team string) itip.Event {
	return itip.Event{UID: r.names().UID(i.ID), Sequence: i.Sequence, From: i.FromAt, Until: i.UntilAt, Summary: i18n.T(ctx, "{{.Shift}} ({{.Team}})", "Shift", i.Name, "Team", team), Description: i.inside(ctx)}
}
