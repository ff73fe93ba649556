package imap

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"goodturn/internal/transport/dial"
)

func TestPlan(t *testing.T) {
	o := Options{BatchMails: 3, BatchBytes: 100_000, MaxSize: 200_000}
	tests := []struct {
		sizes []int64
		want  string
	}{
		{nil, ""},
		{[]int64{1, 1, 1, 1}, "1 1 1|1"},
		{[]int64{60_000, 50_000, 40_000}, "60000|50000 40000"},
		{[]int64{10, 150_000, 10}, "10|150000|10"},
		{[]int64{500_000, 10_000, 500_000, 0}, "500000 10000|500000 0"},
	}
	for _, test := range tests {
		var items []item
		for i, size := range test.sizes {
			items = append(items, item{uid: uint32(i + 1), size: size})
		}
		var batches []string
		for _, batch := range plan(items, o) {
			var sizes []string
			for _, it := range batch {
				sizes = append(sizes, fmt.Sprint(it.size))
			}
			batches = append(batches, strings.Join(sizes, " "))
		}
		if got := strings.Join(batches, "|"); got != test.want {
			t.Errorf("%v: got %s, want %s", test.sizes, got, test.want)
		}
	}
}

// TestState holds the one promise everything rests on: the state never passes a mail that was not taken, and ends at the
// last one when all were.
func TestState(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := &reader{mem: newMemory(), state: State{UIDValidity: 1, LastUID: uint32(rapid.IntRange(0, 5).Draw(t, "last"))}}
		taken := map[uint32]bool{}
		first := r.state.LastUID + 1
		uid := first
		for range rapid.IntRange(1, 10).Draw(t, "batches") {
			var items []item
			for range rapid.IntRange(1, 4).Draw(t, "mails") {
				items = append(items, item{uid: uid})
				if rapid.Bool().Draw(t, "owed") {
					r.mem.owed[uid] = true
				} else {
					taken[uid] = true
				}
				uid += uint32(rapid.IntRange(1, 3).Draw(t, "gap"))
			}
			for owed := range r.mem.owed {
				if rapid.Bool().Draw(t, "settled") {
					r.mem.settle(owed)
					taken[owed] = true
					items = append(items, item{uid: owed})
				}
			}
			state := r.after(items)
			for owed := range r.mem.owed {
				if state.LastUID >= owed {
					t.Fatalf("state %d passes %d", state.LastUID, owed)
				}
			}
			if state.LastUID < r.state.LastUID {
				t.Fatalf("state goes back from %d to %d", r.state.LastUID, state.LastUID)
			}
			r.state = state
			for u := range taken {
				if len(r.mem.owed) > 0 {
					r.mem.done[u] = true
				}
				if len(r.mem.owed) == 0 && u > state.LastUID {
					t.Fatalf("state %d is below %d, though nothing is owed", state.LastUID, u)
				}
			}
			if len(r.mem.owed) == 0 {
				clear(r.mem.done)
			}
		}
	})
}

func TestPause(t *testing.T) {
	o := Options{}.complete()
	for tries, most := range map[int]time.Duration{0: time.Second, 3: 8 * time.Second, 7: 2 * time.Minute, 1000: 2 * time.Minute} {
		for range 100 {
			if d := pause(tries, errors.New("x"), o); d < most/2 || d > most {
				t.Fatalf("%d tries: %s, want %s to %s", tries, d, most/2, most)
			}
		}
	}
	if d := pause(0, &dial.Problem{Kind: dial.Refused}, o); d < time.Minute {
		t.Errorf("a refused password is tried again after %s", d)
	}
}
