package admin

import (
	"context"
	"slices"

	"goodturn/internal/db"
	"goodturn/internal/mailbox"
)

// status gathers what answers the question why no mail comes, or goes.
func (a *Admin) status(ctx context.Context, tx *db.Tx, m mailbox.Mailbox) (*MailboxStatus, error) {
	s := &MailboxStatus{MailboxHealth: a.healthOf(ctx, m), CheckURL: path(mailboxSection, m.ID, "check")}
	teams, err := teamNames(ctx, tx)
	if err != nil {
		return nil, err
	}
	s.Team = teams[m.TeamID]
	b, err := mailbox.BacklogOf(ctx, tx, m.ID)
	if err != nil {
		return nil, err
	}
	s.Waiting, s.ToSend, s.Failed, s.SendError, s.SendNext = b.ToFile, b.ToSend, b.Failed, b.SendError, b.SendNext
	h := m.Health
	s.OnServer, s.Counted = h.Waiting, m.Active && h.ConnectedAt != 0
	if m.Active {
		s.NextAt = h.NextAt
	}
	differs := func(f mailbox.FolderHealth) bool { return f.Error != h.Error }
	if len(h.Folders) > 1 && (h.Error == "" || slices.ContainsFunc(h.Folders, differs)) {
		for _, f := range h.Folders {
			s.Folders = append(s.Folders, FolderStatus{Name: f.Name, Error: f.Error, ConnectedAt: f.ConnectedAt})
		}
	}
	if m.OAuth.Provider != mailbox.Password {
		s.Provider, s.GrantedAt = m.OAuth.Name(), m.OAuth.GrantedAt
		if !m.OAuth.AsApp {
			s.ConnectURL = path(mailboxSection, m.ID, "connect")
			s.Connect = m.OAuth.NeedsConsent() || s.Bad
		}
	}
	return s, nil
}
