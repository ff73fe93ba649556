package mailmsg

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

var monthNames = map[string]time.Month{
	"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
	"mär": 3, "mai": 5, "okt": 10, "dez": 12, "fév": 2, "avr": 4, "jui": 6, "aoû": 8, "déc": 12, "mrz": 3,
}

var zoneOffsets = map[string]int{
	"ut": 0, "utc": 0, "gmt": 0, "z": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
	"cet": 1, "cest": 2, "mez": 1, "mesz": 2, "eet": 2, "eest": 3, "bst": 1, "wet": 0, "west": 1, "msk": 3, "jst": 9, "ist": 5,
}

// parseDate reads a Date field (RFC 5322 §3.3 with its obsolete forms) and the
// usual violations: no day name, dots for colons, two-digit years, names for
// zones, ISO 8601. The zero time means it cannot be read.
func parseDate(s string) time.Time {
	s = strings.TrimSpace(stripComments(s))
	if s == "" || len(s) > 200 {
		return time.Time{}
	}
	if t, err := time.Parse("Mon, 2 Jan 2006 15:04:05 -0700", s); err == nil {
		return t
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05", "2006-01-02T15:04:05", "20060102T150405Z0700"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t
		}
	}
	if seconds, err := strconv.ParseInt(s, 10, 64); err == nil && len(s) >= 9 && len(s) <= 10 {
		return time.Unix(seconds, 0).UTC()
	}
	return looseDate(s)
}

var spacedColon = regexp.MustCompile(` *: *`)

// looseDate picks day, month, year, time and zone out of words in any order.
func looseDate(s string) time.Time {
	var d dateParts
	d.year = -1
	if strings.Contains(s, " :") || strings.Contains(s, ": ") {
		s = spacedColon.ReplaceAllString(s, ":")
	}
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == ',' || r == '\t' }) {
		d.take(strings.ToLower(w))
	}
	if d.day == 0 || d.month == 0 || d.year < 0 || d.day > 31 || d.hour > 24 || d.min > 60 || d.sec > 61 {
		return time.Time{}
	}
	switch {
	case d.year < 50:
		d.year += 2000
	case d.year < 1000:
		d.year += 1900
	}
	switch {
	case d.pm && d.hour < 12:
		d.hour += 12
	case d.am && d.hour == 12:
		d.hour = 0
	}
	return time.Date(d.year, d.month, d.day, d.hour, d.min, d.sec, 0, time.FixedZone("", d.offset))
}

type dateParts struct {
	day, year, hour, min, sec, offset int
	month                             time.Month
	timed, am, pm                     bool
}

func (d *dateParts) take(w string) {
	switch {
	case w == "pm":
		d.pm = true
	case w == "am":
		d.am = true
	case d.numeric(w):
	case d.clock(w):
	case d.timed && len(w) > 2 && (w[0] == '+' || w[0] == '-'):
		d.zone(w)
	case d.timed && d.year >= 0 && len(w) == 4 && strings.Trim(w, "0123456789") == "":
		d.zone("+" + w)
	case d.timed && len(w) > 4 && strings.IndexAny(w, "+-") >= 2 && zoneNamed(w):
		d.zone(w[strings.IndexAny(w, "+-"):])
	case strings.Count(w, "-") == 2:
		for _, p := range strings.Split(w, "-") {
			d.take(p)
		}
	default:
		if n, err := strconv.Atoi(strings.TrimRight(w, ".")); err == nil && n >= 0 {
			d.number(n)
			return
		}
		if r := []rune(w); d.month == 0 && len(r) >= 3 {
			d.month = monthNames[string(r[:3])]
		}
		if hours, ok := zoneOffsets[w]; ok && d.timed {
			d.offset = hours * 3600
		}
	}
}

// zoneNamed is true for "gmt+0200", where the number says more than the name.
func zoneNamed(w string) bool {
	_, ok := zoneOffsets[w[:strings.IndexAny(w, "+-")]]
	return ok
}

// numeric reads a date of three numbers: 2026/03/02, 2.3.2026, and with strokes
// 3/27/2026 or 27/3/2026 where only one order is possible.
func (d *dateParts) numeric(w string) bool {
	sep := "/"
	if strings.Count(w, sep) != 2 {
		sep = "."
	}
	parts := strings.Split(w, sep)
	if len(parts) != 3 || d.day != 0 {
		return false
	}
	var n [3]int
	for i, p := range parts {
		v, err := strconv.Atoi(p)
		if err != nil || v < 1 {
			return false
		}
		n[i] = v
	}
	switch {
	case len(parts[0]) == 4:
		n[0], n[2] = n[2], n[0]
	case len(parts[2]) != 4 || sep == "/" && n[0] <= 12 && n[1] <= 12 && n[0] != n[1]:
		return false
	case sep == "/" && n[1] > 12:
		n[0], n[1] = n[1], n[0]
	}
	if n[1] > 12 {
		return false
	}
	d.day, d.month, d.year = n[0], time.Month(n[1]), n[2]
	return true
}

func (d *dateParts) number(n int) {
	switch {
	case d.day == 0 && n >= 1 && n <= 31:
		d.day = n
	case d.year < 0 && n < 10000:
		d.year = n
	}
}

func (d *dateParts) clock(w string) bool {
	sep := ":"
	if !strings.Contains(w, sep) {
		if sep = "."; strings.Count(w, sep) != 2 && (d.timed || d.year < 0 || strings.Count(w, sep) != 1) {
			return false
		}
	}
	var n [3]int
	parts := strings.Split(w, sep)
	if len(parts) < 2 || len(parts) > 3 || d.timed {
		return false
	}
	for i, p := range parts {
		digits, _, _ := strings.Cut(p, ".")
		v, err := strconv.Atoi(digits)
		if err != nil && i == 2 {
			v = 0 // damaged seconds cost no more than the seconds
		} else if err != nil || v < 0 {
			return false
		}
		n[i] = v
	}
	d.hour, d.min, d.sec, d.timed = n[0], n[1], n[2], true
	return true
}

func (d *dateParts) zone(w string) {
	digits := strings.ReplaceAll(w[1:], ":", "")
	n, err := strconv.Atoi(digits)
	if err != nil || n > 2400 {
		return
	}
	if len(digits) <= 2 {
		n *= 100
	}
	d.offset = n/100*3600 + n%100*60
	if w[0] == '-' {
		d.offset = -d.offset
	}
}

// sentDate reads the Date field. Of several, and of damaged ones, the first that
// tells the time of day counts; without any, the time of receipt.
func sentDate(h header) time.Time {
	var best time.Time
	for _, v := range h.all("Date") {
		t := parseDate(string(unfold(v)))
		if hour, minute, second := t.Clock(); !t.IsZero() && hour+minute+second > 0 {
			return t
		}
		if best.IsZero() {
			best = t
		}
	}
	if best.IsZero() {
		return receivedDate(h)
	}
	return best
}

// receivedDate is the time of the topmost Received field, which our side wrote.
func receivedDate(h header) time.Time {
	v := string(unfold(h.get("Received")))
	if i := strings.LastIndexByte(v, ';'); i >= 0 {
		return parseDate(v[i+1:])
	}
	return time.Time{}
}

// looseForwardDate reads a date as a client prints it for people. Only what is
// plain in any order is read; the zero time otherwise.
func looseForwardDate(s string) time.Time {
	s = strings.TrimSpace(s)
	if i := strings.Index(s, " at "); i > 0 {
		s = s[:i] + " " + s[i+4:]
	}
	s = strings.NewReplacer(" um ", " ", " à ", " ", "Uhr", "", " a las ", " ").Replace(s)
	return parseDate(s)
}
