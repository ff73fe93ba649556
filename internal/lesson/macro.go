package lesson

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/kb"
	"goodturn/internal/macro"
	"goodturn/internal/person"
)

// maxAnswer is how much of an article a macro says, in bytes; the rest is behind the link.
const maxAnswer = 2000

// MacroOf gives what the form of a macro begins with that says what an article says, in each of its languages: what to do, and where to
// read more. home is the address of the desk, "https://help.example.com". Nothing is filled in by variables.
func MacroOf(ctx context.Context, tx *db.Tx, a person.Actor, articleID int64, home string) (macro.Macro, error) {
	m := macro.Macro{Scope: macro.Own, Texts: map[string]string{}}
	x, err := kb.ByID(ctx, tx, a, articleID)
	if err != nil {
		return m, err
	}
	texts, err := kb.Texts(ctx, tx, x)
	if err != nil {
		return m, err
	}
	for _, t := range texts {
		title, body := t.LiveTitle, t.LiveBody
		if t.Live == 0 {
			title, body = t.Title, t.Body
		}
		if m.Name == "" || t.Language == i18n.LangOf(ctx) {
			m.Name = cutRunes(title, 100)
		}
		in := i18n.With(ctx, t.Language, i18n.ZoneOf(ctx))
		text := answerOf(body, i18n.T(in, "What to do"), home)
		if x.Audience != kb.StaffOnly { // nobody else could read it
			text += "\n\n" + i18n.T(in, "More about this: {{.Link}}", "Link", "["+strings.NewReplacer("[", "(", "]", ")").Replace(title)+"]("+home+"/help/"+x.Slug+")")
		}
		m.Texts[t.Language] = strings.TrimSpace(text)
	}
	return m, nil
}

var (
	headed   = regexp.MustCompile(`^#{1,6}\s+(.*?)\s*#*$`)
	pictured = regexp.MustCompile(`!\[([^\]\n]*)\]\([^)\n]*\)`)
	inside   = regexp.MustCompile(`\]\((/[^)\s]*)\)`)
	fenced   = regexp.MustCompile("^\\s*(?:```|~~~)")
	escaped  = regexp.MustCompile(`\\([!-/:-@\[-` + "`" + `{-~])`)
	bracing  = regexp.MustCompile(`\{\{+|\}\}+`)
)

// answerOf makes an answer of an article's text: the part with that heading where there is one, else from the start; in the light
// Markdown of answers.
func answerOf(body, part, home string) string {
	lines := strings.Split(body, "\n")
	if at := slices.IndexFunc(lines, func(l string) bool {
		m := headed.FindStringSubmatch(l)
		return m != nil && strings.EqualFold(m[1], part)
	}); at >= 0 {
		lines = lines[at+1:]
		if end := slices.IndexFunc(lines, headed.MatchString); end >= 0 {
			lines = lines[:end]
		}
	}
	var out []string
	size := 0
	for _, l := range lines {
		switch m := headed.FindStringSubmatch(l); {
		case fenced.MatchString(l):
			continue
		case m != nil:
			l = "**" + m[1] + "**"
		}
		l = strings.TrimPrefix(l, "> ")
		l = pictured.ReplaceAllString(l, "$1")
		l = inside.ReplaceAllString(l, "]("+strings.ReplaceAll(home, "$", "")+"$1)")
		l = escaped.ReplaceAllString(l, "$1")
		l = bracing.ReplaceAllStringFunc(l, func(s string) string { return strings.Join(strings.Split(s, ""), " ") }) // it is no variable
		if size += len(l) + 1; size > maxAnswer {
			break
		}
		out = append(out, l)
	}
	return strings.TrimSpace(strings.Join(out, "\n"))
}

// ArticleOf makes a draft of a macro, for staff only and to be checked, in each of its languages. What variables stand for is said in plain
// words; greetings and partings are left out. A macro that an article was made of already gives that one.
func ArticleOf(ctx context.Context, tx *db.Tx, a person.Actor, macroID int64) (kb.Article, error) {
	if !person.Can(a, person.WriteArticles, person.Thing{}) {
		return kb.Article{}, fault.Denied(i18n.Text{})
	}
	if err := tx.Lock(ctx, "macro", macroID); err != nil {
		return kb.Article{}, err
	}
	m, err := macro.Get(ctx, tx, a, macroID)
	if err != nil {
		return kb.Article{}, err
	}
	pairs, err := Pairs(ctx, tx, []int64{macroID})
	if err != nil {
		return kb.Article{}, err
	}
	if p, ok := pairs[macroID]; ok {
		return kb.ByID(ctx, tx, a, p.ArticleID)
	}
	languages := make([]string, 0, len(m.Texts))
	for l := range m.Texts {
		languages = append(languages, l)
	}
	if len(languages) == 0 {
		return kb.Article{}, fault.Invalid(fault.F("macro", i18n.M("This macro says nothing, so there is nothing to make an article of.")))
	}
	mine := i18n.LangOf(ctx)
	slices.SortFunc(languages, func(x, y string) int {
		return cmp.Or(-cmp.Compare(rank(x, mine), rank(y, mine)), cmp.Compare(x, y))
	})
	var x kb.Article
	for i, l := range languages {
		body := saidPlainly(i18n.With(ctx, l, i18n.ZoneOf(ctx)), m.Texts[l])
		if i == 0 {
			x, err = kb.Create(ctx, tx, a, kb.New{Title: m.Name, Body: body, Language: l, Audience: kb.StaffOnly, ToCheck: true})
		} else {
			_, err = kb.Save(ctx, tx, a, kb.Edit{ArticleID: x.ID, Language: l, Title: m.Name, Body: body})
		}
		if err != nil {
			return x, err
		}
	}
	return x, pair(ctx, tx, macroID, x.ID, languages[0], 0, true)
}

