package desk_test

import (
	"net/http"
	"sync"
	"testing"
)

// A form that is sent twice says, and mails, what it holds once.
func TestFormsSentTwice(t *testing.T) {
	each(t, func(s *stage) {
		tk := s.made("Half pages", "first-line")
		at := path(tk.ID, "")
		count := func() int64 { return s.now(tk.ID).Messages }
		var both sync.WaitGroup
		for range 2 {
			both.Go(func() {
				s.post("amara", at+"/replies", "text", "We come\r\nby at ten.", "then", "pending").to(at + "#new")
			})
		}
		both.Wait()
		if n := count(); n != 2 {
			t.Errorf("after the same answer twice there are %d messages", n)
		}
		s.post("amara", at+"/notes", "text", "We come\r\nby at ten.").to(at + "#new")
		s.post("amara", at+"/notes", "text", "We come\r\nby at ten.").to(at + "#new")
		if n := count(); n != 3 {
			t.Errorf("after the same note twice there are %d messages", n)
		}
		s.post("jonas", at+"/notes", "text", "We come\r\nby at ten.").to(at + "#new")
		s.post("jonas", at+"/notes", "text", "We come by at eleven.").to(at + "#new")
		s.postFiles("jonas", at+"/notes", []string{"plan.txt"}, "text", "We come by at eleven.").to(at + "#new")
		s.postFiles("jonas", at+"/notes", []string{"plan.txt"}, "text", "We come by at eleven.").to(at + "#new")
		if n := count(); n != 6 {
			t.Errorf("after what is not the same there are %d messages", n)
		}
		private := s.made("Salary", "people")
		s.post("jonas", path(private.ID, "/notes"), "text", "Quiet.").to(path(private.ID, "") + "#new")
		s.post("amara", path(private.ID, "/notes"), "text", "Quiet.").want(http.StatusNotFound)

		a := s.post("amara", "/tickets", "who", "Hana Sato", "text", "No network\r\nat all")
		b := s.post("amara", "/tickets", "who", "Hana Sato", "text", "No network\r\nat all")
		if x, y := a.header.Get("Location"), b.header.Get("Location"); x == "" || x != y {
			t.Errorf("the same call became %q and %q", x, y)
		}
		c := s.post("amara", "/tickets", "who", "Tom Becker", "text", "No network\r\nat all")
		if c.header.Get("Location") == a.header.Get("Location") {
			t.Error("two people with the same trouble became one ticket")
		}
	})
}
