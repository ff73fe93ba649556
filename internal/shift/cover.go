package shift

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/job"
	"goodturn/internal/person"
)

// Cover is somebody asking to be covered for a while of a shift.
type Cover struct {
	ID      int64
	ShiftID int64
	TeamID  int64
	AskerID int64
	FromAt  clock.Instant
	UntilAt clock.Instant
	State   State // Asked, Taken, Withdrawn, Nobody or Void
	TakerID int64 // who covers; 0 for nobody
	AskedAt clock.Instant
	DueAt   clock.Instant // when it is said that nobody said yes
	EndedAt clock.Instant
}

const coverColumns = `id, shift_id, team_id, asker_id, from_at, until_at, state, coalesce(taker_id, 0) AS taker_id, asked_at, due_at, ended_at`

// URL is its page.
func (c Cover) URL() string { return "/rota/cover/" + strconv.FormatInt(c.ID, 10) }

const (
	// UsualCover is for how long somebody is covered unless they say otherwise.
	UsualCover = time.Hour
	// shortestCover is the least that is worth asking for, and answering.
	shortestCover = 5 * time.Minute
	// coverWait is for how long an answer is waited for that is needed at once; one for later is waited for until coverBefore before it.
	coverWait   = 10 * time.Minute
	coverBefore = 15 * time.Minute

	coverJob = "shift_cover_due"
	// signal is the signal (db.Tx.Signal) that what stands over somebody's pages changed.
	signal = "offers"
)

// Coverable gives the shift of somebody of which they can be covered next: the one that they are in, or their next that begins within a day. False for none.
func Coverable(ctx context.Context, tx *db.Tx, personID int64) (Shift, bool, error) {
	all, err := db.All[Shift](ctx, tx, `SELECT `+columns+` FROM shift s WHERE s.person_id = $1 AND s.from_at > $2 AND s.from_at < $3 AND s.until_at > $4 AND s.published ORDER BY s.from_at, s.id LIMIT 1`,
		personID, tx.Now.Add(-Longest)-1, tx.Now.Add(24*time.Hour), tx.Now.Add(shortestCover))
	if err != nil || len(all) == 0 {
		return Shift{}, false, err
	}
	return all[0], true, nil
}

// piece is the part of a shift in which somebody is covered, as a shift of its own.
func (s Shift) piece(in Span) Shift {
	out := s
	out.ID, out.PatternID, out.Slot, out.ForID, out.ByHand = 0, 0, 0, 0, true
	out.FromAt, out.UntilAt = max(s.FromAt, in.From), min(s.UntilAt, in.Until)
	out.Breaks = s.Breaks.within(out.Span())
	if whole := s.Unloved == minutes(s.Worked()); whole {
		out.Unloved = minutes(out.Worked())
	} else {
		out.Unloved = unlovedMinutes(out.Span(), out.Breaks, location(s.Zone))
	}
	return out
}

// MayCover lists those who may cover a part of a shift: of the same team, not away, and nothing stands against it.
func (r *Rota) MayCover(ctx context.Context, tx *db.Tx, reader person.Actor, s Shift, in Span) (out []Member, err error) {
	part := s.piece(in)
	c, err := r.CrewOf(ctx, tx, reader, s.TeamID, part.Span())
	for _, m := range c.Members {
		if m.ID != s.PersonID && Worst(c.Against(part, m.ID)) == Note {
			out = append(out, m)
		}
	}
	return out, err
}

