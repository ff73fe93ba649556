package mailbox

import (
	"context"
	"html"
	"regexp"
	"strings"

	"goodturn/internal/i18n"
	"goodturn/internal/sanitize"
)

// The look of our mails: one column of tables, which is what Outlook lays out faithfully, with widths and colours in
// attributes beside the styles. Styles stand on the elements, because many clients drop a style sheet; the sheet only
// turns the colours over for clients that are dark and say so. Nothing is loaded from anywhere.
const (
	mailHead = `<!DOCTYPE html><html lang="LANG" dir="DIR" xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">` +
		`<meta name="x-apple-disable-message-reformatting"><meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">` +
		`<!--[if mso]><noscript><xml><o:OfficeDocumentSettings><o:PixelsPerInch>96</o:PixelsPerInch></o:OfficeDocumentSettings></xml></noscript><style>td,p,li,a,blockquote{font-family:'Segoe UI',Arial,sans-serif !important}</style><![endif]-->` +
		`<style>:root{color-scheme:light dark;supported-color-schemes:light dark}a{color:#0b57d0}img{max-width:100%;height:auto}` +
		`@media (prefers-color-scheme:dark){.page{background:#15181c !important}.text{color:#e6e8eb !important}.soft{color:#a3abb5 !important}.line{border-color:#3a414a !important}a{color:#8ab4f8 !important}}` +
		`[data-ogsc] .text{color:#e6e8eb !important}[data-ogsc] .soft{color:#a3abb5 !important}[data-ogsc] a{color:#8ab4f8 !important}</style></head>` +
		`<body class="page" bgcolor="#ffffff" style="margin:0;padding:0;background:#ffffff;-webkit-text-size-adjust:100%"><table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#ffffff" class="page" style="background:#ffffff"><tr><td align="START" style="padding:16px">` +
		`<!--[if mso]><table role="presentation" width="640" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->` +
		`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:640px">`
	mailFoot  = `</table><!--[if mso]></td></tr></table><![endif]--></td></tr></table></body></html>`
	fontStyle = `font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:15px;line-height:1.5;mso-line-height-rule:exactly;word-break:break-word;`
)

func openHTML(ctx context.Context, b *strings.Builder) {
	start := "left"
	if i18n.Dir(ctx) == "rtl" {
		start = "right"
	}
	b.WriteString(strings.NewReplacer("LANG", i18n.LangOf(ctx), "DIR", i18n.Dir(ctx), "START", start).Replace(mailHead))
}

func tableRow(b *strings.Builder, class, style, inner string) {
	b.WriteString(`<tr><td class="` + class + `" style="` + fontStyle + style + `">` + inner + `</td></tr>`)
}

func anchor(url, words string) string {
	return `<a style="color:#0b57d0" href="` + html.EscapeString(url) + `">` + html.EscapeString(words) + `</a>`
}

var (
	bulletLine = regexp.MustCompile(`^\s{0,3}[-*•–]\s+(\S.*)$`)
	numberLine = regexp.MustCompile(`^\s{0,3}(\d{1,3})[.)]\s+(\S.*)$`)
)

// textHTML shows plain text with its paragraphs, its simple lists and its addresses as links. One line of a list alone
// is no list: a dash often begins a signature or a thought.
func textHTML(text string) string {
	var b strings.Builder
	for paragraph := range strings.SplitSeq(strings.ReplaceAll(strings.TrimSpace(text), "\r\n", "\n"), "\n\n") {
		lines := strings.Split(strings.Trim(paragraph, "\n"), "\n")
		for len(lines) > 0 {
			n := 0
			switch {
			case listed(lines, bulletLine) > 1:
				n = listed(lines, bulletLine)
				writeList(&b, "ul", lines[:n], bulletLine)
			case listed(lines, numberLine) > 1:
				n = listed(lines, numberLine)
				writeList(&b, "ol", lines[:n], numberLine)
			default:
				for n = 1; n < len(lines) && listed(lines[n:], bulletLine) < 2 && listed(lines[n:], numberLine) < 2; n++ {
				}
				b.WriteString(`<p style="margin:0 0 12px 0">` + sanitize.Linkify(strings.Join(lines[:n], "\n")) + `</p>`)
			}
			lines = lines[n:]
		}
	}
	return b.String()
}

// listed is how many lines from the first one are items of a list.
func listed(lines []string, item *regexp.Regexp) int {
	n := 0
	for n < len(lines) && item.MatchString(lines[n]) {
		n++
	}
	return n
}

func writeList(b *strings.Builder, tag string, lines []string, item *regexp.Regexp) {
	first := item.FindStringSubmatch(lines[0])
	b.WriteString("<" + tag)
	if tag == "ol" && first[1] != "1" {
		b.WriteString(` start="` + first[1] + `"`)
	}
	b.WriteString(` style="margin:0 0 12px 0;padding:0 0 0 24px">`)
	for _, l := range lines {
		m := item.FindStringSubmatch(l)
		b.WriteString(`<li style="margin:0 0 4px 0">` + sanitize.Linkify(m[len(m)-1]) + `</li>`)
	}
	b.WriteString("</" + tag + ">")
}
