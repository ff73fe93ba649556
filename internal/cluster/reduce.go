package cluster

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Into how many numbers a text is made, and how many more are tried on the way there.
const (
	dimensions = 128
	spare      = 16
	powers     = 4 // how often the tried ones are turned towards the great ones
)

// reduce makes few numbers of each row, so that texts that speak of the same with other words come near each other: the first right singular
// vectors of all rows, found from random ones (Halko, Martinsson and Tropp, 2011, algorithm 4.4), weighted by their singular values.
// What has no words stays nothing; all else has length one.
func reduce(rows []row, terms int) [][]float32 {
	width := min(dimensions+spare, terms, max(1, len(rows)))
	r := rand.New(rand.NewPCG(seed, 7))
	basis := matrix(terms, width)
	for _, b := range basis {
		for j := range b {
			b[j] = float32(r.NormFloat64())
		}
	}
	image := matrix(len(rows), width)
	for range powers {
		project(rows, basis, image)
		lift(rows, image, basis)
		orthogonal(basis)
	}
	project(rows, basis, image)
	turn := principal(gram(image))
	keep := min(dimensions, width)
	line := make([]float32, width)
	for i, v := range image {
		copy(line, v)
		for q := range keep {
			s := 0.0
			for j, w := range line {
				s += float64(w) * turn[q][j]
			}
			v[q] = float32(s)
		}
		image[i] = v[:keep]
		unit(image[i])
	}
	return image
}

// matrix is one block of memory, cut into lines.
func matrix(lines, width int) [][]float32 {
	all := make([]float32, lines*width)
	m := make([][]float32, lines)
	for i := range m {
		m[i] = all[i*width : (i+1)*width : (i+1)*width]
	}
	return m
}

// project computes image = rows · basis.
func project(rows []row, basis, image [][]float32) {
	shared(len(rows), func(from, to int) {
		for i := from; i < to; i++ {
			clear(image[i])
			for j, t := range rows[i].term {
				add(image[i], basis[t], rows[i].weight[j])
			}
		}
	})
}

// lift computes basis = rowsᵀ · image.
func lift(rows []row, image, basis [][]float32) {
	for _, b := range basis {
		clear(b)
	}
	for i, r := range rows {
		for j, t := range r.term {
			add(basis[t], image[i], r.weight[j])
		}
	}
}

// add adds w times b to a.
func add(a, b []float32, w float32) {
	b = b[:len(a)]
	for i := range a {
		a[i] += w * b[i]
	}
}

// gram computes mᵀ · m.
func gram(m [][]float32) [][]float64 {
	n := len(m[0])
	g := make([][]float64, n)
	for i := range g {
		g[i] = make([]float64, n)
	}
	for _, v := range m {
		for i, x := range v {
			if x == 0 {
				continue
			}
			for j, y := range v[:i+1] {
				g[i][j] += float64(x) * float64(y)
			}
		}
	}
	for i := range g {
		for j := range i {
			g[j][i] = g[i][j]
		}
	}
	return g
}

// orthogonal makes the columns of m orthogonal and of length one, by the inverse Cholesky factor of what they have in common; twice, for what
// rounding leaves. A column that the others hold becomes nothing.
func orthogonal(m [][]float32) {
	if len(m) == 0 {
		return
	}
	n := len(m[0])
	line := make([]float64, n)
	for range 2 {
		g := gram(m)
		for j := range n { // the factor, in place of the lower half
			d := g[j][j]
			least := d * 1e-10
			for k := range j {
				d -= g[j][k] * g[j][k]
			}
			if d <= least || d <= 0 {
				for i := j; i < n; i++ {
					g[i][j] = 0
				}
				continue
			}
			d = math.Sqrt(d)
			g[j][j] = d
			for i := j + 1; i < n; i++ {
				s := g[i][j]
				for k := range j {
					s -= g[i][k] * g[j][k]
				}
				g[i][j] = s / d
			}
		}
		for _, v := range m {
			for j := range n {
				line[j] = 0
				if g[j][j] == 0 {
					v[j] = 0
					continue
				}
				s := float64(v[j])
				for k := range j {
					s -= line[k] * g[j][k]
				}
				line[j] = s / g[j][j]
				v[j] = float32(line[j])
			}
		}
	}
}

// principal gives the eigenvectors of a symmetric matrix, those of the greatest values first, by Jacobi's rotations.
func principal(a [][]float64) [][]float64 {
	n := len(a)
	v := make([][]float64, n) // its lines are the vectors
	for i := range v {
		v[i] = make([]float64, n)
		v[i][i] = 1
	}
	for range 30 {
		off, all := 0.0, 0.0
		for i := range a {
			all += a[i][i] * a[i][i]
			for j := range i {
				off += a[i][j] * a[i][j]
			}
		}
		if off <= 1e-18*all {
			break
		}
		for p := range n {
			for q := p + 1; q < n; q++ {
				if a[p][q] != 0 {
					rotate(a, v, p, q)
				}
			}
		}
	}
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(x, y int) int {
		switch {
		case a[x][x] > a[y][y]:
			return -1
		case a[x][x] < a[y][y]:
			return 1
		}
		return 0
	})
	out := make([][]float64, n)
	for i, o := range order {
		out[i] = v[o]
	}
	return out
}

func rotate(a, v [][]float64, p, q int) {
	theta := (a[q][q] - a[p][p]) / (2 * a[p][q])
	t := 1 / (math.Abs(theta) + math.Sqrt(theta*theta+1))
	if theta < 0 {
		t = -t
	}
	c := 1 / math.Sqrt(t*t+1)
	s := t * c
	for i := range a {
		x, y := a[i][p], a[i][q]
		a[i][p], a[i][q] = c*x-s*y, s*x+c*y
	}
	for i := range a {
		x, y := a[p][i], a[q][i]
		a[p][i], a[q][i] = c*x-s*y, s*x+c*y
		x, y = v[p][i], v[q][i]
		v[p][i], v[q][i] = c*x-s*y, s*x+c*y
	}
}
