package simulate

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math"
	"math/rand/v2"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/draft"
	"goodturn/internal/papercut"
	"goodturn/internal/person"
	"goodturn/internal/routing"
	"goodturn/internal/stint"
)

// StintAudit is what came of it that people of other jobs take a turn at the desk.
type StintAudit struct {
	People   int // whom the policy names
	Done     int // of them, who had done their turn at the end
	Invited  int // turns that somebody was invited to
	Took     int // that took place
	Moved    int // for which the guest chose another date
	Declined int
	Silent   int // that nobody answered
	NoDate   int // weeks in which no date was found for somebody
	Replaced int // mentors who fell ill while their guest was there, and for whom another came
	Alone    int // and for whom nobody came
	Taken    int // tickets of the starter line
	Lent     int // tickets that mentors lent
	Drafts   int // that guests handed on
	Debriefs int
	Letters  int      // mails about all of it
	Wrong    []string // what must not be: rights outside of a turn, two guests beside one mentor, a turn while the mentor is away
}

// Print writes it.
func (a StintAudit) Print(to io.Writer) {
	if a.People == 0 {
		return
	}
	fmt.Fprintf(to, "Turns at the desk: %d of %d people had theirs; %d invitations: %d took place, %d chose another date, %d said no, %d said nothing; no date was found %d times\n",
		a.Done, a.People, a.Invited, a.Took, a.Moved, a.Declined, a.Silent, a.NoDate)
	fmt.Fprintf(to, "Mentors who fell ill beside a guest: another came %d times, nobody %d times; %d tickets of the starter line and %d lent, %d drafts, %d debriefs, %d mails\n",
		a.Replaced, a.Alone, a.Taken, a.Lent, a.Drafts, a.Debriefs, a.Letters)
	for _, w := range a.Wrong {
		fmt.Fprintf(to, "WRONG: %s\n", w)
	}
}

// stintLife is what the simulation knows of turns. Its dice are its own, so that the tickets that come are the same with them and without.
type stintLife struct {
	keeper *stint.Keeper
	policy stint.Policy
	r      *rand.Rand
	guests map[int64]person.Actor
	audit  StintAudit
}

// makeStints has people of another department take half a day at the desk once a year, beside the first line.
func (s *simulation) makeStints() error {
	team := s.teams[0]
	w := &stintLife{r: rand.New(rand.NewPCG(s.Seed, 0x57)), guests: map[int64]person.Actor{}}
	w.keeper = &stint.Keeper{
		DB: s.d, Desk: s.desk, Log: slog.New(slog.DiscardHandler), Papercuts: &papercut.Book{DB: s.d, Queue: s.queue}, Hours: s.router.Hours,
		Away: isAway,
		Mail: func(context.Context, *db.Tx, stint.Letter) error { w.audit.Letters++; return nil },
	}
	s.turns = w
	s.now++
	return s.write(func(tx *db.Tx) (err error) {
		for _, a := range team.agents[:min(3, len(team.agents))] {
			if err := stint.SetMentor(s.ctx, tx, a.Actor, true); err != nil {
				return err
			}
		}
		for _, g := range s.requesters[len(s.requesters)-min(40, max(6, s.Days/9)):] {
			if err := person.SetJobs(s.ctx, tx, g.ID, []person.Job{{Department: "Engineering", Job: "developer"}}); err != nil {
				return err
			}
			w.guests[g.ID] = g.Actor
		}
		w.audit.People = len(w.guests)
		w.policy, err = stint.SavePolicy(s.ctx, tx, s.shiftwork.lead, stint.Policy{Name: "Half a day at the desk", TeamID: team.id, Departments: []string{"Engineering"}, Minutes: 240, EveryMonths: 12, Active: true})
		s.after(26*time.Hour, s.inviteSome)
		return err
	})
}

// isAway tells whether the desk knows of somebody that they are away at any time between two moments.
func isAway(ctx context.Context, tx *db.Tx, personID int64, from, until clock.Instant) (bool, error) {
	return db.Exists(ctx, tx, `SELECT 1 FROM absence WHERE person_id = $1 AND from_at < $3 AND until_at > $2`, personID, from, until)
}

// inviteSome has the lead propose dates for the next who are due, invite them, and do so again a week later: everybody has had their turn well
// before the end.
func (s *simulation) inviteSome() error {
	w := s.turns
	some := max(1, len(w.guests)*7*3/2/max(14, s.Days))
	s.now++
	err := s.write(func(tx *db.Tx) error {
		all, err := stint.Standings(s.ctx, tx, w.policy, nil)
		if err != nil {
			return err
		}
		for _, who := range all {
			if some == 0 || who.StintID != 0 && who.State != stint.Declined || who.LastAt != 0 {
				continue
			}
			some--
			made, err := w.keeper.Propose(s.ctx, tx, s.shiftwork.lead, w.policy, who.PersonID)
			if refused(err) {
				w.audit.NoDate++
				continue
			}
			if err == nil {
				err = w.keeper.Invite(s.ctx, tx, s.shiftwork.lead, made.ID)
			}
			if err != nil {
				return err
			}
			w.audit.Invited++
			s.after(s.lastsOf(w.r, 20*time.Hour), func() error { return s.answerInvitation(made.ID) })
		}
		return nil
	})
	s.after(7*24*time.Hour, s.inviteSome)
	return err
}

