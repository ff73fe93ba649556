package live

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
)

// waiting takes what is in the channel without waiting for more.
func waiting(events <-chan Event) []Event {
	var all []Event
	for {
		select {
		case e, ok := <-events:
			if !ok {
				return all
			}
			all = append(all, e)
		default:
			return all
		}
	}
}

// ids writes events down for comparing; a resync is "R".
func ids(events []Event) string {
	text := ""
	for _, e := range events {
		if e.Resync {
			text += "R "
		} else {
			text += fmt.Sprint(e.ID, " ")
		}
	}
	return text
}

func expect(t *testing.T, what string, events <-chan Event, want string) []Event {
	t.Helper()
	got := waiting(events)
	if ids(got) != want {
		t.Errorf("%s: %q, want %q", what, ids(got), want)
	}
	return got
}

func publish(h *Hub, topic string, ids ...int64) {
	for _, id := range ids {
		h.Publish(Event{Topic: topic, ID: id})
	}
}

func TestPublish(t *testing.T) {
	h, ctx := New(10), context.Background()
	all, cancelAll := h.Subscribe(ctx, nil, 10)
	some, cancelSome := h.Subscribe(ctx, Topics("ticket", "list"), 10)
	defer cancelAll()
	publish(h, "ticket", 1)
	publish(h, "person", 2)
	publish(h, "list", 3)
	got := expect(t, "all", all, "1 2 3 ")
	if got[1].Seq != got[0].Seq+1 || got[2].Seq != got[1].Seq+1 || h.Seq() != got[2].Seq {
		t.Errorf("numbers: %+v", got)
	}
	expect(t, "some", some, "1 3 ")
	publish(h, "ticket", 4)
	cancelSome()
	cancelSome()
	publish(h, "ticket", 5)
	if got := ids(waiting(some)); got != "4 " {
		t.Errorf("after cancel: %q", got)
	}
	if _, open := <-some; open {
		t.Error("the channel is open after cancel")
	}
	expect(t, "the other goes on", all, "4 5 ")
	if h.Subscribers() != 1 {
		t.Errorf("%d subscribers", h.Subscribers())
	}
}

func TestPublisherCannotForgeResync(t *testing.T) {
	h := New(1)
	events, cancel := h.Subscribe(context.Background(), nil, 1)
	defer cancel()
	h.Publish(Event{ID: 1, Seq: 7, Resync: true})
	if got := expect(t, "forged", events, "1 "); got[0].Seq == 7 {
		t.Error("the number was taken over")
	}
}

func TestSlowSubscriber(t *testing.T) {
	h, ctx := New(10), context.Background()
	slow, cancel := h.Subscribe(ctx, nil, 3)
	defer cancel()
	publish(h, "t", 1, 2, 3)
	expect(t, "just full", slow, "1 2 3 ")
	publish(h, "t", 1, 2, 3, 4)
	if got := expect(t, "one too many", slow, "R "); got[0].Seq != h.Seq() {
		t.Errorf("number %d, want %d", got[0].Seq, h.Seq())
	}
	publish(h, "t", 5, 6)
	expect(t, "caught up", slow, "5 6 ")
	publish(h, "t", 1, 2, 3, 4, 5, 6, 7, 8, 9)
	expect(t, "one resync for many", slow, "R ")
	publish(h, "t", 10)
	expect(t, "caught up again", slow, "10 ")

	tiny, cancelTiny := h.Subscribe(ctx, nil, 0)
	defer cancelTiny()
	publish(h, "t", 1)
	expect(t, "a buffer of at least one", tiny, "1 ")
}

