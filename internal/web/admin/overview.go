package admin

import (
	"context"
	"net/http"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/mailbox"
	"goodturn/internal/person"
	"goodturn/internal/web/page"
)

func (a *Admin) overview(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	view := OverviewView{Version: a.Version, Engine: engineName(a.Site.DB.Engine())}
	err := a.read(r, v, overviewSection, &view.Frame, func(ctx context.Context, tx *db.Tx) (err error) {
		if view.Mailboxes, err = a.health(ctx, tx); err != nil {
			return err
		}
		if view.Steps, err = a.steps(ctx, tx, v, view.Mailboxes); err != nil {
			return err
		}
		dead, err := deadJobs(ctx, tx)
		if err != nil {
			return err
		}
		view.MoreJobs = len(dead) > maxDead
		for _, j := range dead[:min(len(dead), maxDead)] {
			view.Jobs = append(view.Jobs, Job{ID: j.ID, What: jobWord(ctx, j.Kind), Error: j.Error, At: j.RunAt})
		}
		view.Unread, err = unreadMails(ctx, tx, v.Actor)
		return err
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, OverviewPage(view))
}

func engineName(e db.Engine) string {
	if e == db.Postgres {
		return "PostgreSQL"
	}
	return "SQLite"
}

// steps are what a new desk still lacks, the most wanted first.
func (a *Admin) steps(ctx context.Context, tx *db.Tx, v page.Visit, boxes []MailboxHealth) (out []Step, err error) {
	if len(boxes) == 0 {
		out = append(out, Step{
			Icon: "mail", Title: i18n.T(ctx, "Set up a mailbox"),
			Text:   i18n.T(ctx, "Mail to it becomes tickets, and answers go out from it. You need the address, the names of the mail servers, and a password."),
			Button: i18n.T(ctx, "Add a mailbox"), URL: string(mailboxSection) + "/new",
		})
	}
	staff, err := person.Staff(ctx, tx)
	if err != nil {
		return nil, err
	}
	if len(staff) < 2 {
		out = append(out, Step{
			Icon: "user-plus", Title: i18n.T(ctx, "Bring in a colleague"),
			Text:   i18n.T(ctx, "Nobody but you works at this desk yet. Add those who will answer tickets."),
			Button: i18n.T(ctx, "Add a person"), URL: string(personSection) + "/new?role=agent",
		})
	}
	safe, err := person.HasTOTP(ctx, tx, v.Actor.ID)
	if err == nil && !safe && !a.Site.Demo {
		out = append(out, Step{
			Icon: "shield-check", Title: i18n.T(ctx, "Protect your own account"),
			Text:   i18n.T(ctx, "You may change everything here. With a second step on your phone, a stolen password is not enough to do the same."),
			Button: i18n.T(ctx, "Your account"), URL: "/account",
		})
	}
	return out, err
}

// Waiting mails are counted up to here: after a long outage there may be very many.
const maxWaiting = 1000

// health tells how each mailbox goes.
func (a *Admin) health(ctx context.Context, tx *db.Tx) ([]MailboxHealth, error) {
	boxes, err := a.Post.List(ctx, tx)
	if err != nil {
		return nil, err
	}
	type count struct{ MailboxID, Waiting int64 }
	counts, err := db.All[count](ctx, tx, `SELECT w.mailbox_id, count(*) AS waiting FROM (SELECT mailbox_id FROM mail WHERE state = 'waiting' ORDER BY id LIMIT $1) w GROUP BY w.mailbox_id`, maxWaiting)
	if err != nil {
		return nil, err
	}
	teams, err := teamNames(ctx, tx)
	if err != nil {
		return nil, err
	}
	out := make([]MailboxHealth, len(boxes))
	for i, m := range boxes {
		out[i] = a.healthOf(ctx, m)
		out[i].Team = teams[m.TeamID]
		for _, c := range counts {
			if c.MailboxID == m.ID {
				out[i].Waiting = int(c.Waiting)
			}
		}
	}
	return out, nil
}

func (a *Admin) healthOf(ctx context.Context, m mailbox.Mailbox) MailboxHealth {
	h := MailboxHealth{
		ID: m.ID, Address: m.Address, URL: path(mailboxSection, m.ID), LastMailAt: m.Health.LastMailAt,
		NoSending: m.Sending.Host == "" && a.Post.Default.Sending.Host == "",
	}
	switch {
	case !m.Active:
		h.Off, h.Words = true, i18n.T(ctx, "Switched off: no mail is taken in.")
	case m.Receiving.Host == "":
		h.Words = i18n.T(ctx, "Mail is handed over by a mail server of yours.")
	case m.OAuth.NeedsConsent():
		h.Bad, h.Words = true, i18n.T(ctx, "Nobody has connected it with {{.Provider}} yet.", "Provider", m.OAuth.Name())
	case m.Health.Error != "":
		h.Bad, h.Words, h.ErrorAt = true, m.Health.Error, m.Health.ErrorAt
	case m.Health.ConnectedAt == 0:
		h.Off, h.Words = true, i18n.T(ctx, "It has not been reached yet.")
	default:
		h.Words, h.ConnectedAt = i18n.T(ctx, "Mail is fetched. Last connected"), m.Health.ConnectedAt
	}
	if m.Active {
		h.OnServer = m.Health.Waiting
	}
	return h
}

func teamNames(ctx context.Context, tx *db.Tx) (map[int64]string, error) {
	teams, err := person.Teams(ctx, tx)
	names := map[int64]string{}
	for _, t := range teams {
		names[t.ID] = t.Name
	}
	return names, err
}

// Among so many of the newest mails those that could not be read are looked for, and so many are shown.
const (
	recentMails = 5000
	maxUnread   = 10
)

// unreadMails lists mails that failed to be read: those that wait for another try, and those whose raw file became a
// ticket. A ticket that the actor may not see is not named.
func unreadMails(ctx context.Context, tx *db.Tx, by person.Actor) (out []UnreadMail, err error) {
	type row struct {
		Address    string
		Problem    string
		Waiting    bool
		TicketID   int64
		TeamID     int64
		Subject    string
		ReceivedAt clock.Instant
	}
	rows, err := db.All[row](ctx, tx, `SELECT b.address, m.problem, m.state = 'waiting' AS waiting, m.ticket_id, t.team_id, t.subject, m.received_at
		FROM (SELECT id, mailbox_id, problem, state, outcome, attempts, ticket_id, received_at FROM mail ORDER BY id DESC LIMIT $1) m
		JOIN mailbox b ON b.id = m.mailbox_id LEFT JOIN ticket t ON t.id = m.ticket_id
		WHERE m.outcome = 'raw' OR (m.state = 'waiting' AND m.attempts > 0) ORDER BY m.id DESC LIMIT $2`, recentMails, maxUnread)
	for _, m := range rows {
		u := UnreadMail{Mailbox: m.Address, At: m.ReceivedAt, Words: i18n.T(ctx, "It became a ticket with the mail as it came.")}
		switch {
		case m.Waiting:
			u.Words = i18n.T(ctx, "It will be tried again by itself.")
		case m.Problem != "":
			u.Words = m.Problem
		}
		if m.TicketID != 0 && person.Can(by, person.SeeTicket, person.Thing{TicketID: m.TicketID, TeamID: m.TeamID}) {
			u.Ticket, u.Subject = m.TicketID, "#"+decimal(m.TicketID)+" "+m.Subject
		}
		out = append(out, u)
	}
	return out, err
}
