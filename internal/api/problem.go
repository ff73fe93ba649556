package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// Problem is what goes wrong, as RFC 9457 has it.
type Problem struct {
	Type      string         `json:"type" doc:"Always about:blank: the status says what sort of problem it is."`
	Title     string         `json:"title" doc:"The name of the status."`
	Status    int            `json:"status" doc:"The HTTP status."`
	Detail    string         `json:"detail" doc:"What is wrong and what would be right, for a person to read."`
	Reference string         `json:"reference,omitempty" doc:"With status 500: the number under which the log tells more."`
	Errors    []ProblemError `json:"errors,omitempty" nullable:"false" doc:"Each field that needs changing."`

	header http.Header
}

// ProblemError is what is wrong with one field.
type ProblemError struct {
	Location string   `json:"location" doc:"Where it stands in the call." example:"body.requester.email"`
	Message  string   `json:"message" doc:"What is wrong and what would be right."`
	Value    any      `json:"value,omitempty" doc:"What was sent, if it is short."`
	At       *int     `json:"at,omitempty" doc:"Of a filter: at which character, from 0, the mistake stands." example:"12"`
	Length   *int     `json:"length,omitempty" doc:"Of a filter: how many characters are wrong; 0 where something is missing." example:"6"`
	Instead  []string `json:"instead,omitempty" nullable:"false" doc:"Of a filter: what could stand there." example:"status:"`
}

const problemType = "application/problem+json"

func newProblem(status int, detail string) *Problem {
	return &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: detail}
}

// Error implements error.
func (p *Problem) Error() string { return p.Detail }

// GetStatus implements huma.StatusError.
func (p *Problem) GetStatus() int { return p.Status }

// GetHeaders implements huma.HeadersError.
func (p *Problem) GetHeaders() http.Header { return p.header }

// ContentType implements huma.ContentTypeFilter.
func (p *Problem) ContentType(string) string { return problemType }

func (p *Problem) send(w http.ResponseWriter) {
	for name, values := range p.header {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Type", problemType)
	w.WriteHeader(p.Status)
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(p)
}

// problem makes a problem of an error that has come up to here.
func (s *server) problem(ctx context.Context, err error) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	c := callOf(ctx)
	if errors.Is(ctx.Err(), context.Canceled) {
		return newProblem(http.StatusBadRequest, "") // the caller has gone and reads nothing
	}
	f, ok := page.AsFault(err)
	if !ok {
		p = newProblem(http.StatusInternalServerError, "")
		p.Reference = page.Reference(ctx, s.Log, c.request, err)
		p.Detail = i18n.T(ctx, "Something went wrong on our side. The log tells more under the reference {{.Reference}}.", "Reference", p.Reference)
		return p
	}
	switch f.Kind {
	case fault.KindSignIn:
		return unauthorized(ctx, true)
	case fault.KindUnavailable:
		s.Log.ErrorContext(ctx, "not available", "route", c.route.Pattern, "error", err)
	}
	p = newProblem(page.Status(f.Kind), i18n.Print(ctx, f.Message))
	if len(f.Fields) == 0 {
		return p
	}
	if f.Kind == fault.KindInvalid {
		p.Detail = i18n.T(ctx, "Something in this call needs changing; errors says what.")
	}
	for _, x := range f.Fields {
		at := c.route.location(x.Name)
		e := ProblemError{Location: at, Message: i18n.Print(ctx, x.Message), Value: valueAt(c.raw, at)}
		if wrong, ok := ticket.FilterError(err); ok && x.Name == "q" {
			from, length := wrong.Runes()
			e.At, e.Length, e.Instead = &from, &length, wrong.Instead
		}
		p.Errors = append(p.Errors, e)
	}
	return p
}

// unauthorized asks for a token (RFC 6750 §3), or for a better one.
func unauthorized(ctx context.Context, sent bool) *Problem {
	p := newProblem(http.StatusUnauthorized, i18n.T(ctx, "Please send a token, with the header Authorization: Bearer TOKEN."))
	challenge := `Bearer realm="Goodturn"`
	if sent {
		p.Detail = i18n.T(ctx, "This token is not known, has expired or was revoked.")
		challenge += `, error="invalid_token"`
	}
	p.header = http.Header{"Www-Authenticate": {challenge}}
	return p
}

// reword is a huma.Transformer: what the description itself refuses comes as huma's own error, and leaves
// as ours.
func (s *server) reword(h huma.Context, _ string, v any) (any, error) {
	m, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	ctx := h.Context()
	p := newProblem(m.Status, i18n.T(ctx, "Something in this call needs changing; errors says what."))
	for _, d := range m.Errors {
		p.Errors = append(p.Errors, rewordDetail(ctx, d))
	}
	slices.SortStableFunc(p.Errors, func(a, b ProblemError) int { return strings.Compare(a.Location, b.Location) })
	if len(p.Errors) == 0 {
		p.Detail = m.Detail
	}
	return p, nil
}

func rewordDetail(ctx context.Context, d *huma.ErrorDetail) ProblemError {
	e := ProblemError{Location: d.Location, Message: d.Message, Value: plain(d.Value)}
	if rest, ok := strings.CutPrefix(d.Message, "expected required property "); ok {
		name, _, _ := strings.Cut(rest, " ")
		e.Location += "." + name
	}
	for _, w := range wordings {
		if rest, ok := strings.CutPrefix(d.Message, w.prefix); ok {
			e.Message = i18n.Print(ctx, w.say(strings.Trim(rest, `"`)))
			break
		}
	}
	return e
}

// wordings turn the validator's messages into ours; the first whose prefix fits is taken, with what
// follows it.
var wordings = []struct {
	prefix string
	say    func(rest string) i18n.Text
}{
	{"expected required property ", func(string) i18n.Text { return i18n.M("This is missing.") }},
	{"required ", func(string) i18n.Text { return i18n.M("This is missing.") }},
	{"unexpected property", func(string) i18n.Text { return i18n.M("There is no field of this name.") }},
	{"unknown query parameter", func(string) i18n.Text { return i18n.M("There is no parameter of this name.") }},
	{"expected string", func(string) i18n.Text { return i18n.M("This must be a string.") }},
	{"expected boolean", func(string) i18n.Text { return i18n.M("This must be true or false.") }},
	{"expected integer", func(string) i18n.Text { return i18n.M("This must be a whole number.") }},
	{"invalid integer", func(string) i18n.Text { return i18n.M("This must be a whole number.") }},
	{"expected array", func(string) i18n.Text { return i18n.M("This must be a list.") }},
	{"expected object", func(string) i18n.Text { return i18n.M("This must be an object.") }},
	{"expected value to be one of ", func(v string) i18n.Text { return i18n.M("Please choose one of: {{.Values}}.", "Values", v) }},
	{"expected number >= ", func(v string) i18n.Text { return i18n.M("This must be at least {{.Limit}}.", "Limit", v) }},
	{"expected number <= ", func(v string) i18n.Text { return i18n.M("This must be at most {{.Limit}}.", "Limit", v) }},
	{"expected length <= ", func(v string) i18n.Text {
		return i18n.M("This may have at most {{.Limit}} characters.", "Limit", v)
	}},
}
