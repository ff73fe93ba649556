package admin

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/service"
	"goodturn/internal/ticket"
	"goodturn/internal/web/ask"
	"goodturn/internal/web/ui"
)

// typedService reads the form of a service. Questions stand in it by their number: q0.label, q0.kind …
func typedService(r *http.Request) (service.Service, []service.Question) {
	value := r.PostFormValue
	s := service.Service{
		Name: value("name"), Slug: value("slug"), Sentence: value("sentence"), Words: value("words"), Tags: value("tags"), TeamID: idOf(value("team")),
		Kind: ticket.Kind(value("kind")), Priority: ticket.Priority(value("priority")), Shown: value("shown") != "", Version: idOf(value("version")),
	}
	n, _ := strconv.Atoi(value("count"))
	var all []service.Question
	for i := range min(max(n, 0), service.MaxQuestions+1) {
		part := func(name string) string { return value(service.Field(i, name)) }
		q := service.Question{
			Key: part("key"), Label: strings.TrimSpace(part("label")), Help: part("help"), Kind: service.Kind(part("kind")),
			Choices: strings.Split(strings.ReplaceAll(part("choices"), "\r", ""), "\n"), Required: part("required") != "",
		}
		q.If, q.Is, _ = strings.Cut(part("if"), "=")
		all = append(all, q)
	}
	return s, all
}

// rearranged does what a button of the form asks for: "add", "up:2", "down:2", "remove:2".
func rearranged(ctx context.Context, tx *db.Tx, id int64, all []service.Question, do string) ([]service.Question, error) {
	do, at, _ := strings.Cut(do, ":")
	i, err := strconv.Atoi(at)
	if err != nil || i < 0 || i >= len(all) {
		i = -1
	}
	switch {
	case do == "add" && len(all) < service.MaxQuestions:
		all = append(all, service.Question{Kind: service.Short})
	case do == "up" && i > 0:
		all[i-1], all[i] = all[i], all[i-1]
	case do == "down" && i >= 0 && i < len(all)-1:
		all[i+1], all[i] = all[i], all[i+1]
	case do == "remove" && i >= 0:
		all = slices.Delete(all, i, i+1)
	}
	var before []service.Question
	if id != 0 {
		s, err := service.ByID(ctx, tx, id)
		if err != nil {
			return nil, err
		}
		f, err := service.FormOf(ctx, tx, s, 0)
		if err != nil {
			return nil, err
		}
		before = f.Questions
	}
	service.Named(all, before)
	return all, nil
}

// questionViews lays out the questions with what is wrong with them.
func questionViews(ctx context.Context, all []service.Question, wrong map[string]string) []QuestionView {
	out := make([]QuestionView, 0, len(all))
	for i, q := range all {
		out = append(out, QuestionView{
			At: i, Key: q.Key, First: i == 0, Last: i == len(all)-1, Label: Field{q.Label, wrong[service.Field(i, "label")]}, Help: q.Help, KindError: wrong[service.Field(i, "kind")],
			Choices: Field{strings.Join(q.Choices, "\n"), wrong[service.Field(i, "choices")]}, Required: q.Required, IfError: wrong[service.Field(i, "if")],
			Kinds: questionKinds(ctx, q.Kind), Ifs: conditionChoices(ctx, all, q),
		})
	}
	return out
}

func questionKinds(ctx context.Context, chosen service.Kind) []ui.Choice {
	var out []ui.Choice
	for _, k := range service.Kinds() {
		out = append(out, ui.Choice{Value: string(k), Label: questionKind(ctx, k), Chosen: k == chosen})
	}
	return out
}

func questionKind(ctx context.Context, k service.Kind) string {
	switch k {
	case service.Long:
		return i18n.T(ctx, "a longer text")
	case service.One:
		return i18n.T(ctx, "one of some choices")
	case service.Several:
		return i18n.T(ctx, "several of some choices")
	case service.YesNo:
		return i18n.T(ctx, "yes or no")
	case service.Date:
		return i18n.T(ctx, "a day")
	case service.Number:
		return i18n.T(ctx, "a number")
	case service.Address:
		return i18n.T(ctx, "a mail address")
	}
	return i18n.T(ctx, "a short text")
}

// conditionChoices are all answers that a question may wait for. What it waits for and is gone stays among them, to be seen.
func conditionChoices(ctx context.Context, all []service.Question, q service.Question) []ui.Choice {
	out := []ui.Choice{{Label: i18n.T(ctx, "always"), Chosen: q.If == ""}}
	found := q.If == ""
	for _, o := range all {
		if o.Key == q.Key || o.Key == "" || o.Label == "" {
			continue
		}
		for _, answer := range o.Answers() {
			if answer = strings.TrimSpace(answer); answer == "" {
				continue
			}
			chosen := o.Key == q.If && answer == q.Is
			found = found || chosen
			out = append(out, ui.Choice{Value: o.Key + "=" + answer, Chosen: chosen, Label: i18n.T(ctx, "only if “{{.Question}}” is “{{.Answer}}”", "Question", o.Label, "Answer", ask.Answer(ctx, o.Kind, answer))})
		}
	}
	if !found {
		out = append(out, ui.Choice{Value: q.If + "=" + q.Is, Label: i18n.T(ctx, "only if something is “{{.Answer}}” that is not asked any more", "Answer", q.Is), Chosen: true})
	}
	return out
}
