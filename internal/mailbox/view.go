package mailbox

import (
	"context"
	"html"
	"strings"

	"goodturn/internal/clock"
	"goodturn/internal/i18n"
	"goodturn/internal/sanitize"
	"goodturn/internal/ticket"
)

// answerView is what an answer's mail shows.
type answerView struct {
	Text      string // what was written
	Link      string // opens the ticket; "" for somebody who sees nothing of it but this
	Signature string
	Linked    []ticket.Attachment // files that are on the ticket's page only
	Intro     string              // "On 21 Nov 2026, 14:05, Hana Sato wrote:"; "" without a quote
	Quoted    string
}

// The most of a quoted message that a mail repeats, in bytes.
const maxQuoted = 20_000

func (v *answerView) quote(ctx context.Context, at clock.Instant, name, text string) {
	v.Quoted = strings.TrimSpace(text)
	if short := cut(v.Quoted, maxQuoted); short != v.Quoted {
		v.Quoted = short + "…"
	}
	v.Intro = i18n.T(ctx, "On {{.Time}}, {{.Name}} wrote:", "Time", i18n.DateTime(ctx, at), "Name", name)
}

func (v *answerView) linkWords(ctx context.Context) string {
	return i18n.T(ctx, "See this ticket with all that was said")
}

// files names what is on the page only.
func (v *answerView) files(ctx context.Context) string {
	if len(v.Linked) == 0 {
		return ""
	}
	names := make([]string, len(v.Linked))
	for i, f := range v.Linked {
		names[i] = f.Name + " (" + i18n.Bytes(ctx, f.Size) + ")"
	}
	if v.Link == "" {
		return i18n.T(ctx, "Too large for a mail: {{.Files}}. Answer this mail if you need them.", "Files", strings.Join(names, ", "))
	}
	return i18n.T(ctx, "Too large for a mail, and to be found on the ticket's page: {{.Files}}", "Files", strings.Join(names, ", "))
}

func (v *answerView) plain(ctx context.Context) string {
	var b strings.Builder
	b.WriteString(strings.TrimSpace(v.Text) + "\n\n")
	if v.Signature != "" {
		b.WriteString(v.Signature + "\n\n")
	}
	if files := v.files(ctx); files != "" {
		b.WriteString(files + "\n\n")
	}
	if v.Link != "" {
		b.WriteString(v.linkWords(ctx) + ":\n" + v.Link + "\n")
	}
	if v.Quoted != "" {
		b.WriteString("\n" + v.Intro + "\n")
		for line := range strings.Lines(v.Quoted) {
			line = strings.TrimRight(line, "\r\n")
			if line == "" || strings.HasPrefix(line, ">") {
				b.WriteString(">" + line + "\n")
			} else {
				b.WriteString("> " + line + "\n")
			}
		}
	}
	return b.String()
}

// Styles stand on the elements, because many clients drop a style sheet; the sheet only turns the colours
// over for clients that are dark and say so. Tables are what Outlook lays out faithfully.
const (
	mailHead = `<!DOCTYPE html><html lang="LANG" dir="DIR"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">` +
		`<style>:root{color-scheme:light dark}@media (prefers-color-scheme:dark){.page{background:#15181c !important}.text{color:#e6e8eb !important}.soft{color:#a3abb5 !important}.line{border-color:#3a414a !important}.link{color:#8ab4f8 !important}}</style></head>` +
		`<body class="page" style="margin:0;padding:0;background:#ffffff"><table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" class="page" style="background:#ffffff"><tr><td align="left" style="padding:16px">` +
		`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:640px">`
	mailFoot  = `</table></td></tr></table></body></html>`
	fontStyle = `font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:15px;line-height:1.5;`
)

func (v *answerView) html(ctx context.Context) string {
	var b strings.Builder
	openHTML(ctx, &b)
	tableRow(&b, "text", `color:#1f2328;padding:0 0 16px 0`, sanitize.Linkify(strings.TrimSpace(v.Text)))
	if v.Signature != "" {
		tableRow(&b, "soft", `color:#59636e;padding:0 0 16px 0`, sanitize.Linkify(v.Signature))
	}
	if files := v.files(ctx); files != "" {
		tableRow(&b, "soft", `color:#59636e;font-size:13px;padding:0 0 16px 0`, html.EscapeString(files))
	}
	if v.Link != "" {
		tableRow(&b, "soft line", `color:#59636e;font-size:13px;padding:12px 0;border-top:1px solid #d1d9e0`, anchor(v.Link, v.linkWords(ctx)))
	}
	if v.Quoted != "" {
		tableRow(&b, "soft", `color:#59636e;font-size:13px;padding:8px 0 4px 0`, html.EscapeString(v.Intro))
		tableRow(&b, "soft", `color:#59636e;font-size:13px`, `<blockquote type="cite" class="line" style="margin:0;padding:0 0 0 12px;border-left:3px solid #d1d9e0">`+sanitize.Linkify(v.Quoted)+`</blockquote>`)
	}
	b.WriteString(mailFoot)
	return b.String()
}

func openHTML(ctx context.Context, b *strings.Builder) {
	b.WriteString(strings.NewReplacer("LANG", i18n.LangOf(ctx), "DIR", i18n.Dir(ctx)).Replace(mailHead))
}

func tableRow(b *strings.Builder, class, style, inner string) {
	b.WriteString(`<tr><td class="` + class + `" style="` + fontStyle + style + `">` + inner + `</td></tr>`)
}

func anchor(url, words string) string {
	return `<a class="link" style="color:#0b57d0" href="` + html.EscapeString(url) + `">` + html.EscapeString(words) + `</a>`
}
