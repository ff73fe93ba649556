package stint

import (
	"context"
	"net/http"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/lesson"
	"goodturn/internal/person"
	"goodturn/internal/redact"
	"goodturn/internal/stint"
	"goodturn/internal/web/page"
)

// OwnView is somebody's own turn at the desk: what lies ahead, what runs, what was.
type OwnView struct {
	Frame
	// Stint is the one that counts now; its ID is 0 for none.
	Stint  stint.Stint
	Mentor string // "" for nobody yet
	Team   string
	Dates  []stint.Stint // other dates that fit, for one that has not begun
	// While it runs.
	Fitting  []stint.Fitting
	Held     []stint.Held
	Whispers []stint.Whisper
	SignOffs []stint.SignOff
	// Debrief says that there is one; Past are those that are over.
	Debriefed bool
	Past      []stint.Stint
	Excuses   []stint.Excused
	Feed      string // the address of their calendar feed; "" for none
	// CanBegin says that it is nearly time. Guest says that they may read the primer now.
	CanBegin, Guest bool
	Me              int64
	// Typed and Wrong are of a whisper that has to be changed.
	Typed, Wrong string
}

// own answers GET /stint.
func (s *Stints) own(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return s.showOwn(w, r, v, http.StatusOK, "", "")
}

func (s *Stints) showOwn(w http.ResponseWriter, r *http.Request, v page.Visit, status int, typed, wrong string) error {
	view := OwnView{Me: v.Actor.ID, Typed: typed, Wrong: wrong}
	err := s.read(r, v, &view.Frame, func(ctx context.Context, tx *db.Tx) error { return s.ownView(ctx, tx, v.Actor, &view) })
	if err != nil {
		return err
	}
	if view.Stint.State == stint.Running && r.Method == http.MethodGet && !v.Ahead && unheard(view.Whispers, v.Actor.ID) {
		if err := s.Site.DB.Write(r.Context(), func(tx *db.Tx) error { return stint.Heard(r.Context(), tx, v.Actor, view.Stint) }); err != nil {
			return err
		}
	}
	return page.Render(w, r, status, OwnPage(view))
}

func unheard(all []stint.Whisper, me int64) bool {
	for _, w := range all {
		if w.FromID != me && w.ReadAt == 0 {
			return true
		}
	}
	return false
}

func (s *Stints) ownView(ctx context.Context, tx *db.Tx, a person.Actor, view *OwnView) error {
	all, err := stint.Of(ctx, tx, a.ID)
	if err != nil {
		return err
	}
	if view.Excuses, err = stint.ExcusesOf(ctx, tx, a.ID); err != nil {
		return err
	}
	view.Past, view.Guest = nil, person.Can(a, person.VisitDesk, person.Thing{})
	for _, one := range all {
		if one.Open() || one.State == stint.Declined && one.Until > tx.Now {
			view.Stint = one
		} else if one.State == stint.Over {
			view.Past = append(view.Past, one)
		}
	}
	if view.Stint.ID == 0 && len(view.Past) > 0 && view.Past[0].EndedAt > tx.Now.Add(-freshFor) {
		view.Stint, view.Past = view.Past[0], view.Past[1:]
	}
	if view.Stint.ID == 0 {
		return nil
	}
	if view.Team, view.Mentor, err = names(ctx, tx, view.Stint); err != nil {
		return err
	}
	if s.Feed != nil {
		if view.Feed, err = s.Feed(ctx, tx, a.ID); err != nil {
			return err
		}
	}
	switch view.Stint.State {
	case stint.Invited, stint.Agreed, stint.Declined:
		view.CanBegin = view.Stint.State != stint.Declined && view.Stint.FromAt <= tx.Now.Add(beginBefore)
		latest, err := s.Keeper.Latest(ctx, tx, view.Stint)
		if err != nil {
			return err
		}
		view.Dates, err = s.Keeper.Dates(ctx, tx, view.Stint, otherDates, latest)
		return err
	case stint.Over:
		_, view.Debriefed, err = stint.DebriefOf(ctx, tx, view.Stint.ID)
		return err
	}
	if view.Fitting, err = s.Keeper.Fitting(ctx, tx, a); err != nil {
		return err
	}
	if view.Held, err = stint.HeldBy(ctx, tx, view.Stint); err != nil {
		return err
	}
	view.redact(ctx)
	if view.SignOffs, err = stint.SignOffs(ctx, tx, a, view.Stint); err != nil {
		return err
	}
	view.Whispers, err = stint.Whispers(ctx, tx, a, view.Stint, 0)
	return err
}

// redact takes out of subjects what tells more of people than their names.
func (v *OwnView) redact(ctx context.Context) {
	clear := redactor(ctx)
	for i := range v.Fitting {
		v.Fitting[i].Subject, _ = clear(v.Fitting[i].Subject)
	}
	for i := range v.Held {
		v.Held[i].Subject, _ = clear(v.Held[i].Subject)
	}
}

// redactor says in the reader's language what was taken out.
func redactor(ctx context.Context) func(string) (string, int) {
	return stint.Redactor(func(k redact.Kind) string { return redacted(ctx, k) })
}

func redacted(ctx context.Context, k redact.Kind) string { return "[" + lesson.KindWord(ctx, k) + "]" }

const (
	otherDates  = 6
	beginBefore = 60 * 60 * 1e9
	// freshFor is how long a stint that is over stands first on the page, so that its debrief is found.
	freshFor = 21 * 24 * 60 * 60 * 1e9
)

