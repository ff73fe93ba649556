package line

import (
	"context"
	"strings"
	"time"
	"unicode"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// Call is that somebody would like to be rung about their request. It keeps the place that the request has in the line.
type Call struct {
	ID, TicketID int64
	Number       string        // as it was typed
	FromAt       clock.Instant // when it suits them; 0 for any time
	UntilAt      clock.Instant
	State        string
	AskedAt      clock.Instant
	TriedAt      clock.Instant // when somebody rang last; 0 for never
	Tries        int
}

const callColumns = `id, ticket_id, number, from_at, until_at, state, asked_at, tried_at, tries`

// The states of a Call.
const (
	callAsked   = "asked"
	callReached = "reached"
	callDropped = "taken_back"
)

// Missed says that the time that suited them went by without anybody ringing.
func (c Call) Missed(now clock.Instant) bool {
	return c.UntilAt != 0 && now > c.UntilAt && c.TriedAt < c.FromAt
}

// Dial is the number for a tel: link.
func (c Call) Dial() string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, c.Number)
}

// CallOf is what somebody asked for last and nobody has done yet; ok is false for nothing.
func CallOf(ctx context.Context, tx *db.Tx, ticketID int64) (c Call, ok bool, err error) {
	all, err := db.All[Call](ctx, tx, `SELECT `+callColumns+` FROM line_call WHERE ticket_id = $1 AND state = $2 ORDER BY id DESC LIMIT 1`, ticketID, callAsked)
	if err != nil || len(all) == 0 {
		return c, false, err
	}
	return all[0], true, nil
}

// CallsOf is the same for several tickets, by their id.
func CallsOf(ctx context.Context, tx *db.Tx, tickets []int64) (map[int64]Call, error) {
	out := map[int64]Call{}
	if len(tickets) == 0 {
		return out, nil
	}
	args := db.Args{callAsked}
	all, err := db.All[Call](ctx, tx, `SELECT `+callColumns+` FROM line_call WHERE state = $1 AND ticket_id IN (`+db.List(&args, tickets)+`) ORDER BY id`, args...)
	for _, c := range all {
		out[c.TicketID] = c
	}
	return out, err
}

// Limits of a telephone number, in digits and in all.
const (
	fewestDigits = 4
	mostDigits   = 20
	mostNumber   = 40
)

// checkNumber takes what people write as a number, and keeps it as they wrote it.
func checkNumber(number string) (string, error) {
	number = strings.Join(strings.Fields(number), " ")
	digits := 0
	for i, r := range number {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case r == '+' && i > 0, !strings.ContainsRune("+-–/().x ", r) && !unicode.IsSpace(r):
			return number, fault.Invalid(fault.F("number", i18n.M("Please give a telephone number, such as +49 30 1234567 or an extension such as 4711.")))
		}
	}
	if digits < fewestDigits-1 || digits > mostDigits || len(number) > mostNumber {
		return number, fault.Invalid(fault.F("number", i18n.M("Please give a telephone number, such as +49 30 1234567 or an extension such as 4711.")))
	}
	return number, nil
}

// AskCall notes that the requester would like to be rung, between two moments or at any time (0). It takes the place of what they asked for
// before. What is wrong is a fault of "number" or "until".
func (l *Line) AskCall(ctx context.Context, tx *db.Tx, by ticket.By, ticketID int64, number string, from, until clock.Instant) error {
	number, err := checkNumber(number)
	if err != nil {
		return err
	}
	if from != 0 && until <= from || until != 0 && until <= tx.Now {
		return fault.Invalid(fault.F("until", i18n.M("This time is over, or ends before it begins. Please choose a later one.")))
	}
	if err := l.dropCall(ctx, tx, ticketID); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO line_call (ticket_id, number, from_at, until_at, state, asked_at) VALUES ($1, $2, $3, $4, $5, $6)`, ticketID, number, from, until, callAsked, tx.Now); err != nil {
		return err
	}
	return l.callFact(ctx, tx, by, ticketID, Call{Number: number, FromAt: from, UntilAt: until}, "")
}

func (l *Line) dropCall(ctx context.Context, tx *db.Tx, ticketID int64) error {
	_, err := tx.Exec(ctx, `UPDATE line_call SET state = $2 WHERE ticket_id = $1 AND state = $3`, ticketID, callDropped, callAsked)
	return err
}

// TakeBackCall notes that they would rather be written to.
func (l *Line) TakeBackCall(ctx context.Context, tx *db.Tx, by ticket.By, ticketID int64) error {
	c, ok, err := CallOf(ctx, tx, ticketID)
	if err != nil || !ok {
		return err
	}
	if err := l.dropCall(ctx, tx, ticketID); err != nil {
		return err
	}
	return l.callFact(ctx, tx, by, ticketID, c, i18n.T(ctx, "taken back"))
}

// Rang notes that somebody of the desk rang: reached, or not. Who was not reached is told so, and may choose another time.
func (l *Line) Rang(ctx context.Context, tx *db.Tx, by ticket.By, ticketID int64, reached bool) error {
	if _, err := ticket.Get(ctx, tx, by.Actor, person.ChangeTicket, ticketID); err != nil {
		return err
	}
	c, ok, err := CallOf(ctx, tx, ticketID)
	if err != nil {
		return err
	}
	if !ok {
		return fault.Conflict(i18n.M("Nobody waits for a call here any more."))
	}
	state, how := callAsked, i18n.T(ctx, "not reached at {{.Time}}", "Time", i18n.DateTime(ctx, tx.Now))
	if reached {
		state, how = callReached, i18n.T(ctx, "reached at {{.Time}}", "Time", i18n.DateTime(ctx, tx.Now))
	}
	if _, err := tx.Exec(ctx, `UPDATE line_call SET state = $2, tried_at = $3, tries = tries + 1 WHERE id = $1`, c.ID, state, tx.Now); err != nil {
		return err
	}
	return l.callFact(ctx, tx, by, ticketID, c, how)
}

// callFact keeps what was asked, and what came of it, among what is known of the ticket: so each try is on its spine.
func (l *Line) callFact(ctx context.Context, tx *db.Tx, by ticket.By, ticketID int64, c Call, how string) error {
	value := c.Number
	if c.UntilAt != 0 {
		value += ", " + CallTime(ctx, tx.Now, c)
	}
	if how != "" {
		value += " · " + how
	}
	return l.Desk.SetFact(ctx, tx, by, ticketID, ticket.Fact{Source: "line", Key: "call", Kind: ticket.FactText, Label: i18n.T(ctx, "Would like to be rung"), Value: value, Cause: by.Cause, At: tx.Now})
}

// CallTime says when a call suits: "tomorrow between 14:00 and 16:00".
func CallTime(ctx context.Context, now clock.Instant, c Call) string {
	from, to := c.FromAt.Time().In(i18n.ZoneOf(ctx)), c.UntilAt.Time().In(i18n.ZoneOf(ctx))
	return i18n.T(ctx, "{{.Day}} between {{.From}} and {{.To}}", "Day", day(ctx, max(now, c.FromAt.Add(-6*24*time.Hour)), from), "From", i18n.Clock(ctx, from), "To", i18n.Clock(ctx, to))
}
