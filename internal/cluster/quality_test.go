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
	seeds := 2
	if os.Getenv("GOODTURN_SOAK") != "" {
		seeds = 5
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "set\ttexts\ttopics\tk-means mean\tk-means best\tgoodturn\tgained\t")
	for _, s := range sets(t) {
		k := s.kinds()
		vectors, terms := plainVectors(s.texts)
		mean, best := 0.0, 0.0
		for seed := range seeds {
			v := mutual(plainKMeans(vectors, terms, k, uint64(seed)), s.label)
			mean += v / float64(seeds)
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
// What the middles have of a term stands side by side, so that a text is compared with all of them in one walk over its terms.
func plainKMeans(rows []row, terms, k int, seed uint64) []int {
	r := rand.New(rand.NewPCG(seed, 1))
	k = min(k, len(rows))
	middles, length := matrix(terms, k), make([]float64, k)
	begin := func(c, text int) {
		for j, t := range rows[text].term {
			middles[t][c] = rows[text].weight[j]
		}
	}
	far := make([]float32, len(rows))
	for i := range far {
		far[i] = 1
	}
	for c := range k {
		p := draw(far, r)
		begin(c, p)
		length[c] = squares(rows[p].weight)
		for i := range rows {
			same := float32(0)
			for j, t := range rows[i].term {
				same += rows[i].weight[j] * middles[t][c]
			}
			d := float32(length[c]) + float32(squares(rows[i].weight)) - 2*same
			if c == 0 || d < far[i] {
				far[i] = max(0, d)
			}
		}
	}
	of, same := make([]int, len(rows)), make([]float32, k)
	for round := range 300 {
		changed := 0
		for i, row := range rows {
			clear(same)
			for j, t := range row.term {
				w := row.weight[j]
				for c, m := range middles[t] {
					same[c] += w * m
				}
			}
			best, least := 0, math.Inf(1)
			for c, s := range same {
				if d := length[c] - 2*float64(s); d < least {
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
		for t := range middles {
			clear(middles[t])
		}
		for i, row := range rows {
			count[of[i]]++
			for j, t := range row.term {
				middles[t][of[i]] += row.weight[j]
			}
		}
		for c := range k {
			if count[c] == 0 { // starts again from any text
				begin(c, r.IntN(len(rows)))
				count[c] = 1
			}
		}
		clear(length)
		for t := range middles {
			for c := range middles[t] {
				middles[t][c] /= count[c]
				length[c] += float64(middles[t][c]) * float64(middles[t][c])
			}
		}
	}
	return of
}
