package lead

import (
	"context"
	"encoding/csv"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/mailbox"
	"goodturn/internal/papercut"
	"goodturn/internal/person"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

const papercutsURL = "/papercuts"

func papercutURL(id int64) string { return papercutsURL + "/" + decimal(id) }

// papercutRoutes are the desk's pages of small things that annoy.
func (l *Lead) papercutRoutes() []page.Route {
	return []page.Route{
		{Pattern: "GET /papercuts", Verb: person.SeePapercuts, Handle: l.papercuts},
		{Pattern: "GET /papercuts.csv", Verb: person.ExportData, Handle: l.papercutsFile},
		{Pattern: "GET /papercuts/{id}", Verb: person.SeePapercuts, Handle: l.papercut},
		{Pattern: "POST /papercuts/{id}", Verb: person.ChangePapercuts, Handle: l.changePapercut},
		{Pattern: "POST /papercuts/{id}/state", Verb: person.ChangePapercuts, Handle: l.setPapercut},
		{Pattern: "POST /papercuts/{id}/merges", Verb: person.ChangePapercuts, Handle: l.mergePapercut},
		{Pattern: "POST /papercuts/{id}/sentences/{tap}", Verb: person.ChangePapercuts, Handle: l.papercutSentence},
		{Pattern: "POST /papercuts/{id}/sight", Verb: person.ChangePapercuts, Handle: l.hidePapercut},
		{Pattern: "POST /papercuts/{id}/handings", Verb: person.ChangePapercuts, Handle: l.handPapercut},
		{Pattern: "POST /papercuts/{id}/handings/{handing}/again", Verb: person.ChangePapercuts, Handle: l.handAgain},
		{Pattern: "GET /papercut-trackers", Verb: person.ManageRules, Handle: l.trackers},
		{Pattern: "POST /papercut-trackers", Verb: person.ManageRules, Handle: l.addTracker},
		{Pattern: "POST /papercut-trackers/{id}/removal", Verb: person.ManageRules, Handle: l.removeTracker},
	}
}

// PapercutsView lists what annoys.
type PapercutsView struct {
	Frame
	Query   string
	State   string // a State, "hidden", or "" for what is current
	Rows    []papercut.Papercut
	Teams   map[int64]string
	More    string // where the list goes on
	Weeks   []papercut.Week
	Columns []TeamColumn
	// Address is where they can be mailed; "" for nowhere.
	Address string
	MaySet  bool // where they are handed on to
	MayTake bool // the list as a file
	File    string
}

// TeamColumn is a team in the table of weeks; 0 is of none.
type TeamColumn struct {
	ID   int64
	Name string
}

const (
	cutsShown = 30
	cutWeeks  = 8
)

// papercuts answers GET /papercuts.
func (l *Lead) papercuts(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	q := r.URL.Query()
	view := PapercutsView{Query: strings.TrimSpace(q.Get("q")), State: q.Get("state"), MaySet: person.Can(v.Actor, person.ManageRules, person.Thing{}), MayTake: person.Can(v.Actor, person.ExportData, person.Thing{})}
	err := l.read(r, v, &view.Frame, func(ctx context.Context, tx *db.Tx) (err error) {
		ask := view.ask(q.Get("after"))
		if view.Rows, err = papercut.List(ctx, tx, v.Actor, ask); err != nil {
			return err
		}
		if len(view.Rows) == ask.Size {
			view.Rows = view.Rows[:cutsShown]
			last := view.Rows[cutsShown-1]
			view.More = papercutsURL + "?" + url.Values{"q": {view.Query}, "state": {view.State}, "after": {strconv.Itoa(last.Recent) + "-" + decimal(last.ID)}}.Encode()
		}
		if view.Teams, err = teamNames(ctx, tx, v.Actor); err != nil {
			return err
		}
		if view.Weeks, err = papercut.Weeks(ctx, tx, v.Actor, 0, cutWeeks, i18n.ZoneOf(ctx)); err != nil {
			return err
		}
		view.Columns = columnsOf(ctx, view.Weeks, view.Teams)
		view.Address, err = mailbox.PapercutAddress(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	view.File = "/papercuts.csv?" + url.Values{"q": {view.Query}, "state": {view.State}}.Encode()
	return page.Render(w, r, http.StatusOK, PapercutsPage(view))
}

func (v PapercutsView) ask(after string) papercut.Page {
	ask := papercut.Page{Query: v.Query, Size: cutsShown + 1}
	if v.State == "hidden" {
		ask.Hidden = true
	} else {
		ask.State = papercut.State(v.State)
	}
	recent, id, _ := strings.Cut(after, "-")
	ask.After = papercut.Place{Recent: int(number(recent)), ID: number(id)}
	return ask
}

// teamNames are the names of the teams that somebody may know of.
func teamNames(ctx context.Context, tx *db.Tx, a person.Actor) (map[int64]string, error) {
	all, err := person.Teams(ctx, tx)
	out := map[int64]string{}
	for _, t := range all {
		if person.Can(a, person.SeePapercuts, person.Thing{TeamID: t.ID}) {
			out[t.ID] = t.Name
		}
	}
	return out, err
}

// columnsOf are the teams of which somebody said something in the weeks, by name, those of no team last.
func columnsOf(ctx context.Context, weeks []papercut.Week, names map[int64]string) (out []TeamColumn) {
	had := map[int64]bool{}
	for _, w := range weeks {
		for id := range w.Teams {
			if id != 0 && !had[id] {
				had[id] = true
				out = append(out, TeamColumn{id, names[id]})
			}
		}
	}
	sortColumns(out)
	return append(out, TeamColumn{0, i18n.T(ctx, "no team")})
}

// papercutsFile answers GET /papercuts.csv (RFC 4180, UTF-8, times in RFC 3339 and UTC).
func (l *Lead) papercutsFile(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	q := r.URL.Query()
	view := PapercutsView{Query: strings.TrimSpace(q.Get("q")), State: q.Get("state")}
	ask := view.ask("")
	ask.Size = 500
	var rows []papercut.Papercut
	var teams map[int64]string
	ctx := r.Context()
	if err := l.Site.DB.Write(ctx, func(tx *db.Tx) (err error) {
		if teams, err = teamNames(ctx, tx, v.Actor); err != nil {
			return err
		}
		rows, err = papercut.List(ctx, tx, v.Actor, ask)
		if err != nil {
			return err
		}
		return person.Audit(ctx, tx, v.Actor, "papercuts exported", "papercuts", view.Query, v.Remote)
	}); err != nil {
		return err
	}
	rc := http.NewResponseController(w)
	w.Header().Set("Content-Type", "text/csv; charset=utf-8; header=present")
	w.Header().Set("Content-Disposition", `attachment; filename="papercuts-`+v.Now.Time().UTC().Format(time.DateOnly)+`.csv"`)
	out := csv.NewWriter(w)
	out.UseCRLF = true
	_ = out.Write([]string{"id", "title", "state", "reason", "people", "people_recently", "team", "note", "created_at", "said_at", "gone_at"})
	for {
		for _, p := range rows {
			_ = out.Write([]string{
				decimal(p.ID), harmless(p.Name()), string(p.State), harmless(p.Reason), strconv.Itoa(p.People), strconv.Itoa(p.Recent), harmless(teams[p.TeamID]), harmless(p.Note),
				p.CreatedAt.RFC3339(), p.SaidAt.RFC3339(), rfc3339(p.GoneAt),
			})
		}
		out.Flush()
		if out.Error() != nil || len(rows) < ask.Size {
			return nil
		}
		_ = rc.SetWriteDeadline(time.Now().Add(time.Minute))
		last := rows[len(rows)-1]
		ask.After = papercut.Place{Recent: last.Recent, ID: last.ID}
		if err := l.Site.DB.Read(ctx, func(tx *db.Tx) (err error) {
			rows, err = papercut.List(ctx, tx, v.Actor, ask)
			return err
		}); err != nil {
			l.Site.Log.ErrorContext(ctx, "export broke off", "error", err)
			panic(http.ErrAbortHandler) // half a file must not look like a whole one
		}
	}
}

func rfc3339(at clock.Instant) string {
	if at == 0 {
		return ""
	}
	return at.RFC3339()
}

// harmless keeps a spreadsheet from taking a text for a formula.
func harmless(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

// cutState says where a papercut stands.
func cutState(ctx context.Context, p papercut.Papercut) (ui.Tone, string) {
	switch {
	case p.Hidden:
		return ui.ToneNone, i18n.T(ctx, "out of sight")
	case p.State == papercut.HandedOn:
		return ui.ToneNone, i18n.T(ctx, "handed on")
	case p.State == papercut.Gone:
		return ui.ToneGood, i18n.C(ctx, "papercut", "gone")
	case p.State == papercut.Stays:
		return ui.ToneNone, i18n.T(ctx, "stays as it is")
	}
	return ui.ToneNone, i18n.C(ctx, "papercut", "open")
}
