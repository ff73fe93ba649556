package care

import (
	"embed"
	"strings"
	"sync"
	"unicode"
)

// Found is what a text holds that is hard to read.
type Found struct {
	Strong bool
	// Threat is the sentence that threatens somebody, in its own words, cut; "" for none.
	Threat string
}

// Any tells that there is something.
func (f Found) Any() bool { return f.Strong || f.Threat != "" }

//go:embed words/*.txt
var files embed.FS

// list is the words of all languages together: people mix them.
type list struct {
	words   map[string]bool // whole
	begins  []string        // any ending
	phrases map[string][][]string
	masked  map[int][]string // by length: looked for with letters hidden or apart
}

// endings are what "+" stands for.
var endings = []string{"s", "es", "ed", "er", "ers", "in", "ing", "y", "e", "n", "en"}

var known = sync.OnceValue(func() list {
	l := list{words: map[string]bool{}, phrases: map[string][][]string{}, masked: map[int][]string{}}
	names, err := files.ReadDir("words")
	if err != nil {
		panic(err)
	}
	for _, n := range names {
		raw, err := files.ReadFile("words/" + n.Name())
		if err != nil {
			panic(err)
		}
		for line := range strings.Lines(string(raw)) {
			l.add(strings.TrimSpace(line))
		}
	}
	return l
})

func (l *list) add(line string) {
	if line == "" || line[0] == '#' || line[0] == '-' {
		return
	}
	word := strings.TrimRight(line, "+*!")
	marks := line[len(word):]
	if parts := strings.Fields(word); len(parts) > 1 {
		l.phrases[parts[0]] = append(l.phrases[parts[0]], parts[1:])
		return
	}
	l.words[word] = true
	if strings.Contains(marks, "+") {
		for _, e := range endings {
			l.words[word+e] = true
		}
	}
	if strings.Contains(marks, "*") {
		l.begins = append(l.begins, word)
	}
	if strings.Contains(marks, "!") {
		n := len([]rune(word))
		l.masked[n] = append(l.masked[n], word)
	}
}

// longestLook is how much of a text is looked at, in bytes.
const longestLook = 64 << 10

// Look finds what is hard to read in a text: whole words, so that names of places that hold one are left alone.
func Look(text string) Found {
	if len(text) > longestLook {
		text = strings.ToValidUTF8(text[:longestLook], "")
	}
	l := known()
	all := tokens(text)
	return Found{Strong: l.strong(all), Threat: threat(text)}
}

// tokens are the words as they were written, folded; signs that stand for letters are kept.
func tokens(text string) []string {
	return strings.FieldsFunc(strings.ReplaceAll(strings.ToLower(text), "’", "'"), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r) && !strings.ContainsRune("*@$'", r)
	})
}

func (l list) strong(all []string) bool {
	for i, t := range all {
		t = strings.Trim(t, "'@$")
		if l.word(strings.Trim(t, "*")) || l.word(squeeze(t)) || l.phrase(t, all[i+1:]) || l.hidden(t) {
			return true
		}
	}
	return l.apart(all)
}

func (l list) word(t string) bool {
	if len(t) < 3 {
		return false
	}
	if l.words[t] || l.words[strings.TrimSuffix(t, "'s")] {
		return true
	}
	for _, b := range l.begins {
		if strings.HasPrefix(t, b) {
			return true
		}
	}
	return false
}

func (l list) phrase(first string, rest []string) bool {
	for _, p := range l.phrases[first] {
		if len(rest) < len(p) {
			continue
		}
		same := true
		for i := range p {
			same = same && rest[i] == p[i]
		}
		if same {
			return true
		}
	}
	return false
}

// squeeze makes one letter of three and more: "fuuuuck".
func squeeze(t string) string {
	var out []rune
	run := 0
	for i, r := range []rune(t) {
		if i > 0 && len(out) > 0 && r == out[len(out)-1] {
			run++
		} else {
			run = 0
		}
		if run > 0 && strings.Contains(t, strings.Repeat(string(r), 3)) {
			continue
		}
		out = append(out, r)
	}
	return string(out)
}

// looks are signs that look like letters.
var looks = map[rune]rune{'@': 'a', '$': 's', '1': 'i', '0': 'o', '3': 'e', '4': 'a', '5': 's'}

// hidden finds a word some of whose letters are signs: f*ck, sh1t. The first letter must be there, and half of all.
func (l list) hidden(t string) bool {
	if !strings.ContainsAny(t, "*@$01345") || !strings.ContainsFunc(t, unicode.IsLetter) {
		return false
	}
	letters := []rune(t)
	clear := 0
	for _, r := range letters {
		if unicode.IsLetter(r) {
			clear++
		}
	}
	if !unicode.IsLetter(letters[0]) || clear < 2 || clear*2 < len(letters) {
		return false
	}
	for _, w := range l.masked[len(letters)] {
		same := true
		for i, r := range []rune(w) {
			got := letters[i]
			if as, ok := looks[got]; ok {
				got = as
			}
			same = same && (got == '*' || got == r)
		}
		if same {
			return true
		}
	}
	return false
}

// apart finds a word whose letters stand alone: "f u c k".
func (l list) apart(all []string) bool {
	var b strings.Builder
	found := func() bool {
		w := b.String()
		b.Reset()
		return len(w) >= 4 && l.words[w]
	}
	for _, t := range all {
		if len([]rune(t)) == 1 && unicode.IsLetter([]rune(t)[0]) {
			b.WriteString(t)
		} else if found() {
			return true
		}
	}
	return found()
}
