package page

import "strconv"

// Ask is a ticket that somebody solved and whose fix note they are asked for.
type Ask struct {
	Number int64
	// Name is the requester's first name; "" when it is not known.
	Name string
	// More is how many others they are asked about too.
	More int
	// Proposal is what the note may say, taken from the last answer; "" for none.
	Proposal string
}

// URL leads to where the note is written.
func (a Ask) URL() string { return "/tickets/" + strconv.FormatInt(a.Number, 10) + "/fix-note" }

func (a Ask) number() string { return "#" + strconv.FormatInt(a.Number, 10) }