// lastsOf draws how long something takes with somebody's own dice.
func (s *simulation) lastsOf(r *rand.Rand, median time.Duration) time.Duration {
	return time.Duration(float64(median) * math.Exp(0.7*r.NormFloat64()))
}

// answerInvitation has a guest say yes, choose another date, say no, or nothing at all.
func (s *simulation) answerInvitation(id int64) error {
	w := s.turns
	chance := w.r.Float64()
	var agreed stint.Stint
	s.now++
	err := s.write(func(tx *db.Tx) error {
		x, err := stint.ByID(s.ctx, tx, id)
		if err != nil || x.State != stint.Invited {
			return err
		}
		guest := w.guests[x.PersonID]
		switch {
		case chance < 0.70:
			err = w.keeper.Agree(s.ctx, tx, guest, id)
		case chance < 0.87:
			latest, oops := w.keeper.Latest(s.ctx, tx, x)
			if oops != nil {
				return oops
			}
			dates, oops := w.keeper.Dates(s.ctx, tx, x, 3, latest)
			if oops != nil || len(dates) == 0 {
				return oops
			}
			if err = w.keeper.Move(s.ctx, tx, guest, id, dates[w.r.IntN(len(dates))].FromAt); err == nil {
				w.audit.Moved++
			}
		case chance < 0.93:
			w.audit.Declined++
			return w.keeper.Decline(s.ctx, tx, guest, id, "We have a release in that week.")
		default:
			w.audit.Silent++
			return nil
		}
		if err == nil {
			agreed, err = stint.ByID(s.ctx, tx, id)
		}
		return err
	})
	if refused(err) { // taken meanwhile: they stay invited
		w.audit.Silent++
		return nil
	}
	if err == nil && agreed.ID != 0 {
		s.when(agreed.FromAt.Add(15*time.Minute), func() error { return s.visit(id, true) })
	}
	return err
}

// visit has a guest do what guests do, again and again while their turn lasts: take a ticket, or be lent one, and hand on a draft.
func (s *simulation) visit(id int64, first bool) error {
	w := s.turns
	var x stint.Stint
	s.now++
	err := s.write(func(tx *db.Tx) (err error) {
		x, err = stint.ByID(s.ctx, tx, id)
		return err
	})
	if err != nil || x.State != stint.Running {
		return err
	}
	if first {
		w.audit.Took++
		s.when(x.Until.Add(time.Hour), func() error { return s.tells(id) })
		if w.audit.Took%8 == 3 { // one in eight
			if err := s.fallsIll(x); err != nil {
				return err
			}
		}
	}
	if x.MentorID != 0 {
		if err := s.helps(x); err != nil {
			return err
		}
	}
	s.after(40*time.Minute, func() error { return s.visit(id, false) })
	return nil
}

// helps has a guest work on one ticket.
func (s *simulation) helps(x stint.Stint) error {
	w := s.turns
	s.now++
	err := s.write(func(tx *db.Tx) error {
		guest, err := person.ActorOf(s.ctx, tx, x.PersonID) // with the rights that they have now
		if err != nil {
			return err
		}
		mentor, err := person.ActorOf(s.ctx, tx, x.MentorID)
		if err != nil {
			return err
		}
		fitting, err := w.keeper.Fitting(s.ctx, tx, guest)
		if err != nil {
			return err
		}
		var number int64
		if len(fitting) > 0 {
			number = fitting[0].TicketID
			if err := w.keeper.Take(s.ctx, tx, guest, number); err != nil {
				return err
			}
			w.audit.Taken++
		} else {
			mine, err := db.All[int64](s.ctx, tx, `SELECT t.id FROM ticket t WHERE t.assignee_id = $1 AND t.turn = 'ours' AND t.requester_id <> $2 ORDER BY t.id DESC LIMIT 1`, x.MentorID, x.PersonID)
			if err != nil || len(mine) == 0 {
				return err
			}
			number = mine[0]
			if err := w.keeper.Lend(s.ctx, tx, mentor, x.ID, number); err != nil {
				return err
			}
			w.audit.Lent++
		}
		if guest, err = person.ActorOf(s.ctx, tx, x.PersonID); err != nil {
			return err
		}
		if _, err := draft.Save(s.ctx, tx, guest, draft.Place{TicketID: number}, draft.Content{Text: "Hello, I look at it with my colleague. You hear from us today."}); err != nil {
			return err
		}
		if err := w.keeper.HandOn(s.ctx, tx, guest, number, "Is this kind enough?"); err != nil {
			return err
		}
		w.audit.Drafts++
		return nil
	})
	if refused(err) { // somebody was faster, or the mentor went home
		return nil
	}
	return err
}

