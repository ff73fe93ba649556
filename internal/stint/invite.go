package stint

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// planned gives a stint, locked, to whoever plans stints.
func planned(ctx context.Context, tx *db.Tx, by person.Actor, id int64) (Stint, error) {
	if !person.Can(by, person.PlanStints, person.Thing{}) {
		return Stint{}, fault.Denied(i18n.M("Stints are planned by who leads the desk."))
	}
	return locked(ctx, tx, id)
}

// over says that a stint can no longer be changed in a way that is wanted.
func over() error {
	return fault.Conflict(i18n.M("This stint is over, or does not take place any more."))
}

// Invite asks somebody to the turn that was proposed, and tells the mentor. One who was asked is not asked again.
func (k *Keeper) Invite(ctx context.Context, tx *db.Tx, by person.Actor, id int64) error {
	s, err := planned(ctx, tx, by, id)
	if err != nil || s.State == Invited || s.State == Agreed {
		return err
	}
	if s.State != Proposed {
		return over()
	}
	if s.FromAt <= tx.Now {
		return fault.Conflict(i18n.M("This date is past. Please propose another one."))
	}
	s.State, s.InvitedAt = Invited, tx.Now
	if err := s.put(ctx, tx); err != nil {
		return err
	}
	if err := k.mail(ctx, tx, s, s.PersonID, LetterInvites); err != nil {
		return err
	}
	return k.mail(ctx, tx, s, s.MentorID, LetterMentor)
}

func (k *Keeper) mail(ctx context.Context, tx *db.Tx, s Stint, personID int64, about string) error {
	if k.Mail == nil || personID == 0 {
		return nil
	}
	if err := k.keepInvitation(ctx, tx, s, personID); err != nil {
		return err
	}
	return k.Mail(ctx, tx, Letter{StintID: s.ID, PersonID: personID, About: about})
}

// Agree says yes to an invitation, as the one who was invited. Twice is no error.
func (k *Keeper) Agree(ctx context.Context, tx *db.Tx, a person.Actor, id int64) error {
	s, err := own(ctx, tx, a, id)
	if err != nil || s.State == Agreed || s.State == Running {
		return err
	}
	if s.State != Invited && s.State != Declined || s.Until <= tx.Now {
		return over()
	}
	again, was := s.State == Declined, s.MentorID
	if again { // the mentor may have another guest then
		if s.MentorID, err = k.mentorAt(ctx, tx, s, max(s.FromAt, tx.Now), s.Until); err != nil {
			return err
		}
	}
	s.State, s.Answer = Agreed, ""
	if err := s.put(ctx, tx); err != nil {
		return err
	}
	if again {
		if err := k.mail(ctx, tx, s, s.MentorID, LetterMentor); err != nil {
			return err
		}
		if was != s.MentorID {
			if err := k.mail(ctx, tx, s, s.PersonID, LetterMoved); err != nil {
				return err
			}
		}
	}
	return k.answered(ctx, tx, s, i18n.M("{{.Name}} is glad to come", "Name", a.Name))
}

// maxAnswer is how long an answer to an invitation may be, in letters.
const maxAnswer = 500

// Decline says no to a date, with why for whoever plans; words may be "".
func (k *Keeper) Decline(ctx context.Context, tx *db.Tx, a person.Actor, id int64, words string) error {
	s, err := own(ctx, tx, a, id)
	if err != nil {
		return err
	}
	return k.decline(ctx, tx, s, a, words, true)
}

// decline says no. tell mails it to their calendar, which does not know yet.
func (k *Keeper) decline(ctx context.Context, tx *db.Tx, s Stint, a person.Actor, words string, tell bool) error {
	if s.State != Invited && s.State != Agreed {
		return over()
	}
	words = strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(words, "\uFFFD"), "\x00", ""))
	if n := utf8.RuneCountInString(words); n > maxAnswer {
		return fault.Invalid(fault.F("words", i18n.M("Please keep it to {{.Count}} letters; this has {{.Has}}.", "Count", maxAnswer, "Has", n)))
	}
	s.State, s.Answer = Declined, words
	if err := s.put(ctx, tx); err != nil {
		return err
	}
	if err := k.mail(ctx, tx, s, s.MentorID, LetterCalled); err != nil {
		return err
	}
	if tell {
		if err := k.mail(ctx, tx, s, s.PersonID, LetterCalled); err != nil {
			return err
		}
	}
	return k.answered(ctx, tx, s, i18n.M("{{.Name}} cannot come at that time", "Name", a.Name))
}

