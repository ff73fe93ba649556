package routing_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/person"
	"goodturn/internal/routing"
	"goodturn/internal/ticket"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

const day = 24 * time.Hour

// away sets an absence from a while from now on, for a week.
func (f *fixture) away(who person.Actor, in time.Duration, a routing.Absence) (id int64) {
	f.Helper()
	a.PersonID, a.FromAt, a.UntilAt = who.ID, f.at.Add(in), f.at.Add(in+7*day)
	if a.HandOver == "" {
		a.HandOver = routing.ToTeam
	}
	f.write(func(tx *db.Tx) (err error) {
		id, err = routing.SaveAbsence(f.Context(), tx, who, a)
		return err
	})
	return id
}

func (f *fixture) give(id int64, who person.Actor) {
	f.Helper()
	f.write(func(tx *db.Tx) error { return f.desk.Assign(f.Context(), tx, ticket.By{Actor: f.lead}, id, who.ID) })
}

// noted gives the notes of a ticket.
func (f *fixture) noted(id int64) (all []string) {
	f.Helper()
	f.write(func(tx *db.Tx) error {
		for _, m := range must(ticket.Messages(f.Context(), tx, id, true)) {
			if m.Internal {
				all = append(all, m.Text)
			}
		}
		return nil
	})
	return all
}

func TestAnAbsenceHandsOver(t *testing.T) {
	each(t, func(f *fixture) {
		mine, asleep, theirs := f.create("one"), f.create("two"), f.create("three")
		for _, x := range []ticket.Ticket{mine, asleep, theirs} {
			f.give(x.ID, f.amara)
		}
		f.write(func(tx *db.Tx) error {
			if err := f.desk.Snooze(f.Context(), tx, ticket.By{Actor: f.amara}, asleep.ID, ticket.Snooze{Mode: ticket.UntilAnswer}); err != nil {
				return err
			}
			return f.desk.SetStatus(f.Context(), tx, ticket.By{Actor: f.amara}, theirs.ID, ticket.Pending)
		})
		f.away(f.amara, time.Hour, routing.Absence{HandOver: routing.ToDeputy, DeputyID: f.priya.ID, Note: "Call me if the church burns"})
		f.sweep()
		f.give(mine.ID, f.amara) // nothing happened yet
		f.pass(2 * time.Hour)
		f.has(mine.ID, f.priya, routing.ForAway)
		notes := f.noted(mine.ID)
		if len(notes) != 1 || notes[0] != "Amara Okafor is away until Monday, 9 March 2026; Priya Kaur has it now.\n\nAmara Okafor says: Call me if the church burns" {
			t.Errorf("the note says %q", notes)
		}
		if x := f.get(asleep.ID); x.Turn != ticket.Snoozed || x.AssigneeID != f.amara.ID {
			t.Errorf("what sleeps is %s, of person %d", x.Turn, x.AssigneeID)
		}
		if x := f.get(theirs.ID); x.AssigneeID != f.amara.ID {
			t.Errorf("what waits for them went to person %d", x.AssigneeID)
		}
		for _, id := range []int64{asleep.ID, theirs.ID} { // their answers find somebody who is here
			f.write(func(tx *db.Tx) error {
				_, err := f.desk.Answer(f.Context(), tx, ticket.By{Actor: f.hana}, id, ticket.Draft{Text: "Room 12"})
				return err
			})
			f.has(id, f.priya, routing.ForAway)
			if notes := f.noted(id); len(notes) != 1 || !strings.HasPrefix(notes[0], "Amara Okafor is away") {
				t.Errorf("ticket %d has the notes %q", id, notes)
			}
		}
		f.pass(time.Hour)
		if notes := f.noted(mine.ID); len(notes) != 1 {
			t.Errorf("it was handed over %d times", len(notes))
		}
	})
}

