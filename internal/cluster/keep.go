package cluster

import (
	"bytes"
	"compress/gzip"
	"encoding/gob"
	"fmt"
	"math"
)

// kept is a model as it is stored. Fields may be added.
type kept struct {
	Texts float64
	Terms []string
	DF    []float32
	Mass  []float64
	Total float64
	Next  int64
	// By topic.
	ID, Count []int64
	Label     []string
	All       []float64
	Term      [][]int32
	Weight    [][]float32
}

// Pack gives the model as bytes.
func (m *Model) Pack() ([]byte, error) {
	k := kept{Texts: m.texts, Terms: m.terms, DF: m.df, Mass: m.mass, Total: m.total, Next: m.next}
	for _, t := range m.topics {
		k.ID, k.Count, k.Label, k.All = append(k.ID, t.ID), append(k.Count, t.Texts), append(k.Label, t.Label), append(k.All, t.mass)
		terms, weights := make([]int32, len(t.weight)), make([]float32, len(t.weight))
		for i, e := range t.weight {
			terms[i], weights[i] = e.term, e.weight
		}
		k.Term, k.Weight = append(k.Term, terms), append(k.Weight, weights)
	}
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if err := gob.NewEncoder(z).Encode(k); err != nil {
		return nil, fmt.Errorf("pack topics: %w", err)
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("pack topics: %w", err)
	}
	return b.Bytes(), nil
}

// Unpack reads what Pack gave.
func Unpack(packed []byte) (*Model, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("unpack topics: %w", err)
	}
	var k kept
	if err := gob.NewDecoder(z).Decode(&k); err != nil {
		return nil, fmt.Errorf("unpack topics: %w", err)
	}
	n := len(k.ID)
	if len(k.DF) != len(k.Terms) || len(k.Mass) != len(k.Terms) || len(k.Count) != n || len(k.Label) != n || len(k.All) != n || len(k.Term) != n || len(k.Weight) != n {
		return nil, fmt.Errorf("unpack topics: their parts do not fit together")
	}
	m := &Model{texts: k.Texts, terms: k.Terms, df: k.DF, mass: k.Mass, total: k.Total, next: k.Next}
	for i := range k.ID {
		t := Topic{ID: k.ID[i], Label: k.Label[i], Texts: k.Count[i], mass: k.All[i]}
		if len(k.Term[i]) != len(k.Weight[i]) {
			return nil, fmt.Errorf("unpack topics: their parts do not fit together")
		}
		for j, term := range k.Term[i] {
			if term < 0 || int(term) >= len(k.Terms) {
				return nil, fmt.Errorf("unpack topics: a word is missing")
			}
			t.weight = append(t.weight, entry{term: term, weight: k.Weight[i][j]})
		}
		m.topics = append(m.topics, t)
	}
	m.index()
	return m, nil
}

// Alike says how alike two topics speak, from 0 to 1.
func (m *Model) Alike(a, b int64) float64 {
	x, y := m.Topic(a), m.Topic(b)
	of := make(map[int32]float64, len(x.weight))
	xx, yy, xy := 0.0, 0.0, 0.0
	for _, e := range x.weight {
		of[e.term] = float64(e.weight)
		xx += float64(e.weight) * float64(e.weight)
	}
	for _, e := range y.weight {
		yy += float64(e.weight) * float64(e.weight)
		xy += float64(e.weight) * of[e.term]
	}
	if xy == 0 {
		return 0
	}
	return xy / math.Sqrt(xx*yy)
}
