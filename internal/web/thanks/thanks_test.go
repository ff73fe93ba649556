package thanks_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"goodturn/internal/blob"
	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/live"
	"goodturn/internal/person"
	"goodturn/internal/secret"
	"goodturn/internal/thanks"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
	pages "goodturn/internal/web/thanks"
	"goodturn/internal/web/ui/uitest"
)

// office is a desk's server with two agents, a requester, and a ticket that one of the agents solved.
type office struct {
	*testing.T
	db     *db.DB
	url    string
	ids    map[string]int64
	cookie map[string]*http.Cookie
	ticket ticket.Ticket
	book   *thanks.Book
}

func newOffice(t *testing.T, d *db.DB) *office {
	t.Helper()
	blobs, err := blob.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	key, err := secret.NewSigner(bytes.Repeat([]byte("k"), 32))
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	site := &page.Site{DB: d, Blobs: blobs, Key: key, Hub: live.New(10), Log: log, Zone: time.UTC, Door: &person.Door{DB: d, Key: key, Log: log}}
	desk := &ticket.Desk{}
	o := &office{T: t, db: d, ids: map[string]int64{}, cookie: map[string]*http.Cookie{}, book: &thanks.Book{Desk: desk}}
	desk.OnlyThanks, desk.Hooks = o.book.Reads, []ticket.Hook{o.book.Hook()}
	mux := http.NewServeMux()
	site.Mount(mux, pages.Routes(&pages.Thanks{Site: site, Book: o.book}))
	h, err := site.Guard(mux)
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	o.url = s.URL
	o.write(func(ctx context.Context, tx *db.Tx) error {
		team, err := person.SaveTeam(ctx, tx, person.Team{Slug: "desk", Name: "Desk"})
		if err != nil {
			return err
		}
		for name, role := range map[string]person.Role{"Amara": person.Agent, "Jonas": person.Agent, "Hana": person.Requester} {
			p, err := person.Create(ctx, tx, person.New{Name: name, Role: role, Addresses: []string{name + "@example.com"}})
			if err != nil {
				return err
			}
			token, err := person.StartSession(ctx, tx, p.ID, "", "")
			if err != nil {
				return err
			}
			o.ids[name], o.cookie[name] = p.ID, &http.Cookie{Name: "goodturn-session", Value: token}
		}
		made, err := desk.Create(ctx, tx, ticket.By{Actor: o.actor(ctx, tx, "Hana")}, ticket.New{Subject: "Printer", Requester: o.ids["Hana"], Team: team, Message: ticket.Draft{Text: "It prints half pages."}})
		if err != nil {
			return err
		}
		amara := ticket.By{Actor: o.actor(ctx, tx, "Amara")}
		if err := desk.Assign(ctx, tx, amara, made.ID, o.ids["Amara"]); err != nil {
			return err
		}
		if _, err := desk.Reply(ctx, tx, amara, made.ID, ticket.Draft{Text: "Try again."}, ticket.Solved); err != nil {
			return err
		}
		o.ticket, err = ticket.Get(ctx, tx, person.System, person.SeeTicket, made.ID)
		return err
	})
	return o
}

func (o *office) actor(ctx context.Context, tx *db.Tx, name string) person.Actor {
	o.Helper()
	a, err := person.ActorOf(ctx, tx, o.ids[name])
	if err != nil {
		o.Fatal(err)
	}
	return a
}

func (o *office) write(fn func(ctx context.Context, tx *db.Tx) error) {
	o.Helper()
	if err := o.db.Write(o.Context(), func(tx *db.Tx) error { return fn(o.Context(), tx) }); err != nil {
		o.Fatal(err)
	}
}

// ask gets a page, or posts a form of names and values to it; it gives what is shown, as text or as it came.
func (o *office) ask(who string, status int, path string, form ...string) string {
	o.Helper()
	method, body := http.MethodGet, url.Values{}
	if len(form) > 0 {
		method = http.MethodPost
	}
	for i := 0; i+1 < len(form); i += 2 {
		body.Set(form[i], form[i+1])
	}
	r, err := http.NewRequestWithContext(o.Context(), method, o.url+path, strings.NewReader(body.Encode()))
	if err != nil {
		o.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.AddCookie(o.cookie[who])
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(r)
	if err != nil {
		o.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		o.Fatal(err)
	}
	if res.StatusCode != status {
		o.Fatalf("%s as %s: %d, want %d: %.400s", path, who, res.StatusCode, status, raw)
	}
	if status >= 300 && status < 400 || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
		return string(raw)
	}
	doc, err := html.Parse(bytes.NewReader(raw))
	if err != nil {
		o.Fatal(err)
	}
	uitest.Sound(o.T, doc)
	return uitest.Text(doc)
}