func TestAnAbsenceHandsOverToTheTeam(t *testing.T) {
	each(t, func(f *fixture) {
		x, y := f.create("one"), f.create("two")
		f.give(x.ID, f.amara)
		f.away(f.amara, 0, routing.Absence{})
		f.pass(time.Second)
		f.nobodyHas(x.ID) // the team shares nothing
		if why := f.why(x.ID); why.Why != routing.NoHelper || why.Away != f.amara.ID {
			t.Errorf("the reason is %+v", why)
		}
		if notes := f.noted(x.ID); len(notes) != 1 || !strings.Contains(notes[0], "nobody has it now") {
			t.Errorf("the notes are %q", notes)
		}
		f.shares(routing.Sharing{Way: routing.Turns})
		f.give(y.ID, f.jonas)
		f.away(f.jonas, 0, routing.Absence{})
		f.pass(time.Second)
		f.has(y.ID, f.priya, routing.ByTurn)
		if why := f.why(y.ID); why.Away != f.jonas.ID {
			t.Errorf("the reason is %+v", why)
		}
		f.call(f.priya)
		f.has(f.create("three").ID, person.Actor{}, "") // nobody is here
		f.give(y.ID, f.priya)
		f.away(f.priya, 0, routing.Absence{})
		f.pass(time.Second)
		f.nobodyHas(y.ID)
		f.pass(8 * day)
		f.has(y.ID, f.amara, routing.ByTurn) // who is back has what waits
	})
}

func TestKeepingAndNobody(t *testing.T) {
	each(t, func(f *fixture) {
		f.shares(routing.Sharing{Way: routing.Turns})
		x, y := f.create("one"), f.create("two")
		f.give(x.ID, f.amara)
		f.give(y.ID, f.jonas)
		f.away(f.amara, 0, routing.Absence{HandOver: routing.Keeps})
		f.away(f.jonas, 0, routing.Absence{HandOver: routing.ToNobody})
		f.pass(time.Second)
		if f.get(x.ID).AssigneeID != f.amara.ID || len(f.noted(x.ID)) != 0 {
			t.Error("what stays with somebody went away")
		}
		f.nobodyHas(y.ID)
		f.pass(time.Hour)
		f.nobodyHas(y.ID)
		f.has(f.create("three").ID, f.priya, routing.ByTurn)
	})
}

// Deputies may go away after they were named: then theirs stand in, and in a ring the team does.
func TestDeputiesWhoAreAwayThemselves(t *testing.T) {
	each(t, func(f *fixture) {
		f.shares(routing.Sharing{Way: routing.Turns})
		x := f.create("one")
		f.give(x.ID, f.amara)
		f.away(f.amara, time.Hour, routing.Absence{HandOver: routing.ToDeputy, DeputyID: f.jonas.ID})
		f.away(f.jonas, time.Minute, routing.Absence{HandOver: routing.ToDeputy, DeputyID: f.priya.ID})
		f.pass(2 * time.Hour)
		f.has(x.ID, f.priya, routing.ForAway)
		f.write(func(tx *db.Tx) error { // a ring, as it can be made when two save at the same moment
			_, err := tx.Exec(f.Context(), `UPDATE absence SET deputy_id = $1 WHERE person_id = $2`, f.amara.ID, f.jonas.ID)
			return err
		})
		f.give(x.ID, f.amara)
		f.write(func(tx *db.Tx) error {
			_, err := f.desk.Answer(f.Context(), tx, ticket.By{Actor: f.hana}, x.ID, ticket.Draft{Text: "And the phone"})
			return err
		})
		f.has(x.ID, f.priya, routing.ByTurn)
	})
}

