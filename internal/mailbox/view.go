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
	HTML      string // the same with its form, sanitised; "" for plain text
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

// maxHTML is the most that a mail's HTML takes, in bytes: Gmail cuts off what is beyond 102 kB.
const maxHTML = 95_000

// html is the look of the mail. The quoted message gives way where the whole would become too long: it is in the
// plain text and on the ticket's page.
func (v *answerView) html(ctx context.Context) string {
	whole := v.render(ctx, textHTML(v.Quoted))
	for limit := maxQuoted / 2; len(whole) > maxHTML && v.Quoted != "" && limit > 500; limit /= 2 {
		whole = v.render(ctx, textHTML(cut(v.Quoted, limit)+"…"))
	}
	if len(whole) > maxHTML {
		whole = v.render(ctx, "")
	}
	return whole
}

func (v *answerView) render(ctx context.Context, quoted string) string {
	var b strings.Builder
	openHTML(ctx, &b)
	written := v.HTML
	if written == "" {
		written = textHTML(v.Text)
	}
	tableRow(&b, "text", `color:#1f2328;padding:0 0 4px 0`, written)
	if v.Signature != "" {
		tableRow(&b, "soft", `color:#59636e;padding:0 0 16px 0`, sanitize.Linkify(v.Signature))
	}
	if files := v.files(ctx); files != "" {
		tableRow(&b, "soft", `color:#59636e;font-size:13px;padding:0 0 16px 0`, html.EscapeString(files))
	}
	if v.Link != "" {
		tableRow(&b, "soft line", `color:#59636e;font-size:13px;padding:12px 0;border-top:1px solid #d1d9e0`, anchor(v.Link, v.linkWords(ctx)))
	}
	if quoted != "" {
		tableRow(&b, "soft", `color:#59636e;font-size:13px;padding:8px 0 4px 0`, html.EscapeString(v.Intro))
		tableRow(&b, "soft", `color:#59636e;font-size:13px`, `<blockquote type="cite" class="line" style="margin:0;padding:0 0 0 12px;border-left:3px solid #d1d9e0">`+quoted+`</blockquote>`)
	}
	b.WriteString(mailFoot)
	return b.String()
}
