package desk

// area is a place to write in.
type area struct {
	// Which is "reply" or "note".
	Which              string
	Label, Placeholder string
	Text, HTML         string
	Error              string
}
