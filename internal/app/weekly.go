package app

import (
	"context"
	"strconv"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/lesson"
	"goodturn/internal/mailbox"
	"goodturn/internal/notice"
	"goodturn/internal/person"
	"goodturn/internal/redact"
	"goodturn/internal/stint"
	"goodturn/internal/ticket"
)

// newWeekly builds what mails those who help now and then, once a week.
func (a *App) newWeekly() *notice.Weekly {
	w := &notice.Weekly{DB: a.DB, Queue: a.Queue, Zone: a.Config.Zone, Helpers: helpers, Waits: a.waitsFor, Mail: a.mailWeekly}
	w.Handlers()
	return w
}

// offShift is how long somebody of the desk has no shift, before and after, to be one who helps now and then.
const offShift = 28 * 24 * time.Hour

// helpers lists those whose work is elsewhere and for whom something waits: guests, who was asked to take a turn, who handed on a request that is open; and of those who
// work at the desk, where it has a rota, whoever stands in none of its shifts and has an open ticket, or a draft to look at.
func helpers(ctx context.Context, tx *db.Tx, after int64, n int) ([]int64, error) {
	return db.All[int64](ctx, tx, `SELECT p.id FROM person p WHERE p.id > $1 AND p.active AND p.merged_into IS NULL AND NOT EXISTS (SELECT 1 FROM weekly_mail w WHERE w.person_id = p.id AND (w.stopped OR w.sent_at > $3))
		AND (p.role = 'requester' AND (
			p.id IN (SELECT person_id FROM stint WHERE state = 'invited' AND from_at > $2)
			OR p.id IN (SELECT person_id FROM desk_guest WHERE until > $2)
			OR p.id IN (SELECT h.person_id FROM handed_on h JOIN ticket t ON t.id = h.ticket_id WHERE t.is_open AND h.at > $4))
		OR p.role <> 'requester' AND EXISTS (SELECT 1 FROM shift s WHERE s.published AND s.from_at > $5 AND s.from_at < $6)
			AND NOT EXISTS (SELECT 1 FROM shift s WHERE s.person_id = p.id AND s.published AND s.from_at > $5 AND s.from_at < $6)
			AND (EXISTS (SELECT 1 FROM ticket t WHERE t.assignee_id = p.id AND t.is_open AND t.turn = 'ours') OR EXISTS (SELECT 1 FROM draft d WHERE d.shared AND d.asked_id = p.id)))
		ORDER BY p.id LIMIT $7`, after, tx.Now, tx.Now.Add(-5*24*time.Hour), tx.Now.Add(-offShift), tx.Now.Add(-offShift), tx.Now.Add(offShift), n)
}

// waitsMost is how many lines a part of the weekly mail has.
const waitsMost = 10

// waitsFor gives what waits for somebody who helps now and then.
func (a *App) waitsFor(ctx context.Context, tx *db.Tx, who person.Actor) (out []notice.WaitingPart, err error) {
	add := func(title i18n.Text, lines []notice.Waiting) {
		if len(lines) > 0 {
			out = append(out, notice.WaitingPart{Title: title, Lines: lines[:min(len(lines), waitsMost)]})
		}
	}
	asked, err := invitations(ctx, tx, who)
	if err != nil {
		return nil, err
	}
	add(i18n.M("You are asked"), asked)
	lent, err := lentTo(ctx, tx, who)
	if err != nil {
		return nil, err
	}
	add(i18n.M("Requests that are lent to you"), lent)
	if who.Staff() {
		drafts, assigned, err := atDesk(ctx, tx, who)
		if err != nil {
			return nil, err
		}
		add(i18n.M("Drafts that wait for you"), drafts)
		add(i18n.M("Requests that are yours"), assigned)
		return out, nil
	}
	handed, err := a.Helping.HandedBy(ctx, tx, who.ID, 50)
	open := 0
	for _, h := range handed {
		if !h.Solved {
			open++
		}
	}
	if open > 0 {
		add(i18n.M("What you handed on"), []notice.Waiting{{Text: i18n.MN("{{.Count}} request is still open; you can see where it stands.", "{{.Count}} requests are still open; you can see where they stand.", open), Path: "/helping"}})
	}
	return out, err
}

func invitations(ctx context.Context, tx *db.Tx, who person.Actor) (out []notice.Waiting, err error) {
	all, err := stint.Of(ctx, tx, who.ID)
	for _, s := range all {
		if s.State == stint.Invited && s.FromAt > tx.Now {
			out = append(out, notice.Waiting{Text: i18n.M("Your turn at the desk would be on {{.Date}}. Say yes, or choose another date.", "Date", s.FromAt), Path: ownStint})
		}
	}
	return out, err
}

