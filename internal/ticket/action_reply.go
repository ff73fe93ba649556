package ticket

import (
	"context"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// also does what an answer brings with it, with the rights that its author has now. What cannot be done loses neither the answer
// nor the rest: it is told in a note.
func (d *Desk) also(ctx context.Context, tx *db.Tx, by By, id int64, m Draft) error {
	if len(m.Actions) == 0 {
		return nil
	}
	author := by.Actor
	if m.Author != 0 && m.Author != by.ID || author.Role == "" {
		a, err := person.ActorOf(ctx, tx, orID(m.Author, by.ID))
		if err != nil { // they left meanwhile
			return nil
		}
		author = a
	}
	for _, x := range m.Actions {
		err := tx.Try(ctx, func() error {
			_, err := d.Apply(ctx, tx, By{Actor: author, Cause: "macro"}, id, []Action{x})
			return err
		})
		f, told := fault.Of(err)
		if err != nil && !told {
			return err
		}
		if told {
			reason := f.Message
			if len(f.Fields) > 0 {
				reason = f.Fields[0].Message
			}
			text := i18n.T(i18n.With(ctx, author.Language, time.UTC), "A part of the macro was not done. {{.Reason}}", "Reason", reason)
			if _, err := d.Note(ctx, tx, By{Actor: person.System}, id, Draft{Text: text, Automatic: true}); err != nil {
				return err
			}
		}
	}
	return nil
}

func orID(a, b int64) int64 {
	if a != 0 {
		return a
	}
	return b
}
