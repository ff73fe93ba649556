package admin

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/intake"
	"goodturn/internal/person"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// questions answers GET /admin/questions: what is asked about vague requests, in the language of ?language.
func (a *Admin) questions(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	language := r.URL.Query().Get("language")
	if !slices.Contains(intake.Languages(), language) {
		if language = i18n.LangOf(r.Context()); !slices.Contains(intake.Languages(), language) {
			language = "en"
		}
	}
	view := UnclearsView{}
	err := a.read(r, v, questionSection, &view.Frame, func(ctx context.Context, tx *db.Tx) error {
		view.Topics, view.Languages = nil, nil
		for _, l := range i18n.Languages() {
			if slices.Contains(intake.Languages(), l.Code) {
				view.Languages = append(view.Languages, ui.Choice{Value: string(questionSection) + "?language=" + l.Code, Label: l.Name, Chosen: l.Code == language})
			}
		}
		all, err := intake.Questions(ctx, tx, language)
		for _, q := range all {
			if len(view.Topics) == 0 || view.Topics[len(view.Topics)-1].Topic != q.Topic {
				view.Topics = append(view.Topics, UnclearTopic{Topic: q.Topic, Label: topicWords(ctx, q)})
			}
			t := &view.Topics[len(view.Topics)-1]
			t.Rows = append(t.Rows, UnclearRow{URL: questionURL(q), Slot: slotWords(ctx, q.Slot), Text: q.Text, Off: q.Off, Changed: q.Version > 0})
		}
		return err
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, UnclearsPage(view))
}

func questionURL(q intake.Question) string {
	return string(questionSection) + "/" + q.Topic + "-" + string(q.Slot) + "-" + q.Language
}

// topicWords is how a topic is called in the language of its questions.
func topicWords(ctx context.Context, q intake.Question) string {
	if q.Topic == intake.AnyTopic {
		return i18n.T(ctx, "For everything that has no questions of its own")
	}
	return intake.Label(q.Topic, q.Language)
}

func slotWords(ctx context.Context, s intake.Slot) string {
	switch s {
	case intake.SlotThing:
		return i18n.T(ctx, "What it is about")
	case intake.SlotSymptom:
		return i18n.T(ctx, "What is wrong, or wanted")
	}
	return i18n.T(ctx, "What else helps")
}

// named reads which question an address is about.
func named(r *http.Request) (q intake.Question, err error) {
	parts := strings.Split(r.PathValue("question"), "-")
	if len(parts) == 3 && slices.Contains(intake.Languages(), parts[2]) && slices.Contains(intake.Topics(), parts[0]) && slices.Contains(intake.Slots(), intake.Slot(parts[1])) {
		return intake.Question{Topic: parts[0], Slot: intake.Slot(parts[1]), Language: parts[2]}, nil
	}
	return q, fault.NotFound(i18n.M("There is no such question."))
}

// question answers GET /admin/questions/{question}.
func (a *Admin) question(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return a.showQuestion(w, r, v, http.StatusOK, nil, nil, "")
}

// showQuestion shows the form of a question: as it is stored, or as it was typed.
func (a *Admin) showQuestion(w http.ResponseWriter, r *http.Request, v page.Visit, status int, typed *intake.Question, wrong map[string]string, alert string) error {
	q, err := named(r)
	if err != nil {
		return err
	}
	view := UnclearView{Wrong: len(wrong) > 0, Alert: alert}
	err = a.read(r, v, questionSection, &view.Frame, func(ctx context.Context, tx *db.Tx) error {
		now, err := intake.QuestionOf(ctx, tx, q.Topic, q.Slot, q.Language)
		if err != nil {
			return err
		}
		shown := now
		if typed != nil {
			shown = *typed
		}
		view.URL, view.ListURL, view.Topic, view.Slot = questionURL(now), string(questionSection)+"?language="+now.Language, topicWords(ctx, now), slotWords(ctx, now.Slot)
		view.Language, view.Version, view.Changed, view.Off = now.Language, decimal(now.Version), now.Version > 0, shown.Off
		view.Text, view.Choices = Field{shown.Text, wrong["text"]}, Field{strings.TrimSpace(shown.Choices), wrong["choices"]}
		if shipped := intake.Shipped(q.Topic, q.Slot, q.Language); shipped.Text != "" && now.Version > 0 {
			view.Shipped = shipped.Text
		}
		return nil
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, status, UnclearPage(view))
}

// saveQuestion answers POST /admin/questions/{question}.
func (a *Admin) saveQuestion(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	q, err := named(r)
	if err != nil {
		return err
	}
	q.Text, q.Choices, q.Off = r.PostFormValue("text"), r.PostFormValue("choices"), r.PostFormValue("off") != ""
	if q.Version, err = strconv.ParseInt(r.PostFormValue("version"), 10, 64); err != nil {
		q.Version = -1
	}
	ctx := r.Context()
	err = a.Site.DB.Write(ctx, func(tx *db.Tx) error {
		if err := intake.SaveQuestion(ctx, tx, q); err != nil {
			return err
		}
		return auditQuestion(ctx, tx, v, "question changed", q)
	})
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return a.showQuestion(w, r, v, http.StatusUnprocessableEntity, &q, wrong, "")
	}
	if f, ok := fault.Of(err); ok && f.Kind == fault.KindConflict {
		return a.showQuestion(w, r, v, http.StatusConflict, &q, nil, i18n.Print(ctx, f.Message))
	}
	if err != nil {
		return err
	}
	return a.done(w, r, i18n.T(ctx, "The question is saved. It is asked so from now on."), string(questionSection)+"?language="+q.Language)
}

// restoreQuestion answers POST /admin/questions/{question}/restoration.
func (a *Admin) restoreQuestion(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	q, err := named(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	err = a.Site.DB.Write(ctx, func(tx *db.Tx) error {
		if err := intake.RestoreQuestion(ctx, tx, q.Topic, q.Slot, q.Language); err != nil {
			return err
		}
		return auditQuestion(ctx, tx, v, "question restored", q)
	})
	if err != nil {
		return err
	}
	return a.done(w, r, i18n.T(ctx, "The question is as Goodturn comes with it again."), string(questionSection)+"?language="+q.Language)
}

func auditQuestion(ctx context.Context, tx *db.Tx, v page.Visit, action string, q intake.Question) error {
	return person.Audit(ctx, tx, v.Actor, action, "question "+q.Topic+"-"+string(q.Slot)+"-"+q.Language, cutDetail(changes(change("text", "", q.Text), change("off", "", yesNo(q.Off)))), v.Remote)
}
