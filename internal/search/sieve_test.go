package search

import (
	"strings"
	"testing"
)

// What stands in a sieve comes through, in whichever form it stands in a text; of other words few do.
func TestSieve(t *testing.T) {
	var s sieve
	for _, w := range []string{"printer", "die", "käse"} {
		s.add(w)
	}
	for text, want := range map[string]int{"printer jam": 7, "dying|die slowly": 9, "käse": 5, "printing|print|printer": 22} {
		if n, may := s.next(text); n != want || !may {
			t.Errorf("%q: %d, %v; want %d let through", text, n, may, want)
		}
	}
	through := 0
	for w := range strings.FieldsSeq(idleWords) {
		if n, may := s.next(w + " more"); n != len(w) {
			t.Errorf("%q is %d long, want %d", w, n, len(w))
		} else if may {
			through++
		}
	}
	if through > 2 {
		t.Errorf("%d words came through that should not", through)
	}
	if n, may := s.next(""); n != 0 || may {
		t.Errorf("nothing is %d long, %v", n, may)
	}
}