func rank(language, mine string) int {
	switch language {
	case mine:
		return 2
	case "en":
		return 1
	}
	return 0
}

var hole = regexp.MustCompile(`\{\{\s*([^{}]*?)\s*\}\}`)

// saidPlainly is a macro's text without variables: a line of greeting, one of parting and one that is a name alone are left out; what else
// is filled in is said in words.
func saidPlainly(ctx context.Context, text string) string {
	var out []string
	for l := range strings.Lines(text) {
		l = strings.TrimRight(l, "\n")
		plain := strings.TrimSpace(hole.ReplaceAllString(l, ""))
		names := hole.MatchString(l)
		switch {
		case strings.Contains(l, "{{greeting}}") && len(strings.Fields(plain)) <= 1, names && greeting.MatchString(l) && len(strings.Fields(plain)) <= 3,
			names && strings.Trim(plain, " ,.!–-") == "", parting.MatchString(plain) && plain != "":
			continue
		}
		out = append(out, hole.ReplaceAllStringFunc(l, func(h string) string { return inWords(ctx, hole.FindStringSubmatch(h)[1]) }))
	}
	return strings.TrimSpace(strings.Join(out, "\n"))
}

// inWords says what a variable stands for.
func inWords(ctx context.Context, variable string) string {
	switch variable {
	case "requester.name", "requester.first_name":
		return i18n.T(ctx, "(your name)")
	case "requester.address":
		return i18n.T(ctx, "(your mail address)")
	case "organisation":
		return i18n.T(ctx, "(your organisation)")
	case "ticket.number":
		return i18n.T(ctx, "(the number of your request)")
	case "ticket.subject":
		return i18n.T(ctx, "(what you wrote about)")
	case "team":
		return i18n.T(ctx, "our team")
	case "today":
		return i18n.T(ctx, "today")
	case "agent.name", "agent.first_name":
		return i18n.T(ctx, "one of us")
	}
	return ""
}

// Pair says that a macro was made of an article, as readers have it now.
func Pair(ctx context.Context, tx *db.Tx, a person.Actor, macroID, articleID int64) error {
	x, err := kb.ByID(ctx, tx, a, articleID)
	if err != nil {
		return err
	}
	t, err := kb.TextOf(ctx, tx, x.ID, x.Language)
	if err != nil {
		return err
	}
	return pair(ctx, tx, macroID, x.ID, x.Language, t.Live, false)
}

func pair(ctx context.Context, tx *db.Tx, macroID, articleID int64, language string, version int64, fromMacro bool) error {
	_, err := tx.Exec(ctx, `INSERT INTO macro_article (macro_id, article_id, language, version, from_macro, at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (macro_id) DO UPDATE SET article_id = excluded.article_id, language = excluded.language, version = excluded.version, from_macro = excluded.from_macro, at = excluded.at`,
		macroID, articleID, language, version, fromMacro, tx.Now)
	return err
}

// Paired is the article that a macro says the same as.
type Paired struct {
	MacroID, ArticleID int64
	Title              string
	Language           string
	Version            int64 // the live version when they were last the same; 0 for none
	Live               int64 // the one that is read now; 0 for none
	FromMacro          bool  // the article was made of the macro
}

// Changed tells that readers have another text now than when the macro was made of it.
func (p Paired) Changed() bool { return p.Version > 0 && p.Live > p.Version }

// Withdrawn tells that readers do not have the article any more.
func (p Paired) Withdrawn() bool { return p.Version > 0 && p.Live == 0 }

// Pairs gives the articles of macros, by macro. That the macros may be seen is asked by the caller; articles all staff may see.
func Pairs(ctx context.Context, tx *db.Tx, macros []int64) (map[int64]Paired, error) {
	if len(macros) == 0 {
		return nil, nil
	}
	var args db.Args
	all, err := db.All[Paired](ctx, tx, `SELECT p.macro_id, p.article_id, CASE WHEN x.live > 0 THEN x.live_title ELSE x.title END AS title, p.language, p.version, x.live, p.from_macro
		FROM macro_article p JOIN article_text x ON x.article_id = p.article_id AND x.language = p.language WHERE p.macro_id IN (`+db.List(&args, macros)+`)`, args...)
	out := make(map[int64]Paired, len(all))
	for _, p := range all {
		out[p.MacroID] = p
	}
	return out, err
}

// Same says that a macro says again what its article says, as readers have it now.
func Same(ctx context.Context, tx *db.Tx, a person.Actor, macroID int64) error {
	m, err := macro.Get(ctx, tx, a, macroID)
	if err != nil {
		return err
	}
	if !macro.MayChange(a, m) {
		return fault.Denied(i18n.M("This macro is shared, so a lead changes it. You can make one of your own."))
	}
	_, err = tx.Exec(ctx, `UPDATE macro_article SET version = coalesce((SELECT x.live FROM article_text x WHERE x.article_id = macro_article.article_id AND x.language = macro_article.language), 0), at = $2 WHERE macro_id = $1`, macroID, tx.Now)
	return err
}

// Macros are those that an article has, as far as somebody may use them.
func Macros(ctx context.Context, tx *db.Tx, a person.Actor, articleID int64) (out []macro.Macro, err error) {
	ids, err := db.All[int64](ctx, tx, `SELECT p.macro_id FROM macro_article p JOIN macro m ON m.id = p.macro_id WHERE p.article_id = $1 AND m.removed_at = 0 ORDER BY p.macro_id DESC LIMIT 20`, articleID)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		m, err := macro.Get(ctx, tx, a, id)
		if fault.Is(err, fault.KindNotFound) {
			continue // somebody else's
		}
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, nil
}
