package lead

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/gap"
	"goodturn/internal/i18n"
	"goodturn/internal/kb"
	"goodturn/internal/lesson"
	"goodturn/internal/person"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

const gapsURL = "/gaps"

func gapURL(id int64) string { return gapsURL + "/" + decimal(id) }

// gapRoutes are the pages of what people ask that nobody has written down. Agents may use them: they write it.
func (l *Lead) gapRoutes() []page.Route {
	return []page.Route{
		{Pattern: "GET /gaps", Verb: person.UseDesk, Handle: l.gaps},
		{Pattern: "GET /gaps/{id}", Verb: person.UseDesk, Handle: l.gap},
		{Pattern: "POST /gaps/{id}/owner", Verb: person.WriteArticles, Handle: l.ownGap},
		{Pattern: "POST /gaps/{id}/state", Verb: person.WriteArticles, Handle: l.putGap},
		{Pattern: "POST /gaps/{id}/article", Verb: person.WriteArticles, Handle: l.writeGap},
	}
}

const (
	gapsFew  = 8  // of each kind, together
	gapsMany = 50 // of one kind
	gapWeeks = 12 // shown
	gapShown = 10 // tickets of a gap
	gapLike  = 3  // articles like it
)

// GapsView lists gaps: a few of each kind, or many of one.
type GapsView struct {
	Frame
	Parts []GapPart
	// Kind is the one that is shown alone; "" for all. Aside shows those that were set aside.
	Kind  gap.Kind
	Aside bool
	Mine  bool
	Older string
	// Learned says that there were tickets enough to find topics.
	Learned bool
}

// GapPart is the gaps of one kind.
type GapPart struct {
	Kind gap.Kind
	Rows []GapRow
	More bool
}

// GapRow is a gap in the list.
type GapRow struct {
	gap.Gap
	Owner  string
	Weeks  []int64 // counts of the last whole weeks, the newest last
	Effect gap.Effect
}

