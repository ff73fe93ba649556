package page

import (
	"strconv"

	"goodturn/internal/clock"
)

// Offer is a ticket that is offered to whoever looks.
type Offer struct {
	Number  int64
	Subject string
	Until   clock.Instant // when the next is asked
}

// ChatAsking is a live chat that nobody has yet.
type ChatAsking struct {
	Number        int64
	Subject, Name string
	Since         clock.Instant
}

// CoverAsk is a colleague who asks to be covered for a while.
type CoverAsk struct {
	ID          int64
	Name        string
	From, Until clock.Instant
}

// URL leads to its page.
func (c CoverAsk) URL() string { return "/rota/cover/" + strconv.FormatInt(c.ID, 10) }

// URL leads to the ticket.
func (c ChatAsking) URL() string { return Offer{Number: c.Number}.URL() }

// URL leads to the ticket.
func (o Offer) URL() string { return "/tickets/" + strconv.FormatInt(o.Number, 10) }

func (o Offer) number() string { return "#" + strconv.FormatInt(o.Number, 10) }

// firstEnd is when the first of what is shown is over; 0 when there is nothing.
func (n Nav) firstEnd() clock.Instant {
	end := n.Call
	for _, o := range n.Offers {
		if end == 0 || o.Until < end {
			end = o.Until
		}
	}
	for _, c := range n.Covers {
		if end == 0 || c.Until < end {
			end = c.Until
		}
	}
	return end
}

// minutesLeft rounds up: what is shown has not passed.
func minutesLeft(now, until clock.Instant) int {
	return max(0, int((until-now+59_999)/60_000))
}
