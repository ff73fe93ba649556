package stint

import (
	"context"
	"errors"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// mostDue is how many stints one sweep looks at.
const mostDue = 100

// Sweep does what is due: reminders, stints that begin and end, mentors who are gone. The program calls it now and then.
func (k *Keeper) Sweep(ctx context.Context) error {
	var due []int64
	err := k.DB.Read(ctx, func(tx *db.Tx) (err error) {
		due, err = db.All[int64](ctx, tx, `SELECT id FROM stint WHERE due_at > 0 AND due_at <= $1 ORDER BY due_at LIMIT $2`, tx.Now, mostDue)
		return err
	})
	all := []error{err}
	for _, id := range due {
		all = append(all, k.DB.Write(ctx, func(tx *db.Tx) error { return k.step(ctx, tx, id) }))
	}
	return errors.Join(append(all, k.sweepMentors(ctx), k.sweepGuests(ctx))...)
}

// sweepGuests ends the stints of who works at the desk by now, or is not active any more.
func (k *Keeper) sweepGuests(ctx context.Context) error {
	var done []int64
	err := k.DB.Read(ctx, func(tx *db.Tx) (err error) {
		done, err = db.All[int64](ctx, tx, `SELECT s.id FROM stint s JOIN person p ON p.id = s.person_id WHERE s.state = 'running' AND (p.role <> 'requester' OR NOT p.active OR p.merged_into IS NOT NULL) ORDER BY s.id LIMIT 20`)
		return err
	})
	all := []error{err}
	for _, id := range done {
		all = append(all, k.DB.Write(ctx, func(tx *db.Tx) error {
			s, err := locked(ctx, tx, id)
			if err != nil || s.State != Running {
				return err
			}
			return k.end(ctx, tx, s)
		}))
	}
	return errors.Join(all...)
}

// sweepMentors finds others for mentors who do not work at the desk any more, or are away while their guest is there.
func (k *Keeper) sweepMentors(ctx context.Context) error {
	var gone []int64
	err := k.DB.Read(ctx, func(tx *db.Tx) (err error) {
		gone, err = db.All[int64](ctx, tx, `SELECT p.id FROM stint s JOIN person p ON p.id = s.mentor_id WHERE s.state IN ('invited', 'agreed', 'running')
			AND (NOT p.active OR p.merged_into IS NOT NULL OR p.role = 'requester' OR s.state = 'running' AND EXISTS (SELECT 1 FROM absence a WHERE a.person_id = p.id AND a.from_at <= $1 AND a.until_at > $1))
			GROUP BY p.id ORDER BY p.id LIMIT 20`, tx.Now)
		return err
	})
	all := []error{err}
	for _, id := range gone {
		all = append(all, k.DB.Write(ctx, func(tx *db.Tx) error { return k.ReplaceMentor(ctx, tx, id) }))
	}
	return errors.Join(all...)
}

// Forget drops whispers of long ago. The program calls it now and then.
func (k *Keeper) Forget(ctx context.Context) error {
	return k.DB.Write(ctx, func(tx *db.Tx) error { return sweepWhispers(ctx, tx) })
}

// step brings one stint up to the present.
func (k *Keeper) step(ctx context.Context, tx *db.Tx, id int64) error {
	s, err := locked(ctx, tx, id)
	if fault.Is(err, fault.KindNotFound) {
		return nil
	}
	if err != nil || s.DueAt == 0 || s.DueAt > tx.Now {
		return err
	}
	switch {
	case s.State == Running:
		return k.end(ctx, tx, s)
	case s.Until <= tx.Now: // it was over before it was looked at
		s.State, s.EndedAt = Cancelled, tx.Now
		return s.put(ctx, tx)
	case s.State == Invited && s.FromAt <= tx.Now: // nobody said yes
		s.State, s.EndedAt = Cancelled, tx.Now
		if err := s.put(ctx, tx); err != nil {
			return err
		}
		return errors.Join(k.mail(ctx, tx, s, s.PersonID, LetterCalled), k.mail(ctx, tx, s, s.MentorID, LetterCalled))
	case s.State == Agreed && s.FromAt <= tx.Now:
		return k.begin(ctx, tx, s)
	}
	if err := k.onShift(ctx, tx, &s); err != nil {
		return err
	}
	s.RemindedAt = tx.Now
	if err := s.put(ctx, tx); err != nil {
		return err
	}
	return k.mail(ctx, tx, s, s.PersonID, LetterReminds)
}

// onShift has somebody else be beside a guest where the rota that was published since has their mentor elsewhere; the leads are told where nobody is free.
func (k *Keeper) onShift(ctx context.Context, tx *db.Tx, s *Stint) error {
	rota, err := k.rota(ctx, tx, s.TeamID, s.FromAt, s.Until)
	if err != nil || s.MentorID == 0 || rota.has(s.MentorID, s.FromAt, s.Until) {
		return err
	}
	was := s.MentorID
	id, err := k.mentorAt(ctx, tx, *s, s.FromAt, s.Until, was)
	if f, ok := fault.Of(err); ok && f.Kind == fault.KindConflict {
		return k.tellLeads(ctx, tx, *s, i18n.M("The mentor of a guest is not on shift on {{.Date}}, and no other is", "Date", s.FromAt))
	}
	if err != nil {
		return err
	}
	s.MentorID = id
	if err := s.put(ctx, tx); err != nil {
		return err
	}
	return k.mentorChanged(ctx, tx, *s, was)
}

// Begin begins a turn that was agreed to, as the one whose turn it is: up to an hour before its time.
func (k *Keeper) Begin(ctx context.Context, tx *db.Tx, a person.Actor, id int64) error {
	s, err := own(ctx, tx, a, id)
	if err != nil || s.State == Running {
		return err
	}
	if s.State != Invited && s.State != Agreed || s.Until <= tx.Now {
		return over()
	}
	if s.FromAt > tx.Now.Add(time.Hour) {
		return fault.Conflict(i18n.M("It is not time yet. You can begin an hour before."))
	}
	return k.begin(ctx, tx, s)
}

func (k *Keeper) begin(ctx context.Context, tx *db.Tx, s Stint) error {
	was := s.MentorID
	if err := k.checkMentor(ctx, tx, &s); err != nil {
		return err
	}
	s.State, s.BegunAt = Running, tx.Now
	if err := s.put(ctx, tx); err != nil {
		return err
	}
	if was != s.MentorID {
		if err := k.mentorChanged(ctx, tx, s, was); err != nil {
			return err
		}
	}
	until := s.Until
	if s.Kind == Apprenticeship {
		until = clock.Instant(1) << 60
	}
	if err := person.LetIn(ctx, tx, s.PersonID, tx.Now, until); err != nil {
		return err
	}
	if err := k.follow(ctx, tx, s); err != nil || k.Tell == nil || s.MentorID == 0 {
		return err
	}
	who, err := person.Get(ctx, tx, s.PersonID)
	if err != nil {
		return err
	}
	return k.Tell(ctx, tx, []int64{s.MentorID}, MentoringURL(s.ID), i18n.M("{{.Name}} is at the desk, beside you", "Name", who.Name))
}

// checkMentor finds another mentor where the one of before may not work for the team any more; nobody where there is none.
func (k *Keeper) checkMentor(ctx context.Context, tx *db.Tx, s *Stint) error {
	if s.MentorID != 0 {
		a, err := person.ActorOf(ctx, tx, s.MentorID)
		if err != nil && !errors.Is(err, db.ErrNoRow) {
			return err
		}
		away := false
		if err == nil && a.Staff() {
			if away, err = k.away(ctx, tx, s.MentorID, tx.Now, tx.Now.Add(time.Minute)); err != nil {
				return err
			}
			if !away && person.Can(a, person.ChangeTicket, person.Thing{TeamID: s.TeamID}) {
				return nil
			}
		}
	}
	id, err := k.mentorAt(ctx, tx, Stint{ID: s.ID, TeamID: s.TeamID}, tx.Now, max(s.Until, tx.Now+1))
	if f, ok := fault.Of(err); ok && f.Kind == fault.KindConflict {
		id, err = 0, nil
	}
	s.MentorID = id
	return err
}

// ReplaceMentor finds another mentor for the stints of somebody who cannot be one any more: they left, or are away from now on. The guest
// is told; where nobody is free the leads are.
func (k *Keeper) ReplaceMentor(ctx context.Context, tx *db.Tx, mentorID int64) error {
	all, err := Beside(ctx, tx, mentorID)
	if err != nil {
		return err
	}
	for _, s := range all {
		was := s.MentorID
		if err := k.checkMentor(ctx, tx, &s); err != nil {
			return err
		}
		if s.MentorID == was {
			continue
		}
		if err := s.put(ctx, tx); err != nil {
			return err
		}
		if err := k.mentorChanged(ctx, tx, s, was); err != nil {
			return err
		}
		if s.MentorID == 0 {
			if err := k.tellLeads(ctx, tx, s, i18n.M("A guest of the desk has no mentor")); err != nil {
				return err
			}
		}
	}
	return nil
}

// end ends a turn: what was lent is taken back, and the guest is asked for what they saw.
func (k *Keeper) end(ctx context.Context, tx *db.Tx, s Stint) error {
	if err := k.letGo(ctx, tx, s); err != nil {
		return err
	}
	s.State, s.EndedAt = Over, tx.Now
	if err := s.put(ctx, tx); err != nil {
		return err
	}
	return k.mail(ctx, tx, s, s.PersonID, LetterDebrief)
}

// Finish ends a turn before its time, as the one whose turn it is or who plans it.
func (k *Keeper) Finish(ctx context.Context, tx *db.Tx, a person.Actor, id int64) error {
	s, err := locked(ctx, tx, id)
	if err != nil {
		return err
	}
	if (s.PersonID != a.ID || !a.SignedIn()) && !person.Can(a, person.PlanStints, person.Thing{}) {
		return fault.NotFound(i18n.M("There is no such stint."))
	}
	if s.State == Over {
		return nil
	}
	if s.State != Running {
		return over()
	}
	return k.end(ctx, tx, s)
}

// letGo takes back what was lent. Drafts that the mentor was asked to look at stay theirs to send.
func (k *Keeper) letGo(ctx context.Context, tx *db.Tx, s Stint) error {
	if _, err := tx.Exec(ctx, `UPDATE stint_ticket SET given_back_at = $2 WHERE stint_id = $1 AND given_back_at = 0`, s.ID, tx.Now); err != nil {
		return err
	}
	return person.ShowOut(ctx, tx, s.PersonID)
}
