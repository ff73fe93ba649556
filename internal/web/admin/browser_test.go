package admin_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/testserver/browser"
)

// lived fills the stage with what a desk has after a while.
func (s *stage) lived() {
	s.addMailbox("help@desk.example", "imap.desk.example", "smtp.desk.example")
	s.addMailbox("payroll-and-people@desk.example", "imap.desk.example", "")
	s.exec(`UPDATE mailbox SET last_mail_at = 1790000000000 WHERE id = 1`)
	s.exec(`UPDATE mailbox_folder SET connected_at = 1790000000000 WHERE mailbox_id = 1`)
	s.exec(`UPDATE mailbox_folder SET error = 'imap.desk.example does not know this user name and password. Please check both; many providers want an app password.', error_at = 1790000000000 WHERE mailbox_id = 2`)
	for _, address := range []string{"unconnected@desk.example", "withdrawn@desk.example"} {
		s.post("/admin/mailboxes", s.mailboxFields("address", address, "sign_in", "microsoft", "oauth_client_id", "5d1f0f7a-0000-4000-8000-000000000000", "oauth_password", "x",
			"receiving_host", "outlook.office365.com", "receiving_folder", "INBOX\nSupport/Second line", "sending_host", "smtp.office365.com", "sending_password", "")...)
	}
	s.exec(`UPDATE mailbox SET granted_at = 1790000000000, last_mail_at = 1790000000000 WHERE id = 4`)
	s.exec(`UPDATE mailbox_folder SET connected_at = 1790000000000, error = 'Microsoft 365 no longer accepts the consent that was given. It was withdrawn, or has run out, or the password was changed. Please connect again; mail waits meanwhile.', error_at = 1790000000000, next_at = 1999999999999, waiting = 12 WHERE mailbox_id = 4`)
	s.exec(`INSERT INTO job (kind, args, state, run_at, attempts, error, created_at) VALUES ('delivery', '{}', 'dead', 1790000000000, 20, 'smtp.desk.example refuses the address hana@exmaple.com: no such user', 1)`)
	s.ticket(1042, "Quarterly figures", s.teams["first-line"])
	s.exec(`INSERT INTO mail (mailbox_id, sha256, size, envelope_from, envelope_to, source, state, outcome, ticket_id, received_at) VALUES (1, '', 1, '', '', 'imap', 'done', 'raw', 1042, 1790000000000)`)
	s.post("/admin/organisations", "name", "Example Works and Daughters of the Revolution, Rotterdam Branch", "domains", "works.example\nworks.example.net\nrotterdam.works.example", "see_colleagues", "1")
	s.write(func(ctx context.Context, tx *db.Tx) error {
		for i := range 55 {
			if _, err := person.Create(ctx, tx, person.New{Name: fmt.Sprintf("Guest Number %d of a Very Long Family Name", i), Addresses: []string{fmt.Sprintf("guest.with.a.rather.long.address.%d@rotterdam.works.example", i)}, Role: person.Requester}); err != nil {
				return err
			}
		}
		if err := person.SetMembers(ctx, tx, s.teams["people"], []int64{s.people["amara"]}); err != nil {
			return err
		}
		return person.AddAddress(ctx, tx, s.people["hana"], "hana.sato.private.address@long.example.org")
	})
	twin := s.addPerson(person.New{Name: "Hanna Sato", Addresses: []string{"hanna@example.com"}, Role: person.Requester})
	s.post(at("/admin/people", s.people["hana"], "merges"), "with", "hanna@example.com")
	s.post(at("/admin/people", twin.ID, "addresses"), "address", "x@example.com")
	s.post(at("/admin/people", s.people["amara"]), "name", "Amara Okafor", "role", "lead", "active", "1")
	s.post("/admin/calendars", calendarFields("hours_saturday", "22–6", "day_from", "2026-12-24", "day_to", "2026-12-31", "day_name", "Company holiday", "day_hours", "",
		"day_from", "2026-12-29", "day_to", "", "day_name", "Stocktaking", "day_hours", "10–12", "move_from", "2027-07-01", "move_zone", "Europe/Lisbon",
		"imported", `[{"from":"2027-05-06","to":"2027-05-09","name":"Sommerfest und lange Wanderung durch das Erzgebirge","source":"team-kalender.ics"}]`)...)
	s.post("/admin/sla", policyFields()...)
	s.post("/admin/sla", policyFields("name", "Moss & Sons, by night", "filter", "priority:>=high", "count", "wall", "solve.low", "")...)
	s.post("/admin/sla", "level", "ola", "name", "Network", "filter", "team:people", "team.normal", "8h", "active", "1")
	s.exec(`UPDATE person SET totp_secret = 'sealed' WHERE id = $1`, s.people["priya"])
}

