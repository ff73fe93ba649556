package lead

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/papercut"
	"goodturn/internal/person"
	"goodturn/internal/secret"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// PapercutView is one small thing that annoys.
type PapercutView struct {
	Frame
	papercut.Papercut
	Taps     []papercut.Tap
	Like     []papercut.Papercut
	Handings []papercut.Handing
	Events   []papercut.Event
	Weeks    []papercut.Week
	Columns  []TeamColumn
	TeamName map[int64]string
	Trackers []papercut.Tracker
	// Reached is how many are told when it is gone, Told how many were.
	Reached, Told int
	MayChange     bool
	MaySet        bool
	// What was typed, and what is wrong with it.
	TitleTyped, NoteTyped, ReasonTyped, Words, IntoTyped, Form string
	Wrong                                                      map[string]string
}

func sortColumns(all []TeamColumn) {
	slices.SortFunc(all, func(a, b TeamColumn) int { return cmp.Compare(a.Name, b.Name) })
}

const tapsShown = 100

// papercut answers GET /papercuts/{id}.
func (l *Lead) papercut(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return l.showPapercut(w, r, v, http.StatusOK, nil, nil)
}

// showPapercut shows one; typed puts in what was typed, over what is stored.
func (l *Lead) showPapercut(w http.ResponseWriter, r *http.Request, v page.Visit, status int, wrong map[string]string, typed func(*PapercutView)) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	view := PapercutView{Wrong: wrong, Form: secret.Token()}
	err = l.read(r, v, &view.Frame, func(ctx context.Context, tx *db.Tx) error { return view.fill(ctx, tx, v.Actor, id) })
	if err != nil {
		return err
	}
	if view.ID != id && r.Method == http.MethodGet {
		return page.Goto(w, r, papercutURL(view.ID)) // it became part of this one
	}
	if typed != nil {
		typed(&view)
	}
	return page.Render(w, r, status, PapercutPage(view))
}

func (v *PapercutView) fill(ctx context.Context, tx *db.Tx, a person.Actor, id int64) (err error) {
	if v.Papercut, err = papercut.Get(ctx, tx, a, id); err != nil {
		return err
	}
	p := v.Papercut
	v.TitleTyped, v.NoteTyped, v.ReasonTyped = p.Title, p.Note, p.Reason
	v.MayChange, v.MaySet = person.Can(a, person.ChangePapercuts, p.Thing()), person.Can(a, person.ManageRules, person.Thing{})
	for _, read := range []func() error{
		func() error { v.Taps, err = papercut.Taps(ctx, tx, p.ID, tapsShown); return err },
		func() error { v.Like, err = papercut.LikeThis(ctx, tx, a, p, 5); return err },
		func() error { v.Handings, err = papercut.Handings(ctx, tx, p.ID); return err },
		func() error { v.Events, err = papercut.Events(ctx, tx, p.ID, 30); return err },
		func() error { v.Trackers, err = papercut.Trackers(ctx, tx); return err },
		func() error { v.TeamName, err = teamNames(ctx, tx, a); return err },
		func() error {
			v.Weeks, err = papercut.Weeks(ctx, tx, a, p.ID, cutWeeks, i18n.ZoneOf(ctx))
			return err
		},
		func() error { v.Reached, err = papercut.Reached(ctx, tx, p.ID); return err },
		func() error { v.Told, err = papercut.Told(ctx, tx, p); return err },
	} {
		if err := read(); err != nil {
			return err
		}
	}
	v.Columns = columnsOf(ctx, v.Weeks, v.TeamName)
	said, err := papercut.Words(ctx, tx, p)
	v.Words = i18n.N(ctx, "{{.Count}} person said so, since {{.Date}}:", "{{.Count}} people said so, since {{.Date}}:", p.People, "Date", i18n.DateLong(ctx, p.CreatedAt.Time())) + "\n" + said
	return err
}

// teamChoices are the teams that may look after it.
func (v PapercutView) teamChoices(ctx context.Context) []ui.Choice {
	out := []ui.Choice{{Label: i18n.T(ctx, "no team"), Chosen: v.TeamID == 0}}
	ids := make([]int64, 0, len(v.TeamName))
	for id := range v.TeamName {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b int64) int { return cmp.Compare(v.TeamName[a], v.TeamName[b]) })
	for _, id := range ids {
		out = append(out, ui.Choice{Value: decimal(id), Label: v.TeamName[id], Chosen: id == v.TeamID})
	}
	return out
}

