package ticket_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// learn has the search know all words that were written.
func (f *fixture) learn() {
	f.Helper()
	l := ticket.Learner{DB: f.d}
	if err := l.Catch(f.Context(), 0); err != nil {
		f.Fatal(err)
	}
}

// look gives the subjects of what is found, in their order.
func (f *fixture) look(a person.Actor, p ticket.Page) (subjects []string) {
	f.Helper()
	f.write(func(tx *db.Tx) error {
		rows, err := ticket.List(f.Context(), tx, a, person.SeeTicket, p)
		for _, r := range rows.Items {
			subjects = append(subjects, r.Subject)
		}
		return err
	})
	return subjects
}

func (f *fixture) ticketIn(team int64, subject, text string) {
	f.Helper()
	f.write(func(tx *db.Tx) error {
		_, err := f.desk.Create(f.Context(), tx, ticket.By{Actor: person.System}, ticket.New{Subject: subject, Requester: f.hana.ID, Team: team, Message: ticket.Draft{Text: text}})
		return err
	})
}

func TestSearchFindsFormsAndWhatWasMeant(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := setUp(t, d)
		for _, s := range []string{"Printers are slow", "Cannot print", "The printer in the Büro", "Drucker klemmt", "Mit den Druckern im buero", "Certificate expired", "Wi-Fi drops in room 204"} {
			f.ticketIn(f.open, s, "Please look at this. "+s)
		}
		f.learn()
		for _, c := range []struct {
			typed string
			want  []string
		}{
			{"printer", []string{"The printer in the Büro"}},
			{"printer are", []string{"Printers are slow"}},
			{"pritner", []string{"The printer in the Büro"}},
			{"Druker", []string{"Drucker klemmt"}},
			{"Druckern", []string{"Mit den Druckern im buero", "Drucker klemmt"}},
			{"buero", []string{"Mit den Druckern im buero", "The printer in the Büro"}},
			{"Büro", []string{"The printer in the Büro", "Mit den Druckern im buero"}},
			{"ceritficate", []string{"Certificate expired"}},
			{"certif", []string{"Certificate expired"}},
			{"expred certifcate", []string{"Certificate expired"}},
			{`"pritner"`, nil},
			{"status:new Druker", []string{"Drucker klemmt"}},
			{"status:solved Druker", nil},
			{"xylophone", nil},
		} {
			got := f.look(f.amara, ticket.Page{Filter: c.typed})
			if len(got) < len(c.want) || (len(c.want) == 0 && len(got) > 0) || !slices.Equal(got[:len(c.want)], c.want) {
				t.Errorf("%s finds %q, want first %q", c.typed, got, c.want)
			}
		}
		for typed, want := range map[string]string{"prin": "Printers are slow", "Wi-Fi dr": "Wi-Fi drops in room 204", "room 20": "", "room 204": "Wi-Fi drops in room 204"} {
			if got := f.look(f.amara, ticket.Page{Filter: typed, Unfinished: true}); want != "" && !slices.Contains(got, want) {
				t.Errorf("while typing %q: %q", typed, got)
			}
		}
	})
}

func TestRequestersSearchOnlyTheirWords(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := setUp(t, d)
		f.ticketIn(f.private, "Salary of the director", "confidential")
		f.learn()
		if got := f.look(f.amara, ticket.Page{Filter: "salry", Unfinished: true}); got != nil {
			t.Errorf("a typo finds what is hidden: %q", got)
		}
		if got := f.look(f.jonas, ticket.Page{Filter: "salry"}); len(got) != 1 {
			t.Errorf("a member of the team finds %q", got)
		}
	})
}

// TestWhatIsHiddenChangesNothing holds that for somebody outside of a private team each search gives the same with
// and without that team's tickets: no hit, no order, no word of theirs can be noticed.
func TestWhatIsHiddenChangesNothing(t *testing.T) {
	words := strings.Fields("printer printers printing pritner drucker druckern salary salaries merger merge mergers badge badges vpn")
	with, without := setUp(t, dbtest.Open(t, db.SQLite)), setUp(t, dbtest.Open(t, db.SQLite))
	said := rapid.Map(rapid.SliceOfN(rapid.SampledFrom(words), 1, 4), func(w []string) string { return strings.Join(w, " ") })
	n := 0
	rapid.Check(t, func(r *rapid.T) {
		for range rapid.IntRange(1, 3).Draw(r, "tickets") {
			n++
			subject, text := fmt.Sprintf("%s %c", said.Draw(r, "subject"), 'a'+n%26), said.Draw(r, "text")
			with.ticketIn(with.open, subject, text)
			without.ticketIn(without.open, subject, text)
			with.ticketIn(with.private, said.Draw(r, "hidden subject"), said.Draw(r, "hidden text"))
		}
		with.learn()
		without.learn()
		for range 5 {
			p := ticket.Page{Filter: rapid.StringMatching(`[a-z]{0,3}`).Draw(r, "typed") + said.Draw(r, "search"), Unfinished: rapid.Bool().Draw(r, "unfinished"), Size: 200}
			a, b := with.look(with.amara, p), without.look(without.amara, p)
			if !slices.Equal(a, b) {
				r.Fatalf("%+v finds %q, and without hidden tickets %q", p, a, b)
			}
		}
	})
}
