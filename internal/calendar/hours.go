package calendar

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"goodturn/internal/fault"
	"goodturn/internal/i18n"
)

// ParseHours reads the hours of a day as people write them: "9-17", "9:00–12:30, 13:30–17 Uhr", "8.30 to 12 and 1pm–5pm", "22–6"
// (into the next day), "24h", or nothing, "-", "closed", "geschlossen" for none. What cannot be read is a fault.Invalid
// under the given field.
func ParseHours(field, text string) ([]Span, error) {
	clean := strings.TrimSpace(strings.NewReplacer("–", "-", "—", "-", "−", "-", "‑", "-", "\u00a0", " ", "\u202f", " ").Replace(strings.ToLower(text)))
	switch strings.Join(strings.Fields(clean), "") {
	case "", "-", "closed", "off", "none", "geschlossen", "zu", "frei", "0":
		return nil, nil
	case "24h", "24/7", "24", "24hours", "24stunden", "24std", "24std.", "allday", "ganztägig", "rundumdieuhr":
		return []Span{{0, dayMinutes}}, nil
	}
	if len(text) > 500 {
		return nil, fault.Invalid(fault.F(field, i18n.M("That is too long for the hours of one day.")))
	}
	for _, word := range []string{" and ", " und ", " & ", ";", "+", "/"} {
		clean = strings.ReplaceAll(clean, word, ",")
	}
	for _, word := range []string{" to ", " bis ", " until "} {
		clean = strings.ReplaceAll(clean, word, "-")
	}
	var out []Span
	for part := range strings.SplitSeq(clean, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		s, ok := parseSpan(part)
		if !ok {
			return nil, fault.Invalid(fault.F(field, i18n.M("{{.Text}} could not be read as hours. Please write them as in 9–17 or 9:00–12:30, 13:30–17.", "Text", part)))
		}
		if s.From == s.To {
			return nil, fault.Invalid(fault.F(field, i18n.M("{{.Text}} ends when it begins. The whole day is 0–24.", "Text", part)))
		}
		if s.To < s.From {
			s.To += dayMinutes
		}
		out = append(out, s)
	}
	return out, nil
}

func parseSpan(text string) (Span, bool) {
	from, to, ok := strings.Cut(text, "-")
	if !ok {
		return Span{}, false
	}
	a, ok1 := parseMinute(from)
	b, ok2 := parseMinute(to)
	return Span{a, b}, ok1 && ok2 && a < dayMinutes
}

// parseMinute reads "9", "9:30", "09.30", "930", "9h30", "9 Uhr", "9am", "12:30 pm", "24:00".
func parseMinute(text string) (int, bool) {
	text = strings.TrimSpace(text)
	for _, word := range []string{"uhr", "o'clock", "h"} {
		if cut, ok := strings.CutSuffix(text, word); ok {
			text = strings.TrimSpace(cut)
			break
		}
	}
	half := ""
	for _, word := range []string{"am", "a.m.", "pm", "p.m."} {
		if cut, ok := strings.CutSuffix(text, word); ok {
			text, half = strings.TrimSpace(cut), word[:1]
			break
		}
	}
	hours, minutes, found := text, "0", false
	for _, sep := range []string{":", ".", "h"} {
		if hours, minutes, found = strings.Cut(text, sep); found {
			break
		}
	}
	if !found {
		hours, minutes = text, "0"
		if n := len(text); n == 3 || n == 4 {
			hours, minutes = text[:n-2], text[n-2:]
		}
	} else if len(minutes) != 2 {
		return 0, false
	}
	h, ok1 := digits(hours)
	m, ok2 := digits(minutes)
	if !ok1 || !ok2 || m > 59 || h > 24 || (h == 24 && m > 0) {
		return 0, false
	}
	if half != "" {
		if h < 1 || h > 12 {
			return 0, false
		}
		h %= 12
		if half == "p" {
			h += 12
		}
	}
	return h*60 + m, true
}

func digits(s string) (int, bool) {
	if s == "" || len(s) > 2 || strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsDigit(r) || r > '9' }) {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	return n, err == nil
}

// Words writes spans as people read them: "9:00–12:30, 13:30–17:00", "22:00–6:00". ParseHours reads it again.
func Words(spans ...Span) string {
	out := make([]string, len(spans))
	for i, s := range spans {
		end := s.To
		if end > dayMinutes {
			end -= dayMinutes
		}
		out[i] = minuteWords(s.From) + "–" + minuteWords(end)
	}
	return strings.Join(out, ", ")
}

func minuteWords(m int) string {
	if m < 0 {
		return "-" + minuteWords(-m)
	}
	return fmt.Sprintf("%d:%02d", m/60, m%60)
}
