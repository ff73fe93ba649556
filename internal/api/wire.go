package api

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"goodturn/internal/clock"
)

// Time is a moment in RFC 3339, UTC, with milliseconds; null for none.
type Time clock.Instant

// MarshalJSON implements json.Marshaler.
func (t Time) MarshalJSON() ([]byte, error) {
	if t == 0 {
		return []byte("null"), nil
	}
	return []byte(`"` + clock.Instant(t).RFC3339() + `"`), nil
}

// Schema implements huma.SchemaProvider.
func (Time) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "date-time", Nullable: true}
}

// OrNull is an object that may be missing.
type OrNull[T any] struct{ value *T }

// MarshalJSON implements json.Marshaler.
func (o OrNull[T]) MarshalJSON() ([]byte, error) { return json.Marshal(o.value) }

// Schema implements huma.SchemaProvider.
func (OrNull[T]) Schema(r huma.Registry) *huma.Schema {
	return &huma.Schema{AnyOf: []*huma.Schema{r.Schema(reflect.TypeFor[T](), true, ""), {Type: "null"}}}
}

// Nullable is a string that may be sent, sent as null, or not be sent.
type Nullable struct {
	Sent  bool
	Value string // "" for null
}

// UnmarshalJSON implements json.Unmarshaler.
func (n *Nullable) UnmarshalJSON(raw []byte) error {
	n.Sent, n.Value = true, ""
	if bytes.Equal(raw, []byte("null")) {
		return nil
	}
	return json.Unmarshal(raw, &n.Value)
}

// Schema implements huma.SchemaProvider.
func (Nullable) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Nullable: true}
}

// Page is one page of a list.
type Page[T any] struct {
	Items []T     `json:"items" nullable:"false"`
	Next  *string `json:"next" doc:"The cursor of the page after; null at the end."`
}

// textOrNull is null for "".
func textOrNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// findable tells whether s can be looked up in both databases.
func findable(s string) bool { return !strings.ContainsRune(s, 0) }
