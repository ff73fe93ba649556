package shift

import (
	"context"
	"errors"
	"strconv"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// State is what became of something that was asked.
type State string

// The states.
const (
	Asked     State = "asked"
	Done      State = "done"    // a swap took place
	Refused   State = "refused" // the colleague said no
	Withdrawn State = "withdrawn"
	Void      State = "void"   // what it was about is not as it was
	Taken     State = "taken"  // somebody covers
	Nobody    State = "nobody" // nobody could
)

// Swap is somebody asking a colleague to swap shifts.
type Swap struct {
	ID       int64
	GivenID  int64 // the asker's shift
	WantedID int64 // the colleague's
	AskerID  int64
	OtherID  int64
	Note     string
	State    State
	AskedAt  clock.Instant
	EndedAt  clock.Instant
}

const swapColumns = `id, given_id, wanted_id, asker_id, other_id, note, state, asked_at, ended_at`

// URL is its page.
func (s Swap) URL() string { return "/rota/swaps/" + strconv.FormatInt(s.ID, 10) }

// mostSwaps is how many swaps somebody may have asked for that nobody has answered.
const mostSwaps = 20

// AskSwap asks a colleague for their shift wanted, for one's own shift given. Asking is the asker's yes.
func (r *Rota) AskSwap(ctx context.Context, tx *db.Tx, by person.Actor, given, wanted int64, note string) (int64, error) {
	mine, err := See(ctx, tx, by, given)
	if err != nil {
		return 0, err
	}
	theirs, err := See(ctx, tx, by, wanted)
	if err != nil {
		return 0, err
	}
	switch {
	case by.ReadOnly || mine.PersonID != by.ID:
		return 0, fault.Denied(i18n.M("This shift is not yours, so you cannot give it away."))
	case theirs.PersonID == 0 || theirs.PersonID == by.ID || theirs.TeamID != mine.TeamID:
		return 0, fault.Invalid(fault.F("wanted", i18n.M("Please choose a shift of a colleague in the same team.")))
	case !mine.Published || !theirs.Published || mine.FromAt <= tx.Now || theirs.FromAt <= tx.Now:
		return 0, fault.Invalid(fault.F("wanted", i18n.M("Only shifts to come are swapped.")))
	}
	if conflicts, err := r.swapConflicts(ctx, tx, by, mine, theirs); err != nil || Worst(conflicts) > Note {
		if err == nil {
			err = refusal(conflicts)
		}
		return 0, err
	}
	same, err := db.All[int64](ctx, tx, `SELECT id FROM shift_swap WHERE given_id = $1 AND wanted_id = $2 AND asker_id = $3 AND state = 'asked'`, given, wanted, by.ID)
	if err != nil || len(same) > 0 {
		return append(same, 0)[0], err // sent twice
	}
	n, err := db.One[int](ctx, tx, `SELECT count(*) FROM shift_swap WHERE asker_id = $1 AND state = 'asked'`, by.ID)
	if err != nil {
		return 0, err
	}
	if n >= mostSwaps {
		return 0, fault.Conflict(i18n.M("{{.Count}} of your swaps wait for an answer already. Please withdraw one first.", "Count", n))
	}
	id, err := db.One[int64](ctx, tx, `INSERT INTO shift_swap (given_id, wanted_id, asker_id, other_id, note, state, asked_at) VALUES ($1, $2, $3, $4, $5, 'asked', $6) RETURNING id`,
		given, wanted, by.ID, theirs.PersonID, cleanNote(note), tx.Now)
	if err != nil {
		return 0, err
	}
	return id, r.tell(ctx, tx, RotaNews, Swap{ID: id}.URL(), i18n.M("{{.Name}} asks you to swap: your {{.Yours}}, {{.Then}}, for their {{.Theirs}}, {{.When}}", "Name", by.Name, "Yours", theirs.Name, "Then", theirs.FromAt, "Theirs", mine.Name, "When", mine.FromAt), theirs.PersonID)
}

// swapConflicts are what stands against two people having each other's shifts.
func (r *Rota) swapConflicts(ctx context.Context, tx *db.Tx, reader person.Actor, a, b Shift) ([]Conflict, error) {
	c, err := r.CrewOf(ctx, tx, reader, a.TeamID, Span{min(a.FromAt, b.FromAt), max(a.UntilAt, b.UntilAt)}, a.PersonID, b.PersonID)
	if err != nil {
		return nil, err
	}
	return append(c.Against(b, a.PersonID, a.ID), c.Against(a, b.PersonID, b.ID)...), nil
}

func swapByID(ctx context.Context, tx *db.Tx, id int64) (Swap, error) {
	s, err := db.One[Swap](ctx, tx, `SELECT `+swapColumns+` FROM shift_swap WHERE id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		err = noSwap()
	}
	return s, err
}

func noSwap() error { return fault.NotFound(i18n.M("There is no such swap any more.")) }

// SeeSwap finds a swap for one of the two, with the shifts given and wanted.
func SeeSwap(ctx context.Context, tx *db.Tx, a person.Actor, id int64) (s Swap, given, wanted Shift, err error) {
	if s, err = swapByID(ctx, tx, id); err != nil {
		return s, given, wanted, err
	}
	if a.ID == 0 || s.AskerID != a.ID && s.OtherID != a.ID {
		return Swap{}, given, wanted, noSwap()
	}
	if given, err = See(ctx, tx, a, s.GivenID); err != nil {
		return s, given, wanted, err
	}
	wanted, err = See(ctx, tx, a, s.WantedID)
	return s, given, wanted, err
}

// SwapsOf lists the swaps that somebody asked for or is asked for and that nobody has answered, the oldest first.
func SwapsOf(ctx context.Context, tx *db.Tx, personID int64) ([]Swap, error) {
	return db.All[Swap](ctx, tx, `SELECT `+swapColumns+` FROM shift_swap WHERE state = 'asked' AND (asker_id = $1 OR other_id = $1) ORDER BY asked_at, id`, personID)
}

// AgreeSwap is the colleague's yes: the two have each other's shifts from then on. It is looked at again whether both still have what they swap, and what stands
// against it.
func (r *Rota) AgreeSwap(ctx context.Context, tx *db.Tx, by person.Actor, id int64) error {
	s, _, _, err := SeeSwap(ctx, tx, by, id)
	if err != nil {
		return err
	}
	if by.ReadOnly || s.OtherID != by.ID {
		return fault.Denied(i18n.M("Only who is asked can agree."))
	}
	all, err := lockAll(ctx, tx, []int64{s.AskerID, s.OtherID}, []int64{s.GivenID, s.WantedID})
	if err != nil {
		return err
	}
	given, wanted := all[s.GivenID], all[s.WantedID]
	n, err := tx.Exec(ctx, `UPDATE shift_swap SET state = 'done', ended_at = $2 WHERE id = $1 AND state = 'asked'`, id, tx.Now)
	if err != nil {
		return err
	}
	if n == 0 {
		if s.State == Done {
			return nil // sent twice
		}
		return fault.Conflict(i18n.M("This swap is not asked for any more."))
	}
	if given.PersonID != s.AskerID || wanted.PersonID != s.OtherID || given.FromAt <= tx.Now || wanted.FromAt <= tx.Now {
		return fault.Conflict(i18n.M("One of the two shifts is not as it was when this was asked, so nothing was swapped."))
	}
	conflicts, err := r.swapConflicts(ctx, tx, by, given, wanted)
	if err != nil {
		return err
	}
	if Worst(conflicts) > Note {
		return refusal(conflicts)
	}
	given.PersonID, wanted.PersonID = s.OtherID, s.AskerID
	given.ForID, wanted.ForID, given.ByHand, wanted.ByHand = 0, 0, true, true
	for _, x := range []Shift{given, wanted} { // both before anything looks at them
		if err := store(ctx, tx, x); err != nil {
			return err
		}
	}
	for _, x := range []Shift{given, wanted} {
		if err := r.follow(ctx, tx, x); err != nil {
			return err
		}
	}
	if err := r.told(ctx, tx, s.URL(), s.OtherID); err != nil {
		return err
	}
	return r.tell(ctx, tx, RotaNews, s.URL(), i18n.M("{{.Name}} agreed to swap: {{.Shift}}, {{.When}}, is yours now", "Name", by.Name, "Shift", wanted.Name, "When", wanted.FromAt), s.AskerID)
}

// EndSwap is the colleague's no, or the asker taking back what they asked.
func (r *Rota) EndSwap(ctx context.Context, tx *db.Tx, by person.Actor, id int64) error {
	s, given, _, err := SeeSwap(ctx, tx, by, id)
	if err != nil {
		return err
	}
	if by.ReadOnly {
		return fault.Denied(i18n.M("This token may look only."))
	}
	state := Refused
	if s.AskerID == by.ID {
		state = Withdrawn
	}
	n, err := tx.Exec(ctx, `UPDATE shift_swap SET state = $2, ended_at = $3 WHERE id = $1 AND state = 'asked'`, id, string(state), tx.Now)
	if err != nil || n == 0 {
		return err
	}
	if err := r.told(ctx, tx, s.URL(), s.OtherID); err != nil || state == Withdrawn {
		return err
	}
	return r.tell(ctx, tx, RotaNews, s.URL(), i18n.M("{{.Name}} cannot swap. {{.Shift}}, {{.When}}, stays yours", "Name", by.Name, "Shift", given.Name, "When", given.FromAt), s.AskerID)
}

// told takes back what people have not read of a page.
func (r *Rota) told(ctx context.Context, tx *db.Tx, link string, people ...int64) error {
	if r.Told == nil || len(people) == 0 {
		return nil
	}
	return r.Told(ctx, tx, people, link)
}

// loosen ends what was asked of a shift that is not as it was: swaps of whoever does not have it any more, being covered in hours that it has no more.
func (r *Rota) loosen(ctx context.Context, tx *db.Tx, s Shift) error {
	swaps, err := db.All[Swap](ctx, tx, `SELECT `+swapColumns+` FROM shift_swap WHERE state = 'asked' AND (given_id = $1 OR wanted_id = $1)`, s.ID)
	if err != nil {
		return err
	}
	for _, w := range swaps {
		if w.GivenID == s.ID && w.AskerID == s.PersonID || w.WantedID == s.ID && w.OtherID == s.PersonID {
			continue
		}
		if _, err := tx.Exec(ctx, `UPDATE shift_swap SET state = 'void', ended_at = $2 WHERE id = $1 AND state = 'asked'`, w.ID, tx.Now); err != nil {
			return err
		}
		if err := r.told(ctx, tx, w.URL(), w.OtherID); err != nil {
			return err
		}
		if w.AskerID != s.PersonID {
			if err := r.tell(ctx, tx, RotaNews, w.URL(), i18n.M("A swap that you asked for is off: {{.Shift}} is not as it was", "Shift", s.Name), w.AskerID); err != nil {
				return err
			}
		}
	}
	covers, err := db.All[Cover](ctx, tx, `SELECT `+coverColumns+` FROM shift_cover WHERE shift_id = $1 AND state = 'asked'`, s.ID)
	if err != nil {
		return err
	}
	for _, c := range covers {
		if c.AskerID == s.PersonID && c.FromAt >= s.FromAt && c.UntilAt <= s.UntilAt {
			continue
		}
		if _, err := r.endCover(ctx, tx, c, Void, 0); err != nil {
			return err
		}
	}
	return nil
}
