package filter

import (
	"errors"
	"reflect"
	"testing"

	"goodturn/internal/db"
)

var fields = Fields{
	"status": func(v string, args *db.Args) (string, error) {
		if v == "bad" {
			return "", errors.New("no such status")
		}
		return "t.status = " + args.Add(v), nil
	},
	"tag": func(v string, args *db.Args) (string, error) { return "tag = " + args.Add(v), nil },
}

func TestParseAndCompile(t *testing.T) {
	for _, c := range []struct {
		in, words, where string
		args             db.Args
	}{
		{"", "", "TRUE", nil},
		{"printer", "printer", "TRUE", nil},
		{`status:open "half pages" printer`, `"half pages" printer`, "t.status = $1", db.Args{"open"}},
		{`STATUS:new tag:"two words" status:open`, "", "(t.status = $1 OR t.status = $3) AND tag = $2", db.Args{"new", "two words", "open"}},
		{`error: 0x80 https://example.com status:`, `error: 0x80 https://example.com status:`, "TRUE", nil},
		{`"status:open"`, `"status:open"`, "TRUE", nil},
		{`"never closed status:open`, `"never closed status:open`, "TRUE", nil},
	} {
		q := Parse(c.in, fields)
		var args db.Args
		where, err := q.Where(fields, &args)
		if err != nil || q.Words != c.words || where != c.where {
			t.Errorf("%q: words %q, where %q, err %v", c.in, q.Words, where, err)
		}
		if len(args) != len(c.args) {
			t.Errorf("%q: args %v, want %v", c.in, args, c.args)
		}
	}
	if _, err := Parse("status:bad", fields).Where(fields, &db.Args{}); err == nil {
		t.Error("a bad value gives no error")
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`a:b "c d" e:"f g`)
	f.Fuzz(func(t *testing.T, s string) {
		q := Parse(s, fields)
		if again := Parse(q.Words, fields); len(again.Terms) > 0 && !reflect.DeepEqual(again.Words, q.Words) {
			t.Errorf("%q: the words %q hold terms %v", s, q.Words, again.Terms)
		}
	})
}
