package mailbox

import (
	"context"
	"errors"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/transport/dial"
	"goodturn/internal/transport/imap"
	"goodturn/internal/transport/oauth"
	"goodturn/internal/transport/smtp"
)

// Finding is what came of trying one part of a mailbox.
type Finding struct {
	What  string // "receiving" or "sending"
	OK    bool
	Words i18n.Text // what is well, or what is wrong and what would be right
	// Folders are all that there are on the server, for a choice; none where that was not found out.
	Folders []string
}

// Check tries the accounts of a mailbox, saved or not, and says in plain words how it went. It sends
// and fetches nothing.
func (p *Post) Check(ctx context.Context, m Mailbox) []Finding {
	m.tidy()
	source, err := p.tokensFor(ctx, m)
	if err != nil {
		return []Finding{{What: "receiving", Words: problem(err)}, {What: "sending", Words: problem(err)}}
	}
	m.giveTokens(source)
	return []Finding{p.checkReceiving(ctx, m), p.checkSending(ctx, m)}
}

func (p *Post) checkReceiving(ctx context.Context, m Mailbox) Finding {
	f := Finding{What: "receiving"}
	if m.Receiving.Host == "" {
		f.OK, f.Words = true, i18n.M("No account to fetch mail from is set. Mail to {{.Address}} must come by the listener or the pipe.", "Address", m.Address)
		return f
	}
	names := m.Receiving.folders()
	all, err := imap.Inspect(ctx, p.imapAccount(m.Receiving, names[0]), names)
	f.Folders = all
	if err != nil {
		f.Words = problem(err)
		return f
	}
	f.OK = true
	if len(names) == 1 {
		f.Words = i18n.M("Signed in to {{.Host}} as {{.User}}, and the folder {{.Folder}} is there.", "Host", m.Receiving.Host, "User", m.Receiving.User, "Folder", names[0])
	} else {
		f.Words = i18n.M("Signed in to {{.Host}} as {{.User}}, and the folders {{.Folders}} are there.", "Host", m.Receiving.Host, "User", m.Receiving.User, "Folders", dial.List(names))
	}
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

// tokensFor gives the tokens of a mailbox as it is typed, which are those of the stored one when nothing that matters for them differs.
func (p *Post) tokensFor(ctx context.Context, m Mailbox) (*oauth.Source, error) {
	if m.OAuth.Provider == Password {
		return nil, nil
	}
	if m.ID != 0 {
		var was Mailbox
		err := p.DB.Read(ctx, func(tx *db.Tx) (err error) {
			was, err = p.Get(ctx, tx, m.ID)
			return err
		})
		if err != nil {
			return nil, err
		}
		m.keepOAuth(was)
		if m.OAuth == was.OAuth {
			return p.tokensOf(m.ID, was.OAuth), nil
		}
	}
	if m.OAuth.AsApp {
		return oauth.New(m.OAuth.client(), nil, nil), nil
	}
	return nil, m.OAuth.client().NotConnected()
}

func (p *Post) imapAccount(r Receiving, folder string) imap.Account {
	return imap.Account{Host: r.Host, Port: r.Port, Security: r.Security, User: r.User, Password: r.Password.Reveal(), Tokens: r.tokens, Folder: folder, RootCAs: p.RootCAs}
}

func (p *Post) smtpAccount(s Sending) smtp.Account {
	return smtp.Account{Host: s.Host, Port: s.Port, Security: s.Security, User: s.User, Password: s.Password.Reveal(), Tokens: s.tokens, HELO: p.Domain, RootCAs: p.RootCAs}
}
