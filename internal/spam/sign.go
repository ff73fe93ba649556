package spam

import (
	"math"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// sign is something about how a mail is made, with its weight in log-odds.
type sign struct {
	Reason
	weight float64
}

// signsOf lists what is odd about a mail, and what speaks for it.
func signsOf(m Mail, h head) []sign {
	var out []sign
	add := func(found bool, code Code, weight float64) {
		if found {
			out = append(out, sign{Reason{Code: code}, weight})
		}
	}
	if len(h) > 0 {
		add(!h.has("message-id"), "no_message_id", 0.9)
		add(!h.has("date"), "no_date", 0.9)
		add(!h.has("to") && !h.has("cc") || strings.Contains(strings.ToLower(h["to"]), "undisclosed"), "no_recipient", 0.6)
		add(strings.HasPrefix(strings.ToLower(h["content-type"]), "text/html"), "only_html", 0.8)
		add(raw8bit(h["subject"]) || raw8bit(h["from"]), "raw_letters", 0.6)
		add(h.has("in-reply-to") || h.has("references"), "answers", -1.5)
	}
	add(strings.HasPrefix(strings.ToUpper(strings.TrimSpace(m.Subject)), "ADV"), "advertisement", 2)
	add(shouts(m.Subject), "shouting", 1)
	add(padded.MatchString(m.Subject), "padded_subject", 1.5)
	add(strings.Contains(m.Subject, "!!") || strings.Contains(m.Subject, "$$"), "marks", 0.7)
	add(otherName(m.FromName, m.FromAddress), "other_name", 1.5)
	add(otherFreeMail(m), "other_answer", 1)
	add(strings.Count(m.Text, "\n>") > 2, "quotes", -0.8)
	return append(out, signsOfHTML(m)...)
}

// padded is a subject with a code behind a gap, which is how each copy is made to look different.
var padded = regexp.MustCompile(`\S\s{6,}\S+\s*$`)

func raw8bit(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return !utf8.ValidString(s) // RFC 6532 allows UTF-8
		}
	}
	return false
}

// shouts tells whether a subject of some length is in capitals.
func shouts(s string) bool {
	upper, lower := 0, 0
	for _, r := range s {
		switch {
		case unicode.IsUpper(r):
			upper++
		case unicode.IsLower(r):
			lower++
		}
	}
	return upper >= 10 && upper >= 9*lower
}

var addressInName = regexp.MustCompile(`[\w.+-]+@([\w-]+\.)+\w{2,}`)

// otherName tells whether a sender's name is the address of somebody else.
func otherName(name, address string) bool {
	in := strings.ToLower(addressInName.FindString(name))
	_, there, _ := strings.Cut(in, "@")
	_, here, ok := strings.Cut(strings.ToLower(address), "@")
	return ok && in != "" && there != here
}

var freeMail = map[string]bool{
	"gmail.com": true, "googlemail.com": true, "yahoo.com": true, "ymail.com": true, "hotmail.com": true, "outlook.com": true, "live.com": true, "aol.com": true,
	"mail.ru": true, "yandex.ru": true, "yandex.com": true, "qq.com": true, "163.com": true, "126.com": true, "gmx.com": true, "gmx.net": true, "gmx.de": true, "web.de": true, "mail.com": true, "proton.me": true, "protonmail.com": true,
}

// otherFreeMail tells whether answers should go to a free address although the sender has one elsewhere.
func otherFreeMail(m Mail) bool {
	_, from, _ := strings.Cut(strings.ToLower(m.FromAddress), "@")
	_, to, _ := strings.Cut(strings.ToLower(m.ReplyTo), "@")
	return from != "" && from != to && freeMail[to]
}

const maxHTML = 256 << 10 // bytes of HTML that are looked at

var (
	anchor  = regexp.MustCompile(`(?is)<a\s[^>]{0,400}?href\s*=\s*["']?([^"'\s>]{1,900})[^>]{0,400}>(.{0,300}?)</a>`)
	tag     = regexp.MustCompile(`<[^>]*>`)
	hostLed = regexp.MustCompile(`^(?i:https?://)?((?:[a-z0-9-]+\.)+[a-z]{2,})(?:[/:?#].*)?$`)
	numeric = regexp.MustCompile(`(?i)https?://(?:[^/@\s"'>]*@)?(?:\d{1,3}(?:\.\d{1,3}){3}|\d{8,10}|0x[0-9a-f]{8})(?:[/:?#\s"'>]|$)`)
	comment = regexp.MustCompile(`[a-zA-Z]<!--[^>]{0,60}-->[a-zA-Z]`)
	tiny    = regexp.MustCompile(`(?i)font-size\s*:\s*[01](?:px|pt)?\s*[;"']|<font[^>]{0,100}size\s*=\s*["']?-?[0]\b`)
	picture = regexp.MustCompile(`(?i)<img\s[^>]{0,400}src\s*=\s*["']?https?:`)
)

func signsOfHTML(m Mail) (out []sign) {
	html := cut(m.HTML, maxHTML)
	add := func(found bool, code Code, weight float64, detail string) {
		if found {
			out = append(out, sign{Reason{code, detail}, weight})
		}
	}
	add(numericLink(cut(m.Text, maxRead)) || numericLink(html), "numeric_link", 1.5, "")
	if html == "" {
		return out
	}
	shown, real := otherLink(html)
	add(shown != "", "other_link", 1.8, shown+" → "+real)
	add(len(comment.FindAllStringIndex(html, 4)) > 2, "split_words", 1.8, "")
	add(tiny.MatchString(html), "hidden_text", 0.8, "")
	n := letters(m.Text)
	add(picture.MatchString(html) && n < 150, "only_picture", 1.2, "")
	return out
}

// numericLink tells whether an address of the web has a number for its host. Looking for "//" is quick, and most text
// has none.
func numericLink(s string) bool { return strings.Contains(s, "//") && numeric.MatchString(s) }

// otherLink finds a link whose text names another site than it leads to.
func otherLink(html string) (shown, real string) {
	for _, a := range anchor.FindAllStringSubmatch(html, 100) {
		text := hostLed.FindStringSubmatch(strings.TrimSpace(tag.ReplaceAllString(a[2], "")))
		u, err := url.Parse(a[1])
		if text == nil || err != nil || u.Hostname() == "" {
			continue
		}
		if s, r := site(text[1]), site(u.Hostname()); s != r {
			return s, r
		}
	}
	return "", ""
}

// site is the last two labels of a host, near enough to the domain that somebody owns.
func site(host string) string {
	if _, err := netip.ParseAddr(host); err == nil {
		return host
	}
	labels := strings.Split(strings.ToLower(host), ".")
	keep := 2
	if n := len(labels); n > 2 && len(labels[n-1]) == 2 && len(labels[n-2]) <= 3 {
		keep = 3
	}
	return strings.Join(labels[max(0, len(labels)-keep):], ".")
}

func letters(s string) (n int) {
	for _, r := range s {
		if unicode.IsLetter(r) {
			n++
		}
		if n == math.MaxInt16 {
			break
		}
	}
	return n
}
