package ticket_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fault"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// fixture is a desk with one requester, two agents, an open and a private team.
type fixture struct {
	*testing.T
	d                  *db.DB
	desk               *ticket.Desk
	hana, amara, jonas person.Actor
	open, private      int64
	heard              []ticket.What
}

func setUp(t *testing.T, d *db.DB) *fixture {
	f := &fixture{T: t, d: d}
	f.desk = &ticket.Desk{Hooks: []ticket.Hook{func(_ context.Context, _ *db.Tx, e ticket.Event, _ ticket.Ticket, _ *ticket.Message) error {
		f.heard = append(f.heard, e.What)
		return nil
	}}}
	f.write(func(tx *db.Tx) error {
		f.open = must(person.SaveTeam(f.Context(), tx, person.Team{Slug: "first-line", Name: "First line"}))
		f.private = must(person.SaveTeam(f.Context(), tx, person.Team{Slug: "payroll", Name: "Payroll", Private: true}))
		f.hana = f.person(tx, "Hana Sato", "hana@example.com", person.Requester)
		f.amara = f.person(tx, "Amara Okafor", "amara@example.org", person.Agent)
		f.jonas = f.person(tx, "Jonas Lind", "jonas@example.org", person.Agent)
		return person.SetMembers(f.Context(), tx, f.private, []int64{f.jonas.ID})
	})
	f.write(func(tx *db.Tx) error { // the private team counts from now on
		f.amara, f.jonas = must(person.ActorOf(f.Context(), tx, f.amara.ID)), must(person.ActorOf(f.Context(), tx, f.jonas.ID))
		return nil
	})
	return f
}

func (f *fixture) person(tx *db.Tx, name, address string, role person.Role) person.Actor {
	p := must(person.Create(f.Context(), tx, person.New{Name: name, Addresses: []string{address}, Role: role}))
	return must(person.ActorOf(f.Context(), tx, p.ID))
}

func (f *fixture) write(fn func(tx *db.Tx) error) {
	f.Helper()
	if err := f.d.Write(f.Context(), fn); err != nil {
		f.Fatal(err)
	}
}

func (f *fixture) refused(kind fault.Kind, fn func(tx *db.Tx) error) {
	f.Helper()
	if err := f.d.Write(f.Context(), fn); !fault.Is(err, kind) {
		f.Fatalf("got %v, want a fault of kind %d", err, kind)
	}
}

func (f *fixture) create(text string) (t ticket.Ticket) {
	f.Helper()
	f.write(func(tx *db.Tx) (err error) {
		t, err = f.desk.Create(f.Context(), tx, by(f.hana), ticket.New{Requester: f.hana.ID, Team: f.open, Channel: ticket.ByMail, Message: ticket.Draft{Text: text}})
		return err
	})
	return t
}

func (f *fixture) get(id int64) (t ticket.Ticket) {
	f.Helper()
	f.write(func(tx *db.Tx) (err error) {
		t, err = ticket.Get(f.Context(), tx, person.System, person.SeeTicket, id)
		return err
	})
	return t
}

