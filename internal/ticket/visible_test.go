package ticket_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// TestVisibleIsCan holds the two forms of the one permission check equal: whatever Can says of a ticket,
// the predicate of lists says too, for people, teams and tickets thrown together at random.
func TestVisibleIsCan(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		rapid.Check(t, func(r *rapid.T) {
			w.shuffle(r)
			ctx := t.Context()
			err := d.Read(ctx, func(tx *db.Tx) error {
				for _, id := range w.people {
					a, err := person.ActorOf(ctx, tx, id)
					if err != nil {
						return err
					}
					for _, a := range []person.Actor{a, a.Narrow(person.Requester, false), a.ForTicket(w.tickets[0]), a.Narrow("", true)} {
						for _, verb := range []person.Verb{person.SeeTicket, person.SeeOwn} {
							w.compare(r, tx, a, verb)
						}
					}
				}
				return nil
			})
			if err != nil {
				r.Fatal(err)
			}
		})
	})
}

// world is a few people, teams, organisations and tickets.
type world struct {
	t       *testing.T
	d       *db.DB
	desk    *ticket.Desk
	people  []int64
	teams   []int64
	orgs    []int64
	tickets []int64
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	w := &world{t: t, d: d, desk: &ticket.Desk{}}
	ctx := t.Context()
	err := d.Write(ctx, func(tx *db.Tx) error {
		for _, name := range []string{"one", "two"} {
			id, err := person.SaveOrganisation(ctx, tx, person.Organisation{Name: name})
			if err != nil {
				return err
			}
			w.orgs = append(w.orgs, id)
		}
		for _, slug := range []string{"open", "secret", "other"} {
			id, err := person.SaveTeam(ctx, tx, person.Team{Slug: slug, Name: slug})
			if err != nil {
				return err
			}
			w.teams = append(w.teams, id)
		}
		for i, role := range []person.Role{person.Requester, person.Requester, person.Requester, person.Agent, person.Lead, person.Administrator} {
			p, err := person.Create(ctx, tx, person.New{Name: "Person", Role: role, Addresses: []string{string(rune('a'+i)) + "@example.com"}})
			if err != nil {
				return err
			}
			w.people = append(w.people, p.ID)
		}
		for i := range 6 {
			x, err := w.desk.Create(ctx, tx, ticket.By{Actor: person.System}, ticket.New{Subject: "Ticket", Requester: w.people[i%3], Team: w.teams[i%3], Message: ticket.Draft{Text: "text"}})
			if err != nil {
				return err
			}
			w.tickets = append(w.tickets, x.ID)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// shuffle throws rights and relations together anew.
func (w *world) shuffle(r *rapid.T) {
	ctx := w.t.Context()
	exec := func(tx *db.Tx, text string, args ...any) {
		if _, err := tx.Exec(ctx, text, args...); err != nil {
			r.Fatal(err)
		}
	}
	pick := func(name string, from []int64) int64 { return rapid.SampledFrom(from).Draw(r, name) }
	err := w.d.Write(ctx, func(tx *db.Tx) error {
		exec(tx, `DELETE FROM team_member`)
		exec(tx, `DELETE FROM follower`)
		for _, o := range w.orgs {
			exec(tx, `UPDATE organisation SET see_colleagues = $2 WHERE id = $1`, o, rapid.Bool().Draw(r, "see colleagues"))
		}
		for _, team := range w.teams {
			exec(tx, `UPDATE team SET private = $2 WHERE id = $1`, team, rapid.Bool().Draw(r, "private"))
		}
		for _, p := range w.people {
			exec(tx, `UPDATE person SET organisation_id = $2 WHERE id = $1`, p, pick("organisation", w.orgs))
			if rapid.Bool().Draw(r, "member") {
				exec(tx, `INSERT INTO team_member (team_id, person_id) VALUES ($1, $2)`, pick("team", w.teams), p)
			}
		}
		for _, x := range w.tickets {
			exec(tx, `UPDATE ticket SET requester_id = $2, team_id = $3, organisation_id = $4 WHERE id = $1`, x, pick("requester", w.people), pick("ticket's team", w.teams), pick("ticket's organisation", w.orgs))
			if rapid.Bool().Draw(r, "followed") {
				exec(tx, `INSERT INTO follower (ticket_id, person_id) VALUES ($1, $2)`, x, pick("follower", w.people))
			}
		}
		return nil
	})
	if err != nil {
		r.Fatal(err)
	}
}

func (w *world) compare(r *rapid.T, tx *db.Tx, a person.Actor, verb person.Verb) {
	ctx := w.t.Context()
	var args db.Args
	listed, err := db.All[int64](ctx, tx, `SELECT t.id FROM ticket t WHERE `+person.Visible(a, verb, &args), args...)
	if err != nil {
		r.Fatal(err)
	}
	page, err := ticket.List(ctx, tx, a, verb, ticket.Page{})
	if err != nil {
		r.Fatal(err)
	}
	for _, id := range w.tickets {
		_, err := ticket.Get(ctx, tx, a, verb, id)
		can := err == nil
		if got := slices.Contains(listed, id); got != can {
			r.Fatalf("%+v, %s: Can says %v, Visible %v of ticket %d", a, verb, can, got, id)
		}
		if got := slices.ContainsFunc(page.Items, func(x ticket.Row) bool { return x.ID == id }); got != can {
			r.Fatalf("%+v, %s: Can says %v, the list %v of ticket %d", a, verb, can, got, id)
		}
	}
}
