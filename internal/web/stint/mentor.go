package stint

import (
	"context"
	"net/http"

	"goodturn/internal/db"
	"goodturn/internal/draft"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/stint"
	"goodturn/internal/web/page"
)

func (s *Stints) mentorRoutes() []page.Route {
	routes := []page.Route{
		{Pattern: "GET /mentoring", Handle: s.mentoring},
		{Pattern: "POST /mentoring", Handle: s.setMentor},
		{Pattern: "GET /mentoring/{id}", Handle: s.beside},
		{Pattern: "POST /mentoring/{id}/whispers", Handle: s.mentorWhisper},
		{Pattern: "POST /mentoring/{id}/tickets", Handle: s.lend},
		{Pattern: "POST /mentoring/{id}/return", Handle: s.takeBack},
		{Pattern: "POST /mentoring/{id}/approvals", Handle: s.approve},
		{Pattern: "POST /mentoring/{id}/stage", Handle: s.stage},
	}
	for i := range routes {
		routes[i].Verb = person.Mentor
	}
	return routes
}

// MentoringView is the guests of a mentor.
type MentoringView struct {
	Frame
	Glad   bool // they are glad to be a mentor
	Guests []GuestRow
}

// GuestRow is a guest beside a mentor.
type GuestRow struct {
	stint.Stint
	Name    string
	Waiting int // drafts that wait for the mentor
}

