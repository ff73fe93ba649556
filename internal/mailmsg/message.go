// Package mailmsg reads and writes e-mail: pure functions over bytes, without
// network, database or any word of what the mail is used for.
//
// [Parse] takes a raw message as the world sends it and always gives a
// [Message]; [Compose] makes a well-formed mail of an [Outgoing]. In between
// stand the rules that decide what a person wrote now and what they quote, who
// a forwarded mail came from, and whether a machine sent it.
//
// Invariants:
//   - Parse never fails, never panics, takes less than a second and little more
//     memory than the mail itself. What could not be read is said in
//     Message.Warnings; Broken is true when the raw file should be kept instead.
//   - Attachments hold the decoded bytes as they were sent.
//   - Nothing here decides anything by a help desk's rules.
//
// An example:
//
//	m := mailmsg.Parse(raw)
//	if m.Kind == mailmsg.KindMessage && m.Automatic == "" {
//		fmt.Println(m.From, m.NewText)
//	}
//
// The MIME tree is read by a reader of our own (entity.go) and not by a library:
// one pass over the bytes is what keeps a hostile nesting linear.
package mailmsg

import "time"

// Kinds of mail by what it is for.
const (
	KindMessage  = "message"         // written for a reader; list and bulk mail too
	KindBounce   = "bounce"          // a delivery report of any outcome (RFC 3464)
	KindReply    = "auto_reply"      // a vacation or other automatic answer (RFC 3834)
	KindFeedback = "feedback_report" // an abuse or authentication report (RFC 5965)
	KindCalendar = "calendar"        // an invitation or an answer to one (RFC 5546)
)

// Marks of mail that no person sent one by one.
const (
	AutomaticList = "list" // distributed by a mailing list (RFC 2919, 2369)
	AutomaticBulk = "bulk" // sent to many
	AutomaticAuto = "auto" // sent by a machine (RFC 3834)
)

// Message is one mail, read.
type Message struct {
	From        Address
	To, CC      []Address
	ReplyTo     []Address
	Subject     string
	Date        time.Time // zero when the mail has none that can be read
	MessageID   string    // without <>
	InReplyTo   []string  // ids without <>
	References  []string  // ids without <>, oldest first
	Text        string    // best plain text of the whole, lines ended by \n
	HTML        string    // as sent, hostile; see package sanitize; "" when the mail has none
	NewText     string    // what the sender wrote now
	QuotedText  string    // what they quoted
	Signature   string
	Forwarded   *Forwarded // nil unless the mail hands on another one
	Attachments []Attachment
	Kind        string // one of the Kind constants
	Automatic   string // "" or one of the Automatic constants
	Bounces     []Bounce
	ReportedID  string    // Message-ID (without <>) of the mail that a bounce or feedback report is about
	Notice      bool      // the bounce tells of a delay or of success only: nothing is lost
	Calendar    *Calendar // nil unless the mail carries an invitation or an answer to one
	Language    string    // ISO 639-1 code of the text, "" when it cannot be told

	Authentication Authentication
	Signed         bool // carries a PGP or S/MIME signature (not checked here)
	Encrypted      bool
	Crypto         string   // CryptoPGP or CryptoSMIME when the mail is signed or encrypted, else ""
	Warnings       []string // what could not be read, in plain English
	Broken         bool     // nothing usable came out: keep the raw file
}

// Address is a mailbox of a header, decoded. Either field may be empty.
type Address struct {
	Name    string `json:"name"`
	Address string `json:"address"`
}

// Attachment is one file that came with the mail.
type Attachment struct {
	Name      string // as sent, without folders and control characters; never empty
	Type      string // media type, lower case
	Size      int    // bytes, decoded
	SHA256    string // of the decoded bytes, hexadecimal
	Inline    bool   // shown within the text
	ContentID string // without <>
	Data      []byte
}

// Forwarded is the original inside a forwarded mail: the innermost one, whose
// sender first asked.
type Forwarded struct {
	From    Address
	To, CC  []Address
	Subject string
	Date    time.Time // zero when it cannot be read
	Text    string
}

// Bounce tells what became of one recipient.
type Bounce struct {
	Recipient string `json:"recipient"`
	Status    string `json:"status"`     // enhanced code such as "5.1.1" (RFC 3463); a detail above 900 is ours, see bounce_code.go; or ""
	ReplyCode string `json:"reply_code"` // SMTP reply such as "550", or ""
	Reason    string `json:"reason"`     // one word, see bounce_reason.go
	Hard      bool   `json:"hard"`       // the address will never work
}

// Authentication holds the results that the topmost Authentication-Results field
// claims (RFC 8601): "pass", "fail", "none" and so on, or "" when it says nothing.
// Whether that field may be believed is for the caller, who knows its own servers.
type Authentication struct {
	SPF   string `json:"spf"`
	DKIM  string `json:"dkim"`
	DMARC string `json:"dmarc"`
}

// Limits that keep any input cheap. They are far above what real mail needs.
const (
	maxParts      = 1000     // MIME parts that are looked at
	maxDepth      = 120      // nested multiparts
	maxFields     = 2000     // header fields of one part
	maxFieldSize  = 64 << 10 // bytes of one field
	maxDecoded    = 40 << 20 // bytes that decoding may produce in all
	maxText       = 1 << 20  // bytes of text of a part that are read as text
	maxLines      = 50000    // lines of text of a part
	maxAddresses  = 2000     // mailboxes of one field
	maxReferences = 200      // ids that are kept of References
	maxWarnings   = 50
)

func (m *Message) warn(text string) {
	if len(m.Warnings) >= maxWarnings {
		return
	}
	for _, w := range m.Warnings {
		if w == text {
			return
		}
	}
	m.Warnings = append(m.Warnings, text)
}
