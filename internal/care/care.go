// Package care looks after whoever reads and answers: strong language is folded, threats go to the leads, hard tickets are spread, a rude
// thread is handed over without a reason, and after a run of hard ones somebody is asked whether they would like a pause.
//
// What a text says is found by rules (Look), from lists of words that say why each word is there or not (words/*.txt), and from sentences
// that threaten people. Nothing is kept about a text: pages look when they show it.
//
// Invariants: the one thing that is kept of a person, that they had a hard ticket and when (care_turn), is forgotten after a week, is read by
// this package alone, is told to nobody but themselves, and to them not as a number; a test holds that.
package care

import (
	"context"
	"encoding/json"
	"time"

	"goodturn/internal/blob"
	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// Setting is what the desk does for whoever answers. The zero value is what a new desk has: all of it.
type Setting struct {
	NoFold   bool `json:"no_fold,omitempty"`   // strong language is shown as it came
	NoThreat bool `json:"no_threat,omitempty"` // leads are not told of threats
	NoSpread bool `json:"no_spread,omitempty"` // hard tickets are given out like others
	NoPause  bool `json:"no_pause,omitempty"`  // nobody is asked whether they would like a pause
}

const settingName = "care"

// ReadSetting gives what the desk does.
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

// How hard tickets are spread, and when a pause is suggested.
const (
	// lately is how long after a hard ticket somebody is spared the next.
	lately = 24 * time.Hour
	// runOf is after how many hard tickets within runTime a pause is suggested.
	runOf   = 3
	runTime = 4 * time.Hour
	// Pause is how long a pause lasts.
	Pause = 20 * time.Minute
	// kept is how long it is known at all that somebody had one.
	kept = 7 * 24 * time.Hour
	// opened is how often a ticket was opened again that is hard because of that.
	opened = 3
	// looked is how many of a ticket's newest messages are looked at.
	looked = 20
)

// Keeper looks after people. The program builds one.
type Keeper struct {
	// Warn tells the leads of a ticket that it holds a threat, with its words. Optional.
	Warn func(ctx context.Context, tx *db.Tx, t ticket.Ticket, words string) error
	// Hold has nothing given to somebody for a while. Optional.
	Hold func(ctx context.Context, tx *db.Tx, personID int64, d time.Duration) error
}

// Hook is for ticket.Desk.Later, after routing: it tells of threats, and notes for a while who has a hard ticket.
func (k *Keeper) Hook() ticket.Hook {
	return func(ctx context.Context, tx *db.Tx, e ticket.Event, t ticket.Ticket, m *ticket.Message) error {
		if m != nil && m.CreatedAt != tx.Now || t.Turn.Aside() {
			return nil // an importer brings it from the past, or nobody reads it
		}
		said := e.What == ticket.Messaged && m != nil && m.Inbound
		if !said && e.What != ticket.Assigned && e.What != ticket.StatusChanged {
			return nil
		}
		set, err := ReadSetting(ctx, tx)
		if err != nil {
			return err
		}
		if said && !set.NoThreat && k.Warn != nil {
			if words := Look(m.Text).Threat; words != "" {
				if err := k.Warn(ctx, tx, t, words); err != nil {
					return err
				}
			}
		}
		if t.AssigneeID == 0 || !t.IsOpen || set.NoSpread && set.NoPause {
			return nil
		}
		if hard, err := Hard(ctx, tx, t); err != nil || !hard {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO care_turn (person_id, ticket_id, at) VALUES ($1, $2, $3) ON CONFLICT (person_id, ticket_id) DO NOTHING`, t.AssigneeID, t.ID, tx.Now)
		return err
	}
}

// Hard tells whether a ticket is hard on whoever has it: strong language or a threat from the requester's side, or opened again and again.
func Hard(ctx context.Context, tx *db.Tx, t ticket.Ticket) (bool, error) {
	texts, err := db.All[string](ctx, tx, `SELECT text FROM message WHERE ticket_id = $1 AND inbound AND NOT automatic ORDER BY seq DESC LIMIT $2`, t.ID, looked)
	if err != nil {
		return false, err
	}
	for _, text := range append(texts, t.Subject) {
		if Look(text).Any() {
			return true, nil
		}
	}
	again, err := db.All[int64](ctx, tx, `SELECT id FROM event WHERE ticket_id = $1 AND what = 'status' AND from_value IN ('solved', 'closed') AND to_value = 'open' LIMIT $2`, t.ID, opened)
	return len(again) >= opened, err
}

// Spare is for routing.Router.Spare: of those who could get a ticket it gives those who should, the others having had a hard one lately. All
// of them where the ticket is not hard, or where nobody would be left.
func (k *Keeper) Spare(ctx context.Context, tx *db.Tx, t ticket.Ticket, all []int64) ([]int64, error) {
	if len(all) < 2 {
		return all, nil
	}
	set, err := ReadSetting(ctx, tx)
	if err != nil || set.NoSpread {
		return all, err
	}
	if hard, err := Hard(ctx, tx, t); err != nil || !hard {
		return all, err
	}
	had, err := db.All[int64](ctx, tx, `SELECT person_id FROM care_turn WHERE at > $1 AND ticket_id <> $2`, tx.Now.Add(-lately), t.ID)
	if err != nil {
		return all, err
	}
	busy := map[int64]bool{}
	for _, id := range had {
		busy[id] = true
	}
	var rest []int64
	for _, id := range all {
		if !busy[id] {
			rest = append(rest, id)
		}
	}
	if len(rest) == 0 {
		return all, nil
	}
	return rest, nil
}

// SuggestsPause tells somebody, and nobody else, that a pause might do them good: they had several hard tickets in a row, and have not said
// yet whether they take one.
func SuggestsPause(ctx context.Context, tx *db.Tx, a person.Actor) (bool, error) {
	if !a.Staff() || a.ID == 0 {
		return false, nil
	}
	run, err := db.All[int64](ctx, tx, `SELECT ticket_id FROM care_turn WHERE person_id = $1 AND at > $2 AND NOT asked LIMIT $3`, a.ID, tx.Now.Add(-runTime), runOf)
	if err != nil || len(run) < runOf {
		return false, err
	}
	set, err := ReadSetting(ctx, tx)
	return !set.NoPause, err
}

// Answer is what somebody says of a pause: take has nothing given to them for Pause. They are not asked again for the same tickets.
func (k *Keeper) Answer(ctx context.Context, tx *db.Tx, a person.Actor, take bool) error {
	if _, err := tx.Exec(ctx, `UPDATE care_turn SET asked = TRUE WHERE person_id = $1`, a.ID); err != nil || !take || k.Hold == nil {
		return err
	}
	return k.Hold(ctx, tx, a.ID, Pause)
}

// Sweep forgets who had a hard ticket a week ago.
func Sweep(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `DELETE FROM care_turn WHERE at < $1`, tx.Now.Add(-kept))
	return err
}

// Forget drops what is kept of a ticket that is deleted for good.
func Forget(ctx context.Context, tx *db.Tx, ticketID int64) ([]blob.Ref, error) {
	_, err := tx.Exec(ctx, `DELETE FROM care_turn WHERE ticket_id = $1`, ticketID)
	return nil, err
}

// Erase drops what is kept of a person who is erased.
func Erase(ctx context.Context, tx *db.Tx, personID int64) error {
	_, err := tx.Exec(ctx, `DELETE FROM care_turn WHERE person_id = $1`, personID)
	return err
}