func TestAbsencesThatCannotBe(t *testing.T) {
	each(t, func(f *fixture) {
		save := func(a routing.Absence) func(tx *db.Tx) error {
			return func(tx *db.Tx) error {
				if a.PersonID == 0 {
					a.PersonID = f.amara.ID
				}
				if a.HandOver == "" {
					a.HandOver = routing.ToTeam
				}
				_, err := routing.SaveAbsence(f.Context(), tx, f.amara, a)
				return err
			}
		}
		from, until := f.at.Add(day), f.at.Add(3*day)
		f.refused("from", save(routing.Absence{UntilAt: until}))
		f.refused("until", save(routing.Absence{FromAt: from}))
		f.refused("until", save(routing.Absence{FromAt: until, UntilAt: from}))
		f.refused("from", save(routing.Absence{FromAt: f.at.Add(-5 * day), UntilAt: until}))
		f.refused("until", save(routing.Absence{FromAt: from, UntilAt: from.Add(4000 * day)}))
		f.refused("note", save(routing.Absence{FromAt: from, UntilAt: until, Note: strings.Repeat("ä", 501)}))
		f.refused("hand_over", save(routing.Absence{FromAt: from, UntilAt: until, HandOver: "burn"}))
		f.refused("deputy", save(routing.Absence{FromAt: from, UntilAt: until, HandOver: routing.ToDeputy}))
		f.refused("deputy", save(routing.Absence{FromAt: from, UntilAt: until, HandOver: routing.ToDeputy, DeputyID: f.amara.ID}))
		f.refused("deputy", save(routing.Absence{FromAt: from, UntilAt: until, HandOver: routing.ToDeputy, DeputyID: f.hana.ID}))
		f.away(f.jonas, 2*day, routing.Absence{})
		f.refused("deputy", save(routing.Absence{FromAt: from, UntilAt: until, HandOver: routing.ToDeputy, DeputyID: f.jonas.ID}))
		f.write(save(routing.Absence{FromAt: from, UntilAt: until}))
		f.refused("from", save(routing.Absence{FromAt: from.Add(time.Hour), UntilAt: until.Add(day)}))
		f.write(save(routing.Absence{FromAt: until, UntilAt: until.Add(day)})) // one after the other

		others := save(routing.Absence{PersonID: f.priya.ID, FromAt: from, UntilAt: until})
		if err := f.db.Write(f.Context(), others); !fault.Is(err, fault.KindDenied) {
			t.Errorf("an agent sends a colleague away: %v", err)
		}
		f.write(func(tx *db.Tx) error {
			_, err := routing.SaveAbsence(f.Context(), tx, f.lead, routing.Absence{PersonID: f.priya.ID, FromAt: from, UntilAt: until, HandOver: routing.ToTeam})
			return err
		})
	})
}

func TestAnAbsenceThatEndsEarly(t *testing.T) {
	each(t, func(f *fixture) {
		f.shares(routing.Sharing{Way: routing.Turns})
		id := f.away(f.amara, 0, routing.Absence{})
		f.away(f.jonas, 0, routing.Absence{})
		f.away(f.priya, 0, routing.Absence{})
		f.pass(time.Hour)
		x := f.create("one")
		f.nobodyHas(x.ID)
		f.write(func(tx *db.Tx) error { return f.router.EndAbsence(f.Context(), tx, f.amara, f.amara.ID, id) })
		f.sweep()
		f.has(x.ID, f.amara, routing.ByTurn)
		f.write(func(tx *db.Tx) error { return f.router.EndAbsence(f.Context(), tx, f.amara, f.amara.ID, id) }) // sent twice
	})
}

// The desk was switched off while somebody was away: nothing is handed over for an absence that is over.
func TestAnAbsenceThatNobodyHeardOf(t *testing.T) {
	each(t, func(f *fixture) {
		x := f.create("one")
		f.give(x.ID, f.amara)
		f.away(f.amara, time.Hour, routing.Absence{})
		f.pass(20 * day)
		if f.get(x.ID).AssigneeID != f.amara.ID || len(f.noted(x.ID)) != 0 {
			t.Error("it was handed over afterwards")
		}
	})
}

func TestFreeAreThoseWhoAreNeitherAwayNorInACall(t *testing.T) {
	each(t, func(f *fixture) {
		all := []int64{f.amara.ID, f.jonas.ID, f.priya.ID}
		f.write(func(tx *db.Tx) error {
			must(routing.SaveAbsence(f.Context(), tx, f.amara, routing.Absence{PersonID: f.amara.ID, FromAt: start.Add(-time.Minute), UntilAt: start.Add(time.Hour), HandOver: routing.Keeps}))
			must(routing.SaveAbsence(f.Context(), tx, f.priya, routing.Absence{PersonID: f.priya.ID, FromAt: start.Add(time.Hour), UntilAt: start.Add(2 * time.Hour), HandOver: routing.Keeps}))
			if got := must(routing.Free(f.Context(), tx, all)); !slices.Equal(got, []int64{f.jonas.ID, f.priya.ID}) {
				f.Errorf("free are %v", got)
			}
			if got := must(routing.Free(f.Context(), tx, nil)); len(got) != 0 {
				f.Errorf("of nobody %v are free", got)
			}
			return routing.BeginCall(f.Context(), tx, f.jonas.ID)
		})
		f.at = start.Add(90 * time.Minute)
		f.write(func(tx *db.Tx) error {
			if got := must(routing.Free(f.Context(), tx, all)); !slices.Equal(got, []int64{f.amara.ID, f.jonas.ID}) {
				f.Errorf("later %v are free", got)
			}
			return nil
		})
	})
}
