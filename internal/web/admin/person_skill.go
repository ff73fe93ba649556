package admin

import (
	"context"
	"slices"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/routing"
	"goodturn/internal/web/page"
)

// storeSkills saves which languages and skills somebody has, and when they work, and writes down what changed. Requesters have none.
func (a *Admin) storeSkills(ctx context.Context, tx *db.Tx, v page.Visit, id int64, f personForm) error {
	tags := strings.FieldsFunc(f.skills, func(r rune) bool { return r == ',' || r == ';' || r == ' ' || r == '\n' || r == '\t' })
	if person.Role(f.role) == person.Requester {
		return nil
	}
	was, err := routing.TagsOf(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := routing.SetTags(ctx, tx, id, tags); err != nil {
		return err
	}
	now, err := routing.TagsOf(ctx, tx, id)
	if err != nil {
		return err
	}
	hours, err := routing.CalendarOf(ctx, tx, id)
	if err != nil {
		return err
	}
	if hours != f.calendar {
		if err := a.Router.SetCalendar(ctx, tx, id, f.calendar); err != nil {
			return err
		}
	}
	if slices.Equal(was, now) && hours == f.calendar {
		return nil
	}
	return audit(ctx, tx, v, "person changed", "person", id, changes(change("skills", strings.Join(was, ", "), strings.Join(now, ", ")), change("calendar", numberOrNothing(hours), numberOrNothing(f.calendar))))
}
