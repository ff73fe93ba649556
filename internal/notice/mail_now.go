package notice

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/job"
	"goodturn/internal/person"
)

const (
	// apart is how many tickets get a mail each when they come at the same moment; more are told of in one mail.
	apart = 3
	// paceMost is how many mails at once somebody is sent in a minute. What comes beyond waits for the next, and is one mail then.
	paceMost = 6
	// nowMost is how many notices are looked at for them.
	nowMost = 500
)

// pending is a notice that is to go out at once.
type pending struct {
	Notice
	DueAt clock.Instant
	Said  string // the beginning of what was said
}

// quoteMost is how much of it a mail shows, in bytes, and quoteRead how many characters are read for that.
const (
	quoteMost = 600
	quoteRead = 700
)

// quote is the beginning of what was said, cut between words, without the lines that were quoted there.
func quote(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, " \t\r\n")
		if !strings.HasPrefix(line, ">") && (line != "" || len(lines) > 0 && lines[len(lines)-1] != "") {
			lines = append(lines, line)
		}
	}
	text = strings.ToValidUTF8(strings.TrimSpace(strings.Join(lines, "\n")), "")
	if len(text) <= quoteMost {
		return text
	}
	text = strings.ToValidUTF8(text[:quoteMost], "")
	if i := strings.LastIndexAny(text, " \n"); i > quoteMost/2 {
		text = text[:i]
	}
	return strings.TrimRight(text, " \n.,;:") + " …"
}

// held tells that it waited for the end of quiet hours.
func (p pending) held() bool { return p.DueAt.Sub(p.At) > gather }

// mailNow is the job that mails somebody what happened just now, or in their quiet hours.
func (c *Center) mailNow(ctx context.Context, raw json.RawMessage) error {
	var a person.Actor
	var all []pending
	var room int
	var wait time.Duration
	err := c.DB.Read(ctx, func(tx *db.Tx) error {
		var ok bool
		var err error
		if a, _, ok, err = reader(ctx, tx, raw); err != nil || !ok {
			return err
		}
		args := db.Args{a.ID, tx.Now, nowMost, quoteRead}
		all, err = db.All[pending](ctx, tx, `SELECT `+columns+`, n.due_at,
			coalesce((SELECT substr(x.text, 1, $4) FROM event e JOIN message x ON x.id = e.message_id WHERE e.id = n.event_id), '') AS said`+from+`
			WHERE n.person_id = $1 AND n.mail = 3 AND n.read_at = 0 AND n.due_at <= $2 AND `+mayBeTold(a, &args)+` ORDER BY n.at DESC, n.id DESC LIMIT $3`, args...)
		if err != nil || len(all) == 0 {
			return err
		}
		room, wait, err = pace(ctx, tx, a.ID)
		return err
	})
	if err != nil || len(all) == 0 {
		return err
	}
	if room <= 0 {
		return job.After(wait, errors.New("enough mails for this minute"))
	}
	mails := split(a.ID, all, min(room, apart))
	for i, m := range mails {
		if err := c.Mail(ctx, m); err != nil {
			return err
		}
		if err := c.mailed(ctx, m, len(all) == nowMost && i == len(mails)-1); err != nil {
			return err
		}
	}
	return nil
}

// split makes mails of what is to be told: one a ticket, or one of all when those would be too many or quiet hours have ended.
func split(personID int64, all []pending, most int) []Mail {
	whole := Mail{PersonID: personID, Form: AtOnce}
	byTopic := map[string]int{}
	var mails []Mail
	held := false
	for _, p := range all {
		held = held || p.held()
		p.Quote = quote(p.Said)
		whole.Notices = append(whole.Notices, p.Notice)
		i, ok := byTopic[p.Path()]
		if !ok {
			i = len(mails)
			byTopic[p.Path()] = i
			mails = append(mails, Mail{PersonID: personID, Form: AtOnce, Ticket: p.TicketID})
		}
		mails[i].Notices = append(mails[i].Notices, p.Notice)
	}
	if len(mails) > 1 && (held || len(mails) > most) {
		return []Mail{whole.keyed()}
	}
	for i := range mails {
		mails[i] = mails[i].keyed()
	}
	return mails
}

// mailed notes that a mail has gone. What happened again meanwhile is mailed in its turn.
func (c *Center) mailed(ctx context.Context, m Mail, more bool) error {
	return c.DB.Write(ctx, func(tx *db.Tx) error {
		for _, n := range m.Notices {
			if _, err := tx.Exec(ctx, `UPDATE notice SET mail = 2 WHERE id = $1 AND mail = 3 AND at = $2`, n.ID, n.At); err != nil {
				return err
			}
		}
		minute := clock.From(tx.Now.Time().Truncate(time.Minute))
		_, err := tx.Exec(ctx, `INSERT INTO notice_pace (person_id, minute, mails) VALUES ($1, $2, 1)
			ON CONFLICT (person_id) DO UPDATE SET mails = CASE WHEN notice_pace.minute = $2 THEN notice_pace.mails + 1 ELSE 1 END, minute = $2`, m.PersonID, minute)
		if err != nil || !more {
			return err
		}
		return c.insert(ctx, tx, nowJob, m.PersonID, minute.Add(time.Minute))
	})
}

// pace tells how many more mails somebody may be sent in this minute, and how long it lasts.
func pace(ctx context.Context, tx *db.Tx, personID int64) (room int, left time.Duration, err error) {
	minute := clock.From(tx.Now.Time().Truncate(time.Minute))
	sent, err := db.All[int](ctx, tx, `SELECT mails FROM notice_pace WHERE person_id = $1 AND minute = $2`, personID, minute)
	room, left = paceMost, minute.Add(time.Minute).Sub(tx.Now)
	if len(sent) > 0 {
		room -= sent[0]
	}
	return room, left, err
}
