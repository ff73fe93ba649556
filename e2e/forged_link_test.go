package e2e

import (
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/handoff"
	"goodturn/internal/notice"
	"goodturn/internal/outage"
	"goodturn/internal/papercut"
	"goodturn/internal/person"
	"goodturn/internal/secret"
	"goodturn/internal/shift"
	tickets "goodturn/internal/ticket"
	"goodturn/internal/upload"
)

// goneLimit is what a requester's page may weigh, in bytes as they go over the wire.
const goneLimit = 14_336

// bearer is a secret that stands in addresses.
type bearer struct {
	token string
	// expire makes it too old, or ends it; nil where it is good for as long as the mail that it stands in.
	expire func(ctx context.Context, tx *db.Tx) error
}

// TestForgedLinksOpenNothing asks each route that has a secret in its address for secrets that are forged, cut off, far too long, too old,
// or made for another route: each is told kindly that there is nothing, and nothing changes. A new route of the kind needs a secret here.
func TestForgedLinksOpenNothing(t *testing.T) {
	d, _ := browserDemoSending(t)
	bearers := d.bearers(t)
	known := map[string]bool{}
	before := d.still()
	refused := 0
	each := func(tokens func(of string) []string) {
		t.Helper()
		for _, rt := range d.app.Routes() {
			method, pattern, _ := strings.Cut(rt.Pattern, " ")
			root, rest, ok := strings.Cut(pattern, "{token}")
			if !ok {
				continue
			}
			known[root] = true
			if bearers[root].token == "" {
				t.Errorf("%s has no secret here", rt.Pattern)
				continue
			}
			rest = strings.NewReplacer("{rest...}", "worked", "{file}", "status.atom").Replace(rest)
			for _, token := range tokens(root) {
				d.refused(t, method, root+token+rest)
				refused++
			}
		}
	}
	each(func(of string) (bad []string) {
		for root, b := range bearers {
			if root != of {
				bad = append(bad, b.token)
			}
		}
		return append(bad, spoiled(bearers[of].token)...)
	})
	for _, table := range changed(before, d.still()) {
		t.Errorf("links that are no good change %s", table)
	}
	for root := range bearers {
		if !known[root] {
			t.Errorf("no route has secrets below %s", root)
		}
	}

	for _, b := range bearers {
		if b.expire != nil {
			d.write(b.expire)
		}
	}
	before = d.still()
	each(func(of string) []string {
		if bearers[of].expire == nil {
			return nil
		}
		return []string{bearers[of].token}
	})
	for _, table := range changed(before, d.still()) {
		t.Errorf("links that are too old change %s", table)
	}
	t.Logf("%d secrets of %d kinds were refused", refused, len(bearers))
}

