package app

import (
	"context"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/mailbox"
	"goodturn/internal/notice"
	"goodturn/internal/person"
	"goodturn/internal/stint"
	"goodturn/internal/ticket"
)

// newStints builds what keeps turns at the desk, with the mails that it writes.
func (a *App) newStints() *stint.Keeper {
	for _, about := range stint.Letters() {
		a.Post.Writers["stint_"+about] = stintLetter(about)
	}
	return &stint.Keeper{
		DB: a.DB, Desk: a.Tickets, Log: a.Config.Log, Papercuts: a.Papercuts, Hours: a.Router.Hours,
		Away: func(ctx context.Context, tx *db.Tx, personID int64, from, until clock.Instant) (bool, error) {
			return db.Exists(ctx, tx, `SELECT 1 FROM absence WHERE person_id = $1 AND from_at < $3 AND until_at > $2`, personID, from, until)
		},
		Mail: func(ctx context.Context, tx *db.Tx, l stint.Letter) error {
			return a.Post.QueueLetter(ctx, tx, mailbox.Letter{Person: l.PersonID, Kind: "stint_" + l.About, About: l.StintID})
		},
		Tell: func(ctx context.Context, tx *db.Tx, people []int64, link, text string) error {
			return a.Notices.TellAbout(ctx, tx, people, notice.Turn, link, text)
		},
	}
}

// stintLetter writes the mails about a turn at the desk. One that is no longer true is not sent.
func stintLetter(about string) mailbox.LetterWriter {
	return func(ctx context.Context, tx *db.Tx, _ ticket.Ticket, who person.Person, id int64) (says mailbox.LetterText, err error) {
		s, err := stint.ByID(ctx, tx, id)
		if fault.Is(err, fault.KindNotFound) {
			return says, nil
		}
		if err != nil {
			return says, err
		}
		guest, err := person.Get(ctx, tx, s.PersonID)
		if err != nil {
			return says, err
		}
		mentor := ""
		if s.MentorID != 0 {
			m, err := person.Get(ctx, tx, s.MentorID)
			if err != nil {
				return says, err
			}
			mentor = m.Name
		}
		if who.ID == s.PersonID {
			return toGuest(ctx, about, s, mentor), nil
		}
		return toMentor(ctx, about, s, guest.Name, who.ID == s.MentorID), nil
	}
}

const ownStint = "/stint"

// toGuest is a mail to the one whose turn it is.
func toGuest(ctx context.Context, about string, s stint.Stint, mentor string) (says mailbox.LetterText) {
	at := i18n.DateTime(ctx, s.FromAt.Time())
	open := mailbox.LetterChoice{Text: i18n.T(ctx, "Your turn at the desk"), Path: ownStint}
	beside := ""
	if mentor != "" {
		beside = " " + i18n.T(ctx, "{{.Mentor}} is beside you: you read and write drafts, {{.Mentor}} sends.", "Mentor", mentor)
	}
	part := mailbox.LetterPart{Choices: []mailbox.LetterChoice{open}}
	switch {
	case about == stint.LetterInvites && s.State == stint.Invited:
		says.Subject = i18n.T(ctx, "Your turn at the desk: {{.Date}}", "Date", at)
		part.Text = i18n.T(ctx, "once in a while people of every job help at the desk for some hours. Your turn would be on {{.Date}}.", "Date", at) + beside
		part.Choices = []mailbox.LetterChoice{{Text: i18n.T(ctx, "Say yes, or choose another date"), Path: ownStint}}
	case about == stint.LetterReminds && (s.State == stint.Invited || s.State == stint.Agreed):
		says.Subject = i18n.T(ctx, "Tomorrow you are at the desk: {{.Date}}", "Date", at)
		part.Text = i18n.T(ctx, "a small reminder: your turn at the desk begins on {{.Date}}.", "Date", at) + beside + " " + i18n.T(ctx, "When it begins there is a primer to read, ten minutes at most.")
	case about == stint.LetterMoved && s.Open():
		says.Subject = i18n.T(ctx, "Your turn at the desk has changed: {{.Date}}", "Date", at)
		part.Text = i18n.T(ctx, "your turn at the desk is on {{.Date}} now.", "Date", at) + beside
	case about == stint.LetterCalled && s.State == stint.Cancelled:
		says.Subject = i18n.T(ctx, "Your turn at the desk is called off")
		part.Text = i18n.T(ctx, "your turn at the desk on {{.Date}} does not take place. You need do nothing.", "Date", at)
		part.Choices = nil
	case about == stint.LetterDebrief && s.State == stint.Over:
		says.Subject = i18n.T(ctx, "What did you see at the desk?")
		part.Text = i18n.T(ctx, "thank you for your turn. You have seen with fresh eyes what people struggle with: five minutes of yours may spare them hours.")
		part.Choices = []mailbox.LetterChoice{{Text: i18n.T(ctx, "Say what you saw"), Path: ownStint}}
	case about == stint.LetterThanks:
		says.Subject = i18n.T(ctx, "Thank you for your turn at the desk")
		part.Text = i18n.T(ctx, "thank you for what you did and for what you saw. It is with those who can do something about it, and you hear what becomes of it.")
	default:
		return mailbox.LetterText{}
	}
	says.Parts = []mailbox.LetterPart{part}
	return says
}

// toMentor is a mail to whoever is, or was, beside a guest.
func toMentor(ctx context.Context, about string, s stint.Stint, guest string, still bool) (says mailbox.LetterText) {
	at := i18n.DateTime(ctx, s.FromAt.Time())
	part := mailbox.LetterPart{Choices: []mailbox.LetterChoice{{Text: i18n.T(ctx, "Mentoring"), Path: "/mentoring"}}}
	switch {
	case about == stint.LetterCalled && (!still || s.State == stint.Cancelled):
		says.Subject = i18n.T(ctx, "{{.Name}} is not beside you after all", "Name", guest)
		part.Text = i18n.T(ctx, "the turn of {{.Name}} on {{.Date}} is not beside you any more. You need do nothing.", "Name", guest, "Date", at)
	case still && s.Open() && (about == stint.LetterMentor || about == stint.LetterMoved):
		says.Subject = i18n.T(ctx, "{{.Name}} is beside you on {{.Date}}", "Name", guest, "Date", at)
		part.Text = i18n.T(ctx, "{{.Name}} takes a turn at the desk on {{.Date}}, beside you. They write drafts, you send; say hello before, and keep some easy questions.", "Name", guest, "Date", at)
	default:
		return mailbox.LetterText{}
	}
	says.Parts = []mailbox.LetterPart{part}
	return says
}
