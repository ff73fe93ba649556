package thanks

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"goodturn/internal/blob"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/person"
)

// Setting is how the desk deals with thanks. The zero value is what a new desk has.
type Setting struct {
	// NoMail says that messages which only say thanks are answers like all others, and open the ticket.
	NoMail bool `json:"no_mail,omitempty"`
	// NoDigest says that leads get no mail with the cards of the month.
	NoDigest bool `json:"no_digest,omitempty"`
}

const (
	settingName = "thanks"
	mailedName  = "thanks mailed"
)

// ReadSetting gives how the desk deals with thanks.
func ReadSetting(ctx context.Context, tx *db.Tx) (s Setting, err error) {
	text, err := db.All[string](ctx, tx, `SELECT value FROM setting WHERE name = $1`, settingName)
	if err != nil || len(text) == 0 {
		return s, err
	}
	return s, json.Unmarshal([]byte(text[0]), &s)
}

// Save keeps it.
func (s Setting) Save(ctx context.Context, tx *db.Tx) error {
	raw, err := json.Marshal(s)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, settingName, string(raw))
	return err
}

// mostOfMonth is how many cards stand in one mail.
const mostOfMonth = 40

// Month lists the cards of a month for a lead, oldest first: those that their holders do not keep to themselves or put aside. Those of a
// private team's tickets are for the leads in that team. more says that there were more than one mail has room for.
func Month(ctx context.Context, tx *db.Tx, lead person.Actor, from, until clock.Instant) (all []Card, more bool, err error) {
	var args db.Args
	cards := onWall(lead, &args)
	all, err = db.All[Card](ctx, tx, cards+` WHERE c.at >= `+args.Add(from)+` AND c.at < `+args.Add(until)+` AND NOT c.kept AND c.away_at = 0
		AND NOT EXISTS (SELECT 1 FROM ticket x JOIN team y ON y.id = x.team_id WHERE x.id = c.ticket_id AND y.private
			AND NOT EXISTS (SELECT 1 FROM team_member z WHERE z.team_id = y.id AND z.person_id = `+args.Add(lead.ID)+`))
		ORDER BY c.at, c.id LIMIT `+args.Add(mostOfMonth+1), args...)
	if len(all) > mostOfMonth {
		return all[:mostOfMonth], true, err
	}
	return all, false, err
}

// mailHour is from which hour of the first day the cards of the month before are mailed.
const mailHour = 8

// SweepMonth has the cards of the month before mailed to the leads, once, when a month has begun in the zone given. mail is called for each
// lead, with the month as year times 100 and month. A desk that was off on the first mails them when it is back.
func SweepMonth(ctx context.Context, d *db.DB, zone *time.Location, mail func(ctx context.Context, tx *db.Tx, lead int64, month int64) error) error {
	due := false
	var month int64
	look := func(tx *db.Tx) error {
		now := tx.Now.Time().In(zone)
		month = monthOf(now.AddDate(0, 0, -now.Day()))
		done, err := db.One[string](ctx, tx, `SELECT value FROM setting WHERE name = $1`, mailedName)
		if errors.Is(err, db.ErrNoRow) {
			err = nil
		}
		due = done != monthText(month) && (now.Day() > 1 || now.Hour() >= mailHour)
		return err
	}
	if err := d.Read(ctx, look); err != nil || !due {
		return err
	}
	return d.Write(ctx, func(tx *db.Tx) error {
		if err := look(tx); err != nil || !due {
			return err
		}
		changed, err := tx.Exec(ctx, `INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE setting.value <> excluded.value`, mailedName, monthText(month))
		if err != nil || changed == 0 {
			return err
		}
		set, err := ReadSetting(ctx, tx)
		if err != nil || set.NoDigest {
			return err
		}
		leads, err := db.All[int64](ctx, tx, `SELECT id FROM person WHERE role IN ('lead', 'administrator') AND active AND merged_into IS NULL ORDER BY id`)
		if err != nil {
			return err
		}
		for _, id := range leads {
			if err := mail(ctx, tx, id, month); err != nil {
				return err
			}
		}
		return nil
	})
}

func monthOf(t time.Time) int64 { return int64(t.Year())*100 + int64(t.Month()) }

func monthText(m int64) string {
	return time.Date(int(m/100), time.Month(m%100), 1, 0, 0, 0, 0, time.UTC).Format("2006-01")
}

// Bounds are when a month, as SweepMonth names it, begins and ends in a zone.
func Bounds(month int64, zone *time.Location) (from, until clock.Instant) {
	begin := time.Date(int(month/100), time.Month(month%100), 1, 0, 0, 0, 0, zone)
	return clock.From(begin), clock.From(begin.AddDate(0, 1, 0))
}

// Forget takes a ticket that is deleted for good off the cards that it had. The cards stay, for they are in the record of whoever got them;
// what hangs on no wall and is of a private team's ticket is theirs alone from then on.
func Forget(ctx context.Context, tx *db.Tx, ticketID int64) ([]blob.Ref, error) {
	_, err := tx.Exec(ctx, `UPDATE card SET ticket_id = NULL, message_id = NULL,
		kept = kept OR hung_at = 0 AND EXISTS (SELECT 1 FROM ticket t JOIN team g ON g.id = t.team_id WHERE t.id = $1 AND g.private) WHERE ticket_id = $1`, ticketID)
	return nil, err
}

// Erase is for whoever erases a person: the cards that they got go with them. Those that they wrote stay with whoever got them, without
// their name, and hang nowhere any more.
func Erase(ctx context.Context, tx *db.Tx, personID int64) error {
	if _, err := tx.Exec(ctx, `DELETE FROM card WHERE to_id = $1 OR from_id = $1 AND to_id IS NULL`, personID); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE card SET from_id = NULL, from_says = 'no', hung_at = 0 WHERE from_id = $1`, personID)
	return err
}
