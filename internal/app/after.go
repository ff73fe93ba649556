package app

import (
	"context"
	"strconv"

	"goodturn/internal/db"
	"goodturn/internal/fixnote"
	"goodturn/internal/i18n"
	"goodturn/internal/mailbox"
	"goodturn/internal/outcome"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/lead"
)

// afterSolving builds what keeps fix notes, and what comes after solving, with the mails that it writes.
func (a *App) afterSolving() {
	a.Outcomes = &outcome.Keeper{
		DB: a.DB, Desk: a.Tickets, Calendars: a.Calendars, Log: a.Config.Log,
		Mail: func(ctx context.Context, tx *db.Tx, ticketID int64, kind string) error {
			return a.Post.QueueLetter(ctx, tx, mailbox.Letter{Ticket: ticketID, Kind: kind})
		},
	}
	a.Notes = &fixnote.Book{Settled: a.Outcomes.NoteSettled, Count: a.Outcomes.Again}
	a.Post.Writers[outcome.LetterSolved] = solvedLetter
	a.Post.Writers[outcome.LetterGentle] = gentleLetter
	a.Post.Writers[outcome.LetterNote] = noteLetter
}

// solvedLetter is the mail after a ticket was solved: what it taught, and whether it works.
func solvedLetter(ctx context.Context, tx *db.Tx, t ticket.Ticket, _ person.Person, _ int64) (says mailbox.LetterText, err error) {
	if t.IsOpen || t.TrashedAt != 0 || t.MergedInto != 0 {
		return says, nil
	}
	n, err := fixnote.Of(ctx, tx, t.ID)
	if err != nil {
		return says, err
	}
	o, err := outcome.Of(ctx, tx, t.ID)
	if err != nil {
		return says, err
	}
	if n.GivenAt != 0 {
		says.Parts = noteParts(ctx, n)
	}
	if o.Worked != "" {
		return says, nil
	}
	if len(says.Parts) == 0 {
		says.Parts = []mailbox.LetterPart{{Text: i18n.T(ctx, "your request “{{.Subject}}” is solved, as far as we can see.", "Subject", t.Subject)}}
	}
	faces, err := facesPart(ctx, tx)
	says.Parts = append(append(append(says.Parts, workedPart(ctx)), faces...), thanksPart(ctx))
	return says, err
}

// gentleLetter asks those once more who said nothing.
func gentleLetter(ctx context.Context, tx *db.Tx, t ticket.Ticket, _ person.Person, _ int64) (says mailbox.LetterText, err error) {
	o, err := outcome.Of(ctx, tx, t.ID)
	if err != nil || t.IsOpen || t.TrashedAt != 0 || t.MergedInto != 0 || o.Worked != "" || o.Face != 0 {
		return says, err
	}
	says.Parts = []mailbox.LetterPart{
		{Text: i18n.T(ctx, "some days ago we solved “{{.Subject}}”. Does it still work? If all is well you need do nothing, and we do not ask again.", "Subject", t.Subject)},
		workedPart(ctx),
	}
	return says, nil
}

// noteLetter is a fix note that was written when the other mail had gone.
func noteLetter(ctx context.Context, tx *db.Tx, t ticket.Ticket, _ person.Person, _ int64) (says mailbox.LetterText, err error) {
	n, err := fixnote.Of(ctx, tx, t.ID)
	if err != nil || n.GivenAt == 0 {
		return says, err
	}
	says.Parts = append(noteParts(ctx, n), thanksPart(ctx))
	return says, nil
}

// thanksPart leads to a card for whoever helped.
func thanksPart(ctx context.Context) mailbox.LetterPart {
	return mailbox.LetterPart{Choices: []mailbox.LetterChoice{{Text: i18n.T(ctx, "Say thank you"), Path: "thanks"}}}
}

// noteParts are the parts of a note under their titles.
func noteParts(ctx context.Context, n fixnote.Note) []mailbox.LetterPart {
	var out []mailbox.LetterPart
	for _, p := range []mailbox.LetterPart{
		{Title: i18n.T(ctx, "What was wrong"), Text: n.Wrong}, {Title: i18n.T(ctx, "What we did"), Text: n.Did}, {Title: i18n.T(ctx, "Next time"), Text: n.Next},
	} {
		if p.Text != "" {
			out = append(out, p)
		}
	}
	return out
}

