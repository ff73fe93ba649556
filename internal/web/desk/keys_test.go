package desk_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"goodturn/internal/job"
)

func TestSomebodyChoosesKeys(t *testing.T) {
	each(t, func(s *stage) {
		s.get("hana", "/account/keys").want(http.StatusForbidden)
		a := s.get("amara", "/account/keys").want(http.StatusOK)
		if got := a.value("#key-reply"); got != "r" {
			t.Errorf("everybody begins with %q for a reply", got)
		}
		s.post("amara", "/account/keys", "reply", " w ", "next", "l  n", "note", "").to("/account/keys")
		a = s.get("amara", "/account/keys")
		for selector, want := range map[string]string{"#key-reply": "w", "#key-next": "l n", "#key-note": "", "#key-previous": "k"} {
			if got := a.value(selector); got != want {
				t.Errorf("%s is %q, want %q", selector, got, want)
			}
		}
		if len(a.all("#keys dt[data-key=w]")) != 1 {
			t.Error("the list of keys on every page does not know the new one")
		}
		if got := s.get("jonas", "/account/keys").value("#key-reply"); got != "r" {
			t.Errorf("a colleague has %q for a reply", got)
		}

		for typed, says := range map[string]string{"k": "k is taken by", "abc": "one sign", "a b c": "one sign", "\u0007": "one sign", "l": "l n is taken by"} {
			a := s.post("amara", "/account/keys", "reply", typed, "next", "l n").want(http.StatusUnprocessableEntity)
			a.has("form .wrong", says)
		}
		if got := s.get("amara", "/account/keys").value("#key-reply"); got != "w" {
			t.Errorf("what was wrong has changed the key to %q", got)
		}
		s.post("amara", "/account/keys", "reply", "w", "usual", "yes").to("/account/keys")
		if got := s.get("amara", "/account/keys").value("#key-reply"); got != "r" {
			t.Errorf("after going back to the usual keys a reply has %q", got)
		}
	})
}

func TestAfterATicketIsDone(t *testing.T) {
	each(t, func(s *stage) {
		first, second, third := s.made("One", "first"), s.made("Two", "first"), s.made("Three", "first")
		solve := func(number int64) string {
			t.Helper()
			r := formRequest(path(number, "/status"), "value", "solved")
			r.Header.Set("Referer", "http://"+r.Host+path(number, "?view=ours"))
			return s.send("amara", r).want(http.StatusSeeOther).header.Get("Location")
		}
		if got, want := solve(second.ID), path(second.ID, "?view=ours"); got != want {
			t.Errorf("an agent who chose nothing is led to %s, want %s", got, want)
		}
		s.post("amara", path(second.ID, "/status"), "value", "open")
		s.post("amara", "/account/work", "after", "next").to("/account")
		if got, want := solve(third.ID), path(first.ID, "?view=ours"); got != want {
			t.Errorf("the next of the list is %s, want %s", got, want)
		}
		s.post("amara", "/account/work", "after", "list").to("/account")
		if got := solve(first.ID); got != "/tickets?view=ours" {
			t.Errorf("an agent who wants the list is led to %s", got)
		}
		// An answer that is held is taken back from wherever its author went on to.
		s.desk.Tickets.Undo, s.desk.Tickets.Queue = time.Hour, job.NewQueue(s.db, slog.New(slog.DiscardHandler), 1)
		fourth := s.made("Four", "first")
		r := formRequest(path(fourth.ID, "/replies"), "text", "Done.", "then", "solved")
		r.Header.Set("Referer", "http://"+r.Host+path(fourth.ID, "?view=ours"))
		r.Header.Set("Goodturn-Fragment", "ticket flash")
		a := s.send("amara", r).want(http.StatusNoContent)
		if got := a.header.Get("Goodturn-Goto"); got != "/tickets?view=ours" {
			t.Errorf("an answer that solves leads to %q", got)
		}
		list := httptest.NewRequest(http.MethodGet, "/tickets?view=ours", nil)
		for _, c := range (&http.Response{Header: a.header}).Cookies() {
			list.AddCookie(c)
		}
		s.send("amara", list).has("#flash .undo", "Undo")
		s.post("amara", "/account/work", "after", "<script>").to("/account")
		if got, want := solve(second.ID), path(second.ID, "?view=ours"); got != want {
			t.Errorf("a choice that does not exist leads to %s, want %s", got, want)
		}
	})
}
