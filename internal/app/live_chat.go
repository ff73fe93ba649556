package app

import (
	"context"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/livechat"
	"goodturn/internal/mailbox"
	"goodturn/internal/notice"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// chatLetter is the mail with the conversation of a live chat.
const chatLetter = "live_chat"

// Whom the mail of a conversation goes to: somebody who has proven who they are, or who only typed an address.
const (
	chatTyped  = 0
	chatProven = 1
)

// newRoom builds where live chats take place.
func (a *App) newRoom() *livechat.Room {
	a.Post.Hold = livechat.HoldMail
	a.Post.Writers[chatLetter] = conversationLetter
	return &livechat.Room{
		DB: a.DB, Desk: a.Tickets, There: a.Site.There, Free: freeNow, Hours: a.Router.Hours, Duty: dutyNow, Moved: a.Site.TellPresence, Confirm: a.Post.ConfirmNow, Shown: mailbox.Seen,
		Tell: func(ctx context.Context, tx *db.Tx, t ticket.Ticket, people []int64) error {
			return a.Notices.Tell(ctx, tx, t, people, notice.Chatting, "")
		},
		Mail: func(ctx context.Context, tx *db.Tx, t ticket.Ticket, proven bool) error {
			about := int64(chatTyped)
			if proven {
				about = chatProven
			}
			return a.Post.QueueLetter(ctx, tx, mailbox.Letter{Ticket: t.ID, Kind: chatLetter, About: about})
		},
	}
}

// conversationLetter writes what was said in a live chat. To an address that was only typed it says what the desk wrote: the rest are words that
// anybody may have chosen, and stand on the request's page.
func conversationLetter(ctx context.Context, tx *db.Tx, t ticket.Ticket, who person.Person, about int64) (says mailbox.LetterText, err error) {
	c, err := livechat.Of(ctx, tx, t.ID)
	if err != nil || c.TicketID == 0 {
		return says, err
	}
	all, err := ticket.NewMessages(ctx, tx, t.ID, 0)
	if err != nil {
		return says, err
	}
	intro := i18n.T(ctx, "here is what was said in our chat. All of it stands on the page of your request, too.")
	if about != chatProven {
		intro = i18n.T(ctx, "here is what we wrote in our chat. What you wrote stands beside it on the page of your request.")
	}
	says.Parts = []mailbox.LetterPart{{Text: intro}}
	names := map[int64]string{}
	for _, m := range all {
		if m.Inbound && about != chatProven || m.CreatedAt < c.BegunAt || c.EndedAt != 0 && m.CreatedAt > c.EndedAt {
			continue
		}
		name := names[m.AuthorID]
		if name == "" && m.AuthorID != 0 {
			author, err := person.Get(ctx, tx, m.AuthorID)
			if err != nil {
				return says, err
			}
			name = author.Name
			names[m.AuthorID] = name
		}
		says.Parts = append(says.Parts, mailbox.LetterPart{Title: name + " · " + i18n.DateTime(ctx, m.CreatedAt.Time()), Text: m.Text})
	}
	says.Parts = append(says.Parts, mailbox.LetterPart{
		Text:    i18n.T(ctx, "To add something, just answer this mail."),
		Choices: []mailbox.LetterChoice{{Text: i18n.T(ctx, "See your request")}},
	})
	return says, nil
}