// AskCover asks those who may to cover a part of one's own shift. Without anybody who may, that is what comes back: its state is Nobody, and whoever plans is told.
// The fields of what is wrong are from and until.
func (r *Rota) AskCover(ctx context.Context, tx *db.Tx, by person.Actor, shiftID int64, in Span) (c Cover, err error) {
	if _, err := See(ctx, tx, by, shiftID); err != nil {
		return c, err
	}
	s, err := locked(ctx, tx, shiftID)
	if err != nil {
		return c, err
	}
	if by.ReadOnly || s.PersonID != by.ID {
		return c, fault.Denied(i18n.M("This shift is not yours. Whoever has it can ask to be covered."))
	}
	in = Span{max(in.From, s.FromAt, tx.Now), min(in.Until, s.UntilAt)}
	switch {
	case s.UntilAt <= tx.Now.Add(shortestCover):
		return c, fault.Conflict(i18n.M("This shift is over."))
	case in.Until.Sub(in.From) < shortestCover:
		return c, fault.Invalid(fault.F("until", i18n.M("Please give a time within your shift, five minutes or more.")))
	}
	before, err := db.All[Cover](ctx, tx, `SELECT `+coverColumns+` FROM shift_cover WHERE shift_id = $1 AND state = 'asked' AND from_at < $3 AND until_at > $2 LIMIT 1`, s.ID, in.From, in.Until)
	if err != nil {
		return c, err
	}
	if len(before) > 0 {
		return before[0], nil // sent twice, or asked in another window
	}
	who, err := r.MayCover(ctx, tx, by, s, in)
	if err != nil {
		return c, err
	}
	c = Cover{ShiftID: s.ID, TeamID: s.TeamID, AskerID: by.ID, FromAt: in.From, UntilAt: in.Until, State: Asked, AskedAt: tx.Now}
	if c.DueAt = in.From.Add(-coverBefore); c.DueAt < tx.Now.Add(coverWait) {
		c.DueAt = min(tx.Now.Add(coverWait), in.Until)
	}
	c.ID, err = db.One[int64](ctx, tx, `INSERT INTO shift_cover (shift_id, team_id, asker_id, from_at, until_at, state, asked_at, due_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id`,
		c.ShiftID, c.TeamID, c.AskerID, c.FromAt, c.UntilAt, string(c.State), c.AskedAt, c.DueAt)
	if err != nil {
		return c, err
	}
	if len(who) == 0 {
		return r.nobody(ctx, tx, c)
	}
	ids, rows := make([]int64, len(who)), make([][]any, len(who))
	for i, m := range who {
		ids[i], rows[i] = m.ID, []any{c.ID, m.ID, false}
		tx.Signal(signal, m.ID)
	}
	if err := db.InsertRows(ctx, tx, "shift_cover_ask (cover_id, person_id, passed)", rows); err != nil {
		return c, err
	}
	j := job.New(coverJob, coverArgs{c.ID})
	j.At = c.DueAt
	if err := r.Queue.Insert(ctx, tx, j); err != nil {
		return c, err
	}
	return c, r.tell(ctx, tx, CoverAsked, c.URL(), i18n.M("{{.Name}} asks you to cover for them, {{.From}} – {{.Until}}", "Name", by.Name, "From", c.FromAt, "Until", c.UntilAt), ids...)
}

type coverArgs struct {
	Cover int64 `json:"cover"`
}

// coverDue is the job that says that nobody said yes.
func (r *Rota) coverDue(ctx context.Context, raw json.RawMessage) error {
	var args coverArgs
	if err := json.Unmarshal(raw, &args); err != nil {
		return job.Permanent(err)
	}
	return r.DB.Write(ctx, func(tx *db.Tx) error {
		c, err := coverByID(ctx, tx, args.Cover)
		if fault.Is(err, fault.KindNotFound) || err == nil && (c.State != Asked || c.DueAt > tx.Now) {
			return nil
		}
		if err != nil {
			return err
		}
		_, err = r.nobody(ctx, tx, c)
		return err
	})
}

// nobody ends a cover that nobody said yes to: whoever asked and whoever plans are told.
func (r *Rota) nobody(ctx context.Context, tx *db.Tx, c Cover) (Cover, error) {
	ended, err := r.endCover(ctx, tx, c, Nobody, 0)
	if err != nil || !ended {
		return c, err
	}
	c.State, c.EndedAt = Nobody, tx.Now
	if err := r.tell(ctx, tx, RotaNews, c.URL(), i18n.M("Nobody could cover for you, {{.From}} – {{.Until}}. You are on shift still; whoever plans the rota knows", "From", c.FromAt, "Until", c.UntilAt), c.AskerID); err != nil {
		return c, err
	}
	leads, err := Planners(ctx, tx, c.TeamID)
	if err != nil {
		return c, err
	}
	names, err := person.Names(ctx, tx, []int64{c.AskerID})
	if err != nil {
		return c, err
	}
	leads = slices.DeleteFunc(leads, func(id int64) bool { return id == c.AskerID })
	return c, r.tell(ctx, tx, RotaNews, c.URL(), i18n.M("{{.Name}} asked to be covered, {{.From}} – {{.Until}}, and nobody could", "Name", names[c.AskerID], "From", c.FromAt, "Until", c.UntilAt), leads...)
}

