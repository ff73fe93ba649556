package smtp

import (
	"bytes"
	"context"
	"errors"
	"strings"

	"github.com/emersion/go-smtp"
	"golang.org/x/net/idna"
)

// Send delivers one mail. The error is an *Error; nobody was sent the mail then, unless it is Uncertain.
func (c *Conn) Send(ctx context.Context, e Envelope, raw []byte) (Result, error) {
	stop := context.AfterFunc(ctx, func() { c.conn.Close() })
	result, err := c.send(ctx, e, canonical(raw))
	if !stop() {
		c.spent = true
	}
	if err == nil {
		return result, nil
	}
	var failed *Error
	if !errors.As(err, &failed) {
		failed = failure(ctx, c.target, StageMail, err)
	}
	c.recover(failed)
	return Result{Refused: result.Refused}, failed
}

// recover makes the connection ready for the next mail after a failure, or gives it up.
func (c *Conn) recover(e *Error) {
	said := (*smtp.SMTPError)(nil)
	if c.spent || !errors.As(e.Err, &said) || said.Code == 421 || c.client.Reset() != nil {
		c.spent = true
	}
}

func (c *Conn) send(ctx context.Context, e Envelope, raw []byte) (Result, error) {
	var result Result
	utf8, _ := c.client.Extension("SMTPUTF8")
	from, err := address(e.From, utf8)
	if err != nil {
		err.Stage = StageMail
		return result, err
	}
	opts := &smtp.MailOptions{Size: int64(len(raw)), UTF8: utf8 && international(e, raw)}
	if err := c.client.Mail(from, opts); err != nil {
		return result, failure(ctx, c.target, StageMail, err)
	}
	for _, to := range e.To {
		if err := c.rcpt(ctx, to, utf8); err == nil {
			result.Accepted = append(result.Accepted, to)
		} else if result.Refused = append(result.Refused, Refusal{to, err}); err.Code == 0 || err.Code == 421 {
			return result, err
		}
	}
	if len(result.Accepted) == 0 {
		return result, nobody(result.Refused)
	}
	result.Response, err = c.data(ctx, raw)
	if err != nil {
		return result, err
	}
	return result, nil
}

func (c *Conn) rcpt(ctx context.Context, to string, utf8 bool) *Error {
	ascii, err := address(to, utf8)
	if err != nil {
		return err
	}
	if err := c.client.Rcpt(ascii, nil); err != nil {
		return failure(ctx, c.target, StageRcpt, err)
	}
	return nil
}

func (c *Conn) data(ctx context.Context, raw []byte) (string, *Error) {
	w, err := c.client.Data()
	if err != nil {
		return "", failure(ctx, c.target, StageData, err)
	}
	if _, err := w.Write(raw); err != nil {
		// The final dot was not written, so the server has to forget the mail (RFC 5321 §4.1.1.4).
		return "", failure(ctx, c.target, StageData, err)
	}
	reply, err := w.CloseWithResponse()
	if err != nil {
		e := failure(ctx, c.target, StageData, err)
		e.Uncertain = e.Code == 0
		return "", e
	}
	return reply.StatusText, nil
}

// nobody is the error of a mail without accepted recipients: the first refusal, or the first that may change.
func nobody(refused []Refusal) *Error {
	if len(refused) == 0 {
		return &Error{Code: 554, Enhanced: "5.5.1", Text: "No recipients", Stage: StageRcpt, Err: &smtp.SMTPError{Code: 554}}
	}
	for _, r := range refused {
		if r.Err.Temporary {
			return r.Err
		}
	}
	return refused[0].Err
}

// address makes an address fit for the wire: the domain as in DNS (RFC 5891), and nothing that could end the command.
// A local part beyond ASCII needs a server that knows RFC 6531.
func address(addr string, utf8 bool) (string, *Error) {
	if addr == "" {
		return "", nil
	}
	bad := func(enhanced, text string) (string, *Error) {
		e := &smtp.SMTPError{Code: 553, Message: text}
		return "", &Error{Code: 553, Enhanced: enhanced, Text: text, Stage: StageRcpt, Err: e}
	}
	at := strings.LastIndexByte(addr, '@')
	if at < 1 || at == len(addr)-1 || strings.ContainsFunc(addr, func(r rune) bool { return r <= ' ' || r == 0x7f || r == '<' || r == '>' }) {
		return bad("5.1.3", "Not an address: "+strings.ToValidUTF8(strings.Map(printable, addr), "?"))
	}
	local, domain := addr[:at], addr[at+1:]
	if !utf8 && !isASCII(local) {
		return bad("5.6.7", "The mail server cannot send to addresses with letters beyond ASCII: "+addr)
	}
	if !isASCII(domain) {
		ascii, err := idna.Lookup.ToASCII(domain)
		if err != nil {
			return bad("5.1.2", "Not a domain: "+domain)
		}
		domain = ascii
	}
	return local + "@" + domain, nil
}

func printable(r rune) rune {
	if r < ' ' || r == 0x7f {
		return ' '
	}
	return r
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= 0x80 })
}

// international tells whether the envelope or the header needs RFC 6531.
func international(e Envelope, raw []byte) bool {
	for _, addr := range append([]string{e.From}, e.To...) {
		if local, _, _ := strings.Cut(addr, "@"); !isASCII(local) {
			return true
		}
	}
	header, _, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	return bytes.ContainsFunc(header, func(r rune) bool { return r >= 0x80 })
}

// canonical ends every line with CRLF. A bare CR or LF in a mail is what lets it be read as two by the next server.
func canonical(raw []byte) []byte {
	if !hasBare(raw) {
		return raw
	}
	out := make([]byte, 0, len(raw)+len(raw)/32)
	for i, b := range raw {
		switch {
		case b == '\n' && i > 0 && raw[i-1] == '\r':
			continue // its CR has become CRLF
		case b == '\r' || b == '\n':
			out = append(out, '\r', '\n')
		default:
			out = append(out, b)
		}
	}
	return out
}

func hasBare(raw []byte) bool {
	for i, b := range raw {
		if b == '\r' && (i+1 == len(raw) || raw[i+1] != '\n') || b == '\n' && (i == 0 || raw[i-1] != '\r') {
			return true
		}
	}
	return false
}
