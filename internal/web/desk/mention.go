package desk

import (
	"net/http"
	"strings"

	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// mentionLimit is how many colleagues are offered after an @.
const mentionLimit = 8

// mentionList answers GET /tickets/{number}/mentions: the colleagues who may see the ticket and one of whose names begins with the
// query q, for the popover of the composer.
func (d *Desk) mentionList(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	ctx, q := r.Context(), strings.ToLower(strings.TrimSpace(r.URL.Query().Get("q")))
	view := MentionView{Number: number}
	err = d.read(ctx, v, func(l *look) error {
		t, err := ticket.Get(ctx, l.tx, v.Actor, person.SeeTicket, number)
		if err != nil {
			return err
		}
		if asks(v, "views") {
			if view.Frame, err = d.frame(ctx, l, ""); err != nil {
				return err
			}
		}
		staff, err := l.allStaff(ctx)
		if err != nil {
			return err
		}
		for _, p := range staff {
			if p.ID == v.Actor.ID || !begins(p.Name, q) {
				continue
			}
			a, err := person.ActorOf(ctx, l.tx, p.ID)
			if err != nil {
				return err
			}
			if !person.Can(a, person.SeeTicket, t.Thing()) {
				continue
			}
			if view.People = append(view.People, Mentioned{ID: p.ID, Name: p.Name, Role: roleWord(ctx, p.Role)}); len(view.People) == mentionLimit {
				break
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return d.show(w, r, v, http.StatusOK, view.Frame, MentionPage(view), pieces{"slash-list": mentionOptions(view)})
}

// begins tells whether a name, or a word of it, begins with what was typed.
func begins(name, typed string) bool {
	name = strings.ToLower(name)
	return strings.HasPrefix(name, typed) || strings.Contains(name, " "+typed)
}