// done is what came of something that was done with a papercut: what is said of it, and where it leads; 0 is back to it.
type done struct {
	said string
	to   int64
}

// does reads the form and does something with the papercut; what is wrong with a field comes back with what was typed.
func (l *Lead) does(w http.ResponseWriter, r *http.Request, v page.Visit, do func(ctx context.Context, tx *db.Tx, id int64) (done, error), typed func(*PapercutView)) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	var d done
	err = l.Site.DB.Write(ctx, func(tx *db.Tx) (err error) {
		d, err = do(ctx, tx, id)
		return err
	})
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return l.showPapercut(w, r, v, http.StatusUnprocessableEntity, wrong, typed)
	}
	if fault.Is(err, fault.KindConflict) {
		l.Site.Warn(w, conflictWords(ctx, err))
		return page.Goto(w, r, papercutURL(id))
	}
	if err != nil {
		return err
	}
	l.Site.Tell(w, cmp.Or(d.said, i18n.T(ctx, "Saved.")))
	return page.Goto(w, r, papercutURL(cmp.Or(d.to, id)))
}

// changePapercut answers POST /papercuts/{id}: title, note and whose it is.
func (l *Lead) changePapercut(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return l.does(w, r, v, func(ctx context.Context, tx *db.Tx, id int64) (done, error) {
		title, note, team := r.PostFormValue("title"), r.PostFormValue("note"), number(r.PostFormValue("team"))
		_, err := l.Papercuts.Change(ctx, tx, v.Actor, id, papercut.Change{Title: &title, Note: &note, Team: &team})
		return done{}, err
	}, func(view *PapercutView) {
		view.TitleTyped, view.NoteTyped, view.TeamID = r.PostFormValue("title"), r.PostFormValue("note"), number(r.PostFormValue("team"))
	})
}

// setPapercut answers POST /papercuts/{id}/state.
func (l *Lead) setPapercut(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return l.does(w, r, v, func(ctx context.Context, tx *db.Tx, id int64) (d done, err error) {
		p, err := l.Papercuts.SetState(ctx, tx, v.Actor, id, papercut.State(r.PostFormValue("state")), r.PostFormValue("reason"))
		if err == nil && p.State == papercut.Gone {
			n, err := papercut.Reached(ctx, tx, id)
			minutes := int(papercut.TellAfter / time.Minute)
			return done{said: i18n.N(ctx, "{{.Count}} person is told in {{.Minutes}} minutes. Until then you can say otherwise.", "{{.Count}} people are told in {{.Minutes}} minutes. Until then you can say otherwise.", n, "Minutes", minutes)}, err
		}
		return d, err
	}, func(view *PapercutView) {
		view.State, view.ReasonTyped = papercut.State(r.PostFormValue("state")), r.PostFormValue("reason")
	})
}

// mergePapercut answers POST /papercuts/{id}/merges: it becomes part of "into".
func (l *Lead) mergePapercut(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	typed := strings.TrimPrefix(strings.TrimSpace(r.FormValue("into")), "#")
	return l.does(w, r, v, func(ctx context.Context, tx *db.Tx, id int64) (done, error) {
		into := number(typed)
		if into == 0 {
			return done{}, fault.Invalid(fault.F("into", i18n.M("Please give the number of a papercut.")))
		}
		_, err := l.Papercuts.Merge(ctx, tx, v.Actor, id, into)
		return done{said: i18n.T(ctx, "These are one now."), to: into}, err
	}, func(view *PapercutView) { view.IntoTyped = typed })
}

// papercutSentence answers POST /papercuts/{id}/sentences/{tap}: one sentence is split off, hidden or brought back.
func (l *Lead) papercutSentence(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	tap, err := page.Number(r, "tap")
	if err != nil {
		return err
	}
	return l.does(w, r, v, func(ctx context.Context, tx *db.Tx, id int64) (done, error) {
		switch r.PostFormValue("do") {
		case "split":
			p, err := l.Papercuts.Split(ctx, tx, v.Actor, id, tap)
			return done{said: i18n.T(ctx, "This is one of its own now."), to: p.ID}, err
		case "hide":
			return done{said: i18n.T(ctx, "It is out of sight, and not counted.")}, l.Papercuts.HideTap(ctx, tx, v.Actor, id, tap, true)
		case "show":
			return done{}, l.Papercuts.HideTap(ctx, tx, v.Actor, id, tap, false)
		}
		return done{}, papercut.NotFound()
	}, nil)
}