func (o *office) shows(text string, all ...string) {
	o.Helper()
	for _, s := range all {
		if !strings.Contains(text, s) {
			o.Errorf("%q is missing: %s", s, text)
		}
	}
}

func TestARecordIsItsOwnersAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		const hostile = `<script>alert(1)</script> "thanks" & more`
		var card thanks.Card
		o.write(func(ctx context.Context, tx *db.Tx) (err error) {
			card, err = o.book.Write(ctx, tx, ticket.By{Actor: o.actor(ctx, tx, "Hana")}, o.ticket, thanks.Words{To: o.ids["Amara"], Text: hostile, Wall: true})
			return err
		})
		at := fmt.Sprintf("/cards/%d", card.ID)
		o.shows(o.ask("Amara", 200, "/cards"), hostile, "from Hana", "Its writer would like it on the wall of the desk.", "Printer")
		o.shows(o.ask("Hana", 200, "/cards?show=written"), hostile, "to Amara", "the other side has not said yet")
		o.shows(o.ask("Amara", 200, "/cards.txt"), hostile+"\n\n— Hana")
		for _, path := range []string{"/cards", "/cards?show=written", "/cards?show=away", "/cards.txt", "/wall"} {
			if text := o.ask("Jonas", 200, path); strings.Contains(text, "alert") {
				t.Errorf("%s shows Jonas what is not his", path)
			}
		}
		o.ask("Jonas", 404, at, "value", "hang up")
		o.ask("Amara", 422, at, "value", "nonsense")
		o.ask("Amara", 303, at, "value", "hang up")
		o.shows(o.ask("Jonas", 200, "/wall"), hostile, "Hana to Amara")
		o.ask("Hana", 303, at, "value", "take down", "back", "written")
		o.shows(o.ask("Jonas", 200, "/wall"), "The wall is empty")
		o.ask("Amara", 303, at, "value", "put away")
		o.shows(o.ask("Amara", 200, "/cards"), "No card yet.")
		o.shows(o.ask("Amara", 200, "/cards?show=away"), hostile, "Bring it back")
	})
}

func TestAColleagueIsThanked(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		at := fmt.Sprintf("/tickets/%d/thanks", o.ticket.ID)
		o.shows(o.ask("Jonas", 200, at), "Amara", "The whole desk")
		o.ask("Hana", 403, at)
		amara := fmt.Sprint(o.ids["Amara"])
		long := strings.Repeat("ab ", 400)
		o.shows(o.ask("Jonas", 422, at, "to", amara, "text", long), "A card has room for 1000 letters.", strings.TrimSpace(long))
		o.shows(o.ask("Jonas", 422, at, "to", "nobody", "text", "Thanks"), "Please choose somebody who helped with this")
		o.ask("Jonas", 303, at, "to", amara, "text", "You stayed late.")
		o.shows(o.ask("Amara", 200, "/cards"), "You stayed late.", "from Jonas")
	})
}

func TestNoReopenInOneClick(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		var card int64
		o.write(func(ctx context.Context, tx *db.Tx) error {
			if _, err := o.book.Desk.Answer(ctx, tx, ticket.By{Actor: o.actor(ctx, tx, "Hana")}, o.ticket.ID, ticket.Draft{Text: "Thanks!"}); err != nil {
				return err
			}
			all, err := thanks.OfMessage(ctx, tx, o.ticket.ID)
			for _, c := range all {
				card = c.ID
			}
			return err
		})
		at := fmt.Sprintf("/tickets/%d/thanks/%d/reopening", o.ticket.ID, card)
		o.ask("Hana", 403, at, "x", "")
		o.ask("Jonas", 303, at, "x", "")
		o.shows(o.ask("Amara", 200, "/cards"), "No card yet.")
		o.write(func(ctx context.Context, tx *db.Tx) error {
			x, err := ticket.Get(ctx, tx, person.System, person.SeeTicket, o.ticket.ID)
			if x.Status != ticket.Open {
				t.Errorf("it is %s", x.Status)
			}
			return err
		})
	})
}
