package mailbox

import (
	"context"
	"errors"

	"goodturn/internal/i18n"
	"goodturn/internal/transport/dial"
	"goodturn/internal/transport/imap"
	"goodturn/internal/transport/smtp"
)

// Finding is what came of trying one part of a mailbox.
type Finding struct {
	What  string // "receiving" or "sending"
	OK    bool
	Words i18n.Text // what is well, or what is wrong and what would be right
}

// Check tries the accounts of a mailbox, saved or not, and says in plain words how it went. It sends
// and fetches nothing.
func (p *Post) Check(ctx context.Context, m Mailbox) []Finding {
	m.tidy()
	return []Finding{p.checkReceiving(ctx, m), p.checkSending(ctx, m)}
}

func (p *Post) checkReceiving(ctx context.Context, m Mailbox) Finding {
	f := Finding{What: "receiving"}
	if m.Receiving.Host == "" {
		f.OK, f.Words = true, i18n.M("No account to fetch mail from is set. Mail to {{.Address}} must come by the listener or the pipe.", "Address", m.Address)
		return f
	}
	if err := imap.Check(ctx, p.imapAccount(m.Receiving)); err != nil {
		f.Words = problem(err)
		return f
	}
	f.OK, f.Words = true, i18n.M("Signed in to {{.Host}} as {{.User}}, and the folder {{.Folder}} is there.", "Host", m.Receiving.Host, "User", m.Receiving.User, "Folder", orInbox(m.Receiving.Folder))
	return f
}

func (p *Post) checkSending(ctx context.Context, m Mailbox) Finding {
	f := Finding{What: "sending"}
	s := m.Sending
	if s.Host == "" {
		s = p.Default.Sending
	}
	if s.Host == "" {
		f.Words = i18n.M("No account to send through is set, neither here nor for the whole desk. Answers to {{.Address}} cannot go out by mail.", "Address", m.Address)
		return f
	}
	if err := smtp.Check(ctx, p.smtpAccount(s)); err != nil {
		f.Words = problem(err)
		return f
	}
	f.OK, f.Words = true, i18n.M("{{.Host}} is ready to send.", "Host", s.Host)
	return f
}

// problem gives the words of an error of the transports.
func problem(err error) i18n.Text {
	if d := (*dial.Problem)(nil); errors.As(err, &d) {
		return d.Text
	}
	return i18n.M("Something unexpected went wrong: {{.Error}}", "Error", err.Error())
}

func (p *Post) imapAccount(r Receiving) imap.Account {
	return imap.Account{Host: r.Host, Port: r.Port, Security: r.Security, User: r.User, Password: r.Password.Reveal(), Folder: r.Folder, RootCAs: p.RootCAs}
}

func (p *Post) smtpAccount(s Sending) smtp.Account {
	return smtp.Account{Host: s.Host, Port: s.Port, Security: s.Security, User: s.User, Password: s.Password.Reveal(), HELO: p.Domain, RootCAs: p.RootCAs}
}
