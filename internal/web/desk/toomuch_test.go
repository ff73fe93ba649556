package desk_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// TestTooMuchLosesNothing gives the composer more than anybody should: each gets a clear answer, and what was typed stays.
func TestTooMuchLosesNothing(t *testing.T) {
	each(t, func(s *stage) {
		tk := s.made("The lights go out", "first-line")
		at := path(tk.ID, "/replies")
		var many []string
		for i := range 500 {
			many = append(many, fmt.Sprintf("guest%d@elsewhere.example", i))
		}
		s.post("amara", at, "text", "To all of you.", "to", "hana@example.com", "cc", strings.Join(many, ", ")).want(http.StatusUnprocessableEntity).
			has("main", "50 people at most").has("#reply", "To all of you.").has("#composer", "guest499@elsewhere.example")

		long := "It begins here. " + strings.Repeat("and goes on and on, ", 10<<20/20) + "It ends here."
		s.post("amara", at, "text", long).want(http.StatusUnprocessableEntity).has("#composer .wrong", "long").has("#reply", "It ends here.")

		var files []string
		for i := range 200 {
			files = append(files, fmt.Sprintf("photo %d.txt", i))
		}
		s.postFiles("amara", at, files, "text", "All the photos").to(path(tk.ID, "") + "#new")
		s.get("amara", path(tk.ID, "")).want(http.StatusOK).has("#timeline", "All the photos").has("main", "photo 199.txt")

		other := s.made("The same", "first-line")
		for name, typed := range map[string]string{"itself": fmt.Sprint(tk.ID), "itself among others": fmt.Sprintf("%d, %d", other.ID, tk.ID), "no number": "the other one", "none": "999999", "nothing": ""} {
			s.post("amara", path(tk.ID, "/merges"), "numbers", typed).want(http.StatusUnprocessableEntity)
			if s.now(other.ID).MergedInto != 0 {
				t.Errorf("%s: something was merged", name)
			}
		}
		// A ring: the one that was taken in cannot take its taker in.
		s.post("amara", path(tk.ID, "/merges"), "numbers", fmt.Sprint(other.ID)).to(path(tk.ID, ""))
		s.post("amara", path(other.ID, "/merges"), "numbers", fmt.Sprint(tk.ID)).want(http.StatusUnprocessableEntity).has("main", fmt.Sprint(tk.ID))
		if s.now(tk.ID).MergedInto != 0 {
			t.Error("a ring was made")
		}
	})
}
