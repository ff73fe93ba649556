// Package cluster finds topics in many short texts by the statistics of their words, and keeps them.
//
// It knows no help desk: a text has an id, words, and who wrote it. Nothing is asked of a service, and nothing is taught beforehand. Learn
// finds the topics of a sample; a Placer then says of any text which topic it belongs to, or that it belongs to none; Grow makes new topics
// of those that belonged to none. A topic keeps its id and its label from then on, whatever comes later.
//
// How it is found: a text is its word stems, weighted by how often they stand there (sublinear) and by how rare they are (reduce.go makes
// a hundred and some numbers of that, by a randomised singular value decomposition); spherical k-means groups these, several times over,
// and the groups that agree are taken (group.go); at last each text goes to the topic whose words tell it best, compared with how all texts
// speak (refine.go). That last comparison is all that is kept: for each topic, how much of each word.
//
//	m := cluster.Learn(texts, 0)
//	p := m.Placer()
//	at := p.Place(cluster.Text{Words: "The printer on floor 2 prints half pages"})
//	if at.Fits() { fmt.Println(m.Topic(at.Topic).Label) } // printer, half pages
//
// Invariants: the same texts give the same model; ids are never given twice; a label is made of words that several people used.
package cluster

import (
	"math"
	"slices"
)

// Text is what is put into topics.
type Text struct {
	ID int64
	// From says who wrote it; 0 for nobody known. A label holds no word that only one or two of those used.
	From int64
	// Name is what it is called, if anything: its words count twice, and labels are made of names where there are any.
	Name  string
	Words string
}

// all is everything that it says, its name twice.
func (t Text) all() string {
	if t.Name == "" {
		return t.Words
	}
	return t.Name + "\n" + t.Name + "\n" + t.Words
}

// named is what a label may be made of.
func (t Text) named() string {
	if t.Name != "" {
		return t.Name
	}
	return t.Words
}

// Topic is what some texts are about.
type Topic struct {
	ID int64
	// Label is up to three words, or pairs of words, that tell it apart, with commas between them.
	Label string
	// Texts is how many texts it was learned from.
	Texts int64

	mass   float64 // all weights
	weight []entry // what it says of each word, in the order of the words
}

// entry is how much of a word there is.
type entry struct {
	term   int32
	weight float32
}

// Model is topics with what tells them apart. It is not changed by placing, so that many may do it at once; Grow changes it.
type Model struct {
	texts  float64   // how many were learned from
	terms  []string  // the stems that are known
	df     []float32 // in how many texts each stands
	mass   []float64 // how much of each there is in all
	total  float64   // how much of all there is
	topics []Topic
	next   int64 // the id of the next topic

	known    map[string]int32
	postings [][]posting // by term: the topics that speak of it
	base     []float64   // by topic: what a unit of anything costs there
}

// What is learned from, whatever there is.
const (
	// MostLearned is how many texts Learn should be given at most: more cost time and memory and teach little.
	MostLearned = 40_000
	// MostTopics is how many topics are made at most.
	MostTopics = 256
	mostTerms  = 30_000
	seed       = 20
)

// Topics says how many topics there should be for so many texts: about the root of their number.
func Topics(texts int) int {
	return max(2, min(int(math.Round(math.Sqrt(float64(texts)))), MostTopics))
}

// Learn finds k topics; 0 chooses how many. There are fewer when there is less to tell apart.
func Learn(texts []Text, k int) *Model {
	m := &Model{next: 1}
	if k <= 0 {
		k = Topics(len(texts))
	}
	rows := m.read(texts)
	of := refine(rows, m.background(rows), groups(rows, len(m.terms), k))
	m.fill(texts, rows, of, m.rare)
	m.index()
	return m
}

// fill makes topics of groups: of says by text which it is in, -1 for none.
func (m *Model) fill(texts []Text, rows []row, of []int, rare func(stem string) float64) {
	members := map[int][]int{}
	for i, g := range of {
		if g >= 0 && len(rows[i].term) > 0 {
			members[g] = append(members[g], i)
		}
	}
	order := make([]int, 0, len(members))
	for g := range members {
		order = append(order, g)
	}
	slices.SortFunc(order, func(a, b int) int {
		if d := len(members[b]) - len(members[a]); d != 0 {
			return d
		}
		return members[a][0] - members[b][0]
	})
	taken := map[string]bool{}
	for _, g := range order {
		t := Topic{ID: m.next, Texts: int64(len(members[g])), Label: label(texts, members[g], rare, taken)}
		m.next++
		t.weight, t.mass = sum(rows, members[g])
		m.topics = append(m.topics, t)
	}
}

// sum adds rows up.
func sum(rows []row, members []int) ([]entry, float64) {
	by, all := map[int32]float64{}, 0.0
	for _, i := range members {
		for j, t := range rows[i].term {
			by[t] += float64(rows[i].weight[j])
			all += float64(rows[i].weight[j])
		}
	}
	out := make([]entry, 0, len(by))
	for t, w := range by {
		out = append(out, entry{term: t, weight: float32(w)})
	}
	slices.SortFunc(out, func(a, b entry) int { return int(a.term) - int(b.term) })
	return out, all
}

// Topics gives all topics in the order in which they were made.
func (m *Model) Topics() []Topic { return slices.Clone(m.topics) }

// Topic gives one by its id; the zero Topic when there is none.
func (m *Model) Topic(id int64) Topic {
	for _, t := range m.topics {
		if t.ID == id {
			return t
		}
	}
	return Topic{}
}

// Texts is how many texts the model was learned from.
func (m *Model) Texts() int64 { return int64(m.texts) }
