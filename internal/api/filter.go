package api

import (
	"unicode/utf8"

	"goodturn/internal/fault"
	"goodturn/internal/i18n"
)

// checkFilter refuses what cannot be looked for.
func checkFilter(q string) error {
	if !utf8.ValidString(q) || !findable(q) {
		return fault.Invalid(fault.F("q", i18n.M("This filter holds bytes that are no text.")))
	}
	return nil
}
