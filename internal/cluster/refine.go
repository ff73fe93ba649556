package cluster

import "math"

// How much of all texts is thought of as spoken in each topic beforehand, in weights of words: so that a word which a topic has never said is
// no proof against it, and one that it said once no proof for it.
const prior = 1000

const refinings = 20

// refine puts each row to the group whose words tell it best, over and over, until hardly any changes: a mixture of multinomials with the
// words of all as their prior, where each text counts whole (classification EM; Celeux and Govaert, 1992).
func refine(rows []row, mass []float64, of []int) []int {
	k := 0
	for _, g := range of {
		k = max(k, g+1)
	}
	total := 0.0
	for _, w := range mass {
		total += w
	}
	for range refinings {
		by := make([][]int, k)
		for i, g := range of {
			by[g] = append(by[g], i)
		}
		postings := make([][]posting, len(mass))
		base := make([]float64, k)
		for g, members := range by {
			weight, all := sum(rows, members)
			base[g] = speak(postings, weight, all, g, mass, total)
		}
		next := make([]int, len(rows))
		shared(len(rows), func(from, to int) {
			score := make([]float64, k)
			for i := from; i < to; i++ {
				next[i], _ = best(rows[i], postings, base, score, of[i])
			}
		})
		changed := 0
		for i := range of {
			if next[i] != of[i] {
				changed++
			}
		}
		of = next
		if changed*500 < len(rows) {
			break
		}
	}
	return of
}

// posting is what a topic says of a term: how much more likely it is there than anywhere, as a logarithm.
type posting struct {
	topic int32
	score float32
}

// speak writes what a topic says of its terms into the postings, and gives what a unit of anything costs there.
func speak(postings [][]posting, weight []entry, all float64, topic int, mass []float64, total float64) float64 {
	for _, e := range weight {
		if mass[e.term] > 0 {
			s := math.Log1p(float64(e.weight) * total / (prior * mass[e.term]))
			postings[e.term] = append(postings[e.term], posting{topic: int32(topic), score: float32(s)})
		}
	}
	return -math.Log1p(all / prior)
}

// best finds the topic that tells a row best, and how much better than all texts together do. Where several do it equally, is stays.
func best(r row, postings [][]posting, base, score []float64, is int) (int, float64) {
	all := 0.0
	for _, w := range r.weight {
		all += float64(w)
	}
	for g := range score {
		score[g] = base[g] * all
	}
	for j, t := range r.term {
		w := float64(r.weight[j])
		for _, p := range postings[t] {
			score[p.topic] += w * float64(p.score)
		}
	}
	at := is
	for g, s := range score {
		if at < 0 || s > score[at] {
			at = g
		}
	}
	if at < 0 {
		return at, math.Inf(-1)
	}
	return at, score[at]
}
