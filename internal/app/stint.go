package app

import (
	"context"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/itip"
	"goodturn/internal/mailbox"
	"goodturn/internal/mailmsg"
	"goodturn/internal/notice"
	"goodturn/internal/person"
	"goodturn/internal/shift"
	"goodturn/internal/stint"
	"goodturn/internal/ticket"
)

// newStints builds what keeps turns at the desk, with the mails that it writes.
func (a *App) newStints() *stint.Keeper {
	k := &stint.Keeper{
		DB: a.DB, Desk: a.Tickets, Log: a.Config.Log, Key: a.Key, Papercuts: a.Papercuts, Hours: a.Router.Hours,
		Away: func(ctx context.Context, tx *db.Tx, personID int64, from, until clock.Instant) (bool, error) {
			return db.Exists(ctx, tx, `SELECT 1 FROM absence WHERE person_id = $1 AND from_at < $3 AND until_at > $2`, personID, from, until)
		},
		Rota: publishedRota,
		Mail: func(ctx context.Context, tx *db.Tx, l stint.Letter) error {
			return a.Post.QueueLetter(ctx, tx, mailbox.Letter{Person: l.PersonID, Kind: "stint_" + l.About, About: l.StintID, Until: tx.Now.Add(letterTried)})
		},
		Tell: func(ctx context.Context, tx *db.Tx, people []int64, link string, words i18n.Text) error {
			return a.tellEach(ctx, tx, people, notice.Turn, link, words)
		},
	}
	for _, about := range stint.Letters() {
		a.Post.Writers["stint_"+about] = stintLetter(k, about)
	}
	a.Rota.Also = turnsInFeed(k)
	a.Post.Answered = func(ctx context.Context, tx *db.Tx, from string, c *mailmsg.Calendar) (bool, error) {
		if ours, err := a.Rota.Answered(ctx, tx, from, c); err != nil || ours {
			return ours, err
		}
		return k.Answered(ctx, tx, from, c)
	}
	return k
}

// letterTried is how long a letter about a turn is tried again that an address had no share left for: a calendar that missed one would be wrong.
const letterTried = 24 * time.Hour

// publishedRota is who is on shift in a team between two moments, and how far that is known.
func publishedRota(ctx context.Context, tx *db.Tx, teamID int64, from, until clock.Instant) (r stint.Rota, err error) {
	last, err := shift.PublishedUntil(ctx, tx, teamID)
	if err != nil || last <= from {
		return r, err
	}
	all, err := shift.Between(ctx, tx, teamID, shift.Span{From: from, Until: until})
	r = stint.Rota{Until: last, Shifts: map[int64][]stint.Span{}}
	for _, s := range all {
		if s.Published && s.PersonID != 0 {
			r.Shifts[s.PersonID] = append(r.Shifts[s.PersonID], stint.Span{From: s.FromAt, Until: s.UntilAt})
		}
	}
	return r, err
}

// turnsInFeed has turns at the desk stand in calendar feeds.
func turnsInFeed(k *stint.Keeper) func(context.Context, *db.Tx, int64, int64, shift.Span) ([]shift.FeedEntry, error) {
	return func(ctx context.Context, tx *db.Tx, personID, teamID int64, in shift.Span) (out []shift.FeedEntry, err error) {
		all, err := stint.InCalendar(ctx, tx, personID, teamID, in.From, in.Until)
		if err != nil || len(all) == 0 {
			return nil, err
		}
		var ids []int64
		teams := map[int64]string{}
		for _, s := range all {
			ids = append(ids, s.PersonID, s.MentorID)
			if _, known := teams[s.TeamID]; !known {
				if teams[s.TeamID], err = db.One[string](ctx, tx, `SELECT name FROM team WHERE id = $1`, s.TeamID); err != nil {
					return nil, err
				}
			}
		}
		names, err := person.Names(ctx, tx, ids)
		for _, s := range all {
			reader, page := personID, stint.MentoringURL(s.ID)
			switch {
			case teamID != 0:
				reader, page = 0, ""
			case s.PersonID == personID:
				page = ownStint
			}
			out = append(out, func(ctx context.Context, root string) itip.Event {
				e := k.Entry(ctx, s, names[s.PersonID], names[s.MentorID], teams[s.TeamID], reader)
				if page != "" {
					e.URL = root + page
				}
				return e
			})
		}
		return out, err
	}
}

