package cluster

import "strings"

// Grow makes new topics of texts that belonged to none, when at least so many of them speak of the same, and gives those it made.
// Topics that were there stay as they are. Give it texts that Fits said no of.
func (m *Model) Grow(texts []Text, least int) []Topic {
	if len(texts) < least {
		return nil
	}
	n := &Model{next: 1}
	rows := n.read(texts)
	of := make([]int, len(rows))
	if k := min(Topics(len(texts)), len(texts)/least); k > 1 {
		of = groups(rows, len(n.terms), k)
	}
	n.fill(texts, rows, refine(rows, n.background(rows), of), func(stem string) float64 { return m.rareOr(stem, n) })
	from := len(m.topics)
	m.join(n)
	m.index()
	m.drop(from, texts, least)
	m.index()
	return m.Topics()[from:]
}

// join takes in what another model knows; its topics come last and get ids of their own.
func (m *Model) join(n *Model) {
	m.texts += n.texts
	m.total += n.total
	to := make([]int32, len(n.terms))
	for k, s := range n.terms {
		at, ok := m.find(s)
		if !ok {
			at = int32(len(m.terms))
			m.terms, m.df, m.mass = append(m.terms, strings.Clone(s)), append(m.df, 0), append(m.mass, 0)
			m.known[s] = at
		}
		to[k] = at
		m.df[at] += n.df[k]
		m.mass[at] += n.mass[k]
	}
	for _, t := range n.topics {
		t.ID = m.next
		m.next++
		for i := range t.weight {
			t.weight[i].term = to[t.weight[i].term]
		}
		m.topics = append(m.topics, t)
	}
}

// rareOr is the share of texts that hold a stem, of those learned from before and now together.
func (m *Model) rareOr(stem string, now *Model) float64 {
	held := 0.0
	if k, ok := m.find(stem); ok {
		held += float64(m.df[k])
	}
	if k, ok := now.find(stem); ok {
		held += float64(now.df[k])
	}
	return max(1, held) / (1 + m.texts + now.texts)
}

// drop leaves of the topics from one on only those that at least so many texts fit.
func (m *Model) drop(from int, texts []Text, least int) {
	fit := map[int64]int{}
	p := m.Placer()
	for _, t := range texts {
		if at := p.Place(t); at.Fits() {
			fit[at.Topic]++
		}
	}
	kept := m.topics[:from:from]
	for _, t := range m.topics[from:] {
		if fit[t.ID] >= least && t.Label != "" {
			kept = append(kept, t)
		}
	}
	m.topics = kept
}

// Inherit gives topics that were found anew the ids and labels of those of an older model that speak of the same texts: of each old topic, the
// new one that most of its texts went to, if that took more from it than from any other. The rest get ids that were never given.
func (m *Model) Inherit(old *Model, texts []Text) {
	here, there := m.Placer(), old.Placer()
	both := map[[2]int64]int{} // of an old and a new topic, the texts of both
	for _, t := range texts {
		if is, was := here.Place(t), there.Place(t); is.Topic != 0 && was.Fits() {
			both[[2]int64{was.Topic, is.Topic}]++
		}
	}
	most := func(side int) map[int64]int64 {
		best, n := map[int64]int64{}, map[int64]int{}
		for pair, c := range both {
			a, b := pair[side], pair[1-side]
			if c > n[a] || c == n[a] && b < best[a] {
				best[a], n[a] = b, c
			}
		}
		return best
	}
	to, from := most(0), most(1)
	m.next = max(m.next, old.next)
	for i := range m.topics {
		t := &m.topics[i]
		if was := from[t.ID]; was != 0 && to[was] == t.ID {
			t.ID, t.Label = was, old.Topic(was).Label
			continue
		}
		t.ID = m.next
		m.next++
	}
}
