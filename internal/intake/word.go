package intake

import (
	"embed"
	"fmt"
	"slices"
	"strings"

	"goodturn/internal/search"
)

//go:embed word/*.txt
var wordFiles embed.FS

// kind is what a word does for a request; a word may do several things.
type kind uint16

const (
	small    kind = 1 << iota // says nothing
	unclear                   // something is wrong, or help is wanted, but not what
	nothing                   // no request at all
	generic                   // a thing of which there are many
	activity                  // what people do with a thing
	symptom                   // what is wrong
	negation                  // that something is not so; it does not say how
	wish                      // what is wanted
	shown                     // a picture or file says what is wrong
	named                     // a thing
)

var kinds = map[string]kind{"small": small, "unclear": unclear, "nothing": nothing, "generic": generic, "activity": activity, "symptom": symptom, "negation": negation, "wish": wish, "shown": shown, "thing": named}

// meaning is what a word list says of a word or phrase.
type meaning struct {
	kind  kind
	topic string // of a thing: what it belongs to
}

// phrase is some words that mean something together.
type phrase struct {
	words []string
	meaning
}

// pattern is a part of a word: its start, its end, or any part.
type pattern struct {
	part       string
	start, end bool // where the word must not go on
	meaning
}

// words are the lists of one language.
type words struct {
	language string
	whole    map[string]meaning
	phrases  map[string][]phrase // by their first word, longest first
	patterns []pattern
	slips    map[string][]string // words with one letter left out, and the words that they are of
}

// lists are the languages that are known, by their codes: a language is a file.
var lists = mustLoad()

// Languages are the codes of the languages whose requests can be judged.
func Languages() []string {
	var out []string
	for code := range lists {
		out = append(out, code)
	}
	slices.Sort(out)
	return out
}

func mustLoad() map[string]*words {
	files, err := wordFiles.ReadDir("word")
	if err != nil {
		panic(err)
	}
	all := make(map[string]*words, len(files))
	for _, f := range files {
		text, err := wordFiles.ReadFile("word/" + f.Name())
		if err != nil {
			panic(err)
		}
		code := strings.TrimSuffix(f.Name(), ".txt")
		if all[code], err = readWords(code, string(text)); err != nil {
			panic(err)
		}
	}
	return all
}

// readWords reads the lists of a language. An error names the line.
func readWords(code, text string) (*words, error) {
	w := &words{language: code, whole: map[string]meaning{}, phrases: map[string][]phrase{}}
	var section meaning
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		if head, ok := strings.CutPrefix(line, "["); ok {
			name, topic, _ := strings.Cut(strings.TrimSuffix(head, "]"), " ")
			if section = (meaning{kinds[name], topic}); section.kind == 0 {
				return nil, fmt.Errorf("%s.txt, line %d: there is no section %q", code, i+1, name)
			}
			continue
		}
		if section.kind == 0 {
			return nil, fmt.Errorf("%s.txt, line %d: words before the first section", code, i+1)
		}
		for _, entry := range strings.Split(line, ",") {
			if entry = strings.TrimSpace(entry); entry != "" {
				w.add(entry, section)
			}
		}
	}
	for first := range w.phrases {
		slices.SortStableFunc(w.phrases[first], func(a, b phrase) int { return len(b.words) - len(a.words) })
	}
	w.learnSlips()
	return w, nil
}

func (w *words) add(entry string, m meaning) {
	if strings.Contains(entry, "*") {
		p := pattern{part: search.Fold(strings.Trim(entry, "*")), start: !strings.HasPrefix(entry, "*"), end: !strings.HasSuffix(entry, "*"), meaning: m}
		w.patterns = append(w.patterns, p)
		return
	}
	tokens := cut(search.Fold(entry))
	if len(tokens) == 0 {
		return
	}
	if len(tokens) == 1 {
		old := w.whole[tokens[0]]
		w.whole[tokens[0]] = meaning{old.kind | m.kind, firstOf(m.topic, old.topic)}
		return
	}
	for i, old := range w.phrases[tokens[0]] {
		if slices.Equal(old.words, tokens) {
			w.phrases[tokens[0]][i].kind |= m.kind
			w.phrases[tokens[0]][i].topic = firstOf(m.topic, old.topic)
			return
		}
	}
	w.phrases[tokens[0]] = append(w.phrases[tokens[0]], phrase{tokens, m})
}

// find says what the words at the start of tokens mean, and how many of them mean it together; 0 for unknown ones.
func (w *words) find(tokens []string) (meaning, int) {
	for _, p := range w.phrases[tokens[0]] {
		if len(p.words) <= len(tokens) && slices.Equal(p.words, tokens[:len(p.words)]) {
			return p.meaning, len(p.words)
		}
	}
	if m, ok := w.whole[tokens[0]]; ok {
		return m, 1
	}
	for _, p := range w.patterns {
		if p.fits(tokens[0]) {
			return p.meaning, 1
		}
	}
	return meaning{}, 0
}

func (p pattern) fits(word string) bool {
	switch {
	case p.start:
		return strings.HasPrefix(word, p.part)
	case p.end:
		return strings.HasSuffix(word, p.part)
	}
	return strings.Contains(word, p.part)
}