// endCover ends what was asked, and has it vanish for all who were. It tells whether it was asked still.
func (r *Rota) endCover(ctx context.Context, tx *db.Tx, c Cover, state State, taker int64) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE shift_cover SET state = $2, taker_id = $3, ended_at = $4 WHERE id = $1 AND state = 'asked'`, c.ID, string(state), orNull(taker), tx.Now)
	if err != nil || n == 0 {
		return false, err
	}
	asked, err := askedOf(ctx, tx, c.ID)
	if err != nil {
		return false, err
	}
	for _, id := range append(asked, c.AskerID) {
		tx.Signal(signal, id)
	}
	return true, r.told(ctx, tx, c.URL(), asked...)
}

func askedOf(ctx context.Context, tx *db.Tx, coverID int64) ([]int64, error) {
	return db.All[int64](ctx, tx, `SELECT person_id FROM shift_cover_ask WHERE cover_id = $1 ORDER BY person_id`, coverID)
}

func coverByID(ctx context.Context, tx *db.Tx, id int64) (Cover, error) {
	c, err := db.One[Cover](ctx, tx, `SELECT `+coverColumns+` FROM shift_cover WHERE id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		err = noCover()
	}
	return c, err
}

func noCover() error { return fault.NotFound(i18n.M("Nobody asks for this any more.")) }

// SeeCover finds a cover for whoever asked, whoever was asked, and whoever plans.
func SeeCover(ctx context.Context, tx *db.Tx, a person.Actor, id int64) (c Cover, asked []int64, err error) {
	if c, err = coverByID(ctx, tx, id); err != nil {
		return c, nil, err
	}
	if asked, err = askedOf(ctx, tx, id); err != nil {
		return c, nil, err
	}
	if !person.Can(a, person.SeeRota, person.Thing{TeamID: c.TeamID}) || a.ID != c.AskerID && !slices.Contains(asked, a.ID) && !person.Can(a, person.PlanRota, person.Thing{TeamID: c.TeamID}) {
		return Cover{}, nil, noCover()
	}
	return c, asked, nil
}

// AcceptCover is a colleague's yes. The first one counts: the part of the shift is theirs at once, and the asks of all others vanish.
func (r *Rota) AcceptCover(ctx context.Context, tx *db.Tx, by person.Actor, id int64) (Cover, error) {
	c, asked, err := SeeCover(ctx, tx, by, id)
	if err != nil {
		return c, err
	}
	if by.ReadOnly || !slices.Contains(asked, by.ID) {
		return c, fault.Denied(i18n.M("You were not asked."))
	}
	all, err := lockAll(ctx, tx, []int64{by.ID, c.AskerID}, []int64{c.ShiftID})
	if err != nil {
		return c, err
	}
	ended, err := r.endCover(ctx, tx, c, Taken, by.ID)
	if err != nil {
		return c, err
	}
	if !ended {
		return r.tooLate(ctx, tx, by, id)
	}
	s := all[c.ShiftID]
	c.State, c.TakerID, c.EndedAt, c.FromAt = Taken, by.ID, tx.Now, max(c.FromAt, tx.Now)
	if s.PersonID != c.AskerID || c.UntilAt <= tx.Now {
		return c, fault.Conflict(i18n.M("Nobody asks for this any more."))
	}
	part := s.piece(Span{c.FromAt, c.UntilAt})
	conflicts, err := r.against(ctx, tx, by, part, by.ID)
	if err != nil {
		return c, err
	}
	if Worst(conflicts) > Note {
		return c, refusal(conflicts)
	}
	if _, err := tx.Exec(ctx, `UPDATE shift_cover SET from_at = $2 WHERE id = $1`, c.ID, c.FromAt); err != nil {
		return c, err
	}
	if err := r.split(ctx, tx, s, part, by.ID); err != nil {
		return c, err
	}
	if err := r.tell(ctx, tx, RotaNews, c.URL(), i18n.M("{{.Name}} covers for you, {{.From}} – {{.Until}}. You can thank them with a card", "Name", by.Name, "From", c.FromAt, "Until", c.UntilAt), c.AskerID); err != nil {
		return c, err
	}
	if r.Thank != nil {
		return c, r.Thank(ctx, tx, c)
	}
	return c, nil
}

