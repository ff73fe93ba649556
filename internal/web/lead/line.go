package lead

import (
	"context"
	"net/http"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/line"
	"goodturn/internal/person"
	"goodturn/internal/web/page"
)

// LineView is the line of each team as those who wait see it, and who came before others.
type LineView struct {
	Frame
	Teams []LineTeam
}

// LineTeam is one team's line.
type LineTeam struct {
	Name  string
	Rows  []LineRow
	Ahead []LineAhead
}

// LineRow is somebody who waits.
type LineRow struct {
	Place   int
	Number  int64
	Subject string
	// Told is what they read, Why from what it was worked out.
	Told, Why string
}

// LineAhead is one time that somebody came before others.
type LineAhead struct {
	Number int64
	At     clock.Instant
	What   string
}

// How much of a line is shown.
const (
	lineShown  = 15
	aheadShown = 10
	// fewHere is from how many people at the desk on it is told what they have to do: of one or two it would be theirs.
	fewHere = 3
)

// linePage answers GET /line.
func (l *Lead) linePage(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	var view LineView
	err := l.read(r, v, &view.Frame, func(ctx context.Context, tx *db.Tx) error {
		teams, err := person.VisibleTeams(ctx, tx, v.Actor)
		if err != nil {
			return err
		}
		view.Teams = nil
		for _, t := range teams {
			team, err := l.lineOfTeam(ctx, tx, t)
			if err != nil {
				return err
			}
			view.Teams = append(view.Teams, team)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, LinePage(view))
}

func (l *Lead) lineOfTeam(ctx context.Context, tx *db.Tx, t person.Team) (out LineTeam, err error) {
	out.Name = t.Name
	rows, err := l.Line.FrontOf(ctx, tx, t.ID, lineShown)
	if err != nil {
		return out, err
	}
	for _, r := range rows {
		usual, most := r.Wait.Sentences(ctx, tx.Now)
		row := LineRow{Place: r.Place.Number(), Number: r.Ticket.ID, Subject: r.Ticket.Subject, Told: usual + " " + most}
		if tr := r.Wait.Traits; r.Wait.Known && tr.Here < fewHere {
			row.Why = i18n.T(ctx, "From about {{.Alike}} earlier waits that were most like it: so many before it, at such an hour, of such a priority.", "Alike", r.Wait.Alike)
		} else if r.Wait.Known {
			row.Why = i18n.T(ctx, "From about {{.Alike}} earlier waits that were most like it: so many before it, at such an hour, of such a priority, with {{.Here}} people here who have {{.Mine}} tickets to answer and answered {{.Pace}} in two working hours.", "Alike", r.Wait.Alike, "Pace", tr.Pace, "Here", tr.Here, "Mine", tr.Mine)
		} else {
			row.Why = i18n.T(ctx, "Fewer than 25 waits are known, which is too few to say anything.")
		}
		out.Rows = append(out.Rows, row)
	}
	all, err := line.AheadOf(ctx, tx, t.ID, aheadShown)
	if err != nil {
		return out, err
	}
	for _, a := range all {
		what, err := aheadWords(ctx, tx, a)
		if err != nil {
			return out, err
		}
		out.Ahead = append(out.Ahead, LineAhead{Number: a.TicketID, At: a.At, What: what})
	}
	return out, nil
}

// aheadWords say how somebody came before others, and why.
func aheadWords(ctx context.Context, tx *db.Tx, a line.Ahead) (string, error) {
	switch {
	case a.How == line.Arrived:
		return i18n.N(ctx, "came as a pressing case, before {{.Count}} other", "came as a pressing case, before {{.Count}} others", a.Passed), nil
	case a.How == line.Raised && a.RuleID != 0:
		names, err := db.All[string](ctx, tx, `SELECT name FROM rule WHERE id = $1`, a.RuleID)
		if len(names) == 0 {
			names = []string{i18n.T(ctx, "a rule that is gone")}
		}
		return i18n.N(ctx, "was raised before {{.Count}} other by the rule “{{.Rule}}”", "was raised before {{.Count}} others by the rule “{{.Rule}}”", a.Passed, "Rule", names[0]), err
	case a.How == line.Raised:
		return i18n.N(ctx, "was raised before {{.Count}} other", "was raised before {{.Count}} others", a.Passed), nil
	}
	return i18n.N(ctx, "was taken before {{.Count}} other: {{.Reason}}", "was taken before {{.Count}} others: {{.Reason}}", a.Passed, "Reason", line.ReasonWord(ctx, a.Reason)), nil
}
