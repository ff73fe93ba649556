package search

// Weights and how to find by others than Best does, for what measures them.
type Weights = weights

var (
	Ranking = ranking
	BestBy  = bestBy
)

// Steps are weights with one part of the ranking more each.
func Steps() []struct {
	Name string
	By   Weights
} {
	w := weights{k: ranking.k, length: ranking.length, heading: 3}
	type step = struct {
		Name string
		By   Weights
	}
	out := []step{{"two fields, the heading threefold", w}}
	add := func(name string, change func(*weights)) {
		change(&w)
		out = append(out, step{name, w})
	}
	add("… and other forms of the words", func(w *weights) { w.forms = true })
	add("… and without idle words", func(w *weights) { w.quiet = true })
	add("… and the heading fourfold", func(w *weights) { w.heading = ranking.heading })
	add("… and words side by side", func(w *weights) { w.pairs = ranking.pairs })
	add("… and letters of the heading", func(w *weights) { w.grams = ranking.grams })
	add("… and slips", func(w *weights) { w.slips = true })
	add("… and synonyms that come with the program", func(w *weights) { w.synonyms = ranking.synonyms })
	return out
}