// answered tells the mentor, and those who plan, what was said to an invitation.
func (k *Keeper) answered(ctx context.Context, tx *db.Tx, s Stint, text i18n.Text) error {
	if k.Tell == nil {
		return nil
	}
	if s.MentorID != 0 {
		if err := k.Tell(ctx, tx, []int64{s.MentorID}, MentoringURL(s.ID), text); err != nil {
			return err
		}
	}
	if s.State != Declined {
		return nil
	}
	leads, err := leads(ctx, tx)
	if err != nil {
		return err
	}
	return k.Tell(ctx, tx, leads, StintURL(s.ID), text)
}

// StintURL is the page of a stint for whoever plans them.
func StintURL(id int64) string { return "/stints/" + decimal(id) }

// leads are those who plan stints, 50 at most.
func leads(ctx context.Context, tx *db.Tx) ([]int64, error) {
	return db.All[int64](ctx, tx, `SELECT id FROM person WHERE active AND merged_into IS NULL AND role IN ('lead', 'administrator') ORDER BY id LIMIT 50`)
}

// Move changes the date of a turn that has not begun: as whoever is invited, or plans it. A mentor is found for it; when nobody is free then it is fault.Conflict and
// nothing changes. Who is invited has agreed to the date that they chose, which may lie as far ahead as Latest says.
func (k *Keeper) Move(ctx context.Context, tx *db.Tx, a person.Actor, id int64, from clock.Instant) error {
	s, err := locked(ctx, tx, id)
	if err != nil {
		return err
	}
	theirs := s.PersonID == a.ID && a.SignedIn() && s.State != Proposed
	if !theirs && !person.Can(a, person.PlanStints, person.Thing{}) {
		return fault.NotFound(i18n.M("There is no such stint."))
	}
	if !s.Open() && s.State != Declined || s.State == Running {
		return over()
	}
	until, err := k.checkDate(ctx, tx, s, theirs, from)
	if err != nil {
		return err
	}
	was := s.MentorID
	if s.MentorID, err = k.mentorAt(ctx, tx, s, from, until); err != nil {
		return err
	}
	s.FromAt, s.Until, s.RemindedAt = from, until, 0
	s.Sequence++
	if theirs {
		s.State = Agreed
	} else if s.State == Agreed || s.State == Declined {
		s.State = Invited
	}
	if err := s.put(ctx, tx); err != nil || s.State == Proposed {
		return err
	}
	if !theirs {
		if _, err := tx.Exec(ctx, `UPDATE stint_invite SET first_at = $3 WHERE stint_id = $1 AND person_id = $2`, s.ID, s.PersonID, from); err != nil {
			return err
		}
	}
	if err := k.mail(ctx, tx, s, s.PersonID, LetterMoved); err != nil {
		return err
	}
	if was != s.MentorID {
		if err := k.mail(ctx, tx, s, was, LetterCalled); err != nil {
			return err
		}
		return k.mail(ctx, tx, s, s.MentorID, LetterMentor)
	}
	return k.mail(ctx, tx, s, s.MentorID, LetterMoved)
}

// checkDate says until when a turn would take that begins at a moment, or what stands against it; theirs is that its guest chose it.
func (k *Keeper) checkDate(ctx context.Context, tx *db.Tx, s Stint, theirs bool, from clock.Instant) (until clock.Instant, err error) {
	if from < tx.Now.Add(time.Hour) {
		return 0, fault.Invalid(fault.F("from", i18n.M("Please choose a time that lies ahead.")))
	}
	if theirs {
		latest, err := k.Latest(ctx, tx, s)
		if err != nil {
			return 0, err
		}
		if from > latest {
			return 0, fault.Invalid(fault.F("from", i18n.M("Please choose a day until {{.Date}}. Whoever plans the turns can move it further.", "Date", i18n.Date(ctx, latest.Time()))))
		}
	}
	hours, err := k.hours(ctx, tx, s.TeamID)
	if err != nil {
		return 0, err
	}
	until, ok := hours.Due(from, hours.Worked(s.FromAt, s.Until))
	if !ok || !hours.Open(from) {
		return 0, fault.Invalid(fault.F("from", i18n.M("The desk is closed then. Please choose a time within its hours.")))
	}
	busy, err := k.busy(ctx, tx, s, from, until)
	if err == nil && !theirs && !busy { // who chooses a date knows best whether they are there
		busy, err = k.away(ctx, tx, s.PersonID, from, until)
	}
	if err == nil && busy {
		err = fault.Conflict(i18n.M("They are away then, or have another turn. Please choose another time."))
	}
	return until, err
}

