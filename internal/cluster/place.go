package cluster

// Placement is where a text belongs.
type Placement struct {
	// Topic is the id of the topic that tells it best; 0 when nothing is known in it.
	Topic int64
	// Fit is how much better that topic tells it than all texts together do, as a logarithm.
	Fit float64
	// Cover is how much of what the text says is the topic's own: words that it says more often than others do, by the squares of their weights. Words that nobody ever said are of no topic.
	Cover float64
}

// leastCover is how much of a text must be its topic's own.
const leastCover = 0.35

// Fits tells that the text belongs to the topic, rather than to none.
func (p Placement) Fits() bool { return p.Topic != 0 && p.Fit > 0 && p.Cover >= leastCover }

// Placer places texts. It is for one goroutine.
type Placer struct {
	m     *Model
	cut   cutter
	score []float64
	row   row
	new   map[string]bool
}

// Placer gives one that places texts among the topics as they are now.
func (m *Model) Placer() *Placer {
	return &Placer{m: m, score: make([]float64, len(m.topics)), new: map[string]bool{}}
}

// Place says where a text belongs.
func (p *Placer) Place(text Text) Placement {
	p.row.term = p.row.term[:0]
	clear(p.new)
	for _, s := range p.cut.stems(text.all()) {
		if k, ok := p.m.known[s]; ok {
			p.row.term = append(p.row.term, k)
		} else {
			p.new[s] = true
		}
	}
	p.row.fold()
	p.m.weigh(p.row)
	if len(p.row.term) == 0 || len(p.m.topics) == 0 {
		return Placement{}
	}
	known := squares(p.row.weight)
	unknown := float64(len(p.new)) * p.m.rarity(0) * p.m.rarity(0)
	p.row.unit()
	at, fit := best(p.row, p.m.postings, p.m.base, p.score, -1)
	return Placement{Topic: p.m.topics[at].ID, Fit: fit, Cover: p.own(int32(at)) * known / (known + unknown)}
}

// own is how much of the row a topic says more often than others do.
func (p *Placer) own(topic int32) (all float64) {
	for j, t := range p.row.term {
		for _, says := range p.m.postings[t] {
			if says.topic == topic {
				if float64(says.score) > -p.m.base[topic] {
					all += float64(p.row.weight[j]) * float64(p.row.weight[j])
				}
				break
			}
		}
	}
	return all
}

func squares(v []float32) (all float64) {
	for _, w := range v {
		all += float64(w) * float64(w)
	}
	return all
}

// index makes ready for placing.
func (m *Model) index() {
	m.known = nil
	m.find("")
	m.postings = make([][]posting, len(m.terms))
	m.base = make([]float64, len(m.topics))
	for g, t := range m.topics {
		m.base[g] = speak(m.postings, t.weight, t.mass, g, m.mass, m.total)
	}
}
