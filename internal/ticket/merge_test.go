package ticket_test

import (
	"slices"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fault"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

func (f *fixture) merge(into int64, from ...int64) (m ticket.Merge) {
	f.Helper()
	f.write(func(tx *db.Tx) (err error) {
		m, err = f.desk.Merge(f.Context(), tx, by(f.amara), into, from)
		return err
	})
	return m
}

func (f *fixture) unmerge(gone int64) (t ticket.Ticket) {
	f.Helper()
	f.write(func(tx *db.Tx) (err error) {
		t, err = f.desk.UndoMerge(f.Context(), tx, by(f.amara), gone)
		return err
	})
	return t
}

func (f *fixture) texts(id int64) (out []string) {
	f.Helper()
	f.write(func(tx *db.Tx) error {
		for i, m := range must(ticket.Messages(f.Context(), tx, id, true)) {
			if m.Seq != int64(i+1) {
				f.Errorf("message %d of #%d has the number %d", i+1, id, m.Seq)
			}
			out = append(out, m.Text)
		}
		return nil
	})
	return out
}

func (f *fixture) followers(id int64) (out []int64) {
	f.Helper()
	f.write(func(tx *db.Tx) error {
		for _, p := range must(ticket.Followers(f.Context(), tx, id)) {
			out = append(out, p.ID)
		}
		return nil
	})
	slices.Sort(out)
	return out
}

func (f *fixture) answer(id int64, who person.Actor, text string) {
	f.Helper()
	f.write(func(tx *db.Tx) error {
		_, err := f.desk.Answer(f.Context(), tx, by(who), id, ticket.Draft{Text: text})
		return err
	})
}

func (f *fixture) found(words string) (out []int64) {
	f.Helper()
	f.write(func(tx *db.Tx) error {
		for _, r := range must(ticket.List(f.Context(), tx, f.amara, person.SeeTicket, ticket.Page{Filter: words})).Items {
			out = append(out, r.ID)
		}
		return nil
	})
	return out
}

func TestMerge(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := setUp(t, d)
		var tom person.Actor
		f.write(func(tx *db.Tx) error {
			tom = f.person(tx, "Tom Becker", "tom@example.com", person.Requester)
			return nil
		})
		kept := f.create("The printer prints half pages")
		gone := f.createBy(tom, "Half pages from the magenta printer")
		f.answer(kept.ID, f.hana, "Still so")
		f.answer(gone.ID, tom, "Mine as well")
		f.write(func(tx *db.Tx) error {
			if err := f.desk.SetTags(f.Context(), tx, by(f.amara), gone.ID, []string{"printer"}); err != nil {
				return err
			}
			_, err := f.desk.Reply(f.Context(), tx, by(f.amara), kept.ID, ticket.Draft{Text: "We are on it"}, ticket.Pending)
			return err
		})
		keptBefore, goneBefore := f.get(kept.ID), f.get(gone.ID)

		m := f.merge(kept.ID, gone.ID)
		if got := f.get(kept.ID); got != m.Into {
			t.Errorf("Merge gives\n%+v, and what is stored is\n%+v", m.Into, got)
		}
		if got, want := f.texts(kept.ID), []string{"The printer prints half pages", "Half pages from the magenta printer", "Still so", "Mine as well", "We are on it"}; !slices.Equal(got, want) {
			t.Errorf("messages in the order of time: %q, want %q", got, want)
		}
		if got := f.followers(kept.ID); !slices.Equal(got, []int64{tom.ID}) {
			t.Errorf("followers %v, want Tom %d", got, tom.ID)
		}
		if got := f.get(kept.ID); got.Turn != ticket.Ours || got.WaitingSince != goneBefore.WaitingSince {
			t.Errorf("somebody still waits for an answer: turn %q, waiting since %d, want ours since %d", got.Turn, got.WaitingSince, goneBefore.WaitingSince)
		}
		if got := f.get(gone.ID); got.Turn != ticket.Merged || got.MergedInto != kept.ID || got.IsOpen {
			t.Errorf("the one that is gone: %+v", got)
		}
		if got := f.found("magenta"); !slices.Equal(got, []int64{kept.ID}) {
			t.Errorf("what was said is found on %v, want %d", got, kept.ID)
		}
		if got := f.found(""); !slices.Equal(got, []int64{kept.ID}) {
			t.Errorf("the list shows %v", got)
		}

		f.answer(gone.ID, tom, "Sent to the old number") // goes along
		if got := f.texts(kept.ID); got[len(got)-1] != "Sent to the old number" {
			t.Errorf("later mail: %q", got)
		}
		f.refused(fault.KindConflict, func(tx *db.Tx) error {
			return f.desk.SetPriority(f.Context(), tx, by(f.amara), gone.ID, ticket.High)
		})

		f.unmerge(gone.ID)
		if got, want := f.texts(gone.ID), []string{"Half pages from the magenta printer", "Mine as well"}; !slices.Equal(got, want) {
			t.Errorf("after the undo %q, want %q", got, want)
		}
		if got := f.get(gone.ID); got != goneBefore {
			t.Errorf("after the undo\n%+v, want\n%+v", got, goneBefore)
		}
		if got := f.texts(kept.ID); len(got) != 4 || got[3] != "Sent to the old number" {
			t.Errorf("what came after stays: %q", got)
		}
		if got := f.followers(kept.ID); len(got) != 0 {
			t.Errorf("followers after the undo: %v", got)
		}
		if got := f.found("magenta"); !slices.Equal(got, []int64{gone.ID}) {
			t.Errorf("after the undo it is found on %v", got)
		}
		f.refused(fault.KindConflict, func(tx *db.Tx) error {
			_, err := f.desk.UndoMerge(f.Context(), tx, by(f.amara), gone.ID)
			return err
		})
		_ = keptBefore
	})
}

