package portal

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/intake"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// Question is what the desk would like to know about a request; nil for nothing.
type Question struct {
	ID      int64
	Text    string
	Choices []string
	// Outage is the one that the question guesses; 0 for none.
	Outage int64
	// Chosen is the answer that a link in a mail chose; "" for none. It is not given yet.
	Chosen string
	// More says that another question may come.
	More bool
	// Typed is what was typed and could not be taken, Wrong why.
	Typed, Wrong string
}

// question is what waits for an answer of the requester. Colleagues who may see the request are not asked.
func (l *loader) question(ctx context.Context, chosen string) (*Question, error) {
	if !l.own() || !l.ticket.IsOpen {
		return nil, nil
	}
	q, ok, err := intake.Current(ctx, l.tx, l.ticket.ID)
	if err != nil || !ok {
		return nil, err
	}
	out := &Question{ID: q.ID, Text: q.Text, Outage: q.GuessOutage}
	for i, c := range q.Answers() {
		out.Choices = append(out.Choices, c.Text)
		if chosen == strconv.FormatInt(q.ID, 10)+"-"+strconv.Itoa(i) {
			out.Chosen = c.Text
		}
	}
	return out, nil
}

// questionPage answers GET /requests/{number}/question, where a link in a mail leads: to the card of the question, with the choice made.
func (p *Portal) questionPage(w http.ResponseWriter, r *http.Request, _ page.Visit) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	to := requestURL(number)
	if chosen := r.URL.Query().Get("answer"); chosen != "" {
		to += "?answer=" + url.QueryEscape(chosen)
	}
	return page.Goto(w, r, to+"#question")
}

// answerQuestion answers POST /requests/{number}/question.
func (p *Portal) answerQuestion(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	wait := p.limited(w, r, v)
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	text := strings.TrimSpace(r.PostFormValue("text"))
	id, _ := strconv.ParseInt(r.PostFormValue("ask"), 10, 64)
	if choice := strings.TrimSpace(r.PostFormValue("choice")); choice != "" {
		text = strings.TrimSpace(choice + "\n" + text)
	}
	skip := r.PostFormValue("skip") != ""
	switch {
	case wait != "":
		return p.questionAgain(w, r, v, number, text, wait, http.StatusTooManyRequests)
	case text == "" && !skip:
		return p.questionAgain(w, r, v, number, "", i18n.T(ctx, "Please choose an answer or write one. “Skip” is fine too."), http.StatusUnprocessableEntity)
	case len(text) > ticket.MaxFactValue:
		return p.questionAgain(w, r, v, number, text, i18n.T(ctx, "This is long for an answer. Please write it under “Add something” instead."), http.StatusUnprocessableEntity)
	}
	if skip {
		text = ""
	}
	err = p.Site.DB.Write(ctx, func(tx *db.Tx) error {
		a, err := p.open(ctx, tx, r, v, person.WriteOwn, number)
		if err != nil {
			return err
		}
		if !a.own() {
			return fault.Denied(i18n.M("Only whoever asked can answer this question. You can add something below."))
		}
		return p.Intake.Answer(ctx, tx, a.by(), a.ticket, id, text)
	})
	if err != nil {
		return p.fail(w, r, v, err)
	}
	if !skip {
		p.Site.Tell(w, i18n.T(ctx, "Thank you, that helps."))
	}
	return page.Goto(w, r, requestURL(number))
}

// questionAgain shows the request with what was typed as an answer and what is to be changed about it.
func (p *Portal) questionAgain(w http.ResponseWriter, r *http.Request, v page.Visit, number int64, typed, wrong string, status int) error {
	view, err := p.view(r, v, number)
	if err != nil {
		return p.fail(w, r, v, err)
	}
	if view.Question == nil { // it was answered meanwhile: the words go where any words go
		view.Reply.Text, view.Reply.Alert = typed, wrong
	} else {
		view.Question.Typed, view.Question.Wrong = typed, wrong
	}
	return page.Render(w, r, status, RequestPage(view))
}
