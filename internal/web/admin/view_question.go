package admin

import "goodturn/internal/web/ui"

// UnclearsView lists what is asked about vague requests.
type UnclearsView struct {
	Frame     Frame
	Languages []ui.Choice // Value is the address of the list in that language
	Topics    []UnclearTopic
}

// UnclearTopic is a thing with its questions.
type UnclearTopic struct {
	Topic, Label string
	Rows         []UnclearRow
}

// UnclearRow is a question; Text is "" when there is none.
type UnclearRow struct {
	URL, Slot, Text string
	Off, Changed    bool
}

// UnclearView is the form of a question.
type UnclearView struct {
	Frame                          Frame
	URL, ListURL                   string
	Topic, Slot, Language, Version string
	Wrong, Changed, Off            bool
	Alert                          string
	Text, Choices                  Field
	// Shipped is how Goodturn comes with it, when the desk has another; "" for none.
	Shipped string
}
