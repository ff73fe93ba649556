package line

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// forest finds which waits are like another: a quantile regression forest (Meinshausen, 2006) of extremely randomised trees (Geurts, Ernst
// and Wehenkel, 2006). Each tree parts the waits that are over by questions about their traits, such as "do more than four come before it?",
// of which it takes those that part short waits from long ones best. Waits that end up in the same leaves are alike; what is told of a new
// one is read off how long those lasted.
type forest struct {
	trees  []tree
	worked []float64 // by sample, in ascending order of length
	fade   []float64
}

// tree is its nodes; the first is the root.
type tree []node

type node struct {
	trait      int // which one is asked about; -1 for a leaf
	at         float64
	less, more int32
	members    []int32 // of a leaf: its samples
}

// Sizes of the forest. On a simulated half-year leaves of 15 and of 30 were as good.
const (
	trees = 60
	leaf  = 20 // samples, at least
)

// vector is what the trees ask about.
func (t Traits) vector() [11]float64 {
	yes := func(b bool) float64 {
		if b {
			return 1
		}
		return 0
	}
	return [...]float64{
		math.Log1p(float64(t.Ahead)), yes(t.Held), float64(t.Rank), float64(t.Minute), float64(t.Day), math.Log1p(float64(t.Opens) / 60e3), logAge(t.Age),
		float64(t.Pace), float64(t.Here), math.Log1p(float64(t.Mine)), yes(t.Again),
	}
}

// grow makes a forest of waits that are over. The same waits make the same forest.
func grow(samples []Sample, fade func(Sample) float64) *forest {
	all := slices.Clone(samples)
	slices.SortStableFunc(all, func(a, b Sample) int { return cmp.Compare(a.Worked, b.Worked) })
	g := &grower{r: rand.New(rand.NewPCG(uint64(len(all)), 1)), x: make([][11]float64, len(all)), y: make([]float64, len(all))}
	f := &forest{worked: make([]float64, len(all)), fade: make([]float64, len(all))}
	for i, s := range all {
		g.x[i], g.y[i] = s.vector(), logAge(s.Worked)
		f.worked[i], f.fade[i] = float64(s.Worked), fade(s)
	}
	g.fade = f.fade
	for range trees {
		ids := make([]int32, len(all))
		for i := range ids {
			ids[i] = int32(i)
		}
		g.tree = nil
		g.part(ids)
		f.trees = append(f.trees, g.tree)
	}
	return f
}

type grower struct {
	r    *rand.Rand
	x    [][11]float64
	y    []float64
	fade []float64
	tree tree
}

// part makes a node of samples, and all below it.
func (g *grower) part(ids []int32) int32 {
	n := int32(len(g.tree))
	g.tree = append(g.tree, node{trait: -1, members: ids})
	trait, at, ok := g.question(ids)
	if !ok {
		return n
	}
	i := 0
	for j, id := range ids {
		if g.x[id][trait] < at {
			ids[i], ids[j] = ids[j], ids[i]
			i++
		}
	}
	less, more := g.part(ids[:i:i]), g.part(ids[i:])
	g.tree[n] = node{trait: trait, at: at, less: less, more: more}
	return n
}

// question finds what parts samples best of one random question a trait: the one after which lengths differ least within both parts.
func (g *grower) question(ids []int32) (trait int, at float64, ok bool) {
	if len(ids) < 2*leaf {
		return 0, 0, false
	}
	best := 0.0
	for k := range g.x[0] {
		low, high := math.Inf(1), math.Inf(-1)
		for _, id := range ids {
			low, high = min(low, g.x[id][k]), max(high, g.x[id][k])
		}
		if low == high {
			continue
		}
		cut := low + (high-low)*(1-g.r.Float64()) // above low, so that no part is empty
		var n, w, sum [2]float64
		for _, id := range ids {
			side := 0
			if g.x[id][k] >= cut {
				side = 1
			}
			n[side], w[side], sum[side] = n[side]+1, w[side]+g.fade[id], sum[side]+g.fade[id]*g.y[id]
		}
		if n[0] < leaf || n[1] < leaf {
			continue
		}
		d := sum[0]/w[0] - sum[1]/w[1]
		if gain := d * d * w[0] * w[1] / (w[0] + w[1]); gain > best {
			best, trait, at, ok = gain, k, cut, true
		}
	}
	return trait, at, ok
}

// quantiles are below which the given parts lie of the waits that are like one with such traits. alike is to how many waits they amount.
func (f *forest) quantiles(t Traits, levels [4]float64) (q [4]float64, alike float64) {
	x, weights := t.vector(), make([]float64, len(f.worked))
	for _, tr := range f.trees {
		n := tr[0]
		for n.trait >= 0 {
			if x[n.trait] < n.at {
				n = tr[n.less]
			} else {
				n = tr[n.more]
			}
		}
		sum := 0.0
		for _, id := range n.members {
			sum += f.fade[id]
		}
		for _, id := range n.members {
			weights[id] += f.fade[id] / sum
		}
	}
	sum, squares := 0.0, 0.0
	for _, w := range weights {
		sum, squares = sum+w, squares+w*w
	}
	k, below := 0, 0.0
	for i, w := range weights {
		for below += w; k < len(levels) && below >= levels[k]*sum*(1-1e-12); k++ {
			q[k] = f.worked[i]
		}
	}
	for ; k < len(levels); k++ {
		q[k] = f.worked[len(f.worked)-1]
	}
	return q, sum * sum / squares
}
