package e2e

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/fixnote"
	"goodturn/internal/notice"
	"goodturn/internal/outage"
	"goodturn/internal/papercut"
	"goodturn/internal/person"
	"goodturn/internal/testserver/postfix"
	tickets "goodturn/internal/ticket"
)

// mailedKinds are what the links in the desk's mails lead to, which the life that TestMailedLinksOnlyOpenPages leads must bring forth.
var mailedKinds = map[string]*regexp.Regexp{
	"a request":               regexp.MustCompile(`^/t/[^/]+$`),
	"an answer to a question": regexp.MustCompile(`^/t/[^/]+/question\?answer=`),
	"that it is this outage":  regexp.MustCompile(`^/t/[^/]+/outage\?id=`),
	"that it worked":          regexp.MustCompile(`^/t/[^/]+/worked\?answer=yes$`),
	"that it did not":         regexp.MustCompile(`^/t/[^/]+/worked\?answer=no$`),
	"a face":                  regexp.MustCompile(`^/t/[^/]+/worked\?face=`),
	"me too":                  regexp.MustCompile(`^/status-join/`),
	"no more of an outage":    regexp.MustCompile(`^/status-leave/`),
	"an outage":               regexp.MustCompile(`^/status/\d+$`),
	"what was handed on":      regexp.MustCompile(`^/handed/`),
	"no more of a request":    regexp.MustCompile(`^/unfollow/`),
	"no more notices":         regexp.MustCompile(`^/notices/stop/`),
	"signing in":              regexp.MustCompile(`^/sign-in/link/`),
}

// learnsByItself are the tables that change without anybody doing anything, and why.
var learnsByItself = map[string]string{
	"search_key":     "the words of tickets are learnt in the background, a few at a time",
	"search_word":    "the same",
	"search_learned": "how far that has come",
}

// TestMailedLinksOnlyOpenPages leads a desk through all that it writes mails with links about, and opens each link of each mail as
// programs do that look for viruses or show previews: nothing at all may change, in any table. A button does it, not a link.
func TestMailedLinksOnlyOpenPages(t *testing.T) {
	d, sink := browserDemoSending(t)
	d.mailsOfAllKinds(t, sink)
	before := d.still()
	links := d.linksOf(t, sink)
	for what, kind := range mailedKinds {
		if !slices.ContainsFunc(links, kind.MatchString) {
			t.Errorf("no mail has a link to %s", what)
		}
	}
	last := before
	for _, at := range links {
		for _, method := range []string{http.MethodHead, http.MethodGet} {
			status, text := d.opens(method, at)
			good := status == http.StatusOK && (method == http.MethodHead || strings.Contains(text, "<main"))
			if strings.HasPrefix(at, "/sign-in/link/") { // good in the browser that asked for it
				good = status == http.StatusNotFound
			}
			if !good {
				t.Errorf("%s %s: %d", method, at, status)
			}
			now := d.tables()
			for _, table := range changed(last, now) {
				t.Errorf("%s %s (%d) changes %s", method, at, status, table)
			}
			last = now
		}
	}
	for _, table := range changed(before, d.still()) {
		t.Errorf("looking at all links changes %s", table)
	}
	t.Logf("%d links of %d mails", len(links), len(sink.Mails()))

	// And a button does.
	last = d.tables()
	for _, at := range links {
		if strings.HasPrefix(at, "/unfollow/") {
			if p := d.visitorOf(t).post(at); p.status != http.StatusOK || len(changed(last, d.tables())) == 0 {
				t.Errorf("the button of %s changes nothing (%d)", at, p.status)
			}
			break
		}
	}
}

// opens asks for a path as somebody of whom nothing is known, with a jar of cookies of its own.
func (d *browserDesk) opens(method, path string) (status int, text string) {
	d.Helper()
	jar, err := cookiejar.New(nil)
	must(d, err)
	r, err := http.NewRequestWithContext(d.Context(), method, d.url+path, nil)
	must(d, err)
	answer, err := (&http.Client{Jar: jar, Timeout: browserLimit}).Do(r)
	must(d, err)
	defer answer.Body.Close()
	raw, err := io.ReadAll(answer.Body)
	must(d, err)
	return answer.StatusCode, string(raw)
}

// tables gives each table's rows as a hash.
func (d *browserDesk) tables() map[string]string {
	d.Helper()
	out := map[string]string{}
	d.read(func(ctx context.Context, tx *db.Tx) error {
		names, err := db.All[string](ctx, tx, `SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`)
		for _, name := range names {
			if err != nil {
				return err
			}
			if learnsByItself[name] != "" {
				continue
			}
			sum, n := sha256.New(), 0 // hashed as they lie there: printing values would take most of the test's time
			err = tx.Query(ctx, func(rows *sql.Rows) error {
				columns, err := rows.Columns()
				if err != nil {
					return err
				}
				values, into := make([]sql.RawBytes, len(columns)), make([]any, len(columns))
				for i := range values {
					into[i] = &values[i]
				}
				n++
				err = rows.Scan(into...)
				for _, v := range values {
					fmt.Fprintf(sum, "%d %t\n", len(v), v == nil)
					sum.Write(v)
				}
				return err
			}, `SELECT * FROM "`+name+`"`)
			out[name] = fmt.Sprintf("%d rows, %x", n, sum.Sum(nil))
		}
		return err
	})
	if len(out) < 50 {
		d.Fatalf("only these tables: %v", out)
	}
	return out
}

