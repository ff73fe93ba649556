package app

import (
	"context"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/line"
	"goodturn/internal/mailbox"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/lead"
)

// newLine builds what tells those who wait where they stand.
func (a *App) newLine() *line.Line {
	return &line.Line{DB: a.DB, Desk: a.Tickets, Calendars: a.Calendars, Log: a.Config.Log, Duty: dutyNow}
}

// lineReceipt is what the mail that confirms a request says of its place and of how long it will probably take.
func (a *App) lineReceipt(ctx context.Context, tx *db.Tx, t ticket.Ticket, _ person.Person) ([]mailbox.LetterPart, error) {
	p, err := line.PlaceOf(ctx, tx, t)
	if err != nil || !p.Waits {
		return nil, err
	}
	holder := ""
	if p.Holder != 0 {
		who, err := person.Get(ctx, tx, p.Holder)
		if err != nil {
			return nil, err
		}
		holder, _, _ = strings.Cut(who.Name, " ")
	}
	wait, err := a.Line.WaitOf(ctx, tx, t, p)
	if err != nil {
		return nil, err
	}
	place, rest := p.Words(ctx, holder)
	usual, most := wait.Sentences(ctx, tx.Now)
	said := i18n.T(ctx, "Your request is {{.Place}} {{.Rest}}", "Place", place, "Rest", rest)
	return []mailbox.LetterPart{{Text: strings.TrimSpace(said + " " + usual + " " + most)}}, nil
}

// lineFigures are for the page that says how it is for requesters.
func lineFigures(ctx context.Context, tx *db.Tx, _ person.Actor) (lead.Section, error) {
	s := lead.Section{
		Title: i18n.T(ctx, "How long people are told to wait"), Text: i18n.T(ctx, "Whoever waits reads two ranges: one that half of all such waits end in, and one for nine of ten. Here is how often that was so in the last 30 days."),
		Path: "/line", More: i18n.T(ctx, "The line as they see it"),
	}
	h, err := line.HeldLately(ctx, tx)
	if err != nil || h.Told == 0 {
		s.Rows = []lead.SectionRow{{Label: i18n.T(ctx, "The ranges held"), Value: "–", Note: i18n.T(ctx, "Nothing was told in the last 30 days: too few waits were known.")}}
		return s, err
	}
	share := func(n int) string { return i18n.Percent(ctx, float64(n)/float64(h.Told)) }
	s.Rows = []lead.SectionRow{
		{Label: i18n.T(ctx, "The range for half of them"), Value: share(h.Half), Note: i18n.N(ctx, "of {{.Count}} wait; 50 would be right", "of {{.Count}} waits; 50 would be right", h.Told)},
		{Label: i18n.T(ctx, "The range for nine of ten"), Value: share(h.Most), Note: i18n.T(ctx, "90 would be right")},
		{Label: i18n.T(ctx, "Told that nothing can be said"), Value: i18n.Percent(ctx, float64(h.Silent)/float64(h.Told+h.Silent))},
	}
	return s, nil
}
