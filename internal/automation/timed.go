package automation

import (
	"context"
	"slices"
	"strings"
	"time"

	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/ticket"
)

// Conditions about time are kept by a watermark: the tickets are due whose moment (since when they are pending, say) lies after the
// mark and not after the latest moment from which on the asked-for time has passed by now. That is a range of an index, mostly an
// empty one. See docs/decisions/012.

// arm begins to watch the time for a rule that was switched on. already says that tickets count for which the time has passed.
func arm(ctx context.Context, tx *db.Tx, r Rule, already bool) error {
	if _, err := tx.Exec(ctx, `DELETE FROM rule_mark WHERE rule_id = $1`, r.ID); err != nil {
		return err
	}
	for part, w := range r.Definition.When {
		since, mark := tx.Now, clock.Instant(-1)
		switch {
		case w.On == Recurs:
			mark = tx.Now
		case !w.On.Timed():
			continue
		case already:
			since, mark = 0, 0
		}
		for i := range w.ranges() {
			if _, err := tx.Exec(ctx, `INSERT INTO rule_mark (rule_id, part, mark, since) VALUES ($1, $2, $3, $4)`, r.ID, part*maxRanges+i, mark, since); err != nil {
				return err
			}
		}
	}
	return nil
}

// maxRanges is how many ranges one condition can have.
const maxRanges = 10

// ranges is how many ranges of an index a condition about time watches: one for each status.
func (w When) ranges() int {
	if w.On == StatusFor {
		return len(w.To)
	}
	return 1
}

// The tickets that are due: their moment lies after the mark, and not after $3. Of one moment they come by their number. What the
// partial index asks for stands last: SQLite begins a range at the first bound that it meets.
const (
	dueByStatus     = `SELECT id, status_at AS at FROM ticket WHERE status = $5 AND (status_at, id) > ($1, $2) AND status_at <= $3 ORDER BY status_at, id LIMIT $4`
	dueByWait       = `SELECT id, waiting_since AS at FROM ticket WHERE turn = 'ours' AND (waiting_since, id) > ($1, $2) AND waiting_since <= $3 AND waiting_since > 0 ORDER BY waiting_since, id LIMIT $4`
	dueByUnanswered = `SELECT id, created_at AS at FROM ticket WHERE is_open = TRUE AND answered_at = 0 AND (created_at, id) > ($1, $2) AND created_at <= $3 ORDER BY created_at, id LIMIT $4`
	dueByAge        = `SELECT id, created_at AS at FROM ticket WHERE (created_at, id) > ($1, $2) AND created_at <= $3 ORDER BY created_at, id LIMIT $4`
)

type due struct {
	ID int64
	At clock.Instant
}

// dueIn gives the tickets of a range, the earliest first.
func dueIn(ctx context.Context, tx *db.Tx, w When, i int, m mark, until clock.Instant, limit int) ([]due, error) {
	switch w.On {
	case StatusFor:
		return db.All[due](ctx, tx, dueByStatus, m.Mark, m.TicketID, until, limit, w.To[i])
	case WaitingFor:
		return db.All[due](ctx, tx, dueByWait, m.Mark, m.TicketID, until, limit)
	case UnansweredFor:
		return db.All[due](ctx, tx, dueByUnanswered, m.Mark, m.TicketID, until, limit)
	}
	return db.All[due](ctx, tx, dueByAge, m.Mark, m.TicketID, until, limit)
}

// mark is how far one range was looked at.
type mark struct {
	RuleID, Part int64
	Mark         clock.Instant
	TicketID     int64
	Since        clock.Instant
}

// endOfMoment stands for all tickets of a moment.
const endOfMoment = 1 << 62

// passed is the latest moment from which on the asked-for time has passed by now; ok is false when it never has.
func (g *Engine) passed(ctx context.Context, tx *db.Tx, s Span, now clock.Instant) (at clock.Instant, ok bool, err error) {
	if !s.Working {
		return now.Add(-time.Duration(s.N*s.Unit.minutes()) * time.Minute), true, nil
	}
	row, c, err := g.calendar(ctx, tx, s.Calendar)
	if err != nil {
		return 0, false, err
	}
	at, ok = c.Since(now, s.worked(row.Definition))
	return at, ok, nil
}

// worked is how much working time a span is in a calendar. A working day is what the days of its week that have hours have on average.
func (s Span) worked(d calendar.Definition) time.Duration {
	if s.Unit != Days {
		return time.Duration(s.N*s.Unit.minutes()) * time.Minute
	}
	return time.Duration(s.N) * WorkingDay(d)
}

// WorkingDay is how long a working day of a calendar is.
func WorkingDay(d calendar.Definition) time.Duration {
	minutes, days := 0, 0
	for _, spans := range d.Hours {
		if len(spans) > 0 {
			days++
		}
		for _, s := range spans {
			minutes += int(s.To - s.From)
		}
	}
	if days == 0 {
		return 8 * time.Hour
	}
	return time.Duration(minutes) * time.Minute / time.Duration(days)
}

