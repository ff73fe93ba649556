package mailbox

import (
	"context"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/person"
)

// Why says what an automatic mail is.
type Why string

// The automatic mails.
const (
	WhySignIn     Why = "sign-in"    // a link that somebody asked for
	WhyInvitation Why = "invitation" // an administrator asked somebody in
	WhyHandOff    Why = "hand-off"   // what was handed on has come
	WhyRule       Why = "rule"       // written by a rule of the desk
	WhyDigest     Why = "digest"     // what waits for somebody who works here
	WhyShift      Why = "shift"      // an invitation to a shift of theirs
	WhyLetter     Why = "letter"     // what the desk tells or asks a requester about a ticket
)

// byHand tells of mails that somebody with a right caused for this very address, which a flood does not stop.
func (w Why) byHand() bool { return w == WhySignIn || w == WhyInvitation }

// MayMail tells whether an automatic mail may go to an address now, and counts it when it may. Every mail that no
// person wrote goes through here, in the transaction that queues it.
//
// It says no to the desk's own addresses, to an address that got its share of the hour, and, while a flood of new
// addresses comes in, to one that has not proven itself: the desk must be no use for drowning somebody in mail. Links to
// sign in are counted apart, so that others cannot use them up.
func (p *Post) MayMail(ctx context.Context, tx *db.Tx, address string, why Why) (bool, error) {
	address = person.FoldAddress(address)
	d, err := p.directory(ctx)
	if err != nil {
		return false, err
	}
	if !person.ValidAddress(address) || d.ours(address) {
		return false, nil
	}
	g, err := LoadProtection(ctx, tx)
	if err != nil {
		return false, err
	}
	sent, err := db.One[int](ctx, tx, `SELECT count(*) FROM (SELECT 1 FROM automatic_mail WHERE address = $1 AND at > $2 AND (why = 'sign-in') = $3 LIMIT $4) AS sent`,
		address, tx.Now.Add(-time.Hour), why == WhySignIn, g.Mails)
	if err != nil || sent >= g.Mails {
		return false, err
	}
	if !why.byHand() {
		if stopped, err := stoppedByFlood(ctx, tx, g, address); err != nil || stopped {
			return false, err
		}
	}
	_, err = tx.Exec(ctx, `INSERT INTO automatic_mail (address, why, at) VALUES ($1, $2, $3)`, address, why, tx.Now)
	return err == nil, err
}

// stoppedByFlood tells whether an address must prove itself first.
func stoppedByFlood(ctx context.Context, tx *db.Tx, g Protection, address string) (bool, error) {
	flood, err := isFlood(ctx, tx, g.People)
	if err != nil || !flood {
		return false, err
	}
	who, err := db.All[int64](ctx, tx, `SELECT person_id FROM person_address WHERE address = $1`, address)
	if err != nil || len(who) == 0 {
		return true, err
	}
	proven, err := isProven(ctx, tx, address, who[0])
	return !proven, err
}

const (
	floodWeek = 7 * 24 * time.Hour
	// A flood is so many times what the desk has in an hour of its last week.
	floodTimes = 4
	// What is counted of a week.
	floodCounted = 50_000
)

// isFlood tells whether more new people came within the last hour than most, and many more than usual. New people are
// those who were never seen before, whoever they say they are.
func isFlood(ctx context.Context, tx *db.Tx, most int) (bool, error) {
	hour := tx.Now.Add(-time.Hour)
	now, err := newPeople(ctx, tx, hour, tx.Now, floodCounted)
	if err != nil || now <= most {
		return false, err
	}
	week, err := newPeople(ctx, tx, hour.Add(-floodWeek), hour, floodCounted)
	return now > floodTimes*week/(7*24), err
}

func newPeople(ctx context.Context, tx *db.Tx, after, until clock.Instant, most int) (int, error) {
	return db.One[int](ctx, tx, `SELECT count(*) FROM (SELECT 1 FROM person WHERE created_at > $1 AND created_at <= $2 LIMIT $3) AS came`, after, until, most)
}

// SweepAutomatic forgets automatic mails that no limit counts any more. The program calls it now and then.
func SweepAutomatic(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `DELETE FROM automatic_mail WHERE at < $1`, tx.Now.Add(-24*time.Hour))
	return err
}
