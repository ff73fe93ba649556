package e2e

import (
	"context"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/handoff"
	"goodturn/internal/notice"
	outages "goodturn/internal/outage"
	"goodturn/internal/papercut"
	"goodturn/internal/person"
	"goodturn/internal/routing"
	"goodturn/internal/testserver/browser"
	tickets "goodturn/internal/ticket"
	"goodturn/internal/view"
)

// browserWalk is a demo with what the holes of the routes are filled with, and one visitor of each kind.
type browserWalk struct {
	*browserDesk
	values   map[string]string
	visitors []browserVisitor // those with least rights first
}

type browserVisitor struct {
	name    string
	cookies []*http.Cookie
}

func newBrowserWalk(t testing.TB) *browserWalk {
	t.Helper()
	d := browserDemo(t)
	w := &browserWalk{browserDesk: d, values: map[string]string{}}
	busy := d.number(`SELECT t.id FROM ticket t JOIN team m ON m.id = t.team_id WHERE NOT m.private AND t.status = 'open' AND EXISTS (SELECT 1 FROM attachment a WHERE a.ticket_id = t.id)
		ORDER BY (SELECT count(*) FROM message x WHERE x.ticket_id = t.id AND NOT x.internal) DESC, t.id LIMIT 1`)
	requester := d.number(`SELECT requester_id FROM ticket WHERE id = $1`, busy)
	of := func(path, sql string, args ...any) {
		w.values[path] = path[:strings.Index(path, "{")] + fmt.Sprint(d.number(sql, args...))
	}
	of("{number}", `SELECT id FROM ticket WHERE id = $1`, busy)
	of("files/{id}", `SELECT min(id) FROM attachment WHERE ticket_id = $1`, busy)
	picture := d.number(`SELECT min(a.id) FROM attachment a JOIN message x ON x.id = a.message_id JOIN ticket t ON t.id = a.ticket_id JOIN team m ON m.id = t.team_id WHERE a.type = 'image/png' AND NOT x.internal AND NOT m.private`)
	pictured := d.number(`SELECT ticket_id FROM attachment WHERE id = $1`, picture)
	for _, side := range []string{"requests", "tickets"} {
		w.values[side+"/{number}/files/{id}/thumbnail"] = fmt.Sprintf("%s/%d/files/%d/thumbnail", side, pictured, picture)
	}
	of("people/{id}", `SELECT id FROM person WHERE id = $1`, requester)
	for thing, table := range map[string]string{"mailboxes": "mailbox", "teams": "team", "calendars": "calendar", "organisations": "organisation", "sla": "sla_policy", "services": "service"} {
		of(thing+"/{id}", `SELECT min(id) FROM `+table)
	}
	saved := d.number(`SELECT min(id) FROM person WHERE role = 'agent'`)
	d.write(func(ctx context.Context, tx *db.Tx) error {
		a, err := person.ActorOf(ctx, tx, saved)
		if err == nil {
			_, err = view.Save(ctx, tx, a, view.View{Name: "Printers and screens", Filter: "tag:printer", Shared: true})
		}
		return err
	})
	of("views/{id}", `SELECT min(id) FROM saved_view`)
	d.write(func(ctx context.Context, tx *db.Tx) error {
		// Something of everything that a page may have to show.
		if err := person.Audit(ctx, tx, person.System, "role changed", "person "+fmt.Sprint(requester), "agent → lead", "192.0.2.7"); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO job (kind, args, state, run_at, attempts, error, created_at) VALUES ('delivery', '{}', 'dead', 0, 5, 'the mail server does not answer', 0)`)
		return err
	})
	d.take("hana@elsewhere.example", browserMail("Hana <hana@elsewhere.example>", "A mail of the walk", "Something that came by mail."))
	mailed := d.ticket("A mail of the walk")
	of("tickets/{number}/messages/{id}", `SELECT min(id) FROM message WHERE ticket_id = $1`, mailed)
	w.values["tickets/{number}/messages/{id}"] = fmt.Sprintf("tickets/%d/messages/%d", mailed, d.number(`SELECT min(id) FROM message WHERE ticket_id = $1`, mailed))
	lead := d.staff(person.Lead, 0)
	d.write(func(ctx context.Context, tx *db.Tx) error {
		a, err := person.ActorOf(ctx, tx, lead)
		if err != nil {
			return err
		}
		ref, err := d.app.Blobs.Put(ctx, strings.NewReader("how it is done"), 0)
		if err != nil {
			return err
		}
		_, err = d.app.Tickets.Reply(ctx, tx, tickets.By{Actor: a}, mailed, tickets.Draft{
			Text: "We have it, thank you.", Files: []tickets.File{{Name: "how.txt", Type: "text/plain", Ref: ref}},
		}, tickets.Pending)
		return err
	})
	at := d.caught("We have it, thank you.")
	w.values["demo/mail/{id}"] = strings.TrimPrefix(at, "/")
	w.values["demo/mail/{id}/files/{number}"] = w.values["demo/mail/{id}"] + "/files/1"
	agent := d.staff(person.Agent, 0)
	d.write(func(ctx context.Context, tx *db.Tx) error {
		id, err := db.One[int64](ctx, tx, `INSERT INTO bulk (person_id, actions, filter, state, total, done, changed, failed, started_at, ended_at)
			VALUES ($1, '[{"do":"status","value":"solved"}]', '', 'done', 2, 2, 1, 1, $2, $2) RETURNING id`, agent, tx.Now)
		if err != nil {
			return err
		}
		own, err := db.One[int64](ctx, tx, `INSERT INTO macro (owner_id, scope, name, shortcut, folder, actions, risk, changed_at) VALUES ($1, 'own', 'Reinstall Windows', 'new', 'Laptops', '[{"do":"priority","value":"high"}]', 'words', $2) RETURNING id`, agent, tx.Now)
		if err != nil {
			return err
		}
		known, err := db.One[int64](ctx, tx, `INSERT INTO outage (planned, title, what, words, audience, state, since_at, next_at, by_id, created_at, changed_at)
			VALUES (FALSE, 'The VPN lets nobody in', 'Whoever works from home sees "connection refused".', 'vpn, anyconnect', 'all', 'open', $1, $1, $2, $1, $1) RETURNING id`, tx.Now, agent)
		if err != nil {
			return err
		}
		w.values["status/{id}"], w.values["outages/{id}"] = fmt.Sprintf("status/%d", known), fmt.Sprintf("outages/%d", known)
		if _, err := tx.Exec(ctx, `INSERT INTO outage_update (outage_id, kind, text, next_at, at, by_id, telling, people, told) VALUES ($1, 'news', 'A router is being exchanged.', 0, $2, $3, FALSE, 3, 3)`, known, tx.Now, agent); err != nil {
			return err
		}
		if err := w.papercuts(ctx, tx, agent, lead); err != nil {
			return err
		}
		w.values["macros/{id}"] = fmt.Sprintf("macros/%d", own)
		rule, err := db.One[int64](ctx, tx, `INSERT INTO rule (name, definition, position, owner_id, changed_at) VALUES ('Tag what comes', '{"when":[{"on":"comes"}],"if":"team:first-line","then":[{"do":"tag","value":"come"},{"do":"note","text":"Hello"}]}', 1, $1, $2) RETURNING id`, lead, tx.Now)
		if err != nil {
			return err
		}
		w.values["rules/{id}"] = fmt.Sprintf("rules/%d", rule)
		trial, err := db.One[int64](ctx, tx, `INSERT INTO rule_trial (rule_id, person_id, name, definition, state, hits, result, started_at, ended_at)
			SELECT id, owner_id, name, definition, 'done', 1, $2, $3, $3 FROM rule WHERE id = $1 RETURNING id`, rule, fmt.Sprintf(`{"hits":[{"ticket":%d,"at":%d,"changes":[{"do":"priority","before":"low","after":"high"},{"do":"tag","after":"x"}]}]}`, busy, tx.Now), tx.Now)
		if err != nil {
			return err
		}
		w.values["rule-trials/{id}"] = fmt.Sprintf("rule-trials/%d", trial)
		if _, err := tx.Exec(ctx, `INSERT INTO rule_version (rule_id, what, name, definition, by_id, at) SELECT id, 'saved', name, definition, owner_id, changed_at FROM rule WHERE id = $1`, rule); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO rule_run (rule_id, version_id, ticket_id, at, outcome, cause, detail) VALUES ($1, 1, $2, $3, 'failed', 'a ticket comes', 'There is no such macro.')`, rule, busy, tx.Now); err != nil {
			return err
		}
		channel, err := db.One[int64](ctx, tx, `INSERT INTO chat_hook (team_id, name, form, host, address, kinds, made_by, created_at, failing_at, tries, next_at, error)
			VALUES ((SELECT min(id) FROM team WHERE NOT private), '#helpdesk', 'slack', 'hooks.slack.com', $1, 'came raised', $2, $3, $3, 3, $3, '404') RETURNING id`, []byte{}, lead, tx.Now)
		if err != nil {
			return err
		}
		w.values["channels/{id}"] = fmt.Sprintf("channels/%d", channel)
		w.values["bulk/{id}"] = fmt.Sprintf("bulk/%d", id)
		_, err = tx.Exec(ctx, `INSERT INTO bulk_item (bulk_id, ticket_id, state, reason) VALUES ($1, $2, 'failed', 'You may look at this ticket, but not do that.')`, id, busy)
		return err
	})
	w.routing(agent, lead, busy)
	w.rota(agent, lead)
	w.stints()
	w.articles(lead)
	w.visitors = []browserVisitor{
		{"anybody", nil},
		{"requester", []*http.Cookie{d.session(requester)}},
		{"requester with a picture", []*http.Cookie{d.session(d.number(`SELECT requester_id FROM ticket WHERE id = $1`, pictured))}},
		{"agent", []*http.Cookie{d.session(agent)}},
		{"lead", []*http.Cookie{d.session(lead)}},
		{"administrator", []*http.Cookie{d.session(d.staff(person.Administrator, 0))}},
	}
	return w
}