// calendarNote remembers for a transaction a calendar by its name.
type calendarNote string

type calendarFound struct {
	row calendar.Row
	c   *calendar.Calendar
}

// calendar finds a calendar by its name, "" for the desk's standard one.
func (g *Engine) calendar(ctx context.Context, tx *db.Tx, name string) (calendar.Row, *calendar.Calendar, error) {
	if f, ok := tx.Notes()[calendarNote(name)].(calendarFound); ok {
		return f.row, f.c, nil
	}
	row, c, err := findCalendar(ctx, tx, g.Calendars, name)
	if err == nil {
		tx.Notes()[calendarNote(name)] = calendarFound{row, c}
	}
	return row, c, err
}

func findCalendar(ctx context.Context, tx *db.Tx, store *calendar.Store, name string) (calendar.Row, *calendar.Calendar, error) {
	if name == "" {
		return store.Standard(ctx, tx)
	}
	all, err := store.All(ctx, tx)
	if err != nil {
		return calendar.Row{}, nil, err
	}
	at := slices.IndexFunc(all, func(r calendar.Row) bool { return strings.EqualFold(r.Name, name) })
	if at < 0 {
		return calendar.Row{}, nil, fault.Invalid(fault.F("calendar", i18n.M("There is no calendar “{{.Name}}”.", "Name", name)))
	}
	return store.ByID(ctx, tx, all[at].ID)
}

// checkSpan tells whether a length of time can ever pass.
func checkSpan(ctx context.Context, tx *db.Tx, s Span) error {
	if !s.Working {
		return nil
	}
	row, c, err := findCalendar(ctx, tx, new(calendar.Store), s.Calendar)
	if err != nil {
		return err
	}
	if _, ever := c.Due(tx.Now, s.worked(row.Definition)); !ever {
		return fault.Invalid(fault.F("calendar", i18n.M("The calendar “{{.Name}}” has too little working time for that ever to pass.", "Name", row.Name)))
	}
	return nil
}

// How much is done in one transaction, and how long a mark may stay behind when nothing is due.
const (
	dueChunk  = 25
	markEvery = time.Hour
)

// Sweep acts for all conditions about time that are due, and for the recurrences. The program calls it again and again; when there
// is nothing to do it reads a few rows and writes nothing.
func (g *Engine) Sweep(ctx context.Context) error {
	var work []trigger
	var parts []int
	err := g.DB.Read(ctx, func(tx *db.Tx) error {
		work, parts = nil, nil
		s, err := g.current(ctx, tx)
		if err != nil || len(s.timed)+len(s.recurs) == 0 {
			return err
		}
		marks, err := g.marks(ctx, tx, 0)
		if err != nil {
			return err
		}
		for _, x := range slices.Concat(s.timed, s.recurs) {
			for i := range x.when().ranges() {
				m, ok := marks[x.markKey(i)]
				if !ok {
					continue
				}
				wanted, err := g.wants(ctx, tx, x, i, m)
				if err != nil {
					return err
				}
				if wanted {
					work, parts = append(work, x), append(parts, i)
				}
			}
		}
		return nil
	})
	for n, x := range work {
		for more := true; more && err == nil; {
			more, err = g.step(ctx, x, parts[n])
		}
	}
	return err
}

func (x trigger) markKey(i int) [2]int64 { return [2]int64{x.ID, int64(x.part*maxRanges + i)} }

// marks gives the marks of a rule, or of all (0).
func (g *Engine) marks(ctx context.Context, tx *db.Tx, ruleID int64) (map[[2]int64]mark, error) {
	rows, err := db.All[mark](ctx, tx, `SELECT rule_id, part, mark, ticket_id, since FROM rule_mark WHERE $1 = 0 OR rule_id = $1`, ruleID)
	out := make(map[[2]int64]mark, len(rows))
	for _, m := range rows {
		out[[2]int64{m.RuleID, m.Part}] = m
	}
	return out, err
}

// wants tells whether there is something to write for a range.
func (g *Engine) wants(ctx context.Context, tx *db.Tx, x trigger, i int, m mark) (bool, error) {
	if x.on == Recurs {
		next, ok, err := g.next(x, m)
		return ok && next <= tx.Now || err != nil, nil
	}
	until, ok, err := g.passed(ctx, tx, x.when().For, tx.Now)
	if mustEnd(ctx, err) {
		return false, err
	}
	if err != nil || m.Mark < 0 { // a calendar that is gone is told in step
		return true, nil
	}
	if !ok || until <= m.Mark {
		return false, nil
	}
	if until.Sub(m.Mark) > markEvery && m.Mark > 0 {
		return true, nil
	}
	found, err := dueIn(ctx, tx, x.when(), i, m, until, 1)
	return len(found) > 0 || m.Mark == 0, err
}