func by(a person.Actor) ticket.By { return ticket.By{Actor: a} }

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func TestLifeOfATicket(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := setUp(t, d)
		ctx := t.Context()
		x := f.create("The printer prints half pages.\nSince this morning.")
		if x.ID != 1001 || x.Subject != "The printer prints half pages. Since this morning." || x.Status != ticket.StatusNew || x.Turn != ticket.Ours {
			t.Fatalf("made %+v", x)
		}
		f.write(func(tx *db.Tx) error { return f.desk.Assign(ctx, tx, by(f.amara), x.ID, f.amara.ID) })
		f.write(func(tx *db.Tx) error {
			_, err := f.desk.Reply(ctx, tx, by(f.amara), x.ID, ticket.Draft{Text: "Good morning Hana"}, ticket.Pending)
			return err
		})
		if x = f.get(x.ID); x.Status != ticket.Pending || x.Turn != ticket.Theirs || x.WaitingSince != 0 || x.AnsweredAt == 0 || x.LastBy != "Amara Okafor" {
			t.Fatalf("after the reply: %+v", x)
		}
		f.write(func(tx *db.Tx) error {
			_, err := f.desk.Note(ctx, tx, by(f.jonas), x.ID, ticket.Draft{Text: "the drum, again"})
			return err
		})
		f.write(func(tx *db.Tx) error { return f.desk.Solve(ctx, tx, by(f.amara), x.ID) })
		if x = f.get(x.ID); x.IsOpen || x.SolvedAt == 0 || x.LastText != "Good morning Hana" {
			t.Fatalf("after solving: %+v", x)
		}
		f.write(func(tx *db.Tx) error {
			_, err := f.desk.Answer(ctx, tx, by(f.hana), x.ID, ticket.Draft{Text: "It is back"})
			return err
		})
		if x = f.get(x.ID); x.Status != ticket.Open || x.SolvedAt != 0 || x.WaitingSince == 0 || x.Messages != 4 {
			t.Fatalf("after the answer: %+v", x)
		}
		want := []ticket.What{ticket.Created, ticket.Messaged, ticket.Assigned, ticket.StatusChanged, ticket.Messaged, ticket.StatusChanged, ticket.Noted, ticket.StatusChanged, ticket.Messaged, ticket.StatusChanged}
		if !slices.Equal(f.heard, want) {
			t.Errorf("hooks heard %v, want %v", f.heard, want)
		}
		f.write(func(tx *db.Tx) error {
			events := must(ticket.Events(ctx, tx, x.ID))
			if len(events) != len(want) || events[9].FromValue != "solved" || events[9].ToValue != "open" || events[9].Cause != "answer" || events[9].PersonID != f.hana.ID {
				t.Errorf("events are %+v", events)
			}
			if public := must(ticket.Messages(ctx, tx, x.ID, false)); len(public) != 3 {
				t.Errorf("%d public messages, want 3", len(public))
			}
			return nil
		})
	})
}

func TestWhatIsRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := setUp(t, d)
		ctx := t.Context()
		x := f.create("help")
		f.write(func(tx *db.Tx) error { return f.desk.SetStatus(ctx, tx, by(f.amara), x.ID, ticket.Open) })
		draft := ticket.Draft{Text: "text"}
		f.refused(fault.KindInvalid, func(tx *db.Tx) error { return f.desk.SetStatus(ctx, tx, by(f.amara), x.ID, ticket.StatusNew) })
		f.refused(fault.KindInvalid, func(tx *db.Tx) error { return f.desk.SetStatus(ctx, tx, by(f.amara), x.ID, "great") })
		f.refused(fault.KindInvalid, func(tx *db.Tx) error { return f.desk.SetPriority(ctx, tx, by(f.amara), x.ID, "huge") })
		f.refused(fault.KindInvalid, func(tx *db.Tx) error { return f.desk.SetTags(ctx, tx, by(f.amara), x.ID, []string{"two words"}) })
		f.refused(fault.KindInvalid, func(tx *db.Tx) error { return f.desk.Assign(ctx, tx, by(f.amara), x.ID, f.hana.ID) })
		f.refused(fault.KindInvalid, func(tx *db.Tx) error { return f.desk.SetSubject(ctx, tx, by(f.amara), x.ID, " \n ") })
		f.refused(fault.KindInvalid, func(tx *db.Tx) error {
			_, err := f.desk.Reply(ctx, tx, by(f.amara), x.ID, ticket.Draft{Text: " \n"}, "")
			return err
		})
		f.refused(fault.KindDenied, func(tx *db.Tx) error {
			_, err := f.desk.Note(ctx, tx, by(f.hana), x.ID, draft)
			return err
		})
		f.refused(fault.KindNotFound, func(tx *db.Tx) error {
			_, err := f.desk.Answer(ctx, tx, by(person.Nobody), x.ID, draft)
			return err
		})
		f.refused(fault.KindNotFound, func(tx *db.Tx) error { return f.desk.Solve(ctx, tx, by(f.amara), 99999) })
		f.refused(fault.KindInvalid, func(tx *db.Tx) error {
			_, err := f.desk.Create(ctx, tx, by(f.hana), ticket.New{Requester: f.hana.ID, Team: f.open, Priority: "x", Kind: "y"})
			return err
		})
	})
}

