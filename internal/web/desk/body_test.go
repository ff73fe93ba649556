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
	for _, c := range []struct{ name, text, html, want string }{
		{"no shape", "Hello there", "<p>Hello <b>there</b></p>", ""},
		{"a list", "Two:\n- one\n- two", "<p>Two:</p><ul><li>one<li>two</ul>", "<p>Two:</p><ul><li>one</li><li>two</li></ul>"},
		{"a numbered list", "1. one\n2. two", "<ol><li>one</li><li>two</li></ol>", "<ol><li>one</li><li>two</li></ol>"},
		{"a link spelled out", "See here <https://x.example/a?b=c> please", `<h1>See <a href="https://x.example/a?b=c">here</a></h1><p>please</p>`, `<h1>See <a href="https://x.example/a?b=c" rel="noopener noreferrer nofollow ugc" target="_blank">here</a></h1><p>please</p>`},
		{"quotes cut", "Yes", "<div><pre>Yes</pre><p>On Monday X wrote:</p><blockquote>No</blockquote></div>", "<div><pre>Yes</pre></div>"},
		{"nothing of the quote's wrapper is left", "Yes", "<pre>Yes</pre><div><div><p>On Monday</p></div></div>", "<pre>Yes</pre>"},
		{"a picture after the text", "Look", `<p>Look</p><p><img src="cid:a@b"></p><p>-- Hana</p>`, `<p>Look</p><p><img src="/tickets/7/files/5" alt="" loading="lazy"/></p>`},
		{"a picture of no kind that is shown", "Look", `<p>Look</p><img src="cid:drawing">`, ""},
		{"other words", "Look", "<table><tr><td>Buy</td><td>now</td></tr></table>", ""},
		{"fewer words", "Look here", "<pre>Look</pre>", ""},
		{"a table for looks", "Hello", "<table><tr><td>Hello</td></tr></table>", ""},
		{"a table of facts", "Order 5", "<table><tr><td>Order</td><td>5</td></tr></table>", "<table><tbody><tr><td>Order</td><td>5</td></tr></tbody></table>"},
	} {
		got := bodyOf(ticket.Message{ID: 1, TicketID: 7, Text: c.text, HTML: c.html}, files)
		if got.html != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got.html, c.want)
		}
		if got.pictures["a@b"] != strings.Contains(c.want, "files/5") {
			t.Errorf("%s: the pictures are %v", c.name, got.pictures)
		}
	}
}

func TestBodiesAreBounded(t *testing.T) {
	var b bodies
	text := strings.Repeat("word ", 20_000)
	for i := range int64(200) {
		m := ticket.Message{ID: i, Text: text, HTML: "<pre>" + text + "</pre>"}
		if first, again := b.of(m, nil), b.of(m, nil); first.html == "" || first.html != again.html {
			t.Fatal("it is forgotten or changed")
		}
	}
	held := 0
	for _, x := range b.by {
		held += len(x.html)
	}
	if held > maxBodies || held == 0 {
		t.Errorf("%d bytes are held", held)
	}
}

func FuzzBody(f *testing.F) {
	f.Add("Yes", "<pre>Yes</pre><blockquote>No</blockquote>")
	f.Add("", "<img src=cid:a><script>alert(1)</script>")
	f.Add("a", "<table><tr><td onclick=x>a<svg><td>b")
	f.Fuzz(func(t *testing.T, text, source string) {
		got := bodyOf(ticket.Message{ID: 1, TicketID: 7, Text: text, HTML: source}, nil)
		lower := strings.ToLower(got.html)
		for _, bad := range []string{"<script", "<style", "<iframe", "<svg", "<form"} {
			if strings.Contains(lower, bad) {
				t.Errorf("%q gives %q", source, got.html)
			}
		}
	})
}
