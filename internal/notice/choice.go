package notice

import (
	"context"
	"encoding/json"
	"slices"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// Digest is when what waits is mailed.
type Digest string

// When mails go out.
const (
	Off    Digest = "off"
	Soon   Digest = "soon"   // a few minutes later, unless it was read on the page
	Hourly Digest = "hourly" // at the full hour
	Daily  Digest = "daily"  // at eight in the morning of the person's own time zone
)

// Digests lists them.
func Digests() []Digest { return []Digest{Off, Soon, Hourly, Daily} }

// Choice is what somebody wants to be told of, and where.
type Choice struct {
	Page   map[Kind]bool
	Mail   map[Kind]bool
	Digest Digest
}

// usual is what people are told who have chosen nothing: everything on the page, and every hour by mail what waits for them.
func usual() Choice {
	c := Choice{Page: map[Kind]bool{}, Mail: map[Kind]bool{}, Digest: Hourly}
	for _, k := range Kinds() {
		c.Page[k] = true
	}
	for _, k := range []Kind{Assigned, Mentioned, Answered, Back, Undelivered} {
		c.Mail[k] = true
	}
	return c
}

// stored is a choice as it is kept: what is switched off on the page and on by mail, so that kinds that come later begin as usual on the
// page and quietly by mail.
type stored struct {
	NotOnPage []Kind `json:"not_on_page,omitempty"`
	Mail      []Kind `json:"mail,omitempty"`
	Digest    Digest `json:"digest"`
}

const preference = "notices"

// ChoiceOf gives what somebody chose, or what is usual.
func ChoiceOf(ctx context.Context, tx *db.Tx, personID int64) (Choice, error) {
	kept, err := db.All[string](ctx, tx, `SELECT value FROM person_preference WHERE person_id = $1 AND name = $2`, personID, preference)
	if err != nil || len(kept) == 0 {
		return usual(), err
	}
	var s stored
	if err := json.Unmarshal([]byte(kept[0]), &s); err != nil || !slices.Contains(Digests(), s.Digest) {
		return usual(), nil
	}
	c := Choice{Page: map[Kind]bool{}, Mail: map[Kind]bool{}, Digest: s.Digest}
	for _, k := range Kinds() {
		c.Page[k], c.Mail[k] = !slices.Contains(s.NotOnPage, k), slices.Contains(s.Mail, k)
	}
	return c, nil
}

// SetChoice keeps what somebody chose.
func SetChoice(ctx context.Context, tx *db.Tx, personID int64, c Choice) error {
	if !slices.Contains(Digests(), c.Digest) {
		return fault.Invalid(fault.F("digest", i18n.M("Please choose when mails should come.")))
	}
	s := stored{Digest: c.Digest}
	for _, k := range Kinds() {
		if !c.Page[k] {
			s.NotOnPage = append(s.NotOnPage, k)
		}
		if c.Mail[k] {
			s.Mail = append(s.Mail, k)
		}
	}
	raw, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return person.SetPreference(ctx, tx, personID, preference, string(raw))
}