func TestPrivateTeamHidesItsTickets(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := setUp(t, d)
		ctx := t.Context()
		x := f.create("My salary in marchsecret")
		f.write(func(tx *db.Tx) error { return f.desk.Assign(ctx, tx, by(f.amara), x.ID, f.amara.ID) })
		f.write(func(tx *db.Tx) error { return f.desk.MoveTo(ctx, tx, by(f.amara), x.ID, f.private) })
		if got := f.get(x.ID); got.AssigneeID != 0 {
			t.Error("somebody outside the private team still has the ticket")
		}
		f.refused(fault.KindNotFound, func(tx *db.Tx) error { return f.desk.Solve(ctx, tx, by(f.amara), x.ID) })
		f.refused(fault.KindInvalid, func(tx *db.Tx) error { return f.desk.Assign(ctx, tx, by(f.jonas), x.ID, f.amara.ID) })
		for _, q := range []string{"", "marchsecret", "status:unsolved", "-tag:x", "NOT xylophone", "is:private OR status:new", "number:>0"} {
			for who, want := range map[*person.Actor]int{&f.amara: 0, &f.jonas: 1} {
				f.write(func(tx *db.Tx) error {
					if got := must(ticket.List(ctx, tx, *who, person.SeeTicket, ticket.Page{Filter: q})); len(got.Items) != want {
						t.Errorf("%s sees %d tickets with %q, want %d", who.Name, len(got.Items), q, want)
					}
					return nil
				})
			}
		}
		f.write(func(tx *db.Tx) error { // a team that is hidden is a team that is not there
			hidden, none := ticket.CheckFilter(ctx, tx, f.amara, "team:payroll"), ticket.CheckFilter(ctx, tx, f.amara, "team:payrol1")
			if hidden == nil || none == nil || strings.ReplaceAll(hidden.Error(), "payroll", "payrol1") != none.Error() {
				t.Errorf("a hidden team: %v; none: %v", hidden, none)
			}
			return ticket.CheckFilter(ctx, tx, f.jonas, "team:payroll")
		})
		f.write(func(tx *db.Tx) error {
			if n := must(ticket.Count(ctx, tx, f.amara, "status:unsolved")); n != 0 {
				t.Errorf("counts tell of %d hidden tickets", n)
			}
			return nil
		})
	})
}

func TestSearchByARequesterNeverTouchesNotes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := setUp(t, d)
		ctx := t.Context()
		x := f.create("The scanner beeps")
		f.write(func(tx *db.Tx) error {
			_, err := f.desk.Note(ctx, tx, by(f.amara), x.ID, ticket.Draft{Text: "user is clueless xyzzy"})
			return err
		})
		for q, want := range map[string]int{"scanner": 1, "xyzzy": 0, "beeps status:new": 1, "beeps status:solved": 0} {
			f.write(func(tx *db.Tx) error {
				if got := must(ticket.List(ctx, tx, f.hana, person.SeeOwn, ticket.Page{Filter: q})); len(got.Items) != want {
					t.Errorf("%q finds %d, want %d", q, len(got.Items), want)
				}
				return nil
			})
		}
	})
}

func TestPagesWalkTheWholeListBothWays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := setUp(t, d)
		var want []int64
		for i := range 23 {
			want = append([]int64{f.create(fmt.Sprintf("ticket %d", i)).ID}, want...)
		}
		var got []int64
		page, pages := ticket.Page{Size: 5}, []ticket.Rows{}
		for {
			var rows ticket.Rows
			f.write(func(tx *db.Tx) error {
				rows = must(ticket.List(t.Context(), tx, f.amara, person.SeeTicket, page))
				return nil
			})
			pages = append(pages, rows)
			for _, r := range rows.Items {
				got = append(got, r.ID)
			}
			if page.Cursor = rows.Next; page.Cursor == "" {
				break
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("walked %v, want %v", got, want)
		}
		for i := len(pages) - 1; i > 0; i-- {
			f.write(func(tx *db.Tx) error {
				back := must(ticket.List(t.Context(), tx, f.amara, person.SeeTicket, ticket.Page{Size: 5, Cursor: pages[i].Prev}))
				if back.Items[0].ID != pages[i-1].Items[0].ID || len(back.Items) != 5 {
					t.Errorf("page %d leads back to %d (%d rows), want %d", i, back.Items[0].ID, len(back.Items), pages[i-1].Items[0].ID)
				}
				return nil
			})
		}
		f.refused(fault.KindInvalid, func(tx *db.Tx) error {
			_, err := ticket.List(t.Context(), tx, f.amara, person.SeeTicket, ticket.Page{Cursor: "nonsense"})
			return err
		})
	})
}

