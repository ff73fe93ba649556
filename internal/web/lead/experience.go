package lead

import (
	"context"
	"net/http"

	"goodturn/internal/db"
	"goodturn/internal/web/page"
)

// ExperienceView is the page that says how it is for requesters.
type ExperienceView struct {
	Frame
	Sections []Section
}

// Section is a part of it: figures about the desk as a whole, never about one person who works there. Texts are in the reader's language.
type Section struct {
	Title string
	// Text says in a sentence or two what the figures mean.
	Text string
	Rows []SectionRow
	// Path leads to more of it; "" for none. More is what the link says.
	Path, More string
}

// SectionRow is one figure.
type SectionRow struct {
	Label, Value string
	// Note says how it is counted, or what it was before; "" for none.
	Note string
}

// experience answers GET /experience.
func (l *Lead) experience(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	var view ExperienceView
	err := l.read(r, v, &view.Frame, func(ctx context.Context, tx *db.Tx) error {
		view.Sections = nil
		for _, part := range l.Experience {
			s, err := part(ctx, tx, v.Actor)
			if err != nil {
				return err
			}
			if s.Title != "" {
				view.Sections = append(view.Sections, s)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, ExperiencePage(view))
}
