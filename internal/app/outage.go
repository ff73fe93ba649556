package app

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/mailbox"
	"goodturn/internal/notice"
	"goodturn/internal/outage"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/lead"
)

// newBoard builds what outages are posted on, with the mails that it writes.
func (a *App) newBoard() *outage.Board {
	b := &outage.Board{
		DB: a.DB, Desk: a.Tickets, Queue: a.Queue, Key: a.Key, Log: a.Config.Log,
		Mail: func(ctx context.Context, tx *db.Tx, l outage.Letter) error {
			return a.Post.QueueLetter(ctx, tx, mailbox.Letter{Ticket: l.Ticket, Person: l.Person, Kind: l.Kind, About: l.About})
		},
		Remind: func(ctx context.Context, tx *db.Tx, people []int64, o outage.Outage) error {
			return a.Notices.TellAbout(ctx, tx, people, notice.NewsDue, fmt.Sprintf("/outages/%d", o.ID), o.Title)
		},
	}
	a.Post.Writers[outage.LetterNews] = a.outageNews
	a.Post.Writers[outage.LetterConfirm] = a.outageConfirm
	b.Handlers()
	return b
}

// outageNews is the mail that tells somebody news of an outage that they have.
func (a *App) outageNews(ctx context.Context, tx *db.Tx, t ticket.Ticket, who person.Person, about int64) (says mailbox.LetterText, err error) {
	u, err := outage.UpdateByID(ctx, tx, about)
	if err != nil {
		return says, err
	}
	c, err := person.CircleOf(ctx, tx, who.ID)
	if err != nil {
		return says, err
	}
	o, err := outage.See(ctx, tx, c, u.OutageID, who.ID)
	if fault.Is(err, fault.KindNotFound) || err == nil && !o.Mine { // it does not concern them any more, or they left meanwhile
		return says, nil
	}
	if err != nil {
		return says, err
	}
	part := mailbox.LetterPart{Text: u.Text}
	switch u.Kind {
	case outage.OverUpdate:
		says.Subject = i18n.T(ctx, "Over: {{.Title}}", "Title", o.Title)
		part.Title = i18n.T(ctx, "“{{.Title}}” is over.", "Title", o.Title)
		if u.Text == "" {
			part.Text = i18n.T(ctx, "The planned work has ended.")
		}
		part.Text += "\n\n" + i18n.T(ctx, "If it still does not work for you, please tell us: just answer this mail.")
	case outage.CancelledUpdate:
		says.Subject = i18n.T(ctx, "Called off: {{.Title}}", "Title", o.Title)
		part.Title = i18n.T(ctx, "The planned work “{{.Title}}” will not be.", "Title", o.Title)
	default:
		says.Subject = i18n.T(ctx, "News: {{.Title}}", "Title", o.Title)
		part.Title = i18n.T(ctx, "News of “{{.Title}}”", "Title", o.Title)
	}
	if u.NextAt != 0 {
		part.Text += "\n\n" + i18n.T(ctx, "Next news: {{.When}}", "When", moment(ctx, u.NextAt))
	}
	see := fmt.Sprintf("/status/%d", o.ID)
	if t.ID != 0 {
		see = ""
	}
	part.Choices = []mailbox.LetterChoice{{Text: i18n.T(ctx, "See what is known"), Path: see}}
	if o.State.Current() {
		part.Choices = append(part.Choices, mailbox.LetterChoice{Text: i18n.T(ctx, "No more news of this"), Path: "/status-leave/" + outage.Token(a.Key, outage.Part, o.ID, who.ID)})
	}
	says.Parts = []mailbox.LetterPart{part}
	return says, nil
}

