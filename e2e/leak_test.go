package e2e

import (
	"context"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"goodturn/internal/automation"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fixnote"
	"goodturn/internal/macro"
	"goodturn/internal/outage"
	"goodturn/internal/person"
	tickets "goodturn/internal/ticket"
	"goodturn/internal/view"
	"goodturn/internal/web/portal"
)

// planted stands wherever staff write for each other, and nowhere else.
const planted = "Quokka7391"

// TestWhatStaffWriteStaysWithThem leads a request through its whole life, with a word planted wherever staff write for each other: no page
// of the requester's side and no mail to them may hold it.
func TestWhatStaffWriteStaysWithThem(t *testing.T) {
	d, sink := browserDemoSending(t)
	agent := d.staff(person.Agent, 0)
	rosa := d.visitorOf(t)
	number := rosa.asks("rosa@harbor.example", "The printer on floor three prints half pages since this morning, on all paper.")
	requester := d.number(`SELECT requester_id FROM ticket WHERE id = $1`, number)
	signedIn := d.visitorOf(t)
	signedIn.cookie(d.session(requester))
	everybody := []*leakVisitor{rosa, signedIn, d.visitorOf(t)}

	look := func(when string) {
		t.Helper()
		for _, v := range everybody {
			for _, rt := range portal.Routes(&portal.Portal{}) {
				method, path, _ := strings.Cut(rt.Pattern, " ")
				if method != "GET" || strings.Contains(path, "{token}") {
					continue
				}
				path = strings.NewReplacer("{number}", strconv.FormatInt(number, 10), "{id}", strconv.FormatInt(d.number(`SELECT coalesce(max(id), 0) FROM outage`), 10), "{file}", "portal.css", "{slug}", "none", "{$}", "").Replace(path)
				for _, at := range []string{path, path + "?all", path + "?text=printer+half+pages", path + "?q=printer"} {
					if p := v.get(at); strings.Contains(p.html, planted) {
						t.Errorf("%s: %s tells it", when, at)
					}
				}
			}
		}
	}

	by := d.by(agent)
	do := func(steps ...func(ctx context.Context, tx *db.Tx) error) {
		t.Helper()
		for _, step := range steps {
			d.write(step)
		}
	}
	do(d.plants(t, by, number, requester)...)
	look("while it is worked on")
	do(
		func(ctx context.Context, tx *db.Tx) error {
			_, err := d.app.Tickets.Reply(ctx, tx, by, number, tickets.Draft{Text: "Please try the tray below."}, tickets.Pending)
			return err
		},
		func(ctx context.Context, tx *db.Tx) error {
			return d.app.Tickets.Tell(ctx, tx, by, number, tickets.Telling{Text: "Most likely the drum."})
		},
		func(ctx context.Context, tx *db.Tx) error {
			return d.app.Tickets.PromiseNews(ctx, tx, by, number, tx.Now.Add(time.Hour))
		},
		func(ctx context.Context, tx *db.Tx) error {
			return d.app.Tickets.SetStatus(ctx, tx, by, number, tickets.Solved)
		},
		func(ctx context.Context, tx *db.Tx) error {
			_, err := d.app.Notes.Skip(ctx, tx, by.Actor, number, fixnote.Reasons()[len(fixnote.Reasons())-1], "They broke it: "+planted)
			return err
		},
	)
	look("when it is solved")
	rosa.post("/requests/"+strconv.FormatInt(number, 10)+"/worked", "answer", "no", "text", "Still half pages")
	look("after it did not work")
	do(
		func(ctx context.Context, tx *db.Tx) error {
			_, err := d.app.Tickets.Reply(ctx, tx, by, number, tickets.Draft{Text: "Now the drum is new."}, tickets.Solved)
			return err
		},
		func(ctx context.Context, tx *db.Tx) error {
			_, err := d.app.Notes.Write(ctx, tx, by.Actor, number, fixnote.Content{Wrong: "The drum was worn.", Next: "Choose the tray below."})
			return err
		},
	)
	look("at its end")

	outbound(t, sink, "Now the drum is new.")
	told := map[string]bool{}
	for _, m := range sink.Mails() {
		mail := open(t, m)
		if strings.Contains(strings.Join(m.To, " "), "rosa@") {
			told[mail.header.Get("Subject")] = true
			if strings.Contains(string(mail.raw)+mail.text+mail.html, planted) {
				t.Errorf("the mail %q tells it:\n%s", mail.header.Get("Subject"), mail.text)
			}
		}
	}
	if len(told) < 2 {
		t.Errorf("only these mails went to her: %v", told)
	}
}

