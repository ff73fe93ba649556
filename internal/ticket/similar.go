package ticket

import (
	"cmp"
	"context"
	"maps"
	"math"
	"slices"
	"strings"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/search"
)

// Solution is a solved ticket that is like another, with what solved it.
type Solution struct {
	ID       int64
	Subject  string
	SolvedAt clock.Instant
	// Answer is the start of the last public answer that says something; AnswerSeq is its number on the ticket, AnswerBy who gave it.
	Answer    string
	AnswerSeq int64
	AnswerBy  string
	// Score is how alike they are: 1 for a ticket with all of the words.
	Score float64 `db:"-"`
}

// What Similar looks at, whatever the desk holds: so many rare words, of each the newest documents, of those the tickets that
// share the most, and so much text of each.
const (
	similarWords      = 12
	similarDocuments  = 160
	similarCandidates = 256
	similarRead       = 48
	similarText       = 2000
	similarLeast      = 0.12 // less alike than this is not alike
	similarAnswer     = 400  // bytes
	saysSomething     = 60   // characters; "You're welcome" solved nothing
)

// Similar gives the solved tickets that are most like t and that the actor may see, the most alike first. Alike are tickets
// whose subject and first message share rare words, in any of their forms; those of the same organisation or team a little more.
func Similar(ctx context.Context, tx *db.Tx, a person.Actor, t Ticket, limit int) ([]Solution, error) {
	w, err := weigh(ctx, tx, a, t)
	if err != nil || len(w.rare) == 0 {
		return nil, err
	}
	shared := map[int64]float64{}
	for _, word := range w.rare {
		ids, err := search.Having(ctx, tx, word, search.Range{To: documentEnd}, similarDocuments)
		if err != nil {
			return nil, err
		}
		last := int64(0)
		for _, id := range ids {
			if id >>= documentBits; id != last && id != t.ID {
				shared[id] += w.idf[word]
				last = id
			}
		}
	}
	ids := slices.Collect(maps.Keys(shared))
	slices.SortFunc(ids, func(x, y int64) int { return cmp.Or(cmp.Compare(shared[y], shared[x]), cmp.Compare(y, x)) })
	alike, err := w.compare(ctx, tx, a, t, ids[:min(len(ids), similarCandidates)])
	if err != nil {
		return nil, err
	}
	alike = alike[:min(len(alike), limit)]
	for i := range alike {
		if err := alike[i].readAnswer(ctx, tx); err != nil {
			return nil, err
		}
	}
	return alike, nil
}

// weights say what the words of a ticket tell about it.
type weights struct {
	rare  []string           // the words to look for
	idf   map[string]float64 // by word
	forms map[string]string  // any stem of a word → the word that stands for all its forms
	start map[string]bool    // how the words begin: only what begins so is worth stemming
	told  map[string]float64 // what a word tells that stands for its forms
	norm  float64
}

// weigh reads a ticket's subject and first message. Words in the subject count double.
func weigh(ctx context.Context, tx *db.Tx, a person.Actor, t Ticket) (weights, error) {
	text, err := db.All[string](ctx, tx, `SELECT substr(text, 1, $2) FROM message WHERE ticket_id = $1 AND seq = 1`, t.ID, similarText)
	if err != nil {
		return weights{}, err
	}
	scopes, err := wordScopes(ctx, tx, a)
	if err != nil {
		return weights{}, err
	}
	said := search.Words(t.Subject + " " + strings.Join(text, " "))
	slices.Sort(said)
	said = slices.Compact(said)
	w := weights{idf: map[string]float64{}, forms: map[string]string{}, start: map[string]bool{}, told: map[string]float64{}}
	of, all, err := search.Frequency(ctx, tx, scopes, said)
	if err != nil {
		return w, err
	}
	inSubject := search.Words(t.Subject)
	for _, word := range said {
		n, known := of[word]
		if !known || len(word) < 3 {
			continue // nobody else has said it, or it says nothing
		}
		w.idf[word] = rarity(n, all)
		if slices.Contains(inSubject, word) {
			w.idf[word] *= 2
		}
		w.take(word)
		if n*8 <= all+80 {
			w.rare = append(w.rare, word)
		}
	}
	for _, v := range w.told {
		w.norm += v
	}
	slices.SortFunc(w.rare, func(x, y string) int { return cmp.Or(cmp.Compare(w.idf[y], w.idf[x]), strings.Compare(x, y)) })
	w.rare = w.rare[:min(len(w.rare), similarWords)]
	return w, nil
}

