package app

import (
	"slices"
	"strings"
	"testing"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/draft"
	"goodturn/internal/i18n"
	"goodturn/internal/notice"
	"goodturn/internal/person"
	"goodturn/internal/stint"
	"goodturn/internal/ticket"
)

// TestWhoHelpsNowAndThen holds for whom there is a weekly mail, and what stands in it: of tickets that are lent the subject without numbers, of others' nothing.
func TestWhoHelpsNowAndThen(t *testing.T) {
	ctx := t.Context()
	a, err := Open(ctx, Config{Data: t.TempDir(), Listen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	check(a.DB.Write(ctx, func(tx *db.Tx) error {
		team := must(db.One[int64](ctx, tx, `SELECT min(id) FROM team`))
		who := map[string]person.Actor{}
		for name, role := range map[string]person.Role{"Amara": person.Agent, "Jonas": person.Agent, "Lena": person.Lead, "Dana": person.Requester, "Omar": person.Requester, "Hana": person.Requester, "Ruth": person.Requester} {
			p := must(person.Create(ctx, tx, person.New{Name: name, Role: role, Addresses: []string{name + "@desk.example"}}))
			who[name] = must(person.ActorOf(ctx, tx, p.ID))
		}
		helpersNow := func() (names []string) {
			for _, id := range must(helpers(ctx, tx, 0, 100)) {
				names = append(names, must(person.Get(ctx, tx, id)).Name)
			}
			slices.Sort(names)
			return names
		}
		made := must(a.Tickets.Create(ctx, tx, ticket.By{Actor: person.System}, ticket.New{Subject: "Printer, call +49 30 1234567", Requester: who["Hana"].ID, Team: team, Message: ticket.Draft{Text: "It prints half pages."}}))
		check(a.Tickets.Assign(ctx, tx, ticket.By{Actor: who["Amara"]}, made.ID, who["Amara"].ID))
		if got := helpersNow(); len(got) != 0 {
			t.Errorf("without a rota and guests: %v", got)
		}
		must(tx.Exec(ctx, `INSERT INTO shift (team_id, day, slot, name, zone, from_at, until_at, breaks, skills, unloved, person_id, published, by_hand, created_at, changed_at)
			VALUES ($1, 1, 0, 'Desk', 'UTC', $2, $3, '', '', 0, $4, TRUE, TRUE, $2, $2)`, team, tx.Now, tx.Now.Add(time.Hour), who["Jonas"].ID))
		if got := strings.Join(helpersNow(), " "); got != "Amara" { // has a ticket and no shift
			t.Errorf("with a rota: %v", got)
		}
		_ = must(a.Stints.Apprentice(ctx, tx, who["Lena"], team, who["Dana"].ID, who["Amara"].ID))
		s := must(stint.Now(ctx, tx, who["Dana"].ID))
		check(a.Stints.SetStage(ctx, tx, who["Amara"], s.ID, stint.Drafts, ""))
		must(tx.Exec(ctx, `INSERT INTO stint (team_id, person_id, kind, stage, state, from_at, until, created_at) VALUES ($1, $2, 'stint', 'draft', 'invited', $3, $4, $5)`, team, who["Omar"].ID, tx.Now.Add(time.Hour), tx.Now.Add(2*time.Hour), tx.Now))
		must(tx.Exec(ctx, `INSERT INTO handed_on (ticket_id, person_id, how, at) VALUES ($1, $2, 'link', $3)`, made.ID, who["Ruth"].ID, tx.Now))
		if got := strings.Join(helpersNow(), " "); got != "Amara Dana Omar Ruth" {
			t.Errorf("with guests: %v", got)
		}
		said := func(name string) string {
			var b strings.Builder
			for _, p := range must(a.waitsFor(ctx, tx, must(person.ActorOf(ctx, tx, who[name].ID)))) {
				for _, l := range p.Lines {
					b.WriteString(i18n.Print(ctx, p.Title) + ": " + l.About + " | " + i18n.Print(ctx, l.Text) + " | " + l.Path + "\n")
				}
			}
			return b.String()
		}
		if got := said("Dana"); !strings.Contains(got, "Printer, call [") || strings.Contains(got, "1234567") || !strings.Contains(got, "/lent/") {
			t.Errorf("the guest reads %q", got)
		}
		for name, want := range map[string]string{"Omar": "/stint", "Ruth": "1 request is still open", "Amara": "from Hana", "Hana": ""} {
			if got := said(name); want == "" && got != "" || !strings.Contains(got, want) || name != "Amara" && strings.Contains(got, "Printer") {
				t.Errorf("%s reads %q", name, got)
			}
		}
		dana := must(person.ActorOf(ctx, tx, who["Dana"].ID))
		must(draft.Save(ctx, tx, dana, draft.Place{TicketID: made.ID}, draft.Content{Text: "Set the tray."}))
		check(a.Stints.HandOn(ctx, tx, dana, made.ID, ""))
		if got := said("Dana") + said("Amara"); strings.Contains(got, "/lent/") || !strings.Contains(got, "Dana wrote it") {
			t.Errorf("after it was handed on: %q", got)
		}
		check(notice.Stop(ctx, tx, who["Omar"].ID, string(notice.Casual)))
		if got := strings.Join(helpersNow(), " "); got != "Amara Dana Ruth" {
			t.Errorf("after Omar ended it: %v", got)
		}
		return nil
	}))
}