// outageConfirm is the mail that asks whether it was really them who said "me too".
func (a *App) outageConfirm(ctx context.Context, tx *db.Tx, _ ticket.Ticket, who person.Person, about int64) (says mailbox.LetterText, err error) {
	c, err := person.CircleOf(ctx, tx, 0) // what they are told was asked for by somebody who may not be them
	if err != nil {
		return says, err
	}
	o, err := outage.See(ctx, tx, c, about, 0)
	if fault.Is(err, fault.KindNotFound) || err == nil && !o.State.Current() {
		return says, nil
	}
	if err != nil {
		return says, err
	}
	says.Subject = i18n.T(ctx, "Do you have this too: {{.Title}}?", "Title", o.Title)
	says.Parts = []mailbox.LetterPart{{
		Text:    i18n.T(ctx, "somebody gave us this address to be told when “{{.Title}}” is over. If it was you, say so with the button on the page behind this link. If not, nothing needs to be done.", "Title", o.Title),
		Choices: []mailbox.LetterChoice{{Text: i18n.T(ctx, "Yes, I have this too"), Path: "/status-join/" + outage.Token(a.Key, outage.Join, o.ID, who.ID)}},
	}}
	return says, nil
}

// outageReceipt says in the mail that confirms a request what is known of it already.
func (a *App) outageReceipt(ctx context.Context, tx *db.Tx, t ticket.Ticket, who person.Person) ([]mailbox.LetterPart, error) {
	c, err := person.CircleOf(ctx, tx, who.ID)
	if err != nil {
		return nil, err
	}
	linked, err := outage.OfTicket(ctx, tx, t.ID)
	if err != nil {
		return nil, err
	}
	if linked != 0 {
		o, err := outage.See(ctx, tx, c, linked, who.ID)
		if fault.Is(err, fault.KindNotFound) {
			return nil, nil
		}
		return []mailbox.LetterPart{{Title: i18n.T(ctx, "We know of this: {{.Title}}", "Title", o.Title), Text: known(ctx, o.People, o.NextAt, tx.Now)}}, err
	}
	said, err := ticket.Messages(ctx, tx, t.ID, false)
	if err != nil || len(said) == 0 {
		return nil, err
	}
	hits, err := a.Board.Like(ctx, tx, c, t.Subject+"\n"+said[0].Text)
	if err != nil || len(hits) == 0 {
		return nil, err
	}
	o := hits[0]
	text := i18n.T(ctx, "We work on it already.")
	if more := known(ctx, o.People, o.NextAt, tx.Now); more != "" {
		text += " " + more
	}
	return []mailbox.LetterPart{{
		Title:   i18n.T(ctx, "This may be what you see: {{.Title}}", "Title", o.Title),
		Text:    text,
		Choices: []mailbox.LetterChoice{{Text: i18n.T(ctx, "Yes, that is it: tell me when it is over"), Path: "outage?id=" + strconv.FormatInt(o.ID, 10)}},
	}}, nil
}

// known says in a line how many have an outage and when the next news comes, as far as there is something to say.
func known(ctx context.Context, people int, next, now clock.Instant) (text string) {
	if people > 1 {
		text = i18n.N(ctx, "{{.Count}} person has it.", "{{.Count}} people have it.", people)
	}
	if next > now {
		if text != "" {
			text += " "
		}
		text += i18n.T(ctx, "Next news: {{.When}}", "When", moment(ctx, next)) + "."
	}
	return text
}

// moment is a day and a time, in the reader's zone.
func moment(ctx context.Context, at clock.Instant) string {
	return i18n.DateTime(ctx, at)
}

// outageFigures are the part of the page about requesters that tells how many learnt of an outage without having to ask.
func outageFigures(ctx context.Context, tx *db.Tx, _ person.Actor) (lead.Section, error) {
	since := tx.Now.Add(-30 * 24 * time.Hour)
	posted, err := outage.Posted(ctx, tx, since)
	if err != nil {
		return lead.Section{}, err
	}
	told, err := outage.ToldOf(ctx, tx, since)
	return lead.Section{
		Title: i18n.T(ctx, "Outages"), Text: i18n.T(ctx, "What many have is said once, and whoever has it is told of news. The last thirty days."),
		Rows: []lead.SectionRow{
			{Label: i18n.T(ctx, "Outages posted"), Value: i18n.Number(ctx, int64(posted))},
			{Label: i18n.T(ctx, "People told of news without having to ask"), Value: i18n.Number(ctx, int64(told)), Note: i18n.T(ctx, "Each is counted once, however many news there were.")},
		},
		Path: "/outages", More: i18n.T(ctx, "Outages and planned work"),
	}, err
}
