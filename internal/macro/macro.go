// Package macro keeps what is said and done again and again: a text with variables, actions, or both. A text alone is
// what people call a canned reply.
//
// A macro is somebody's own, a team's, or everybody's; who may see it decides who may use it, and what is shared is changed by
// leads. Its text can stand in several languages, of which the requester's is taken. One whose words say that something may be
// lost ("reinstall") asks for a backup and for consent before it is used; see Risky.
//
// Invariants: a text holds no variable that does not exist; what a macro does passes ticket.Desk.Apply with the rights of whoever
// uses it; a removed macro can be had back for thirty days.
//
//	id, err := macro.Save(ctx, tx, actor, macro.Macro{Name: "Restart the router", Scope: macro.All, Texts: map[string]string{"en": "{{greeting}}, …"}})
//	f, err := macro.Fill(ctx, tx, actor, m, ticket, zone)
package macro

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// Scope is whose a macro is.
type Scope string

// The scopes.
const (
	Own  Scope = "own"
	Team Scope = "team"
	All  Scope = "all"
)

// Macro is a text with variables, actions, or both.
type Macro struct {
	ID        int64
	OwnerID   int64 // who made it
	Scope     Scope
	TeamID    int64 // of a team's macro; 0 else
	Name      string
	Shortcut  string // what is typed after the slash; "" for none
	Folder    string
	Actions   []ticket.Action   `db:"-"`
	Texts     map[string]string `db:"-"` // by language; empty for actions alone
	Risk      Risk
	Used      int64
	UsedAt    clock.Instant
	ChangedAt clock.Instant
	RemovedAt clock.Instant
}

type row struct {
	Macro
	ActionsText string
}

const columns = `m.id, m.owner_id, m.scope, m.team_id, m.name, m.shortcut, m.folder, m.actions AS actions_text, m.risk, m.used, m.used_at, m.changed_at, m.removed_at`

// Limits of what a macro holds.
const (
	maxName = 120     // bytes
	maxText = 100_000 // bytes
	keep    = 30 * 24 * time.Hour
)

// MayChange tells whether the actor may change a macro: their own, or a shared one as a lead.
func MayChange(a person.Actor, m Macro) bool {
	if m.Scope == Own {
		return m.OwnerID == a.ID
	}
	return person.Can(a, person.ShareMacros, person.Thing{})
}

// visible is the condition for macros that the actor may use. Leads see those of the teams that they may know of.
func visible(a person.Actor, args *db.Args) string {
	me := args.Add(a.ID)
	team := `m.team_id IN (SELECT team_id FROM team_member WHERE person_id = ` + me + `)`
	if person.Can(a, person.ShareMacros, person.Thing{}) {
		team = `m.team_id NOT IN (` + db.List(args, append([]int64{0}, a.Hidden...)) + `)`
	}
	return `(m.scope = 'all' OR m.scope = 'own' AND m.owner_id = ` + me + ` OR m.scope = 'team' AND ` + team + `)`
}

