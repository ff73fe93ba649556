package e2e

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"goodturn/internal/app"
	"goodturn/internal/db"
	"goodturn/internal/mailbox"
	"goodturn/internal/person"
	"goodturn/internal/testserver/browser"
	"goodturn/internal/testserver/guard"
)

// The browser's tests run the real program inside the test's own process, so that a mail can be handed in and a right
// looked up without a second door, and watch it from Chromium. Most play in the demo, which has people, tickets and a
// mail catcher; its folder is filled once and copied.

// browserLimit is how long a page may take to show what it should.
const browserLimit = browser.Patience

// browserDesk is the running program.
type browserDesk struct {
	testing.TB
	app *app.App
	url string
}

// browserFilled is a demo's folder to be copied. It lies beside the built program, and goes with it.
var browserFilled struct {
	mu  sync.Mutex
	dir string
}

// browserDemo runs the demo until the end of the test; prepare may change it before it serves.
func browserDemo(t testing.TB, prepare ...func(*app.App)) *browserDesk {
	t.Helper()
	guard.NotShort(t)
	f := &browserFilled
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.dir == "" {
		dir := filepath.Join(filepath.Dir(program), "demo")
		a, err := app.OpenDemo(t.Context(), app.Config{Data: dir, Listen: guard.Address(freePort(t))})
		must(t, err)
		must(t, a.DB.Write(t.Context(), func(tx *db.Tx) error { return noRota(t.Context(), tx) }))
		must(t, a.Close())
		f.dir = dir
	}
	dir := filepath.Join(t.TempDir(), "data")
	must(t, os.CopyFS(dir, os.DirFS(f.dir)))
	must(t, os.Chmod(filepath.Join(dir, "key"), 0o600))
	return browserServe(t, app.OpenDemo, app.Config{Data: dir}, prepare...)
}

// noRota has working hours say who is at the desk, whoever is on shift at the hour at which the tests run.
func noRota(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `DELETE FROM shift`)
	if err == nil {
		_, err = tx.Exec(ctx, `DELETE FROM shift_pattern`)
	}
	return err
}

// browserFresh runs an empty desk until the end of the test.
func browserFresh(t testing.TB) *browserDesk {
	t.Helper()
	guard.NotShort(t)
	return browserServe(t, app.OpenToServe, app.Config{Data: filepath.Join(t.TempDir(), "data")})
}

func browserServe(t testing.TB, open func(context.Context, app.Config) (*app.App, error), c app.Config, prepare ...func(*app.App)) *browserDesk {
	t.Helper()
	c.Listen = guard.Address(freePort(t))
	a, err := open(t.Context(), c)
	must(t, err)
	for _, change := range prepare {
		change(a)
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	ready, ended := make(chan string, 1), make(chan error, 1)
	go func() { ended <- a.Serve(ctx, func(address string) { ready <- address }) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("the program ended with: %v", err)
		}
		if err := a.Close(); err != nil {
			t.Errorf("close the program: %v", err)
		}
	})
	select {
	case address := <-ready:
		return &browserDesk{TB: t, app: a, url: "http://" + address}
	case err := <-ended:
		ended <- err
		t.Fatalf("the program does not serve: %v", err)
		return nil
	}
}

func (d *browserDesk) read(do func(ctx context.Context, tx *db.Tx) error) {
	d.Helper()
	must(d, d.app.DB.Read(d.Context(), func(tx *db.Tx) error { return do(d.Context(), tx) }))
}

func (d *browserDesk) write(do func(ctx context.Context, tx *db.Tx) error) {
	d.Helper()
	must(d, d.app.DB.Write(d.Context(), func(tx *db.Tx) error { return do(d.Context(), tx) }))
}

// number asks the store for one number.
func (d *browserDesk) number(sql string, args ...any) (n int64) {
	d.Helper()
	d.read(func(ctx context.Context, tx *db.Tx) (err error) {
		if n, err = db.One[int64](ctx, tx, sql, args...); err != nil {
			err = fmt.Errorf("%s: %w", sql, err)
		}
		return err
	})
	return n
}

