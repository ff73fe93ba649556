package lead

import (
	"context"
	"net/http"
	"strings"

	"goodturn/internal/automation"
	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

const trialsURL = "/rule-trials"

func trialURL(id int64) string { return trialsURL + "/" + decimal(id) }

// trial answers GET /rule-trials/{id}: how far a dry run is, or what it found.
func (l *Lead) trial(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	var view TrialView
	err = l.read(r, v, &view.Frame, func(ctx context.Context, tx *db.Tx) error {
		t, err := automation.GetTrial(ctx, tx, v.Actor, id)
		if err != nil {
			return err
		}
		view.Trial, view.Text, view.Back, view.What = t, automation.Print(t.Name, t.Definition), rulesURL, summary(ctx, t.Definition)
		if t.RuleID != 0 {
			view.Back = ruleURL(t.RuleID)
		}
		if len(t.Definition.When) > 0 && t.Definition.When[0].On == automation.Recurs {
			at := t.StartedAt
			for range 5 {
				if at = l.Rules.Next(automation.Rule{Definition: t.Definition}, at); at == 0 {
					break
				}
				view.Dates = append(view.Dates, at)
			}
		}
		for _, h := range t.Result.Hits {
			row := TrialRow{Number: h.TicketID, Subject: h.Subject, At: h.At}
			for _, c := range h.Changes {
				row.Changes = append(row.Changes, changeWords(ctx, c))
			}
			view.Rows = append(view.Rows, row)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if view.Trial.State == "running" {
		w.Header().Set("Refresh", "3")
	}
	return page.Render(w, r, http.StatusOK, TrialPage(view))
}

// changeWords says what would be different: "priority: normal → high".
func changeWords(ctx context.Context, c automation.Change) ChangeShown {
	s := ChangeShown{What: deedWords(ctx, automation.Deed{Do: c.Do, Value: c.After})}
	word := func(v string) string { return v }
	switch c.Do {
	case automation.SetStatus:
		s.What, word = i18n.T(ctx, "Status"), func(v string) string { return ui.StatusWord(ctx, v) }
	case automation.SetPriority:
		s.What, word = i18n.T(ctx, "Priority"), func(v string) string { return ui.PriorityWord(ctx, v) }
	case automation.SetKind:
		s.What, word = i18n.T(ctx, "Kind"), func(v string) string { return ui.KindWord(ctx, v) }
	case automation.SetSubject:
		s.What = i18n.T(ctx, "Subject")
	case automation.MoveTo:
		s.What = i18n.T(ctx, "Team")
	case automation.Assign:
		s.What, word = i18n.T(ctx, "Who has it"), func(v string) string { return whoWords(ctx, v) }
	case automation.Notify:
		s.What = i18n.T(ctx, "tell people")
		return s
	default:
		return s
	}
	s.Before, s.After = word(c.Before), word(c.After)
	return s
}

// differences are the lines of a text beside those of the one before it: kept, gone and come.
func differences(before, after string) (out []Line) {
	a, b := lines(before), lines(after)
	// The longest lines that both have in one order; texts of rules are short.
	long := make([][]int, len(a)+1)
	for i := range long {
		long[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				long[i][j] = long[i+1][j+1] + 1
			} else {
				long[i][j] = max(long[i+1][j], long[i][j+1])
			}
		}
	}
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			out = append(out, Line{Text: a[i]})
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && long[i+1][j] >= long[i][j+1]:
			out = append(out, Line{Text: a[i], Gone: true})
			i++
		default:
			out = append(out, Line{Text: b[j], Come: before != ""})
			j++
		}
	}
	return out
}

func lines(s string) []string {
	if s = strings.TrimSuffix(s, "\n"); s == "" {
		return nil
	}
	all := strings.Split(s, "\n")
	if len(all) > 500 {
		all = all[:500]
	}
	return all
}
