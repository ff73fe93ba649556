// Package smtp hands mail to a submission server (RFC 6409), over TLS or STARTTLS and with a password where one is set.
//
// What a queue needs to know is in the answer: which recipients were accepted, and for everything else an *Error that
// says whether trying again makes sense and whether the mail may have been sent nevertheless.
//
//	result, err := smtp.Send(ctx, account, smtp.Envelope{From: "help@example.org", To: []string{"ann@example.com"}}, raw)
//	for _, r := range result.Refused { … } // others were accepted
//	if e := (*smtp.Error)(nil); errors.As(err, &e) && !e.Temporary { … } // give up, e.Text says why
//
// Send is for a single mail, Conn and Pool are for many.
//
// Invariants: a password is never sent over a connection that others can listen to; a mail is reported as sent only
// after the server's 250; a reply that never came is Uncertain, never a failure for good.
package smtp

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"strings"

	"github.com/emersion/go-smtp"

	"goodturn/internal/transport/dial"
	"goodturn/internal/transport/oauth"
)

// Account is how to reach a submission server.
type Account struct {
	Host     string
	Port     int // 465 for TLS, 587 for STARTTLS
	Security dial.Security
	User     string // empty: do not sign in
	Password string
	Tokens   *oauth.Source // to sign in with instead of Password; nil: with Password
	// HELO is what this machine calls itself; "localhost" when empty.
	HELO               string
	RootCAs            *x509.CertPool // nil: those of the system
	InsecureSkipVerify bool
}

func (a Account) target() dial.Target {
	return dial.Target{Host: a.Host, Port: a.Port, Security: a.Security, RootCAs: a.RootCAs, InsecureSkipVerify: a.InsecureSkipVerify}
}

// Envelope says from whom and to whom, whatever the header of the mail says.
type Envelope struct {
	From string // the return path; empty: nobody wants to hear of failures
	To   []string
}

// Refusal is one recipient the server did not accept.
type Refusal struct {
	Address string
	Err     *Error
}

// Result is what became of the recipients of a mail. When Send returns an error nobody was sent the mail, and Accepted
// is empty.
type Result struct {
	Accepted []string
	Refused  []Refusal // try those again whose error is Temporary
	Response string    // the server's last words, often with its queue id
}

// Stage is where a delivery stood.
type Stage string

// The stages in their order.
const (
	StageConnect Stage = "connect" // network, encryption, greeting
	StageAuth    Stage = "auth"    // signing in
	StageMail    Stage = "mail"    // the sender
	StageRcpt    Stage = "rcpt"    // the recipients
	StageData    Stage = "data"    // the text
)

// Error is why a mail, or a recipient, was not accepted.
type Error struct {
	Code     int    // of RFC 5321, such as 550; 0 when the server said nothing
	Enhanced string // of RFC 3463, such as "5.1.1"; empty when unknown
	Text     string // the server's words, or plain words about the connection
	// Temporary says that the same mail may be accepted later. What is wrong with the account, such as a refused
	// password, is temporary too: the mail is not to blame, and goes out as soon as the account is mended.
	Temporary bool
	// Uncertain says that the mail was handed over but the answer was lost: it may have been sent.
	Uncertain bool
	Stage     Stage
	Err       error // the cause; a *dial.Problem when it concerns the connection or the account
}

// Error is code and text in one line.
func (e *Error) Error() string {
	var parts []string
	if e.Code != 0 {
		parts = append(parts, fmt.Sprint(e.Code))
	}
	if e.Enhanced != "" {
		parts = append(parts, e.Enhanced)
	}
	return strings.Join(append(parts, e.Text), " ")
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// accountCodes are replies that speak of the account or the connection although they come to a mail: sign in first, a
// password change is due, encrypt first (RFC 4954 §6).
var accountCodes = map[int]bool{530: true, 534: true, 535: true, 538: true}

// failure classifies an error of one stage.
func failure(ctx context.Context, t dial.Target, stage Stage, err error) *Error {
	if e := (*Error)(nil); errors.As(err, &e) {
		return e
	}
	if p := (*dial.Problem)(nil); errors.As(err, &p) {
		failed := &Error{Text: p.Error(), Temporary: true, Stage: stage, Err: p}
		if e := (*smtp.SMTPError)(nil); errors.As(p.Err, &e) {
			failed.Code, failed.Enhanced = e.Code, enhanced(e)
		}
		return failed
	}
	if e := (*smtp.SMTPError)(nil); errors.As(err, &e) {
		return &Error{
			Code: e.Code, Enhanced: enhanced(e), Text: strings.ReplaceAll(e.Message, "\n", " "),
			Temporary: e.Code/100 != 5 || accountCodes[e.Code], Stage: stage, Err: err,
		}
	}
	explained := dial.Explain(ctx, t, err)
	return &Error{Text: explained.Error(), Temporary: true, Stage: stage, Err: explained}
}

func enhanced(e *smtp.SMTPError) string {
	c := e.EnhancedCode
	if c == smtp.EnhancedCodeNotSet || c == smtp.NoEnhancedCode {
		return ""
	}
	return fmt.Sprintf("%d.%d.%d", c[0], c[1], c[2])
}

// Send delivers one mail over a connection of its own. The error is an *Error.
func Send(ctx context.Context, a Account, e Envelope, raw []byte) (Result, error) {
	conn, err := Dial(ctx, a)
	if err != nil {
		return Result{}, err
	}
	defer conn.Close()
	return conn.Send(ctx, e, raw)
}