func TestResume(t *testing.T) {
	h, ctx := New(4), context.Background()
	start := h.Seq()
	resume := func(what string, last uint64, filter Filter, buffer int, want string) {
		t.Helper()
		events, cancel := h.Resume(ctx, last, filter, buffer)
		defer cancel()
		expect(t, what, events, want)
	}
	resume("nothing happened", start, nil, 10, "")
	resume("a former process", start-1, nil, 10, "R ")
	resume("never", 0, nil, 10, "R ")
	publish(h, "a", 1, 2)
	publish(h, "b", 3)
	resume("from the start", start, nil, 10, "1 2 3 ")
	resume("from the middle", start+1, nil, 10, "2 3 ")
	resume("up to date", start+3, nil, 10, "")
	resume("from the future", start+4, nil, 10, "R ")
	resume("filtered", start, Topics("b"), 10, "3 ")
	resume("more than fits", start, nil, 2, "R ")
	resume("filtered, it fits", start, Topics("a"), 2, "1 2 ")
	publish(h, "a", 4)
	resume("all that is held", start, nil, 10, "1 2 3 4 ")
	publish(h, "a", 5)
	resume("one too old", start, nil, 10, "R ")
	resume("the oldest held", start+1, nil, 10, "2 3 4 5 ")

	events, cancel := h.Resume(ctx, start+4, nil, 10)
	defer cancel()
	publish(h, "a", 6)
	expect(t, "and then live", events, "5 6 ")
	behind, cancelBehind := h.Resume(ctx, start, nil, 10)
	defer cancelBehind()
	publish(h, "a", 7)
	expect(t, "a resync covers what follows", behind, "R ")
	publish(h, "a", 8)
	expect(t, "then live", behind, "8 ")
}

// TestNothingLeft runs in a bubble, which fails when a goroutine is left behind.
func TestNothingLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := New(10)
		ctx, end := context.WithCancel(context.Background())
		var wait sync.WaitGroup
		for i := range 30 {
			sub := ctx
			if i%3 == 1 {
				sub = context.Background()
			}
			events, cancel := h.Subscribe(sub, nil, 4)
			if i%3 == 2 {
				cancel()
			}
			wait.Go(func() {
				for range events {
				}
			})
		}
		publish(h, "t", 1, 2, 3)
		end()
		synctest.Wait()
		if h.Subscribers() != 10 {
			t.Errorf("%d subscribers after the context, want 10", h.Subscribers())
		}
		h.Close()
		h.Close()
		wait.Wait()
		publish(h, "t", 4)
		events, cancel := h.Subscribe(context.Background(), nil, 1)
		if _, open := <-events; open {
			t.Error("a closed hub takes subscribers")
		}
		cancel()
		if h.Subscribers() != 0 {
			t.Errorf("%d subscribers after Close", h.Subscribers())
		}
	})
}

// TestBurst has four publishers and 200 subscribers of very different patience. Each keeps a copy of the things by looking at
// those it hears of, and at all of them after a resync. In the end every copy must be right.
func TestBurst(t *testing.T) {
	const publishers, each, subscribers, things = 4, 2500, 200, 50
	h, ctx := New(100), context.Background()
	var state [things]atomic.Int64
	look := func(copied *[things]int64, e Event) {
		for id := range copied {
			if e.Resync || e.ID == int64(id) {
				copied[id] = state[id].Load()
			}
		}
	}
	var readers, writers sync.WaitGroup
	over := make(chan struct{}) // every tenth does not listen before
	var copies [subscribers][things]int64
	var resyncs [subscribers]int
	for i := range subscribers {
		events, cancel := h.Subscribe(ctx, nil, 1+i%32)
		defer cancel()
		readers.Go(func() {
			if i%10 == 0 {
				<-over
			}
			var last uint64
			for e := range events {
				if e.Seq <= last {
					t.Errorf("number %d after %d", e.Seq, last)
				}
				last = e.Seq
				if e.Resync {
					resyncs[i]++
				}
				look(&copies[i], e)
			}
		})
	}
	for p := range publishers {
		writers.Go(func() {
			for n := range each {
				id := (n*7 + p) % things
				state[id].Add(1)
				h.Publish(Event{Topic: "t", ID: int64(id)})
			}
		})
	}
	writers.Wait()
	close(over)
	h.Close()
	readers.Wait()
	for i, copied := range copies {
		for id := range copied {
			if copied[id] != state[id].Load() {
				t.Fatalf("subscriber %d has %d of thing %d, want %d", i, copied[id], id, state[id].Load())
			}
		}
		if i%10 == 0 && resyncs[i] != 1 {
			t.Errorf("subscriber %d, who listened late, got %d resyncs", i, resyncs[i])
		}
	}
}

func BenchmarkPublish(b *testing.B) {
	for _, n := range []int{0, 1, 200} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			h := New(1000)
			var wait sync.WaitGroup
			for range n {
				events, _ := h.Subscribe(context.Background(), Topics("list", "ticket"), 16)
				wait.Go(func() {
					for range events {
					}
				})
			}
			b.ReportAllocs()
			for b.Loop() {
				h.Publish(Event{Topic: "ticket", ID: 1})
			}
			b.StopTimer()
			h.Close()
			wait.Wait()
		})
	}
}