// workedPart asks whether it works. Each choice opens a page where one button says it.
func workedPart(ctx context.Context) mailbox.LetterPart {
	return mailbox.LetterPart{Title: i18n.T(ctx, "Did it work?"), Choices: []mailbox.LetterChoice{
		{Text: i18n.T(ctx, "Yes, it works"), Path: "worked?answer=yes"},
		{Text: i18n.T(ctx, "No, not yet"), Path: "worked?answer=no"},
	}}
}

// facesPart asks how they were served, where the desk wants to know.
func facesPart(ctx context.Context, tx *db.Tx) ([]mailbox.LetterPart, error) {
	set, err := outcome.ReadSetting(ctx, tx)
	if err != nil || set.NoFaces {
		return nil, err
	}
	part := mailbox.LetterPart{Title: i18n.T(ctx, "How was our help?")}
	for _, f := range outcome.Faces() {
		part.Choices = append(part.Choices, mailbox.LetterChoice{Text: f.Word(ctx), Path: "worked?face=" + strconv.FormatInt(int64(f), 10)})
	}
	return []mailbox.LetterPart{part}, nil
}

// fromLastTime says in the mail that confirms a request what helped its requester with the like before.
func fromLastTime(ctx context.Context, tx *db.Tx, t ticket.Ticket, who person.Person) ([]mailbox.LetterPart, error) {
	if who.ID != t.RequesterID {
		return nil, nil
	}
	found, err := fixnote.ForTicket(ctx, tx, t)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return []mailbox.LetterPart{{Title: i18n.T(ctx, "From last time"), Text: found[0].Gist()}}, nil
}

// figureDays is how many days the figures are about.
const figureDays = 28

// afterFigures is the part about what comes after solving on the page that says how it is for requesters.
func afterFigures(ctx context.Context, tx *db.Tx, _ person.Actor) (lead.Section, error) {
	f, err := outcome.Since(ctx, tx, figureDays)
	s := lead.Section{
		Title: i18n.T(ctx, "After solving"), Path: "/fix-notes", More: i18n.T(ctx, "All fix notes"),
		Text: i18n.T(ctx, "What requesters said of what was solved in the last {{.Count}} days. It is counted for the desk as a whole, never by person: why something did not work may have many causes.", "Count", figureDays),
	}
	if err != nil {
		return s, err
	}
	share := func(n int64) string {
		if f.Solved == 0 {
			return "–"
		}
		return i18n.Percent(ctx, float64(min(n, f.Solved))/float64(f.Solved))
	}
	count := func(n int64) string { return i18n.T(ctx, "{{.Count}} of {{.All}}", "Count", n, "All", f.Solved) }
	s.Rows = []lead.SectionRow{
		{Label: i18n.T(ctx, "It worked"), Value: share(f.Yes), Note: count(f.Yes)},
		{Label: i18n.T(ctx, "It did not"), Value: share(f.No), Note: count(f.No)},
		{Label: i18n.T(ctx, "They said neither"), Value: share(f.Silent()), Note: i18n.T(ctx, "Silence is fine.")},
		{Label: i18n.T(ctx, "Opened again"), Value: share(f.Reopened), Note: i18n.T(ctx, "For whatever reason, thanks too.")},
		{Label: i18n.T(ctx, "Explained again"), Value: i18n.Number(ctx, f.Again), Note: i18n.T(ctx, "They asked what a fix note had explained to them, or to somebody of their organisation.")},
	}
	if all := f.Good + f.Fair + f.Bad; all > 0 {
		s.Rows = append(s.Rows, lead.SectionRow{Label: i18n.T(ctx, "How our help was"), Value: i18n.T(ctx, "{{.Good}} good, {{.Fair}} so-so, {{.Bad}} not good", "Good", f.Good, "Fair", f.Fair, "Bad", f.Bad)})
	}
	return s, nil
}
