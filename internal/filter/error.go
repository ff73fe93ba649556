package filter

import (
	"unicode/utf8"

	"goodturn/internal/i18n"
)

// Error says where in a filter something is wrong, and what would be right.
type Error struct {
	Text    string // the filter
	At, Len int    // the place in it, in bytes; Len is 0 where something is missing
	Message i18n.Text
	Instead []string // what could stand in the place, the likeliest first
}

// Error is the English message.
func (e *Error) Error() string { return e.Message.String() }

// Wrong says what is wrong with a value. Who knows the text fills it in.
func (v Value) Wrong(m i18n.Text, instead ...string) *Error {
	return &Error{At: v.At, Len: v.Len, Message: m, Instead: instead}
}

// Wrong says what is wrong with a node.
func (n *Node) Wrong(m i18n.Text, instead ...string) *Error {
	return &Error{At: n.At, Len: n.Len, Message: m, Instead: instead}
}

// Runes is the place counted in characters, as people and programs elsewhere count.
func (e *Error) Runes() (at, length int) {
	return utf8.RuneCountInString(e.Text[:e.At]), utf8.RuneCountInString(e.Text[e.At : e.At+e.Len])
}

// Parts are the text before the place, in it and after it.
func (e *Error) Parts() (before, wrong, after string) {
	return e.Text[:e.At], e.Text[e.At : e.At+e.Len], e.Text[e.At+e.Len:]
}

// Corrected is the filter with a text instead of what is wrong.
func (e *Error) Corrected(instead string) string {
	return e.Text[:e.At] + instead + e.Text[e.At+e.Len:]
}