// lentTo are the lent requests in which it is the guest's turn, without what tells more of people than their names.
func lentTo(ctx context.Context, tx *db.Tx, who person.Actor) (out []notice.Waiting, err error) {
	if !person.Can(who, person.VisitDesk, person.Thing{}) || who.Staff() {
		return nil, nil
	}
	s, err := stint.Now(ctx, tx, who.ID)
	if err != nil || s.ID == 0 || s.Stage == stint.Shadow {
		return nil, err
	}
	all, err := stint.HeldBy(ctx, tx, s)
	clear := stint.Redactor(func(k redact.Kind) string { return "[" + lesson.KindWord(ctx, k) + "]" })
	for _, h := range all {
		text := i18n.M("waits for an answer")
		switch {
		case h.Approved:
			text = i18n.M("your mentor says yes: send it")
		case h.Asked || h.Turn != ticket.Ours:
			continue
		}
		about, _ := clear(h.Subject)
		out = append(out, notice.Waiting{About: about, Text: text, Path: "/lent/" + strconv.FormatInt(h.TicketID, 10)})
	}
	return out, err
}

// atDesk are the drafts that somebody of the desk is asked to look at, and their own tickets in which it is our turn.
func atDesk(ctx context.Context, tx *db.Tx, who person.Actor) (drafts, assigned []notice.Waiting, err error) {
	type row struct {
		ID, DraftID int64
		Subject     string
		Name        string
	}
	args := db.Args{who.ID, waitsMost}
	asked, err := db.All[row](ctx, tx, `SELECT t.id, d.id AS draft_id, t.subject, p.name FROM draft d JOIN ticket t ON t.id = d.ticket_id JOIN person p ON p.id = d.person_id
		WHERE d.shared AND d.asked_id = $1 AND t.trashed_at = 0 AND `+person.Visible(who, person.SeeTicket, &args)+` ORDER BY d.updated_at, d.id LIMIT $2`, args...)
	if err != nil {
		return nil, nil, err
	}
	for _, r := range asked {
		at := "/tickets/" + strconv.FormatInt(r.ID, 10)
		drafts = append(drafts, notice.Waiting{About: "#" + strconv.FormatInt(r.ID, 10) + " " + r.Subject, Text: i18n.M("{{.Name}} wrote it and asks for a look", "Name", r.Name), Path: at + "?draft=" + strconv.FormatInt(r.DraftID, 10) + "#composer"})
	}
	args = db.Args{who.ID, waitsMost}
	mine, err := db.All[row](ctx, tx, `SELECT t.id, t.subject, p.name, CAST(0 AS BIGINT) AS draft_id FROM ticket t JOIN person p ON p.id = t.requester_id
		WHERE t.assignee_id = $1 AND t.is_open AND t.turn = 'ours' AND t.trashed_at = 0 AND `+person.Visible(who, person.SeeTicket, &args)+` ORDER BY t.waiting_since, t.id LIMIT $2`, args...)
	for _, r := range mine {
		assigned = append(assigned, notice.Waiting{About: "#" + strconv.FormatInt(r.ID, 10) + " " + r.Subject, Text: i18n.M("from {{.Name}}", "Name", r.Name), Path: "/tickets/" + strconv.FormatInt(r.ID, 10)})
	}
	return drafts, assigned, err
}

// mailWeekly sends the mail.
func (a *App) mailWeekly(ctx context.Context, personID int64, key string, parts []notice.WaitingPart) error {
	return a.Post.MailDigest(ctx, mailbox.Digest{
		PersonID: personID, Key: key, StopPath: "/notices/stop/" + notice.StopToken(a.Key, personID, string(notice.Casual)),
		Write: func(ctx context.Context) mailbox.DigestText {
			says := mailbox.DigestText{
				Subject: i18n.T(ctx, "What waits for you at the desk this week"),
				Lead:    i18n.T(ctx, "You help at the desk now and then. This waits for you; it is one mail a week, and none when there is nothing."),
				Why:     i18n.T(ctx, "You get this because something at the desk waits for you."),
			}
			for _, p := range parts {
				s := mailbox.DigestSection{Title: i18n.Print(ctx, p.Title)}
				for _, l := range p.Lines {
					s.Lines = append(s.Lines, mailbox.DigestLine{About: l.About, Text: i18n.Print(ctx, l.Text), Path: l.Path})
				}
				says.Sections = append(says.Sections, s)
			}
			return says
		},
	})
}
