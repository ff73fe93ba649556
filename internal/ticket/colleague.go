package ticket

import (
	"slices"
	"strings"

	"goodturn/internal/filter"
)

// OfColleague tells whether a filter is about what somebody at the desk has or follows, whom it names. How many tickets it lets through would be a figure about
// them, so nothing shows the number beside it; the tickets themselves can be listed.
func OfColleague(text string) (yes bool) {
	q, err := filter.Parse(text, fieldNames)
	if err != nil {
		return false
	}
	q.Terms(func(n *filter.Node, _ bool) {
		if n.Field != "assignee" && n.Field != "follower" {
			return
		}
		for _, v := range n.Values {
			yes = yes || !slices.Contains([]string{"me", "nobody", "none"}, strings.ToLower(v.Text))
		}
	})
	return yes
}