// word asks the store for one text.
func (d *browserDesk) word(sql string, args ...any) (s string) {
	d.Helper()
	d.read(func(ctx context.Context, tx *db.Tx) (err error) {
		if s, err = db.One[string](ctx, tx, sql, args...); err != nil {
			err = fmt.Errorf("%s: %w", sql, err)
		}
		return err
	})
	return s
}

// session signs a person in and gives the cookie.
func (d *browserDesk) session(id int64) *http.Cookie {
	d.Helper()
	c := &http.Cookie{Name: "goodturn-session"}
	d.write(func(ctx context.Context, tx *db.Tx) (err error) {
		c.Value, err = person.StartSession(ctx, tx, id, "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0", "192.0.2.7")
		return err
	})
	return c
}

// staff gives the n-th active member of staff with that role, those in no private team first.
func (d *browserDesk) staff(role person.Role, n int) int64 {
	d.Helper()
	return d.number(`SELECT p.id FROM person p WHERE p.role = $1 AND p.active ORDER BY
		CASE WHEN EXISTS (SELECT 1 FROM team_member m JOIN team t ON t.id = m.team_id WHERE m.person_id = p.id AND t.private) THEN 1 ELSE 0 END, p.id LIMIT 1 OFFSET $2`, string(role), n)
}

// take hands a mail to the desk as an MTA would.
func (d *browserDesk) take(from, raw string) {
	d.Helper()
	to := d.word(`SELECT address FROM mailbox WHERE active ORDER BY id LIMIT 1`)
	raw = strings.ReplaceAll(strings.ReplaceAll(raw, "DESK", to), "\n", "\r\n")
	must(d, d.app.Post.Take(d.Context(), []mailbox.Incoming{{From: from, To: []string{to}, Raw: []byte(raw), Source: mailbox.SourceLMTP}}))
}

// browserMail is a plain mail for take. more are header lines.
func browserMail(from, subject, text string, more ...string) string {
	header := ""
	for _, m := range more {
		header += m + "\n"
	}
	return "From: " + from + "\nTo: DESK\nSubject: " + subject + "\nDate: " + time.Now().Format(time.RFC1123Z) +
		"\nMessage-ID: <" + fmt.Sprint(time.Now().UnixNano()) + "@mail.example>\n" + header + "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n" + text + "\n"
}

// ticket waits for the ticket with that subject and gives its number.
func (d *browserDesk) ticket(subject string) (number int64) {
	d.Helper()
	wait(d, browserLimit, "a ticket named "+subject, func() error {
		number = d.number(`SELECT coalesce(max(id), 0) FROM ticket WHERE subject = $1`, subject)
		if number == 0 {
			return errors.New("there is none")
		}
		return nil
	})
	return number
}

// caught waits for a mail in the demo's catcher whose source holds all the words, and gives the address of its page.
func (d *browserDesk) caught(words ...string) (at string) {
	d.Helper()
	wait(d, browserLimit, fmt.Sprintf("a caught mail with %q", words), func() error {
		list := d.fetch("/demo/mail")
		for _, part := range strings.Split(list, `href="/demo/mail/`)[1:] {
			id, _, _ := strings.Cut(part, `"`)
			if strings.Trim(id, "0123456789") != "" {
				continue
			}
			page := d.fetch("/demo/mail/" + id)
			all := true
			for _, w := range words {
				all = all && strings.Contains(page, w)
			}
			if all {
				at = "/demo/mail/" + id
				return nil
			}
		}
		return errors.New("it is not there")
	})
	return at
}

// fetch gets a page as text.
func (d *browserDesk) fetch(path string, cookies ...*http.Cookie) string {
	d.Helper()
	_, text := d.ask(path, cookies...)
	return text
}

func (d *browserDesk) ask(path string, cookies ...*http.Cookie) (*http.Response, string) {
	d.Helper()
	r, err := http.NewRequestWithContext(d.Context(), http.MethodGet, d.url+path, nil)
	must(d, err)
	for _, c := range cookies {
		r.AddCookie(c)
	}
	client := http.Client{Timeout: browserLimit, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(r)
	must(d, err)
	defer answer.Body.Close()
	if strings.HasPrefix(answer.Header.Get("Content-Type"), "text/event-stream") {
		return answer, ""
	}
	raw, err := io.ReadAll(answer.Body)
	must(d, err)
	return answer, string(raw)
}
