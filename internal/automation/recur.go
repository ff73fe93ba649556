package automation

import (
	"context"
	"strings"
	"time"

	"github.com/teambition/rrule-go"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// recurrence reads a recurrence rule (RFC 5545, section 3.3.10) with its beginning on the wall clock of its zone.
func recurrence(w When, desk *time.Location) (*rrule.RRule, error) {
	wrong := func(m i18n.Text) error { return fault.Invalid(fault.F("every", m)) }
	zone := desk
	if w.Zone != "" {
		found, err := time.LoadLocation(w.Zone)
		if err != nil || strings.EqualFold(w.Zone, "local") {
			return nil, wrong(i18n.M("There is no time zone “{{.Name}}”. One looks like Europe/Berlin.", "Name", clip(w.Zone)))
		}
		zone = found
	}
	start, err := time.ParseInLocation(startLayout, w.Start, zone)
	if err != nil {
		return nil, wrong(i18n.M("This is no day and time. One looks like 2026-12-07 08:00."))
	}
	option, err := rrule.StrToROptionInLocation(w.Every, zone)
	if err != nil {
		return nil, wrong(i18n.M("This is no recurrence rule (RFC 5545). One looks like FREQ=WEEKLY;BYDAY=MO, or FREQ=MONTHLY;BYMONTHDAY=1."))
	}
	if option.Freq > rrule.HOURLY {
		return nil, wrong(i18n.M("A ticket can come round once an hour at most."))
	}
	if len(option.Byminute) > 1 || len(option.Bysecond) > 1 {
		return nil, wrong(i18n.M("A ticket can come round once an hour at most."))
	}
	option.Dtstart = start
	r, err := rrule.NewRRule(*option)
	if err != nil {
		return nil, wrong(i18n.M("This is no recurrence rule (RFC 5545). One looks like FREQ=WEEKLY;BYDAY=MO, or FREQ=MONTHLY;BYMONTHDAY=1."))
	}
	return r, nil
}

// checkRecurrence tells whether a recurrence can be understood and comes round at all.
func checkRecurrence(w When) error {
	r, err := recurrence(w, time.UTC)
	if err != nil {
		return err
	}
	if first := r.After(r.OrigOptions.Dtstart, true); first.IsZero() {
		return fault.Invalid(fault.F("every", i18n.M("This never comes round. Is there such a day?")))
	}
	return nil
}

// upcoming is when a recurrence comes round after a moment, 0 for never.
type upcoming struct {
	version   int64
	after, at clock.Instant
}

// next tells when a recurrence comes round after its mark; ok is false when it does not any more.
func (g *Engine) next(x trigger, m mark) (at clock.Instant, ok bool, err error) {
	if found, known := g.nexts.Load(x.ID); known {
		if u := found.(upcoming); u.version == x.VersionID && u.after == m.Mark {
			return u.at, u.at != 0, nil
		}
	}
	r, err := recurrence(x.when(), g.zone())
	if err != nil {
		return 0, false, err
	}
	at = clock.From(r.After(m.Mark.Time(), false))
	g.nexts.Store(x.ID, upcoming{x.VersionID, m.Mark, at})
	return at, at != 0, nil
}

// Next tells when a rule's recurrence comes round next, 0 for never.
func (g *Engine) Next(r Rule, after clock.Instant) clock.Instant {
	for _, w := range r.Definition.When {
		if w.On != Recurs {
			continue
		}
		if found, err := recurrence(w, g.zone()); err == nil {
			return clock.From(found.After(after.Time(), false))
		}
	}
	return 0
}

// comeRound makes the ticket of a recurrence that is due. What was missed while the program stood still comes once.
func (g *Engine) comeRound(ctx context.Context, tx *db.Tx, x trigger, m mark) error {
	next, ok, err := g.next(x, m)
	if err != nil {
		return g.failedOnce(ctx, tx, x, err)
	}
	if !ok || next > tx.Now {
		return nil
	}
	m.Mark = tx.Now
	if err := g.moveMark(ctx, tx, m); err != nil {
		return err
	}
	owner, err := g.owner(ctx, tx, x.OwnerID)
	if err != nil {
		return g.failed(ctx, tx, x, 0, err)
	}
	ctx = context.WithValue(ctx, chainKey{}, chain{rules: []link{{x.ID, 0}}})
	for _, d := range x.Definition.Then {
		var made ticket.Ticket
		err := tx.Try(ctx, func() (err error) {
			made, err = g.create(ctx, tx, x, owner, d)
			return err
		})
		if err != nil {
			return g.failed(ctx, tx, x, 0, err)
		}
		if err := g.note(ctx, tx, x, made.ID, runActed, ""); err != nil {
			return err
		}
	}
	return nil
}

func (g *Engine) create(ctx context.Context, tx *db.Tx, x trigger, owner person.Actor, d Deed) (ticket.Ticket, error) {
	n := ticket.New{Subject: d.Value, Channel: ticket.ByDesk, Kind: ticket.Request, Message: ticket.Draft{Text: d.Text, Automatic: true}}
	var err error
	if n.Requester, err = somebody(ctx, tx, strings.Join(d.To, "")); err != nil {
		return ticket.Ticket{}, err
	}
	if d.Team != "" {
		team, err := person.TeamBySlug(ctx, tx, owner, strings.ToLower(d.Team))
		if err != nil {
			return ticket.Ticket{}, err
		}
		n.Team = team.ID
	}
	return g.Desk.Create(ctx, tx, ticket.By{Actor: owner, Rule: x.ID, Cause: causeOf(x)}, n)
}
