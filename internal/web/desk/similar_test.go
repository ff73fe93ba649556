package desk_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/fixnote"
	"goodturn/internal/ticket"
	"goodturn/internal/web/ui/uitest"
)

func TestSimilarSolvedTickets(t *testing.T) {
	each(t, func(s *stage) {
		jonas := s.as("jonas")
		solve := func(tk ticket.Ticket, answer string) {
			s.write(func(ctx context.Context, tx *db.Tx) error {
				_, err := s.desk.Tickets.Reply(ctx, tx, jonas, tk.ID, ticket.Draft{Text: answer}, ticket.Solved)
				return err
			})
		}
		for _, subject := range []string{"Lunch vouchers", "Parking permit", "New badge", "Meeting room", "Coffee machine"} {
			s.made(subject, "network")
		}
		old, secret := s.made("Zebra labelprinter blinks orange", "first-line"), s.made("Zebra labelprinter blinks orange secretly", "people")
		tk := s.made("The Zebra labelprinter blinks orange again", "first-line")
		solve(old, "Good morning Hana,\n\nhold the feed button until it blinks twice: that measures the labels anew.")
		solve(secret, "Do not tell anybody about this one, it belongs to the people team alone.")
		learner := ticket.Learner{DB: s.db}
		if err := learner.Catch(t.Context(), 0); err != nil {
			t.Fatal(err)
		}
		a := s.get("amara", path(tk.ID, "")).want(http.StatusOK)
		if got := uitest.Attr(a.all("#similar")[0], "data-similar"); got != path(tk.ID, "/similar") {
			t.Errorf("the page asks %q", got)
		}
		r := httptest.NewRequest(http.MethodGet, path(tk.ID, "/similar"), nil)
		r.Header.Set("Goodturn-Fragment", "similar")
		a = s.send("amara", r).want(http.StatusOK).has("#similar", "Zebra labelprinter").has("#similar", "solved by Jonas").has("#similar .gist", "hold the feed button").hasNot("#similar .gist", "Good morning").
			has("#similar template", "Good morning Hana").hasNot("body", "secretly")
		s.post("amara", uitest.Attr(a.all("#similar form")[0], "action"), "other", a.value("#similar [name=other]")).to(path(tk.ID, ""))
		s.get("amara", path(tk.ID, "")).has("#side", "Zebra labelprinter blinks orange")
		if len(a.all("main")) != 0 {
			t.Error("the whole page came")
		}
		a = s.get("jonas", path(tk.ID, "/similar")).want(http.StatusOK).has("#similar", "secretly")
		uitest.Sound(t, a.doc)
		s.get("amara", path(secret.ID, "/similar")).want(http.StatusNotFound)
		lonely := s.made("Xylophone", "network", func(n *ticket.New) { n.Message.Text = "Quux." })
		s.get("amara", path(lonely.ID, "/similar")).want(http.StatusOK).has("#similar", "Nothing that is solved")
	})
}

func TestPrintedTicket(t *testing.T) {
	each(t, func(s *stage) {
		tk := s.long("Half pages", 4)
		s.write(func(ctx context.Context, tx *db.Tx) error {
			return s.desk.Tickets.Assign(ctx, tx, s.as2(ctx, tx, "amara"), tk.ID, s.people["amara"].ID)
		})
		a := s.get("jonas", path(tk.ID, "/print")).want(http.StatusOK).has("h1", "Half pages").has(".letter", "Hana Sato").has(".letter", "line 2.").hasNot(".letter", "line 3.").hasNot(".letter", "took it")
		uitest.Sound(t, a.doc)
		s.get("jonas", path(tk.ID, "/print?notes=1")).has(".letter article", "line 3.").has(".letter article", "only staff").hasNot(".letter", "took it")
		s.get("jonas", path(tk.ID, "/print?events=1")).has(".letter-events", "Amara took it").hasNot(".letter", "line 3.")
		secret := s.made("Secret", "people")
		s.get("amara", path(secret.ID, "/print")).want(http.StatusNotFound)
	})
}

func TestFixNotesBesideATicketAndInSearch(t *testing.T) {
	each(t, func(s *stage) {
		book := &fixnote.Book{}
		s.desk.Tickets.Later = []ticket.Hook{book.Hook()}
		for _, subject := range []string{"Lunch vouchers", "Parking permit", "New badge", "Meeting room", "Coffee machine"} {
			s.made(subject, "network")
		}
		old, secret := s.made("Zebra labelprinter blinks orange", "first-line"), s.made("Zebra labelprinter blinks orange secretly", "people")
		tk := s.made("The Zebra labelprinter blinks orange again", "first-line")
		for id, next := range map[int64]string{old.ID: "Hold the feed button until it blinks twice.", secret.ID: "Hold the hidden feed button."} {
			s.write(func(ctx context.Context, tx *db.Tx) error {
				by := s.as2(ctx, tx, "jonas")
				if err := s.desk.Tickets.Solve(ctx, tx, by, id); err != nil {
					return err
				}
				_, err := book.Write(ctx, tx, by.Actor, id, fixnote.Content{Wrong: "The sensor", Next: next})
				return err
			})
		}
		learner := ticket.Learner{DB: s.db}
		if err := learner.Catch(t.Context(), 0); err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest(http.MethodGet, path(tk.ID, "/similar"), nil)
		r.Header.Set("Goodturn-Fragment", "similar")
		s.send("amara", r).want(http.StatusOK).has("#similar .note-text", "Hold the feed button until").has("#similar template", "Hold the feed button").has("#similar [data-insert]", "Use this note").hasNot("body", "hidden")
		a := s.get("jonas", path(tk.ID, "/similar")).has("#similar", "hidden feed button")
		uitest.Sound(t, a.doc)

		a = s.get("amara", "/search?q=feed+button").want(http.StatusOK).has("[aria-labelledby=found-notes]", "Zebra labelprinter").hasNot("main", "hidden").hasNot("main", "Nothing found")
		uitest.Sound(t, a.doc)
		s.get("jonas", "/search?q=feed+button").has("[aria-labelledby=found-notes]", "hidden feed button")
		s.get("amara", "/search?q=hidden").hasNot("main", "Hold the")
		s.get("amara", "/palette?q=feed+butt").has("#palette-found", "Fix notes").has("#palette-notes-note-"+strconv.FormatInt(old.ID, 10), "Hold the feed").hasNot("#palette-found", "hidden")
		s.get("amara", "/palette?q=hidd").hasNot("#palette-found", "Fix notes")
	})
}
