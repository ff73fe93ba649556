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
	mass := n.background(rows)
	of := refine(rows, mass, groups(rows, len(n.terms), Topics(len(texts))))
	n.fill(texts, rows, of, func(stem string) float64 { return min(n.rare(stem), m.rareOr(stem, n)) })
	n.index()
	n.drop(texts, least)
	if len(n.topics) == 0 {
		return nil
	}
	m.texts += n.texts
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
	m.total += n.total
	from := len(m.topics)
	for _, t := range n.topics {
		t.ID = m.next
		m.next++
		for i := range t.weight {
			t.weight[i].term = to[t.weight[i].term]
		}
		m.topics = append(m.topics, t)
	}
	m.index()
	return m.Topics()[from:]
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

// drop leaves only the topics that at least so many texts fit.
func (m *Model) drop(texts []Text, least int) {
	fit := map[int64]int{}
	p := m.Placer()
	for _, t := range texts {
		if at := p.Place(t.Words); at.Fits() {
			fit[at.Topic]++
		}
	}
	kept := m.topics[:0]
	for _, t := range m.topics {
		if fit[t.ID] >= least && t.Label != "" {
			kept = append(kept, t)
		}
	}
	m.topics = kept
}
