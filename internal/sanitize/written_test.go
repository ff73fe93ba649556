package sanitize

import (
	"strings"
	"testing"
)

func TestWritten(t *testing.T) {
	ours := func(src string) (string, bool) { return "cid:p1@x", src == "/tickets/1/draft/files/7" }
	for _, c := range []struct {
		name, in, want string
		formed         bool
	}{
		{"lines and paragraphs", `<div>a</div><div>b</div><div><br></div><div>c&nbsp;d</div>`, `<p>a<br>b</p><p>c d</p>`, false},
		{"marks", `<div>a <strong style="x">b</strong><em>c</em><code>d</code></div>`, `<p>a <b>b</b><i>c</i><code>d</code></p>`, true},
		{"an empty mark goes", `<div>a<b>` + "\u200b" + `</b></div>`, `<p>a</p>`, false},
		{"a link that says its address is plain", `<a href="https://example.com/a">https://example.com/a</a>`, `<p><a href="https://example.com/a">https://example.com/a</a></p>`, false},
		{"a link with words", `<a href="https://example.com/a" onclick="x()">here</a>`, `<p><a href="https://example.com/a">here</a></p>`, true},
		{"a link that acts", `<a href="javascript:x()">here</a>`, `<p>here</p>`, false},
		{"lists", `<ul><li><div>a</div></li><li>b<ol><li>c</li></ol></li></ul>`, `<ul><li>a</li><li>b<ol><li>c</li></ol></li></ul>`, true},
		{"quotation", `<blockquote><div>a</div><div>b</div></blockquote><div>c</div>`, `<blockquote><p>a<br>b</p></blockquote><p>c</p>`, true},
		{"code", `<pre>a &lt; b<br>  c</pre>`, "<pre>a &lt; b\n  c</pre>", true},
		{"our picture", `<div><img src="/tickets/1/draft/files/7" alt="x" onload="y()"></div>`, `<p><img src="cid:p1@x" alt="x"></p>`, true},
		{"another picture", `<img src="https://t.example/p.gif" alt="pixel">`, `<p>pixel</p>`, false},
		{"table", `<table class="x"><tbody><tr><td style="y">a</td><th>b</th></tr></tbody></table>`, `<table><tr><td>a</td><th>b</th></tr></table>`, true},
		{"nothing", `<div><br></div>`, ``, false},
	} {
		got, formed := Written(c.in, ours)
		if got != c.want || formed != c.formed {
			t.Errorf("%s: got %q (%v), want %q (%v)", c.name, got, formed, c.want, c.formed)
		}
	}
}

func FuzzWritten(f *testing.F) {
	for _, s := range []string{`<div>a</div>`, `<b><div>x<ul><li>y`, `<table><tr><td><pre>z`, `<img src=x onerror=a>`, `<a href="java&#10;script:x">y</a>`, `<math><mtext><style><img src onerror=x>`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, source string) {
		clean, _ := Written(source, nil)
		harmless(t, source, clean)
		for _, bad := range []string{"<script", "style=", "onerror="} {
			if strings.Contains(strings.ReplaceAll(clean, "&#34;", ""), "<"+bad) {
				t.Errorf("%q left %q", source, clean)
			}
		}
	})
}
