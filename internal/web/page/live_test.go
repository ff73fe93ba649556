package page

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/live"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// listener is one open stream.
type listener struct {
	t      *testing.T
	body   io.ReadCloser
	blocks chan string
}

func (f *front) ask(t *testing.T, ctx context.Context, server, topics, last, accept string) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, server+"/live?topics="+topics, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.AddCookie(&http.Cookie{Name: f.cookieName(sessionCookie), Value: f.session})
	r.Header.Set("Last-Event-ID", last)
	r.Header.Set("Accept", accept)
	a, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (f *front) listen(t *testing.T, server, topics, last string) *listener {
	t.Helper()
	a := f.ask(t, t.Context(), server, topics, last, "text/event-stream")
	if a.StatusCode != http.StatusOK {
		t.Fatalf("status %d", a.StatusCode)
	}
	l := &listener{t: t, body: a.Body, blocks: make(chan string, 100)}
	t.Cleanup(func() { a.Body.Close() })
	go func() {
		defer close(l.blocks)
		block := ""
		for lines := bufio.NewScanner(a.Body); lines.Scan(); {
			if lines.Text() != "" {
				block += lines.Text() + "\n"
				continue
			}
			l.blocks <- block
			block = ""
		}
	}()
	return l
}

// next waits for an event and gives its fields; "" for the end of the stream.
func (l *listener) next() (id, name, data string) {
	l.t.Helper()
	select {
	case b, ok := <-l.blocks:
		if !ok {
			return "", "", ""
		}
		for line := range strings.Lines(b) {
			key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
			switch key {
			case "id":
				id = value
			case "event":
				name = value
			case "data":
				data = value
			}
		}
		return id, name, data
	case <-time.After(10 * time.Second):
		l.t.Fatal("nothing came")
		return "", "", ""
	}
}

func (l *listener) want(name, data string) (id string) {
	l.t.Helper()
	id, n, d := l.next()
	if n != name || d != data {
		l.t.Fatalf("%s %q came, want %s %q", n, d, name, data)
	}
	return id
}

func (f *front) serve(t *testing.T) string {
	t.Helper()
	f.DB.Listen(f.Heard)
	server := httptest.NewServer(f.handler)
	t.Cleanup(func() {
		f.Hub.Close()
		server.Close()
	})
	return server.URL
}

func changed(id, team int64) live.Event { return live.Event{Topic: "ticket", ID: id, Scope: team} }

func TestStreamGoesOnWhereAnotherEnded(t *testing.T) {
	f := newFront(t, dbtest.Open(t, db.SQLite))
	server := f.serve(t)
	first := f.listen(t, server, "list,ticket:7", "")
	first.want("hello", "live")
	f.Hub.Publish(changed(8, 1))
	first.want("changed", "list")
	f.Hub.Publish(changed(7, 1))
	last := first.want("changed", "list ticket:7")
	first.body.Close()

	f.Hub.Publish(changed(9, 1))
	f.Hub.Publish(changed(7, 1))
	again := f.listen(t, server, "ticket:7,ticket:9", last)
	again.want("hello", "live")
	again.want("changed", "ticket:9")
	again.want("changed", "ticket:7")

	for range 20 { // more than the hub of the test remembers
		f.Hub.Publish(changed(5, 1))
	}
	late := f.listen(t, server, "ticket:7,list", last)
	late.want("hello", "live")
	late.want("changed", "ticket:7 list")
}

func TestPollingTellsWhatChangedSince(t *testing.T) {
	f := newFront(t, dbtest.Open(t, db.SQLite))
	server := f.serve(t)
	poll := func(last string) (out polled) {
		a := f.ask(t, t.Context(), server, "list,ticket:7", last, "application/json")
		defer a.Body.Close()
		if err := json.NewDecoder(a.Body).Decode(&out); err != nil {
			t.Fatal(err)
		}
		return out
	}
	first := poll("")
	if len(first.Changed) != 0 {
		t.Errorf("at first: %v", first.Changed)
	}
	f.Hub.Publish(changed(7, 1))
	f.Hub.Publish(changed(7, 1))
	second := poll(fmt.Sprint(first.ID))
	if got := strings.Join(second.Changed, " "); got != "list ticket:7" {
		t.Errorf("after a change: %q", got)
	}
	if third := poll(fmt.Sprint(second.ID)); len(third.Changed) != 0 {
		t.Errorf("once more: %v", third.Changed)
	}
	if lost := poll("12"); len(lost.Changed) != 2 {
		t.Errorf("from long ago: %v", lost.Changed)
	}
}

