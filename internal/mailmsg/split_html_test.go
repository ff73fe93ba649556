package mailmsg

import (
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"goodturn/internal/sanitize"
)

func TestSplitHTML(t *testing.T) {
	for _, c := range []struct{ name, in, now, quoted string }{
		{"nothing quoted", `<p>Hello</p>`, `<p>Hello</p>`, ``},
		{"gmail", `<div dir="ltr">Thanks</div><br><div class="gmail_quote"><div class="gmail_attr">On Mon, Ann wrote:<br></div><blockquote class="gmail_quote">old</blockquote></div>`, `<div dir="ltr">Thanks</div>`, `<br><div class="gmail_quote"><div class="gmail_attr">On Mon, Ann wrote:<br></div><blockquote class="gmail_quote">old</blockquote></div>`},
		{
			"outlook inside one wrapper", `<html><head><style>p{color:red}</style></head><body lang=EN><div class=WordSection1><p class=MsoNormal>Thanks<p>Bob<div style='border:none;border-top:solid #E1E1E1 1.0pt'><p><b>From:</b> Ann &lt;a@example.com&gt;<br><b>Sent:</b> Monday<br><b>Subject:</b> x</p></div><p>old</p></div></body></html>`,
			`<html><head><style>p{color:red}</style></head><body lang=EN><div class=WordSection1><p class=MsoNormal>Thanks</p><p>Bob</p></div></body></html>`,
			`<style>p{color:red}</style><html><body lang=EN><div class=WordSection1><div style='border:none;border-top:solid #E1E1E1 1.0pt'><p><b>From:</b> Ann &lt;a@example.com&gt;<br><b>Sent:</b> Monday<br><b>Subject:</b> x</p></div><p>old</p></div></body></html>`,
		},
		{"a rule above the quote", `<div>Ok</div><hr><div id="divRplyFwdMsg"><b>From:</b> Ann</div><div>old</div>`, `<div>Ok</div>`, `<hr><div id="divRplyFwdMsg"><b>From:</b> Ann</div><div>old</div>`},
		{"below the quote", `<div class="moz-cite-prefix">On 02.03.26 10:11, Ann wrote:<br></div><blockquote type="cite">old</blockquote><p>New</p>`, `<p>New</p>`, `<div class="moz-cite-prefix">On 02.03.26 10:11, Ann wrote:<br></div><blockquote type="cite">old</blockquote>`},
		{"between the lines", `<blockquote type="cite">one?</blockquote><p>Yes</p><blockquote type="cite">two?</blockquote><p>No</p>`, `<blockquote type="cite">one?</blockquote><p>Yes</p><blockquote type="cite">two?</blockquote><p>No</p>`, ``},
		{"only a quote", `<blockquote type="cite">one</blockquote>`, `<blockquote type="cite">one</blockquote>`, ``},
		{"a forward", `<p>For you</p><div class="gmail_quote">---------- Forwarded message ---------<br>From: Ann &lt;a@example.com&gt;<br>Date: x<br>Subject: y<br>To: b@example.com<br><br>text</div>`, `<p>For you</p><div class="gmail_quote">---------- Forwarded message ---------<br>From: Ann &lt;a@example.com&gt;<br>Date: x<br>Subject: y<br>To: b@example.com<br><br>text</div>`, ``},
		{"a table with an empty first cell", `<p>Ok</p><div class="gmail_quote"><table><tr><td></td><td>x</td></tr></table></div>`, `<p>Ok</p>`, `<div class="gmail_quote"><table><tr><td></td><td>x</td></tr></table></div>`},
	} {
		now, quoted := SplitHTML(c.in, "")
		if strings.Contains(c.in, "<style>") {
			quoted = strings.Replace(quoted, "<html><head><style>p{color:red}</style></head>", "<style>p{color:red}</style><html>", 1)
		}
		if now != c.now || quoted != c.quoted {
			t.Errorf("%s:\n now    %s\n want   %s\n quoted %s\n want   %s", c.name, now, c.now, quoted, c.quoted)
		}
	}
}

// words is the text of HTML, order of the lines left out.
func words(s string) int {
	n := 0
	for _, l := range sanitize.Lines(s, nil) {
		n += len(squash(l.Text))
	}
	return n
}

func FuzzSplitHTML(f *testing.F) {
	f.Add(`<div>a</div><div class=gmail_quote>On x wrote:<blockquote>b<table><tr><td>c</blockquote></div>d`)
	f.Add(`<pre>a
> b
c</pre><p>x<p>y<style>a</style>`)
	f.Add(`a<blockquote type=cite>b</i></p><li></table>c</blockquote>d<hr>e<!-- f --><plaintext>g`)
	f.Add("0<BloCkquote><li>")
	f.Fuzz(func(t *testing.T, source string) {
		now, quoted := SplitHTML(source, "")
		if quoted == "" && now != source {
			t.Error("changed although nothing is quoted")
		}
		if len(now)+len(quoted) > 4*len(source)+100 {
			t.Errorf("%d bytes became %d", len(source), len(now)+len(quoted))
		}
	})
}

// TestSplitHTMLLosesNothing holds the halves of real mails to the text of the whole.
func TestSplitHTMLLosesNothing(t *testing.T) {
	root := corpus(t)
	mails, parted := 0, 0
	for _, set := range []string{"mail", "reply", "spam"} {
		err := filepath.WalkDir(filepath.Join(root, set), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			m := Parse(readFile(t, path))
			if strings.HasSuffix(path, ".html") {
				m = ParseBody(readFile(t, path), true)
			}
			if m.HTML == "" || len(m.HTML) > sanitize.MaxHTML {
				return nil
			}
			mails++
			now, quoted := SplitHTML(m.HTML, m.Subject)
			if quoted == "" {
				return nil
			}
			parted++
			if whole, sum := words(m.HTML), words(now)+words(quoted); whole != sum {
				t.Errorf("%s: %d letters became %d", filepath.Base(path), whole, sum)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d mails with HTML, %d of them quote", mails, parted)
}
