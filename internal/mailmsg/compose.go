package mailmsg

import (
	"bytes"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"
	stdmail "net/mail"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/wneessen/go-mail"
	"golang.org/x/net/idna"
)

// Outgoing is a mail to be written.
type Outgoing struct {
	From       Address // required
	To, CC     []Address
	ReplyTo    Address // optional
	Subject    string
	Date       time.Time // required: the caller decides what time it is
	MessageID  string    // required, without <>; fixed so that a second try is the same mail
	InReplyTo  string    // without <>
	References []string  // without <>, oldest first
	Text       string    // plain text form
	HTML       string    // "" for a mail of text alone
	// Unsubscribe is an http(s) address that ends mails like this one: List-Unsubscribe (RFC 2369), and with https the
	// one click of RFC 8058. "" for none.
	Unsubscribe string
	// Calendar is an iCalendar object that programs read as a form of the text (RFC 6047), Method what it asks for, such as "REQUEST"; nil for none.
	Calendar  []byte
	Method    string
	Automatic string // value of Auto-Submitted (RFC 3834 §5), such as "auto-replied"; "" for a person's mail

	// Attachments: those that are Inline and have a ContentID are shown by the HTML
	// (multipart/related), the others follow the text. Name, Type, Data are used.
	Attachments []Attachment
	// Headers are further fields, name to value, written in the order of their names.
	Headers map[string]string
}

// ErrInjection is wrapped by the error of Compose for a field that holds a line
// break or another control character: somebody tries to add header fields.
var ErrInjection = errors.New("control character in a header field")

