package notice

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/job"
	"goodturn/internal/person"
)

// Casual is the form of the weekly mail to those who help now and then, as StopToken and Stop name it.
const Casual Form = "weekly"

// Waiting is something that waits for somebody who helps now and then.
type Waiting struct {
	About string // what it is about, as they may read it; "" for Text alone
	Text  i18n.Text
	Path  string // of the page, with a slash first
}

// WaitingPart is a part of the weekly mail. It has lines.
type WaitingPart struct {
	Title i18n.Text
	Lines []Waiting
}

// Weekly mails those who help now and then what waits for them: on the Monday morning of where they live, once a week, and only when there is something.
type Weekly struct {
	DB    *db.DB
	Queue *job.Queue
	// Zone is the desk's time zone, for people who have chosen none; nil is UTC.
	Zone *time.Location
	// Helpers lists people for whom something may wait and whose work is elsewhere: n at most, by id, those after one.
	Helpers func(ctx context.Context, tx *db.Tx, after int64, n int) ([]int64, error)
	// Waits gives what waits for somebody, as they may know it; nothing where there is nothing.
	Waits func(ctx context.Context, tx *db.Tx, a person.Actor) ([]WaitingPart, error)
	// Mail sends the mail. An error of job.After has it tried again then.
	Mail func(ctx context.Context, personID int64, key string, parts []WaitingPart) error
}

const (
	weeklyJob = "weekly_mail"
	// The mail goes between these hours of a Monday, so that one is not lost where the desk was down at the first.
	weeklyFrom, weeklyUntil = 8, 20
	weeklyAgain             = 5 * 24 * time.Hour
	weeklyPage              = 200
)

// Handlers names the handler of our job on the queue. It is called once, before the queue runs.
func (w *Weekly) Handlers() { w.Queue.Handle(weeklyJob, w.send) }

type weeklyArgs struct {
	Person int64         `json:"person"`
	At     clock.Instant `json:"at"`
}

// mondayMorning tells that it is the time of the weekly mail somewhere, by the clock on the wall there.
func mondayMorning(now clock.Instant, where *time.Location) bool {
	t := now.Time().In(where)
	return t.Weekday() == time.Monday && t.Hour() >= weeklyFrom && t.Hour() < weeklyUntil
}

// mondaySomewhere tells that it may be Monday anywhere: zones lie between twelve hours behind and fourteen ahead of UTC.
func mondaySomewhere(now clock.Instant) bool {
	for _, hours := range []time.Duration{-12, 0, 14} {
		if now.Add(hours*time.Hour).Time().UTC().Weekday() == time.Monday {
			return true
		}
	}
	return false
}

// Sweep has mails written to those for whom it is Monday morning. The program calls it now and then.
func (w *Weekly) Sweep(ctx context.Context) error {
	for after := int64(0); ; {
		var ids []int64
		due := map[int64]bool{}
		err := w.DB.Read(ctx, func(tx *db.Tx) (err error) {
			clear(due)
			if !mondaySomewhere(tx.Now) {
				ids = nil
				return nil
			}
			if ids, err = w.Helpers(ctx, tx, after, weeklyPage); err != nil || len(ids) == 0 {
				return err
			}
			actors, err := person.ActorsOf(ctx, tx, ids)
			for _, id := range ids {
				a, active := actors[id]
				due[id] = active && mondayMorning(tx.Now, w.zone(a.Zone))
			}
			return err
		})
		if err != nil || len(ids) == 0 {
			return err
		}
		for _, id := range ids {
			if !due[id] {
				continue
			}
			if err := w.DB.Write(ctx, func(tx *db.Tx) error { return w.plan(ctx, tx, id) }); err != nil {
				return err
			}
		}
		after = ids[len(ids)-1]
	}
}

func (w *Weekly) zone(name string) *time.Location { return (&Center{Zone: w.Zone}).zone(name) }

// plan has somebody's mail of this week written, unless they had it or want none.
func (w *Weekly) plan(ctx context.Context, tx *db.Tx, id int64) error {
	n, err := tx.Exec(ctx, `INSERT INTO weekly_mail (person_id, stopped, sent_at) VALUES ($1, FALSE, $2)
		ON CONFLICT (person_id) DO UPDATE SET sent_at = excluded.sent_at WHERE NOT weekly_mail.stopped AND weekly_mail.sent_at < $3`, id, tx.Now, tx.Now.Add(-weeklyAgain))
	if err != nil || n == 0 {
		return err
	}
	return w.Queue.Insert(ctx, tx, job.New(weeklyJob, weeklyArgs{id, tx.Now}))
}

// send is the job that mails one. What is over by then is not in it.
func (w *Weekly) send(ctx context.Context, raw json.RawMessage) error {
	var args weeklyArgs
	if err := json.Unmarshal(raw, &args); err != nil {
		return job.Permanent(err)
	}
	var parts []WaitingPart
	err := w.DB.Read(ctx, func(tx *db.Tx) error {
		parts = nil
		if stopped, err := db.Exists(ctx, tx, `SELECT 1 FROM weekly_mail WHERE person_id = $1 AND stopped`, args.Person); err != nil || stopped {
			return err
		}
		a, err := person.ActorOf(ctx, tx, args.Person)
		if errors.Is(err, db.ErrNoRow) {
			return nil
		}
		if err == nil {
			parts, err = w.Waits(ctx, tx, a)
		}
		return err
	})
	if err != nil || len(parts) == 0 || w.Mail == nil {
		return err
	}
	return w.Mail(ctx, args.Person, fmt.Sprintf("weekly.%d.%d", args.Person, args.At), parts)
}

// setWeekly says whether somebody wants the weekly mail.
func setWeekly(ctx context.Context, tx *db.Tx, personID int64, stopped bool) error {
	_, err := tx.Exec(ctx, `INSERT INTO weekly_mail (person_id, stopped, sent_at) VALUES ($1, $2, 0) ON CONFLICT (person_id) DO UPDATE SET stopped = excluded.stopped`, personID, stopped)
	return err
}

// Resume has mails come again that somebody ended (Stop): the weekly one, which is chosen nowhere else.
func Resume(ctx context.Context, tx *db.Tx, personID int64, what string) error {
	if Form(what) != Casual {
		return nil
	}
	return setWeekly(ctx, tx, personID, false)
}
