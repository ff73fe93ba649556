package stint

import (
	"context"
	"net/http"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/draft"
	"goodturn/internal/i18n"
	"goodturn/internal/kb"
	"goodturn/internal/person"
	"goodturn/internal/redact"
	"goodturn/internal/stint"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// RequestView is a lent ticket: what was said, what helps, what the guest writes, and what the two whisper.
type RequestView struct {
	Frame
	stint.Request
	Stint    stint.Stint
	Mentor   string
	MayWrite bool
	Draft    draft.Draft
	Approved bool // the mentor said yes to the draft as it is
	// Articles may help; Phrases are what to say when one does not know.
	Articles []kb.Hit
	Phrases  []string
	Whispers []stint.Whisper
	Me       int64
	typed
}

// typed is what a form held that has to be changed.
type typed struct {
	text, textError       string
	words, wordsError     string
	whisper, whisperError string
}

func (t typed) any() bool { return t != typed{} }

// request answers GET /lent/{number}.
func (s *Stints) request(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	return s.showRequest(w, r, v, id, http.StatusOK, typed{})
}

func (s *Stints) showRequest(w http.ResponseWriter, r *http.Request, v page.Visit, id int64, status int, t typed) error {
	view := RequestView{Me: v.Actor.ID, typed: t}
	err := s.read(r, v, &view.Frame, func(ctx context.Context, tx *db.Tx) (err error) {
		if view.Request, err = stint.Read(ctx, tx, v.Actor, id, func(k redact.Kind) string { return redacted(ctx, k) }); err != nil {
			return err
		}
		if view.Stint, err = stint.Now(ctx, tx, v.Actor.ID); err != nil {
			return err
		}
		if view.Stint.ID != 0 {
			if _, view.Mentor, err = names(ctx, tx, view.Stint); err != nil {
				return err
			}
		}
		full, err := ticket.Get(ctx, tx, v.Actor, person.SeeLent, id)
		if err != nil {
			return err
		}
		if view.MayWrite = person.Can(v.Actor, person.WriteDraft, full.Thing()); view.MayWrite {
			all, err := draft.On(ctx, tx, v.Actor, id)
			if err != nil {
				return err
			}
			for _, d := range all {
				if d.PersonID == v.Actor.ID && !d.Internal {
					view.Draft = d
				}
			}
			if view.Approved, err = stint.Approved(ctx, tx, view.Stint, view.Draft); err != nil {
				return err
			}
		}
		about := view.Subject
		if len(view.Said) > 0 {
			about += " " + view.Said[0].Text
		}
		if view.Articles, err = kb.Like(ctx, tx, v.Actor, i18n.LangOf(ctx), about, articlesShown); err != nil {
			return err
		}
		view.Whispers, err = stint.Whispers(ctx, tx, v.Actor, view.Stint, id)
		return err
	})
	if err != nil {
		return err
	}
	view.Phrases = phrases(r.Context())
	if unheard(view.Whispers, v.Actor.ID) && r.Method == http.MethodGet && !v.Ahead {
		if err := s.Site.DB.Write(r.Context(), func(tx *db.Tx) error { return stint.Heard(r.Context(), tx, v.Actor, view.Stint) }); err != nil {
			return err
		}
	}
	return page.Render(w, r, status, RequestPage(view))
}

const articlesShown = 3

// phrases are small courtesies: what to say when one does not know.
func phrases(ctx context.Context) []string {
	return []string{
		i18n.T(ctx, "I do not know this yet, and I find out. You hear from me by tomorrow noon."),
		i18n.T(ctx, "Could you tell me what you saw just before it happened?"),
		i18n.T(ctx, "Thank you for your patience. Does it work for you now?"),
	}
}

// draft answers POST /lent/{number}/draft: "do" is save, or hand, which gives it to the mentor.
func (s *Stints) draft(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	if err := page.Form(r); err != nil {
		return err
	}
	ctx, text, words := r.Context(), r.PostFormValue("text"), r.PostFormValue("words")
	hand := r.PostFormValue("do") == "hand"
	err = s.Site.DB.Write(ctx, func(tx *db.Tx) error {
		if same, err := unchanged(ctx, tx, v.Actor, id, text); err != nil || same && !hand {
			return err
		} else if same {
			return s.Keeper.HandOn(ctx, tx, v.Actor, id, words)
		}
		if _, err := draft.Save(ctx, tx, v.Actor, draft.Place{TicketID: id}, draft.Content{Text: text, Version: number(r.PostFormValue("version")), Writer: "turn"}); err != nil || !hand {
			return err
		}
		return s.Keeper.HandOn(ctx, tx, v.Actor, id, words)
	})
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return s.showRequest(w, r, v, id, http.StatusUnprocessableEntity, typed{text: text, textError: wrong["text"], words: words, wordsError: wrong["comment"]})
	}
	told := i18n.T(ctx, "Kept. Nobody sees it but you.")
	if hand {
		told = i18n.T(ctx, "Your mentor has it now. They send it, or come back to you.")
	}
	return s.do(w, r, requestURL(id), told, func(context.Context, *db.Tx) error { return err })
}

// unchanged tells that a text is what the draft says already: what was said yes to stays so.
func unchanged(ctx context.Context, tx *db.Tx, a person.Actor, ticketID int64, text string) (bool, error) {
	all, err := draft.On(ctx, tx, a, ticketID)
	for _, d := range all {
		if err == nil && d.PersonID == a.ID && !d.Internal && strings.ReplaceAll(text, "\r\n", "\n") == d.Text {
			return true, nil
		}
	}
	return false, err
}

// send answers POST /lent/{number}/sending: what the mentor said yes to goes out, in this version.
func (s *Stints) send(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	if err := page.Form(r); err != nil {
		return err
	}
	return s.do(w, r, requestURL(id), i18n.T(r.Context(), "Sent, in your name."), func(ctx context.Context, tx *db.Tx) error {
		return s.Keeper.Send(ctx, tx, v.Actor, id, number(r.PostFormValue("version")))
	})
}

// giveBack answers POST /lent/{number}/return.
func (s *Stints) giveBack(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	return s.do(w, r, ownURL, i18n.T(r.Context(), "Given back. Your mentor goes on with it."), func(ctx context.Context, tx *db.Tx) error {
		now, err := stint.Now(ctx, tx, v.Actor.ID)
		if err != nil {
			return err
		}
		return s.Keeper.GiveBack(ctx, tx, v.Actor, now.ID, id)
	})
}
