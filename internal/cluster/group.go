package cluster

import (
	"math"
	"math/rand/v2"
	"runtime"
	"sync"
)

// What grouping may cost: comparisons of a text with a group, in all. Few texts are grouped several times over, which evens out chance.
const (
	mostRuns    = 8
	comparisons = 4_000_000
	rounds      = 40
	tries       = 2 // of each start that is drawn, the best of so many
)

// groups gives by row which of k groups it is in.
func groups(rows []row, terms, k int) []int {
	if terms == 0 || len(rows) == 0 {
		return make([]int, len(rows))
	}
	points := reduce(rows, terms)
	runs := max(1, min(mostRuns, comparisons/max(1, len(rows)*k)))
	if runs == 1 {
		of, _ := spherical(points, k, seed)
		return of
	}
	// Which groups a text is in, run by run, says more of it than one run does.
	said, groups := make([]row, len(rows)), 0
	for run := range runs {
		of, _ := spherical(points, k, seed+uint64(run))
		for i, g := range of {
			said[i].term = append(said[i].term, int32(groups+g))
			said[i].weight = append(said[i].weight, 1)
		}
		groups += k
	}
	for i := range said {
		said[i].unit()
	}
	points = reduce(said, groups)
	var best []int
	most := math.Inf(-1)
	for run := range 3 {
		if of, near := spherical(points, k, seed+uint64(run)); near > most {
			best, most = of, near
		}
	}
	return best
}

// spherical is k-means by the angle between vectors (Dhillon and Modha, 2001), from starts that are drawn far from one another (Arthur and
// Vassilvitskii, 2007). It gives the groups, and how near all are to the middle of theirs.
func spherical(points [][]float32, k int, seed uint64) ([]int, float64) {
	middles := starts(points, min(k, len(points)), rand.New(rand.NewPCG(seed, 3)))
	of, near := make([]int, len(points)), make([]float32, len(points))
	for round := range rounds {
		changed := nearest(points, middles, of, near)
		if round > 0 && changed*1000 < len(points) {
			break
		}
		settle(points, middles, of, near)
	}
	all := 0.0
	for _, s := range near {
		all += float64(s)
	}
	return of, all
}

// starts draws k points, each likely far from those before.
func starts(points [][]float32, k int, r *rand.Rand) [][]float32 {
	middles := matrix(k, len(points[0]))
	far := make([]float32, len(points))
	for i := range far {
		far[i] = 2
	}
	then, best := make([]float32, len(points)), make([]float32, len(points))
	for c := range middles {
		least, chosen := math.Inf(1), 0
		for range tries {
			p := draw(far, r)
			shared(len(points), func(from, to int) {
				for i := from; i < to; i++ {
					then[i] = min(far[i], max(0, 1-dot(points[i], points[p])))
				}
			})
			if s := total(then); s < least {
				least, chosen = s, p
				then, best = best, then
			}
		}
		copy(middles[c], points[chosen])
		far, best = best, far
	}
	return middles
}

func total(v []float32) float64 {
	s := 0.0
	for _, w := range v {
		s += float64(w)
	}
	return s
}

// draw gives an index, each as likely as its weight.
func draw(weight []float32, r *rand.Rand) int {
	left := r.Float64() * total(weight)
	for i, w := range weight {
		if left -= float64(w); left < 0 {
			return i
		}
	}
	return r.IntN(len(weight))
}

// nearest puts each point to its nearest middle, and counts those that changed.
func nearest(points, middles [][]float32, of []int, near []float32) int {
	var mu sync.Mutex
	changed := 0
	shared(len(points), func(from, to int) {
		n := 0
		for i := from; i < to; i++ {
			best, most := 0, float32(-2)
			for c, m := range middles {
				if s := dot(points[i], m); s > most {
					best, most = c, s
				}
			}
			if of[i] != best {
				n++
			}
			of[i], near[i] = best, most
		}
		mu.Lock()
		changed += n
		mu.Unlock()
	})
	return changed
}

// settle moves the middles into the middle of their points. One that has none takes the point that is farthest from its own.
func settle(points, middles [][]float32, of []int, near []float32) {
	count := make([]int, len(middles))
	for _, m := range middles {
		clear(m)
	}
	for i, p := range points {
		count[of[i]]++
		add(middles[of[i]], p, 1)
	}
	for c, m := range middles {
		if count[c] == 0 {
			far := 0
			for i := range near {
				if near[i] < near[far] {
					far = i
				}
			}
			near[far] = 2
			copy(m, points[far])
		}
		unit(m)
	}
}

// dot is the scalar product of two vectors of the same length, four at a time.
func dot(a, b []float32) float32 {
	var s0, s1, s2, s3 float32
	b = b[:len(a)]
	i := 0
	for ; i+3 < len(a); i += 4 {
		s0 += a[i] * b[i]
		s1 += a[i+1] * b[i+1]
		s2 += a[i+2] * b[i+2]
		s3 += a[i+3] * b[i+3]
	}
	for ; i < len(a); i++ {
		s0 += a[i] * b[i]
	}
	return s0 + s1 + s2 + s3
}

// shared does a piece of work with two hands, and no more: others work on the machine too.
func shared(n int, fn func(from, to int)) {
	if n < 512 || runtime.GOMAXPROCS(0) < 2 {
		fn(0, n)
		return
	}
	var wg sync.WaitGroup
	wg.Go(func() { fn(0, n/2) })
	fn(n/2, n)
	wg.Wait()
}
