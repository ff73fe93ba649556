package desk

import (
	"strings"
	"testing"

	"goodturn/internal/ticket"
)

func TestBody(t *testing.T) {
	files := []ticket.Attachment{
		{ID: 5, TicketID: 7, Type: "image/png", ContentID: "a@b"},
		{ID: 6, TicketID: 7, Type: "image/svg+xml", ContentID: "drawing"},
	}
	for _, c := range []struct {
		name, text, html string
		rich             bool
		want, rest       string
	}{
		{"no shape", "Hello there", "<p>Hello there</p>", false, "<p>Hello there</p>", ""},
		{"a list", "Two:\n- one\n- two", "<p>Two:</p><ul><li>one<li>two</ul>", true, "<ul><li>one</li><li>two</li></ul>", ""},
		{"a signature", "Yes, please", "<div><pre>Yes, please</pre><p>-- Hana</p></div>", true, "<pre>Yes, please</pre>", "-- Hana"},
		{"quotes", "Yes", "<div><b>Yes</b></div><blockquote type=cite>No</blockquote>", true, "<b>Yes</b>", "<blockquote>No</blockquote>"},
		{"a picture after the text", "Look", `<p>Look</p><p><img src="cid:a@b"></p><p>-- Hana</p>`, true, `<img src="/tickets/7/files/5" alt="" loading="lazy"/>`, "Hana"},
		{"a picture of no kind that is shown", "Look", `<p>Look</p><img src="cid:drawing">`, false, "<p>Look</p>", ""},
		{"other words", "Look", "<table><tr><td>Buy</td><td>now</td></tr></table>", true, "<td>Buy</td>", ""},
		{"a table for looks", "Hello", "<table><tr><td>Hello</td></tr></table>", false, "Hello", ""},
	} {
		got := bodyOf(ticket.Message{ID: 1, TicketID: 7, Text: c.text, Quoted: "No\n\n-- Hana", HTML: c.html}, files, false)
		if got.Rich != c.rich || !strings.Contains(got.HTML, c.want) || !strings.Contains(got.Rest, c.rest) || c.rest == "" && got.Rest != "" || c.rest != "" && strings.Contains(got.HTML, c.rest) {
			t.Errorf("%s: %+v", c.name, got)
		}
		if got.Inline["a@b"] != strings.Contains(c.want, "files/5") {
			t.Errorf("%s: the pictures are %v", c.name, got.Inline)
		}
	}
}

func TestBodiesAreBounded(t *testing.T) {
	var b bodies
	text := strings.Repeat("word ", 20_000)
	for i := range int64(400) {
		m := ticket.Message{ID: i, Text: text, HTML: "<pre>" + text + "</pre>"}
		if first, again := b.of(m, nil, false), b.of(m, nil, false); first.HTML == "" || first.HTML != again.HTML {
			t.Fatal("it is forgotten or changed")
		}
	}
	held := 0
	for _, x := range b.by {
		held += len(x.HTML)
	}
	if held > maxBodies || held == 0 {
		t.Errorf("%d bytes are held", held)
	}
}

func TestShowingIsReadAsItIsWritten(t *testing.T) {
	s := readShowingText("view=mine&pictures=4&pictures=x&plain=7&pictures=9")
	if got := s.query(); got != "pictures=4&pictures=9&plain=7" {
		t.Error(got)
	}
	if got := s.with(inPictures, 4, false).with(inPlain, 4, true).query(); got != "pictures=9&plain=7&plain=4" {
		t.Error(got)
	}
}
