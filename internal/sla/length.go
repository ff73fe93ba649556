package sla

import (
	"strconv"
	"strings"
	"time"
	"unicode"
)

// ParseLength reads how long something may take as people write it: "4h", "90 min", "1 h 30 min", "1:30", "2d" (days and weeks only
// where days have 24 hours: days). It gives milliseconds; an empty text is 0.
func ParseLength(text string, days bool) (ms int64, ok bool) {
	text = strings.TrimSpace(strings.ToLower(text))
	if h, m, clock := strings.Cut(text, ":"); clock {
		hours, errH := strconv.ParseUint(h, 10, 16)
		minutes, errM := strconv.ParseUint(m, 10, 8)
		return int64(hours)*time.Hour.Milliseconds() + int64(minutes)*time.Minute.Milliseconds(), errH == nil && errM == nil && minutes < 60 && len(m) == 2
	}
	for text != "" {
		n := strings.IndexFunc(text, func(r rune) bool { return !unicode.IsDigit(r) && r != '.' && r != ',' })
		if n <= 0 {
			return 0, false
		}
		number, err := strconv.ParseFloat(strings.ReplaceAll(text[:n], ",", "."), 64)
		text = strings.TrimSpace(text[n:])
		end := strings.IndexFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && r != '.' })
		if end < 0 {
			end = len(text)
		}
		unit, known := lengthUnits[strings.TrimSuffix(text[:end], ".")]
		if err != nil || !known || unit >= 24*time.Hour && !days || number > 1e6 {
			return 0, false
		}
		ms += int64(number * float64(unit.Milliseconds()))
		text = strings.TrimSpace(text[end:])
	}
	return ms, true
}

// lengthUnits are the units that people write, in English and German.
var lengthUnits = map[string]time.Duration{
	"m": time.Minute, "min": time.Minute, "mins": time.Minute, "minute": time.Minute, "minutes": time.Minute, "minuten": time.Minute,
	"h": time.Hour, "hr": time.Hour, "hrs": time.Hour, "hour": time.Hour, "hours": time.Hour, "std": time.Hour, "stunde": time.Hour, "stunden": time.Hour,
	"d": 24 * time.Hour, "day": 24 * time.Hour, "days": 24 * time.Hour, "tag": 24 * time.Hour, "tage": 24 * time.Hour,
	"w": 7 * 24 * time.Hour, "week": 7 * 24 * time.Hour, "weeks": 7 * 24 * time.Hour, "woche": 7 * 24 * time.Hour, "wochen": 7 * 24 * time.Hour,
}

// FormatLength writes a length so that ParseLength reads it again: "1h 30m", "" for 0.
func FormatLength(ms int64) string {
	d := time.Duration(ms) * time.Millisecond
	var parts []string
	if h := int64(d / time.Hour); h > 0 {
		parts = append(parts, strconv.FormatInt(h, 10)+"h")
	}
	if m := int64(d % time.Hour / time.Minute); m > 0 {
		parts = append(parts, strconv.FormatInt(m, 10)+"m")
	}
	return strings.Join(parts, " ")
}
