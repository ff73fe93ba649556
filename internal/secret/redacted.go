package secret

import (
	"fmt"
	"io"
	"log/slog"
)

// Redacted is a string that must not appear in logs, errors or JSON: all of them show "[secret]". It can be read from
// JSON and from forms, and a database driver stores the true value.
type Redacted string

const hidden = "[secret]"

// Reveal gives the true value; the word is there to be searched for.
func (r Redacted) Reveal() string { return string(r) }

// String gives "[secret]".
func (r Redacted) String() string { return hidden }

// Format gives "[secret]" for every verb, %x and %#v too.
func (r Redacted) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hidden) }

// LogValue gives "[secret]".
func (r Redacted) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalText gives "[secret]", for JSON and everything else that encodes text.
func (r Redacted) MarshalText() ([]byte, error) { return []byte(hidden), nil }