func TestSubjectHitsComeFirst(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := setUp(t, d)
		ctx := t.Context()
		var inSubject ticket.Ticket
		f.write(func(tx *db.Tx) error {
			inSubject = must(f.desk.Create(ctx, tx, by(f.hana), ticket.New{Subject: "Toner is empty", Requester: f.hana.ID, Team: f.open, Message: ticket.Draft{Text: "as I said"}}))
			return nil
		})
		newer := f.create("Hello, something about toner far down in the text that goes on and on. toner. Thank you.")
		f.write(func(tx *db.Tx) error { return f.desk.SetSubject(ctx, tx, by(f.amara), newer.ID, "A question") })
		f.write(func(tx *db.Tx) error {
			rows := must(ticket.List(ctx, tx, f.amara, person.SeeTicket, ticket.Page{Filter: "TONER"}))
			if len(rows.Items) != 2 || rows.Items[0].ID != inSubject.ID || !strings.Contains(rows.Items[1].Snippet, "toner") || rows.Newest {
				t.Errorf("found %+v", rows)
			}
			return nil
		})
	})
}

func TestLinkOpensOneTicketAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := setUp(t, d)
		ctx := t.Context()
		x, other := f.create("one"), f.create("two")
		var token string
		f.write(func(tx *db.Tx) (err error) { token, err = ticket.NewLink(ctx, tx, x.ID, f.hana.ID, true); return err })
		f.write(func(tx *db.Tx) error {
			a, l, err := ticket.OpenLink(ctx, tx, token)
			if err != nil || l.TicketID != x.ID {
				t.Fatalf("opened %+v, %v", l, err)
			}
			if _, err := ticket.Get(ctx, tx, a, person.SeeOwn, x.ID); err != nil {
				t.Errorf("the link does not open its ticket: %v", err)
			}
			if _, err := ticket.Get(ctx, tx, a, person.SeeOwn, other.ID); !fault.Is(err, fault.KindNotFound) {
				t.Errorf("the link opens another ticket: %v", err)
			}
			if rows := must(ticket.List(ctx, tx, a, person.SeeOwn, ticket.Page{})); len(rows.Items) != 1 {
				t.Errorf("the link lists %d tickets", len(rows.Items))
			}
			return nil
		})
		f.write(func(tx *db.Tx) error { return f.desk.RevokeLinks(ctx, tx, by(f.amara), x.ID, f.hana.ID) })
		for _, bad := range []string{token, "", "guess", token + "x"} {
			f.refused(fault.KindNotFound, func(tx *db.Tx) error { _, _, err := ticket.OpenLink(ctx, tx, bad); return err })
		}
	})
}

func TestAHookThatFailsUndoesAll(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := setUp(t, d)
		f.desk.Hooks = []ticket.Hook{func(context.Context, *db.Tx, ticket.Event, ticket.Ticket, *ticket.Message) error {
			return errors.New("no")
		}}
		told := 0
		f.desk.Changed = func(ticket.Change) { told++ }
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := f.desk.Create(t.Context(), tx, by(f.hana), ticket.New{Requester: f.hana.ID, Team: f.open, Message: ticket.Draft{Text: "text"}})
			return err
		})
		if err == nil || told != 0 {
			t.Fatalf("err %v, told %d", err, told)
		}
		f.write(func(tx *db.Tx) error {
			if n := must(db.One[int](t.Context(), tx, `SELECT (SELECT count(*) FROM ticket) + (SELECT count(*) FROM event) + (SELECT count(*) FROM message)`)); n != 0 {
				t.Errorf("%d rows are left", n)
			}
			return nil
		})
	})
}

func TestTagsRareAndCommon(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := setUp(t, d)
		ctx := t.Context()
		var all []int64
		for range 3 {
			all = append(all, f.create("x").ID)
		}
		f.write(func(tx *db.Tx) error {
			if err := f.desk.SetTags(ctx, tx, by(f.amara), all[0], []string{"rare", "both"}); err != nil {
				return err
			}
			return f.desk.SetTags(ctx, tx, by(f.amara), all[2], []string{"both"})
		})
		for q, want := range map[string]int{"tag:rare": 1, "tag:#BOTH": 2, "tag:none": 0, "tag:rare tag:both": 1, "tag:rare,both": 2, "tag:both status:solved": 0} {
			f.write(func(tx *db.Tx) error {
				if got := must(ticket.List(ctx, tx, f.amara, person.SeeTicket, ticket.Page{Filter: q})); len(got.Items) != want {
					t.Errorf("%q finds %d, want %d", q, len(got.Items), want)
				}
				return nil
			})
		}
	})
}
