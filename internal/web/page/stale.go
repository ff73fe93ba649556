package page

import "net/http"

// Stale tells whether somebody changed what a form sets after the form was shown: its field "was" holds the value that it was
// shown with, now is the value that there is, mine what the form wants. Show ui.Conflict then, with status 409, and lose
// nothing. A form without the field asks for no check; who wants what there is already has no conflict.
func Stale(r *http.Request, now, mine string) bool {
	if r.PostForm == nil || !r.PostForm.Has("was") {
		return false
	}
	was := r.PostForm.Get("was")
	return was != now && mine != now
}
