package app

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/routing"
	"goodturn/internal/ticket"
)

// TestCareForWhoeverAnswers has rude messages come to a team of two: folded, told to the lead where they threaten, shared out, handed over
// without a word, and a pause suggested to the one who had several, and to nobody else.
func TestCareForWhoeverAnswers(t *testing.T) {
	ctx := t.Context()
	a, err := Open(ctx, Config{Data: t.TempDir(), Listen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	ids, cookies := map[string]int64{}, map[string]*http.Cookie{}
	var team int64
	check(a.DB.Write(ctx, func(tx *db.Tx) error {
		team = must(db.One[int64](ctx, tx, `SELECT min(id) FROM team`))
		for name, role := range map[string]person.Role{"Amara": person.Agent, "Jonas": person.Agent, "Ruth": person.Lead, "Hana": person.Requester} {
			p := must(person.Create(ctx, tx, person.New{Name: name, Role: role, Addresses: []string{name + "@firm.example"}}))
			ids[name] = p.ID
			cookies[name] = &http.Cookie{Name: "goodturn-session", Value: must(person.StartSession(ctx, tx, p.ID, "", ""))}
		}
		check(person.SetMembers(ctx, tx, team, []int64{ids["Amara"], ids["Jonas"]}))
		return a.Router.SaveSharing(ctx, tx, routing.Sharing{TeamID: team, Way: routing.Turns})
	}))
	ask := func(who, method, path, form string) string {
		t.Helper()
		r := httptest.NewRequestWithContext(ctx, method, path, strings.NewReader(form))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.AddCookie(cookies[who])
		w := httptest.NewRecorder()
		a.Handler().ServeHTTP(w, r)
		if w.Code >= 400 {
			t.Fatalf("%s %s as %s: %d", method, path, who, w.Code)
		}
		return w.Body.String()
	}
	comes := func(text string) (x ticket.Ticket) {
		t.Helper()
		time.Sleep(2 * time.Millisecond) // moments are told apart
		var id int64
		check(a.DB.Write(ctx, func(tx *db.Tx) error {
			hana := must(person.ActorOf(ctx, tx, ids["Hana"]))
			id = must(a.Tickets.Create(ctx, tx, ticket.By{Actor: hana, Cause: "mail"}, ticket.New{Subject: "Printer", Requester: hana.ID, Team: team, Message: ticket.Draft{Text: text}})).ID
			return nil
		}))
		check(a.DB.Read(ctx, func(tx *db.Tx) error {
			x = must(ticket.Get(ctx, tx, person.System, person.SeeTicket, id))
			return nil
		}))
		return x
	}
	name := func(id int64) string {
		for n, x := range ids {
			if x == id {
				return n
			}
		}
		return ""
	}
	at := func(x ticket.Ticket) string { return "/tickets/" + strconv.FormatInt(x.ID, 10) }

	first := comes("You fucking idiots. If it is not fixed I will kill you.")
	holder := name(first.AssigneeID)
	page := ask(holder, "GET", at(first), "")
	if !strings.Contains(page, "strong language; show") || !strings.Contains(page, "Hand it over") {
		t.Errorf("it is not folded, or cannot be handed over: %.3000s", page)
	}
	check(a.DB.Read(ctx, func(tx *db.Tx) error {
		told := must(db.All[string](ctx, tx, `SELECT p.name || ': ' || n.text FROM notice n JOIN person p ON p.id = n.person_id WHERE n.kind = 'threat'`))
		if len(told) != 1 || told[0] != "Ruth: If it is not fixed I will kill you." {
			t.Errorf("told of the threat: %q", told)
		}
		return nil
	}))
	if other := ask("Ruth", "GET", at(first), ""); strings.Contains(other, "Hand it over") {
		t.Error("somebody hands over what is not theirs")
	}

	comes("The printer prints half pages.") // the turn of the other
	second := comes("This is bullshit.")
	if second.AssigneeID == first.AssigneeID || second.AssigneeID == 0 {
		t.Errorf("%s has it again", name(second.AssigneeID))
	}
	if page := ask("Ruth", "GET", at(second), ""); !strings.Contains(page, "hard ones are shared out") {
		t.Error("the timeline does not say why")
	}

	ask(holder, "POST", at(first)+"/hand-over", "")
	check(a.DB.Read(ctx, func(tx *db.Tx) error {
		now := must(ticket.Get(ctx, tx, person.System, person.SeeTicket, first.ID))
		if now.AssigneeID != second.AssigneeID {
			t.Errorf("%s has it after handing over", name(now.AssigneeID))
		}
		return nil
	}))
	if page := ask("Ruth", "GET", at(first), ""); strings.Contains(page, holder+" took it off") || strings.Contains(page, holder+" gave") || strings.Contains(page, holder+" assigned") {
		t.Error("the timeline says who handed it over")
	}

	other := name(second.AssigneeID)
	comes("You idiots again") // both had some: by turn
	for range 4 {             // until the other had three
		comes("What a piece of shit this is.")
	}
	for _, who := range []string{"Amara", "Jonas"} {
		page := ask(who, "GET", "/tickets", "")
		if who == other && !strings.Contains(page, "Take a pause") {
			t.Error("no pause is suggested")
		}
	}
	if page := ask("Ruth", "GET", "/tickets", ""); strings.Contains(page, "Take a pause") || strings.Contains(page, "hard ones.") {
		t.Error("the lead reads of it")
	}
	ask(other, "POST", "/account/pause", "value=take")
	if x := comes("The scanner is slow."); x.AssigneeID == ids[other] {
		t.Error("something new comes in the pause")
	}
	if page := ask(other, "GET", "/tickets", ""); strings.Contains(page, "Take a pause") || !strings.Contains(page, "End it") {
		t.Error("the pause is not there, or is suggested again")
	}
	for _, path := range []string{"/people/" + strconv.FormatInt(ids[other], 10), "/experience", "/tickets.csv"} {
		page := ask("Ruth", "GET", path, "")
		for _, word := range []string{" pause", "hard one"} {
			if i := strings.Index(page, word); i >= 0 {
				t.Errorf("%s tells the lead of it: %s", path, page[max(0, i-100):i+50])
			}
		}
	}
}

// TestLeadsGetTheCardsOfTheMonth reads the letter with the cards of a month, which has words and no numbers.
func TestLeadsGetTheCardsOfTheMonth(t *testing.T) {
	ctx := t.Context()
	a, err := Open(ctx, Config{Data: t.TempDir(), Listen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	check(a.DB.Write(ctx, func(tx *db.Tx) error {
		people := map[string]person.Person{}
		for name, role := range map[string]person.Role{"Amara": person.Agent, "Ruth": person.Lead, "Hana": person.Requester} {
			people[name] = must(person.Create(ctx, tx, person.New{Name: name, Role: role, Addresses: []string{name + "@firm.example"}}))
		}
		letter := func(who string) (text string) {
			says := must(a.cardsLetter(ctx, tx, ticket.Ticket{}, people[who], 202610))
			for _, p := range says.Parts {
				text += p.Title + "|" + p.Text + "\n"
			}
			return text
		}
		if got := letter("Ruth"); got != "" {
			t.Errorf("a month without cards is mailed: %q", got)
		}
		at := time.Date(2026, 10, 31, 23, 59, 0, 0, time.UTC).UnixMilli()
		must(tx.Exec(ctx, `INSERT INTO card (from_id, to_id, text, how, at) VALUES ($1, $2, 'You were so patient.', 'page', $3)`, people["Hana"].ID, people["Amara"].ID, at))
		must(tx.Exec(ctx, `INSERT INTO card (from_id, text, how, at) VALUES ($1, 'You all.', 'page', $2)`, people["Hana"].ID, at+1000))
		must(tx.Exec(ctx, `INSERT INTO card (from_id, text, how, at) VALUES ($1, 'November', 'page', $2)`, people["Hana"].ID, at+60_000))
		got := letter("Ruth")
		if !strings.Contains(got, "Hana to Amara|You were so patient.\nHana to the whole desk|You all.\n") || strings.Contains(got, "November") {
			t.Errorf("the letter: %s", got)
		}
		if got := letter("Amara"); got != "" {
			t.Errorf("an agent gets it: %s", got)
		}
		return nil
	}))
}
