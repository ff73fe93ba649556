package spam

import (
	_ "embed" // the table
	"strconv"
	"strings"
	"sync"
)

// priorText has a line a word: the word, how many spam mails held it, how many wanted ones. See NOTICE for where the
// mails come from.
//
//go:embed prior.tsv
var priorText string

// Prior is the table that the package comes with. It must not be changed.
var Prior = sync.OnceValue(func() Table {
	t := Table{}
	for line := range strings.Lines(priorText) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) != 3 {
			continue
		}
		spam, _ := strconv.Atoi(f[1])
		ham, _ := strconv.Atoi(f[2])
		t[f[0]] = Count{spam, ham}
	}
	return t
})
