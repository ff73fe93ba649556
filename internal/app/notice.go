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
	d := mailbox.Digest{PersonID: m.PersonID, Key: m.Key, ChoicePath: "/account/notices", StopPath: "/notices/stop/" + notice.StopToken(a.Key, m.PersonID, m.Stops())}
	switch {
	case m.Form == notice.Overall:
		d.Write = func(ctx context.Context) mailbox.DigestText { return overviewText(ctx, m) }
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

// overviewText is the mail that is enough for who is not here every day.
func overviewText(ctx context.Context, m notice.Mail) mailbox.DigestText {
	says := mailbox.DigestText{
		Subject: i18n.T(ctx, "What waits for you, {{.Date}}", "Date", i18n.Date(ctx, m.Now)),
		Why:     i18n.T(ctx, "You get this overview because you asked for it. What you have read or were mailed before is left out."),
	}
	for _, s := range m.Sections {
		out := mailbox.DigestSection{Title: s.Part.Title(ctx)}
		for _, l := range s.Lines {
			out.Lines = append(out.Lines, mailbox.DigestLine{Text: l.Text(ctx, s.Part, m.Now), About: l.About(), Path: l.Path()})
		}
		if s.More {
			out.More, out.MorePath = i18n.T(ctx, "There is more of this"), s.Part.Path()
		}
		says.Sections = append(says.Sections, out)
	}
	return says
}

func noticeLines(ctx context.Context, m notice.Mail) []mailbox.DigestLine {
	out := make([]mailbox.DigestLine, len(m.Notices))
	for i, n := range m.Notices {
		out[i] = mailbox.DigestLine{Text: n.Words(ctx), About: n.About(), Path: n.Path(), Quote: n.Quote}
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