// refused checks that an address opens nothing, and says so.
func (d *browserDesk) refused(t *testing.T, method, path string) {
	t.Helper()
	body := ""
	if method == http.MethodPost {
		body = "answer=yes&do=on"
	}
	r, err := http.NewRequestWithContext(d.Context(), method, d.url+path, strings.NewReader(body))
	must(t, err)
	r.Header.Set("Accept-Encoding", "gzip")
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Tus-Resumable", upload.Version)
	answer, err := (&http.Client{Timeout: browserLimit, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(r)
	must(t, err)
	defer answer.Body.Close()
	raw, err := io.ReadAll(answer.Body)
	must(t, err)
	text := string(raw)
	if answer.Header.Get("Content-Encoding") == "gzip" {
		z, err := gzip.NewReader(strings.NewReader(text))
		must(t, err)
		whole, err := io.ReadAll(z)
		must(t, err)
		text = string(whole)
	}
	name := method + " " + path
	if len(name) > 120 {
		name = name[:120] + "…"
	}
	if answer.StatusCode != http.StatusNotFound && answer.StatusCode != http.StatusGone || len(raw) > goneLimit {
		t.Errorf("%s: %d with %d bytes, leading to %q\n%.200s", name, answer.StatusCode, len(raw), answer.Header.Get("Location"), text)
	}
	if method == http.MethodHead {
		return
	}
	page := strings.Contains(answer.Header.Get("Content-Type"), "text/html")
	if page && (!strings.Contains(text, "<main") || !strings.Contains(text, "<h1")) || !page && strings.TrimSpace(text) == "" {
		t.Errorf("%s says nothing kind:\n%.300s", name, text)
	}
	for _, c := range answer.Cookies() {
		if c.MaxAge > 0 && strings.Contains(c.Name, "link") {
			t.Errorf("%s sets the cookie %s", name, c.Name)
		}
	}
}

// spoiled are secrets that are not quite, or not at all, the one that is good.
func spoiled(good string) []string {
	// In the middle of what is signed, where the last bits of an encoding do not matter.
	at := len(good) - 2
	other := map[byte]string{'a': "i", 'i': "a", 'o': "u", 'u': "o", 'b': "d"}[good[at]]
	if other == "" {
		other = "b"
	}
	out := []string{
		good[:at] + other + good[at+1:], good[:len(good)-1], good[:len(good)/2], good[1:], good + "a", good + "." + good, "0" + good, "~" + good,
		strings.Repeat("A", 6000), "nothing", "0", "-1", ".", "...", "1..", "1.1.", "1.1.1", "18446744073709551616.1.AAAA", "NaN.1.AAAA",
		"\x00", good + "\x00", "\xff\xfe", "%", "' OR 1=1 --", "🦊", "a/b", "a b",
	}
	for i, token := range out {
		out[i] = strings.ReplaceAll(url.PathEscape(token), "..", "%2e%2e")
		if strings.Trim(token, ".") == "" {
			out[i] = strings.ReplaceAll(token, ".", "%2e") + "%20"
		}
	}
	return out
}

// bearers gives a good secret for each beginning of an address.
func (d *browserDesk) bearers(t *testing.T) map[string]bearer {
	t.Helper()
	out := map[string]bearer{}
	agent := d.staff(person.Agent, 0)
	number := d.number(`SELECT min(t.id) FROM ticket t JOIN team m ON m.id = t.team_id WHERE NOT m.private AND t.merged_into IS NULL`)
	requester := d.number(`SELECT requester_id FROM ticket WHERE id = $1`, number)
	put := func(root, token string, sql string) {
		b := bearer{token: strings.TrimPrefix(token, root)}
		if sql != "" {
			b.expire = func(ctx context.Context, tx *db.Tx) error { _, err := tx.Exec(ctx, sql); return err }
		}
		out[root] = b
	}
	sent, err := d.app.Site.Kept.Begin(d.Context(), upload.New{Holder: "192.0.2.9", Name: "note.txt", Type: "text/plain", Length: 5})
	must(t, err)
	put("/uploads/", sent.Secret, `UPDATE upload SET expires_at = 1`)
	d.write(func(ctx context.Context, tx *db.Tx) error {
		o, err := d.app.Board.Post(ctx, tx, d.by(agent).Actor, outage.New{Title: "The VPN lets nobody in"})
		if err != nil {
			return err
		}
		put("/status-join/", outage.Token(d.app.Key, outage.Join, o.ID, requester), "")
		put("/status-leave/", outage.Token(d.app.Key, outage.Part, o.ID, requester), "")
		cut, err := d.app.Papercuts.Say(ctx, tx, papercut.Who{Person: requester}, papercut.Said{Text: "The timesheet forgets my project"})
		if err != nil {
			return err
		}
		put("/papercut-tell/", papercut.Token(d.app.Key, papercut.Confirm, cut.ID, requester), "")
		put("/papercut-back/", papercut.Token(d.app.Key, papercut.Back, cut.ID, requester), "")
		put("/papercut-stop/", papercut.Token(d.app.Key, papercut.Quiet, cut.ID, requester), "")
		put("/unfollow/", tickets.LeaveToken(d.app.Key, number, agent), "")
		put("/notices/stop/", notice.StopToken(d.app.Key, agent, "collected"), "")
		link, err := tickets.NewLink(ctx, tx, number, requester, true)
		if err != nil {
			return err
		}
		put("/t/", link, `UPDATE access_link SET expires_at = 1`)
		if link, err = person.NewLink(ctx, tx, requester, secret.Hash("a browser"), ""); err != nil {
			return err
		}
		put("/sign-in/link/", link, `UPDATE sign_in_link SET expires_at = 1`)
		if link, err = person.NewSetup(ctx, tx); err != nil {
			return err
		}
		put("/setup/", link, `UPDATE setting SET value = '1 ' WHERE name = 'setup'`)
		shared, err := d.app.Helping.SwitchOn(ctx, tx, agent)
		if err != nil {
			return err
		}
		put("/with/", shared.Token, `UPDATE help_link SET ended_at = 1`)
		if link, err = d.app.Helping.Forwarded(ctx, tx, tickets.Ticket{ID: number}, agent); err != nil {
			return err
		}
		put("/handed/", link, `UPDATE handed_on SET at = 1`)
		shown, err := handoff.Show(ctx, tx, agent, false)
		if err != nil {
			return err
		}
		put("/cost/", d.app.Helping.ShownPath(shown), `UPDATE help_shown SET expires_at = 1`)
		feed, err := d.app.Board.FeedToken(ctx, tx, outage.OfPerson, requester)
		put("/status-feed/", feed, "")
		b := out["/status-feed/"]
		b.expire = func(ctx context.Context, tx *db.Tx) error {
			return d.app.Board.RenewFeed(ctx, tx, outage.OfPerson, requester)
		}
		out["/status-feed/"] = b
		if err != nil {
			return err
		}
		shifts, err := d.app.Rota.FeedToken(ctx, tx, agent, 0)
		put("/rota-feed/", shifts, "")
		b = out["/rota-feed/"]
		b.expire = func(ctx context.Context, tx *db.Tx) error { return shift.RenewFeed(ctx, tx, agent) }
		out["/rota-feed/"] = b
		return err
	})
	return out
}
