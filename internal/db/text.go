package db

import (
	"reflect"
	"strings"
	"unicode/utf8"
)

// storable replaces in what a statement binds the bytes that are no text: PostgreSQL refuses NUL and broken UTF-8, and
// SQLite would keep them for a reader to stumble over. They become U+FFFD and do not vanish, so that "a\x00b" never finds
// what is stored as "ab". args is copied when something changes; []byte stays as it is.
func storable(args []any) []any {
	copied := false
	for i, a := range args {
		s, ok := a.(string)
		if !ok {
			if v := reflect.ValueOf(a); v.Kind() == reflect.String {
				s, ok = v.String(), true
			}
		}
		if !ok || isText(s) {
			continue
		}
		if !copied {
			args, copied = append([]any(nil), args...), true
		}
		args[i] = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
	}
	return args
}

func isText(s string) bool { return strings.IndexByte(s, 0) < 0 && utf8.ValidString(s) }
