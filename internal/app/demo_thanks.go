package app

import (
	"context"
	"fmt"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/thanks"
	"goodturn/internal/ticket"
)

// demoCards are what people wrote on cards at the demonstration desk. Those with hung hang on the wall, those with desk are for everybody;
// mail is a message that only says thanks.
var demoCards = []struct {
	text             string
	desk, hung, mail bool
	colleague        string // who wrote it, when it was no requester
}{
	{text: "You stayed on the phone until my slides were back, ten minutes before the meeting. I will not forget that.", hung: true},
	{text: "Hello,\n\nthank you so much for the quick help, it works perfectly now.\n\nBest regards", mail: true},
	{text: "Danke, dass Sie es mir so erklärt haben, dass ich es beim nächsten Mal selbst kann.", hung: true},
	{text: "Nobody laughed about my question. That was the best part.", desk: true, hung: true},
	{text: "You took the angry one off my hands and never said a word about it.", colleague: "noor", hung: true},
	{text: "The new starters had everything on their desks on Monday morning. Thank you, all of you.", desk: true},
}

// cards has people thank those who helped them.
func (f *demoFiller) cards(ctx context.Context, tx *db.Tx) error {
	desk := &ticket.Desk{}
	book := &thanks.Book{Desk: desk}
	desk.OnlyThanks, desk.Hooks = book.Reads, []ticket.Hook{book.Hook()}
	type done struct{ ID, RequesterID, AssigneeID int64 }
	solved, err := db.All[done](ctx, tx, `SELECT t.id, t.requester_id, t.assignee_id FROM ticket t JOIN team g ON g.id = t.team_id JOIN person p ON p.id = t.assignee_id
		WHERE t.status = 'solved' AND NOT g.private AND t.merged_into IS NULL AND t.requester_id <> t.assignee_id AND p.active AND p.id <> $1 ORDER BY t.solved_at DESC, t.id LIMIT 60`, f.people["noor"].ID)
	if err != nil {
		return err
	}
	now := tx.Now
	defer func() { tx.Now = now }()
	for i, c := range demoCards {
		if i*5 >= len(solved) {
			return nil
		}
		s := solved[i*5]
		t, err := ticket.Get(ctx, tx, person.System, person.SeeTicket, s.ID)
		if err != nil {
			return err
		}
		tx.Now = max(t.SolvedAt.Add(2*time.Hour), now.Add(-time.Duration(len(demoCards)-i)*26*time.Hour))
		if tx.Now > now {
			tx.Now = now
		}
		if err := f.card(ctx, tx, book, t, i); err != nil {
			return fmt.Errorf("%q: %w", c.text, err)
		}
	}
	return nil
}

func (f *demoFiller) card(ctx context.Context, tx *db.Tx, book *thanks.Book, t ticket.Ticket, i int) error {
	c := demoCards[i]
	writer, err := person.ActorOf(ctx, tx, t.RequesterID)
	if err != nil {
		return err
	}
	if c.colleague != "" {
		writer = f.people[c.colleague]
	}
	if c.mail {
		_, err := book.Desk.Answer(ctx, tx, ticket.By{Actor: writer, Cause: "mail"}, t.ID, ticket.Draft{Text: c.text, Channel: ticket.ByMail})
		return err
	}
	to := t.AssigneeID
	if c.desk {
		to = 0
	}
	made, err := book.Write(ctx, tx, ticket.By{Actor: writer}, t, thanks.Words{To: to, Text: c.text, Wall: c.hung})
	if err != nil || !c.hung || c.desk {
		return err
	}
	holder, err := person.ActorOf(ctx, tx, to)
	if err != nil {
		return err
	}
	return book.Choose(ctx, tx, holder, made.ID, thanks.HangUp)
}

// rude is an answer with strong language on the ticket that somebody has for longest: the desk folds it.
func (f *demoFiller) rude(ctx context.Context, tx *db.Tx) error {
	id, err := db.All[int64](ctx, tx, `SELECT t.id FROM ticket t JOIN team g ON g.id = t.team_id WHERE t.turn = 'ours' AND t.assignee_id IS NOT NULL AND t.answered_at > 0 AND NOT g.private AND t.merged_into IS NULL ORDER BY t.id LIMIT 1`)
	if err != nil || len(id) == 0 {
		return err
	}
	t, err := ticket.Get(ctx, tx, person.System, person.SeeTicket, id[0])
	if err != nil {
		return err
	}
	asker, err := person.ActorOf(ctx, tx, t.RequesterID)
	if err != nil {
		return err
	}
	now := tx.Now
	defer func() { tx.Now = now }()
	tx.Now = max(t.ActivityAt.Add(time.Hour), now.Add(-7*time.Hour))
	_, err = f.desk.Answer(ctx, tx, ticket.By{Actor: asker}, t.ID, ticket.Draft{Text: "Are you fucking kidding me? I wrote this three times now. Does anybody there read what one writes?", Channel: t.Channel})
	return err
}
