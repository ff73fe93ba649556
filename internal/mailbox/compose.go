package mailbox

import (
	"context"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"goodturn/internal/blob"
	"goodturn/internal/i18n"
	"goodturn/internal/mailmsg"
	"goodturn/internal/sanitize"
	"goodturn/internal/ticket"
)

// compose writes the mail of a delivery and gives its return path.
func (p *Post) compose(ctx context.Context, o *outgoing) (raw []byte, from string, err error) {
	ctx = p.locale(ctx, o.reader.Language, o.reader.Zone)
	mailed, linked := splitFiles(o.files, o.maxMailed)
	out := mailmsg.Outgoing{
		From: o.from, Subject: replySubject(o.ticket), Date: o.message.CreatedAt.Time().In(i18n.ZoneOf(ctx)), MessageID: o.message.RFCMessageID,
		InReplyTo: validID(o.answered.RFCMessageID), References: o.references,
	}
	out.From.Name = o.box.FromName.name(o.author.Name, o.from.Name)
	for _, r := range o.recipients {
		a := mailmsg.Address{Name: r.Name, Address: r.Address}
		if !r.Copy || len(out.To) == 0 {
			out.To = append(out.To, a)
		} else {
			out.CC = append(out.CC, a)
		}
	}
	if o.box.Subaddress {
		out.ReplyTo = mailmsg.Address{Name: o.from.Name, Address: p.replyAddress(o.box.Address, o.ticket.ID)}
	}
	if o.message.Automatic {
		out.Automatic = "auto-replied"
	}
	if o.ticket.Following && o.reader.ID != o.ticket.RequesterID {
		out.Unsubscribe = p.PublicURL() + "/unfollow/" + ticket.LeaveToken(p.Key, o.ticket.ID, o.reader.ID)
	}
	v := answerView{Text: o.message.Text, Linked: linked, Signature: o.box.signature(o.author.Name, o.ticket)}
	if o.token != "" {
		v.Link = p.PublicURL() + "/t/" + o.token
	}
	if o.message.HTML != "" {
		v.HTML = sanitize.Mail(o.message.HTML, func(id string) (string, bool) {
			return "cid:" + id, slices.ContainsFunc(mailed, func(f ticket.Attachment) bool { return f.Inline && f.ContentID == id })
		})
		v.Text = sanitize.Text(o.message.HTML)
	}
	if o.answered.ID != 0 {
		v.quote(ctx, o.answered.CreatedAt, o.asker, p.cutLinks(o.answered.Text))
	}
	out.Text, out.HTML = v.plain(ctx), v.html(ctx)
	for _, f := range mailed {
		data, err := p.fileBytes(f)
		if err != nil {
			return nil, "", err
		}
		out.Attachments = append(out.Attachments, mailmsg.Attachment{Name: f.Name, Type: f.Type, Data: data, Inline: f.Inline && strings.Contains(v.HTML, `"cid:`+f.ContentID+`"`), ContentID: f.ContentID})
	}
	raw, err = mailmsg.Compose(out)
	if err != nil {
		err = &finalError{i18n.M("The mail could not be written: {{.Error}}", "Error", err.Error())}
	}
	return raw, out.From.Address, err
}

func (p *Post) fileBytes(f ticket.Attachment) ([]byte, error) {
	r, err := p.Blobs.Open(blob.Ref{SHA256: f.SHA256, Size: f.Size})
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

// splitFiles tells which files go with the mail and which would make it larger than limit, in bytes. Pictures within
// the text come first: a mail without them makes no sense.
func splitFiles(all []ticket.Attachment, limit int64) (mailed, linked []ticket.Attachment) {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b ticket.Attachment) int {
		switch {
		case a.Inline == b.Inline:
			return 0
		case a.Inline:
			return -1
		}
		return 1
	})
	size := int64(0)
	for _, f := range all {
		if size+f.Size > limit {
			linked = append(linked, f)
			continue
		}
		size += f.Size
		mailed = append(mailed, f)
	}
	return mailed, linked
}

var replyMark = regexp.MustCompile(`(?i)^(re|aw|sv|vs|antw|ref|rif|odp|ynt)(\[\d+\])?\s*:\s*`)

// replySubject is "Re: Printer [#1042]", with each part once.
func replySubject(t ticket.Ticket) string {
	mark := "[#" + strconv.FormatInt(t.ID, 10) + "]"
	subject := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ReplaceAll(t.Subject, mark, ""))
	for {
		subject = strings.TrimSpace(subject)
		shorter := replyMark.ReplaceAllString(subject, "")
		if shorter == subject {
			break
		}
		subject = shorter
	}
	return "Re: " + strings.TrimSpace(subject+" "+mark)
}

// references joins the first id of a ticket and the newest ones (newest first) to the References field,
// oldest first.
func references(first, newest []string) []string {
	var out []string
	for _, id := range append(first, reversed(newest)...) {
		if id = validID(id); id != "" && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

func reversed(s []string) []string {
	s = slices.Clone(s)
	slices.Reverse(s)
	return s
}

// validID is the id, or "" for one that may not stand in a header again as it came.
func validID(id string) string {
	if len(id) > 500 || strings.ContainsAny(id, "<> \t") || strings.IndexFunc(id, unicode.IsControl) >= 0 || strings.IndexFunc(id, func(r rune) bool { return r > 0x7e }) >= 0 {
		return ""
	}
	return id
}