// plants are what staff do with a request that is nobody's business but theirs.
func (d *browserDesk) plants(t *testing.T, by tickets.By, number, requester int64) []func(ctx context.Context, tx *db.Tx) error {
	lead := d.by(d.staff(person.Lead, 0)).Actor
	return []func(ctx context.Context, tx *db.Tx) error{
		func(ctx context.Context, tx *db.Tx) error {
			note, err := d.app.Tickets.Note(ctx, tx, by, number, tickets.Draft{Text: "Between us: " + planted, HTML: "<p>" + planted})
			if err != nil {
				return err
			}
			if err := d.app.Tickets.Tell(ctx, tx, by, number, tickets.Telling{Text: "Taken back: " + planted, MessageID: note.ID}); err != nil {
				return err
			}
			told, err := tickets.Told(ctx, tx, number)
			if err != nil {
				return err
			}
			return d.app.Tickets.Untell(ctx, tx, by, number, told[len(told)-1].ID)
		},
		func(ctx context.Context, tx *db.Tx) error {
			return d.app.Tickets.SetTags(ctx, tx, by, number, []string{planted})
		},
		func(ctx context.Context, tx *db.Tx) error {
			team, err := person.SaveTeam(ctx, tx, person.Team{Slug: strings.ToLower(planted), Name: planted + " team"})
			if err != nil {
				return err
			}
			if err := person.SetMembers(ctx, tx, team, []int64{by.ID}); err != nil {
				return err
			}
			_, err = d.app.Board.Post(ctx, tx, by.Actor, outage.New{Title: planted + " printers", Words: "printer half pages", Audience: outage.OwnTeam, Team: team, NextAt: tx.Now.Add(time.Hour)})
			if err != nil {
				return err
			}
			return d.app.Tickets.MoveTo(ctx, tx, by, number, team)
		},
		func(ctx context.Context, tx *db.Tx) error {
			return d.app.Tickets.SetPriority(ctx, tx, by, number, tickets.Urgent)
		},
		func(ctx context.Context, tx *db.Tx) error {
			return d.app.Tickets.Assign(ctx, tx, by, number, by.ID)
		},
		func(ctx context.Context, tx *db.Tx) error {
			_, err := macro.Save(ctx, tx, by.Actor, macro.Macro{Name: planted, Scope: macro.Own, Texts: map[string]string{"en": planted}})
			return err
		},
		func(ctx context.Context, tx *db.Tx) error {
			_, err := view.Save(ctx, tx, by.Actor, view.View{Name: planted, Filter: "tag:" + strings.ToLower(planted), Shared: true})
			return err
		},
		func(ctx context.Context, tx *db.Tx) error {
			_, err := automation.Save(ctx, tx, lead, automation.Rule{Name: planted, Definition: automation.Definition{When: []automation.When{{On: automation.Comes}}, Then: []automation.Deed{{Do: automation.Tag, Value: planted}}}})
			return err
		},
		func(ctx context.Context, tx *db.Tx) error {
			return person.SetNote(ctx, tx, by.Actor, requester, person.Note{Explaining: "Mind: " + planted}, 0, "")
		},
		func(ctx context.Context, tx *db.Tx) error {
			return d.app.Tickets.Snooze(ctx, tx, by, number, tickets.Snooze{Mode: tickets.UntilAnswer, Until: clock.Now().Add(time.Hour)})
		},
	}
}

// leakVisitor is somebody with a browser that keeps cookies and runs no script.
type leakVisitor struct {
	visitor
	at *url.URL
}

func (d *browserDesk) visitorOf(t testing.TB) *leakVisitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	must(t, err)
	at, err := url.Parse(d.url)
	must(t, err)
	return &leakVisitor{visitor{t, d.url, &http.Client{Jar: jar, Timeout: time.Minute}}, at}
}

func (v *leakVisitor) cookie(c *http.Cookie) { v.http.Jar.SetCookies(v.at, []*http.Cookie{c}) }

// asks sends the form and gives the number of the request, whose page the visitor may open from then on.
func (v *leakVisitor) asks(address, text string, more ...string) int64 {
	v.Helper()
	p := v.post("/requests", append(more, "text", text, "name", "Rosa Lima", "address", address, "key", strconv.FormatInt(time.Now().UnixNano(), 10))...)
	number, err := strconv.ParseInt(strings.TrimPrefix(p.at, "/requests/"), 10, 64)
	if err != nil {
		v.Fatalf("sending the form leads to %s (%d)", p.at, p.status)
	}
	return number
}
