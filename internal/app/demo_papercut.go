package app

import (
	"context"
	"fmt"
	"slices"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/papercut"
	"goodturn/internal/person"
)

// demoCuts are the small things that annoy at the demonstration desk, in the words of those who said them: with how many said "me too" over
// how many weeks.
var demoCuts = []struct {
	said  []string
	more  int
	weeks int
	team  string // whose it is
	title string
	state papercut.State
	why   string
}{
	{
		said: []string{"The timesheet forgets my project every Monday", "timesheet: project is forgotten on mondays", "Why does the timesheet forget the project on Monday"}, more: 9, weeks: 5, team: "applications",
		title: "The timesheet forgets the project",
	},
	{said: []string{"The search of the intranet finds the old handbook first", "Intranet search: the old handbook comes first"}, more: 5, team: "applications", weeks: 3},
	{said: []string{"Stockroom jumps back to page one after each picking list"}, more: 6, team: "applications", weeks: 2, state: papercut.HandedOn},
	{said: []string{"Der Druckdialog vergisst beidseitig", "Druckdialog: beidseitig wird vergessen"}, more: 2, team: "workplace", weeks: 4},
	{said: []string{"The meeting room screens need the language set again each morning"}, more: 1, team: "workplace", weeks: 1},
	{said: []string{"The sign-in page of the travel portal does not let the password be pasted"}, more: 3, team: "applications", weeks: 6, state: papercut.Stays, why: "The provider of the travel portal wants it so. We ask again when the contract is renewed."},
	{said: []string{"Every calendar mail opens in a new window", "Calendar mails open in new windows"}, more: 4, team: "workplace", weeks: 6, state: papercut.Gone, why: "A setting of the mail program, changed for all on Tuesday."},
}

// papercuts has small things said over the last weeks.
func (f *demoFiller) papercuts(ctx context.Context, tx *db.Tx) error {
	book := *f.app.Papercuts
	book.Mail = nil // what was said weeks ago is not mailed today
	asks, err := db.All[int64](ctx, tx, `SELECT id FROM person WHERE role = 'requester' AND active AND merged_into IS NULL AND organisation_id > 0 ORDER BY organisation_id, id LIMIT 60`)
	if err != nil {
		return err
	}
	if len(asks) == 0 {
		return nil
	}
	now, by := tx.Now, f.people["noor"]
	defer func() { tx.Now = now }()
	for i, c := range demoCuts {
		speakers := slices.Concat(asks[i*3%len(asks):], asks[:i*3%len(asks)])
		total := len(c.said) + c.more
		var id int64
		for n := range min(total, len(speakers)) {
			back := time.Duration(c.weeks) * 7 * 24 * time.Hour * time.Duration(total-n) / time.Duration(total+1)
			tx.Now = now.Add(-back)
			who := papercut.Who{Person: speakers[n]}
			if n < len(c.said) {
				r, err := book.Say(ctx, tx, who, papercut.Said{Text: c.said[n], How: papercut.ByPortal, Place: "/requests"})
				if err != nil {
					return fmt.Errorf("%q: %w", c.said[n], err)
				}
				id = r.ID
			} else if _, err := book.Join(ctx, tx, person.System, who, id, papercut.Said{How: papercut.ByPortal, Place: "/"}); err != nil {
				return err
			}
		}
		tx.Now = now
		team := f.teams[c.team]
		if _, err := book.Change(ctx, tx, by, id, papercut.Change{Title: &c.title, Team: &team}); err != nil {
			return err
		}
		if c.state != "" {
			if _, err := book.SetState(ctx, tx, by, id, c.state, c.why); err != nil {
				return err
			}
		}
	}
	_, err = book.AddTracker(ctx, tx, f.people["ruth"], "The intranet team", "intranet@developers.example")
	return err
}
