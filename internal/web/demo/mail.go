package demo

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/mailmsg"
	"goodturn/internal/sanitize"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

const (
	mailsShown = 50
	// rawShown is how many bytes of a mail's source a page holds: attachments make them huge.
	rawShown  = 100 << 10
	lookAgain = 5 * time.Second
)

// list shows the mails, newest first.
func (d *Demo) list(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	query := r.URL.Query()
	before, _ := strconv.ParseInt(query.Get("before"), 10, 64)
	view := ListView{Frame: d.frame(r, v), Looking: query.Has("looking"), Delivered: query.Has("delivered")}
	if before > 0 {
		view.Pages.Newer = "/demo/mail"
	}
	last := before
	for _, m := range d.Caught() {
		if before > 0 && m.ID >= before {
			continue
		}
		if len(view.Mails) == mailsShown {
			view.Pages.Older = "/demo/mail?before=" + strconv.FormatInt(last, 10)
			break
		}
		head := mailmsg.Parse(headerOf(m.Raw))
		view.Mails = append(view.Mails, Row{URL: mailURL(m.ID), Subject: subject(r.Context(), head), From: sender(m, head), To: strings.Join(m.To, ", "), At: m.At})
		last = m.ID
	}
	if view.Looking {
		w.Header().Set("Refresh", strconv.Itoa(int(lookAgain.Seconds())))
	}
	return page.Render(w, r, http.StatusOK, ListPage(view))
}

// headerOf is a mail without its body, so that a list of mails with files is quick.
func headerOf(raw []byte) []byte {
	for _, end := range []string{"\r\n\r\n", "\n\n"} {
		if i := bytes.Index(raw, []byte(end)); i >= 0 {
			raw = raw[:i+len(end)]
		}
	}
	return raw
}

func subject(ctx context.Context, m *mailmsg.Message) string {
	if s := strings.TrimSpace(m.Subject); s != "" {
		return s
	}
	return i18n.T(ctx, "(no subject)")
}

func sender(m Mail, head *mailmsg.Message) string {
	if head.From.Name != "" {
		return head.From.Name
	}
	if head.From.Address != "" {
		return head.From.Address
	}
	return m.From
}

func mailURL(id int64) string { return "/demo/mail/" + strconv.FormatInt(id, 10) }

// find gives the mail that the address names.
func (d *Demo) find(r *http.Request) (Mail, error) {
	id, err := page.Number(r, "id")
	if err != nil {
		return Mail{}, err
	}
	for _, m := range d.Caught() {
		if m.ID == id {
			return m, nil
		}
	}
	return Mail{}, fault.NotFound(i18n.M("This mail is no longer kept: a demo forgets its oldest mails, and all of them when it ends."))
}

// mail shows one mail.
func (d *Demo) mail(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	m, err := d.find(r)
	if err != nil {
		return err
	}
	view := d.mailView(r, v, m, mailmsg.Parse(m.Raw))
	view.Delivered = r.URL.Query().Has("delivered")
	return page.Render(w, r, http.StatusOK, MailPage(view))
}

func (d *Demo) mailView(r *http.Request, v page.Visit, m Mail, read *mailmsg.Message) MailView {
	ctx := r.Context()
	view := MailView{Frame: d.frame(r, v), Subject: subject(ctx, read), At: m.At, Fields: fields(ctx, m, read), Answer: answerForm(m, read)}
	pictures := map[string]string{}
	for i, a := range read.Attachments {
		url := mailURL(m.ID) + "/files/" + strconv.Itoa(i+1)
		view.Files = append(view.Files, File{Name: a.Name, URL: url, Size: int64(a.Size)})
		if a.ContentID != "" && page.IsPicture(a.Type) {
			pictures[a.ContentID] = url
		}
	}
	if strings.TrimSpace(read.HTML) != "" {
		view.HTML = here(r.Host, sanitize.Mail(read.HTML, func(id string) (string, bool) { url, ok := pictures[id]; return url, ok }))
	}
	view.Text = here(r.Host, sanitize.Linkify(read.Text))
	raw := m.Raw
	if len(raw) > rawShown {
		raw, view.Cut = raw[:rawShown], true
	}
	view.Raw = strings.ToValidUTF8(strings.ReplaceAll(string(raw), "\x00", ""), string(utf8.RuneError))
	return view
}

// fields are the lines of the header that a mail program shows.
func fields(ctx context.Context, m Mail, read *mailmsg.Message) []HeaderField {
	all := []HeaderField{
		{i18n.C(ctx, "of a mail", "From"), read.From.String()},
		{i18n.C(ctx, "of a mail", "To"), join(read.To)},
		{i18n.C(ctx, "of a mail", "Copy"), join(read.CC)},
		{i18n.T(ctx, "Answers to"), join(read.ReplyTo)},
		{i18n.T(ctx, "Delivered to"), unnamed(m, read)},
		{i18n.T(ctx, "Caught"), i18n.DateTime(ctx, m.At)},
	}
	out := all[:0]
	for _, f := range all {
		if f.Value != "" {
			out = append(out, f)
		}
	}
	return out
}

// unnamed are the recipients of whom the header says nothing.
func unnamed(m Mail, read *mailmsg.Message) string {
	var out []string
	for _, to := range m.To {
		is := func(a mailmsg.Address) bool { return strings.EqualFold(a.Address, to) }
		if !slices.ContainsFunc(read.To, is) && !slices.ContainsFunc(read.CC, is) {
			out = append(out, to)
		}
	}
	return strings.Join(out, ", ")
}

func join(list []mailmsg.Address) string {
	out := make([]string, len(list))
	for i, a := range list {
		out[i] = a.String()
	}
	return strings.Join(out, ", ")
}

// here turns links to this machine at this port into links to the very name that the browser calls the desk by: cookies
// belong to a name, and a sign-in link works only in the browser that asked for it.
func here(host, html string) string {
	_, port, err := net.SplitHostPort(host)
	if err != nil {
		return html
	}
	var pairs []string
	for _, name := range []string{"127.0.0.1", "localhost", "[::1]"} {
		pairs = append(pairs, `href="http://`+name+":"+port+"/", `href="/`)
	}
	return strings.NewReplacer(pairs...).Replace(html)
}

// file sends a file of a mail, through the store of files so that it goes out as every other file does.
func (d *Demo) file(w http.ResponseWriter, r *http.Request, _ page.Visit) error {
	m, err := d.find(r)
	if err != nil {
		return err
	}
	n, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	files := mailmsg.Parse(m.Raw).Attachments
	if n > int64(len(files)) {
		return fault.NotFound(i18n.M("This mail has no such file."))
	}
	a := files[n-1]
	ref, err := d.Site.Blobs.Put(r.Context(), bytes.NewReader(a.Data), 0)
	if err != nil {
		return err
	}
	return d.Site.SendFile(w, r, ref, a.Name, a.Type)
}

// answerForm is the form below a mail, nil when it names nobody to answer.
func answerForm(m Mail, read *mailmsg.Message) *AnswerForm {
	to := answerTo(read)
	if to.Address == "" || len(m.To) == 0 {
		return nil
	}
	f := &AnswerForm{URL: mailURL(m.ID) + "/answers", To: to.Address}
	for _, a := range m.To {
		f.As = append(f.As, ui.Choice{Value: a, Label: named(read, a).String()})
	}
	return f
}
