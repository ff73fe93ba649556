package ticket_test

import (
	"slices"
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// suspect makes a ticket that is set aside from birth.
func (f *fixture) suspect(text string) (t ticket.Ticket) {
	f.Helper()
	f.write(func(tx *db.Tx) (err error) {
		t, err = f.desk.Create(f.Context(), tx, by(f.hana), ticket.New{Requester: f.hana.ID, Team: f.open, Channel: ticket.ByMail, Suspect: true, Message: ticket.Draft{Text: text}})
		return err
	})
	return t
}

// listed gives the numbers of the tickets that a filter lets through for somebody.
func (f *fixture) listed(a person.Actor, verb person.Verb, filter string) (ids []int64) {
	f.Helper()
	f.write(func(tx *db.Tx) error {
		rows, err := ticket.List(f.Context(), tx, a, verb, ticket.Page{Filter: filter})
		ids = nil
		for _, r := range rows.Items {
			ids = append(ids, r.ID)
		}
		if n := must(ticket.Count(f.Context(), tx, a, filter)); verb == person.SeeTicket && n != len(ids) && !strings.Contains(filter, "prize") {
			f.Errorf("%q lists %d tickets and counts %d", filter, len(ids), n)
		}
		return err
	})
	return ids
}

func TestASuspectTicketStandsInItsOwnListOnly(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := setUp(t, d)
		x := f.suspect("You have won a prize")
		if x = f.get(x.ID); x.Turn != ticket.Suspect || x.IsOpen || x.Status != ticket.StatusNew {
			t.Fatalf("made %+v", x)
		}
		if !slices.Equal(f.heard, []ticket.What{ticket.Suspected}) {
			t.Fatalf("hooks heard %v", f.heard)
		}
		for _, filter := range []string{"", "status:new", "status:unsolved", "status:done", "assignee:nobody", "turn:ours", "turn:theirs", "turn:hold", "team:first-line", "is:spam", "status:unsolved assignee:nobody"} {
			if ids := f.listed(f.amara, person.SeeTicket, filter); len(ids) != 0 {
				t.Errorf("it stands in the list %q", filter)
			}
		}
		for _, filter := range []string{"is:suspect", "is:suspect team:first-line", "prize"} {
			if ids := f.listed(f.amara, person.SeeTicket, filter); !slices.Equal(ids, []int64{x.ID}) {
				t.Errorf("%q lists %v", filter, ids)
			}
		}
		for _, filter := range []string{"", "status:new", "status:unsolved"} { // for its requester it is a ticket as others
			if ids := f.listed(f.hana, person.SeeOwn, filter); !slices.Equal(ids, []int64{x.ID}) {
				t.Errorf("its requester finds %v with %q", ids, filter)
			}
		}
		if ids := f.listed(f.hana, person.SeeOwn, "status:done"); len(ids) != 0 {
			t.Error("its requester is told that it is done")
		}
	})
}

