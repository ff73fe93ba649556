package ticket

import (
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// SetTags gives a ticket exactly these tags; each that comes or goes is an event.
func (d *Desk) SetTags(ctx context.Context, tx *db.Tx, by By, id int64, tags []string) error {
	t, err := take(ctx, tx, by, person.ChangeTicket, id)
	if err != nil {
		return err
	}
	return d.setTags(ctx, tx, by, t, tags)
}

func (d *Desk) setTags(ctx context.Context, tx *db.Tx, by By, t Ticket, tags []string) error {
	have, err := Tags(ctx, tx, t.ID)
	if err != nil {
		return err
	}
	return d.replaceTags(ctx, tx, by, t, have, tags)
}

// replaceTags gives a ticket these tags instead of those that it has.
func (d *Desk) replaceTags(ctx context.Context, tx *db.Tx, by By, t Ticket, have, tags []string) error {
	want, err := cleanTags(tags)
	if err != nil {
		return err
	}
	for _, tag := range have {
		if slices.Contains(want, tag) {
			continue
		}
		if _, err := tx.Exec(ctx, `DELETE FROM ticket_tag WHERE ticket_id = $1 AND tag = $2`, t.ID, tag); err != nil {
			return err
		}
		if err := d.record(ctx, tx, by, t, Event{What: Tagged, FromValue: tag}, nil); err != nil {
			return err
		}
	}
	for _, tag := range want {
		if slices.Contains(have, tag) {
			continue
		}
		if _, err := tx.Exec(ctx, `INSERT INTO ticket_tag (ticket_id, tag) VALUES ($1, $2)`, t.ID, tag); err != nil {
			return err
		}
		if err := d.record(ctx, tx, by, t, Event{What: Tagged, ToValue: tag}, nil); err != nil {
			return err
		}
	}
	return nil
}

// Tags lists a ticket's tags in order of the alphabet.
func Tags(ctx context.Context, tx *db.Tx, ticketID int64) ([]string, error) {
	return db.All[string](ctx, tx, `SELECT tag FROM ticket_tag WHERE ticket_id = $1 ORDER BY tag`, ticketID)
}

const maxTags = 30

// cleanTags folds tags: lower case, without a leading #, letters, digits, hyphen, underscore and dot.
func cleanTags(tags []string) ([]string, error) {
	var out []string
	for _, raw := range tags {
		tag := strings.ToLower(strings.TrimPrefix(strings.TrimSpace(raw), "#"))
		if tag == "" || slices.Contains(out, tag) {
			continue
		}
		wrong := strings.IndexFunc(tag, func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && !strings.ContainsRune("-_.", r)
		})
		if wrong >= 0 || utf8.RuneCountInString(tag) > 40 {
			return nil, fault.Invalid(fault.F("tags", i18n.M("“{{.Tag}}” cannot be a tag. Please use up to 40 letters, digits and hyphens.", "Tag", oneLine(raw, 80))))
		}
		if out = append(out, tag); len(out) > maxTags { // before more are compared with each other
			return nil, fault.Invalid(fault.F("tags", i18n.M("A ticket can have up to 30 tags.")))
		}
	}
	slices.Sort(out)
	return out, nil
}