// List gives the macros that the actor may use, by folder and name.
func List(ctx context.Context, tx *db.Tx, a person.Actor) ([]Macro, error) {
	var args db.Args
	where := visible(a, &args)
	rows, err := db.All[row](ctx, tx, `SELECT `+columns+` FROM macro m WHERE m.removed_at = 0 AND `+where+` ORDER BY m.folder, m.name, m.id`, args...)
	if err != nil {
		return nil, err
	}
	type text struct {
		MacroID        int64
		Language, Text string
	}
	args = nil
	where = visible(a, &args)
	texts, err := db.All[text](ctx, tx, `SELECT x.macro_id, x.language, x.text FROM macro_text x JOIN macro m ON m.id = x.macro_id WHERE m.removed_at = 0 AND `+where, args...)
	if err != nil {
		return nil, err
	}
	by := map[int64]map[string]string{}
	for _, t := range texts {
		if by[t.MacroID] == nil {
			by[t.MacroID] = map[string]string{}
		}
		by[t.MacroID][t.Language] = t.Text
	}
	out := make([]Macro, len(rows))
	for i, x := range rows {
		out[i] = x.Macro
		out[i].Texts = by[x.ID]
		if err := json.Unmarshal([]byte(x.ActionsText), &out[i].Actions); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Get gives a macro that the actor may use; any other is not found.
func Get(ctx context.Context, tx *db.Tx, a person.Actor, id int64) (Macro, error) {
	m, err := get(ctx, tx, a, id)
	if err == nil && m.RemovedAt != 0 {
		return Macro{}, errGone()
	}
	return m, err
}

func get(ctx context.Context, tx *db.Tx, a person.Actor, id int64) (Macro, error) {
	args := db.Args{id}
	where := visible(a, &args)
	x, err := db.One[row](ctx, tx, `SELECT `+columns+` FROM macro m WHERE m.id = $1 AND `+where, args...)
	if errors.Is(err, db.ErrNoRow) {
		return Macro{}, errGone()
	}
	if err != nil {
		return Macro{}, err
	}
	m := x.Macro
	m.Texts = map[string]string{}
	type text struct{ Language, Text string }
	texts, err := db.All[text](ctx, tx, `SELECT language, text FROM macro_text WHERE macro_id = $1`, id)
	if err != nil {
		return Macro{}, err
	}
	for _, t := range texts {
		m.Texts[t.Language] = t.Text
	}
	return m, json.Unmarshal([]byte(x.ActionsText), &m.Actions)
}

func errGone() error { return fault.NotFound(i18n.M("There is no such macro.")) }

// Save adds a macro (ID 0) or changes it, and gives its id.
func Save(ctx context.Context, tx *db.Tx, a person.Actor, m Macro) (int64, error) {
	if m.ID != 0 {
		if err := tx.Lock(ctx, "macro", m.ID); err != nil {
			return 0, err
		}
		was, err := Get(ctx, tx, a, m.ID)
		if err != nil {
			return 0, err
		}
		if !MayChange(a, was) {
			return 0, fault.Denied(i18n.M("This macro is shared, so a lead changes it. You can make one of your own."))
		}
		m.OwnerID = was.OwnerID
	} else {
		m.OwnerID = a.ID
	}
	if m.Scope != Own && !person.Can(a, person.ShareMacros, person.Thing{}) {
		return 0, fault.Invalid(fault.F("scope", i18n.M("Only leads share macros. Please keep it as your own, and show it to one of them.")))
	}
	if err := check(ctx, tx, a, &m); err != nil {
		return 0, err
	}
	raw, err := json.Marshal(m.Actions)
	if err != nil {
		return 0, err
	}
	var team any
	if m.Scope == Team {
		team = m.TeamID
	}
	if m.ID == 0 {
		m.ID, err = db.One[int64](ctx, tx, `INSERT INTO macro (owner_id, scope, team_id, name, shortcut, folder, actions, risk, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id`,
			m.OwnerID, m.Scope, team, m.Name, m.Shortcut, m.Folder, string(raw), m.Risk, tx.Now)
	} else {
		_, err = tx.Exec(ctx, `UPDATE macro SET scope = $2, team_id = $3, name = $4, shortcut = $5, folder = $6, actions = $7, risk = $8, changed_at = $9 WHERE id = $1`,
			m.ID, m.Scope, team, m.Name, m.Shortcut, m.Folder, string(raw), m.Risk, tx.Now)
	}
	if err != nil {
		return 0, err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM macro_text WHERE macro_id = $1`, m.ID); err != nil {
		return 0, err
	}
	for language, text := range m.Texts {
		if _, err := tx.Exec(ctx, `INSERT INTO macro_text (macro_id, language, text) VALUES ($1, $2, $3)`, m.ID, language, text); err != nil {
			return 0, err
		}
	}
	return m.ID, nil
}

// check tidies a macro and says what is wrong with it, all at once.
func check(ctx context.Context, tx *db.Tx, a person.Actor, m *Macro) error {
	var wrong []fault.Field
	if m.Name = line(m.Name); m.Name == "" {
		wrong = append(wrong, fault.F("name", i18n.M("Please give a name.")))
	}
	m.Folder = line(m.Folder)
	m.Shortcut = strings.ToLower(strings.TrimLeft(line(m.Shortcut), "/"))
	if strings.ContainsAny(m.Shortcut, " /") {
		wrong = append(wrong, fault.F("shortcut", i18n.M("Please use one word, such as vpn-off.")))
	}
	if !slices.Contains([]Scope{Own, Team, All}, m.Scope) {
		wrong = append(wrong, fault.F("scope", i18n.M("Please choose who may use it.")))
	}
	if m.Risk != Yes && m.Risk != No {
		m.Risk = ByWords
	}
	if m.Scope == Team {
		teams, err := person.VisibleTeams(ctx, tx, a)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(teams, func(t person.Team) bool { return t.ID == m.TeamID }) {
			wrong = append(wrong, fault.F("scope", i18n.M("Please choose one of the teams.")))
		}
	}
	texts := map[string]string{}
	for language, text := range m.Texts {
		text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
		if text == "" {
			continue
		}
		if len(text) > maxText {
			wrong = append(wrong, fault.F("text-"+language, i18n.M("This text is too long for a macro.")))
		} else if f := checkText("text-"+language, text); f != nil {
			wrong = append(wrong, *f)
		}
		texts[language] = text
	}
	m.Texts = texts
	if len(m.Actions) == 0 {
		m.Actions = []ticket.Action{}
		if len(m.Texts) == 0 && len(wrong) == 0 {
			wrong = append(wrong, fault.F("text-en", i18n.M("Please write a text, or choose what shall be done.")))
		}
	} else if err := ticket.CheckActions(ctx, tx, a, m.Actions); err != nil {
		f, ok := fault.Of(err)
		if !ok {
			return err
		}
		wrong = append(wrong, f.Fields...)
	}
	return fault.Check(wrong)
}

// line is a name in one line.
func line(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	for len(s) > maxName {
		_, size := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-size]
	}
	return s
}

// Remove takes a macro away; Restore has it back.
func Remove(ctx context.Context, tx *db.Tx, a person.Actor, id int64) error {
	return setRemoved(ctx, tx, a, id, tx.Now)
}

// Restore has a removed macro back.
func Restore(ctx context.Context, tx *db.Tx, a person.Actor, id int64) error {
	return setRemoved(ctx, tx, a, id, 0)
}

func setRemoved(ctx context.Context, tx *db.Tx, a person.Actor, id int64, at clock.Instant) error {
	m, err := get(ctx, tx, a, id)
	if err != nil {
		return err
	}
	if !MayChange(a, m) {
		return fault.Denied(i18n.M("This macro is shared, so a lead changes it. You can make one of your own."))
	}
	_, err = tx.Exec(ctx, `UPDATE macro SET removed_at = $2 WHERE id = $1`, id, at)
	return err
}

// Count notes that a macro was used.
func Count(ctx context.Context, tx *db.Tx, id int64) error {
	_, err := tx.Exec(ctx, `UPDATE macro SET used = used + 1, used_at = $2 WHERE id = $1`, id, tx.Now)
	return err
}

// Sweep forgets macros that were removed more than thirty days ago.
func Sweep(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `DELETE FROM macro WHERE removed_at <> 0 AND removed_at < $1`, tx.Now.Add(-keep))
	return err
}

// Find gives those of the macros in which every word of query begins a word of the name, the folder, the shortcut or a text,
// best first: the shortcut itself, then names, then the rest, and among equals what is used most.
func Find(all []Macro, query string) []Macro {
	words := strings.Fields(strings.ToLower(strings.TrimPrefix(query, "/")))
	score := map[int64]int{}
	var out []Macro
	for _, m := range all {
		head, body := strings.ToLower(m.Folder+" "+m.Name+" "+m.Shortcut), ""
		for _, t := range m.Texts {
			body += " " + strings.ToLower(t)
		}
		fits, points := true, 0
		for _, w := range words {
			switch {
			case m.Shortcut != "" && strings.HasPrefix(m.Shortcut, w):
				points += 4
			case begins(head, w):
				points += 2
			case begins(body, w):
				points++
			default:
				fits = false
			}
		}
		if fits {
			score[m.ID] = points
			out = append(out, m)
		}
	}
	slices.SortStableFunc(out, func(x, y Macro) int {
		if score[x.ID] != score[y.ID] {
			return score[y.ID] - score[x.ID]
		}
		return int(min(max(y.Used-x.Used, -1), 1))
	})
	return out
}

// begins tells whether a word of the text begins with w.
func begins(text, w string) bool {
	for i := 0; ; {
		at := strings.Index(text[i:], w)
		if at < 0 {
			return false
		}
		if at += i; at == 0 || strings.ContainsRune(" \n-_/.,(\"'“„*", rune(text[at-1])) {
			return true
		}
		i = at + len(w)
	}
}
