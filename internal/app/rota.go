package app

import (
	"context"
	"slices"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/mailbox"
	"goodturn/internal/notice"
	"goodturn/internal/person"
	"goodturn/internal/routing"
	"goodturn/internal/shift"
	"goodturn/internal/thanks"
)

// newRota builds what keeps shifts. Who is at the desk drives routing, the line and live chats (dutyForRouting, dutyNow).
func (a *App) newRota() *shift.Rota {
	zone, err := time.LoadLocation(a.Config.zone()) // by its name: a pattern keeps it
	if err != nil {
		zone = time.UTC
	}
	r := &shift.Rota{
		DB: a.DB, Queue: a.Queue, Key: a.Key, Log: a.Config.Log, Zone: zone,
		Changed: routing.RotaChanged,
		Tell:    a.tellRota,
		Told: func(ctx context.Context, tx *db.Tx, people []int64, link string) error {
			for _, id := range people {
				if err := notice.ReadLink(ctx, tx, id, link); err != nil {
					return err
				}
			}
			return nil
		},
		Thank: a.thankCover,
		Card: func(ctx context.Context, tx *db.Tx, by person.Actor, to int64, w shift.CardWords) (int64, error) {
			c, err := a.Thanks.ToColleague(ctx, tx, by, thanks.Words{To: to, Text: w.Text, Wall: w.Wall}, w.Alone)
			return c.ID, err
		},
		Mail: func(ctx context.Context, m shift.Mail) error {
			return a.Post.MailCalendar(ctx, mailbox.CalendarMail{PersonID: m.PersonID, Address: m.Address, Method: m.Method, Key: m.Key, Subject: m.Subject, Text: m.Text, Calendar: m.Calendar})
		},
	}
	r.Handlers()
	return r
}

func (a *App) tellRota(ctx context.Context, tx *db.Tx, people []int64, kind shift.Kind, link string, words i18n.Text) error {
	as := notice.Rota
	if kind == shift.CoverAsked {
		as = notice.Cover
	}
	return a.tellEach(ctx, tx, people, as, link, words)
}

// tellEach tells each in their own language and zone.
func (a *App) tellEach(ctx context.Context, tx *db.Tx, people []int64, as notice.Kind, link string, words i18n.Text) error {
	actors, err := person.ActorsOf(ctx, tx, people)
	if err != nil {
		return err
	}
	for _, id := range people {
		who, ok := actors[id]
		if !ok {
			continue
		}
		zone := a.Config.Zone
		if own, err := time.LoadLocation(who.Zone); err == nil && who.Zone != "" {
			zone = own
		}
		if zone == nil {
			zone = time.UTC
		}
		text := i18n.Print(i18n.With(ctx, i18n.Match("", who.Language), zone), words)
		if err := a.Notices.TellAbout(ctx, tx, []int64{id}, as, link, text); err != nil {
			return err
		}
	}
	return nil
}

// thankCover thanks whoever covers for a colleague. It speaks for the desk alone: what the colleague says they write themselves, on a card.
func (a *App) thankCover(ctx context.Context, tx *db.Tx, c shift.Cover) error {
	names, err := person.Names(ctx, tx, []int64{c.AskerID})
	if err != nil {
		return err
	}
	return a.tellRota(ctx, tx, []int64{c.TakerID}, shift.RotaNews, c.URL(), i18n.M("Thank you for covering for {{.Name}}, {{.From}} – {{.Until}}", "Name", names[c.AskerID], "From", c.FromAt, "Until", c.UntilAt))
}

// dutyForRouting is what the rota says of a team now, with the breaks of its people in whatever team.
func dutyForRouting(ctx context.Context, tx *db.Tx, teamID int64) (out routing.Duty, err error) {
	d, err := shift.OnDuty(ctx, tx, teamID, tx.Now)
	if err != nil {
		return out, err
	}
	out = routing.Duty{Covered: d.Covered, People: d.People, Until: d.Until}
	if out.Breaks, err = shift.BreaksIn(ctx, tx, teamID, tx.Now); err != nil {
		return out, err
	}
	out.Next, err = shift.NextOnDuty(ctx, tx, teamID, tx.Now)
	return out, err
}

// dutyNow is who is on shift in a team and not in a break, where its rota says so.
func dutyNow(ctx context.Context, tx *db.Tx, teamID int64) (covered bool, people []int64, err error) {
	d, err := shift.OnDuty(ctx, tx, teamID, tx.Now)
	return d.Covered, d.People, err
}

// freeNow leaves those of some people who are not away, not in a long call and not in a break.
func freeNow(ctx context.Context, tx *db.Tx, people []int64) ([]int64, error) {
	free, err := routing.Free(ctx, tx, people)
	if err != nil || len(free) == 0 {
		return free, err
	}
	breaks, err := shift.BreaksNow(ctx, tx, free, tx.Now)
	return slices.DeleteFunc(free, func(id int64) bool { return breaks[id] > clock.Instant(0) }), err
}
