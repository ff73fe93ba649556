package person_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fault"
	"goodturn/internal/person"
)

// One place that is sent away must not lock others out by going on.
func TestLimitOfOnePlaceDoesNotUseUpTheTriesOfOthers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d)
		ctx := t.Context()
		h.write(func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO attempt (subject, count, since) VALUES ('password from 2001:db8:1:2::/64', 100, $1), ('link from 2001:db8:1:2::/64', 100, $1)`, tx.Now)
			return err
		})
		for i := range 15 {
			remote := fmt.Sprintf("2001:db8:1:2::%x", i+1) // one household has 2^64 of them
			if _, _, err := h.door.Password(ctx, "hana@example.com", "other", remote); !fault.Is(err, fault.KindLimited) {
				t.Fatalf("password from %s: %v", remote, err)
			}
			if _, err := h.door.WantLink(ctx, "hana@example.com", remote); !fault.Is(err, fault.KindLimited) {
				t.Fatalf("link from %s: %v", remote, err)
			}
		}
		if id, _, err := h.door.Password(ctx, "hana@example.com", password, "1.2.3.4"); err != nil || id != h.hana.ID {
			t.Errorf("the right password from elsewhere: %d, %v", id, err)
		}
		if id, err := h.door.WantLink(ctx, "hana@example.com", "1.2.3.4"); err != nil || id != h.hana.ID {
			t.Errorf("a link from elsewhere: %d, %v", id, err)
		}
	})
}

// What is no address is answered like an unknown one, and kept nowhere.
func TestPasswordOfWhatIsNoAddress(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d)
		ctx := t.Context()
		_, _, unknown := h.door.Password(ctx, "nobody@example.com", "other", "1.2.3.4")
		for _, address := range []string{"my secret pass\x00phrase", strings.Repeat("x", 1<<20) + "@example.com", "a\xff@example.com", ""} {
			if _, _, err := h.door.Password(ctx, address, "other", "1.2.3.4"); err == nil || err.Error() != unknown.Error() {
				t.Errorf("%.20q: %v", address, err)
			}
		}
		h.write(func(tx *db.Tx) error {
			long, err := db.All[int](ctx, tx, `SELECT length(thing) AS n FROM audit WHERE length(thing) > 100 UNION ALL SELECT length(subject) FROM attempt WHERE length(subject) > 100`)
			if len(long) > 0 {
				t.Errorf("lengths kept: %v", long)
			}
			secrets, err2 := db.All[string](ctx, tx, `SELECT thing FROM audit WHERE thing LIKE '%secret%'`)
			if len(secrets) > 0 {
				t.Errorf("kept: %q", secrets)
			}
			return errors.Join(err, err2)
		})
	})
}

// A link to one of several addresses does not prove another.
func TestLinkProvesNoOtherAddress(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d)
		ctx, mine := t.Context(), []byte("browser")
		proven := func() (n int) {
			h.write(func(tx *db.Tx) error {
				if _, _, err := person.UseLink(ctx, tx, must(person.NewLink(ctx, tx, h.hana.ID, mine, "")), mine, ""); err != nil {
					return err
				}
				for _, a := range must(person.Addresses(ctx, tx, h.hana.ID)) {
					if a.VerifiedAt != 0 {
						n++
					}
				}
				return nil
			})
			return n
		}
		h.write(func(tx *db.Tx) error { return person.AddAddress(ctx, tx, h.hana.ID, "second@example.com") })
		if n := proven(); n != 0 {
			t.Errorf("%d of two addresses are proven", n)
		}
		h.write(func(tx *db.Tx) error { return person.RemoveAddress(ctx, tx, h.hana.ID, "second@example.com") })
		if n := proven(); n != 1 {
			t.Errorf("%d of one address are proven", n)
		}
	})
}

func TestLocalPathIsBounded(t *testing.T) {
	for _, p := range []string{"/" + strings.Repeat("x", 3000), "/\x7f", "/\u0085x", "/\xff", "//evil.example", "/\\evil.example", "https://evil.example", ""} {
		if got := person.LocalPath(p); got != "" {
			t.Errorf("%.20q is taken for a path of ours", p)
		}
	}
	if p := "/tickets?q=ü&view=all"; person.LocalPath(p) != p {
		t.Error("a path of ours is refused")
	}
}

// Two who have the link of the first start, at the same moment, make one administrator.
func TestSetupTwiceAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		var token string
		if err := d.Write(ctx, func(tx *db.Tx) (err error) { token, err = person.NewSetup(ctx, tx); return err }); err != nil {
			t.Fatal(err)
		}
		// Both have looked before either has written.
		var looked, done sync.WaitGroup
		looked.Add(2)
		for i := range 2 {
			done.Go(func() {
				once := sync.OnceFunc(func() {
					looked.Done()
					if d.Engine() == db.Postgres {
						looked.Wait()
					}
				})
				_ = d.Write(ctx, func(tx *db.Tx) error {
					err := person.CheckSetup(ctx, tx, token)
					once()
					if err != nil {
						return err
					}
					_, err = person.FirstAdministrator(ctx, tx, token, "Boss", fmt.Sprintf("boss%d@example.com", i), "hash", "")
					return err
				})
			})
		}
		done.Wait()
		err := d.Read(ctx, func(tx *db.Tx) error {
			n, err := db.One[int](ctx, tx, `SELECT count(*) FROM person WHERE role = 'administrator'`)
			if n != 1 {
				t.Errorf("%d administrators", n)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// Whoever may not see a private team's tickets cannot get at them as their requester, by an address of their own.
func TestAddressesAreNoDoorToPrivateTickets(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d)
		ctx := t.Context()
		h.write(func(tx *db.Tx) error {
			team := must(person.SaveTeam(ctx, tx, person.Team{Slug: "people", Name: "People matters", Private: true}))
			asks := must(person.Create(ctx, tx, person.New{Name: "Ingrid Holm", Addresses: []string{"ingrid@example.com"}, Role: person.Requester}))
			follows := must(person.Create(ctx, tx, person.New{Name: "Nils Berg", Addresses: []string{"nils@example.com"}, Role: person.Requester}))
			straw := must(person.Create(ctx, tx, person.New{Name: "Straw Man", Addresses: []string{"straw@elsewhere.example"}, Role: person.Requester}))
			for _, s := range []string{
				`INSERT INTO ticket (id, subject, status, is_open, turn, priority, kind, channel, team_id, requester_id, last_text, last_by, messages, waiting_since, answered_at, solved_at, closed_at, created_at, activity_at)
					VALUES (1, 'Salary', 'new', TRUE, 'ours', 'normal', 'incident', 'mail', $1, $2, '', '', 0, 0, 0, 0, 0, 0, 0)`,
			} {
				if _, err := tx.Exec(ctx, s, team, asks.ID); err != nil {
					return err
				}
			}
			if _, err := tx.Exec(ctx, `INSERT INTO follower (ticket_id, person_id) VALUES (1, $1)`, follows.ID); err != nil {
				return err
			}
			agent := must(person.ActorOf(ctx, tx, h.hana.ID))
			for _, p := range []person.Person{asks, follows} {
				if err := person.MayChangeAddresses(ctx, tx, agent, p); !fault.Is(err, fault.KindDenied) {
					t.Errorf("addresses of %s: %v", p.Name, err)
				}
				for _, pair := range [][2]int64{{straw.ID, p.ID}, {p.ID, straw.ID}} {
					if _, err := person.MergeInto(ctx, tx, agent, pair[0], pair[1], ""); !fault.Is(err, fault.KindDenied) {
						t.Errorf("merge with %s: %v", p.Name, err)
					}
				}
			}
			if err := person.MayChangeAddresses(ctx, tx, agent, straw); err != nil {
				t.Error(err)
			}
			if err := person.SetMembers(ctx, tx, team, []int64{h.hana.ID}); err != nil {
				return err
			}
			member := must(person.ActorOf(ctx, tx, h.hana.ID))
			if err := person.MayChangeAddresses(ctx, tx, member, asks); err != nil {
				t.Errorf("a member of the team: %v", err)
			}
			_, err := person.MergeInto(ctx, tx, member, asks.ID, straw.ID, "")
			return err
		})
	})
}

// Two merges that cross must leave one of the two people.
func TestCrossedMerges(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d)
		ctx := context.WithoutCancel(t.Context())
		var a, b person.Person
		h.write(func(tx *db.Tx) error {
			a = must(person.Create(ctx, tx, person.New{Name: "A", Addresses: []string{"a@example.com"}, Role: person.Requester}))
			b = must(person.Create(ctx, tx, person.New{Name: "B", Addresses: []string{"b@example.com"}, Role: person.Requester}))
			return nil
		})
		var done sync.WaitGroup
		by := person.Actor{ID: h.hana.ID, Role: person.Agent}
		for _, pair := range [][2]int64{{a.ID, b.ID}, {b.ID, a.ID}} {
			done.Go(func() {
				_ = d.Write(ctx, func(tx *db.Tx) error { _, err := person.MergeInto(ctx, tx, by, pair[0], pair[1], ""); return err })
			})
		}
		done.Wait()
		h.write(func(tx *db.Tx) error {
			n, err := db.One[int](ctx, tx, `SELECT count(*) FROM person WHERE id IN ($1, $2) AND merged_into IS NULL`, a.ID, b.ID)
			if n != 1 {
				t.Errorf("%d of the two are left", n)
			}
			return err
		})
	})
}
