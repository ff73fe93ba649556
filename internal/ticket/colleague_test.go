package ticket_test

import (
	"testing"

	"goodturn/internal/ticket"
)

func TestFiltersThatAreAboutAColleague(t *testing.T) {
	for text, want := range map[string]bool{
		"assignee:jonas": true, "agent:jonas@desk.example status:solved": true, "-assignee:jonas": true, "(team:network OR assignee:me,jonas)": true, "follower:a@desk.example": true, `owner:"Jonas Lind"`: true, "-(is:unread assignee:jonas)": true,
		"assignee:me": false, "assignee:Nobody,me": false, "requester:jonas": false, "jonas": false, "": false, "status:wrong assignee:": false, "subject:assignee": false,
	} {
		if got := ticket.OfColleague(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}
