package lead

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fixnote"
	"goodturn/internal/i18n"
	"goodturn/internal/outcome"
	"goodturn/internal/person"
	"goodturn/internal/web/page"
)

// FixNotesView is all fix notes, and for administrators how notes and outcomes are asked for.
type FixNotesView struct {
	Frame Frame
	Query string
	Notes []fixnote.Found
	Older string
	// Setting is shown to those who may change it.
	MaySet bool
	Set    outcome.Setting
	Days   string
	Teams  []TeamAsked
	Wrong  map[string]string
}

// TeamAsked is a team, and whether its people are asked for notes.
type TeamAsked struct {
	ID    int64
	Name  string
	Asked bool
}

const notesShown = 30

// fixNotes answers GET /fix-notes.
func (l *Lead) fixNotes(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return l.showFixNotes(w, r, v, http.StatusOK, FixNotesView{})
}

func (l *Lead) showFixNotes(w http.ResponseWriter, r *http.Request, v page.Visit, status int, view FixNotesView) error {
	q := r.URL.Query()
	view.Query = strings.TrimSpace(q.Get("q"))
	err := l.read(r, v, &view.Frame, func(ctx context.Context, tx *db.Tx) (err error) {
		at, id, _ := strings.Cut(q.Get("before"), "-")
		before := fixnote.Place{At: clock.Instant(number(at)), TicketID: number(id)}
		view.Notes, err = fixnote.List(ctx, tx, v.Actor, fixnote.Page{Query: view.Query, Before: before, Size: notesShown + 1})
		if err != nil {
			return err
		}
		if len(view.Notes) > notesShown {
			view.Notes = view.Notes[:notesShown]
			last := view.Notes[notesShown-1]
			view.Older = "/fix-notes?" + url.Values{"q": {view.Query}, "before": {decimal(int64(last.WrittenAt)) + "-" + decimal(last.TicketID)}}.Encode()
		}
		return view.fillSetting(ctx, tx, v.Actor)
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, status, FixNotesPage(view))
}

// fillSetting loads how notes and outcomes are asked for, for whoever may change it.
func (v *FixNotesView) fillSetting(ctx context.Context, tx *db.Tx, a person.Actor) error {
	if v.MaySet = person.Can(a, person.Administer, person.Thing{}); !v.MaySet {
		return nil
	}
	teams, err := person.Teams(ctx, tx)
	if err != nil {
		return err
	}
	v.Teams = nil
	for _, t := range teams {
		asked, err := fixnote.Wanted(ctx, tx, t.ID)
		if err != nil {
			return err
		}
		v.Teams = append(v.Teams, TeamAsked{ID: t.ID, Name: t.Name, Asked: asked})
	}
	if v.Wrong != nil {
		return nil
	}
	v.Set, err = outcome.ReadSetting(ctx, tx)
	v.Days = strconv.Itoa(v.Set.Days)
	return err
}

// saveAfter answers POST /fix-notes/setting.
func (l *Lead) saveAfter(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	set := outcome.Setting{Silent: r.PostFormValue("ask") == "", NoFaces: r.PostFormValue("faces") == "", Days: -1}
	if n, err := strconv.Atoi(strings.TrimSpace(r.PostFormValue("days"))); err == nil {
		set.Days = n
	}
	err := l.Site.DB.Write(ctx, func(tx *db.Tx) error {
		if err := set.Save(ctx, tx); err != nil {
			return err
		}
		teams, err := person.Teams(ctx, tx)
		if err != nil {
			return err
		}
		for _, t := range teams {
			if err := fixnote.Want(ctx, tx, t.ID, r.PostFormValue("team-"+decimal(t.ID)) != ""); err != nil {
				return err
			}
		}
		return nil
	})
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return l.showFixNotes(w, r, v, http.StatusUnprocessableEntity, FixNotesView{Set: set, Days: r.PostFormValue("days"), Wrong: wrong})
	}
	if err != nil {
		return err
	}
	l.Site.Tell(w, i18n.T(ctx, "Saved."))
	return page.Goto(w, r, "/fix-notes")
}

// skipAsked answers POST /fix-notes/asked/skip: many tickets were solved at once, and none of them gets a note.
func (l *Lead) skipAsked(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	err := l.Site.DB.Write(ctx, func(tx *db.Tx) error {
		all, err := fixnote.Asked(ctx, tx, v.Actor)
		if err != nil {
			return err
		}
		for _, a := range all {
			if _, err := l.Notes.Skip(ctx, tx, v.Actor, a.TicketID, fixnote.Many, ""); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	back := ownPath(r, r.Referer())
	if back == "" {
		back = "/tickets"
	}
	return page.Goto(w, r, back)
}
