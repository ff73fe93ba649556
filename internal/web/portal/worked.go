package portal

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/outcome"
	"goodturn/internal/person"
	"goodturn/internal/secret"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// After is what is asked of a request that is done, and what was said of it. The zero value asks nothing.
type After struct {
	// Ask says that the request is done.
	Ask    bool
	Worked outcome.Worked
	// Faces offers to say how the help was.
	Faces bool
	Face  outcome.Face
	Words string
	// Thanks are the cards that the visitor wrote for it; MayThank offers to write one.
	Thanks   []Thanks
	MayThank bool
	// Settled says that what was said of the help stays as it is.
	Settled bool
}

// after is what the visitor may say of a request that was solved. How the help was is the requester's own to say.
func (l *loader) after(ctx context.Context) (a After, err error) {
	t := l.ticket
	if t.IsOpen || t.MergedInto != 0 {
		return a, nil
	}
	o, err := outcome.Of(ctx, l.tx, t.ID)
	if err != nil {
		return a, err
	}
	set, err := outcome.ReadSetting(ctx, l.tx)
	a = After{Ask: true, Worked: o.Worked}
	if l.own() && !set.NoFaces {
		a.Faces, a.Face, a.Words, a.Settled = true, o.Face, o.Words, t.Status == ticket.Closed && o.FaceAt != 0
	}
	if err == nil && !l.unproven {
		a.MayThank = true
		a.Thanks, err = l.thanks(ctx)
	}
	return a, err
}

// WorkedView is the page on which somebody says whether it works, with the choice of the link that led there made.
type WorkedView struct {
	Frame   Frame
	Number  int64
	Subject string
	Key     string
	// Open says that the request is open, so that there is nothing to say of.
	Open   bool
	After  After
	Answer outcome.Worked
	Face   outcome.Face
	// Text is what is still wrong, Words what they write beside a face; both as they were typed.
	Text, Words string
	Wrong       map[string]string
	Alert       string
}

func workedURL(number int64) string { return requestURL(number) + "/worked" }

// workedPage answers GET /requests/{number}/worked. It changes nothing, whatever it is asked with: programs open the links of mails.
func (p *Portal) workedPage(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	q := r.URL.Query()
	view := WorkedView{Answer: answerOf(q.Get("answer")), Face: faceOf(q.Get("face"))}
	return p.showWorked(w, r, v, http.StatusOK, view)
}

func answerOf(s string) outcome.Worked {
	if a := outcome.Worked(s); a == outcome.Yes || a == outcome.No {
		return a
	}
	return ""
}

func faceOf(s string) outcome.Face {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < int64(outcome.Bad) || n > int64(outcome.Good) {
		return 0
	}
	return outcome.Face(n)
}

// showWorked shows the page with what was chosen and typed.
func (p *Portal) showWorked(w http.ResponseWriter, r *http.Request, v page.Visit, status int, view WorkedView) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	ctx := r.Context()
	err = p.Site.DB.Read(ctx, func(tx *db.Tx) error {
		a, err := p.open(ctx, tx, r, v, person.WriteOwn, number)
		if err != nil {
			return err
		}
		view.Number, view.Subject, view.Open = a.ticket.ID, a.ticket.Subject, a.ticket.IsOpen
		l := loader{tx: tx, access: a, names: map[int64]string{}}
		view.After, err = l.after(ctx)
		return err
	})
	if err != nil {
		return p.fail(w, r, v, err)
	}
	view.Frame, view.Key = p.frame(v), secret.Token()
	if view.Face == 0 {
		view.Face = view.After.Face
	}
	if view.Words == "" && view.Wrong == nil {
		view.Words = view.After.Words
	}
	return page.Render(w, r, status, WorkedPage(view))
}

// worked answers POST /requests/{number}/worked: it works, or it does not, or how the help was.
func (p *Portal) worked(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	ctx := r.Context()
	wait := p.limited(w, r, v)
	if err := page.Form(r); err != nil {
		return err
	}
	in := outcome.Answer{Worked: outcome.Worked(r.PostFormValue("answer")), Reason: strings.TrimSpace(r.PostFormValue("text")), Words: r.PostFormValue("words")}
	if f := r.PostFormValue("face"); f != "" {
		if in.Face = faceOf(f); in.Face == 0 {
			in.Face = -1 // none of the three
		}
	}
	view := WorkedView{Answer: answerOf(string(in.Worked)), Face: max(0, in.Face), Text: in.Reason, Words: in.Words}
	if wait != "" {
		view.Alert = wait
		return p.showWorked(w, r, v, http.StatusTooManyRequests, view)
	}
	err = p.Site.DB.Write(ctx, func(tx *db.Tx) error { return p.say(ctx, tx, r, v, number, in) })
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		view.Wrong = wrong
		return p.showWorked(w, r, v, http.StatusUnprocessableEntity, view)
	}
	if f, ok := fault.Of(err); ok && f.Kind == fault.KindConflict {
		view.Alert = i18n.Print(ctx, f.Message)
		return p.showWorked(w, r, v, http.StatusConflict, view)
	}
	if err != nil {
		return p.fail(w, r, v, err)
	}
	p.Site.Tell(w, thanked(ctx, in))
	return page.Goto(w, r, requestURL(number))
}

func thanked(ctx context.Context, in outcome.Answer) string {
	switch in.Worked {
	case outcome.Yes:
		return i18n.T(ctx, "Good to hear. Thank you for telling us.")
	case outcome.No:
		return i18n.T(ctx, "Thank you for telling us. It is open again, and we look at it once more.")
	}
	return i18n.T(ctx, "Thank you. You can change it until the request is closed.")
}

func (p *Portal) say(ctx context.Context, tx *db.Tx, r *http.Request, v page.Visit, number int64, in outcome.Answer) error {
	a, err := p.open(ctx, tx, r, v, person.WriteOwn, number)
	if err != nil {
		return err
	}
	if in.Worked == outcome.No {
		mark, ok := sentOf(r.PostFormValue("key"), workedURL(number), in.Reason)
		if ok {
			if before, err := mark.claim(ctx, tx); err != nil || before != 0 {
				return err
			}
			if err := mark.made(ctx, tx, a.ticket.ID); err != nil {
				return err
			}
		}
	}
	return p.Outcomes.Say(ctx, tx, a.by(), a.ticket, in, a.own())
}

// mouth is the path of a face's mouth.
func mouth(f outcome.Face) string {
	switch f {
	case outcome.Good:
		return "M8 14s1.5 2 4 2 4-2 4-2"
	case outcome.Fair:
		return "M8 15h8"
	}
	return "M8 16s1.5-2 4-2 4 2 4 2"
}

func faceText(f outcome.Face) string { return strconv.FormatInt(int64(f), 10) }

// title is what the page asks.
func (v WorkedView) title(ctx context.Context) string {
	switch {
	case v.Answer == outcome.No:
		return i18n.T(ctx, "It is not fixed yet")
	case v.Answer == "" && v.Face != 0:
		return i18n.T(ctx, "How was our help?")
	}
	return i18n.T(ctx, "Did it work?")
}
