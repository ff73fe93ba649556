package person_test

import (
	"slices"
	"sync"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fault"
	"goodturn/internal/person"
)

func (h *house) add(n person.New) (p person.Person) {
	h.Helper()
	h.write(func(tx *db.Tx) (err error) {
		p, err = person.Create(h.Context(), tx, n)
		return err
	})
	return p
}

func (h *house) get(id int64) (p person.Person) {
	h.Helper()
	h.write(func(tx *db.Tx) (err error) {
		p, err = person.Get(h.Context(), tx, id)
		return err
	})
	return p
}

func (h *house) setRole(id int64, r person.Role) error {
	return h.d.Write(h.Context(), func(tx *db.Tx) error { return person.Update(h.Context(), tx, id, person.Change{Role: &r}) })
}

func TestSomebodyStaysAdministrator(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d)
		one := h.add(person.New{Name: "Noor", Addresses: []string{"noor@example.com"}, Role: person.Administrator})
		if err := h.setRole(one.ID, person.Lead); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("the only administrator became a lead: %v", err)
		}
		off := false
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			return person.Update(t.Context(), tx, one.ID, person.Change{Active: &off})
		})
		if !fault.Is(err, fault.KindInvalid) {
			t.Errorf("the only administrator was switched off: %v", err)
		}
		two := h.add(person.New{Name: "Sam", Addresses: []string{"sam@example.com"}, Role: person.Administrator})
		if err := h.setRole(one.ID, person.Lead); err != nil {
			t.Errorf("one of two cannot become a lead: %v", err)
		}
		if err := h.setRole(one.ID, person.Administrator); err != nil {
			t.Fatal(err)
		}
		h.write(func(tx *db.Tx) error {
			_, err := person.MergeInto(t.Context(), tx, person.Actor{ID: one.ID, Role: person.Administrator}, h.hana.ID, two.ID, "")
			return err
		})
		if err := h.setRole(one.ID, person.Lead); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("somebody who was merged away counted as an administrator: %v", err)
		}
	})
}

func TestTwoAdministratorsAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d)
		a := h.add(person.New{Name: "A", Addresses: []string{"a@example.com"}, Role: person.Administrator})
		b := h.add(person.New{Name: "B", Addresses: []string{"b@example.com"}, Role: person.Administrator})
		for range 5 {
			var wg sync.WaitGroup
			for _, p := range []person.Person{a, b} {
				wg.Go(func() { _ = h.setRole(p.ID, person.Agent) })
			}
			wg.Wait()
			if h.get(a.ID).Role != person.Administrator && h.get(b.ID).Role != person.Administrator {
				t.Fatal("no administrator is left")
			}
			for _, p := range []person.Person{a, b} {
				if err := h.setRole(p.ID, person.Administrator); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}

func TestRequestersLeaveTheirTeams(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d)
		var team int64
		h.write(func(tx *db.Tx) (err error) {
			if team, err = person.SaveTeam(t.Context(), tx, person.Team{Slug: "payroll", Name: "Payroll", Private: true}); err != nil {
				return err
			}
			return person.SetMembers(t.Context(), tx, team, []int64{h.hana.ID})
		})
		if err := h.setRole(h.hana.ID, person.Requester); err != nil {
			t.Fatal(err)
		}
		h.write(func(tx *db.Tx) error {
			members, err := person.Members(t.Context(), tx, team)
			if len(members) != 0 {
				t.Errorf("a requester still belongs to the team")
			}
			return err
		})
		none := int64(4711)
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			return person.Update(t.Context(), tx, h.hana.ID, person.Change{Organisation: &none})
		})
		if !fault.Is(err, fault.KindInvalid) {
			t.Errorf("an organisation that does not exist: %v", err)
		}
	})
}

func TestPeopleJoinTheOrganisationOfTheirDomain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d)
		inside := h.add(person.New{Name: "In", Addresses: []string{"in@lab.example.org"}, Role: person.Requester})
		outside := h.add(person.New{Name: "Out", Addresses: []string{"out@notexample.org"}, Role: person.Requester})
		claimed := h.add(person.New{Name: "Sub", Addresses: []string{"sub@uni.example.org"}, Role: person.Requester})
		var wide, narrow int64
		h.write(func(tx *db.Tx) (err error) {
			if narrow, err = person.SaveOrganisation(t.Context(), tx, person.Organisation{Name: "Uni", Domains: []string{"uni.example.org"}}); err != nil {
				return err
			}
			wide, err = person.SaveOrganisation(t.Context(), tx, person.Organisation{Name: "All", Domains: []string{"Example.org"}})
			return err
		})
		for _, x := range []struct {
			p    person.Person
			want int64
		}{{inside, wide}, {outside, 0}, {claimed, narrow}, {h.hana, 0}} {
			if got := h.get(x.p.ID).OrganisationID; got != x.want {
				t.Errorf("%s is in organisation %d, want %d", x.p.Address, got, x.want)
			}
		}
	})
}

func TestListsForAdministration(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d)
		noor := h.add(person.New{Name: "Noor", Addresses: []string{"noor@example.com"}, Role: person.Lead})
		h.write(func(tx *db.Tx) error {
			ctx := t.Context()
			for _, by := range []person.Person{h.hana, noor} {
				for _, thing := range []string{"team 1", "person 99"} {
					if err := person.Audit(ctx, tx, person.Actor{ID: by.ID}, "team changed", thing, "", "192.0.2.1"); err != nil {
						return err
					}
				}
			}
			of, err := person.AuditOf(ctx, tx, noor.ID, 0, 10)
			if len(of) != 2 || of[0].Person != "Noor" || of[0].ID < of[1].ID {
				t.Errorf("the record of Noor: %+v", of)
			}
			if err != nil {
				return err
			}
			if rest, _ := person.AuditOf(ctx, tx, noor.ID, of[0].ID, 10); len(rest) != 1 {
				t.Errorf("%d lines before the first, want 1", len(rest))
			}
			leads, err := person.ListRole(ctx, tx, person.Lead, 0, 10)
			if len(leads) != 1 || leads[0].ID != noor.ID {
				t.Errorf("the leads: %+v", leads)
			}
			if err != nil {
				return err
			}
			names, err := person.Names(ctx, tx, []int64{h.hana.ID, noor.ID, 4711})
			if len(names) != 2 || names[noor.ID] != "Noor" {
				t.Errorf("the names: %v", names)
			}
			about, _ := person.AuditOf(ctx, tx, 99, 0, 10)
			if !slices.ContainsFunc(about, func(e person.AuditEntry) bool { return e.Thing == "person 99" }) {
				t.Error("what was done to a person is not in their record")
			}
			return err
		})
	})
}
