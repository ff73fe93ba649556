package app

import (
	"context"
	"fmt"
	"strings"

	"goodturn/internal/i18n"
	"goodturn/internal/mailbox"
	"goodturn/internal/notice"
)

// mailNotice sends what somebody is told.
func (a *App) mailNotice(ctx context.Context, m notice.Mail) error {
	d := mailbox.Digest{PersonID: m.PersonID, Key: m.Key, ChoicePath: "/account/notices"}
	switch {
	case m.Form == notice.AtOnce && m.Ticket != 0:
		d.Thread = fmt.Sprintf("ticket.%d.%d", m.Ticket, m.PersonID)
		d.Write = func(ctx context.Context) mailbox.DigestText { return oneTicket(ctx, m) }
	default:
		d.Write = func(ctx context.Context) mailbox.DigestText { return manyTickets(ctx, m) }
	}
	return a.Post.MailDigest(ctx, d)
}

// oneTicket is a mail about one ticket. Its subject is always the same, so that mail programs show such mails together.
func oneTicket(ctx context.Context, m notice.Mail) mailbox.DigestText {
	return mailbox.DigestText{Subject: m.Notices[0].About(), Sections: []mailbox.DigestSection{{Lines: noticeLines(ctx, m)}}, Why: whyTold(ctx, m)}
}

// manyTickets is a mail about several things.
func manyTickets(ctx context.Context, m notice.Mail) mailbox.DigestText {
	says := mailbox.DigestText{Subject: i18n.N(ctx, "{{.Count}} thing waits for you", "{{.Count}} things wait for you", len(m.Notices)), Why: whyTold(ctx, m)}
	s := mailbox.DigestSection{Lines: noticeLines(ctx, m)}
	if len(s.Lines) == 1 {
		says.Subject = strings.TrimSuffix(s.Lines[0].Text+": "+s.Lines[0].About, ": ")
	}
	if m.More {
		s.More, s.MorePath = i18n.T(ctx, "There is more on your page."), "/notices"
	}
	says.Sections = []mailbox.DigestSection{s}
	return says
}

func noticeLines(ctx context.Context, m notice.Mail) []mailbox.DigestLine {
	out := make([]mailbox.DigestLine, len(m.Notices))
	for i, n := range m.Notices {
		out[i] = mailbox.DigestLine{Text: n.Words(ctx), About: n.About(), Path: n.Path()}
	}
	return out
}

// whyTold says why they get a mail: what is said of one kind of notice, or of several.
func whyTold(ctx context.Context, m notice.Mail) string {
	for _, n := range m.Notices {
		if n.Kind != m.Notices[0].Kind {
			return i18n.T(ctx, "You get this because you chose to be told by mail.")
		}
	}
	return m.Notices[0].Kind.Why(ctx)
}