// fallsIll has the mentor go home while the guest is there, which the desk is told.
func (s *simulation) fallsIll(x stint.Stint) error {
	w := s.turns
	for _, a := range s.agents {
		if a.ID != x.MentorID {
			continue
		}
		day := s.now.Time().In(a.zone)
		a.away[day.Format(time.DateOnly)] = true
		s.now++
		err := s.write(func(tx *db.Tx) error {
			_, err := routing.SaveAbsence(s.ctx, tx, person.System, routing.Absence{PersonID: a.ID, FromAt: s.now, UntilAt: clock.From(time.Date(day.Year(), day.Month(), day.Day()+1, 0, 0, 0, 0, a.zone)), HandOver: routing.ToTeam})
			return err
		})
		if err != nil && !refused(err) {
			return err
		}
	}
	s.now++
	if err := w.keeper.Sweep(s.ctx); err != nil {
		return err
	}
	return s.write(func(tx *db.Tx) error {
		now, err := stint.ByID(s.ctx, tx, x.ID)
		switch {
		case now.MentorID == 0:
			w.audit.Alone++
		case now.MentorID != x.MentorID:
			w.audit.Replaced++
		default:
			w.wrong("turn %d goes on beside a mentor who is away", x.ID)
		}
		return err
	})
}

// tells has a guest say what they saw, mostly.
func (s *simulation) tells(id int64) error {
	w := s.turns
	if w.r.IntN(5) == 0 {
		return nil
	}
	s.now++
	return s.write(func(tx *db.Tx) error {
		x, err := stint.ByID(s.ctx, tx, id)
		if err != nil || x.State != stint.Over {
			return err
		}
		w.audit.Debriefs++
		return w.keeper.Debrief(s.ctx, tx, w.guests[x.PersonID], id, stint.Debrief{Saw: "The same question nine times, and nine kind answers.", Points: []stint.Point{
			{Kind: stint.Papercut, Text: "The timesheet forgets my project every Monday"},
			{Kind: stint.Product, Text: "Our own invoices should say what they are for."},
		}})
	})
}

func (w *stintLife) wrong(format string, args ...any) {
	w.audit.Wrong = append(w.audit.Wrong, fmt.Sprintf(format, args...))
}

// lookAtTurns begins and ends what is due, and looks for what must not be.
func (s *simulation) lookAtTurns() error {
	w := s.turns
	if w == nil {
		return nil
	}
	s.now++
	if err := w.keeper.Sweep(s.ctx); err != nil {
		return err
	}
	return s.d.Read(s.ctx, func(tx *db.Tx) error {
		for what, sql := range map[string]string{
			"%d may visit the desk outside of a turn":   `SELECT g.person_id FROM desk_guest g WHERE g.until > $1 AND NOT EXISTS (SELECT 1 FROM stint s WHERE s.person_id = g.person_id AND s.state = 'running')`,
			"%d sees a ticket outside of a turn":        `SELECT g.person_id FROM ticket_grant g WHERE g.until > $1 AND NOT EXISTS (SELECT 1 FROM stint s WHERE s.person_id = g.person_id AND s.state = 'running')`,
			"%d has two guests at once":                 `SELECT a.mentor_id FROM stint a JOIN stint b ON b.mentor_id = a.mentor_id AND b.id > a.id AND b.from_at < a.until AND b.until > a.from_at WHERE a.state IN ('agreed', 'running') AND b.state IN ('agreed', 'running') AND a.until > $1`,
			"turn %d is late in beginning or in ending": `SELECT s.id FROM stint s WHERE s.due_at > 0 AND s.due_at < $1`,
		} {
			found, err := db.All[int64](s.ctx, tx, sql, tx.Now)
			if err != nil {
				return fmt.Errorf("%s: %w", what, err)
			}
			for _, id := range found {
				w.wrong(what, id)
			}
		}
		return nil
	})
}

// auditTurns counts who has had their turn.
func (s *simulation) auditTurns() (a StintAudit, err error) {
	w := s.turns
	if w == nil {
		return a, nil
	}
	a = w.audit
	err = s.d.Read(s.ctx, func(tx *db.Tx) error {
		all, err := stint.Standings(s.ctx, tx, w.policy, nil)
		for _, who := range all {
			if who.LastAt != 0 {
				a.Done++
			}
		}
		return err
	})
	return a, err
}
