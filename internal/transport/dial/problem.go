package dial

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"syscall"

	"goodturn/internal/i18n"
)

// Kind says what sort of thing is wrong, for code that has to decide.
type Kind string

// The kinds of problems.
const (
	HostUnknown   Kind = "host_unknown"   // the name does not exist
	NoAnswer      Kind = "no_answer"      // nobody listens, or nothing comes back
	Certificate   Kind = "certificate"    // it is for another name, expired, or signed by nobody known
	WrongSecurity Kind = "wrong_security" // TLS was expected and is not spoken here, or the other way round
	Refused       Kind = "refused"        // user name or password
	Consent       Kind = "consent"        // somebody has to agree at the provider, or to agree again
	Exposed       Kind = "exposed"        // the password would have travelled in the clear
	NoLogin       Kind = "no_login"       // the server offers no way to sign in that is known here
	NoFolder      Kind = "no_folder"      // the folder does not exist
	Lost          Kind = "lost"           // the connection ended in the middle
	Answer        Kind = "answer"         // the server answered something else than yes
	Other         Kind = "other"          // anything else, in its own words
)

// Problem is why a server cannot be used, in words for an administrator.
type Problem struct {
	Kind Kind
	Text i18n.Text // one or two sentences: what is wrong and, where it can be known, what would be right
	Err  error     // what the machine said; for logs
}

// Error is the text in English.
func (p *Problem) Error() string { return p.Text.String() }

// Unwrap gives what the machine said.
func (p *Problem) Unwrap() error { return p.Err }

// Explain turns an error of the network or of TLS into a Problem. It gives back an error that is one already, and the end
// of the caller's context as it is.
func Explain(ctx context.Context, t Target, err error) error {
	if err == nil {
		return nil
	}
	if p := (*Problem)(nil); errors.As(err, &p) {
		return err
	}
	if errors.Is(ctx.Err(), context.Canceled) {
		return ctx.Err()
	}
	kind, text := explain(t, err)
	return &Problem{Kind: kind, Text: text, Err: err}
}

func explain(t Target, err error) (Kind, i18n.Text) {
	if kind, text, ok := explainCertificate(t, err); ok {
		return kind, text
	}
	var dns *net.DNSError
	var header tls.RecordHeaderError
	switch {
	case errors.As(err, &dns) && dns.IsNotFound:
		return HostUnknown, i18n.M("The host {{.Host}} does not exist. Please check its spelling.", "Host", t.Host)
	case errors.As(err, &dns):
		return HostUnknown, i18n.M("The name server gives no answer for the host {{.Host}}.", "Host", t.Host)
	case errors.Is(err, syscall.ECONNREFUSED):
		return NoAnswer, i18n.M("Nothing answers on port {{.Port}} of {{.Host}}. Please check the port, and that the mail server runs.", "Port", t.Port, "Host", t.Host)
	case errors.As(err, &header):
		return WrongSecurity, i18n.M("{{.Host}} does not speak TLS on port {{.Port}}. Please choose STARTTLS, or the port for TLS.", "Port", t.Port, "Host", t.Host)
	case timedOut(err) && t.Security != TLS && (t.Port == 993 || t.Port == 465):
		return WrongSecurity, i18n.M("{{.Host}} says nothing on port {{.Port}}, which is for encryption from the start. Please choose TLS, or the port for STARTTLS.", "Host", t.Host, "Port", t.Port)
	case timedOut(err):
		return NoAnswer, i18n.M("{{.Host}} gives no answer on port {{.Port}}. Please check the port, its encryption, and the firewall.", "Port", t.Port, "Host", t.Host)
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH):
		return NoAnswer, i18n.M("There is no way to {{.Host}} from this machine. Please check the network and the firewall.", "Host", t.Host)
	case IsLost(err):
		return Lost, i18n.M("{{.Host}} ended the connection.", "Host", t.Host)
	}
	return Other, i18n.M("{{.Host}}, port {{.Port}}: {{.Error}}.", "Host", t.Host, "Port", t.Port, "Error", Clean(err.Error()))
}

func timedOut(err error) bool {
	var timeout net.Error
	return errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout()
}

func explainCertificate(t Target, err error) (Kind, i18n.Text, bool) {
	var name x509.HostnameError
	var unknown x509.UnknownAuthorityError
	var invalid x509.CertificateInvalidError
	switch {
	case errors.As(err, &name):
		names := certificateNames(name.Certificate)
		if names == "" {
			return Certificate, i18n.M("The certificate of {{.Host}} names no host at all.", "Host", t.Host), true
		}
		return Certificate, i18n.M("The certificate is for {{.Names}}, not for {{.Host}}. Please use the name that the certificate has.", "Names", names, "Host", t.Host), true
	case errors.As(err, &unknown):
		return Certificate, i18n.M("The certificate of {{.Host}} is signed by nobody this machine knows.", "Host", t.Host), true
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired && invalid.Cert != nil:
		return Certificate, i18n.M("The certificate of {{.Host}} is not valid today, only from {{.From}} to {{.Until}}.",
			"Host", t.Host, "From", invalid.Cert.NotBefore.Format("2006-01-02"), "Until", invalid.Cert.NotAfter.Format("2006-01-02")), true
	case errors.As(err, &invalid):
		return Certificate, i18n.M("The certificate of {{.Host}} is not valid: {{.Error}}.", "Host", t.Host, "Error", Clean(invalid.Error())), true
	}
	return "", i18n.Text{}, false
}

// IsLost tells whether err means that the other end, or the network, ended the connection.
func IsLost(err error) bool {
	for _, end := range []error{io.EOF, io.ErrUnexpectedEOF, net.ErrClosed, io.ErrClosedPipe, syscall.ECONNRESET, syscall.EPIPE, syscall.ECONNABORTED} {
		if errors.Is(err, end) {
			return true
		}
	}
	return false
}

// maxNames bounds how many names of a certificate, or folders, are read out.
const maxNames = 8

func certificateNames(cert *x509.Certificate) string {
	if cert == nil {
		return ""
	}
	names := append([]string(nil), cert.DNSNames...)
	for _, ip := range cert.IPAddresses {
		names = append(names, ip.String())
	}
	if len(names) == 0 && cert.Subject.CommonName != "" {
		names = append(names, cert.Subject.CommonName)
	}
	return List(names)
}

// List reads out names, a few of them when there are many.
func List(names []string) string {
	if len(names) > maxNames {
		return strings.Join(names[:maxNames], ", ") + " …"
	}
	return strings.Join(names, ", ")
}

// Said builds the Problem of a server that answered with text where it should have agreed.
func Said(t Target, text string, err error) *Problem {
	return &Problem{
		Kind: Answer, Err: err,
		Text: i18n.M("{{.Host}} says: {{.Answer}}", "Host", t.Host, "Answer", Clean(text)),
	}
}

// Clean makes foreign text fit for one line of a page: no control characters, no endless answers.
func Clean(text string) string {
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f }), " ")
	text = strings.TrimSuffix(strings.TrimSpace(strings.ToValidUTF8(text, "?")), ".")
	const limit = 300
	if runes := []rune(text); len(runes) > limit {
		return string(runes[:limit]) + " …"
	}
	return text
}
