package ui

import (
	"context"
	"strconv"

	"goodturn/internal/i18n"
)

// Input is a field of one line. Texts are already in the reader's language.
type Input struct {
	// ID is the element's id; empty means "f-" and the name. Give one where a page has two fields of one name.
	ID   string
	Name string
	// Label says what belongs in the field; it is always shown.
	Label string
	// Hint helps before the person types, or "".
	Hint string
	// Error says what is wrong and what would be right, or "".
	Error string
	// Value is what the person typed before, or the value stored; it is shown again after an error.
	Value string
	// Type is the HTML type ("email", "password", "search", "tel"); empty means "text".
	Type string
	// Autocomplete is the HTML autofill name ("email", "current-password", "off"), or "".
	Autocomplete string
	// Mode is the HTML inputmode ("numeric", "email"), or "".
	Mode string
	// Placeholder is an example; it never stands for the label.
	Placeholder string
	// Suggestions fill a datalist, or are nil.
	Suggestions []Suggestion
	// SuggestFrom is where scripts ask for the datalist that fits what is typed, or "".
	SuggestFrom string
	// CompleteFrom is where scripts ask how what is typed may go on, or "".
	CompleteFrom string
	Required     bool
	Autofocus    bool
	// Code draws the field for a short secret to be copied from elsewhere.
	Code bool
}

// Suggestion is an entry of a datalist: the value that is filled in, and words beside it.
type Suggestion struct {
	Value, Label string
}

// Area is a field of many lines. Its fields mean what those of Input mean.
type Area struct {
	ID, Name, Label, Hint, Error, Value, Placeholder string
	// Rows is the height before anything is typed; 0 means the style's own.
	Rows                int
	Required, Autofocus bool
	// Code says that it holds what machines read, to be copied and not changed.
	Code bool
}

// Choice is an option of a Select.
type Choice struct {
	Value, Label string
	Chosen       bool
}

// Choices is a Select. Its fields mean what those of Input mean.
type Choices struct {
	ID, Name, Label, Hint, Error string
	Options                      []Choice
}

// Tick is a checkbox; Value is sent when it is checked, "1" when empty.
type Tick struct {
	ID, Name, Label, Hint, Error, Value string
	Checked                             bool
}

// FilePick is a field for files.
type FilePick struct {
	ID, Name, Label, Hint, Error string
	// MaxBytes is the limit for all files together, told before the upload; 0 means none.
	MaxBytes int64
	// Accept is the HTML accept list (".csv,text/csv"), or "".
	Accept   string
	Multiple bool
	// Ahead has scripts send the files before the form is sent (js/upload), and offers a phone's camera.
	Ahead bool
}

func fieldID(id, name string) string {
	if id != "" {
		return id
	}
	return "f-" + name
}

// describedBy names the elements that explain a field, in the order in which they are read.
func describedBy(id, hint, wrong string) string {
	switch {
	case hint != "" && wrong != "":
		return id + "-wrong " + id + "-hint"
	case wrong != "":
		return id + "-wrong"
	case hint != "":
		return id + "-hint"
	}
	return ""
}

func orElse(value, fallback string) string {
	if value == "" {
		return fallback
	}
	return value
}

func fileHint(ctx context.Context, f FilePick) string {
	if f.Hint != "" || f.MaxBytes == 0 {
		return f.Hint
	}
	return i18n.T(ctx, "Up to {{.Size}} in all.", "Size", i18n.Bytes(ctx, f.MaxBytes))
}

// TooLarge is the sentence that files.js shows before an upload that the server would refuse; "#" stands for the size.
func TooLarge(ctx context.Context, limit int64) string {
	return i18n.T(ctx, "These files are {{.Size}} together; at most {{.Limit}} can be sent. Take one out, or share it another way.", "Size", "#", "Limit", i18n.Bytes(ctx, limit))
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }
