package app

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"goodturn/internal/button"
	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/livechat"
	"goodturn/internal/mailbox"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// TestAnswersInAChatAreMailedUnlessTheyWereRead: what the visitor's page has shown goes by no mail; what it has not goes by mail a while
// later, though the program was started anew in between.
func TestAnswersInAChatAreMailedUnlessTheyWereRead(t *testing.T) {
	ctx, dir, now := t.Context(), t.TempDir(), clock.Now()
	var amara person.Actor
	open := func() *App {
		a := must(Open(ctx, Config{Data: dir, Listen: "127.0.0.1:0", Undo: 10 * time.Second}))
		a.DB.SetClock(func() clock.Instant { return now })
		a.Chats.There = func() []int64 { return []int64{amara.ID} }
		return a
	}
	a := open()
	defer func() { a.Close() }()
	check(a.DB.Write(ctx, func(tx *db.Tx) error {
		p := must(person.Create(ctx, tx, person.New{Name: "Amara Okafor", Role: person.Agent, Addresses: []string{"amara@desk.example"}}))
		amara = must(person.ActorOf(ctx, tx, p.ID))
		check(livechat.SetTakes(ctx, tx, amara, true))
		must(a.Post.Save(ctx, tx, person.System, mailbox.Mailbox{Address: "help@desk.example", Name: "Desk", TeamID: must(db.One[int64](ctx, tx, `SELECT min(id) FROM team`)), Active: true}, ""))
		r, _, err := a.Calendars.Standard(ctx, tx)
		check(err)
		for day := range r.Definition.Hours {
			r.Definition.Hours[day] = []calendar.Span{{From: 0, To: 24 * 60}}
		}
		must(a.Calendars.Save(ctx, tx, r))
		return button.Save(ctx, tx, button.Settings{Chat: true})
	}))
	post := func(path string, pairs ...string) string {
		t.Helper()
		form := url.Values{}
		for i := 0; i < len(pairs); i += 2 {
			form.Add(pairs[i], pairs[i+1])
		}
		r := httptest.NewRequestWithContext(ctx, "POST", path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		a.Handler().ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			t.Fatalf("%s: %d: %s", path, w.Code, w.Body)
		}
		return w.Body.String()
	}
	_, token, _ := strings.Cut(post("/button/chats", "text", "The lift is stuck", "name", "Ada Moss", "address", "ada@moss.example"), `"token":"`)
	token, _, _ = strings.Cut(token, `"`)
	number := must(oneOf(a, `SELECT id FROM ticket WHERE channel = 'chat'`))
	told := must(oneOf(a, `SELECT count(*) FROM notice WHERE kind = 'live_chat' AND person_id = $1`, amara.ID))
	if told != 1 || must(oneOf(a, `SELECT count(*) FROM job WHERE kind = 'requester_letter'`)) != 0 {
		t.Errorf("told %d times; or the request is confirmed by mail though somebody is there", told)
	}
	answer := func(words string) (id int64) {
		t.Helper()
		check(a.DB.Write(ctx, func(tx *db.Tx) error {
			id = must(a.Tickets.Reply(ctx, tx, ticket.By{Actor: amara}, number, ticket.Draft{Text: words}, "")).ID
			return nil
		}))
		return id
	}
	tried := func() int64 {
		t.Helper()
		return must(oneOf(a, `SELECT count(*) FROM delivery WHERE attempts > 0 OR state <> 'queued'`))
	}

	first := answer("Which floor?")
	must(a.Queue.Drain(ctx))
	if n := tried(); n != 0 || must(oneOf(a, `SELECT count(*) FROM delivery`)) != 1 {
		t.Errorf("%d mails were tried while the page may still show it", n)
	}
	post("/button/chats/news", "token", token, "after", "0", "shown", text(first))
	now = now.Add(10 * time.Minute)
	must(a.Queue.Drain(ctx))
	if n := must(oneOf(a, `SELECT count(*) FROM delivery`)); n != 0 {
		t.Errorf("%d mails of an answer that was read", n)
	}

	post("/button/chats/news", "token", token) // they are there
	answer("Help comes")
	post("/button/chats/news", "token", token, "after", text(first)) // the page got it and has not shown it: another window is in front
	must(a.Queue.Drain(ctx))
	if n := tried(); n != 0 {
		t.Errorf("%d mails were tried at once", n)
	}
	check(a.Close())
	now = now.Add(livechat.MailAfter + time.Second)
	a = open()
	must(a.Queue.Drain(ctx))
	if n := tried(); n != 1 {
		t.Errorf("after a new start %d mails were tried, want one", n)
	}

	// Somebody who has left gets the next one at once.
	now = now.Add(2 * time.Minute)
	answer("All is well")
	must(a.Queue.Drain(ctx))
	if n := tried(); n != 2 {
		t.Errorf("%d mails were tried in all", n)
	}
	check(a.Chats.Sweep(ctx))
	post("/button/chats/mail", "token", token)
	check(a.DB.Read(ctx, func(tx *db.Tx) error {
		tk := must(ticket.Get(ctx, tx, person.System, person.SeeTicket, number))
		who := must(person.Get(ctx, tx, tk.RequesterID))
		for about, want := range map[int64]bool{chatTyped: false, chatProven: true} {
			says := partsText(must(conversationLetter(i18n.With(ctx, "en", time.UTC), tx, tk, who, about)))
			if !strings.Contains(says, "Which floor?") || strings.Contains(says, "The lift is stuck") != want {
				t.Errorf("the mailed conversation (%d): %s", about, says)
			}
		}
		return nil
	}))
}

func oneOf(a *App, sql string, args ...any) (n int64, err error) {
	ctx := context.Background()
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		n, err = db.One[int64](ctx, tx, sql, args...)
		return err
	})
	return n, err
}
