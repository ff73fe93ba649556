package app

import (
	"context"
	"time"

	"goodturn/internal/automation"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/httpout"
	"goodturn/internal/i18n"
	"goodturn/internal/mailbox"
	"goodturn/internal/papercut"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// goodNewsKeep is how long it is tried to tell somebody that a small thing is gone.
const goodNewsKeep = 48 * time.Hour

// newPapercuts builds what keeps the small things that annoy, with the mails that it writes.
func (a *App) newPapercuts() *papercut.Book {
	b := &papercut.Book{
		DB: a.DB, Queue: a.Queue, Key: a.Key, Log: a.Config.Log, Out: httpout.New(httpout.Config{}), Sign: automation.Sign, URL: a.publicURL, Send: a.Post.SendPlain,
		Mail: func(ctx context.Context, tx *db.Tx, l papercut.Letter) error {
			letter := mailbox.Letter{Person: l.Person, Kind: l.Kind, About: l.About}
			if l.Kind == papercut.LetterGone { // good news for somebody who just had much mail comes later
				letter.Until = tx.Now.Add(goodNewsKeep)
			}
			return a.Post.QueueLetter(ctx, tx, letter)
		},
	}
	a.Post.Writers[papercut.LetterGone] = a.papercutGone
	a.Post.Writers[papercut.LetterNoted] = a.papercutNoted
	a.Post.Writers[papercut.LetterAsked] = a.papercutAsked
	b.Handlers()
	a.Post.Papercut = func(ctx context.Context, tx *db.Tx, m mailbox.PapercutMail) error {
		said, err := b.Say(ctx, tx, papercut.Who{Person: m.Person}, papercut.Said{Text: m.Text, More: m.More, How: papercut.ByMail, Team: m.Team, Private: m.Private, Unproven: !m.Proven})
		if err != nil || m.Quiet {
			return err
		}
		kind := papercut.LetterNoted
		if !m.Proven { // whoever forged it chose the words, and may not choose who hears of it
			kind = papercut.LetterAsked
		}
		return b.Mail(ctx, tx, papercut.Letter{Kind: kind, Person: m.Person, About: said.ID})
	}
	return b
}

// papercutOf gives what somebody said, as they may see it; none when they took it back meanwhile.
func papercutOf(ctx context.Context, tx *db.Tx, who person.Person, id int64) (s papercut.Shown, mine bool, err error) {
	c, err := person.CircleOf(ctx, tx, who.ID)
	if err != nil {
		return s, false, err
	}
	s, err = papercut.See(ctx, tx, c, papercut.Who{Person: who.ID}, id)
	if fault.Is(err, fault.KindNotFound) {
		return s, false, nil
	}
	return s, s.Mine, err
}

// papercutGone is the mail that tells somebody that what they said is gone.
func (a *App) papercutGone(ctx context.Context, tx *db.Tx, _ ticket.Ticket, who person.Person, about int64) (says mailbox.LetterText, err error) {
	s, mine, err := papercutOf(ctx, tx, who, about)
	if err != nil || !mine || s.State != papercut.Gone {
		return says, err
	}
	part := mailbox.LetterPart{Text: i18n.T(ctx, "you told us that something small bugs you: “{{.Text}}”. It is gone. Thank you for saying so.", "Text", s.Text)}
	if s.Reason != "" {
		part.Text += "\n\n" + s.Reason
	}
	part.Choices = []mailbox.LetterChoice{
		{Text: i18n.T(ctx, "It still bugs me, or something else does"), Path: "/papercut"},
		{Text: i18n.T(ctx, "No more mails about small things"), Path: "/papercut-stop/" + papercut.Token(a.Key, papercut.Quiet, about, who.ID)},
	}
	return mailbox.LetterText{Subject: i18n.T(ctx, "Gone: {{.Text}}", "Text", s.Text), Parts: []mailbox.LetterPart{part}}, nil
}

// papercutNoted is the mail that says that what was mailed was noted. It repeats what they wrote, since it goes only to whom a mail's domain
// vouches for.
func (a *App) papercutNoted(ctx context.Context, tx *db.Tx, _ ticket.Ticket, who person.Person, about int64) (says mailbox.LetterText, err error) {
	s, mine, err := papercutOf(ctx, tx, who, about)
	if err != nil || !mine {
		return says, err
	}
	text := i18n.T(ctx, "we noted it: “{{.Text}}”. It is counted; no ticket was made, and nobody writes back. You hear from us when it is gone.", "Text", s.Text)
	if s.People > 1 {
		text += "\n\n" + i18n.N(ctx, "You and {{.Count}} other said so.", "You and {{.Count}} others said so.", s.People-1)
	}
	return mailbox.LetterText{Subject: i18n.T(ctx, "Noted: something small bugs you"), Parts: []mailbox.LetterPart{{Text: text, Choices: []mailbox.LetterChoice{
		{Text: i18n.T(ctx, "Take it back"), Path: "/papercut-back/" + papercut.Token(a.Key, papercut.Back, about, who.ID)},
		{Text: i18n.T(ctx, "No more mails about small things"), Path: "/papercut-stop/" + papercut.Token(a.Key, papercut.Quiet, about, who.ID)},
	}}}}, nil
}

// papercutAsked is the mail that asks whether it was really them who want to hear of it. It repeats nothing of what was typed.
func (a *App) papercutAsked(ctx context.Context, _ *db.Tx, _ ticket.Ticket, who person.Person, about int64) (says mailbox.LetterText, err error) {
	return mailbox.LetterText{Subject: i18n.T(ctx, "Shall we tell you when it is gone?"), Parts: []mailbox.LetterPart{{
		Text:    i18n.T(ctx, "somebody told us that something small bugs them, and gave us this address to be told when it is gone. If it was you, say so with the button on the page behind this link. If not, nothing needs to be done."),
		Choices: []mailbox.LetterChoice{{Text: i18n.T(ctx, "Tell me when it is gone"), Path: "/papercut-tell/" + papercut.Token(a.Key, papercut.Confirm, about, who.ID)}},
	}}}, nil
}
