package cluster

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// desk makes texts of so many matters, each said in so many ways.
func desk(matters, times, from int) []Text {
	var out []Text
	for m := range matters {
		for i := range times {
			words := fmt.Sprintf("hello the thing%c frobs%c and wibble%c please", 'a'+m, 'a'+m, 'a'+m)
			if i%2 == 1 {
				words = fmt.Sprintf("wibble%c of my thing%c does not frobs%c", 'a'+m, 'a'+m, 'a'+m)
			}
			out = append(out, Text{ID: int64(from + len(out)), From: int64(i%9 + 1), Words: words})
		}
	}
	return out
}

func labels(m *Model) (out []string) {
	for _, t := range m.Topics() {
		out = append(out, fmt.Sprint(t.ID, " ", t.Label))
	}
	return out
}

func TestLearnIsAlwaysTheSame(t *testing.T) {
	a, b := Learn(desk(6, 40, 1), 6), Learn(desk(6, 40, 1), 6)
	if !reflect.DeepEqual(labels(a), labels(b)) {
		t.Errorf("%v, then %v", labels(a), labels(b))
	}
	if len(a.Topics()) != 6 {
		t.Errorf("%v: want six", labels(a))
	}
	for _, topic := range a.Topics() {
		if topic.Texts != 40 || topic.Label == "" {
			t.Errorf("%q has %d texts, want 40", topic.Label, topic.Texts)
		}
	}
}

func TestNothingAndStrangeTexts(t *testing.T) {
	for name, texts := range map[string][]Text{
		"none":    nil,
		"one":     {{ID: 1, Words: "printer"}},
		"empty":   {{ID: 1}, {ID: 2}, {ID: 3}},
		"same":    {{ID: 1, Words: "a a a"}, {ID: 2, Words: "a a a"}, {ID: 3, Words: "a a a"}},
		"signs":   {{ID: 1, Words: "!!! \x00\xff"}, {ID: 2, Words: strings.Repeat("☃", 5000)}, {ID: 3, Words: "????"}},
		"numbers": {{ID: 1, Words: "12 34"}, {ID: 2, Words: "12 34"}, {ID: 3, Words: "12 34"}},
		"long":    {{ID: 1, Words: strings.Repeat("printer ", 1e5)}, {ID: 2, Words: strings.Repeat("x", 1e6)}},
	} {
		t.Run(name, func(t *testing.T) {
			m := Learn(texts, 0)
			m.Grow(texts, 1)
			for _, x := range texts {
				m.Placer().Place(x)
			}
			if p := m.Placer().Place(Text{}); p.Fits() {
				t.Error("nothing fits a topic")
			}
		})
	}
}

func TestPackKeepsEverything(t *testing.T) {
	m := Learn(desk(5, 30, 1), 5)
	packed, err := m.Pack()
	if err != nil {
		t.Fatal(err)
	}
	n, err := Unpack(packed)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(labels(m), labels(n)) || m.Texts() != n.Texts() {
		t.Errorf("%v, then %v", labels(m), labels(n))
	}
	a, b := m.Placer(), n.Placer()
	for _, x := range desk(5, 3, 1) {
		if p, q := a.Place(x), b.Place(x); p != q {
			t.Errorf("%q: %v, then %v", x.Words, p, q)
		}
	}
	for i := 0; i < len(packed); i += 7 {
		broken := append([]byte{}, packed...)
		broken[i] ^= 0x5a
		_, _ = Unpack(broken) // may not panic
	}
	if _, err := Unpack(packed[:len(packed)/2]); err == nil {
		t.Error("half of it is read without an error")
	}
}

// What is new becomes a topic of its own; what was there keeps its id and its label, and the texts that were in it.
func TestGrowLeavesTheRest(t *testing.T) {
	m := Learn(desk(6, 40, 1), 6)
	was := labels(m)
	var lost []Text
	p := m.Placer()
	for i := range 12 {
		x := Text{ID: int64(900 + i), From: int64(i%4 + 1), Words: fmt.Sprintf("zotero footnotes %s citations", []string{"lose", "vanish", "break"}[i%3])}
		if p.Place(x).Fits() {
			t.Fatalf("%q fits a topic before there is one", x.Words)
		}
		lost = append(lost, x)
	}
	grown := m.Grow(lost, 5)
	if len(grown) == 0 || !strings.Contains(grown[0].Label, "zotero") {
		t.Fatalf("grown: %v", grown)
	}
	if now := labels(m); !reflect.DeepEqual(now[:len(was)], was) {
		t.Errorf("%v became %v", was, now)
	}
	p = m.Placer()
	if at := p.Place(Text{Words: "citations in zotero footnotes"}); !at.Fits() || at.Topic != grown[0].ID {
		t.Errorf("placed %+v, want topic %d", at, grown[0].ID)
	}
}

// Learned anew of twice as many, the topics that are still there keep who they are.
func TestInherit(t *testing.T) {
	old := Learn(desk(6, 40, 1), 6)
	texts := desk(9, 80, 1)
	m := Learn(texts, 9)
	m.Inherit(old, texts)
	kept := map[string]bool{}
	seen := map[int64]bool{}
	for _, topic := range m.Topics() {
		if seen[topic.ID] {
			t.Errorf("two topics have the id %d", topic.ID)
		}
		seen[topic.ID] = true
		kept[fmt.Sprint(topic.ID, " ", topic.Label)] = true
	}
	for _, l := range labels(old) {
		if !kept[l] {
			t.Errorf("%q is gone: %v", l, labels(m))
		}
	}
}

// A word that one or two people use is in no label: it may be a name.
func TestLabelsNameNobody(t *testing.T) {
	texts := desk(4, 40, 1)
	for i := range texts {
		if texts[i].From == 1 || texts[i].From == 2 {
			texts[i].Words += " greetings annabella"
		}
	}
	m := Learn(texts, 4)
	for _, topic := range m.Topics() {
		if strings.Contains(topic.Label, "annabella") {
			t.Errorf("a label names somebody: %s", topic.Label)
		}
	}
}
