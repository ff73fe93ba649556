package app

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/mailbox"
	"goodturn/internal/outage"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// TestAnOutageFromPostToEnd goes the whole way as plain forms: posted from a ticket, said too, told, closed; and what the mails say.
func TestAnOutageFromPostToEnd(t *testing.T) {
	ctx := t.Context()
	a, err := Open(ctx, Config{Data: t.TempDir(), Listen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	var hana, hugo person.Person
	var asked, similar ticket.Ticket
	cookies := map[string]string{}
	check(a.DB.Write(ctx, func(tx *db.Tx) error {
		amara := must(person.Create(ctx, tx, person.New{Name: "Amara Okafor", Role: person.Agent, Addresses: []string{"amara@desk.example"}}))
		hana = must(person.Create(ctx, tx, person.New{Name: "Hana Sato", Role: person.Requester, Addresses: []string{"hana@firm.example"}}))
		hugo = must(person.Create(ctx, tx, person.New{Name: "Hugo Bauer", Role: person.Requester, Addresses: []string{"hugo@firm.example"}, Language: "de"}))
		cookies["amara"], cookies["hugo"] = must(person.StartSession(ctx, tx, amara.ID, "", "")), must(person.StartSession(ctx, tx, hugo.ID, "", ""))
		by := ticket.By{Actor: person.System}
		asked = must(a.Tickets.Create(ctx, tx, by, ticket.New{Subject: "The VPN lets nobody in", Requester: hana.ID, Channel: ticket.ByMail, Message: ticket.Draft{Text: "Since this morning."}}))
		similar = must(a.Tickets.Create(ctx, tx, by, ticket.New{Subject: "VPN", Requester: hana.ID, Channel: ticket.ByMail, Message: ticket.Draft{Text: "The vpn says no."}}))
		return nil
	}))
	ask := func(who, method, path string, status int, pairs ...string) string {
		t.Helper()
		form := url.Values{}
		for i := 0; i < len(pairs); i += 2 {
			form.Add(pairs[i], pairs[i+1])
		}
		r := httptest.NewRequestWithContext(ctx, method, path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if who != "" {
			r.AddCookie(&http.Cookie{Name: "goodturn-session", Value: cookies[who]})
		}
		w := httptest.NewRecorder()
		a.Handler().ServeHTTP(w, r)
		if w.Code != status {
			t.Fatalf("%s %s as %q: %d, want %d: %.2000s", method, path, who, w.Code, status, w.Body)
		}
		return w.Header().Get("Location") + w.Body.String()
	}
	shows := func(text string, all ...string) {
		t.Helper()
		for _, s := range all {
			if !strings.Contains(text, s) {
				t.Errorf("%q is missing", s)
			}
		}
	}
	shows(ask("amara", "GET", "/outages", 200), "Nothing is broken")
	shows(ask("amara", "GET", "/outages/new?ticket="+text(asked.ID), 200), "The VPN lets nobody in")
	shows(ask("amara", "POST", "/outages", 422, "title", "", "words", "vpn", "audience", "all"), `value="vpn"`, "Please say what does not work")
	at := ask("amara", "POST", "/outages", 303, "title", "The VPN lets nobody in", "words", "vpn, anyconnect", "audience", "all", "ticket", text(asked.ID), "form", "0123456789abcdef")
	if again := ask("amara", "POST", "/outages", 303, "title", "The VPN lets nobody in", "words", "vpn, anyconnect", "audience", "all", "ticket", text(asked.ID), "form", "0123456789abcdef"); again != at {
		t.Errorf("sent twice it is %q and %q", at, again)
	}
	id := must(strconv.ParseInt(strings.TrimPrefix(at, "/outages/"), 10, 64))
	shows(ask("amara", "GET", at, 200), "Tickets that may be this", "#"+text(similar.ID))
	shows(ask("amara", "GET", "/tickets/"+text(similar.ID), 200), "This may be", "Many have this")
	ask("amara", "POST", "/tickets/"+text(similar.ID)+"/outage", 303, "value", text(id))
	shows(ask("amara", "GET", "/tickets/"+text(similar.ID), 200), "linked it to an outage", "Take it off the outage")
	shows(ask("hugo", "GET", "/status", 200), "The VPN lets nobody in", "1 Person hat es.", "Ich auch")
	ask("hugo", "POST", "/status/"+text(id)+"/me-too", 303)
	shows(ask("amara", "POST", at+"/updates", 422, "text", "", "what", "news"), "one sentence is enough")
	for range 2 {
		ask("amara", "POST", at+"/updates", 303, "text", "A certificate ran out.", "what", "news", "next", time.Now().UTC().Add(2*time.Hour).Format("2006-01-02T15:04"), "form", "fedcba9876543210")
	}
	must(a.Queue.Drain(ctx))
	shows(ask("amara", "GET", at, 200), "A certificate ran out.", "mailed to 2 people")
	ask("amara", "POST", at+"/updates", 303, "text", "It is renewed.", "what", "over", "solve", "1")
	must(a.Queue.Drain(ctx))
	shows(ask("", "GET", "/status/"+text(id), 200), "It is renewed.", "Over")
	check(a.DB.Read(ctx, func(tx *db.Tx) error {
		for _, x := range []ticket.Ticket{asked, similar} {
			if now := must(ticket.Get(ctx, tx, person.System, person.SeeTicket, x.ID)); now.Status != ticket.Solved {
				t.Errorf("#%d is %s", x.ID, now.Status)
			}
		}
		told := must(db.All[int64](ctx, tx, `SELECT person_id FROM outage_told ORDER BY update_id, person_id`))
		if len(told) != 4 {
			t.Errorf("told %v", told)
		}
		for _, u := range must(outage.Updates(ctx, tx, id)) {
			says := must(a.outageNews(i18n.With(ctx, "de", time.UTC), tx, ticket.Ticket{}, hugo, u.ID))
			shows(says.Subject+partsText(says), "The VPN lets nobody in", u.Text, "/status/"+text(id))
		}
		return nil
	}))
}

// partsText is all that a letter says.
func partsText(l mailbox.LetterText) (out string) {
	for _, p := range l.Parts {
		out += p.Title + p.Text
		for _, c := range p.Choices {
			out += c.Text + c.Path
		}
	}
	return out
}