func TestMergeAndUndoLeaveNothingBehind(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := setUp(t, d)
		a, b := f.create("One thing"), f.create("The same thing")
		f.write(func(tx *db.Tx) error { return f.desk.Solve(f.Context(), tx, by(f.amara), a.ID) })
		beforeA, beforeB := f.get(a.ID), f.get(b.ID)
		f.merge(a.ID, b.ID)
		if got := f.get(a.ID); got.Status != ticket.Open {
			t.Errorf("an unanswered ticket that became part of a solved one opens it; it is %q", got.Status)
		}
		f.unmerge(b.ID)
		if got := f.get(a.ID); got.Status != beforeA.Status || got.Turn != beforeA.Turn || got.WaitingSince != beforeA.WaitingSince || got.SolvedAt != beforeA.SolvedAt || got.LastText != beforeA.LastText {
			t.Errorf("after the undo\n%+v, want\n%+v", got, beforeA)
		}
		if got := f.get(b.ID); got != beforeB {
			t.Errorf("after the undo\n%+v, want\n%+v", got, beforeB)
		}
	})
}

func TestWhatCannotBeMerged(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := setUp(t, d)
		a, b, c, secret := f.create("A"), f.create("B"), f.create("C"), f.create("D")
		f.write(func(tx *db.Tx) error { return f.desk.MoveTo(f.Context(), tx, by(f.jonas), secret.ID, f.private) })
		for name, try := range map[string]struct {
			who  person.Actor
			into int64
			from []int64
		}{
			"itself":                    {f.amara, a.ID, []int64{a.ID}},
			"itself and another":        {f.amara, a.ID, []int64{a.ID, b.ID}},
			"nothing":                   {f.amara, a.ID, nil},
			"a number that is none":     {f.amara, a.ID, []int64{99999}},
			"a number that is hidden":   {f.amara, a.ID, []int64{secret.ID}},
			"a private one into others": {f.jonas, a.ID, []int64{secret.ID}},
		} {
			err := d.Write(f.Context(), func(tx *db.Tx) error {
				_, err := f.desk.Merge(f.Context(), tx, by(try.who), try.into, try.from)
				return err
			})
			if !fault.Is(err, fault.KindInvalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		f.refused(fault.KindNotFound, func(tx *db.Tx) error {
			_, err := f.desk.Merge(f.Context(), tx, by(f.amara), secret.ID, []int64{a.ID})
			return err
		})
		f.merge(a.ID, b.ID)
		f.refused(fault.KindInvalid, func(tx *db.Tx) error { // a ring
			_, err := f.desk.Merge(f.Context(), tx, by(f.amara), b.ID, []int64{a.ID})
			return err
		})
		f.refused(fault.KindInvalid, func(tx *db.Tx) error { // once more
			_, err := f.desk.Merge(f.Context(), tx, by(f.amara), a.ID, []int64{b.ID})
			return err
		})
		f.merge(c.ID, b.ID) // follows to where it went
		if got := f.get(a.ID); got.MergedInto != c.ID {
			t.Errorf("#%d is part of %d, want %d", a.ID, got.MergedInto, c.ID)
		}
		if got := f.texts(c.ID); len(got) != 3 {
			t.Errorf("three tickets in one: %q", got)
		}
		f.unmerge(b.ID) // out of the middle
		if got := f.texts(b.ID); !slices.Equal(got, []string{"B"}) {
			t.Errorf("out of a chain: %q", got)
		}
		if got := f.texts(c.ID); !slices.Equal(got, []string{"A", "C"}) {
			t.Errorf("what is left of the chain: %q", got)
		}
		f.unmerge(a.ID)
		if got := f.texts(a.ID); !slices.Equal(got, []string{"A"}) {
			t.Errorf("the last one: %q", got)
		}
	})
}

func (f *fixture) createBy(who person.Actor, text string) (t ticket.Ticket) {
	f.Helper()
	f.write(func(tx *db.Tx) (err error) {
		t, err = f.desk.Create(f.Context(), tx, by(who), ticket.New{Requester: who.ID, Team: f.open, Channel: ticket.ByMail, Message: ticket.Draft{Text: text}})
		return err
	})
	return t
}