// furthest is how many days a guest may move a turn from the date that was planned.
const furthest = 60

// Latest is until when a guest may move their turn by themselves: some weeks from the date that was planned, and not past the time of the next turn.
func (k *Keeper) Latest(ctx context.Context, tx *db.Tx, s Stint) (clock.Instant, error) {
	i, known, err := invitationTo(ctx, tx, s.ID, s.PersonID)
	if err != nil {
		return 0, err
	}
	planned := s.FromAt
	if known {
		planned = i.FirstAt
	}
	latest := planned.Add(furthest * 24 * time.Hour)
	if s.PolicyID != 0 {
		p, err := PolicyByID(ctx, tx, s.PolicyID)
		if err != nil {
			return 0, err
		}
		latest = min(latest, p.dueAfter(planned))
	}
	return latest, nil
}

// busy tells that the guest has another turn between two moments.
func (k *Keeper) busy(ctx context.Context, tx *db.Tx, s Stint, from, until clock.Instant) (bool, error) {
	return db.Exists(ctx, tx, `SELECT 1 FROM stint WHERE person_id = $1 AND id <> $2 AND state IN ('proposed', 'invited', 'agreed', 'running') AND from_at < $4 AND until > $3`, s.PersonID, s.ID, from, until)
}

// mentorAt is who is beside a guest at a time: the one of before where they are free, else another of the team; none of without.
func (k *Keeper) mentorAt(ctx context.Context, tx *db.Tx, s Stint, from, until clock.Instant, without ...int64) (int64, error) {
	mentors, err := Mentors(ctx, tx, s.TeamID)
	if err != nil {
		return 0, err
	}
	ids := []int64{}
	for _, m := range mentors {
		switch {
		case slices.Contains(without, m.ID):
		case m.ID == s.MentorID:
			ids = append([]int64{m.ID}, ids...)
		default:
			ids = append(ids, m.ID)
		}
	}
	rota, err := k.rota(ctx, tx, s.TeamID, from, until)
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		if free, err := k.free(ctx, tx, rota, id, s.ID, from, until); err != nil || free {
			return id, err
		}
	}
	return 0, fault.Conflict(i18n.M("No mentor is free at that time. Please choose another one."))
}

// Cancel calls a turn off that is not over, as who plans it. What was lent is taken back, and everybody is told who knew of it.
func (k *Keeper) Cancel(ctx context.Context, tx *db.Tx, by person.Actor, id int64) error {
	s, err := planned(ctx, tx, by, id)
	if err != nil || s.State == Cancelled {
		return err
	}
	if !s.Open() && s.State != Declined {
		return over()
	}
	knew := s.State != Proposed
	if s.State == Running {
		if err := k.letGo(ctx, tx, s); err != nil {
			return err
		}
	}
	s.State, s.EndedAt = Cancelled, tx.Now
	s.Sequence++
	if err := s.put(ctx, tx); err != nil || !knew {
		return err
	}
	if err := k.mail(ctx, tx, s, s.PersonID, LetterCalled); err != nil {
		return err
	}
	return k.mail(ctx, tx, s, s.MentorID, LetterCalled)
}

// StayLonger makes a turn that runs an hour longer, as the one whose turn it is: eight times at most.
func (k *Keeper) StayLonger(ctx context.Context, tx *db.Tx, a person.Actor, id int64) error {
	s, err := own(ctx, tx, a, id)
	if err != nil {
		return err
	}
	if s.State != Running || s.Kind != Turn {
		return over()
	}
	if s.Stayed >= 8*60 {
		return fault.Conflict(i18n.M("You have stayed a whole day longer. Thank you; come again another day."))
	}
	s.Until, s.Stayed = s.Until.Add(time.Hour), s.Stayed+60
	if err := s.put(ctx, tx); err != nil {
		return err
	}
	if err := person.LetIn(ctx, tx, s.PersonID, s.BegunAt, s.Until); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE ticket_grant SET until = $2 WHERE person_id = $1`, s.PersonID, s.Until)
	return err
}