// still waits until nothing changes any more by itself, and gives the tables.
func (d *browserDesk) still() (last map[string]string) {
	d.Helper()
	var since time.Time
	wait(d, 2*time.Minute, "nothing changes any more", func() error {
		now := d.tables()
		if moved := changed(last, now); last == nil || len(moved) > 0 {
			last, since = now, time.Now()
			time.Sleep(time.Second) // all is read each time
			return fmt.Errorf("%v changed", moved)
		}
		if time.Since(since) < 3*time.Second { // what is due is looked for each second
			time.Sleep(time.Second)
			return errors.New("it is still for a moment only")
		}
		return nil
	})
	return last
}

func changed(before, after map[string]string) (names []string) {
	for name, rows := range after {
		if before[name] != rows {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

var mailedURL = regexp.MustCompile(`https?://[^\s"<>()]+`)

// linksOf gives the paths of all links in all mails: of text, of HTML, and of the header.
func (d *browserDesk) linksOf(t testing.TB, sink *postfix.Sink) (paths []string) {
	t.Helper()
	for _, m := range sink.Mails() {
		mail := open(t, m)
		for _, text := range []string{mail.text, html.UnescapeString(mail.html), mail.header.Get("List-Unsubscribe")} {
			for _, at := range mailedURL.FindAllString(text, -1) {
				path, ours := strings.CutPrefix(at, d.url)
				if !ours {
					if !strings.Contains(at, "www.w3.org") {
						t.Errorf("a mail leads to %s", at)
					}
					continue
				}
				paths = append(paths, path)
			}
		}
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}

// mailsOfAllKinds has the desk send a mail of each kind that has links.
func (d *browserDesk) mailsOfAllKinds(t *testing.T, sink *postfix.Sink) {
	agent, lead := d.staff(person.Agent, 0), d.staff(person.Lead, 0)
	by := d.by(agent)
	do := func(step func(ctx context.Context, tx *db.Tx) error) { t.Helper(); d.write(step) }
	ask := func(address, text string, more ...string) int64 {
		t.Helper()
		return d.visitorOf(t).asks(address, text, more...)
	}
	var broken outage.Outage
	do(func(ctx context.Context, tx *db.Tx) (err error) {
		broken, err = d.app.Board.Post(ctx, tx, by.Actor, outage.New{Title: "The VPN lets nobody in", Words: "vpn, anyconnect", NextAt: tx.Now.Add(time.Hour)})
		return err
	})

	// Requests, with what is known of them and what is asked.
	vpn := ask("ada@moss.example", "The VPN does not let me in since this morning, it says connection refused.")
	mailed(t, sink, fmt.Sprintf("outage?id=%d", broken.ID))
	const from = "Bo Berg <bo@berg.example>"
	d.take("bo@berg.example", browserMail(from, "Outlook", "Outlook problem\n\nThank you\nBo"))
	vague := d.ticket("Outlook")
	mailed(t, sink, "question?answer=")
	receipt := d.word(`SELECT rfc_message_id FROM letter WHERE ticket_id = $1`, vague)
	d.take("bo@berg.example", browserMail(from, "Re: We have your request", "I cannot send\n\n> What is it that does not work with mail?\n", "In-Reply-To: <"+receipt+">", "References: <"+receipt+">"))
	mailed(t, sink, "There is one thing more")

	// An outage: somebody without a request says that they have it too.
	d.visitorOf(t).post(fmt.Sprintf("/status/%d/me-too", broken.ID), "address", "cleo@elsewhere.example")
	confirm := mailed(t, sink, "/status-join/")
	join := strings.TrimPrefix(mailedURL.FindString(confirm.text), d.url)
	if p := d.visitorOf(t).post(join); p.status != http.StatusOK {
		t.Fatalf("me too: %d", p.status)
	}
	do(func(ctx context.Context, tx *db.Tx) error { return d.app.Board.Link(ctx, tx, by, broken.ID, vpn) })
	do(func(ctx context.Context, tx *db.Tx) error {
		_, err := d.app.Board.Tell(ctx, tx, by.Actor, broken.ID, outage.News{Text: "A router is being exchanged.", NextAt: tx.Now.Add(2 * time.Hour)})
		return err
	})
	d.reach(t, sink, "A router is being exchanged", "ada@moss.example", "cleo@elsewhere.example")

	// What is solved, and a fix note that comes late.
	solved := ask("dana@dale.example", "The screen of my laptop stays black when I open it, only the lamp blinks.")
	d.reply(agent, solved, "The cable was loose.", tickets.Solved)
	do(func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE outcome SET letter_at = 1 WHERE ticket_id = $1`, solved)
		return err
	})
	mailed(t, sink, "worked?answer=yes")
	do(func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE outcome SET gentle_at = 1 WHERE ticket_id = $1`, solved)
		return err
	})
	mailed(t, sink, "some days ago we solved")
	do(func(ctx context.Context, tx *db.Tx) error {
		_, err := d.app.Notes.Write(ctx, tx, by.Actor, solved, fixnote.Content{Wrong: "The cable was worn.", Next: "Press the plug until it clicks."})
		return err
	})
	mailed(t, sink, "until it clicks")

	// A request that somebody handed on, one that somebody follows, and one that is somebody's now.
	helper := d.staff(person.Agent, 1)
	var token string
	do(func(ctx context.Context, tx *db.Tx) error {
		l, err := d.app.Helping.SwitchOn(ctx, tx, helper)
		token = l.Token
		return err
	})
	handed := ask("eve@elm.example", "My keyboard types two letters for each key that I press, in every program.", "with", token)
	mailed(t, sink, "/handed/")
	do(func(ctx context.Context, tx *db.Tx) error { return d.app.Tickets.Follow(ctx, tx, by, handed, lead) })
	d.reply(agent, handed, "Please try another one.", tickets.Pending)
	mailed(t, sink, "/unfollow/")
	do(func(ctx context.Context, tx *db.Tx) error {
		c, err := notice.ChoiceOf(ctx, tx, helper)
		if err != nil {
			return err
		}
		c.Now[notice.Assigned], c.Quiet = true, notice.Quiet{}
		if err := d.app.Notices.SetChoice(ctx, tx, helper, c); err != nil {
			return err
		}
		return d.app.Tickets.Assign(ctx, tx, by, handed, helper)
	})
	outbound(t, sink, "goodturn.notice.now.")

	// Something small that somebody said, and that it is gone.
	var cut int64
	do(func(ctx context.Context, tx *db.Tx) error {
		finn, err := person.ByAddress(ctx, tx, person.Contact{Name: "Finn", Address: "finn@fern.example"})
		if err != nil {
			return err
		}
		cut = finn.ID
		said, err := d.app.Papercuts.Say(ctx, tx, papercut.Who{Person: cut}, papercut.Said{Text: "The timesheet forgets my project", How: papercut.ByMail})
		if err != nil {
			return err
		}
		for _, kind := range []string{papercut.LetterNoted, papercut.LetterAsked} {
			if err := d.app.Papercuts.Mail(ctx, tx, papercut.Letter{Kind: kind, Person: cut, About: said.ID}); err != nil {
				return err
			}
		}
		return nil
	})
	mailed(t, sink, "/papercut-back/")
	mailed(t, sink, "/papercut-tell/")
	do(func(ctx context.Context, tx *db.Tx) error {
		id := d.number(`SELECT max(papercut_id) FROM papercut_tap WHERE person_id = $1`, cut)
		if _, err := d.app.Papercuts.SetState(ctx, tx, by.Actor, id, papercut.Gone, "Mended in version 3."); err != nil {
			return err
		}
		return d.app.Papercuts.Mail(ctx, tx, papercut.Letter{Kind: papercut.LetterGone, Person: cut, About: id})
	})
	mailed(t, sink, "Mended in version 3.")

	// Ways in, and the end of the outage.
	do(func(ctx context.Context, tx *db.Tx) error {
		return d.app.Post.QueueInvitation(ctx, tx, agent, d.word(`SELECT address FROM person_address WHERE person_id = $1 AND first`, agent))
	})
	d.visitorOf(t).post("/sign-in/link", "address", "dana@dale.example")
	mailed(t, sink, "/sign-in/link/")
	do(func(ctx context.Context, tx *db.Tx) error {
		_, err := d.app.Board.Close(ctx, tx, by.Actor, broken.ID, outage.News{Text: "The router is new."})
		return err
	})
	d.reach(t, sink, "The router is new", "ada@moss.example", "cleo@elsewhere.example")
}

// mailed waits for the mail whose text, as its reader sees it, or header for programs holds the words.
func mailed(t testing.TB, sink *postfix.Sink, words string) received {
	t.Helper()
	return open(t, sink.Wait(t, func(m postfix.Mail) bool {
		r := open(t, m)
		return strings.Contains(r.text+r.header.Get("List-Unsubscribe"), words)
	}))
}

// reach waits until mails with the words have gone to each of the addresses.
func (d *browserDesk) reach(t testing.TB, sink *postfix.Sink, words string, addresses ...string) {
	t.Helper()
	for _, address := range addresses {
		sink.Wait(t, func(m postfix.Mail) bool {
			return slices.Contains(m.To, address) && strings.Contains(open(t, m).text, words)
		})
	}
}