// hidePapercut answers POST /papercuts/{id}/sight: "do" is hide, show, or look, that others may read it.
func (l *Lead) hidePapercut(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return l.does(w, r, v, func(ctx context.Context, tx *db.Tx, id int64) (done, error) {
		switch r.PostFormValue("do") {
		case "hide":
			return done{said: i18n.T(ctx, "It is out of sight.")}, l.Papercuts.Hide(ctx, tx, v.Actor, id, true)
		case "show":
			return done{}, l.Papercuts.Hide(ctx, tx, v.Actor, id, false)
		case "look":
			return done{said: i18n.T(ctx, "Others may read it now.")}, l.Papercuts.Look(ctx, tx, v.Actor, id)
		}
		return done{}, papercut.NotFound()
	}, nil)
}

// handPapercut answers POST /papercuts/{id}/handings.
func (l *Lead) handPapercut(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return l.does(w, r, v, func(ctx context.Context, tx *db.Tx, id int64) (done, error) {
		return done{said: i18n.T(ctx, "It is on its way. What they answer stands here.")}, l.Papercuts.HandOn(ctx, tx, v.Actor, id, number(r.PostFormValue("tracker")), r.PostFormValue("text"), r.PostFormValue("form"))
	}, func(view *PapercutView) { view.Words = r.PostFormValue("text") })
}

// handAgain answers POST /papercuts/{id}/handings/{handing}/again.
func (l *Lead) handAgain(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	handing, err := page.Number(r, "handing")
	if err != nil {
		return err
	}
	return l.does(w, r, v, func(ctx context.Context, tx *db.Tx, id int64) (done, error) {
		return done{said: i18n.T(ctx, "It is on its way. What they answer stands here.")}, l.Papercuts.Retry(ctx, tx, v.Actor, id, handing)
	}, nil)
}

// TrackersView is where papercuts are handed on to.
type TrackersView struct {
	Frame
	Trackers      []papercut.Tracker
	Secrets       map[int64]string
	Name, Address string
	Wrong         map[string]string
}

// trackers answers GET /papercut-trackers.
func (l *Lead) trackers(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return l.showTrackers(w, r, v, http.StatusOK, TrackersView{})
}

func (l *Lead) showTrackers(w http.ResponseWriter, r *http.Request, v page.Visit, status int, view TrackersView) error {
	err := l.read(r, v, &view.Frame, func(ctx context.Context, tx *db.Tx) (err error) {
		if view.Trackers, err = papercut.Trackers(ctx, tx); err != nil {
			return err
		}
		view.Secrets = map[int64]string{}
		for _, t := range view.Trackers {
			if view.Secrets[t.ID], err = l.Papercuts.Secret(ctx, tx, v.Actor, t.ID); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, status, TrackersPage(view))
}

// addTracker answers POST /papercut-trackers.
func (l *Lead) addTracker(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	ctx, view := r.Context(), TrackersView{Name: r.PostFormValue("name"), Address: r.PostFormValue("address")}
	err := l.Site.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := l.Papercuts.AddTracker(ctx, tx, v.Actor, view.Name, view.Address)
		return err
	})
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		view.Wrong = wrong
		return l.showTrackers(w, r, v, http.StatusUnprocessableEntity, view)
	}
	if err != nil {
		return err
	}
	l.Site.Tell(w, i18n.T(ctx, "Saved."))
	return page.Goto(w, r, "/papercut-trackers")
}

// removeTracker answers POST /papercut-trackers/{id}/removal.
func (l *Lead) removeTracker(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	ctx := r.Context()
	if err := l.Site.DB.Write(ctx, func(tx *db.Tx) error { return l.Papercuts.RemoveTracker(ctx, tx, v.Actor, id) }); err != nil {
		return err
	}
	l.Site.Tell(w, i18n.T(ctx, "It is not handed on to there any more."))
	return page.Goto(w, r, "/papercut-trackers")
}
