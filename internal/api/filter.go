package api

import (
	"unicode/utf8"

	"goodturn/internal/fault"
	"goodturn/internal/filter"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// checkFilter refuses what cannot be looked for, and for requesters what would tell them of properties
// that they do not see.
func checkFilter(a person.Actor, q string) error {
	if !utf8.ValidString(q) || !findable(q) {
		return fault.Invalid(fault.F("q", i18n.M("This filter holds bytes that are no text.")))
	}
	if a.Staff() {
		return nil
	}
	for _, t := range filter.Parse(q, ticket.Fields(a)).Terms {
		if t.Field != "status" {
			return fault.Invalid(fault.F("q", i18n.M("Only status: and words can be looked for here.")))
		}
	}
	return nil
}
