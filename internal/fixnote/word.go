package fixnote

import (
	"math"
	"slices"
	"strings"

	"goodturn/internal/search"
)

// maxStems bounds what is compared of a text.
const maxStems = 120

// stems gives the stems of the words of a text that say what it is about, each once, in their order.
func stems(text string) []string {
	var out []string
	seen := map[string]bool{}
	for _, word := range search.Words(text) {
		if len(word) < 3 || common[word] {
			continue
		}
		s := strings.Join(search.Stems(word), "|")
		if !seen[s] {
			seen[s] = true
			if out = append(out, s); len(out) == maxStems {
				break
			}
		}
	}
	return out
}

// leastAlike is how alike a note must be to what is asked to be offered.
const leastAlike = 0.3

// alike is how much of what is asked a note knows: 1 for all of it; 0 for too little. Two words must be the same, or the only one that
// there is. Of a note with many other words it is less. The formula is that of ticket.Similar without the rarity of words: what is
// compared is one person's, too little to count.
func alike(asked, note []string) float64 {
	if len(asked) == 0 {
		return 0
	}
	has := make(map[string]bool, 2*len(note))
	for _, s := range note {
		for one := range strings.SplitSeq(s, "|") {
			has[one] = true
		}
	}
	shared := 0
	for _, s := range asked {
		if slices.ContainsFunc(strings.Split(s, "|"), func(one string) bool { return has[one] }) {
			shared++
		}
	}
	if shared < min(2, len(asked)) {
		return 0
	}
	mine, theirs := float64(len(asked)), float64(len(note))
	score := float64(shared) / mine * math.Sqrt((mine+20)/(max(mine, theirs)+20))
	if score < leastAlike {
		return 0
	}
	return score
}

// common are words that say nothing of what is asked, folded, in English and German.
var common = func() map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(commonWords) {
		out[w] = true
	}
	return out
}()

const commonWords = `the and for are was were has have had been being not but you your yours our ours with this that these those from into onto
they them their there then than when what which who whom whose why how can could will would shall should may might must does did doing done
out off over under again also just only very more most much many some any all each every other another same such here where about after
before since until while because please thank thanks hello dear regards best kind morning afternoon evening team help need want like get got
getting still yet now today yesterday tomorrow since its itself him his her she myself work works working worked problem problems issue
issues ticket request try tried trying let see look know think say said one two three something anything nothing somebody anybody
der die das den dem des ein eine einen einem einer eines und oder aber nicht kein keine keinen ich sie wir ihr ihnen uns mir mich dir dich
mein meine meinen meinem meiner dein deine unser unsere euer eure ist sind war waren wird werden wurde wurden hat haben hatte hatten habe
kann konnte konnen koennen konnten soll sollte will wollte muss musste darf mit von vom bei beim aus auf fur fuer zum zur nach vor seit bis
uber ueber unter durch gegen ohne als wie was wer wann warum wieso welche welcher welches dass wenn weil ob auch noch schon nur sehr mehr
immer wieder nie jetzt heute gestern morgen hier dort bitte danke hallo guten tag liebe lieber viele grusse gruesse freundlichen freundliche
hilfe brauche brauchen geht gehen ging funktioniert funktionieren problem probleme leider etwas nichts jemand niemand dann danach doch mal
dieser diese dieses diesem diesen sich es er man zu so da im am an in um`