func TestAWantedTicketIsToldAsIfItHadJustCome(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := setUp(t, d)
		ctx := t.Context()
		x := f.suspect("Please call me")
		f.write(func(tx *db.Tx) error { // what comes later does not take it out
			_, err := f.desk.Answer(ctx, tx, by(f.hana), x.ID, ticket.Draft{Text: "Please?"})
			return err
		})
		f.heard = nil
		f.write(func(tx *db.Tx) error { return f.desk.MarkWanted(ctx, tx, by(f.amara), x.ID) })
		if x = f.get(x.ID); x.Turn != ticket.Ours || !x.IsOpen || x.Status != ticket.StatusNew || x.WaitingSince == 0 {
			t.Fatalf("wanted: %+v", x)
		}
		if want := []ticket.What{ticket.Suspected, ticket.Created, ticket.Messaged, ticket.Messaged}; !slices.Equal(f.heard, want) {
			t.Fatalf("hooks heard %v, want %v", f.heard, want)
		}
		if ids := f.listed(f.amara, person.SeeTicket, "turn:ours"); !slices.Equal(ids, []int64{x.ID}) {
			t.Errorf("our turn: %v", ids)
		}
		f.heard = nil
		f.write(func(tx *db.Tx) error { // changed their mind, twice
			if err := f.desk.MarkSpam(ctx, tx, by(f.amara), x.ID); err != nil {
				return err
			}
			return f.desk.MarkSpam(ctx, tx, by(f.amara), x.ID)
		})
		if x = f.get(x.ID); x.Turn != ticket.Spam || x.IsOpen || x.Status != ticket.Closed || x.WaitingSince != 0 {
			t.Fatalf("spam: %+v", x)
		}
		for _, filter := range []string{"", "status:done", "status:closed"} {
			if ids := f.listed(f.amara, person.SeeTicket, filter); len(ids) != 0 {
				t.Errorf("spam stands in the list %q", filter)
			}
		}
		f.write(func(tx *db.Tx) error { return f.desk.MarkWanted(ctx, tx, by(f.amara), x.ID) })
		if x = f.get(x.ID); x.Turn != ticket.Ours || !x.IsOpen || x.Status != ticket.Open || x.ClosedAt != 0 {
			t.Fatalf("wanted after all: %+v", x)
		}
		if slices.Contains(f.heard, ticket.Created) {
			t.Error("its creation was told twice")
		}
	})
}

func TestSpamOfASuspectIsUndone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := setUp(t, d)
		ctx := t.Context()
		x := f.suspect("Please call me")
		f.write(func(tx *db.Tx) error { return f.desk.MarkSpam(ctx, tx, by(f.amara), x.ID) })
		f.write(func(tx *db.Tx) error { // more of it
			_, err := f.desk.Answer(ctx, tx, by(f.hana), x.ID, ticket.Draft{Text: "Buy now"})
			return err
		})
		if x = f.get(x.ID); x.Turn != ticket.Spam {
			t.Fatalf("more spam took it out: %+v", x)
		}
		f.heard = nil
		f.write(func(tx *db.Tx) error { return f.desk.MarkWanted(ctx, tx, by(f.amara), x.ID) })
		if !slices.Contains(f.heard, ticket.Created) {
			t.Errorf("hooks that never heard of it heard %v", f.heard)
		}
	})
}

// Whoever answers a suspect ticket, or works on it, says that it is wanted.
func TestWorkOnASuspectTicketTakesItOut(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := setUp(t, d)
		ctx := t.Context()
		for name, work := range map[string]func(tx *db.Tx, id int64) error{
			"an answer": func(tx *db.Tx, id int64) error {
				_, err := f.desk.Reply(ctx, tx, by(f.amara), id, ticket.Draft{Text: "Good morning"}, "")
				return err
			},
			"taking it":  func(tx *db.Tx, id int64) error { return f.desk.Assign(ctx, tx, by(f.amara), id, f.amara.ID) },
			"solving it": func(tx *db.Tx, id int64) error { return f.desk.Solve(ctx, tx, by(f.amara), id) },
		} {
			x := f.suspect(name)
			f.heard = nil
			f.write(func(tx *db.Tx) error { return work(tx, x.ID) })
			if x = f.get(x.ID); x.Turn.Aside() || x.IsOpen != x.Status.IsOpen() || x.Turn != x.Status.Turn() {
				t.Errorf("%s: %+v", name, x)
			}
			if !slices.Contains(f.heard, ticket.Suspected) || !slices.Contains(f.heard, ticket.Created) {
				t.Errorf("%s: hooks heard %v", name, f.heard)
			}
		}
		x := f.suspect("a note is no work")
		f.write(func(tx *db.Tx) error {
			_, err := f.desk.Note(ctx, tx, by(f.amara), x.ID, ticket.Draft{Text: "looks odd"})
			return err
		})
		if x = f.get(x.ID); x.Turn != ticket.Suspect {
			t.Errorf("a note took it out: %+v", x)
		}
	})
}
