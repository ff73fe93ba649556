package cluster

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"text/tabwriter"

	"goodturn/internal/search"
)

// Topics found are nearer to those that people made than what plain k-means on TF-IDF finds with as many of them, on each set. Which of its
// seeds is best nobody knows who has no labels, so that the mean is what counts; the best is printed beside it.
func TestTopicsAreBetterThanPlainKMeans(t *testing.T) {
	const seeds = 5
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "set\ttexts\ttopics\tk-means mean\tk-means best\tgoodturn\tgained\t")
	for _, s := range sets(t) {
		k := s.kinds()
		vectors, terms := plainVectors(s.texts)
		mean, best := 0.0, 0.0
		for seed := range seeds {
			v := mutual(plainKMeans(vectors, terms, k, uint64(seed)), s.label)
			mean += v / seeds
			best = max(best, v)
		}
		m := Learn(s.texts, k)
		p := m.Placer()
		of := make([]int, len(s.texts))
		for i, text := range s.texts {
			of[i] = int(p.Place(text).Topic)
		}
		got := mutual(of, s.label)
		fmt.Fprintf(w, "%s\t%d\t%d\t%.3f\t%.3f\t%.3f\t%+.3f\t\n", s.name, len(s.texts), k, mean, best, got, got-mean)
		if got <= mean {
			t.Errorf("%s: %.3f, where plain k-means has %.3f", s.name, got, mean)
		}
		if len(m.Topics()) > k {
			t.Errorf("%s: %d topics, where %d were asked for", s.name, len(m.Topics()), k)
		}
	}
	_ = w.Flush()
}

// mutual is the normalised mutual information of what was found and what people said (by the mean of both entropies).
func mutual(found []int, said []string) float64 {
	type both struct {
		found int
		said  string
	}
	f, s, b := map[int]float64{}, map[string]float64{}, map[both]float64{}
	for i := range found {
		f[found[i]]++
		s[said[i]]++
		b[both{found[i], said[i]}]++
	}
	hf, hs, hb := entropy(f), entropy(s), entropy(b)
	if hf+hs == 0 {
		return 1
	}
	return 2 * (hf + hs - hb) / (hf + hs)
}

func entropy[K comparable](counts map[K]float64) float64 {
	n, h := 0.0, 0.0
	for _, c := range counts {
		n += c
	}
	for _, c := range counts {
		h -= c / n * math.Log(c/n)
	}
	return h
}

// plainVectors is TF-IDF as it is commonly made: words of two letters and more, log((1+n)/(1+df))+1, length one.
func plainVectors(texts []Text) ([]row, int) {
	id, df := map[string]int32{}, []float64{}
	rows := make([]row, len(texts))
	for i, t := range texts {
		for _, w := range search.Words(t.Words) {
			if len(w) < 2 {
				continue
			}
			k, ok := id[w]
			if !ok {
				k = int32(len(df))
				id[strings.Clone(w)] = k
				df = append(df, 0)
			}
			rows[i].term = append(rows[i].term, k)
		}
		rows[i].fold()
		for _, k := range rows[i].term {
			df[k]++
		}
	}
	for i := range rows {
		for j, k := range rows[i].term {
			rows[i].weight[j] *= float32(math.Log((1+float64(len(texts)))/(1+df[k])) + 1)
		}
		rows[i].unit()
	}
	return rows, len(df)
}

// plainKMeans is Lloyd's algorithm from starts by k-means++, until nothing changes or 300 rounds are over, as common libraries do it.
func plainKMeans(rows []row, terms, k int, seed uint64) []int {
	r := rand.New(rand.NewPCG(seed, 1))
	middles, length := matrix(min(k, len(rows)), terms), make([]float64, k)
	far := make([]float32, len(rows))
	for i := range far {
		far[i] = 1
	}
	for c := range middles {
		p := draw(far, r)
		for j, t := range rows[p].term {
			middles[c][t] = rows[p].weight[j]
		}
		length[c] = squares(middles[c])
		for i := range rows {
			d := float32(length[c]) + squaredLength(rows[i]) - 2*sparse(rows[i], middles[c])
			if c == 0 || d < far[i] {
				far[i] = max(0, d)
			}
		}
	}
	of := make([]int, len(rows))
	for round := range 300 {
		changed := 0
		for i := range rows {
			best, least := 0, math.Inf(1)
			for c := range middles {
				if d := length[c] - 2*float64(sparse(rows[i], middles[c])); d < least {
					best, least = c, d
				}
			}
			if best != of[i] || round == 0 {
				changed++
			}
			of[i] = best
		}
		if changed == 0 {
			break
		}
		count := make([]float32, k)
		for c := range middles {
			clear(middles[c])
		}
		for i := range rows {
			count[of[i]]++
			for j, t := range rows[i].term {
				middles[of[i]][t] += rows[i].weight[j]
			}
		}
		for c := range middles {
			if count[c] == 0 { // starts again from any text
				p := r.IntN(len(rows))
				for j, t := range rows[p].term {
					middles[c][t] = rows[p].weight[j]
				}
				count[c] = 1
			}
			for t := range middles[c] {
				middles[c][t] /= count[c]
			}
			length[c] = squares(middles[c])
		}
	}
	return of
}

func squaredLength(r row) float32 { return float32(squares(r.weight)) }

func sparse(r row, v []float32) float32 {
	s := float32(0)
	for j, t := range r.term {
		s += r.weight[j] * v[t]
	}
	return s
}
