package desk

import "slices"

// MergeView asks which tickets are to become one.
type MergeView struct {
	Frame   Frame
	Number  int64
	Subject string
	// Requester is whose other tickets are offered.
	Requester string
	Offers    []EarlierTicket
	// Named are tickets that were chosen elsewhere.
	Named []EarlierTicket
	// Chosen are the numbers ticked among the offers, Numbers what was typed, Error what is wrong with either.
	Chosen         []string
	Numbers, Error string
	// Away says that this ticket becomes part of the other.
	Away bool
	// Circles are organisations, and people of none, who would read each other; nil when there is nothing to agree to.
	Circles []string
}

func (v MergeView) chosen(number int64) bool { return slices.Contains(v.Chosen, decimal(number)) }
