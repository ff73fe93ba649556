package shift

import (
	"context"
	"strconv"
	"strings"
	"time"

	ical "github.com/arran4/golang-ical"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
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

// Feed is what a calendar reads.
type Feed struct {
	Person person.Person
	Team   person.Team // of a team's feed; the zero Team of somebody's own
	Names  map[int64]string
	Shifts []Shift
	Teams  map[int64]string
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
	if !ok || !person.Can(a, person.SeeRota, person.Thing{TeamID: team}) {
		return f, none
	}
	f.Now = tx.Now
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

func (f *Feed) load(ctx context.Context, tx *db.Tx) (err error) {
	in := Span{f.Now.Add(-feedPast), f.Now.Add(feedAhead)}
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
	c := ical.NewCalendarFor("Goodturn")
	c.SetMethod(ical.MethodPublish)
	name := i18n.T(ctx, "My shifts")
	if f.Team.ID != 0 {
		name = i18n.T(ctx, "Rota: {{.Team}}", "Team", f.Team.Name)
	}
	c.SetXWRCalName(name)
	c.SetRefreshInterval("PT1H")
	key := r.Key.Sign("shift calendar", nil)[:12]
	for _, s := range f.Shifts {
		e := c.AddEvent("rota-" + strconv.FormatInt(s.ID, 10) + "-" + key + "@goodturn")
		e.SetDtStampTime(s.ChangedAt.Time())
		e.SetModifiedAt(s.ChangedAt.Time())
		e.SetSequence(int(s.ChangedAt / 1000 % (1 << 31)))
		e.SetStartAt(s.FromAt.Time())
		e.SetEndAt(s.UntilAt.Time())
		e.SetSummary(f.summary(ctx, s))
		i := Invite{Zone: s.Zone, FromAt: s.FromAt, UntilAt: s.UntilAt, Breaks: s.Breaks}
		e.SetDescription(i.inside(ctx))
		e.SetURL(f.Root + s.URL())
		e.SetStatus(ical.ObjectStatusConfirmed)
		if s.PersonID == 0 {
			e.SetStatus(ical.ObjectStatusTentative)
		}
		e.SetTimeTransparency(ical.TransparencyOpaque)
		if f.Team.ID != 0 {
			e.SetTimeTransparency(ical.TransparencyTransparent)
		}
	}
	return []byte(c.Serialize(ical.WithNewLineWindows))
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

// invitation writes the iCalendar part of a mail (RFC 5546).
func (r *Rota) invitation(ctx context.Context, i Invite, team, name, method, organizer, called string) []byte {
	c := ical.NewCalendarFor("Goodturn")
	c.SetMethod(ical.Method(method))
	e := c.AddEvent(r.uid(i.ID))
	e.SetDtStampTime(time.Now())
	e.SetSequence(int(i.Sequence))
	e.SetStartAt(i.FromAt.Time())
	e.SetEndAt(i.UntilAt.Time())
	e.SetSummary(i18n.T(ctx, "{{.Shift}} ({{.Team}})", "Shift", i.Name, "Team", team))
	e.SetDescription(i.inside(ctx))
	e.SetOrganizer("mailto:"+organizer, ical.WithCN(plainCN(called)))
	e.AddAttendee("mailto:"+i.Address, ical.CalendarUserTypeIndividual, ical.ParticipationStatusNeedsAction, ical.ParticipationRoleReqParticipant, ical.WithRSVP(method == MethodRequest), ical.WithCN(plainCN(name)))
	e.SetTimeTransparency(ical.TransparencyOpaque)
	e.SetStatus(ical.ObjectStatusConfirmed)
	if method == MethodCancel {
		e.SetStatus(ical.ObjectStatusCancelled)
	}
	return []byte(c.Serialize(ical.WithNewLineWindows))
}

// plainCN is a name as a parameter of iCalendar has it: there is no way to write a quotation mark there, and the library escapes what should stand in quotes.
func plainCN(name string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if strings.ContainsRune("\";:,\\^", r) || r < ' ' {
			return ' '
		}
		return r
	}, name)), " ")
}
