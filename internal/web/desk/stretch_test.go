package desk_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/ticket"
	"goodturn/internal/web/ui/uitest"
)

// long makes a ticket with some messages after the first, by Hana and Amara in turn.
func (s *stage) long(subject string, more int) ticket.Ticket {
	s.t.Helper()
	tk := s.made(subject, "first-line")
	amara, hana := s.as("amara"), s.as("hana")
	s.write(func(ctx context.Context, tx *db.Tx) (err error) {
		for i := range more {
			said := ticket.Draft{Text: fmt.Sprintf("line %d.", i+2)}
			if i%2 == 0 {
				_, err = s.desk.Tickets.Answer(ctx, tx, hana, tk.ID, said)
			} else {
				_, err = s.desk.Tickets.Note(ctx, tx, amara, tk.ID, said)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	return s.now(tk.ID)
}

func (s *stage) readTo(who string, number, seq int64) {
	s.t.Helper()
	s.write(func(ctx context.Context, tx *db.Tx) error {
		return ticket.MarkRead(ctx, tx, s.as2(ctx, tx, who).Actor, number, seq)
	})
}

// span gives the numbers of the first and last message on a page, and how many there are.
func span(a *answer) (first, last string, n int) {
	all := a.all("#timeline article")
	if len(all) == 0 {
		return "", "", 0
	}
	return uitest.Attr(all[0], "data-seq"), uitest.Attr(all[len(all)-1], "data-seq"), len(all)
}

func TestLongConversationsComeInParts(t *testing.T) {
	each(t, func(s *stage) {
		tk := s.long("Long", 449)
		s.write(func(ctx context.Context, tx *db.Tx) error {
			return s.desk.Tickets.Solve(ctx, tx, s.as2(ctx, tx, "amara"), tk.ID)
		})
		s.readTo("amara", tk.ID, 450)
		seen, at, pages := map[string]bool{}, path(tk.ID, "?view=all"), 0
		for at != "" {
			pages++
			a := s.get("amara", at).want(http.StatusOK)
			for _, n := range a.all("#timeline article") {
				if id := uitest.Attr(n, "id"); seen[id] {
					t.Errorf("message %s stands on two pages", id)
				} else {
					seen[id] = true
				}
			}
			if solved := strings.Contains(a.text("#timeline"), "Amara solved it"); solved != (pages == 1) {
				t.Errorf("page %d: solved is told: %v", pages, solved)
			}
			at = ""
			for _, n := range a.all("#timeline [data-part-link=earlier] a") {
				at, _, _ = strings.Cut(uitest.Attr(n, "href"), "#")
				if !strings.Contains(at, "view=all") {
					t.Errorf("%s leads out of the list", at)
				}
			}
		}
		if pages != 12 || len(seen) != 450 {
			t.Errorf("%d messages on %d pages", len(seen), pages)
		}
	})
}

func TestTicketOpensAtTheFirstUnread(t *testing.T) {
	each(t, func(s *stage) {
		short, long := s.long("Short", 5), s.long("Long", 299)
		a := s.get("jonas", path(short.ID, ""))
		if n := len(a.all("#timeline .unread-mark")); n != 0 {
			t.Error("nobody was here, and yet something is new since then")
		}
		s.readTo("jonas", short.ID, 3)
		a = s.get("jonas", path(short.ID, "")).has("#timeline .unread-mark", "new since you were here")
		if n := len(a.all("#timeline #new.unread-mark")); n != 1 {
			t.Errorf("%d places to open at", n)
		}
		if next := uitest.Attr(a.all("#timeline article")[3], "data-seq"); next != "4" || strings.Index(a.body, `id="new"`) > strings.Index(a.body, `data-seq="4"`) || strings.Index(a.body, `id="new"`) < strings.Index(a.body, `data-seq="3"`) {
			t.Error("the mark does not stand before what is new")
		}
		// What I wrote myself after that is not new.
		s.readTo("amara", short.ID, 4)
		a = s.get("amara", path(short.ID, "")).has("#timeline .unread-mark", "new")
		if got := uitest.Attr(a.all("#timeline")[0], "data-new"); got != "6" {
			t.Errorf("new from %s, want 6: 5 is Amara's own", got)
		}
		for _, c := range []struct {
			read        int64
			query       string
			first, last string
		}{
			{0, "", "1", "40"},
			{100, "", "91", "130"},
			{290, "", "261", "300"},
			{300, "", "261", "300"},
			{300, "?from=20&to=40", "20", "40"},
			{300, "?from=280", "280", "300"},
			{300, "?from=1", "1", "300"},
			{300, "?from=999&to=5", "300", "300"},
			{300, "?from=-5&to=x", "261", "300"},
		} {
			if c.read > 0 {
				s.readTo("jonas", long.ID, c.read)
			}
			if first, last, n := span(s.get("jonas", path(long.ID, c.query)).want(http.StatusOK)); first != c.first || last != c.last {
				t.Errorf("read to %d, %q: messages %s to %s (%d), want %s to %s", c.read, c.query, first, last, n, c.first, c.last)
			}
		}
		// A message's own link shows it wherever it is.
		s.get("jonas", path(long.ID, "?from=20&to=40"))
		link := uitest.Attr(s.get("jonas", path(long.ID, "?from=20&to=40")).all("#timeline article a.permalink")[0], "href")
		if first, _, _ := span(s.get("jonas", strings.Split(link, "#")[0])); first != "10" {
			t.Errorf("%s begins at message %s", link, first)
		}
	})
}

// A page that brings itself up to date says since when, so that the line above what was new does not move.
func TestNewsKeepTheirLine(t *testing.T) {
	each(t, func(s *stage) {
		tk := s.long("Short", 5)
		s.readTo("jonas", tk.ID, 6)
		r := httptest.NewRequest(http.MethodGet, path(tk.ID, "?since=3"), nil)
		r.Header.Set("Goodturn-Fragment", "timeline")
		if got := uitest.Attr(s.send("jonas", r).all("#timeline")[0], "data-new"); got != "4" {
			t.Errorf("the line moved to %q", got)
		}
		if n := len(s.get("jonas", path(tk.ID, "?since=3")).all("#timeline .unread-mark")); n != 0 {
			t.Error("a page opened anew still says what was new then")
		}
	})
}

func TestMarkingAsReadAndUnread(t *testing.T) {
	each(t, func(s *stage) {
		tk := s.long("Short", 5)
		newFrom := func() string { return uitest.Attr(s.get("jonas", path(tk.ID, "")).all("#timeline")[0], "data-new") }
		s.post("jonas", path(tk.ID, "/read"), "upto", "2").want(http.StatusNoContent)
		if got := newFrom(); got != "3" {
			t.Errorf("new from %s", got)
		}
		s.get("jonas", path(tk.ID, "/seen?upto=6")).want(http.StatusOK)
		if got := newFrom(); got != "" {
			t.Errorf("new from %s after all was seen", got)
		}
		r := formRequest(path(tk.ID, "/unread"))
		r.Header.Set("Referer", "http://example.com"+path(tk.ID, "?view=mine"))
		s.send("jonas", r).to("/tickets?view=mine")
		if got := newFrom(); got != "6" {
			t.Errorf("new from %s after it was put back", got)
		}
		s.post("jonas", path(tk.ID, "/unread"), "from", "2").to("/tickets")
		if got := newFrom(); got != "2" {
			t.Errorf("new from %s, want 2", got)
		}
		for _, upto := range []string{"", "x", "-4", "99999999999999999999"} {
			s.post("jonas", path(tk.ID, "/read"), "upto", upto).want(http.StatusNoContent)
		}
		if got := newFrom(); got != "2" {
			t.Errorf("nonsense moved the mark to %s", got)
		}
		secret := s.made("Secret", "people")
		s.post("amara", path(secret.ID, "/read"), "upto", "1").want(http.StatusNotFound)
		s.post("amara", path(secret.ID, "/unread")).want(http.StatusNotFound)
	})
}

func TestListsTellWhatIsUnread(t *testing.T) {
	each(t, func(s *stage) {
		tk := s.made("Half pages", "first-line")
		read := func(who string) bool {
			rows := s.get(who, "/tickets?view=all").all(".ticket-row")
			if len(rows) == 0 {
				t.Fatal("no row")
			}
			return len(s.get(who, "/tickets?view=all").all(".is-read")) == 1
		}
		if read("jonas") {
			t.Error("a ticket that nobody opened is read")
		}
		s.post("jonas", path(tk.ID, "/read"), "upto", "1").want(http.StatusNoContent)
		if !read("jonas") || read("amara") {
			t.Error("what Jonas read is read by him alone")
		}
		hana := s.as("hana")
		s.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := s.desk.Tickets.Answer(ctx, tx, hana, tk.ID, ticket.Draft{Text: "Still half."})
			return err
		})
		if read("jonas") {
			t.Error("an answer came, and the ticket is still read")
		}
	})
}