// mentoring answers GET /mentoring.
func (s *Stints) mentoring(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	var view MentoringView
	err := s.read(r, v, &view.Frame, func(ctx context.Context, tx *db.Tx) (err error) {
		if view.Glad, err = stint.IsMentor(ctx, tx, v.Actor.ID); err != nil {
			return err
		}
		all, err := stint.Beside(ctx, tx, v.Actor.ID)
		if err != nil {
			return err
		}
		view.Guests = nil
		for _, one := range all {
			who, err := person.Get(ctx, tx, one.PersonID)
			if err != nil {
				return err
			}
			held, err := stint.HeldBy(ctx, tx, one)
			if err != nil {
				return err
			}
			row := GuestRow{Stint: one, Name: who.Name}
			for _, h := range held {
				if h.Asked {
					row.Waiting++
				}
			}
			view.Guests = append(view.Guests, row)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, MentoringPage(view))
}

// setMentor answers POST /mentoring: "glad" is yes or no.
func (s *Stints) setMentor(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	glad := r.PostFormValue("glad") == "yes"
	told := i18n.T(r.Context(), "Noted. Guests you have already stay yours.")
	if glad {
		told = i18n.T(r.Context(), "Thank you. You are told before a guest comes.")
	}
	return s.do(w, r, mentoringURL, told, func(ctx context.Context, tx *db.Tx) error { return stint.SetMentor(ctx, tx, v.Actor, glad) })
}

// BesideView is one guest, as their mentor sees the turn.
type BesideView struct {
	Frame
	Stint        stint.Stint
	Name         string
	Held         []stint.Held
	Drafts       map[int64]draft.Draft // that wait for the mentor, by ticket
	Whispers     []stint.Whisper
	SignOffs     []stint.SignOff
	Said         stint.Debrief
	Debriefed    bool
	Me           int64
	Typed, Wrong string
}

// beside answers GET /mentoring/{id}.
func (s *Stints) beside(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	return s.showBeside(w, r, v, id, http.StatusOK, "", "")
}

func (s *Stints) showBeside(w http.ResponseWriter, r *http.Request, v page.Visit, id int64, status int, typed, wrong string) error {
	view := BesideView{Me: v.Actor.ID, Typed: typed, Wrong: wrong}
	err := s.read(r, v, &view.Frame, func(ctx context.Context, tx *db.Tx) (err error) {
		if view.Stint, err = stint.ByID(ctx, tx, id); err != nil {
			return err
		}
		if view.Stint.MentorID != v.Actor.ID {
			return fault.NotFound(i18n.M("There is no such stint."))
		}
		who, err := person.Get(ctx, tx, view.Stint.PersonID)
		if err != nil {
			return err
		}
		view.Name = who.Name
		if view.Held, err = stint.HeldBy(ctx, tx, view.Stint); err != nil {
			return err
		}
		view.Drafts = map[int64]draft.Draft{}
		for _, h := range view.Held {
			if !h.Asked {
				continue
			}
			all, err := draft.On(ctx, tx, v.Actor, h.TicketID)
			if err != nil {
				return err
			}
			for _, d := range all {
				if d.PersonID == view.Stint.PersonID {
					view.Drafts[h.TicketID] = d
				}
			}
		}
		if view.SignOffs, err = stint.SignOffs(ctx, tx, v.Actor, view.Stint); err != nil {
			return err
		}
		if view.Said, view.Debriefed, err = stint.DebriefOf(ctx, tx, id); err != nil {
			return err
		}
		view.Whispers, err = stint.Whispers(ctx, tx, v.Actor, view.Stint, 0)
		return err
	})
	if err != nil {
		return err
	}
	if unheard(view.Whispers, v.Actor.ID) && r.Method == http.MethodGet && !v.Ahead {
		if err := s.Site.DB.Write(r.Context(), func(tx *db.Tx) error { return stint.Heard(r.Context(), tx, v.Actor, view.Stint) }); err != nil {
			return err
		}
	}
	return page.Render(w, r, status, BesidePage(view))
}

// mentorWhisper answers POST /mentoring/{id}/whispers.
func (s *Stints) mentorWhisper(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := form(r)
	if err != nil {
		return err
	}
	ctx, text := r.Context(), r.PostFormValue("text")
	err = s.Site.DB.Write(ctx, func(tx *db.Tx) error {
		return s.Keeper.Whisper(ctx, tx, v.Actor, id, number(r.PostFormValue("ticket")), text)
	})
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return s.showBeside(w, r, v, id, http.StatusUnprocessableEntity, text, wrong["text"])
	}
	if err != nil {
		return err
	}
	return page.Goto(w, r, stint.MentoringURL(id)+"#whispers")
}

// lend answers POST /mentoring/{id}/tickets: a ticket by its number.
func (s *Stints) lend(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := form(r)
	if err != nil {
		return err
	}
	return s.do(w, r, stint.MentoringURL(id), i18n.T(r.Context(), "Lent. They find it among theirs."), func(ctx context.Context, tx *db.Tx) error {
		return s.Keeper.Lend(ctx, tx, v.Actor, id, number(r.PostFormValue("ticket")))
	})
}

// takeBack answers POST /mentoring/{id}/return.
func (s *Stints) takeBack(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := form(r)
	if err != nil {
		return err
	}
	return s.do(w, r, stint.MentoringURL(id), i18n.T(r.Context(), "Taken back."), func(ctx context.Context, tx *db.Tx) error {
		return s.Keeper.GiveBack(ctx, tx, v.Actor, id, number(r.PostFormValue("ticket")))
	})
}

// stage answers POST /mentoring/{id}/stage: a step on, or back.
func (s *Stints) stage(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := form(r)
	if err != nil {
		return err
	}
	return s.do(w, r, stint.MentoringURL(id), i18n.T(r.Context(), "Noted; both of you can read it."), func(ctx context.Context, tx *db.Tx) error {
		return s.Keeper.SetStage(ctx, tx, v.Actor, id, stint.Stage(r.PostFormValue("stage")), r.PostFormValue("words"))
	})
}

// approve answers POST /mentoring/{id}/approvals: a yes to a draft in this version, which the guest sends then.
func (s *Stints) approve(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := form(r)
	if err != nil {
		return err
	}
	return s.do(w, r, stint.MentoringURL(id), i18n.T(r.Context(), "They may send it, exactly as it is."), func(ctx context.Context, tx *db.Tx) error {
		return s.Keeper.Approve(ctx, tx, v.Actor, id, number(r.PostFormValue("ticket")), number(r.PostFormValue("version")))
	})
}
