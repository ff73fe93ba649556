package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"

	"goodturn/internal/i18n"
)

// readBody reads a call's JSON and checks its form: size, type, and the exact place of a mistake.
func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	ctx := r.Context()
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil && r.Header.Get("Content-Type") == "" {
		kind = "application/json"
	}
	if kind != "application/json" && !strings.HasSuffix(kind, "+json") {
		return nil, newProblem(http.StatusUnsupportedMediaType, i18n.T(ctx, "Please send JSON, with the header Content-Type: application/json."))
	}
	if e := r.Header.Get("Content-Encoding"); e != "" && !strings.EqualFold(e, "identity") {
		return nil, newProblem(http.StatusUnsupportedMediaType, i18n.T(ctx, "Please send the body without compression."))
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return nil, newProblem(http.StatusRequestEntityTooLarge, i18n.T(ctx, "At most {{.Limit}} can be sent at once.", "Limit", i18n.Size(large.Limit)))
	}
	if err != nil {
		return nil, newProblem(http.StatusBadRequest, i18n.T(ctx, "The body could not be read to its end."))
	}
	if offset, what := mistake(raw); what != "" {
		line, column := place(raw, offset)
		p := newProblem(http.StatusBadRequest, i18n.T(ctx, "This is not JSON: line {{.Line}}, column {{.Column}}: {{.Mistake}}.", "Line", line, "Column", column, "Mistake", what))
		p.Errors = []ProblemError{{Location: "body", Message: p.Detail}}
		return nil, p
	}
	return raw, nil
}

// mistake finds what keeps raw from being JSON (RFC 8259), and its offset; "" for nothing.
func mistake(raw []byte) (offset int, what string) {
	if !utf8.Valid(raw) {
		for offset < len(raw) {
			r, n := utf8.DecodeRune(raw[offset:])
			if r == utf8.RuneError && n == 1 {
				break
			}
			offset += n
		}
		return offset, "a byte that is not UTF-8"
	}
	var any json.RawMessage
	var syntax *json.SyntaxError
	switch err := json.Unmarshal(raw, &any); {
	case err == nil:
		return 0, ""
	case errors.As(err, &syntax):
		// Offset counts the bytes read, the wrong one among them; at the end there is no wrong one.
		if strings.HasPrefix(err.Error(), "unexpected end") {
			return len(raw), err.Error()
		}
		return max(0, int(syntax.Offset)-1), err.Error()
	default:
		return 0, err.Error()
	}
}

// place counts lines and, in characters, columns from 1.
func place(raw []byte, offset int) (line, column int) {
	before := raw[:min(offset, len(raw))]
	start := bytes.LastIndexByte(before, '\n') + 1
	return bytes.Count(before, []byte{'\n'}) + 1, utf8.RuneCount(before[start:]) + 1
}

// valueAt gives the plain value at a location such as "body.requester.email", to be shown with what is
// wrong with it; nil when there is none or it is long.
func valueAt(raw []byte, location string) any {
	steps := strings.Split(location, ".")
	var at any
	if steps[0] != "body" || json.Unmarshal(raw, &at) != nil {
		return nil
	}
	for _, s := range steps[1:] {
		object, ok := at.(map[string]any)
		if !ok {
			return nil
		}
		at = object[s]
	}
	return plain(at)
}

const maxShown = 200 // bytes of a wrong value that are shown again

func plain(v any) any {
	switch v := v.(type) {
	case string:
		if len(v) <= maxShown {
			return v
		}
	case float64, bool, int64, int:
		return v
	}
	return nil
}
