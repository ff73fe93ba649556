package app

import (
	"context"
	"fmt"
	"strconv"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/intake"
	"goodturn/internal/mailbox"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/lead"
)

// letterQuestion is the Letter with a question about a request, after the first.
const letterQuestion = "question"

// newAsker builds what asks about vague requests. The board of outages and the post stand already.
func (a *App) newAsker() *intake.Asker {
	asker := &intake.Asker{
		Desk: a.Tickets,
		Mail: func(ctx context.Context, tx *db.Tx, ticketID, askID int64, first bool) error {
			if first { // the mail that confirms the request says it
				return nil
			}
			return a.Post.QueueLetter(ctx, tx, mailbox.Letter{Ticket: ticketID, Kind: letterQuestion, About: askID})
		},
		Broken: a.broken,
		MeToo: func(ctx context.Context, tx *db.Tx, by ticket.By, ticketID, outageID int64) error {
			c, err := circleOf(ctx, tx, by)
			if err != nil {
				return err
			}
			return a.Board.LinkOwn(ctx, tx, by, c, outageID, ticketID)
		},
	}
	a.Post.Writers[letterQuestion] = a.questionLetter
	return asker
}

// circleOf is what somebody who writes on a ticket may know of others; nothing, when they only typed an address.
func circleOf(ctx context.Context, tx *db.Tx, by ticket.By) (person.Circle, error) {
	if by.Cause == intake.CauseUnproven {
		return person.CircleOf(ctx, tx, 0)
	}
	return person.CircleOf(ctx, tx, by.ID)
}

// broken gives what is out of order now, as far as the reader may know.
func (a *App) broken(ctx context.Context, tx *db.Tx, reader int64, text string, any bool) ([]intake.Broken, error) {
	c, err := person.CircleOf(ctx, tx, reader)
	if err != nil {
		return nil, err
	}
	hits, err := a.Board.Like(ctx, tx, c, text)
	if err == nil && len(hits) == 0 && any {
		hits, err = a.Board.Current(ctx, tx, c)
	}
	var out []intake.Broken
	for _, h := range hits {
		out = append(out, intake.Broken{Outage: h.ID, Name: h.Title, People: h.People})
	}
	return out, err
}

// questionReceipt puts the first question into the mail that confirms a request.
func (a *App) questionReceipt(ctx context.Context, tx *db.Tx, t ticket.Ticket, who person.Person) ([]mailbox.LetterPart, error) {
	q, ok, err := intake.Current(ctx, tx, t.ID)
	if err != nil || !ok || q.Place != 1 {
		return nil, err
	}
	if q.GuessOutage != 0 { // what is known of an outage says it when the words fit
		said, err := ticket.Messages(ctx, tx, t.ID, false)
		if err != nil || len(said) == 0 {
			return nil, err
		}
		fits, err := a.broken(ctx, tx, who.ID, t.Subject+"\n"+said[0].Text, false)
		if err != nil || len(fits) > 0 {
			return nil, err
		}
	}
	part, err := a.questionPart(ctx, tx, q)
	return []mailbox.LetterPart{part}, err
}

// questionLetter is the mail with a further question. Nothing is mailed when it was answered meanwhile, or is not the one to ask any more.
func (a *App) questionLetter(ctx context.Context, tx *db.Tx, t ticket.Ticket, _ person.Person, about int64) (mailbox.LetterText, error) {
	q, ok, err := intake.Current(ctx, tx, t.ID)
	if err != nil || !ok || q.ID != about {
		return mailbox.LetterText{}, err
	}
	part, err := a.questionPart(ctx, tx, q)
	return mailbox.LetterText{Parts: []mailbox.LetterPart{
		{Text: i18n.T(ctx, "thank you, that helps. There is one thing more:")}, part,
	}}, err
}

func (a *App) questionPart(ctx context.Context, tx *db.Tx, q intake.Ask) (mailbox.LetterPart, error) {
	part := mailbox.LetterPart{
		Title: q.Text,
		Text:  i18n.T(ctx, "Just answer this mail in your own words. Your request is in the line already: this only helps us to be quicker."),
	}
	if len(q.Answers()) > 0 {
		part.Text = i18n.T(ctx, "Just answer this mail in your own words, or tap what fits. Your request is in the line already: this only helps us to be quicker.")
	}
	for i, c := range q.Answers() {
		part.Choices = append(part.Choices, mailbox.LetterChoice{Text: c.Text, Path: "question?answer=" + strconv.FormatInt(q.ID, 10) + "-" + strconv.Itoa(i)})
	}
	return part, intake.Mailed(ctx, tx, q.ID)
}

// intakeFigures are for the page that says how it is for requesters.
func intakeFigures(ctx context.Context, tx *db.Tx, _ person.Actor) (lead.Section, error) {
	f, err := intake.FiguresOf(ctx, tx)
	s := lead.Section{
		Title: i18n.T(ctx, "Requests that say too little"),
		Text:  i18n.T(ctx, "Some requests do not say what they are about, or what is wrong. The desk asks two or three short questions, so that an agent can start at once."),
	}
	if f.Acted == 0 {
		s.Rows = []lead.SectionRow{{Label: i18n.T(ctx, "Complete when an agent first acts"), Value: "–", Note: i18n.T(ctx, "None came in the last 30 days.")}}
		return s, err
	}
	s.Rows = []lead.SectionRow{{
		Label: i18n.T(ctx, "Complete when an agent first acts"), Value: fmt.Sprintf("%d %%", f.Complete*100/f.Acted),
		Note: i18n.N(ctx, "{{.Complete}} of {{.Count}} vague request in the last 30 days: by then it was known what it was about and what was wrong", "{{.Complete}} of {{.Count}} vague requests in the last 30 days: by then it was known what they were about and what was wrong", f.Acted, "Complete", f.Complete),
	}}
	return s, err
}