// take notes a word under its stems, or adds it to the forms of one that is there.
func (w weights) take(word string) {
	w.start[start(word)] = true
	stems := search.Stems(word)
	stands := word
	for _, s := range stems {
		if other, ok := w.forms[s]; ok {
			stands = other
		}
	}
	for _, s := range stems {
		w.forms[s] = stands
	}
	w.told[stands] = max(w.told[stands], w.idf[word])
}

// start is how a word begins; its other forms begin so too.
func start(word string) string { return word[:min(len(word), 3)] }

// rarity is the inverse document frequency of BM25 (Robertson and Spärck Jones).
func rarity(n, all int64) float64 {
	return math.Log(1 + (float64(max(all, n))-float64(n)+0.5)/(float64(n)+0.5))
}

// candidate is a solved ticket with what it said first.
type candidate struct {
	Solution
	TeamID, OrganisationID int64
	Text                   string
}

// compare reads the best of the candidates that are solved and visible, and ranks them by all the words they share.
func (w weights) compare(ctx context.Context, tx *db.Tx, a person.Actor, t Ticket, ids []int64) ([]Solution, error) {
	var args db.Args
	where := `t.id IN (` + db.List(&args, padded(ids)) + `) AND t.status IN ('solved', 'closed') AND t.turn NOT IN ` + asideSQL + ` AND ` + person.Visible(a, person.SeeTicket, &args)
	solved, err := db.All[int64](ctx, tx, `SELECT t.id FROM ticket t WHERE `+where, args...)
	if err != nil || len(solved) == 0 {
		return nil, err
	}
	best := slices.DeleteFunc(ids, func(id int64) bool { return !slices.Contains(solved, id) })
	best = best[:min(len(best), similarRead)]
	args = db.Args{similarText}
	all, err := db.All[candidate](ctx, tx, `SELECT t.id, t.subject, t.solved_at, t.team_id, t.organisation_id, substr(m.text, 1, $1) AS text
		FROM ticket t LEFT JOIN message m ON m.ticket_id = t.id AND m.seq = 1 WHERE t.id IN (`+db.List(&args, padded(best))+`)`, args...)
	if err != nil {
		return nil, err
	}
	var out []Solution
	for _, c := range all {
		c.Score = w.alike(c)
		if c.Score < similarLeast {
			continue
		}
		if c.OrganisationID != 0 && c.OrganisationID == t.OrganisationID {
			c.Score *= 1.15
		}
		if c.TeamID == t.TeamID {
			c.Score *= 1.05
		}
		out = append(out, c.Solution)
	}
	slices.SortFunc(out, func(x, y Solution) int { return cmp.Or(cmp.Compare(y.Score, x.Score), cmp.Compare(y.ID, x.ID)) })
	return out, nil
}

// alike is how much of what the ticket's words tell is told by the candidate too. One with many other words is less alike.
func (w weights) alike(c candidate) float64 {
	said := search.Words(c.Subject + " " + c.Text)
	slices.Sort(said)
	said = slices.Compact(said)
	seen := map[string]bool{}
	shared := 0.0
	for _, word := range said {
		if !w.start[start(word)] {
			continue
		}
		for _, stem := range search.Stems(word) {
			if stands, ok := w.forms[stem]; ok && !seen[stands] {
				seen[stands] = true
				shared += w.told[stands]
				break
			}
		}
	}
	mine, theirs := float64(len(w.told)), float64(len(said))
	return shared / w.norm * math.Sqrt((mine+20)/(max(mine, theirs)+20))
}

// readAnswer fills in what solved it: the last public answer that says something, or else the last.
func (s *Solution) readAnswer(ctx context.Context, tx *db.Tx) error {
	type row struct {
		Seq  int64
		Text string
		Name string
	}
	all, err := db.All[row](ctx, tx, `SELECT m.seq, m.text, coalesce(p.name, '') AS name FROM message m LEFT JOIN person p ON p.id = m.author_id
		WHERE m.ticket_id = $1 AND NOT m.internal AND NOT m.inbound AND NOT m.automatic ORDER BY m.seq DESC LIMIT 4`, s.ID)
	if err != nil || len(all) == 0 {
		return err
	}
	best := all[0]
	for _, m := range all {
		if len(strings.TrimSpace(m.Text)) >= saysSomething {
			best = m
			break
		}
	}
	s.Answer, s.AnswerSeq, s.AnswerBy = oneLine(best.Text, similarAnswer), best.Seq, best.Name
	return nil
}
