package portal

import (
	"context"
	"net/http"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/service"
	"goodturn/internal/web/ask"
	"goodturn/internal/web/page"
)

// Offer is a service that may be chosen on the first page.
type Offer struct{ Slug, Name, Sentence string }

// Chosen is the service that was chosen, with what it asks.
type Chosen struct {
	Offer
	Form      int64 // the version of its questions
	Questions []ask.Question
}

// fewOffers stand on the first page; the others on one more click.
const fewOffers = 6

// offer puts the chosen service with its questions into the form, or else those that may be chosen. wrong is what is wrong with the answers.
func (p *Portal) offer(ctx context.Context, view *FormView, in typed, wrong map[string]string) error {
	return p.Site.DB.Read(ctx, func(tx *db.Tx) error {
		if err := p.chatOffered(ctx, tx, view); err != nil {
			return err
		}
		if in.service != "" && in.service != allOffers {
			s, err := service.BySlug(ctx, tx, in.service)
			switch {
			case err == nil:
				f, err := service.FormOf(ctx, tx, s, in.form)
				view.Service = &Chosen{Offer: offerOf(s), Form: f.Version, Questions: ask.Of(ctx, f, in.answer, wrong)}
				return err
			case !fault.Is(err, fault.KindNotFound):
				return err
			}
		}
		all, err := service.Shown(ctx, tx)
		view.AllOffers = in.service == allOffers
		for i, s := range all {
			if i == fewOffers && !view.AllOffers {
				view.MoreOffers = true
				break
			}
			view.Offers = append(view.Offers, offerOf(s))
		}
		return err
	})
}

// allOffers is chosen to see all that may be chosen.
const allOffers = "*"

func offerOf(s service.Service) Offer { return Offer{Slug: s.Slug, Name: s.Name, Sentence: s.Sentence} }

// answer is what was typed into the field of a question.
func (t typed) answer(name string) []string { return t.answers[name] }

// choose looks up the service that was chosen and reads the answers to its questions. One that is gone is as good as none: what was
// written is still asked.
func (p *Portal) choose(ctx context.Context, in typed) (typed, error) {
	if in.service == "" {
		return in, nil
	}
	err := p.Site.DB.Read(ctx, func(tx *db.Tx) error {
		s, err := service.BySlug(ctx, tx, in.service)
		if fault.Is(err, fault.KindNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		f, err := service.FormOf(ctx, tx, s, in.form)
		if err != nil {
			return err
		}
		in.chosen = s
		in.facts, in.wrong = f.Read(in.answer)
		return nil
	})
	return in, err
}

// look answers POST /look: the form as it was typed, with the service that was chosen on it, and with what may help already. Nothing is
// sent.
func (p *Portal) look(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	in, err := readTyped(r)
	defer dropFiles(r)
	if err != nil {
		return err
	}
	if r.PostForm.Has("choose") {
		in.service, in.form = r.PostFormValue("choose"), 0
	}
	ctx := r.Context()
	view := in.view(ctx, p.frame(v), r)
	if err := p.offer(ctx, &view, in, nil); err != nil {
		return err
	}
	if view.Near, err = p.near(ctx, v, in.text); err != nil {
		return err
	}
	view.Looked = true
	if r.Header.Get("Goodturn-Fragment") != "" {
		return page.Render(w, r, http.StatusOK, asked(view))
	}
	return page.Render(w, r, http.StatusOK, FormPage(view))
}