var fieldNamePattern = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]{0,75}$`)

// reserved fields are written from Outgoing's own fields; Bcc never is.
var reserved = []string{"from", "to", "cc", "bcc", "reply-to", "subject", "date", "message-id", "in-reply-to", "references", "auto-submitted", "x-auto-response-suppress", "mime-version", "content-type", "content-transfer-encoding", "sender", "return-path"}

// Compose writes a mail (RFC 5322, MIME): alternative text and HTML, pictures
// related to the HTML, files mixed with both; CRLF line ends, no line longer than
// 998 bytes. Recipients who must stay hidden are the envelope's affair.
func Compose(out Outgoing) ([]byte, error) {
	if err := out.check(); err != nil {
		return nil, err
	}
	m := mail.NewMsg(mail.WithNoDefaultUserAgent(), mail.WithEncoding(mail.EncodingQP))
	if err := out.addresses(m); err != nil {
		return nil, err
	}
	m.Subject(out.Subject)
	m.SetDateWithValue(out.Date)
	m.SetMessageIDWithValue(out.MessageID)
	if out.InReplyTo != "" {
		m.SetGenHeaderPreformatted(mail.HeaderInReplyTo, "<"+out.InReplyTo+">")
	}
	if len(out.References) > 0 {
		m.SetGenHeaderPreformatted("References", "<"+strings.Join(lastIDs(out.References), ">\r\n <")+">")
	}
	if out.Automatic != "" {
		m.SetGenHeader("Auto-Submitted", out.Automatic)
		m.SetGenHeader("X-Auto-Response-Suppress", "All") // what Exchange and Outlook look at
	}
	if out.Unsubscribe != "" {
		m.SetGenHeaderPreformatted("List-Unsubscribe", "<"+out.Unsubscribe+">")
		if strings.HasPrefix(out.Unsubscribe, "https://") {
			m.SetGenHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
		}
	}
	for name, value := range out.Headers {
		m.SetGenHeader(mail.Header(name), value)
	}
	out.body(m)
	var b bytes.Buffer
	if _, err := m.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("write mail: %w", err)
	}
	raw := crlf(b.Bytes())
	if n := longestLine(raw); n > 998 {
		return nil, fmt.Errorf("compose mail: a line of %d bytes is too long to be sent", n)
	}
	return raw, nil
}

// lastIDs keeps the oldest and the newest ids, so that the field stays a size
// that every server takes.
func lastIDs(ids []string) []string {
	const most = 30
	if len(ids) <= most {
		return ids
	}
	return append([]string{ids[0]}, ids[len(ids)-most+1:]...)
}

func (out *Outgoing) check() error {
	if out.From.Address == "" || out.MessageID == "" || out.Date.IsZero() {
		return errors.New("compose mail: From, MessageID and Date are required")
	}
	fields := []struct{ name, value string }{
		{"Subject", out.Subject},
		{"Message-ID", out.MessageID},
		{"In-Reply-To", out.InReplyTo},
		{"Auto-Submitted", out.Automatic},
		{"List-Unsubscribe", out.Unsubscribe},
		{"Content-Type", out.Method},
		{"From", out.From.Name + out.From.Address},
		{"Reply-To", out.ReplyTo.Name + out.ReplyTo.Address},
	}
	for _, a := range slices.Concat(out.To, out.CC) {
		fields = append(fields, struct{ name, value string }{"To or Cc", a.Name + a.Address})
	}
	for _, a := range out.Attachments {
		fields = append(fields, struct{ name, value string }{"attachment", a.Name + a.Type + a.ContentID})
	}
	for name, value := range out.Headers {
		if !fieldNamePattern.MatchString(name) || slices.Contains(reserved, strings.ToLower(name)) {
			return fmt.Errorf("compose mail: %q may not be set as an extra field", name)
		}
		fields = append(fields, struct{ name, value string }{name, value})
	}
	for _, f := range fields {
		if strings.IndexFunc(f.value, unicode.IsControl) >= 0 {
			return fmt.Errorf("compose mail: %s: %w", f.name, ErrInjection)
		}
	}
	for _, id := range append([]string{out.MessageID, out.InReplyTo}, out.References...) {
		if strings.ContainsAny(id, "<> \t") || strings.IndexFunc(id, unicode.IsControl) >= 0 {
			return fmt.Errorf("compose mail: message id %q: %w", id, ErrInjection)
		}
	}
	return nil
}

func (out *Outgoing) addresses(m *mail.Msg) error {
	from, err := standardAddress(out.From)
	if err != nil {
		return fmt.Errorf("compose mail: From: %w", err)
	}
	m.FromMailAddress(from)
	to, err := standardAddresses(out.To)
	if err != nil {
		return fmt.Errorf("compose mail: To: %w", err)
	}
	cc, err := standardAddresses(out.CC)
	if err != nil {
		return fmt.Errorf("compose mail: Cc: %w", err)
	}
	if len(to) > 0 {
		m.ToMailAddress(to...)
	}
	if len(cc) > 0 {
		m.CcMailAddress(cc...)
	}
	if out.ReplyTo.Address != "" {
		reply, err := standardAddress(out.ReplyTo)
		if err != nil {
			return fmt.Errorf("compose mail: Reply-To: %w", err)
		}
		m.ReplyToMailAddress(reply)
	}
	return nil
}

func standardAddresses(list []Address) ([]*stdmail.Address, error) {
	var all []*stdmail.Address
	for _, a := range list {
		s, err := standardAddress(a)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}

func standardAddress(a Address) (*stdmail.Address, error) {
	address := a.Address
	if at := strings.LastIndexByte(address, '@'); at >= 0 {
		// A domain in its own letters would need servers that know RFC 6531 all the way; in ASCII it is the same domain.
		if domain, err := idna.Lookup.ToASCII(address[at+1:]); err == nil {
			address = address[:at+1] + domain
		}
	}
	parsed, err := stdmail.ParseAddress("<" + address + ">")
	if err != nil {
		return nil, fmt.Errorf("%q is no mail address: %w", a.Address, err)
	}
	return &stdmail.Address{Name: a.Name, Address: parsed.Address}, nil
}

func (out *Outgoing) body(m *mail.Msg) {
	m.SetBodyString(mail.TypeTextPlain, out.Text)
	if out.HTML != "" {
		m.AddAlternativeString(mail.TypeTextHTML, out.HTML)
	}
	if out.Calendar != nil {
		m.AddAlternativeString(mail.ContentType("text/calendar; method="+out.Method), string(out.Calendar))
	}
	for _, a := range out.Attachments {
		name := a.Name
		if name == "" {
			name = "attachment"
		}
		typ := a.Type
		if typ == "" {
			typ = typeByName(name)
		}
		options := []mail.FileOption{mail.WithFileContentType(mail.ContentType(typ))}
		if a.Inline && a.ContentID != "" && out.HTML != "" {
			m.EmbedReadSeeker(name, bytes.NewReader(a.Data), append(options, mail.WithFileContentID("<"+a.ContentID+">"))...)
			continue
		}
		m.AttachReadSeeker(name, bytes.NewReader(a.Data), options...)
	}
}

// crlf makes every line end CRLF.
func crlf(b []byte) []byte {
	if bytes.Count(b, []byte("\n")) == bytes.Count(b, []byte("\r\n")) && bytes.Count(b, []byte("\r")) == bytes.Count(b, []byte("\r\n")) {
		return b
	}
	b = bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n"))
	b = bytes.ReplaceAll(b, []byte("\r"), []byte("\n"))
	return bytes.ReplaceAll(b, []byte("\n"), []byte("\r\n"))
}

func longestLine(b []byte) int {
	longest := 0
	for line := range bytes.Lines(b) {
		longest = max(longest, len(bytes.TrimRight(line, "\r\n")))
	}
	return longest
}

// NewMessageID makes a Message-ID without <>: the caller's token, which may be
// empty, and 80 random bits, at the domain. Characters that an id may not hold
// become dashes.
func NewMessageID(token, domain string) string {
	var random [10]byte
	_, _ = rand.Read(random[:]) // never fails (crypto/rand)
	id := strings.ToLower(base32.StdEncoding.EncodeToString(random[:]))
	if token != "" {
		id = token + "." + id
	}
	if domain == "" {
		domain = "localhost"
	}
	return idSafe(id) + "@" + idSafe(domain)
}

func idSafe(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune(".-_+=", r)) {
			return r
		}
		return '-'
	}, s)
}
