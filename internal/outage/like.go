package outage

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/search"
)

// Hit is an outage that fits what somebody says, or one that is current.
type Hit struct {
	Outage
	// People is how many have it, as far as that may be told in the circle; 0 says nothing.
	People int
	Score  int // how many different words fit; 0 where none were looked for
}

// Like gives the outages of now that fit a text, the best first. It is precise rather than eager: one of an outage's words must be there, or
// two of its title (all of a title that has fewer).
func (b *Board) Like(ctx context.Context, tx *db.Tx, c person.Circle, text string) ([]Hit, error) {
	known, err := b.memory.get(ctx, tx)
	if err != nil || len(known.all) == 0 {
		return nil, err
	}
	var out []Hit
	for i, score := range known.match(text) {
		if o := known.all[i]; o.State == Open && seen(c, o) {
			out = append(out, Hit{o, known.counts[o.ID].In(c), score})
		}
	}
	slices.SortFunc(out, func(x, y Hit) int {
		return cmp.Or(cmp.Compare(y.Score, x.Score), cmp.Compare(y.People, x.People), cmp.Compare(y.ID, x.ID))
	})
	return out, nil
}

// LikeForStaff is Like for somebody of the desk: outages of teams too, and with everybody counted.
func (b *Board) LikeForStaff(ctx context.Context, tx *db.Tx, a person.Actor, text string) ([]Hit, error) {
	known, err := b.memory.get(ctx, tx)
	if err != nil || len(known.all) == 0 {
		return nil, err
	}
	var out []Hit
	scores := known.match(text)
	for i, o := range known.all {
		if o.State == Open && person.Can(a, person.SeeOutages, o.Thing()) {
			out = append(out, Hit{o, known.counts[o.ID].All(), scores[i]})
		}
	}
	slices.SortStableFunc(out, func(x, y Hit) int { return cmp.Compare(y.Score, x.Score) })
	return out, nil
}

// Current gives what is broken or being worked on now, as far as it may be told in a circle, the newest first.
func (b *Board) Current(ctx context.Context, tx *db.Tx, c person.Circle) ([]Hit, error) {
	known, err := b.memory.get(ctx, tx)
	if err != nil {
		return nil, err
	}
	var out []Hit
	for _, o := range slices.Backward(known.all) {
		if o.State == Open && seen(c, o) {
			out = append(out, Hit{Outage: o, People: known.counts[o.ID].In(c)})
		}
	}
	return out, nil
}

// countsFor is how long numbers in memory are good.
const countsFor = 5 * time.Second

// memory holds what is current. It is read anew when a write has said so (changedNow); numbers may be some seconds old.
type memory struct {
	mu   sync.Mutex
	kept *known
}

// known is what is current at one version; it is not changed once it is there.
type known struct {
	version   int64
	countedAt clock.Instant
	all       []Outage
	counts    map[int64]Count
	keys      []keys
	stems     map[string][]place // where a stem stands in keys
}

// keys are what an outage is recognised by: each phrase wants all its words.
type keys struct {
	phrases int // how many there are, the title not among them
	lengths []int
	title   int // how many words of its title mean something
}

// place is a word: of outage at, in phrase (-1: the title), as the number word.
type place struct{ at, phrase, word int }

func (m *memory) get(ctx context.Context, tx *db.Tx) (*known, error) {
	version, err := db.One[int64](ctx, tx, `SELECT value FROM counter WHERE name = 'outage'`)
	if err != nil {
		return nil, err
	}
	m.mu.Lock()
	k := m.kept
	m.mu.Unlock()
	if k != nil && k.version == version && tx.Writes() == 0 {
		if age := tx.Now.Sub(k.countedAt); age >= 0 && age < countsFor || len(k.all) == 0 {
			return k, nil
		}
		fresh := *k
		fresh.countedAt = tx.Now
		if fresh.counts, err = Counts(ctx, tx, k.ids()); err != nil {
			return nil, err
		}
		m.keep(&fresh)
		return &fresh, nil
	}
	k, err = read(ctx, tx, version)
	if err == nil && tx.Writes() == 0 { // what is not committed yet may never be
		m.keep(k)
	}
	return k, err
}

func (m *memory) keep(k *known) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.kept = k
}

func (k *known) ids() []int64 {
	ids := make([]int64, len(k.all))
	for i, o := range k.all {
		ids[i] = o.ID
	}
	return ids
}

