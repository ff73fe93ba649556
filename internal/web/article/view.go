package article

import (
	"context"
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

// begunTitle is how something begun is called: by its title, or its first words.
func begunTitle(ctx context.Context, u kb.Unsaved) string {
	if u.Title != "" {
		return u.Title
	}
	if gist := kb.Gist(u.Body, 60); gist != "" {
		return gist
	}
	return i18n.T(ctx, "A new article")
}

// writing is the frame of the page where an article is written.
func (f Frame) writing(title string) page.DeskFrame {
	out := f.page(title)
	out.Writing = true
	return out
}