// papercuts has small things said, and one handed on.
func (w *browserWalk) papercuts(ctx context.Context, tx *db.Tx, agent, lead int64) error {
	who := w.number(`SELECT min(id) FROM person WHERE role = 'requester' AND active`)
	said, err := w.app.Papercuts.Say(ctx, tx, papercut.Who{Person: who}, papercut.Said{Text: "The timesheet forgets my project every Monday", How: papercut.ByPortal, Place: "/requests"})
	if err != nil {
		return err
	}
	if _, err := w.app.Papercuts.Say(ctx, tx, papercut.Who{Person: agent}, papercut.Said{Text: "The timesheet forgets the cost centre", How: papercut.ByMail, More: "And the project too."}); err != nil {
		return err
	}
	if _, err := w.app.Papercuts.Say(ctx, tx, papercut.Who{Visitor: 7}, papercut.Said{Text: "The lift plays music", How: papercut.ByPortal}); err != nil {
		return err
	}
	leads := person.Actor{ID: lead, Role: person.Lead}
	tracker, err := w.app.Papercuts.AddTracker(ctx, tx, leads, "Intranet", "https://tracker.example/in")
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO papercut_handing (papercut_id, tracker_id, text, call_id, state, tries, answer, by_id, at, ended_at) VALUES ($1, $2, 'Twelve said so.', 'msg_1', 'failed', 8, 'The other side answered 500.', $3, $4, $4)`, said.ID, tracker.ID, agent, tx.Now); err != nil {
		return err
	}
	w.values["papercuts/{id}"] = fmt.Sprintf("papercuts/%d", said.ID)
	return nil
}

// papercutToken is what a mail about a small thing carries for who said it.
func (w *browserWalk) papercutToken(p papercut.Purpose) string {
	return papercut.Token(w.app.Key, p, w.number(`SELECT min(id) FROM papercut`), w.number(`SELECT min(person_id) FROM papercut_tap`))
}

// routing has the agent planned an absence, and be offered a ticket, on every page; the lead is in a long call.
func (w *browserWalk) routing(agent, lead, busy int64) {
	w.write(func(ctx context.Context, tx *db.Tx) error {
		if _, err := routing.SaveAbsence(ctx, tx, person.System, routing.Absence{PersonID: agent, FromAt: tx.Now.Add(48 * time.Hour), UntilAt: tx.Now.Add(96 * time.Hour), HandOver: routing.ToTeam, Note: "Leave"}); err != nil {
			return err
		}
		team, err := db.One[int64](ctx, tx, `SELECT team_id FROM ticket WHERE id = $1`, busy)
		if err != nil {
			return err
		}
		route, err := routing.SaveRoute(ctx, tx, routing.Route{Filter: "subject:vpn", TeamID: team})
		if err != nil {
			return err
		}
		w.values["{colleague}"], w.values["{route}"], w.values["{brand}"] = fmt.Sprint(agent), fmt.Sprint(route), "0"
		w.values["{question}"] = "any-thing-de"
		w.values["{group}"] = "printer"
		if _, err := tx.Exec(ctx, `INSERT INTO unclaimed (ticket_id, team_id, since, shared, next_at, asked_id) VALUES ($1, $2, $3, FALSE, $4, $5)`, busy, team, tx.Now, tx.Now.Add(time.Hour), agent); err != nil {
			return err
		}
		return routing.BeginCall(ctx, tx, lead)
	})
}

var browserHole = regexp.MustCompile(`\{[^}]*\}`)

// address fills the holes of a pattern, the longest match first.
func (w *browserWalk) address(pattern string) (string, error) {
	path := strings.TrimSuffix(pattern, "{$}")
	for range 3 {
		best := ""
		for hole := range w.values {
			if len(hole) > len(best) && strings.Contains(path, hole) {
				best = hole
			}
		}
		if best == "" {
			break
		}
		path = strings.ReplaceAll(path, best, w.values[best])
	}
	if browserHole.MatchString(path) {
		return "", fmt.Errorf("nothing is known to put into %s", path)
	}
	return path, nil
}

// browserPrepared opens the pages that want more than an address and a session.
var browserPrepared = map[string]func(t testing.TB, w *browserWalk) (visitor browserVisitor, at string){
	"GET /sign-in/code": func(t testing.TB, w *browserWalk) (browserVisitor, string) {
		c := browserCookies(t, w.browserDesk, func(c *http.Client) {
			address := w.withPassword(t, true)
			r, err := c.PostForm(w.url+"/sign-in", url.Values{"address": {address}, "password": {staffPassword}})
			must(t, err)
			must(t, r.Body.Close())
		})
		return browserVisitor{"half signed in", c}, "/sign-in/code"
	},
	"GET /requests/{number}/outage": func(_ testing.TB, w *browserWalk) (browserVisitor, string) {
		number := w.number(`SELECT max(id) FROM ticket WHERE subject = 'A mail of the walk'`)
		asker := w.number(`SELECT requester_id FROM ticket WHERE id = $1`, number)
		return browserVisitor{"who asked", []*http.Cookie{w.session(asker)}}, fmt.Sprintf("/requests/%d/outage?id=%d", number, w.number(`SELECT min(id) FROM outage WHERE audience = 'all'`))
	},
	"GET /status-join/{token}": func(_ testing.TB, w *browserWalk) (browserVisitor, string) {
		return browserVisitor{"anybody", nil}, "/status-join/" + w.outageToken(outages.Join)
	},
	"GET /status-leave/{token}": func(_ testing.TB, w *browserWalk) (browserVisitor, string) {
		return browserVisitor{"anybody", nil}, "/status-leave/" + w.outageToken(outages.Part)
	},
	"GET /papercut-tell/{token}": func(_ testing.TB, w *browserWalk) (browserVisitor, string) {
		return browserVisitor{"anybody", nil}, "/papercut-tell/" + w.papercutToken(papercut.Confirm)
	},
	"GET /papercut-back/{token}": func(_ testing.TB, w *browserWalk) (browserVisitor, string) {
		return browserVisitor{"anybody", nil}, "/papercut-back/" + w.papercutToken(papercut.Back)
	},
	"GET /papercut-stop/{token}": func(_ testing.TB, w *browserWalk) (browserVisitor, string) {
		return browserVisitor{"anybody", nil}, "/papercut-stop/" + w.papercutToken(papercut.Quiet)
	},
	"GET /sign-in/link/{token}": func(t testing.TB, w *browserWalk) (browserVisitor, string) {
		address := w.word(`SELECT a.address FROM person_address a JOIN person p ON p.id = a.person_id WHERE p.role = 'requester' AND p.active ORDER BY p.id LIMIT 1`)
		c := browserCookies(t, w.browserDesk, func(c *http.Client) {
			r, err := c.PostForm(w.url+"/sign-in/link", url.Values{"address": {address}})
			must(t, err)
			must(t, r.Body.Close())
		})
		return browserVisitor{"who asked for a link", c}, w.mailedLink(t, address, "/sign-in/link/")
	},
	"GET /unfollow/{token}": func(t testing.TB, w *browserWalk) (browserVisitor, string) {
		number := w.number(`SELECT max(id) FROM ticket WHERE subject = 'A mail of the walk'`)
		return browserVisitor{"follower", nil}, "/unfollow/" + tickets.LeaveToken(w.app.Key, number, w.number(`SELECT requester_id FROM ticket WHERE id = $1`, number))
	},
	"GET /notices/stop/{token}": func(t testing.TB, w *browserWalk) (browserVisitor, string) {
		return browserVisitor{"who was mailed", nil}, "/notices/stop/" + notice.StopToken(w.app.Key, w.number(`SELECT min(id) FROM person WHERE role = 'agent'`), "collected")
	},
	"GET /with/{token}": func(_ testing.TB, w *browserWalk) (browserVisitor, string) {
		return browserVisitor{"who was sent here", nil}, "/with/" + w.helps().Token
	},
	"GET /cost/{token}": func(_ testing.TB, w *browserWalk) (browserVisitor, string) {
		return browserVisitor{"who was sent the page", nil}, w.app.Helping.ShownPath(w.helped())
	},
	"GET /helping/{id}": func(_ testing.TB, w *browserWalk) (browserVisitor, string) {
		w.helped()
		helper := w.number(`SELECT min(person_id) FROM help_entry`)
		return browserVisitor{"who noted it", []*http.Cookie{w.session(helper)}}, fmt.Sprintf("/helping/%d", w.number(`SELECT max(id) FROM help_entry WHERE person_id = $1`, helper))
	},
	"GET /handed/{token}": func(_ testing.TB, w *browserWalk) (browserVisitor, string) {
		number, helper := w.number(`SELECT max(id) FROM ticket WHERE subject = 'A mail of the walk'`), w.number(`SELECT min(person_id) FROM help_link`)
		var path string
		w.write(func(ctx context.Context, tx *db.Tx) (err error) {
			path, err = w.app.Helping.Forwarded(ctx, tx, tickets.Ticket{ID: number}, helper)
			return err
		})
		return browserVisitor{"who handed it on", nil}, path
	},
	"GET /stint":               browserOwnStint,
	"GET /lent/{number}":       browserGuest,
	"GET /mentoring/{id}":      browserMentor,
	"GET /stint/{id}/debrief":  browserDebrief,
	"GET /t/{token}":           browserLink,
	"GET /t/{token}/{rest...}": browserLink,
}

// outageToken is what a mail about the outage carries for a requester.
func (w *browserWalk) outageToken(p outages.Purpose) string {
	return outages.Token(w.app.Key, p, w.number(`SELECT min(id) FROM outage`), w.number(`SELECT min(id) FROM person WHERE role = 'requester' AND active`))
}

// browserLink is a link that opens a request.
func browserLink(t testing.TB, w *browserWalk) (browserVisitor, string) {
	var token string
	w.write(func(ctx context.Context, tx *db.Tx) (err error) {
		number := w.number(`SELECT max(id) FROM ticket WHERE subject = 'A mail of the walk'`)
		token, err = tickets.NewLink(ctx, tx, number, w.number(`SELECT requester_id FROM ticket WHERE id = $1`, number), true)
		return err
	})
	return browserVisitor{"link holder", nil}, "/t/" + token + "/"
}

// browserElsewhere are the routes that lead to no page here.
var browserElsewhere = map[string]bool{
	"/setup/{token}":              true,                                               // only a desk without people has it; see TestBrowserFirstStart
	"/people/complete":            true,                                               // a part of the composer; see TestBrowserAddressesAreCompleted
	"/filter/suggest":             true,                                               // a part of the search box; see TestAFilterIsCompletedByKeysAlone
	"/requests/{number}/question": true,                                               // leads to the card on the request's page; see TestAVagueRequestInABrowser
	"/notices/{id}":               true,                                               // leads to the page that a notice is about
	"/uploads":                    true,                                               // parts of forms with files; see TestFilesAreSentAhead
	"/button.js":                  true, "/button/parts": true, "/button/found": true, // the button on pages of others; see TestTheButtonUnderAStrictPolicy
	"/at/{slug}":                           true,                        // leads to the first page
	"/brand/{id}/{file}":                   true,                        // a style sheet
	"/suggestions":                         true,                        // a part of the first page; see TestTypingSuggestsAndAServiceAsks
	"/cards.txt":                           true,                        // a file; see TestBrowserACardFromAMail
	"/palette":                             true,                        // a part of every page; see TestThePaletteByKeysAlone
	"/articles/titles":                     true,                        // a part of the editor; see TestBrowserOneTextIsWrittenInTwoWays
	"/tickets/{number}/seen":               true,                        // a picture of nothing
	"/tickets/{number}/draft/files/{file}": true,                        // a file that is being written with
	"/admin/mailboxes/{id}/connect":        true,                        // leads to a provider of tokens; see TestConnectInABrowser
	"/admin/mailboxes/connected":           true,                        // and back from there
	"/button/chat.js":                      true, "/button/chats": true, // its live chat; see TestBrowserLiveChat
	"/tickets/{number}/messages/{id}/pictures/{index}": true, // a picture from another server
}

// helped has the first agent note some help, and gives the id of a page that shows what it costs.
func (w *browserWalk) helped() (shown int64) {
	w.write(func(ctx context.Context, tx *db.Tx) (err error) {
		who := w.number(`SELECT min(id) FROM person WHERE role = 'agent'`)
		for week := range 6 {
			if _, err = handoff.Note(ctx, tx, who, handoff.Entry{Minutes: 250 - 40*week, Words: "Printer", Whom: "Hana", At: tx.Now.Add(-time.Duration(week*7*24) * time.Hour)}); err != nil {
				return err
			}
		}
		if err = handoff.SaveReckoning(ctx, tx, who, handoff.Reckoning{Hourly: 40_00, Currency: "EUR", Monthly: 400_00, WeekMinutes: 240}); err != nil {
			return err
		}
		shown, err = handoff.Show(ctx, tx, who, true)
		return err
	})
	return shown
}

// helps has the first agent share a link.
func (w *browserWalk) helps() (l handoff.Link) {
	w.write(func(ctx context.Context, tx *db.Tx) (err error) {
		l, err = w.app.Helping.SwitchOn(ctx, tx, w.number(`SELECT min(id) FROM person WHERE role = 'agent'`))
		return err
	})
	return l
}

// browserCookies gives the cookies that a client without a browser got.
func browserCookies(t testing.TB, d *browserDesk, do func(c *http.Client)) []*http.Cookie {
	t.Helper()
	jar, err := cookiejar.New(nil)
	must(t, err)
	do(&http.Client{Jar: jar, Timeout: browserLimit})
	at, err := url.Parse(d.url)
	must(t, err)
	return jar.Cookies(at)
}

// mailedLink waits for a mail to the address with a link that begins so, and gives the link's path.
func (d *browserDesk) mailedLink(t testing.TB, address, begin string) string {
	t.Helper()
	text := d.fetch(d.caught(address, begin))
	_, rest, _ := strings.Cut(text, begin)
	return begin + regexp.MustCompile(`^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*`).FindString(rest)
}

// withPassword makes a member of staff with a password, and with a second step if wanted; it gives their address.
func (d *browserDesk) withPassword(t testing.TB, totp bool) string {
	t.Helper()
	address := fmt.Sprintf("noor%d@desk.example", d.number(`SELECT count(*) FROM person`))
	var p person.Person
	d.write(func(ctx context.Context, tx *db.Tx) (err error) {
		p, err = person.Create(ctx, tx, person.New{Name: "Noor Haddad", Role: person.Agent, Addresses: []string{address}, Verified: true})
		return err
	})
	must(t, d.app.Door.SetPassword(d.Context(), p.ID, staffPassword))
	if totp {
		proposal, sealed, err := d.app.Door.NewTOTP(p.ID, "Goodturn", address)
		must(t, err)
		d.write(func(ctx context.Context, tx *db.Tx) error {
			return d.app.Door.TurnOnTOTP(ctx, tx, p.ID, sealed, browserCode(t, proposal.Secret.Reveal(), 0), "192.0.2.7")
		})
	}
	return address
}

// browserVisit is a page with who may see it.
type browserVisit struct {
	name    string
	at      string
	visitor browserVisitor
	status  int
}

// visits finds each GET route's page and its first visitor; routes that give no page are left out.
func (w *browserWalk) visits(t testing.TB) (all []browserVisit) {
	t.Helper()
	for _, rt := range w.app.Routes() {
		pattern, ok := strings.CutPrefix(rt.Pattern, "GET ")
		if !ok {
			continue
		}
		if prepare := browserPrepared[rt.Pattern]; prepare != nil {
			visitor, at := prepare(t, w)
			all = append(all, browserVisit{pattern, at, visitor, http.StatusOK})
			continue
		}
		if browserElsewhere[pattern] {
			continue
		}
		at, err := w.address(pattern)
		if err != nil {
			t.Errorf("%s: %v", pattern, err)
			continue
		}
		visit, shown := w.first(pattern, at)
		if !shown {
			t.Errorf("%s: no visitor is let in at %s", pattern, at)
		} else if visit.at != "" {
			all = append(all, visit)
		}
	}
	return all
}

// first finds who is let in; a visit without an address says that what they get is no page.
func (w *browserWalk) first(pattern, at string) (v browserVisit, shown bool) {
	for _, visitor := range w.visitors {
		r, text := w.ask(at, visitor.cookies...)
		if r.StatusCode != http.StatusOK {
			continue
		}
		if !strings.HasPrefix(strings.ToLower(text), "<!doctype html>") || r.Header.Get("Content-Disposition") != "" {
			return v, true // a file, a stream, or a piece of a page
		}
		return browserVisit{pattern, at, visitor, http.StatusOK}, true
	}
	return v, false
}

// more are pages that no route's pattern names by itself: other states, and errors.
func (w *browserWalk) more() []browserVisit {
	anybody, requester, agent := w.visitors[0], w.visitors[1], w.visitors[3]
	return []browserVisit{
		{"a list with nothing in it", "/tickets?view=all&q=zzzz", agent, 200},
		{"a wrong filter", "/tickets?q=status:later", agent, 422},
		{"search", "/search?q=printer", agent, 200},
		{"search without a hit", "/search?q=zzzz", agent, 200},
		{"not found, desk", "/tickets/999999", agent, 404},
		{"not found, portal", "/requests/999999", requester, 404},
		{"no such page", "/nowhere", anybody, 404},
		{"not allowed, requester", "/tickets", requester, 403},
		{"not allowed, agent", "/admin", agent, 403},
		{"suspects", "/tickets?view=suspect", agent, 200},
		{"undelivered", "/undelivered", agent, 200},
		{"spent ticket link", "/t/nothing", anybody, 404},
		{"spent sign-in link", "/sign-in/link/nothing", anybody, 404},
		{"spent setup link", "/setup/nothing", anybody, 404},
	}
}

// TestBrowserEveryPage opens every page of the program as its first visitor: axe-core finds nothing in light and dark, on a desk and on
// a phone; nothing is wider than the window, down to what is left at four times the size; the console stays silent, and nobody else is asked.
// A new route is walked by itself, or fails for want of a value for its holes. With $GOODTURN_PAGES it leaves pictures there.
func TestBrowserEveryPage(t *testing.T) {
	w := newBrowserWalk(t)
	for _, v := range append(w.visits(t), w.more()...) {
		t.Run(strings.ReplaceAll(strings.Trim(v.name, "/"), "/", "."), func(t *testing.T) { t.Parallel(); w.look(t, v) })
	}
}

func (w *browserWalk) look(t *testing.T, v browserVisit) {
	p := w.page(t, browser.Size(1440, 900)).cookie(v.visitor.cookies...)
	r, err := chromedpResponse(p, w.url+v.at)
	must(t, err)
	if int(r) != v.status {
		t.Errorf("%s as %s: status %d, want %d", v.at, v.visitor.name, r, v.status)
	}
	if v.status != http.StatusOK {
		p.forget() // the console names the page's own status
	}
	all := os.Getenv("GOODTURN_SOAK") != "" // else each width and each theme once: what a theme changes are colours, which are tokens
	for _, look := range []struct {
		name  string
		width int
		theme browser.Step
		axe   bool
	}{
		{"desk, light", 1440, browser.Light(), true},
		{"desk, dark", 1440, browser.Dark(), all},
		{"phone, dark", 390, browser.Dark(), true},
		{"phone, light", 390, browser.Light(), all},
		{"four times the size", 320, browser.Light(), false},
	} {
		p.do(browser.Size(look.width, 844), look.theme)
		if wide := browserEval[int](p, `document.documentElement.scrollWidth`); wide > look.width {
			t.Errorf("%s: %d wide in a window of %d: %s", look.name, wide, look.width, browserEval[string](p, browserTooWide))
		}
		if look.axe {
			browser.CheckAxe(t, p.ctx)
		}
		if t.Failed() {
			t.Logf("that was %s, %s as %s", look.name, v.at, v.visitor.name)
			break
		}
	}
	p.quiet()
	if dir := os.Getenv("GOODTURN_PAGES"); dir != "" {
		for _, width := range []int{390, 1024, 1600} {
			for theme, step := range map[string]browser.Step{"light": browser.Light(), "dark": browser.Dark()} {
				p.do(browser.Size(width, 900), step)
				p.open(v.at)
				p.do(browser.Screenshot(filepath.Join(dir, fmt.Sprintf("%s-%d-%s.png", strings.NewReplacer("/", "_", "{", "", "}", "", " ", "-").Replace(strings.Trim(v.name, "/")), width, theme))))
			}
		}
	}
}

// browserTooWide names what reaches over the right edge.
const browserTooWide = `[...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1).slice(0, 8).map(e => e.tagName + "." + e.className + "#" + e.id).join(" ")`
