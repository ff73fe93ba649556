package papercut

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"goodturn/internal/db"
	"goodturn/internal/search"
)

// Two sentences are like each other by the words that they share: twice the number of shared words, by the number of words in both. From
// Same on they are taken for one thing; from Near on somebody is asked.
const (
	Same = 0.6
	Near = 0.3
)

// mostWords is how many words of a sentence count.
const mostWords = 24

// meant gives the words of a sentence that say what is meant, each with its forms.
func meant(text string) (out [][]string) {
	seen := map[string]bool{}
	for _, w := range search.Words(text) {
		if seen[w] || empty[w] || utf8.RuneCountInString(w) < 2 && !strings.ContainsFunc(w, unicode.IsDigit) {
			continue
		}
		seen[w] = true
		if out = append(out, search.Stems(w)); len(out) == mostWords {
			break
		}
	}
	return out
}

// learn stores the words of a sentence, by which the next that is like it finds it.
func learn(ctx context.Context, tx *db.Tx, tap int64, words [][]string) error {
	var rows [][]any
	for i, forms := range words {
		for _, form := range forms {
			rows = append(rows, []any{form, tap, i})
		}
	}
	return db.InsertRows(ctx, tx, "papercut_word (word, tap_id, place)", rows)
}

// near is a papercut that is like a sentence.
type near struct {
	id    int64
	score float64
}

// mostRows is how many rows are looked at: of a word that everybody says, the newest.
const mostRows = 4000

// likeTo finds the papercuts that are like a sentence, the likest first. private is the team that it is kept to, 0 for none; what is gone is
// left out, unless it is asked for.
func likeTo(ctx context.Context, tx *db.Tx, text string, private int64, gone bool, least float64) ([]near, error) {
	words := meant(text)
	if len(words) == 0 {
		return nil, nil
	}
	of := map[string][]int{}
	var forms []string
	for i, all := range words {
		for _, form := range all {
			if of[form] = append(of[form], i); len(of[form]) == 1 {
				forms = append(forms, form)
			}
		}
	}
	type row struct {
		PapercutID, TapID, Place int64
		Words                    int
		Word                     string
	}
	var args db.Args
	team := args.Add(private)
	where := `coalesce(p.private_id, 0) = ` + team + ` AND NOT p.hidden AND NOT t.hidden`
	if !gone {
		where += ` AND p.state <> 'gone'`
	}
	rows, err := db.All[row](ctx, tx, `SELECT t.papercut_id, w.tap_id, w.place, t.words, w.word FROM papercut_word w JOIN papercut_tap t ON t.id = w.tap_id JOIN papercut p ON p.id = t.papercut_id
		WHERE w.word IN (`+db.List(&args, forms)+`) AND `+where+` ORDER BY w.tap_id DESC LIMIT `+args.Add(mostRows), args...)
	if err != nil {
		return nil, err
	}
	type pair struct{ tap, at int64 }
	ours, theirs := map[pair]bool{}, map[pair]bool{}
	type sentence struct{ papercut, mine, its, words int64 }
	found := map[int64]*sentence{}
	for _, r := range rows {
		s := found[r.TapID]
		if s == nil {
			s = &sentence{papercut: r.PapercutID, words: int64(r.Words)}
			found[r.TapID] = s
		}
		for _, i := range of[r.Word] {
			if k := (pair{r.TapID, int64(i)}); !ours[k] {
				ours[k] = true
				s.mine++
			}
		}
		if k := (pair{r.TapID, r.Place}); !theirs[k] {
			theirs[k] = true
			s.its++
		}
	}
	best := map[int64]float64{}
	for _, s := range found {
		shared := min(s.mine, s.its)
		if score := 2 * float64(shared) / float64(int64(len(words))+s.words); score >= least && score > best[s.papercut] {
			best[s.papercut] = score
		}
	}
	out := make([]near, 0, len(best))
	for id, score := range best {
		out = append(out, near{id, score})
	}
	slices.SortFunc(out, func(a, b near) int { return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.id, b.id)) })
	return out, nil
}

// empty are words that say nothing of which thing annoys.
var empty = func() map[string]bool {
	all := map[string]bool{}
	for _, w := range strings.Fields(`
		a an the and or but if so as at by for from in into of off on onto out over to under up with without is are was were be been being am do does did done has have had having
		i me my mine we us our ours you your yours he him his she her it its they them their this that these those there here who whom which what when where why how
		not no nor never nothing nobody none don t s re ve ll d m doesn didn isn aren wasn won can could cannot will would shall should may might must
		very too just only also even still again always often sometimes every each all any some many much more most less few little lot bit
		please thanks thank hello hi dear regards really quite rather annoying annoys annoy bugs bug bothers irritating small thing things something anything everything
		get gets got go goes going make makes made take takes took need needs want wants one two time times day days than then because while before after until since about
		der die das den dem des ein eine einer eines einem einen und oder aber wenn als am an auf aus bei bis durch fur gegen hinter im in ins mit nach neben ohne uber um unter von vom vor wegen zu zum zur zwischen
		ist sind war waren bin bist seid sein wird werden wurde wurden hat haben habe hatte hatten kann kann konnen konnte mag mussen muss soll sollte will wollen darf
		ich mich mir mein meine meinen meiner wir uns unser unsere du dich dir dein ihr euch sie er es ihn ihm ihnen sich man dies diese dieser dieses diesen jene da dort hier wer wen wem was welche wann wo warum wie
		nicht nichts niemand nie niemals kein keine keinen keiner doch noch schon auch nur sehr zu so immer oft manchmal jede jeder jedes jeden jedesmal alle alles viel viele mehr wenig etwas
		bitte danke hallo liebe lieber grusse nervt stort argert lastig lastiges klein kleine kleinigkeit ding dinge sache mal dass weil damit dann denn seit wieder eigentlich`) {
		all[w] = true
	}
	return all
}()