// gaps answers GET /gaps, with ?kind= for one kind, ?aside for those that were set aside, ?mine for one's own.
func (l *Lead) gaps(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	q := r.URL.Query()
	view := GapsView{Kind: gap.Kind(q.Get("kind")), Aside: q.Has("aside"), Mine: q.Has("mine")}
	err := l.read(r, v, &view.Frame, func(ctx context.Context, tx *db.Tx) (err error) {
		view.Parts = nil
		if view.Learned, err = gap.Learned(ctx, tx); err != nil {
			return err
		}
		list := gap.List{State: gap.Open, Size: gapsFew + 1}
		if view.Aside {
			list.State = gap.Aside
		}
		if view.Mine {
			list.OwnerID = v.Actor.ID
		}
		kinds := gap.Kinds()
		if view.Kind != "" {
			kinds, list.Size = []gap.Kind{view.Kind}, gapsMany+1
			before, id, _ := strings.Cut(q.Get("before"), "-")
			list.Before, list.BeforeID = number(before), number(id)
		}
		for _, k := range kinds {
			list.Kind = k
			all, err := gap.All(ctx, tx, list)
			if err != nil {
				return err
			}
			more := len(all) == list.Size
			all = all[:min(len(all), list.Size-1)]
			rows, err := l.gapRows(ctx, tx, all)
			if err != nil {
				return err
			}
			if len(rows) > 0 {
				view.Parts = append(view.Parts, GapPart{Kind: k, Rows: rows, More: more && view.Kind == ""})
			}
			if more && view.Kind != "" {
				last := all[len(all)-1]
				q.Set("before", decimal(last.Lately)+"-"+decimal(last.ID))
				view.Older = gapsURL + "?" + q.Encode()
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, GapsPage(view))
}

// gapRows fills in who sees to gaps, how often they came, and what came of them.
func (l *Lead) gapRows(ctx context.Context, tx *db.Tx, all []gap.Gap) ([]GapRow, error) {
	now := gap.Week(tx.Now)
	var ids, owners []int64
	for _, g := range all {
		ids, owners = append(ids, g.ID), append(owners, g.OwnerID)
	}
	counts, err := gap.Counts(ctx, tx, ids, now-gapWeeks, now-1)
	if err != nil {
		return nil, err
	}
	names, err := person.Names(ctx, tx, owners)
	if err != nil {
		return nil, err
	}
	rows := make([]GapRow, len(all))
	for i, g := range all {
		rows[i] = GapRow{Gap: g, Owner: names[g.OwnerID], Weeks: make([]int64, gapWeeks)}
		for _, c := range counts[g.ID] {
			rows[i].Weeks[c.Week-now+gapWeeks] = c.N
		}
		if rows[i].Effect, err = l.Gaps.Effect(ctx, tx, g); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// GapView is one gap.
type GapView struct {
	Frame
	GapRow
	First    int64 // the first of the weeks
	Examples []gap.Example
	Like     []kb.Hit // articles that may answer it
	Article  string   // the title of its article
	Staff    []ui.Choice
	Sayings  []gap.Saying
	MayWrite bool
}

// gap answers GET /gaps/{id}.
func (l *Lead) gap(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	view := GapView{MayWrite: person.Can(v.Actor, person.WriteArticles, person.Thing{})}
	err = l.read(r, v, &view.Frame, func(ctx context.Context, tx *db.Tx) error {
		g, err := gap.ByID(ctx, tx, id)
		if err != nil {
			return err
		}
		rows, err := l.gapRows(ctx, tx, []gap.Gap{g})
		if err != nil {
			return err
		}
		view.GapRow, view.First = rows[0], gap.Week(tx.Now)-gapWeeks
		if view.Examples, err = gap.Examples(ctx, tx, v.Actor, id, gapShown); err != nil {
			return err
		}
		if view.Sayings, err = gap.Sayings(ctx, tx, id); err != nil {
			return err
		}
		if g.ArticleID != 0 {
			titles, err := kb.Titles(ctx, tx, []int64{g.ArticleID})
			if err != nil {
				return err
			}
			view.Article = titles[g.ArticleID]
		} else if view.Like, err = kb.Like(ctx, tx, v.Actor, i18n.LangOf(ctx), strings.ReplaceAll(g.Label, ",", " "), gapLike); err != nil {
			return err
		}
		view.Staff, err = staffChoices(ctx, tx, g.OwnerID)
		return err
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, GapPage(view))
}

func staffChoices(ctx context.Context, tx *db.Tx, chosen int64) ([]ui.Choice, error) {
	all, err := person.Staff(ctx, tx)
	out := []ui.Choice{{Value: "0", Label: i18n.C(ctx, "owner", "nobody yet"), Chosen: chosen == 0}}
	for _, p := range all {
		out = append(out, ui.Choice{Value: decimal(p.ID), Label: p.Name, Chosen: p.ID == chosen})
	}
	return out, err
}

// ownGap answers POST /gaps/{id}/owner.
func (l *Lead) ownGap(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return l.changeGap(w, r, v, func(ctx context.Context, tx *db.Tx, id int64) error {
		return gap.Own(ctx, tx, v.Actor, id, number(r.PostFormValue("owner")))
	}, i18n.T(r.Context(), "Saved."))
}

// putGap answers POST /gaps/{id}/state.
func (l *Lead) putGap(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return l.changeGap(w, r, v, func(ctx context.Context, tx *db.Tx, id int64) error {
		return gap.Put(ctx, tx, v.Actor, id, gap.State(r.PostFormValue("state")))
	}, i18n.T(r.Context(), "Saved."))
}

func (l *Lead) changeGap(w http.ResponseWriter, r *http.Request, _ page.Visit, do func(ctx context.Context, tx *db.Tx, id int64) error, said string) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	if err := l.Site.DB.Write(ctx, func(tx *db.Tx) error { return do(ctx, tx, id) }); err != nil {
		return err
	}
	l.Site.Tell(w, said)
	return page.Goto(w, r, gapURL(id))
}

// writeGap answers POST /gaps/{id}/article: with an article it says that this one answers the gap (0 that none does), without it makes a
// draft and opens it.
func (l *Lead) writeGap(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	if err := page.Form(r); err != nil {
		return err
	}
	if r.PostForm.Has("article") {
		return l.changeGap(w, r, v, func(ctx context.Context, tx *db.Tx, id int64) error {
			article := number(r.PostFormValue("article"))
			if article != 0 {
				if _, err := kb.ByID(ctx, tx, v.Actor, article); err != nil {
					return err
				}
			}
			return gap.Answered(ctx, tx, v.Actor, id, article)
		}, i18n.T(r.Context(), "Saved."))
	}
	ctx, to := r.Context(), ""
	err = l.Site.DB.Write(ctx, func(tx *db.Tx) error {
		if err := tx.Lock(ctx, "gap", id); err != nil {
			return err
		}
		g, err := gap.ByID(ctx, tx, id)
		if err != nil {
			return err
		}
		if g.ArticleID != 0 { // pressed twice, or somebody else began
			to = "/articles/" + decimal(g.ArticleID)
			return nil
		}
		x, err := draftGap(ctx, tx, v.Actor, g)
		if err != nil {
			return err
		}
		to = "/articles/" + decimal(x.ID)
		return gap.Answered(ctx, tx, v.Actor, id, x.ID)
	})
	if fields, ok := page.FieldErrors(ctx, err); ok {
		for _, f := range fields { // the draft is ours: nothing was typed that could be changed
			return fault.Conflict(i18n.M("The draft could not be begun: {{.Why}}", "Why", f))
		}
	}
	if err != nil {
		return err
	}
	l.Site.Tell(w, i18n.T(ctx, "A draft. Nobody but the desk sees it until you publish it."))
	return page.Goto(w, r, to)
}

// draftGap begins a draft: of the solved tickets of the gap that say most, else with the headings and the newest tickets.
func draftGap(ctx context.Context, tx *db.Tx, a person.Actor, g gap.Gap) (kb.Article, error) {
	solved, err := gap.Solved(ctx, tx, a, g.ID, gapSolved)
	if err != nil {
		return kb.Article{}, err
	}
	best, err := lesson.Best(ctx, tx, solved, gapDrafted)
	if err != nil {
		return kb.Article{}, err
	}
	if len(best) > 0 {
		d, err := lesson.Begin(ctx, tx, a, lesson.New{Tickets: best, Title: gapTitle(g.Label), OwnerID: g.OwnerID})
		if err == nil || !fault.Is(err, fault.KindInvalid) {
			return d.Article, err
		}
	}
	examples, err := gap.Examples(ctx, tx, a, g.ID, gapShown)
	if err != nil {
		return kb.Article{}, err
	}
	return kb.Create(ctx, tx, a, kb.New{Title: gapTitle(g.Label), Body: gapDraft(ctx, examples), Language: i18n.LangOf(ctx), OwnerID: g.OwnerID})
}

// A draft of a gap is made of so many tickets at most, the best of so many of the newest that are solved.
const (
	gapDrafted = 12
	gapSolved  = 200
)

// gapTitle is what a draft is called until somebody finds better.
func gapTitle(label string) string {
	first, rest, _ := strings.Cut(label, " ")
	if first == "" {
		return "?"
	}
	letters := []rune(first)
	return strings.TrimSpace(strings.ToUpper(string(letters[0])) + string(letters[1:]) + " " + rest)
}

// gapDraft is a draft's text: what it should say, and how it was asked. Subjects may hold names: whoever writes is told to take them out.
func gapDraft(ctx context.Context, examples []gap.Example) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n\n\n# %s\n\n1. \n\n# %s\n\n\n", i18n.T(ctx, "When you see this"), i18n.T(ctx, "What to do"), i18n.T(ctx, "If it stays"))
	if len(examples) > 0 {
		fmt.Fprintf(&b, "\n---\n\n%s\n\n", i18n.T(ctx, "How it was asked. Please take this part out before you publish:"))
		for _, e := range examples {
			fmt.Fprintf(&b, "- [#%d](/tickets/%d) %s\n", e.ID, e.ID, plainMarkdown(e.Subject))
		}
	}
	return b.String()
}

var markdownSigns = strings.NewReplacer("\\", "\\\\", "`", "\\`", "*", "\\*", "_", "\\_", "[", "\\[", "]", "\\]", "<", "\\<", "#", "\\#", "!", "\\!", "|", "\\|", "\n", " ", "\r", " ")

func plainMarkdown(s string) string { return markdownSigns.Replace(s) }

// title is what a gap is called.
func (g GapRow) title(ctx context.Context) string {
	if g.Label == "" {
		return i18n.T(ctx, "Without a name")
	}
	if g.Kind == gap.Nothing || g.Kind == gap.Unopened {
		return i18n.T(ctx, "“{{.Words}}”", "Words", g.Label)
	}
	return g.Label
}

func kindWords(ctx context.Context, k gap.Kind) (title, about string) {
	switch k {
	case gap.Said:
		return i18n.T(ctx, "Somebody said so"), i18n.T(ctx, "What people who took a turn at the desk found that nobody has written down. They are told once it is.")
	case gap.Topic:
		return i18n.T(ctx, "What tickets are about"), i18n.T(ctx, "Found by the words of your own tickets. Private teams' tickets are left out.")
	case gap.Nothing:
		return i18n.T(ctx, "Searched, and nothing found"), i18n.T(ctx, "Words that at least three searches in the articles looked for in vain. Who searched is not kept.")
	case gap.Unopened:
		return i18n.T(ctx, "Found, and not opened"), i18n.T(ctx, "Searches whose results did not look like the answer.")
	case gap.Came:
		return i18n.T(ctx, "Read, and asked anyway"), i18n.T(ctx, "Articles from which people went on to write to you.")
	case gap.Asked:
		return i18n.T(ctx, "Something is missing"), i18n.T(ctx, "Articles of which readers said what they miss.")
	}
	return i18n.T(ctx, "Time to look again"), i18n.T(ctx, "Articles whose review is due, and those that helped fewer than they did not.")
}

func countWords(ctx context.Context, k gap.Kind, n int64) string {
	switch k {
	case gap.Topic, gap.Came:
		return i18n.N(ctx, "{{.Count}} ticket in four weeks", "{{.Count}} tickets in four weeks", int(n))
	case gap.Said:
		return i18n.N(ctx, "{{.Count}} person said so in four weeks", "{{.Count}} people said so in four weeks", int(n))
	case gap.Nothing, gap.Unopened:
		return i18n.N(ctx, "{{.Count}} search in four weeks", "{{.Count}} searches in four weeks", int(n))
	}
	return i18n.N(ctx, "{{.Count}} answer of readers in four weeks", "{{.Count}} answers of readers in four weeks", int(n))
}

// statusWords says in a few words where a gap stands.
func (g GapRow) statusWords(ctx context.Context) (ui.Tone, string) {
	switch {
	case g.State == gap.Aside:
		return ui.ToneNone, i18n.T(ctx, "set aside")
	case g.State == gap.Gone:
		return ui.ToneNone, i18n.T(ctx, "does not come any more")
	case g.ArticleID == 0 || g.Kind.OfArticle() && g.LiveAt == 0:
		return "", ""
	case g.Kind.OfArticle() && g.Effect.Verdict == gap.Fell:
		return ui.ToneGood, i18n.T(ctx, "fell since it was changed")
	case g.Kind.OfArticle() && g.Effect.Verdict == gap.Rose:
		return ui.ToneWait, i18n.T(ctx, "rose since it was changed")
	case g.Kind.OfArticle():
		return ui.ToneNone, i18n.T(ctx, "changed; too early or unclear")
	case g.LiveAt == 0:
		return ui.ToneNote, i18n.T(ctx, "being written")
	case g.Effect.Verdict == gap.Fell:
		return ui.ToneGood, i18n.T(ctx, "fell since it was written")
	case g.Effect.Verdict == gap.Rose:
		return ui.ToneWait, i18n.T(ctx, "rose since it was written")
	}
	return ui.ToneNone, i18n.T(ctx, "written; too early or unclear")
}

// effectWords says what came of an article, or of its change, and how sure that is.
func effectWords(ctx context.Context, k gap.Kind, e gap.Effect) string {
	percent := func(ratio float64) int { return int((ratio-1)*100 + 0.5*sign(ratio-1)) }
	switch e.Verdict {
	case gap.TooEarly:
		return i18n.N(ctx, "It is too early to say. Ask again in {{.Count}} week: fewer than three whole weeks have gone by.", "It is too early to say. Ask again in {{.Count}} weeks: fewer than three whole weeks have gone by.", int(e.Wait))
	case gap.TooFew:
		return i18n.T(ctx, "This came too seldom before to say whether it helped.")
	case gap.NotWritten:
		return ""
	}
	likely := i18n.T(ctx, "Likely it lies between {{.Low}} and {{.High}} (19 times of 20).", "Low", signed(ctx, percent(e.Low)), "High", signed(ctx, percent(e.High)))
	beside := i18n.T(ctx, "compared with the {{.Count}} most similar things without an article over the same weeks", "Count", e.Others)
	if k.OfArticle() {
		beside = i18n.N(ctx, "compared with another article that was not changed over the same weeks", "compared with {{.Count}} other articles that were not changed over the same weeks", e.Others)
	}
	if e.Others == 0 {
		beside = i18n.T(ctx, "with nothing similar to compare it with, so that it may as well have changed for everything")
	}
	switch e.Verdict {
	case gap.Fell:
		return i18n.T(ctx, "It fell by {{.Percent}} %, {{.Beside}}.", "Percent", -percent(e.Change), "Beside", beside) + " " + likely
	case gap.Rose:
		return i18n.T(ctx, "It rose by {{.Percent}} %, {{.Beside}}.", "Percent", percent(e.Change), "Beside", beside) + " " + likely
	}
	return i18n.T(ctx, "What is seen ({{.Change}}, {{.Beside}}) may be chance.", "Change", signed(ctx, percent(e.Change)), "Beside", beside) + " " + likely
}

func sign(x float64) float64 {
	if x < 0 {
		return -1
	}
	return 1
}

// signed writes a change in percent.
func signed(ctx context.Context, percent int) string {
	if percent <= 0 {
		return i18n.T(ctx, "{{.Percent}} % fewer", "Percent", -percent)
	}
	return i18n.T(ctx, "{{.Percent}} % more", "Percent", percent)
}

// weekly writes a number of times a week.
func weekly(ctx context.Context, x float64) string {
	return i18n.T(ctx, "{{.Number}} a week", "Number", fmt.Sprintf("%.1f", x))
}

// spark gives the points of a line over the weeks, in a box of 120 by 24.
func spark(weeks []int64) string {
	most := int64(1)
	for _, n := range weeks {
		most = max(most, n)
	}
	var b strings.Builder
	for i, n := range weeks {
		fmt.Fprintf(&b, "%.1f,%.1f ", 2+float64(i)*116/float64(len(weeks)-1), 22-float64(n)*20/float64(most))
	}
	return strings.TrimSpace(b.String())
}

// sparkWords says the same to who does not see it.
func sparkWords(ctx context.Context, weeks []int64) string {
	all := make([]string, len(weeks))
	for i, n := range weeks {
		all[i] = decimal(n)
	}
	return i18n.T(ctx, "By week, the newest last: {{.Counts}}", "Counts", strings.Join(all, ", "))
}

func kindURL(k gap.Kind, aside bool) string {
	q := url.Values{"kind": {string(k)}}
	if aside {
		q.Set("aside", "")
	}
	return gapsURL + "?" + q.Encode()
}

func most(weeks []int64) int64 {
	n := int64(1)
	for _, w := range weeks {
		n = max(n, w)
	}
	return n
}
