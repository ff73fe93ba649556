// Package fault is the one vocabulary of errors that a person may see.
//
// A fault has a kind, which a surface maps to a status and a page in one place, a message that
// is safe to show, and, when a form was wrong, one message a field. Any other error is ours to
// mend: surfaces show it as a reference number and log it.
//
//	return fault.Invalid(fault.F("subject", i18n.M("Please write a subject, a few words are enough.")))
//	return fault.NotFound(i18n.M("There is no ticket {{.Number}}.", "Number", n))
package fault

import (
	"errors"
	"strings"

	"goodturn/internal/i18n"
)

// Kind says what sort of thing went wrong.
type Kind int

// The kinds, with the HTTP status that surfaces give them.
const (
	KindNotFound    Kind = iota + 1 // 404: it does not exist, or does not exist for this person
	KindInvalid                     // 422: something typed needs changing
	KindDenied                      // 403: it exists, but this person may not
	KindConflict                    // 409: somebody else changed it meanwhile
	KindUnavailable                 // 503: try again later
	KindTooLarge                    // 413: over a limit, which the message names
	KindLimited                     // 429: too many tries
	KindSignIn                      // 401: nobody is signed in
)

// Field is what is wrong with one field of a form or a JSON document.
type Field struct {
	Name    string    // the name of the input, as in the form and the API
	Message i18n.Text // what is wrong and what would be right
}

// Error is a fault. Message and Fields are safe to show; Cause is for the log alone.
type Error struct {
	Kind    Kind
	Message i18n.Text
	Fields  []Field
	Cause   error
}

// Error is the English message, with field messages and the cause.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Message.String())
	for _, f := range e.Fields {
		b.WriteString(" " + f.Name + ": " + f.Message.String())
	}
	if e.Cause != nil {
		b.WriteString(": " + e.Cause.Error())
	}
	return b.String()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Cause }

// Of finds the fault in a chain of wrapped errors.
func Of(err error) (*Error, bool) {
	var e *Error
	ok := errors.As(err, &e)
	return e, ok
}

// Is tells whether err is a fault of that kind.
func Is(err error, k Kind) bool {
	e, ok := Of(err)
	return ok && e.Kind == k
}

// NotFound says that something does not exist, or must not be known to exist.
func NotFound(m i18n.Text) *Error { return &Error{Kind: KindNotFound, Message: m} }

// Denied says that this person may not do that.
func Denied(m i18n.Text) *Error { return &Error{Kind: KindDenied, Message: m} }

// Conflict says that the thing has changed meanwhile.
func Conflict(m i18n.Text) *Error { return &Error{Kind: KindConflict, Message: m} }

// Unavailable says that it cannot be done now but may be later.
func Unavailable(m i18n.Text, cause error) *Error {
	return &Error{Kind: KindUnavailable, Message: m, Cause: cause}
}

// TooLarge says that a limit, named in the message, was passed.
func TooLarge(m i18n.Text) *Error { return &Error{Kind: KindTooLarge, Message: m} }

// Limited says that there were too many tries.
func Limited(m i18n.Text) *Error { return &Error{Kind: KindLimited, Message: m} }

// SignIn says that this needs somebody signed in.
func SignIn() *Error {
	return &Error{Kind: KindSignIn, Message: i18n.M("Please sign in first.")}
}

// F is a message about one field.
func F(name string, m i18n.Text) Field { return Field{Name: name, Message: m} }

// Invalid says which fields need changing.
func Invalid(fields ...Field) *Error {
	return &Error{Kind: KindInvalid, Message: i18n.M("Please check what is marked below."), Fields: fields}
}

// Check is Invalid for a list of findings that may be empty: then there is no error.
func Check(fields []Field) error {
	if len(fields) == 0 {
		return nil
	}
	return Invalid(fields...)
}