// A stream ends at once when the session does, and tells nothing of a team that has become private.
func TestStreamEndsWithItsRight(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := newFront(t, d)
		server := f.serve(t)
		ctx := t.Context()
		var secretTeam int64
		write := func(do func(tx *db.Tx) error) {
			t.Helper()
			if err := d.Write(ctx, do); err != nil {
				t.Fatal(err)
			}
		}
		write(func(tx *db.Tx) (err error) {
			secretTeam, err = person.SaveTeam(ctx, tx, person.Team{Slug: "people", Name: "People"})
			return err
		})
		l := f.listen(t, server, "list", "")
		l.want("hello", "live")
		f.Hub.Publish(changed(3, secretTeam))
		l.want("changed", "list")
		write(func(tx *db.Tx) error {
			_, err := person.SaveTeam(ctx, tx, person.Team{ID: secretTeam, Slug: "people", Name: "People", Private: true})
			return err
		})
		l.want("changed", "list") // what is shown may not be seen any more
		f.Hub.Publish(changed(3, secretTeam))
		f.Hub.Publish(changed(4, secretTeam+1))
		f.Hub.Publish(live.Event{Topic: TopicNotices, ID: f.who.ID + 1})
		if _, _, data := l.next(); data != "list" || len(l.blocks) > 0 {
			t.Errorf("told %q and %d more, want of the other team alone", data, len(l.blocks))
		}
		write(func(tx *db.Tx) error { return person.EndSessions(ctx, tx, f.who.ID, 0) })
		if _, name, _ := l.next(); name != "" {
			t.Errorf("the stream goes on with %q", name)
		}
	})
}

func TestPresenceComesAndGoes(t *testing.T) {
	f := newFront(t, dbtest.Open(t, db.SQLite))
	server := f.serve(t)
	ctx := t.Context()
	var made ticket.Ticket
	var jonas person.Person
	err := f.DB.Write(ctx, func(tx *db.Tx) (err error) {
		if _, err = person.SaveTeam(ctx, tx, person.Team{Slug: "first-line", Name: "First line"}); err != nil {
			return err
		}
		if jonas, err = person.Create(ctx, tx, person.New{Name: "Jonas Lind", Addresses: []string{"jonas@example.com"}, Role: person.Agent}); err != nil {
			return err
		}
		made, err = (&ticket.Desk{}).Create(ctx, tx, ticket.By{Actor: person.System}, ticket.New{Subject: "Printer", Requester: f.who.ID, Message: ticket.Draft{Text: "Half pages"}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	other := Visit{Actor: person.Actor{ID: jonas.ID, Name: jonas.Name, Role: person.Agent}}
	watch := f.listen(t, server, fmt.Sprintf("presence:%d,looking:%d,looking:999", made.ID, made.ID), "")
	watch.want("hello", "live")
	watch.want("changed", PresenceTopic(made.ID)) // one's own page
	if o := f.Others(other, made.ID); len(o) != 1 || o[0].Name != "Amara Okafor" || o[0].Writing != "" {
		t.Fatalf("others: %+v", o)
	}
	if o := f.Others(other, 999); len(o) != 0 {
		t.Errorf("somebody looks at a ticket that is not there: %+v", o)
	}
	f.Typing(other, made, "reply")
	watch.want("changed", PresenceTopic(made.ID))
	f.Typing(other, made, "reply") // is no news
	f.Typing(other, made, "")
	watch.want("changed", PresenceTopic(made.ID))
	if o := f.Others(Visit{Actor: person.Actor{ID: f.who.ID}}, made.ID); len(o) != 1 || o[0].Writing != "" {
		t.Errorf("after an end: %+v", o)
	}
}

// What somebody wrote in a form of a session that has ended is shown where they sign in again, and nowhere else.
func TestWrittenTextSurvivesTheEndOfASession(t *testing.T) {
	f := newFront(t, dbtest.Open(t, db.SQLite))
	mux := http.NewServeMux()
	f.Mount(mux, []Route{{Pattern: "POST /tickets/7/replies", Verb: person.UseDesk, Handle: func(http.ResponseWriter, *http.Request, Visit) error {
		t.Error("the form was let in")
		return nil
	}}})
	send := func(body string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodPost, "/tickets/7/replies", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Referer", "http://example.com/tickets/7?view=mine")
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		return w
	}
	w := send("text=Half+an+<answer>&then=solved")
	if body := w.Body.String(); w.Code != http.StatusUnauthorized || !strings.Contains(body, "Half an &lt;answer&gt;") || !strings.Contains(body, `value="/tickets/7?view=mine"`) {
		t.Errorf("status %d, %s", w.Code, body)
	}
	if w := send("value=solved"); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/sign-in" {
		t.Errorf("a form without text: status %d to %q", w.Code, w.Header().Get("Location"))
	}
}
