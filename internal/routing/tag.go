package routing

import (
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
)

const maxTags = 40

// TagsOf lists somebody's languages and skills, in order of the alphabet.
func TagsOf(ctx context.Context, tx *db.Tx, personID int64) ([]string, error) {
	return db.All[string](ctx, tx, `SELECT tag FROM person_tag WHERE person_id = $1 ORDER BY tag`, personID)
}

// SetTags says which languages ("de") and skills ("printer") somebody has: words like the tags of tickets. One that cannot be is a fault
// of the field "skills".
func SetTags(ctx context.Context, tx *db.Tx, personID int64, tags []string) error {
	var clean []string
	for _, raw := range tags {
		tag := strings.ToLower(strings.TrimPrefix(strings.TrimSpace(raw), "#"))
		if tag == "" {
			continue
		}
		if utf8.RuneCountInString(tag) > 40 || strings.ContainsFunc(tag, noTag) {
			return fault.Invalid(fault.F("skills", i18n.M("“{{.Tag}}” cannot be one. Please use up to 40 letters, digits and hyphens, such as de or printer.", "Tag", tag)))
		}
		clean = append(clean, tag)
	}
	slices.Sort(clean)
	if clean = slices.Compact(clean); len(clean) > maxTags {
		return fault.Invalid(fault.F("skills", i18n.M("Somebody can have up to {{.Most}} of them.", "Most", maxTags)))
	}
	if _, err := tx.Exec(ctx, `DELETE FROM person_tag WHERE person_id = $1`, personID); err != nil {
		return err
	}
	rows := make([][]any, len(clean))
	for i, tag := range clean {
		rows[i] = []any{personID, tag}
	}
	return db.InsertRows(ctx, tx, "person_tag (person_id, tag)", rows)
}

func noTag(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && !strings.ContainsRune("-_.", r)
}