func read(ctx context.Context, tx *db.Tx, version int64) (*known, error) {
	k := &known{version: version, countedAt: tx.Now, stems: map[string][]place{}}
	var err error
	if k.all, err = db.All[Outage](ctx, tx, `SELECT `+columns+` FROM outage o WHERE o.state IN ('open', 'planned') ORDER BY o.since_at, o.id`); err != nil {
		return nil, err
	}
	if err := organisations(ctx, tx, k.all); err != nil {
		return nil, err
	}
	for i, o := range k.all {
		k.learn(i, o)
	}
	k.counts, err = Counts(ctx, tx, k.ids())
	return k, err
}

// learn notes the words by which an outage is recognised.
func (k *known) learn(at int, o Outage) {
	var x keys
	for phrase := range strings.FieldsFuncSeq(o.Words, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		words := search.Words(phrase)
		if len(words) == 0 {
			continue
		}
		for n, w := range words {
			k.note(w, place{at, x.phrases, n})
		}
		x.lengths = append(x.lengths, len(words))
		x.phrases++
	}
	for _, w := range search.Words(o.Title) {
		if means(w) {
			k.note(w, place{at, -1, x.title})
			x.title++
		}
	}
	k.keys = append(k.keys, x)
}

func (k *known) note(word string, p place) {
	for _, s := range search.Stems(word) {
		if !slices.Contains(k.stems[s], p) {
			k.stems[s] = append(k.stems[s], p)
		}
	}
}

// heard is how many words of a text are looked at: what is wrong stands at its beginning.
const heard = 150

// match tells which outages a text fits, and with how many words.
func (k *known) match(text string) map[int]int {
	type found struct{ phrase, word int }
	got := map[int]map[found]bool{}
	if len(text) > heard*20 {
		text = text[:heard*20]
	}
	words := search.Words(text)
	if len(words) > heard {
		words = words[:heard]
	}
	asked := make(map[string]bool, len(words))
	for _, w := range words {
		if asked[w] {
			continue
		}
		asked[w] = true
		for _, s := range search.Stems(w) {
			for _, p := range k.stems[s] {
				if got[p.at] == nil {
					got[p.at] = map[found]bool{}
				}
				got[p.at][found{p.phrase, p.word}] = true
			}
		}
	}
	out := map[int]int{}
	for at, hits := range got {
		of := map[int]int{}
		for f := range hits {
			of[f.phrase]++
		}
		x := k.keys[at]
		fits := x.title > 0 && of[-1] >= min(2, x.title)
		for phrase, n := range of {
			fits = fits || phrase >= 0 && n == x.lengths[phrase]
		}
		if fits {
			out[at] = len(hits)
		}
	}
	return out
}

// means tells that a folded word says which thing is broken, rather than that something is.
func means(word string) bool {
	if strings.ContainsFunc(word, unicode.IsDigit) {
		return true
	}
	return utf8.RuneCountInString(word) >= 3 && !common[word]
}

// common are words that stand in the title of any outage.
var common = func() map[string]bool {
	all := map[string]bool{}
	for _, w := range strings.Fields(`
		the and are was were has have had not with from for our your all any some out off but can cannot down slow slowly broken dead gone late again since still
		does did doesn don won isn aren down work works working worked outage outages problem problems issue issues error errors failure failures fail fails failing failed
		fault trouble service services system systems maintenance planned unavailable available unreachable reachable unable temporarily partly partially currently now today
		tomorrow this that these those there they when where which who what very only more less most about into onto over under after before during between users user people
		everybody everyone nobody somebody office offices site sites building floor open opens close closed load loads loading respond responds responding response answer answers
		new old first second third many several other others time times day days hour hours minute minutes morning evening night update updates
		der die das den dem des ein eine einer eines einem einen und oder ist sind war waren hat haben hatte nicht kein keine keiner mit von vom fur bei beim aus auf zum zur
		alle alles einige geht gehen ging gibt lauft laufen lief funktioniert funktionieren ausfall ausgefallen ausfalle storung storungen gestort fehler problem probleme langsam
		kaputt weg wieder seit noch dienst dienste system systeme wartung wartungsarbeiten geplant geplante verfugbar nicht erreichbar unerreichbar derzeit zurzeit momentan teilweise
		heute morgen gestern wird werden kann konnen keinen nur sehr mehr als auch beide viele nutzer benutzer leute buro standort gebaude stock etage offnet offnen ladt laden reagiert
		antwortet neu neue alte uhr tag tage stunde stunden minute minuten
		tot lahm sich wir sie ihr unser unsere nach vor wahrend zwischen uber unter`) {
		all[w] = true
	}
	return all
}()
