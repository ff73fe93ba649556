package mailbox

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"goodturn/internal/clock"
	"goodturn/internal/i18n"
	"goodturn/internal/ticket"
)

func words() context.Context { return i18n.With(context.Background(), "en", time.UTC) }

func sampleAnswer() *answerView {
	v := &answerView{
		Text: "Good morning Hana,\n\nthank you for trying the restart. This looks like a worn drum, and we have a spare. Until 10:15:\n- the printer in 2.07 is free,\n- it is set up on your computer,\n- <b>no</b> password is needed.\n\nHow to print there:\n1. Press Ctrl+P\n2. Choose “2.07”: https://print.example.com/floors/2/printers/07?a=1&b=2\n\nWith a very long word: Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftsbüro",
		Link: "https://desk.example/t/abc", Signature: "Amara Okafor\nIT help desk · #1042", Linked: []ticket.Attachment{{Name: "disk image.iso", Size: 4 << 30}},
	}
	v.quote(words(), clock.Instant(1795312345678), "Hana Sato", "Good morning,\n\nthe printer by the kitchen prints only the upper half of each page. The lower half stays white.\n\nHana")
	return v
}

func samplesOfMail() map[string]*answerView {
	rich := sampleAnswer()
	rich.HTML = `<p>Good <b>morning</b> Hana,</p><ul><li>one</li><li>two <a href="https://example.com">link</a></li></ul><table><tr><td>Order</td><td>88-2214</td></tr></table>`
	short := &answerView{Text: "On my way."}
	return map[string]*answerView{"answer": sampleAnswer(), "rich": rich, "short": short}
}

// TestWriteMails writes the samples to $GOODTURN_PAGES, to be looked at in a browser.
func TestWriteMails(t *testing.T) {
	dir := os.Getenv("GOODTURN_PAGES")
	if dir == "" {
		t.Skip("GOODTURN_PAGES is not set: it names a folder for the sample mails")
	}
	for name, v := range samplesOfMail() {
		if err := os.WriteFile(filepath.Join(dir, "mail-"+name+".html"), []byte(v.html(words())), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// What cannot be seen here, in Outlook and in web mail, is held to rules that are known to hold there.
func TestMailsKeepToWhatAllClientsShow(t *testing.T) {
	for name, v := range samplesOfMail() {
		t.Run(name, func(t *testing.T) {
			source := v.html(words())
			for what, banned := range map[string]string{
				"a layout that Outlook does not know": `display:\s*(flex|grid)|float:|position:`, "a picture as background": `background-image|url\(`,
				"something loaded": `(?i)<(link|script|iframe|img[^>]+src="http)|@import|@font-face`, "a width in a style alone": `<table[^>]*style="[^"]*[^-]width:[^>]*>`,
			} {
				if found := regexp.MustCompile(banned).FindString(source); found != "" {
					t.Errorf("%s: %q", what, found)
				}
			}
			for _, needed := range []string{`<meta name="color-scheme" content="light dark">`, `prefers-color-scheme:dark`, `<!--[if mso]>`, `lang="en"`, `dir="ltr"`} {
				if !strings.Contains(source, needed) {
					t.Errorf("%s is missing", needed)
				}
			}
			if opened, closed := strings.Count(source, "<!--[if mso]>"), strings.Count(source, "<![endif]-->"); opened != closed || opened != 3 {
				t.Errorf("%d parts for Outlook are opened, %d closed", opened, closed)
			}
			doc, err := html.Parse(strings.NewReader(source))
			if err != nil {
				t.Fatal(err)
			}
			for n := range doc.Descendants() {
				if n.Type != html.ElementNode {
					continue
				}
				has := map[string]string{}
				for _, a := range n.Attr {
					has[a.Key] = a.Val
				}
				if n.Data == "table" && has["role"] == "presentation" && (has["width"] == "" || has["border"] != "0" || has["cellpadding"] != "0" || has["cellspacing"] != "0") {
					t.Errorf("a table has the attributes %v", has)
				}
				if n.Data == "td" && has["class"] != "" && !strings.Contains(has["style"], "color:#") {
					t.Errorf("a cell with the class %q has no colour of its own", has["class"])
				}
			}
		})
	}
}

func TestLongMailsAreNotCutOffByGmail(t *testing.T) {
	for name, v := range map[string]answerView{
		"a long quote":  {Text: "Yes.", Quoted: strings.Repeat("https://example.com/a\n", 900), Intro: "On Monday, Hana wrote:"},
		"a long answer": {Text: strings.Repeat("So it is. ", 8000), Quoted: strings.Repeat("- a\n", 5000), Intro: "On Monday, Hana wrote:"},
	} {
		if n := len(v.html(words())); n > 102_000 {
			t.Errorf("%s: %d bytes", name, n)
		}
	}
}

func TestTextAsHTML(t *testing.T) {
	for text, want := range map[string]string{
		"One\ntwo\n\nthree":        `<p style="margin:0 0 12px 0">One<br>` + "\n" + `two</p><p style="margin:0 0 12px 0">three</p>`,
		"To do:\n- a\n- <b>":       `<p style="margin:0 0 12px 0">To do:</p><ul style="margin:0 0 12px 0;padding:0 0 0 24px"><li style="margin:0 0 4px 0">a</li><li style="margin:0 0 4px 0">&lt;b&gt;</li></ul>`,
		"3. c\n4) d\nand so on":    `<ol start="3" style="margin:0 0 12px 0;padding:0 0 0 24px"><li style="margin:0 0 4px 0">c</li><li style="margin:0 0 4px 0">d</li></ol><p style="margin:0 0 12px 0">and so on</p>`,
		"- alone":                  `<p style="margin:0 0 12px 0">- alone</p>`,
		"2026. A good year\n\nbye": `<p style="margin:0 0 12px 0">2026. A good year</p><p style="margin:0 0 12px 0">bye</p>`,
		"":                         `<p style="margin:0 0 12px 0"></p>`,
	} {
		if got := textHTML(text); got != want {
			t.Errorf("%q is\n%s, want\n%s", text, got, want)
		}
	}
}
