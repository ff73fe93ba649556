package article

import (
	"slices"

	"goodturn/internal/i18n"
	"goodturn/internal/kb"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

func languageChoices(chosen string) (out []ui.Choice) {
	for _, l := range i18n.Languages() {
		out = append(out, ui.Choice{Value: l.Code, Label: l.Name, Chosen: l.Code == chosen})
	}
	if !slices.ContainsFunc(out, func(c ui.Choice) bool { return c.Chosen }) && chosen != "" {
		out = append(out, ui.Choice{Value: chosen, Label: languageName(chosen), Chosen: true})
	}
	return out
}

// callOf is how a text calls a file.
func callOf(f kb.File) string {
	if page.IsPicture(f.Type) {
		return "![](" + f.Name + ")"
	}
	return "[" + f.Name + "](" + f.Name + ")"
}
