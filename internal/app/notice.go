package app

import (
	"context"
	"fmt"

	"goodturn/internal/mailbox"
	"goodturn/internal/notice"
)

// mailDigest sends what waits for somebody.
func (a *App) mailDigest(ctx context.Context, m notice.Mail) error {
	lines := func(ctx context.Context) []mailbox.DigestLine {
		out := make([]mailbox.DigestLine, len(m.Notices))
		for i, n := range m.Notices {
			out[i] = mailbox.DigestLine{Text: n.Words(ctx), About: fmt.Sprintf("#%d %s", n.TicketID, n.Subject), Path: fmt.Sprintf("/tickets/%d", n.TicketID)}
		}
		return out
	}
	newest := m.Notices[0]
	return a.Post.MailDigest(ctx, mailbox.Digest{
		PersonID: m.PersonID, Key: fmt.Sprintf("%d.%d.%d", m.PersonID, newest.ID, newest.At), Lines: lines, More: m.More, MorePath: "/notices", ChoicePath: "/account/notices",
	})
}