// step acts for some of what is due in a range, in one transaction, and moves its mark.
func (g *Engine) step(ctx context.Context, x trigger, i int) (more bool, err error) {
	err = g.DB.Write(ctx, func(tx *db.Tx) error {
		more = false
		if err := tx.Lock(ctx, "rule", x.ID); err != nil {
			return err
		}
		s, err := g.current(ctx, tx)
		if err != nil {
			return err
		}
		now, on := s.rules[x.ID]
		if !on || now.VersionID != x.VersionID {
			return nil // it was changed or switched off meanwhile
		}
		marks, err := g.marks(ctx, tx, x.ID)
		if err != nil {
			return err
		}
		m, ok := marks[x.markKey(i)]
		if !ok {
			return nil
		}
		if x.on == Recurs {
			return g.comeRound(ctx, tx, x, m)
		}
		more, err = g.actOnDue(ctx, tx, x, i, m)
		return err
	})
	return more, err
}

// actOnDue acts on the tickets of a range that are due.
func (g *Engine) actOnDue(ctx context.Context, tx *db.Tx, x trigger, i int, m mark) (more bool, err error) {
	w := x.when()
	until, ok, err := g.passed(ctx, tx, w.For, tx.Now)
	if err != nil {
		return false, g.failedOnce(ctx, tx, x, err)
	}
	if !ok {
		return false, nil
	}
	if m.Mark < 0 {
		began, ok, err := g.passed(ctx, tx, w.For, m.Since)
		if err != nil || !ok {
			return false, err
		}
		m.Mark, m.TicketID = began, endOfMoment
	}
	found, err := dueIn(ctx, tx, w, i, m, until, dueChunk)
	if err != nil {
		return false, err
	}
	for _, d := range found {
		moment := moment{On: w.On}
		if w.On == StatusFor {
			moment.To = w.To[i]
		}
		if err := g.actOn(ctx, tx, x, moment, d.ID); err != nil {
			return false, err
		}
		m.Mark, m.TicketID = d.At, d.ID
	}
	if more = len(found) == dueChunk; !more {
		m.Mark, m.TicketID = max(m.Mark, until), endOfMoment
	}
	return more, g.moveMark(ctx, tx, m)
}

func (g *Engine) moveMark(ctx context.Context, tx *db.Tx, m mark) error {
	_, err := tx.Exec(ctx, `UPDATE rule_mark SET mark = $3, ticket_id = $4 WHERE rule_id = $1 AND part = $2`, m.RuleID, m.Part, m.Mark, m.TicketID)
	return err
}

// failedOnce is failed for what stays wrong: it is noted once an hour.
func (g *Engine) failedOnce(ctx context.Context, tx *db.Tx, x trigger, failure error) error {
	if mustEnd(ctx, failure) {
		return failure
	}
	noted, err := db.Exists(ctx, tx, `SELECT 1 FROM rule_run WHERE rule_id = $1 AND outcome = 'failed' AND ticket_id IS NULL AND at > $2 LIMIT 1`, x.ID, tx.Now.Add(-tellAgain))
	if err != nil || noted {
		return err
	}
	return g.failed(ctx, tx, x, 0, failure)
}

// late acts for tickets whose time had passed while no range could have them: those who wait for us again after it was not our turn,
// and those that are put back to a status that they had had before.
func (g *Engine) late(ctx context.Context, tx *db.Tx, s *set, e ticket.Event, t ticket.Ticket) error {
	if e.What != ticket.StatusChanged && e.What != ticket.SnoozeChanged && e.What != ticket.Trashed {
		return nil
	}
	for _, x := range s.timed {
		w, i, since := x.when(), 0, clock.Instant(0)
		switch {
		case w.On == WaitingFor && t.Turn == ticket.Ours:
			since = t.WaitingSince
		case w.On == StatusFor && t.StatusAt < tx.Now:
			if i = slices.Index(w.To, string(t.Status)); i >= 0 {
				since = t.StatusAt
			}
		}
		if since == 0 {
			continue
		}
		missed, err := g.missed(ctx, tx, x, i, t, since)
		if err != nil {
			return err
		}
		if missed {
			if err := g.actOn(ctx, tx, x, moment{On: w.On}, t.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// missed tells whether the mark of a range has gone past a ticket for which the rule has not acted since then.
func (g *Engine) missed(ctx context.Context, tx *db.Tx, x trigger, i int, t ticket.Ticket, since clock.Instant) (bool, error) {
	marks, err := g.marks(ctx, tx, x.ID)
	m, ok := marks[x.markKey(i)]
	if err != nil || !ok || m.Mark < since {
		return false, err
	}
	if m.Since != 0 {
		began, ok, err := g.passed(ctx, tx, x.when().For, m.Since)
		if mustEnd(ctx, err) {
			return false, err
		}
		if err != nil || !ok || since <= began {
			return false, nil
		}
	}
	done, err := db.Exists(ctx, tx, `SELECT 1 FROM rule_run WHERE ticket_id = $1 AND rule_id = $2 AND at >= $3 LIMIT 1`, t.ID, x.ID, since)
	return !done, err
}