// tooLate says what became of it meanwhile.
func (r *Rota) tooLate(ctx context.Context, tx *db.Tx, by person.Actor, id int64) (Cover, error) {
	c, err := coverByID(ctx, tx, id)
	switch {
	case err != nil:
		return c, err
	case c.State == Taken && c.TakerID == by.ID:
		return c, nil // sent twice
	case c.State == Taken:
		return c, fault.Conflict(i18n.M("A colleague was a moment faster and covers already. Thank you for offering."))
	}
	return c, fault.Conflict(i18n.M("Nobody asks for this any more."))
}

// split gives a part of a shift to somebody. What is left before and after it stays with whoever had it.
func (r *Rota) split(ctx context.Context, tx *db.Tx, s, part Shift, to int64) error {
	before, after := s.piece(Span{s.FromAt, part.FromAt}), s.piece(Span{part.UntilAt, s.UntilAt})
	for _, rest := range []*Shift{&before, &after} {
		rest.ForID = s.ForID
	}
	part.PersonID, part.ForID = to, s.PersonID
	var rest []Shift
	for _, p := range []Shift{before, part, after} {
		if p.FromAt < p.UntilAt {
			rest = append(rest, p)
		}
	}
	// The first piece keeps the row, so that its pattern knows that it is made; when somebody takes it from its beginning on, the row goes on as what stays.
	keep := 0
	if rest[0].PersonID == to && len(rest) > 1 {
		keep = 1
	}
	for i, p := range rest {
		if i == keep {
			p.ID, p.Day = s.ID, s.Day
			if err := r.hand(ctx, tx, p); err != nil {
				return err
			}
			continue
		}
		id, err := insert(ctx, tx, p)
		if err != nil {
			return err
		}
		p.ID = id
		if err := r.follow(ctx, tx, p); err != nil {
			return err
		}
	}
	return nil
}

// PassCover is a colleague's no. When nobody is left who could say yes, that is said at once.
func (r *Rota) PassCover(ctx context.Context, tx *db.Tx, by person.Actor, id int64) error {
	c, asked, err := SeeCover(ctx, tx, by, id)
	if err != nil || by.ReadOnly || !slices.Contains(asked, by.ID) || c.State != Asked {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE shift_cover_ask SET passed = TRUE WHERE cover_id = $1 AND person_id = $2`, id, by.ID); err != nil {
		return err
	}
	tx.Signal(signal, by.ID)
	if err := r.told(ctx, tx, c.URL(), by.ID); err != nil {
		return err
	}
	if err := tx.Lock(ctx, "shift_cover", id); err != nil { // two who pass at once must not both think that the other could say yes
		return err
	}
	left, err := db.Exists(ctx, tx, `SELECT 1 FROM shift_cover_ask WHERE cover_id = $1 AND NOT passed`, id)
	if err != nil || left {
		return err
	}
	_, err = r.nobody(ctx, tx, c)
	return err
}

// WithdrawCover is the asker not needing it any more.
func (r *Rota) WithdrawCover(ctx context.Context, tx *db.Tx, by person.Actor, id int64) error {
	c, _, err := SeeCover(ctx, tx, by, id)
	if err != nil {
		return err
	}
	if by.ReadOnly || c.AskerID != by.ID {
		return fault.Denied(i18n.M("Only who asked can take it back."))
	}
	_, err = r.endCover(ctx, tx, c, Withdrawn, 0)
	return err
}

// CoversFor lists what somebody is asked to cover and has not answered, the first first.
func CoversFor(ctx context.Context, tx *db.Tx, personID int64) ([]Cover, error) {
	return db.All[Cover](ctx, tx, `SELECT `+coverColumns+` FROM shift_cover c WHERE c.state = 'asked' AND c.until_at > $2
		AND EXISTS (SELECT 1 FROM shift_cover_ask a WHERE a.cover_id = c.id AND a.person_id = $1 AND NOT a.passed) ORDER BY c.from_at, c.id LIMIT 5`, personID, tx.Now)
}

// CoverOf gives what somebody asked last of a shift and is still asked; false for none.
func CoverOf(ctx context.Context, tx *db.Tx, personID int64) (Cover, bool, error) {
	all, err := db.All[Cover](ctx, tx, `SELECT `+coverColumns+` FROM shift_cover WHERE asker_id = $1 AND state = 'asked' AND until_at > $2 ORDER BY asked_at DESC LIMIT 1`, personID, tx.Now)
	if err != nil || len(all) == 0 {
		return Cover{}, false, err
	}
	return all[0], true, nil
}
