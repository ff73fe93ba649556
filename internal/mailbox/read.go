package mailbox

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strconv"
	"strings"

	"goodturn/internal/blob"
	"goodturn/internal/i18n"
	"goodturn/internal/mailmsg"
	"goodturn/internal/sanitize"
	"goodturn/internal/spam"
	"goodturn/internal/ticket"
)

// letter is a mail that was read, on its way to a ticket.
type letter struct {
	row      waitingMail
	raw      []byte
	msg      *mailmsg.Message
	dedupe   string
	draft    ticket.Draft
	facts    Facts
	named    []int64 // tickets whose numbers it names
	evidence spam.Evidence
	guard    *guard   // what is set against spam and storms; nil until it is filed
	handed   *handoff // somebody else handed it on; nil for most
	// why the raw file must stand for the mail, in words; zero when it could be read
	unread i18n.Text
}

// maxFiles is how many attachments of one mail are kept by themselves.
const maxFiles = 200

// read reads a mail from its blob and prepares all that needs no transaction.
func (p *Post) read(ctx context.Context, r waitingMail) *letter {
	l := &letter{row: r}
	raw, err := p.rawMail(blob.Ref{SHA256: r.SHA256, Size: r.Size})
	if err != nil {
		p.Log.Error("raw mail could not be read", "mail", r.ID, "error", err)
		l.unread = i18n.M("A mail came in, but the file it was kept in cannot be read any more. Please look at the disk.")
		l.msg, l.dedupe = &mailmsg.Message{Broken: true}, "lost "+strconv.FormatInt(r.ID, 10)
		return l
	}
	l.raw, l.msg = raw, mailmsg.Parse(raw)
	l.dedupe = dedupe(l.msg, r)
	switch {
	case r.Problem != "":
		l.unread = i18n.M("The mail server did not give us the whole of this mail: {{.Problem}}. What came is attached; the mail itself is still in the mailbox there.", "Problem", r.Problem)
	case r.Attempts >= maxAttempts || l.msg.Broken:
		l.unread = i18n.M("This mail could not be read. It is attached as it came.")
	}
	l.draft, l.facts, l.named = p.draft(ctx, l.msg), factsOf(l.msg), namedTickets(l.msg)
	l.facts.Signature = p.signature(l.msg, raw)
	l.evidence = spam.Look(spamMail(raw, l.msg))
	return l
}

func (p *Post) rawMail(ref blob.Ref) ([]byte, error) {
	f, err := p.Blobs.Open(ref)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	raw := make([]byte, ref.Size)
	_, err = io.ReadFull(f, raw)
	return raw, err
}

// dedupe is the same for the same mail: by Message-ID, with sender, date and subject because there are
// programs that give all their mails one id; without a Message-ID by the bytes. What is left of mails that
// did not come whole may look the same, and is no match for the whole mail.
func dedupe(m *mailmsg.Message, r waitingMail) string {
	switch {
	case r.Problem != "" && m.MessageID == "":
		return "part " + strconv.FormatInt(r.ID, 10)
	case m.MessageID == "":
		return "raw " + r.SHA256
	}
	sum := sha256.Sum256([]byte(strings.Join([]string{m.MessageID, strings.ToLower(m.From.Address), strconv.FormatInt(m.Date.Unix(), 10), m.Subject}, "\x00")))
	if r.Problem != "" {
		return "part " + hex.EncodeToString(sum[:])
	}
	return "id " + hex.EncodeToString(sum[:])
}

// draft makes of a mail what a ticket keeps of it. Links of ours are cut out of everything: whoever reads
// the ticket must not get what was mailed to another.
func (p *Post) draft(ctx context.Context, m *mailmsg.Message) ticket.Draft {
	text, rest := m.NewText, []string{m.QuotedText, m.Signature}
	if strings.TrimSpace(text) == "" {
		text, rest = m.Text, nil
	}
	var quoted []string
	for _, part := range rest {
		if strings.TrimSpace(part) != "" {
			quoted = append(quoted, part)
		}
	}
	d := ticket.Draft{
		Text: cut(p.cutLinks(text), ticket.MaxText), Quoted: cut(p.cutLinks(strings.Join(quoted, "\n\n")), ticket.MaxText), HTML: cut(p.cutLinks(m.HTML), sanitize.MaxHTML),
		Channel: ticket.ByMail, RFCMessageID: plainText(cut(m.MessageID, 900)), Automatic: m.Automatic != "" || m.Kind == mailmsg.KindReply,
	}
	if strings.TrimSpace(d.Text) == "" && strings.TrimSpace(d.Quoted) == "" {
		ctx = p.locale(ctx, "", "")
		d.Text = i18n.T(ctx, "(This mail has no text.)")
	}
	return d
}

// storeFiles makes the attachments of a batch durable, all with few flushes, before any row names them.
func (p *Post) storeFiles(ctx context.Context, letters []*letter) error {
	var bodies [][]byte
	for _, l := range letters {
		for _, a := range l.attachments() {
			bodies = append(bodies, a.Data)
		}
	}
	if len(bodies) == 0 {
		return nil
	}
	refs, err := p.Blobs.PutMany(ctx, bodies)
	if err != nil {
		return fmt.Errorf("store attachments: %w", err)
	}
	for _, l := range letters {
		for _, a := range l.attachments() {
			l.draft.Files = append(l.draft.Files, ticket.File{Name: a.Name, Type: a.Type, Ref: refs[0], Inline: a.Inline, ContentID: a.ContentID})
			refs = refs[1:]
		}
	}
	for _, l := range letters {
		if len(l.msg.Attachments) > maxFiles {
			l.draft.Files = append(l.draft.Files, l.rawFile())
		}
	}
	return nil
}

// attachments are the files to keep: none of a mail whose raw file stands for all of it.
func (l *letter) attachments() []mailmsg.Attachment {
	if !l.unread.IsZero() {
		return nil
	}
	return l.msg.Attachments[:min(len(l.msg.Attachments), maxFiles)]
}

// rawFile is the mail as it came, as an attachment.
func (l *letter) rawFile() ticket.File {
	return ticket.File{Name: "mail.eml", Type: "message/rfc822", Ref: blob.Ref{SHA256: l.row.SHA256, Size: l.row.Size}}
}

// cut shortens s to at most limit bytes, between runes.
func cut(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	return strings.ToValidUTF8(s[:limit], "")
}
