package ui

import (
	"context"
	"io"
	"strings"

	"github.com/a-h/templ"

	"goodturn/internal/i18n"
)

// Mail is the HTML of a mail, sanitised by the server, in a shadow root of its own: nothing of its style gets out, nothing
// of the page's gets in, and it cannot draw beyond its place.
type Mail struct {
	// ID is the element's, unlike any other on the page.
	ID string
	// Key changes when the same mail is to be shown in another way, with its remote pictures for instance.
	Key string
	// HTML, Rest and CSS are as sanitize.Show gives them.
	HTML, Rest, CSS string
	// Paper puts it on a light ground, for which its colours were chosen.
	Paper bool
	// Text stands in its place in browsers that know no declarative shadow roots.
	Text string
	// Nonce is the one of this answer; see page.AllowStyle.
	Nonce string
}

// mailSheet is what each mail starts from. Its own rules come after it and win but where they could do harm.
const mailSheet = `:host{all:initial;display:block;contain:content;isolation:isolate;overflow:auto;font:inherit;line-height:1.5;color:inherit;overflow-wrap:break-word}` +
	`:host(.is-paper){background:#fff;color:#1b1d22;color-scheme:light;padding:.75rem;border-radius:.375rem}` +
	`div,p,table,img,h1,h2,h3,h4,h5,h6,ul,ol,pre,blockquote,section,article{max-width:100%!important;box-sizing:border-box}` +
	`p{margin:0 0 .75em}h1,h2,h3,h4{margin:.5em 0;line-height:1.25;font-size:1.15em}ul,ol{margin:.5em 0;padding-inline-start:1.75em}` +
	`img{height:auto;object-fit:contain}pre,.text{white-space:pre-wrap}table{border-spacing:0}td,th{padding:0 .125rem;text-align:inherit}` +
	`:where(a){color:var(--accent)}:where(:host(.is-paper) a){color:#0a5a78}hr{border:0;border-block-start:1px solid currentcolor;opacity:.25}` +
	`blockquote{margin:.5em 0;padding-inline-start:.75em;border-inline-start:2px solid #9994}` +
	`.remote{display:inline-block;max-width:100%!important;max-height:12em;box-sizing:border-box;padding:.25em .5em;overflow:hidden;vertical-align:middle;border:1px dashed;border-radius:.375rem;font:.8125rem/1.3 system-ui,sans-serif!important;color:inherit!important}` +
	`.leads{font:600 .8125rem/1.3 system-ui,sans-serif!important;color:#8a1c12!important;background:#fdecea}` +
	`details{margin-block-start:.75em}summary{inline-size:fit-content;padding:0 .625em;border:1px solid #888;border-radius:1em;cursor:pointer;list-style:none;line-height:1.4;font-size:.8125rem}summary::-webkit-details-marker{display:none}` +
	`summary:focus-visible,a:focus-visible{outline:2px solid;outline-offset:1px}.rest{margin-block-start:.5em}`

// MailBody draws a mail. Without scripts the browser's parser makes the shadow root; what a script puts into the page later
// gets its root from mail.js.
func MailBody(m Mail) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		var b strings.Builder
		b.Grow(len(m.HTML) + len(m.Rest) + len(m.CSS) + len(m.Text) + len(mailSheet) + 600)
		class := "mail"
		if m.Paper {
			class += " is-paper"
		}
		b.WriteString(`<div class="` + class + `" id="` + templ.EscapeString(m.ID) + `" data-key="` + templ.EscapeString(m.Key) + `"><template shadowrootmode="open"><style nonce="` + templ.EscapeString(m.Nonce) + `">`)
		b.WriteString(mailSheet)
		b.WriteString(m.CSS)
		b.WriteString(`</style><div class="now" dir="auto">`)
		b.WriteString(m.HTML)
		b.WriteString(`</div>`)
		if m.Rest != "" {
			label := templ.EscapeString(i18n.T(ctx, "the rest of the mail"))
			b.WriteString(`<details><summary title="` + label + `" aria-label="` + label + `">•••</summary><div class="rest" dir="auto">`)
			b.WriteString(m.Rest)
			b.WriteString(`</div></details>`)
		}
		b.WriteString(`</template><div class="text" dir="auto">` + templ.EscapeString(m.Text) + `</div></div>`)
		_, err := io.WriteString(w, b.String())
		return err
	})
}
