package notice

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/job"
	"goodturn/internal/person"
)

const (
	digestJob  = "notice_digest"
	soon       = 3 * time.Minute
	morning    = 8  // o'clock
	digestMost = 50 // lines of one mail
)

type digestArgs struct {
	Person int64 `json:"person"`
}

// Mail is a digest to be sent to somebody who works here.
type Mail struct {
	PersonID int64
	Notices  []Notice
	// More says that there are more than these.
	More bool
}

// plan has what waits for somebody mailed when they want it.
func (c *Center) plan(ctx context.Context, tx *db.Tx, a person.Actor, choice Choice) error {
	at := c.due(tx.Now, choice.Digest, a.Zone)
	return c.Queue.Insert(ctx, tx, job.Job{Kind: digestJob, Args: digestArgs{a.ID}, Unique: fmt.Sprintf("%s %d %d", digestJob, a.ID, at), At: at})
}

// due is when the next mail goes out. All that comes until then is in it.
func (c *Center) due(now clock.Instant, d Digest, zone string) clock.Instant {
	switch d {
	case Soon:
		return clock.From(now.Time().Truncate(time.Minute).Add(soon))
	case Hourly:
		return clock.From(now.Time().Truncate(time.Hour).Add(time.Hour))
	}
	where := c.Zone
	if z, err := time.LoadLocation(zone); err == nil && zone != "" {
		where = z
	}
	if where == nil {
		where = time.UTC
	}
	local := now.Time().In(where)
	next := time.Date(local.Year(), local.Month(), local.Day(), morning, 0, 0, 0, where)
	if !next.After(local) {
		next = time.Date(local.Year(), local.Month(), local.Day()+1, morning, 0, 0, 0, where)
	}
	return clock.From(next)
}

// digest is the job that mails somebody what waits and was not read meanwhile.
func (c *Center) digest(ctx context.Context, raw json.RawMessage) error {
	var args digestArgs
	if err := json.Unmarshal(raw, &args); err != nil {
		return job.Permanent(err)
	}
	m := Mail{PersonID: args.Person}
	err := c.DB.Read(ctx, func(tx *db.Tx) error {
		a, err := person.ActorOf(ctx, tx, args.Person)
		if err != nil {
			return err
		}
		choice, err := ChoiceOf(ctx, tx, args.Person)
		if err != nil || choice.Digest == Off || !a.Staff() {
			return err
		}
		bind := db.Args{a.ID, digestMost + 1}
		m.Notices, err = db.All[Notice](ctx, tx, `SELECT `+columns+` FROM notice n JOIN ticket t ON t.id = n.ticket_id LEFT JOIN person p ON p.id = n.by_id
			WHERE n.person_id = $1 AND n.mail = 1 AND n.read_at = 0 AND `+person.Visible(a, person.SeeTicket, &bind)+` ORDER BY n.at DESC, n.id DESC LIMIT $2`, bind...)
		return err
	})
	if err != nil || len(m.Notices) == 0 {
		return err
	}
	if len(m.Notices) > digestMost {
		m.Notices, m.More = m.Notices[:digestMost], true
	}
	if err := c.Mail(ctx, m); err != nil {
		return err
	}
	return c.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE notice SET mail = 2 WHERE person_id = $1 AND mail = 1 AND at <= $2`, args.Person, m.Notices[0].At)
		return err
	})
}