// names gives what the team and the mentor of a stint are called.
func names(ctx context.Context, tx *db.Tx, s stint.Stint) (team, mentor string, err error) {
	if team, err = db.One[string](ctx, tx, `SELECT name FROM team WHERE id = $1`, s.TeamID); err != nil || s.MentorID == 0 {
		return team, "", err
	}
	m, err := person.Get(ctx, tx, s.MentorID)
	return team, m.Name, err
}

// answer answers POST /stint/{id}/answer: "answer" is yes or no.
func (s *Stints) answer(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := form(r)
	if err != nil {
		return err
	}
	if r.PostFormValue("answer") == "yes" {
		return s.do(w, r, ownURL, i18n.T(r.Context(), "Thank you. The desk looks forward to you."), func(ctx context.Context, tx *db.Tx) error { return s.Keeper.Agree(ctx, tx, v.Actor, id) })
	}
	return s.do(w, r, ownURL, i18n.T(r.Context(), "Noted. Choose another date, or wait for one to be proposed."), func(ctx context.Context, tx *db.Tx) error {
		return s.Keeper.Decline(ctx, tx, v.Actor, id, r.PostFormValue("words"))
	})
}

// date answers POST /stint/{id}/date: one click on another date.
func (s *Stints) date(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := form(r)
	if err != nil {
		return err
	}
	from := clock.Instant(number(r.PostFormValue("from")))
	return s.do(w, r, ownURL, i18n.T(r.Context(), "It is yours: {{.Date}}.", "Date", i18n.DateTime(r.Context(), from.Time())), func(ctx context.Context, tx *db.Tx) error {
		return s.Keeper.Move(ctx, tx, v.Actor, id, from)
	})
}

// renewFeed answers POST /stint/feed: the address of one's calendar feed ends, and there is another.
func (s *Stints) renewFeed(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return s.do(w, r, ownURL+"#calendar", i18n.T(r.Context(), "The addresses are new. The old ones give nothing any more."), func(ctx context.Context, tx *db.Tx) error {
		if s.Renew == nil {
			return nil
		}
		return s.Renew(ctx, tx, v.Actor.ID)
	})
}

// begin answers POST /stint/{id}/beginning.
func (s *Stints) begin(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := form(r)
	if err != nil {
		return err
	}
	return s.do(w, r, ownURL, i18n.T(r.Context(), "Welcome to the desk."), func(ctx context.Context, tx *db.Tx) error { return s.Keeper.Begin(ctx, tx, v.Actor, id) })
}

// longer answers POST /stint/{id}/longer.
func (s *Stints) longer(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := form(r)
	if err != nil {
		return err
	}
	return s.do(w, r, ownURL, i18n.T(r.Context(), "An hour more. Good to have you."), func(ctx context.Context, tx *db.Tx) error { return s.Keeper.StayLonger(ctx, tx, v.Actor, id) })
}

// end answers POST /stint/{id}/end: it is over before its time.
func (s *Stints) end(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := form(r)
	if err != nil {
		return err
	}
	return s.do(w, r, debriefURL(id), "", func(ctx context.Context, tx *db.Tx) error { return s.Keeper.Finish(ctx, tx, v.Actor, id) })
}

// back answers POST /stint/{id}/stage: somebody goes a step back by themselves.
func (s *Stints) back(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := form(r)
	if err != nil {
		return err
	}
	return s.do(w, r, ownURL, i18n.T(r.Context(), "A step back, for as long as you like."), func(ctx context.Context, tx *db.Tx) error {
		return s.Keeper.SetStage(ctx, tx, v.Actor, id, stint.Stage(r.PostFormValue("stage")), r.PostFormValue("words"))
	})
}

// whisper answers POST /stint/{id}/whispers.
func (s *Stints) whisper(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := form(r)
	if err != nil {
		return err
	}
	ctx, text, about := r.Context(), r.PostFormValue("text"), number(r.PostFormValue("ticket"))
	err = s.Site.DB.Write(ctx, func(tx *db.Tx) error { return s.Keeper.Whisper(ctx, tx, v.Actor, id, about, text) })
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		if about != 0 {
			return s.showRequest(w, r, v, about, http.StatusUnprocessableEntity, typed{whisper: text, whisperError: wrong["text"]})
		}
		return s.showOwn(w, r, v, http.StatusUnprocessableEntity, text, wrong["text"])
	}
	if err != nil {
		return err
	}
	if about != 0 {
		return page.Goto(w, r, requestURL(about)+"#whispers")
	}
	return page.Goto(w, r, ownURL+"#whispers")
}

// take answers POST /lent: a ticket of the starter line.
func (s *Stints) take(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	id := number(r.PostFormValue("ticket"))
	ctx := r.Context()
	if err := s.Site.DB.Write(ctx, func(tx *db.Tx) error { return s.Keeper.Take(ctx, tx, v.Actor, id) }); err != nil {
		return s.do(w, r, ownURL, "", func(context.Context, *db.Tx) error { return err })
	}
	return page.Goto(w, r, requestURL(id))
}

// before is the step before another.
func before(s stint.Stage) stint.Stage {
	all := stint.Stages()
	for i := 1; i < len(all); i++ {
		if all[i] == s {
			return all[i-1]
		}
	}
	return s
}