// turnFeed is the address of somebody's own calendar feed.
func (a *App) turnFeed(ctx context.Context, tx *db.Tx, personID int64) (string, error) {
	token, err := a.Rota.FeedToken(ctx, tx, personID, 0)
	return a.publicURL() + "/rota-feed/" + token + "/rota.ics", err
}

// stintLetter writes the mails about a turn at the desk. One that is no longer true is not sent.
func stintLetter(k *stint.Keeper, about string) mailbox.LetterWriter {
	return func(ctx context.Context, tx *db.Tx, _ ticket.Ticket, who person.Person, id int64) (says mailbox.LetterText, err error) {
		s, err := stint.ByID(ctx, tx, id)
		if fault.Is(err, fault.KindNotFound) {
			return says, nil
		}
		if err != nil {
			return says, err
		}
		names, err := person.Names(ctx, tx, []int64{s.PersonID, s.MentorID})
		if err != nil {
			return says, err
		}
		if says = toMentor(ctx, about, s, names[s.PersonID], who.ID == s.MentorID); who.ID == s.PersonID {
			says = toGuest(ctx, about, s, names[s.MentorID])
		}
		if len(says.Parts) == 0 {
			return says, nil
		}
		part, err := k.CalendarOf(ctx, tx, s, who, about)
		says.Calendar, says.Method = part.Write, part.Method
		return says, err
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
		says.Subject = i18n.T(ctx, "Soon you are at the desk: {{.Date}}", "Date", at)
		part.Text = i18n.T(ctx, "a small reminder: your turn at the desk begins on {{.Date}}.", "Date", at) + beside + " " + i18n.T(ctx, "When it begins there is a primer to read, ten minutes at most.")
	case about == stint.LetterMoved && s.Open():
		says.Subject = i18n.T(ctx, "Your turn at the desk has changed: {{.Date}}", "Date", at)
		part.Text = i18n.T(ctx, "your turn at the desk is on {{.Date}} now.", "Date", at) + beside
	case about == stint.LetterCalled && s.State == stint.Cancelled:
		says.Subject = i18n.T(ctx, "Your turn at the desk is called off")
		part.Text = i18n.T(ctx, "your turn at the desk on {{.Date}} does not take place. You need do nothing.", "Date", at)
		part.Choices = nil
	case about == stint.LetterCalled && s.State == stint.Declined:
		says.Subject = i18n.T(ctx, "Not on {{.Date}}: your turn at the desk", "Date", at)
		part.Text = i18n.T(ctx, "you said that you cannot come on {{.Date}}: it does not take place then. Choose another date, or wait for one to be proposed.", "Date", at)
		part.Choices = []mailbox.LetterChoice{{Text: i18n.T(ctx, "Choose another date"), Path: ownStint}}
	case about == stint.LetterKeeps && s.Open():
		says.Subject = i18n.T(ctx, "Your turn at the desk stays on {{.Date}} for now", "Date", at)
		part.Text = i18n.T(ctx, "you proposed another time. The desk is closed then, no mentor is free, or it is too far ahead; {{.Date}} stays for now. The page below has dates that fit: one click, and one is yours.", "Date", at)
		part.Choices = []mailbox.LetterChoice{{Text: i18n.T(ctx, "Choose another date"), Path: ownStint}}
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
	case about == stint.LetterCalled && (!still || s.State == stint.Cancelled || s.State == stint.Declined):
		says.Subject = i18n.T(ctx, "{{.Name}} is not beside you after all", "Name", guest)
		part.Text = i18n.T(ctx, "the turn of {{.Name}} on {{.Date}} is not beside you any more. You need do nothing.", "Name", guest, "Date", at)
	case still && s.Open() && (about == stint.LetterMentor || about == stint.LetterMoved):
		says.Subject = i18n.T(ctx, "{{.Name}} is beside you on {{.Date}}", "Name", guest, "Date", at)
		part.Text = i18n.T(ctx, "{{.Name}} takes a turn at the desk on {{.Date}}, beside you. They write drafts, you send; say hello before, and keep some easy questions.", "Name", guest, "Date", at)
	case still && s.Open() && about == stint.LetterKeeps:
		says.Subject = i18n.T(ctx, "{{.Name}} is beside you on {{.Date}}, for now", "Name", guest, "Date", at)
		part.Text = i18n.T(ctx, "you proposed another time for the turn of {{.Name}}. It stays on {{.Date}} for now; whoever plans the turns knows.", "Name", guest, "Date", at)
	default:
		return mailbox.LetterText{}
	}
	says.Parts = []mailbox.LetterPart{part}
	return says
}
