package page

import (
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
)

// TestThereAreThoseWhoHaveThePageOpen: a stream or now and then a question, and a while after.
func TestThereAreThoseWhoHaveThePageOpen(t *testing.T) {
	f := newFront(t, dbtest.Open(t, db.SQLite))
	server := f.serve(t)
	if got := f.There(); len(got) != 0 {
		t.Errorf("at first there are %v", got)
	}
	l := f.listen(t, server, "list", "")
	l.want("hello", "live")
	if got := f.There(); !slices.Equal(got, []int64{f.who.ID}) {
		t.Errorf("with a stream there are %v", got)
	}
	l.body.Close()
	g := newFront(t, dbtest.Open(t, db.SQLite))
	if a := g.ask(t, t.Context(), g.serve(t), "list", "", "application/json"); a.StatusCode != http.StatusOK {
		t.Fatalf("status %d", a.StatusCode)
	}
	if got := g.There(); !slices.Equal(got, []int64{g.who.ID}) {
		t.Errorf("of those who ask now and then there are %v", got)
	}
}

func TestWhoHasGoneIsThereAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s Site
		first, _ := s.streams.enter(7)
		second, _ := s.streams.enter(7)
		other, _ := s.streams.enter(3)
		first()
		other()
		there := func(want ...int64) {
			t.Helper()
			if got := s.There(); !slices.Equal(got, want) {
				t.Errorf("there are %v, want %v", got, want)
			}
		}
		there(3, 7)
		time.Sleep(thereStays + time.Second)
		there(7)
		second()
		there(7)
		time.Sleep(thereStays + time.Second)
		there()
		if len(s.streams.until) != 0 {
			t.Error("who has gone is remembered for ever")
		}
	})
}
