package cluster

import (
	"math"
	"slices"
	"strings"
	"unicode"

	"goodturn/internal/search"
)

// row is a text as numbers: the terms it holds, in their order, and how much each weighs. Its length is one, or nothing is known in it.
type row struct {
	term   []int32
	weight []float32
}

// MostRead is how much of a text is looked at, in bytes: what is wanted is said at the start.
const MostRead = 2000

// cutter makes stems of texts. It remembers those it has seen, and is for one goroutine.
type cutter struct{ seen map[string]string }

const mostSeen = 1 << 16

func (c *cutter) stem(word string) string {
	s, ok := c.seen[word]
	if !ok {
		if c.seen == nil || len(c.seen) >= mostSeen {
			c.seen = make(map[string]string, 1024)
		}
		word = strings.Clone(word) // it is a piece of a text that need not stay
		s = word
		if all := search.Stems(word); len(all) > 0 && all[0] != word {
			s = all[0]
		}
		c.seen[word] = s
	}
	return s
}

// words gives the words of a text that may say something, as they stand there.
func words(text string) []string {
	if len(text) > MostRead {
		text = strings.ToValidUTF8(text[:MostRead], "")
	}
	return slices.DeleteFunc(search.Words(text), func(w string) bool { return len(w) < 2 })
}

// stems gives the stem of each word of a text.
func (c *cutter) stems(text string) []string {
	all := words(text)
	for i, w := range all {
		all[i] = c.stem(w)
	}
	return all
}

// read learns which terms there are, and gives the texts as rows.
func (m *Model) read(texts []Text) []row {
	var c cutter
	id, names := map[string]int32{}, []string{}
	var df []float32
	counts := make([]row, len(texts)) // the weights are counts, at first
	for i, t := range texts {
		for _, s := range c.stems(t.all()) {
			k, ok := id[s]
			if !ok {
				k = int32(len(names))
				id[s] = k
				names, df = append(names, s), append(df, 0)
			}
			counts[i].term = append(counts[i].term, k)
		}
		counts[i].fold()
		for _, k := range counts[i].term {
			df[k]++
		}
	}
	to := m.choose(names, df)
	m.texts = float64(len(texts))
	for i := range counts {
		kept := row{}
		for j, k := range counts[i].term {
			if to[k] >= 0 {
				kept.term, kept.weight = append(kept.term, to[k]), append(kept.weight, counts[i].weight[j])
			}
		}
		kept.sort()
		m.weigh(kept)
		kept.unit()
		counts[i] = kept
	}
	return counts
}

// choose keeps the terms that stand in two texts at least, and of those the most common.
func (m *Model) choose(names []string, df []float32) []int32 {
	order := make([]int32, 0, len(names))
	for k := range names {
		if df[k] >= 2 {
			order = append(order, int32(k))
		}
	}
	slices.SortStableFunc(order, func(a, b int32) int { return int(df[b]) - int(df[a]) })
	order = order[:min(len(order), mostTerms)]
	to := make([]int32, len(names))
	for k := range to {
		to[k] = -1
	}
	for _, k := range order {
		to[k] = int32(len(m.terms))
		m.terms, m.df = append(m.terms, strings.Clone(names[k])), append(m.df, df[k])
	}
	return to
}

// weigh makes weights of counts: sublinear in how often, times how rare.
func (m *Model) weigh(r row) {
	for j, k := range r.term {
		r.weight[j] = float32((1 + math.Log(float64(r.weight[j]))) * m.rarity(m.df[k]))
	}
}

// rarity says how much it tells that a term stands there, of those that stand in df texts: little, if it stands in all.
func (m *Model) rarity(df float32) float64 {
	return 1 + math.Log((1+m.texts)/max(1, min(float64(df), m.texts)))
}

// rare is the share of texts that hold a stem.
func (m *Model) rare(stem string) float64 {
	if k, ok := m.find(stem); ok {
		return min(1, float64(m.df[k])/m.texts)
	}
	return 1 / (1 + m.texts)
}

func (m *Model) find(stem string) (int32, bool) {
	if m.known == nil {
		m.known = make(map[string]int32, len(m.terms))
		for k, s := range m.terms {
			m.known[s] = int32(k)
		}
	}
	k, ok := m.known[stem]
	return k, ok
}

// background is how much of each term there is in all texts.
func (m *Model) background(rows []row) []float64 {
	m.mass = make([]float64, len(m.terms))
	m.total = 0
	for _, r := range rows {
		for j, k := range r.term {
			m.mass[k] += float64(r.weight[j])
			m.total += float64(r.weight[j])
		}
	}
	return m.mass
}

// fold counts terms that stand several times, and puts them in order.
func (r *row) fold() {
	slices.Sort(r.term)
	n := 0
	r.weight = r.weight[:0]
	for i, k := range r.term {
		if i > 0 && k == r.term[n-1] {
			r.weight[n-1]++
			continue
		}
		r.term[n] = k
		r.weight = append(r.weight, 1)
		n++
	}
	r.term = slices.Clip(r.term[:n])
}

func (r *row) sort() {
	at := make([]int, len(r.term))
	for i := range at {
		at[i] = i
	}
	slices.SortFunc(at, func(a, b int) int { return int(r.term[a]) - int(r.term[b]) })
	term, weight := make([]int32, len(at)), make([]float32, len(at))
	for i, a := range at {
		term[i], weight[i] = r.term[a], r.weight[a]
	}
	r.term, r.weight = term, weight
}

func (r row) unit() { unit(r.weight) }

// unit makes the length of a vector one, unless it is nothing.
func unit(v []float32) {
	n := 0.0
	for _, w := range v {
		n += float64(w) * float64(w)
	}
	if n == 0 {
		return
	}
	f := float32(1 / math.Sqrt(n))
	for i := range v {
		v[i] *= f
	}
}

// letters tells that a word is no number.
func letters(word string) bool { return strings.ContainsFunc(word, unicode.IsLetter) }
