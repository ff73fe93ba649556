package intake

// leastSlip is the shortest word that is taken for another one with a slip in it, in bytes.
const leastSlip = 5

// learnSlips notes the words of the lists with each of their letters left out, so that one that is spelled nearly so is found at once.
func (w *words) learnSlips() {
	w.slips = map[string][]string{}
	for word, m := range w.whole {
		if len(word) < leastSlip || m.kind == small {
			continue
		}
		for i := range len(word) {
			short := word[:i] + word[i+1:]
			w.slips[short] = append(w.slips[short], word)
		}
	}
}

// nearly finds the word that was meant with one slip: a letter too many, too few, wrong, or two in the wrong order. The first letter
// must be right; people get that one right.
func (w *words) nearly(token string) (meaning, int) {
	if len(token) < leastSlip || len(token) > 20 {
		return meaning{}, 0
	}
	best := ""
	try := func(word string) {
		if word[0] == token[0] && (best == "" || word < best) && slip(token, word) {
			best = word
		}
	}
	for _, word := range w.slips[token] { // one too few
		try(word)
	}
	for i := range len(token) {
		short := token[:i] + token[i+1:]
		if _, ok := w.whole[short]; ok && len(short) >= leastSlip { // one too many
			try(short)
		}
		for _, word := range w.slips[short] {
			try(word)
		}
	}
	if best == "" {
		return meaning{}, 0
	}
	return w.whole[best], 1
}

// slip tells whether a and b differ by one slip.
func slip(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	switch {
	case len(b) == len(a)+1:
		return a[i:] == b[i+1:]
	case len(a) != len(b) || i == len(a):
		return false
	case a[i+1:] == b[i+1:]:
		return true
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}
