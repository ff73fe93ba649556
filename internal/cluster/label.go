package cluster

import (
	"math"
	"slices"
	"strings"

	"goodturn/internal/search"
)

// What a label is made of.
const (
	mostParts  = 3
	leastTexts = 3   // so many texts of the topic, and people, use a word of its label
	leastLift  = 2   // so much more often than elsewhere
	lookedAt   = 400 // texts of the topic
)

// courtesies are words of letters rather than of what they are about: greetings, days, what programs put around a mail.
var courtesies = func() map[string]bool {
	all := map[string]bool{}
	for w := range strings.FieldsSeq(`
		hi hello hey dear good morning afternoon evening day today tomorrow yesterday week kind best regards cheers thanks thank thankyou sincerely greetings team colleague colleagues sir madam
		sent subject cc fwd fw re aw wg importance high low normal mail email message attached attachment image jpg png com www http https html
		monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october november december am pm
		help know let tell see look use make go come try thing something anything one two three first now still somebody someone anybody anyone everybody everyone nobody nothing everything else again since already much many more well ok yes
		hallo guten morgen tag abend liebe lieber liebes sehr geehrte geehrter damen herren kollegen kolleginnen danke dank vielen gruss grusse gruesse freundliche freundlichen mfg heute morgen gestern woche
		gesendet betreff anhang nachricht anbei montag dienstag mittwoch donnerstag freitag samstag sonntag januar februar marz maerz mai juni juli oktober dezember
		hilfe helfen sagen sehen machen gehen geht kommt etwas eins zwei drei jetzt immer viel mehr jemand niemand alle alles nichts wieder ja nein`) {
		all[w] = true
	}
	return all
}()

// dull tells that a word says nothing of what a topic is about.
func dull(word string) bool { return search.Idle(word) || courtesies[word] }

// denies tells that a word turns the next into its opposite: "not working" is about something else than "working".
func denies(word string) bool {
	switch word {
	case "not", "no", "nicht", "kein", "keine", "keinen":
		return true
	}
	return false
}

// said is a word, or a pair of words, in the texts of a topic.
type said struct {
	texts int
	from  map[int64]bool
	forms map[string]int // as it was written
	score float64
}

func (s *said) note(form string, from int64, id int64) {
	s.texts++
	s.forms[form]++
	if from == 0 {
		from = -1 - id
	}
	if len(s.from) < leastTexts {
		s.from[from] = true
	}
}

// form is how it is written most often.
func (s *said) form() string {
	best := ""
	for f, n := range s.forms {
		if best == "" || n > s.forms[best] || n == s.forms[best] && f < best {
			best = f
		}
	}
	return best
}

// label names a topic by the words that tell it apart: what is said in it often, and elsewhere seldom. Of words that stand beside each other
// in a good part of it, both are taken. taken holds the labels that are not to be given again.
func label(texts []Text, members []int, rare func(stem string) float64, taken map[string]bool) string {
	var c cutter
	single, pair := map[string]*said{}, map[[2]string]*said{}
	step := max(1, len(members)/lookedAt)
	looked := 0
	for i := 0; i < len(members); i += step {
		hear(&c, texts[members[i]], single, pair)
		looked++
	}
	order := telling(single, looked, rare, leastLift)
	if len(order) == 0 { // what is said there is said everywhere
		order = telling(single, looked, rare, 0)
	}
	var parts []string
	used := map[string]bool{}
	for _, s := range order {
		if used[s] || len(parts) >= mostParts && !taken[strings.Join(parts, ", ")] {
			continue
		}
		if len(parts) > 0 && single[s].score < single[order[0]].score/5 && !taken[strings.Join(parts, ", ")] {
			break
		}
		part := single[s].form()
		used[s] = true
		if p := beside(s, single, pair, used); p != nil {
			used[p[0]], used[p[1]] = true, true
			part = pair[*p].form()
		}
		parts = append(parts, part)
	}
	name := strings.Join(parts, ", ")
	taken[name] = true
	return name
}

// hear notes the words of a text, and those beside each other.
func hear(c *cutter, t Text, single map[string]*said, pair map[[2]string]*said) {
	last, lastWord := "", ""
	once, twice := map[string]bool{}, map[[2]string]bool{}
	for _, w := range words(t.named()) {
		s := c.stem(w)
		if !once[s] {
			once[s] = true
			if single[s] == nil {
				single[s] = &said{from: map[int64]bool{}, forms: map[string]int{}}
			}
			single[s].note(w, t.From, t.ID)
		}
		if p := [2]string{last, s}; last != "" && last != s && !twice[p] {
			twice[p] = true
			if pair[p] == nil {
				pair[p] = &said{from: map[int64]bool{}, forms: map[string]int{}}
			}
			pair[p].note(lastWord+" "+w, t.From, t.ID)
		}
		last, lastWord = s, w
	}
}

// telling gives the stems that stand in a topic so many times more often than elsewhere, the most telling first.
func telling(single map[string]*said, texts int, rare func(stem string) float64, least float64) []string {
	var order []string
	for s, w := range single {
		lift := float64(w.texts) / float64(texts) / rare(s)
		if len(w.from) < leastTexts || lift < least || len(s) < 3 || !letters(s) || dull(w.form()) {
			continue
		}
		w.score = float64(w.texts) * math.Log(1+lift)
		order = append(order, s)
	}
	slices.SortFunc(order, func(a, b string) int {
		switch {
		case single[a].score > single[b].score:
			return -1
		case single[a].score < single[b].score:
			return 1
		}
		return strings.Compare(a, b)
	})
	return order
}

// beside finds the pair that a stem stands in most often, when that is a third of the time at least and the other word tells something too.
func beside(s string, single map[string]*said, pair map[[2]string]*said, used map[string]bool) *[2]string {
	var found *[2]string
	for p, w := range pair {
		other := p[0]
		if other == s {
			other = p[1]
		}
		if p[0] != s && p[1] != s || used[other] || single[other].score <= 0 && !(p[1] == s && denies(single[other].form())) || len(w.from) < leastTexts || w.texts*3 < single[s].texts {
			continue
		}
		if found == nil || w.texts > pair[*found].texts || w.texts == pair[*found].texts && (p[0] < found[0] || p[0] == found[0] && p[1] < found[1]) {
			found = &p
		}
	}
	return found
}
