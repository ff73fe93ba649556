package intake

import (
	"context"
	"strings"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/i18n"
)

// MaxAsked is how many questions are put about one request, at most.
const MaxAsked = 3

// State is how far the questions about a request are.
type State string

// The states.
const (
	Going   State = "asking"
	Done    State = "done"    // what was asked is known, or all was asked
	Stopped State = "stopped" // something else made questions needless
)

// The ways in which questions end.
const (
	endedComplete = "complete" // thing and symptom are known
	endedAsked    = "asked"    // all was asked
	endedAnswered = "answered" // somebody of the desk wrote to the requester
	endedByAgent  = "agent"    // somebody of the desk stopped them
	endedMoved    = "moved"    // merged, split, thrown away
	endedClosed   = "closed"   // solved or closed
)

// asking is the row of a request that was vague.
type asking struct {
	TicketID int64
	State    State
	Ended    string
	Language string
	Why      string
	Thing    string
	Topic    string
	Symptom  string
	Unproven bool
	At       clock.Instant
	EndedAt  clock.Instant
	ActedAt  clock.Instant
	Complete bool
}

const askingColumns = `ticket_id, state, ended, language, why, thing, topic, symptom, unproven, at, ended_at, acted_at, complete`

// Ask is a question as it was put to somebody.
type Ask struct {
	ID          int64
	TicketID    int64
	Place       int64 // 1, 2 or 3
	Question    string
	Slot        Slot
	Text        string
	Choices     string
	GuessOutage int64
	GuessTopic  string
	AskedAt     clock.Instant
	MailedAt    clock.Instant
	AnsweredAt  clock.Instant
	Answer      string
}

const askColumns = `id, ticket_id, place, question, slot, text, choices, guess_outage, guess_topic, asked_at, mailed_at, answered_at, answer`

// Answers are the choices of the question.
func (a Ask) Answers() []Choice { return choicesOf(a.Choices) }

// known tells that thing and symptom are known.
func (a asking) known() bool { return a.Thing != "" && a.Symptom != "" }

// load gives the row of a ticket; ok is false for one that was never vague.
func load(ctx context.Context, tx *db.Tx, ticketID int64) (a asking, ok bool, err error) {
	all, err := db.All[asking](ctx, tx, `SELECT `+askingColumns+` FROM intake WHERE ticket_id = $1`, ticketID)
	if err != nil || len(all) == 0 {
		return a, false, err
	}
	return all[0], true, nil
}

func (a asking) store(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `INSERT INTO intake (ticket_id, state, ended, language, why, thing, topic, symptom, unproven, at, ended_at, acted_at, complete)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
		ON CONFLICT (ticket_id) DO UPDATE SET state = excluded.state, ended = excluded.ended, thing = excluded.thing, topic = excluded.topic, symptom = excluded.symptom,
		ended_at = excluded.ended_at, acted_at = excluded.acted_at, complete = excluded.complete`,
		a.TicketID, a.State, a.Ended, a.Language, a.Why, a.Thing, a.Topic, a.Symptom, a.Unproven, a.At, a.EndedAt, a.ActedAt, a.Complete)
	return err
}

func asks(ctx context.Context, tx *db.Tx, ticketID int64) ([]Ask, error) {
	return db.All[Ask](ctx, tx, `SELECT `+askColumns+` FROM intake_ask WHERE ticket_id = $1 ORDER BY place`, ticketID)
}

// Current is the question that waits for an answer of the requester; ok is false when there is none.
func Current(ctx context.Context, tx *db.Tx, ticketID int64) (q Ask, ok bool, err error) {
	all, err := db.All[Ask](ctx, tx, `SELECT `+askColumns+` FROM intake_ask WHERE ticket_id = $1 AND answered_at = 0
		AND EXISTS (SELECT 1 FROM intake i WHERE i.ticket_id = $1 AND i.state = 'asking') ORDER BY place DESC LIMIT 1`, ticketID)
	if err != nil || len(all) == 0 {
		return q, false, err
	}
	return all[0], true, nil
}

// Standing is how far the questions about a ticket are, for staff.
type Standing struct {
	TicketID int64
	// Place says that the first, second or third question waits for an answer; 0 when none does.
	Place int64
	// Why is what made the request vague.
	Why []Reason
}

// StandingOf says how far the questions about tickets are; those about which nothing is asked are not among them.
func StandingOf(ctx context.Context, tx *db.Tx, tickets []int64) (map[int64]Standing, error) {
	out := map[int64]Standing{}
	if len(tickets) == 0 {
		return out, nil
	}
	type row struct {
		TicketID int64
		Why      string
		Place    int64
	}
	var args db.Args
	rows, err := db.All[row](ctx, tx, `SELECT i.ticket_id, i.why, coalesce((SELECT max(a.place) FROM intake_ask a WHERE a.ticket_id = i.ticket_id), 0) AS place
		FROM intake i WHERE i.state = 'asking' AND i.ticket_id IN (`+db.List(&args, tickets)+`)`, args...)
	for _, r := range rows {
		s := Standing{TicketID: r.TicketID, Place: r.Place}
		for _, w := range strings.Fields(r.Why) {
			s.Why = append(s.Why, Reason(w))
		}
		out[r.TicketID] = s
	}
	return out, err
}

// Text says a reason to staff.
func (r Reason) Text() i18n.Text {
	switch r {
	case NoThing:
		return i18n.M("no thing is named")
	case NoSymptom:
		return i18n.M("nothing says what is wrong or wanted")
	}
	return i18n.M("it is only a few words")
}

// forgetRows drops what is kept of a ticket that is deleted for good.
func forgetRows(ctx context.Context, tx *db.Tx, ticketID int64) error {
	for _, query := range []string{`DELETE FROM intake_ask WHERE ticket_id = $1`, `DELETE FROM intake WHERE ticket_id = $1`, `DELETE FROM intake_naming WHERE ticket_id = $1`} {
		if _, err := tx.Exec(ctx, query, ticketID); err != nil {
			return err
		}
	}
	return nil
}
