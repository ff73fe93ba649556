package desk

import (
	"strings"
	"testing"

	"goodturn/internal/ticket"
)

// A browser, and our parser, opens what is bold and not closed anew in each paragraph that follows: a small mail can become
// a tree that fills the memory. It is shown as its text.
func TestMailsThatGrow(t *testing.T) {
	var open strings.Builder
	for _, dir := range []string{"", ` dir="ltr"`, ` dir="rtl"`, ` dir="auto"`} {
		for range 3 {
			for _, name := range []string{"b", "i", "u", "s", "em", "strong", "small", "big", "code", "tt", "strike"} {
				open.WriteString("<" + name + dir + ">")
			}
		}
	}
	for name, paragraphs := range map[string]int{"few": 2_000, "many": 400_000} {
		source := "<p>" + open.String() + strings.Repeat("<p>x", paragraphs) + "<ul><li>x"
		if got := bodyOf(ticket.Message{HTML: source, Text: strings.Repeat("x", paragraphs+1)}, nil, false); len(got.HTML)+len(got.Rest) > 20*len(source) {
			t.Errorf("%s paragraphs: %d bytes became %d", name, len(source), len(got.HTML))
		}
	}
	plain := "<p>Good morning</p>" + strings.Repeat("<ul><li><b>one</b> <i>two</i></li></ul>", 500)
	if got := bodyOf(ticket.Message{HTML: plain, Text: "Good morning" + strings.Repeat("onetwo", 500)}, nil, false); got.HTML == "" {
		t.Error("a mail with five hundred lists is not shown as it is")
	}
}
