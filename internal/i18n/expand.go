package i18n

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"goodturn/internal/clock"
)

// expand puts the values of pairs in the place of {{.Name}}. One pass over the text costs less than looking a parsed
// template up, so there are none; there is nothing else a message may contain.
func (l *Locale) expand(text string, pairs []any) string {
	return l.expandWith(text, pairs, false, 0)
}

// expandCount is expand with {{.Count}} known to be n.
func (l *Locale) expandCount(text string, n int, pairs []any) string {
	return l.expandWith(text, pairs, true, n)
}

func (l *Locale) expandWith(text string, pairs []any, counted bool, n int) string {
	start := strings.Index(text, "{{.")
	if start < 0 {
		return text
	}
	out := make([]byte, 0, len(text)+32)
	for start >= 0 {
		name, after, ok := strings.Cut(text[start+3:], "}}")
		if !ok {
			break
		}
		out = append(out, text[:start]...)
		if counted && name == "Count" {
			out = l.tongue.appendNumber(out, int64(n))
		} else {
			out = l.appendValue(out, name, pairs)
		}
		text = after
		start = strings.Index(text, "{{.")
	}
	return string(append(out, text...))
}

func (l *Locale) appendValue(out []byte, name string, pairs []any) []byte {
	for i := 0; i+1 < len(pairs); i += 2 {
		if key, ok := pairs[i].(string); !ok || key != name {
			continue
		}
		switch v := pairs[i+1].(type) {
		case string:
			return append(out, l.tongue.isolated(v)...)
		case int:
			return strconv.AppendInt(out, int64(v), 10)
		case int64:
			return strconv.AppendInt(out, v, 10)
		case Text:
			return append(out, l.print(v)...)
		case Size:
			return append(out, l.tongue.bytes(int64(v))...)
		case Amount:
			return l.tongue.appendNumber(out, int64(v))
		case time.Time:
			return append(out, l.dateTime(v)...)
		case clock.Instant:
			return append(out, l.dateTime(v.Time())...)
		default:
			return fmt.Append(out, v)
		}
	}
	return append(append(append(out, "{{."...), name...), "}}"...)
}
