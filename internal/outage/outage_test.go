package outage_test

import (
	"fmt"
	"testing"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fault"
	"goodturn/internal/outage"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

func TestLikeIsPreciseRatherThanEager(t *testing.T) {
	f := setUp(t, dbtest.Open(t, db.SQLite))
	vpn := f.post(f.amara, outage.New{Title: "VPN is down", Words: "anyconnect, remote access"})
	printing := f.post(f.amara, outage.New{Title: "Printing on the third floor does not work", Words: "papercut server"})
	german := f.post(f.amara, outage.New{Title: "Rechnungsdrucker im Lager ausgefallen"})
	for text, want := range map[string]int64{
		"I cannot get into the vpn since this morning": vpn.ID,
		"VPN":                                           vpn.ID,
		"my AnyConnect says no":                         vpn.ID,
		"remote access broken":                          vpn.ID,
		"accessing it remotely does not work":           vpn.ID,
		"access to the file share":                      0,
		"nothing works, it is down":                     0,
		"the printers on the third floor print nothing": printing.ID,
		"Printing is dead for everybody":                printing.ID,
		"die Rechnungsdrucker im Lager":                 german.ID,
		"Rechnungsdrucker druckt nicht":                 0,
		"my laptop is slow":                             0,
		"":                                              0,
	} {
		hits := f.like(f.hana, text)
		got := int64(0)
		if len(hits) > 0 {
			got = hits[0].ID
		}
		if got != want || len(hits) > 1 {
			t.Errorf("%q fits %d (%d in all), want %d", text, got, len(hits), want)
		}
	}
}

func TestEverybodyIsCountedOnce(t *testing.T) {
	each(t, func(f *fixture) {
		o := f.post(f.amara, outage.New{Title: "VPN is down"})
		a, b := f.ticket(f.hana, "VPN", f.first), f.ticket(f.hana, "VPN again", f.first)
		f.link(f.amara, o.ID, a.ID)
		f.link(f.amara, o.ID, b.ID)
		f.link(f.amara, o.ID, b.ID)
		f.meToo(f.hana, o.ID)
		f.meToo(f.hugo, o.ID)
		f.meToo(f.hugo, o.ID)
		f.meToo(f.bela, o.ID)
		for who, want := range map[*person.Actor]int{&f.hana: 2, &f.bela: 1, &person.Nobody: 0} {
			if n := f.count(*who, o.ID); n != want {
				f.Errorf("%d people of the circle of %d have it, want %d", n, who.ID, want)
			}
		}
		f.write(func(tx *db.Tx) error { return f.board.Leave(f.Context(), tx, o.ID, f.hana.ID) })
		if n := f.count(f.hugo, o.ID); n != 1 {
			f.Errorf("after one left, %d have it", n)
		}
		var events int
		f.read(func(tx *db.Tx) error {
			for _, e := range must(ticket.Events(f.Context(), tx, b.ID)) {
				if e.What == ticket.OutageLinked {
					events++
				}
			}
			return nil
		})
		if events != 1 {
			f.Errorf("linking twice stands on the spine %d times", events)
		}
	})
}

func TestOrganisationsDoNotLearnOfEachOther(t *testing.T) {
	each(t, func(f *fixture) {
		o := f.post(f.amara, outage.New{Title: "Payroll portal is down", Audience: outage.SomeOrganisations, Organisations: []int64{f.acme}})
		f.post(f.priya, outage.New{Title: "Payroll portal is down", Audience: outage.OwnTeam, Team: f.payroll})
		for _, who := range []person.Actor{f.bela, person.Nobody} {
			c := f.circle(who)
			if hits := f.like(who, "payroll portal"); len(hits) != 0 {
				f.Errorf("%d is told of %q", who.ID, hits[0].Title)
			}
			f.read(func(tx *db.Tx) error {
				s := must(outage.Status(f.Context(), tx, c, who.ID))
				if len(s.Now)+len(s.Planned)+len(s.Past) != 0 || s.ChangedAt != 0 {
					f.Errorf("the status page of %d tells %+v", who.ID, s)
				}
				return nil
			})
			f.refused(fault.KindNotFound, func(tx *db.Tx) error {
				_, err := outage.See(f.Context(), tx, c, o.ID, who.ID)
				return err
			})
			f.refused(fault.KindNotFound, func(tx *db.Tx) error { return f.board.MeToo(f.Context(), tx, c, o.ID, who.ID) })
		}
		f.refused(fault.KindNotFound, func(tx *db.Tx) error { return f.board.Ask(f.Context(), tx, o.ID, "eve@acme.example") })
		if hits := f.like(f.hana, "payroll portal"); len(hits) != 1 || hits[0].ID != o.ID {
			f.Errorf("whom it concerns is told of %v", hits)
		}
		theirs := f.ticket(f.bela, "Payroll", f.first)
		f.refused(fault.KindInvalid, func(tx *db.Tx) error {
			return f.board.Link(f.Context(), tx, ticket.By{Actor: f.amara}, o.ID, theirs.ID)
		})
	})
}

func TestAPrivateTeamsOutageExistsForItsMembers(t *testing.T) {
	each(t, func(f *fixture) {
		o := f.post(f.priya, outage.New{Title: "Payroll export hangs", Audience: outage.OwnTeam, Team: f.payroll})
		ours, others := f.ticket(f.hana, "Payroll", f.payroll), f.ticket(f.hugo, "Payroll", f.first)
		f.refused(fault.KindNotFound, func(tx *db.Tx) error {
			_, err := outage.Get(f.Context(), tx, f.amara, o.ID)
			return err
		})
		f.refused(fault.KindNotFound, func(tx *db.Tx) error {
			_, err := f.board.Tell(f.Context(), tx, f.amara, o.ID, outage.News{Text: "x"})
			return err
		})
		f.refused(fault.KindInvalid, func(tx *db.Tx) error {
			return f.board.Link(f.Context(), tx, ticket.By{Actor: f.priya}, o.ID, others.ID)
		})
		f.link(f.priya, o.ID, ours.ID)
		f.read(func(tx *db.Tx) error {
			if hits := must(f.board.LikeForStaff(f.Context(), tx, f.amara, "payroll export")); len(hits) != 0 {
				f.Errorf("another agent is told of %v", hits)
			}
			now, past, err := outage.List(f.Context(), tx, f.amara, 10)
			if err != nil || len(now)+len(past) != 0 {
				f.Errorf("another agent's list has %v %v, %v", now, past, err)
			}
			return nil
		})
		// A private team's ticket is not counted where others see the number.
		all := f.post(f.amara, outage.New{Title: "Mail is late"})
		f.link(f.priya, all.ID, f.ticket(f.hugo, "mail", f.payroll).ID)
		if n := f.count(f.hana, all.ID); n != 0 {
			f.Errorf("a private team's ticket is counted: %d", n)
		}
	})
}

func TestNewsReachesEachPersonOnce(t *testing.T) {
	each(t, func(f *fixture) {
		o := f.post(f.amara, outage.New{Title: "VPN is down"})
		a, b := f.ticket(f.hana, "VPN", f.first), f.ticket(f.hana, "VPN 2", f.first)
		f.link(f.amara, o.ID, a.ID)
		f.link(f.amara, o.ID, b.ID)
		f.meToo(f.hana, o.ID)
		f.meToo(f.hugo, o.ID)
		for range 2 { // the button was pressed twice
			f.write(func(tx *db.Tx) error {
				_, err := f.board.Tell(f.Context(), tx, f.amara, o.ID, outage.News{Text: "We know more.", NextAt: f.at.Add(time.Hour), Form: "0123456789abcdef"})
				return err
			})
		}
		f.at = f.at.Add(time.Minute)
		f.meToo(f.bela, o.ID) // saw it already
		f.drain()
		if len(f.mails) != 2 || f.mails[0].Person != f.hana.ID || f.mails[0].Ticket != b.ID || f.mails[1].Person != f.hugo.ID || f.mails[1].Ticket != 0 {
			f.Fatalf("mailed %+v", f.mails)
		}
		f.read(func(tx *db.Tx) error {
			all := must(outage.Updates(f.Context(), tx, o.ID))
			if len(all) != 1 || all[0].Telling || all[0].Told != 2 {
				f.Errorf("the update stands as %+v", all)
			}
			told := 0
			for _, e := range must(ticket.Events(f.Context(), tx, a.ID)) {
				if e.What == ticket.OutageTold {
					told++
				}
			}
			if told != 1 {
				f.Errorf("the ticket's spine has the news %d times", told)
			}
			return nil
		})
		f.mails = nil
		f.write(func(tx *db.Tx) error {
			_, err := f.board.Close(f.Context(), tx, f.amara, o.ID, outage.News{Text: "A router. It was exchanged.", Solve: true})
			return err
		})
		f.drain()
		if len(f.mails) != 3 {
			f.Errorf("that it is over was mailed to %d", len(f.mails))
		}
		f.read(func(tx *db.Tx) error {
			for _, id := range []int64{a.ID, b.ID} {
				if x := must(ticket.Get(f.Context(), tx, f.amara, person.SeeTicket, id)); x.Status != ticket.Solved {
					f.Errorf("#%d is %s", id, x.Status)
				}
			}
			return nil
		})
		f.refused(fault.KindConflict, func(tx *db.Tx) error {
			_, err := f.board.Tell(f.Context(), tx, f.amara, o.ID, outage.News{Text: "late"})
			return err
		})
	})
}

func TestMergedTicketsKeepTheirOutage(t *testing.T) {
	each(t, func(f *fixture) {
		o := f.post(f.amara, outage.New{Title: "VPN is down"})
		a, b := f.ticket(f.hana, "VPN", f.first), f.ticket(f.hugo, "VPN too", f.first)
		f.link(f.amara, o.ID, b.ID)
		f.write(func(tx *db.Tx) error {
			_, err := f.desk.Merge(f.Context(), tx, ticket.By{Actor: f.amara}, a.ID, []int64{b.ID})
			return err
		})
		of := func(id int64) (got int64) {
			f.read(func(tx *db.Tx) error { got = must(outage.OfTicket(f.Context(), tx, id)); return nil })
			return got
		}
		if of(a.ID) != o.ID || f.count(f.hana, o.ID) != 2 {
			f.Errorf("after the merge the kept ticket has %d, and %d people have it", of(a.ID), f.count(f.hana, o.ID))
		}
		f.write(func(tx *db.Tx) error {
			_, err := f.desk.UndoMerge(f.Context(), tx, ticket.By{Actor: f.amara}, b.ID)
			return err
		})
		if of(a.ID) != 0 || of(b.ID) != o.ID {
			f.Errorf("parted again they have %d and %d", of(a.ID), of(b.ID))
		}
	})
}

func TestPlannedWorkBeginsAndEndsByItself(t *testing.T) {
	each(t, func(f *fixture) {
		o := f.post(f.amara, outage.New{Title: "Mail server is moved", Planned: true, Since: f.at.Add(time.Hour), Until: f.at.Add(3 * time.Hour)})
		f.meToo(f.hana, o.ID)
		state := func() outage.State {
			f.Helper()
			check(f.board.Sweep(f.Context()))
			f.drain()
			var got outage.Outage
			f.read(func(tx *db.Tx) error { got = must(outage.Get(f.Context(), tx, f.amara, o.ID)); return nil })
			return got.State
		}
		for _, step := range []struct {
			after time.Duration
			want  outage.State
			mails int
		}{{0, outage.Planned, 0}, {time.Hour, outage.Open, 0}, {2 * time.Hour, outage.Open, 0}, {3 * time.Hour, outage.Over, 1}, {4 * time.Hour, outage.Over, 1}} {
			f.at = start.Add(step.after)
			if got := state(); got != step.want || len(f.mails) != step.mails {
				f.Errorf("after %s it is %s with %d mails, want %s and %d", step.after, got, len(f.mails), step.want, step.mails)
			}
		}
	})
}

func TestWhoPromisedNewsIsRemindedOnce(t *testing.T) {
	each(t, func(f *fixture) {
		o := f.post(f.amara, outage.New{Title: "VPN is down", NextAt: f.at.Add(time.Hour)})
		sweep := func() { f.Helper(); check(f.board.Sweep(f.Context())) }
		sweep()
		if len(f.reminded) != 0 {
			f.Fatal("reminded too early")
		}
		f.at = start.Add(61 * time.Minute)
		sweep()
		sweep()
		if len(f.reminded) != 1 || f.reminded[0] != f.amara.ID {
			f.Fatalf("reminded %v", f.reminded)
		}
		f.read(func(tx *db.Tx) error {
			if x := must(outage.Get(f.Context(), tx, f.amara, o.ID)); !x.Late(f.at) {
				f.Error("nobody says that the news is late")
			}
			return nil
		})
	})
}

func TestAStrangersAddressIsAskedFirst(t *testing.T) {
	each(t, func(f *fixture) {
		o := f.post(f.amara, outage.New{Title: "VPN is down"})
		for range 2 {
			f.write(func(tx *db.Tx) error { return f.board.Ask(f.Context(), tx, o.ID, "New@Acme.example") })
		}
		if len(f.mails) != 1 || f.count(f.hana, o.ID) != 0 {
			f.Fatalf("mailed %v, and %d have it before they said so", f.mails, f.count(f.hana, o.ID))
		}
		token := outage.Token(f.board.Key, outage.Join, o.ID, f.mails[0].Person)
		f.refused(fault.KindNotFound, func(tx *db.Tx) error {
			_, err := f.board.Confirm(f.Context(), tx, outage.Token(f.board.Key, outage.Part, o.ID, f.mails[0].Person))
			return err
		})
		f.refused(fault.KindNotFound, func(tx *db.Tx) error {
			_, err := f.board.Confirm(f.Context(), tx, fmt.Sprintf("%d.%d.x", o.ID, f.hana.ID))
			return err
		})
		for range 2 {
			f.write(func(tx *db.Tx) error { _, err := f.board.Confirm(f.Context(), tx, token); return err })
		}
		if n := f.count(f.hana, o.ID); n != 1 {
			f.Errorf("%d have it", n)
		}
		f.refused(fault.KindInvalid, func(tx *db.Tx) error { return f.board.Ask(f.Context(), tx, o.ID, "not an address") })
	})
}

func TestWhatCannotBePosted(t *testing.T) {
	f := setUp(t, dbtest.Open(t, db.SQLite))
	for field, n := range map[string]outage.New{
		"title":         {Title: "  "},
		"since":         {Title: "x", Since: f.at.Add(time.Hour)},
		"next":          {Title: "x", NextAt: f.at.Add(-time.Hour)},
		"until":         {Title: "x", Planned: true, Since: f.at.Add(time.Hour), Until: f.at.Add(time.Minute)},
		"organisations": {Title: "x", Audience: outage.SomeOrganisations},
		"team":          {Title: "x", Audience: outage.OwnTeam, Team: 999},
		"audience":      {Title: "x", Audience: "some"},
	} {
		err := f.refused(fault.KindInvalid, func(tx *db.Tx) error { _, err := f.board.Post(t.Context(), tx, f.amara, n); return err })
		if len(err.Fields) != 1 || err.Fields[0].Name != field {
			t.Errorf("%s: got %v", field, err.Fields)
		}
	}
	f.refused(fault.KindDenied, func(tx *db.Tx) error {
		_, err := f.board.Post(t.Context(), tx, f.hana, outage.New{Title: "x"})
		return err
	})
}

// BenchmarkLike is what a suggestion costs with fifty outages.
func BenchmarkLike(b *testing.B) {
	f := setUp(b, dbtest.Open(b, db.SQLite))
	for i := range 50 {
		f.post(f.amara, outage.New{Title: fmt.Sprintf("Application number %d of the warehouse is down", i), Words: "warehouse terminal, scanner gun, label printer"})
	}
	text := "Good morning, since today the label printer at the gate prints only half of every label and the scanner shows an error when I log in to the warehouse system. "
	c := f.circle(f.hana)
	for b.Loop() {
		f.read(func(tx *db.Tx) error { must(f.board.Like(b.Context(), tx, c, text)); return nil })
	}
}
