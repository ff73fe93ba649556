package mailmsg

import (
	"encoding/json"
	"strings"
	"time"

	"goodturn/internal/sanitize"
)

// Report is what "mail parse --json" prints for a file: every key always there,
// empty values as "", [] or null. HTML is sanitised, its pictures left as their
// alternative text.
type Report struct {
	File           string             `json:"file"`
	From           Address            `json:"from"`
	To             []Address          `json:"to"`
	CC             []Address          `json:"cc"`
	ReplyTo        []Address          `json:"reply_to"`
	Subject        string             `json:"subject"`
	Date           string             `json:"date"` // RFC 3339, "" when unknown
	MessageID      string             `json:"message_id"`
	InReplyTo      []string           `json:"in_reply_to"`
	References     []string           `json:"references"`
	Text           string             `json:"text"`
	HTML           string             `json:"html"`
	NewText        string             `json:"new_text"`
	QuotedText     string             `json:"quoted_text"`
	Signature      string             `json:"signature"`
	Forwarded      *ReportForwarded   `json:"forwarded"`
	Attachments    []ReportAttachment `json:"attachments"`
	Kind           string             `json:"kind"`
	Automatic      string             `json:"automatic"`
	Bounces        []Bounce           `json:"bounces"`
	Calendar       *Calendar          `json:"calendar"`
	Language       string             `json:"language"`
	Authentication Authentication     `json:"authentication"`
	Signed         bool               `json:"signed"`
	Encrypted      bool               `json:"encrypted"`
	Warnings       []string           `json:"warnings"`
}

// ReportForwarded is the forwarded original of a Report.
type ReportForwarded struct {
	From    Address   `json:"from"`
	To      []Address `json:"to"`
	CC      []Address `json:"cc"`
	Subject string    `json:"subject"`
	Date    string    `json:"date"`
	Text    string    `json:"text"`
}

// ReportAttachment is an attachment of a Report, without its bytes.
type ReportAttachment struct {
	Name      string `json:"name"`
	Type      string `json:"type"`
	Size      int    `json:"size"`
	SHA256    string `json:"sha256"`
	Inline    bool   `json:"inline"`
	ContentID string `json:"content_id"`
}

// Report makes the report of a message; file is the name to print.
func (m *Message) Report(file string) Report {
	r := Report{
		File: valid(file), From: m.From, To: some(m.To), CC: some(m.CC), ReplyTo: some(m.ReplyTo), Subject: m.Subject, Date: rfc3339(m.Date),
		MessageID: m.MessageID, InReplyTo: some(m.InReplyTo), References: some(m.References), Text: m.Text, NewText: m.NewText, QuotedText: m.QuotedText,
		Signature: m.Signature, Kind: m.Kind, Automatic: m.Automatic, Bounces: some(m.Bounces), Calendar: m.Calendar, Language: m.Language, Authentication: m.Authentication,
		Signed: m.Signed, Encrypted: m.Encrypted, Warnings: some(m.Warnings), Attachments: []ReportAttachment{},
	}
	if m.HTML != "" {
		r.HTML = sanitize.Mail(m.HTML, nil)
	}
	if f := m.Forwarded; f != nil {
		r.Forwarded = &ReportForwarded{From: f.From, To: some(f.To), CC: some(f.CC), Subject: f.Subject, Date: rfc3339(f.Date), Text: f.Text}
	}
	for _, a := range m.Attachments {
		r.Attachments = append(r.Attachments, ReportAttachment{a.Name, a.Type, a.Size, a.SHA256, a.Inline, a.ContentID})
	}
	return r
}

// JSON is the report as one JSON object without a line end.
func (m *Message) JSON(file string) ([]byte, error) { return json.Marshal(m.Report(file)) }

func some[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func valid(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }

func rfc3339(t time.Time) string {
	if t.IsZero() || t.Year() < 0 || t.Year() > 9999 {
		return ""
	}
	return t.Format(time.RFC3339)
}
