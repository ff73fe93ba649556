package notice

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/job"
	"goodturn/internal/person"
)

// digestMost is how many lines a mail has at most.
const digestMost = 50

// Form is what sort of mail it is.
type Form string

// The forms.
const (
	Collected Form = "collected" // what waits
	AtOnce    Form = "now"       // what happened just now
	Overall   Form = "overview"  // the overview
)

// Mail is to be sent to somebody who works here.
type Mail struct {
	PersonID int64
	Form     Form
	// Key is the same for the same mail, so that one that is sent twice is known as one.
	Key string
	// Ticket is what a mail at once is about alone, so that such mails are shown together; 0 for several, or none.
	Ticket  int64
	Notices []Notice
	// More says that there are more than these.
	More bool
	// Sections are those of the overview, as they stood at Now.
	Now      clock.Instant
	Sections []Section
}

// keyed gives a mail the key of its newest notice, as it stands.
func (m Mail) keyed() Mail {
	newest := m.Notices[0]
	for _, n := range m.Notices {
		if n.At > newest.At {
			newest = n
		}
	}
	m.Key = fmt.Sprintf("%s.%d.%d.%d", m.Form, m.PersonID, newest.ID, newest.At)
	return m
}

// reader loads who a job is about, if they still work here.
func reader(ctx context.Context, tx *db.Tx, raw json.RawMessage) (a person.Actor, c Choice, ok bool, err error) {
	var args personArgs
	if err := json.Unmarshal(raw, &args); err != nil {
		return a, c, false, job.Permanent(err)
	}
	a, err = person.ActorOf(ctx, tx, args.Person)
	if errors.Is(err, db.ErrNoRow) || err == nil && !a.Staff() {
		return a, c, false, nil
	}
	if err != nil {
		return a, c, false, err
	}
	c, err = ChoiceOf(ctx, tx, a.ID)
	return a, c, err == nil, err
}

// digest is the job that mails somebody what waits and was not read meanwhile.
func (c *Center) digest(ctx context.Context, raw json.RawMessage) error {
	m := Mail{Form: Collected}
	err := c.DB.Read(ctx, func(tx *db.Tx) error {
		a, choice, ok, err := reader(ctx, tx, raw)
		if err != nil || !ok || choice.Digest == Off {
			return err
		}
		m.PersonID = a.ID
		args := db.Args{a.ID, digestMost + 1}
		m.Notices, err = db.All[Notice](ctx, tx, `SELECT `+columns+from+`
			WHERE n.person_id = $1 AND n.mail = 1 AND n.read_at = 0 AND `+mayBeTold(a, &args)+` ORDER BY n.at DESC, n.id DESC LIMIT $2`, args...)
		return err
	})
	if err != nil || len(m.Notices) == 0 {
		return err
	}
	if len(m.Notices) > digestMost {
		m.Notices, m.More = m.Notices[:digestMost], true
	}
	if err := c.Mail(ctx, m.keyed()); err != nil {
		return err
	}
	return c.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE notice SET mail = 2 WHERE person_id = $1 AND mail = 1 AND at <= $2`, m.PersonID, m.Notices[0].At)
		return err
	})
}