// TestPagesInABrowser looks at every page on a phone in light German and on a desk in dark English with axe, and finds
// nothing that is wider than the window. With $GOODTURN_PAGES, a folder, pictures are kept there, of more sizes.
func TestPagesInABrowser(t *testing.T) {
	s := newStage(t, openSQLite(t))
	empty := newStage(t, openSQLite(t))
	s.lived()
	pages := []struct {
		name, path string
		on         *stage
	}{
		{"overview", "/admin", s},
		{"overview-new", "/admin", empty},
		{"mailboxes", "/admin/mailboxes", s},
		{"mailboxes-none", "/admin/mailboxes", empty},
		{"mailbox", "/admin/mailboxes/1", s},
		{"mailbox-new", "/admin/mailboxes/new", s},
		{"mailbox-microsoft", "/admin/mailboxes/new?sign_in=microsoft", s},
		{"mailbox-google", "/admin/mailboxes/new?sign_in=google", s},
		{"mailbox-oauth", "/admin/mailboxes/new?sign_in=other", s},
		{"mailbox-unconnected", "/admin/mailboxes/3", s},
		{"mailbox-withdrawn", "/admin/mailboxes/4", s},
		{"teams", "/admin/teams", s},
		{"team", at("/admin/teams", s.teams["people"]), s},
		{"calendars", "/admin/calendars", s},
		{"calendar", "/admin/calendars/2", s},
		{"calendar-new", "/admin/calendars/new", s},
		{"policies", "/admin/sla", s},
		{"policies-none", "/admin/sla", empty},
		{"policy", "/admin/sla/1", s},
		{"policy-teams", "/admin/sla/new?level=ola", s},
		{"organisations", "/admin/organisations", s},
		{"organisations-none", "/admin/organisations", empty},
		{"organisation", "/admin/organisations/1", s},
		{"people", "/admin/people", s},
		{"people-nobody", "/admin/people?q=quux", s},
		{"person", at("/admin/people", s.people["hana"]), s},
		{"person-staff", at("/admin/people", s.people["priya"]), s},
		{"person-new", "/admin/people/new", s},
		{"audit", "/admin/audit", s},
	}
	type look struct {
		width, height int
		dark          bool
		language      string
	}
	looks := []look{{390, 844, false, "de"}, {1440, 900, true, "en"}}
	folder := os.Getenv("GOODTURN_PAGES")
	if folder != "" {
		looks = append(looks, look{390, 844, true, "en"}, look{1024, 768, false, "en"}, look{1440, 900, false, "de"})
	}
	urls := map[*stage]string{}
	for _, x := range []*stage{s, empty} {
		server := httptest.NewServer(x.handler)
		t.Cleanup(server.Close)
		urls[x] = server.URL
	}
	ctx := browser.New(t)
	for _, p := range pages {
		for _, look := range looks {
			mode := map[bool]string{true: "dark", false: "light"}[look.dark]
			theme := browser.Light()
			if look.dark {
				theme = browser.Dark()
			}
			name := fmt.Sprintf("%s-%d-%s", p.name, look.width, mode)
			if err := chromedp.Do(ctx, browser.Size(look.width, look.height), theme, p.on.signedIn(urls[p.on], look.language), chromedp.Navigate(urls[p.on]+p.path)); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			t.Run(name, func(t *testing.T) {
				browser.CheckAxe(t, ctx)
				wide, err := chromedp.Run(ctx, chromedp.Evaluate[int](`document.documentElement.scrollWidth - document.documentElement.clientWidth`))
				if err != nil || wide > 0 {
					t.Errorf("the page is %d pixels wider than the window (%v)", wide, err)
				}
				if folder != "" {
					if err := chromedp.Do(ctx, browser.Screenshot(filepath.Join(folder, name+".png"))); err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
}

// signedIn gives the browser the administrator's session and a language.
func (s *stage) signedIn(url, language string) browser.Step {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, network.SetCookie, network.SetCookieParams{Name: "goodturn-session", Value: s.sessions["ada"], URL: url})
		if err == nil {
			_, err = cdp.Call(ctx, t, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": language}})
		}
		return chromedp.Void{}, err
	}
}
