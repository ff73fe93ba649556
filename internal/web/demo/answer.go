package demo

import (
	"context"
	"net/http"
	"regexp"
	"strings"

	"goodturn/internal/clock"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/mailmsg"
	"goodturn/internal/web/page"
)

// answer writes the mail with which a recipient answers, and hands it to the desk.
func (d *Demo) answer(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	m, err := d.find(r)
	if err != nil {
		return err
	}
	ctx, read := r.Context(), mailmsg.Parse(m.Raw)
	view := d.mailView(r, v, m, read)
	if view.Answer == nil {
		return fault.Invalid(fault.F("text", i18n.M("This mail names nobody to answer to.")))
	}
	view.Answer.Text = r.PostFormValue("text")
	from := m.To[0]
	for i, a := range view.Answer.As {
		if a.Value == r.PostFormValue("as") {
			view.Answer.As[i].Chosen, from = true, a.Value
		}
	}
	if strings.TrimSpace(view.Answer.Text) == "" {
		view.Answer.TextError = i18n.T(ctx, "Please write something first.")
		return page.Render(w, r, http.StatusUnprocessableEntity, MailPage(view))
	}
	raw, err := mailmsg.Compose(reply(ctx, read, named(read, from), view.Answer.Text, m.At, v.Now))
	if err == nil {
		err = d.Deliver(ctx, from, view.Answer.To, raw)
	}
	if err != nil {
		var status int
		view.Answer.Alert, status = d.refused(r, err)
		return page.Render(w, r, status, MailPage(view))
	}
	return page.Goto(w, r, mailURL(m.ID)+"?delivered=1")
}

// refused says why the desk did not take a mail, and gives the status of the page that says so. What is ours to mend is
// logged.
func (d *Demo) refused(r *http.Request, err error) (string, int) {
	ctx := r.Context()
	if f, ok := page.AsFault(err); ok {
		m := f.Message
		if len(f.Fields) > 0 {
			m = f.Fields[0].Message
		}
		return i18n.Print(ctx, m), page.Status(f.Kind)
	}
	return i18n.T(ctx, "The desk did not take this mail. What you wrote is still here; the log knows more under {{.Reference}}.",
		"Reference", page.Reference(ctx, d.Site.Log, r, err)), http.StatusInternalServerError
}

// reply is the mail that a mail program writes when its owner answers: under the same conversation, with the original
// quoted below.
func reply(ctx context.Context, read *mailmsg.Message, from mailmsg.Address, text string, at, now clock.Instant) mailmsg.Outgoing {
	out := mailmsg.Outgoing{
		From: from, To: []mailmsg.Address{answerTo(read)}, Subject: "Re: " + bare(read.Subject), Date: now.Time().In(i18n.ZoneOf(ctx)),
		MessageID: mailmsg.NewMessageID("", domain(from.Address)),
	}
	if goodID(read.MessageID) {
		out.InReplyTo = read.MessageID
	}
	for _, id := range append(read.References, read.MessageID) {
		if goodID(id) {
			out.References = append(out.References, id)
		}
	}
	if !read.Date.IsZero() {
		at = clock.From(read.Date)
	}
	who := read.From.Name
	if who == "" {
		who = read.From.Address
	}
	intro := i18n.T(ctx, "On {{.Time}}, {{.Name}} wrote:", "Time", i18n.DateTime(ctx, at), "Name", who)
	out.Text = lines(text) + "\n\n" + intro + "\n" + quoted(read.Text) + "\n"
	return out
}

// answerTo is where an answer goes: where the mail wants it, or back to its sender.
func answerTo(m *mailmsg.Message) mailmsg.Address {
	for _, a := range m.ReplyTo {
		if a.Address != "" {
			return a
		}
	}
	return m.From
}

// named gives an address the name that the mail has for it.
func named(m *mailmsg.Message, address string) mailmsg.Address {
	for _, list := range [][]mailmsg.Address{m.To, m.CC} {
		for _, a := range list {
			if strings.EqualFold(a.Address, address) {
				return mailmsg.Address{Name: a.Name, Address: address}
			}
		}
	}
	return mailmsg.Address{Address: address}
}

var answerMark = regexp.MustCompile(`(?i)^\s*((re|aw)\s*:\s*)+`)

// bare is a subject without the marks of earlier answers, fit for a header.
func bare(subject string) string {
	return strings.Join(strings.Fields(answerMark.ReplaceAllString(subject, "")), " ")
}

func lines(text string) string {
	return strings.TrimSpace(strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n"))
}

func quoted(text string) string {
	var b strings.Builder
	for line := range strings.SplitSeq(lines(text), "\n") {
		switch {
		case line == "" || strings.HasPrefix(line, ">"):
			b.WriteString(">" + line + "\n")
		default:
			b.WriteString("> " + line + "\n")
		}
	}
	return b.String()
}

func domain(address string) string {
	if _, d, ok := strings.Cut(address, "@"); ok && d != "" {
		return d
	}
	return "localhost"
}

// goodID tells whether an id that came with a mail may stand in a header of ours.
func goodID(id string) bool {
	return id != "" && len(id) < 500 && strings.IndexFunc(id, func(r rune) bool { return r <= ' ' || r > '~' || r == '<' || r == '>' }) < 0
}
