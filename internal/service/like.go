package service

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/search"
)

// Like gives those of the services on the first page that somebody may mean by what they typed: it holds all words of the name or of
// one of the words that people use for it, in any form. The last word may not be whole yet. Those of which more is named come first.
func Like(ctx context.Context, tx *db.Tx, typed string, limit int) ([]Service, error) {
	all, err := Shown(ctx, tx)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	said := heard(typed)
	named := map[int64]int{}
	for _, s := range all {
		for phrase := range strings.Lines(s.Name + "\n" + s.Words) {
			if n := said.names(phrase); n > named[s.ID] {
				named[s.ID] = n
			}
		}
	}
	all = slices.DeleteFunc(all, func(s Service) bool { return named[s.ID] == 0 })
	slices.SortStableFunc(all, func(x, y Service) int { return cmp.Compare(named[y.ID], named[x.ID]) })
	return all[:min(len(all), limit)], nil
}

// speech is what somebody typed, as it is compared.
type speech struct {
	stems map[string]bool
	last  string // the word that may go on
}

const maxHeard = 200 // words of what somebody typed

func heard(typed string) speech {
	words := search.Words(typed)
	words = words[max(0, len(words)-maxHeard):]
	s := speech{stems: map[string]bool{}}
	for _, w := range words {
		s.stems[w] = true
		for _, stem := range search.Stems(w) {
			s.stems[stem] = true
		}
		s.last = w
	}
	return s
}

// names tells how many words a phrase has when all of them were typed; else 0.
func (s speech) names(phrase string) int {
	words := search.Words(phrase)
	for _, w := range words {
		begun := len(s.last) >= 3 && strings.HasPrefix(w, s.last)
		if !begun && !s.stems[w] && !slices.ContainsFunc(search.Stems(w), func(stem string) bool { return s.stems[stem] }) {
			return 0
		}
	}
	return len(words)
}
