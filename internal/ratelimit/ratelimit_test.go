package ratelimit

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestAllow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(Config{Burst: 3, Every: 10 * time.Second})
		expect := func(what, key string, wantOK bool, wantWait time.Duration) {
			t.Helper()
			ok, wait := l.Allow(key)
			if ok != wantOK || (wait-wantWait).Abs() > time.Microsecond {
				t.Errorf("%s: %v, wait %v; want %v, %v", what, ok, wait, wantOK, wantWait)
			}
		}
		for i := range 3 {
			expect(fmt.Sprintf("try %d", i), "a", true, 0)
		}
		for range 5 {
			expect("refused tries cost nothing", "a", false, 10*time.Second)
		}
		expect("another key", "b", true, 0)
		time.Sleep(4 * time.Second)
		expect("too early", "a", false, 6*time.Second)
		time.Sleep(6*time.Second + time.Microsecond)
		expect("in time", "a", true, 0)
		expect("only one", "a", false, 10*time.Second)
		time.Sleep(time.Hour)
		for i := range 3 {
			expect(fmt.Sprintf("full again %d", i), "a", true, 0)
		}
		expect("not fuller", "a", false, 10*time.Second)
	})
}

func TestWaitIsEnough(t *testing.T) {
	for _, every := range []time.Duration{time.Nanosecond * 7, time.Millisecond * 3, time.Second / 3, 7 * time.Hour} {
		now := time.Unix(1_700_000_000, 0)
		l := New(Config{Burst: 1, Every: every, Now: func() time.Time { return now }})
		for i := range 100 {
			ok, wait := l.Allow("a")
			if ok != (i%2 == 0) {
				t.Fatalf("every %v, try %d: %v", every, i, ok)
			}
			now = now.Add(wait)
		}
	}
}

func TestNoLimit(t *testing.T) {
	l := New(Config{})
	for range 1000 {
		if ok, _ := l.Allow("a"); !ok {
			t.Fatal("refused")
		}
	}
}

func TestBound(t *testing.T) {
	now := time.Unix(0, 0)
	l := New(Config{Burst: 1, Every: time.Hour, Keys: 100, Now: func() time.Time { return now }})
	for i := range 10_000 {
		l.Allow(fmt.Sprint(i))
		if ok, _ := l.Allow("regular"); ok != (i == 0) {
			t.Fatalf("the key in steady use was forgotten after %d others", i)
		}
	}
	total := 0
	for i := range l.shards {
		s := &l.shards[i]
		ring := 0
		for b := s.root.next; b != &s.root; b = b.next {
			if s.buckets[b.key] != b || b.next.prev != b {
				t.Fatal("ring and map disagree")
			}
			ring++
		}
		if ring != len(s.buckets) {
			t.Errorf("%d in the ring, %d in the map", ring, len(s.buckets))
		}
		total += ring
	}
	if total > 100 || total < 50 {
		t.Errorf("%d keys are remembered", total)
	}
	if ok, _ := l.Allow("9999"); ok {
		t.Error("the newest key was forgotten")
	}
	if ok, _ := l.Allow("0"); !ok {
		t.Error("the oldest key was not forgotten")
	}
}

func TestOneKey(t *testing.T) {
	l := New(Config{Burst: 1, Every: time.Hour, Keys: 1})
	for i := range 10 {
		if ok, _ := l.Allow(fmt.Sprint(i)); !ok {
			t.Errorf("key %d", i)
		}
	}
}

func TestAtOnce(t *testing.T) {
	now := time.Unix(0, 0)
	l := New(Config{Burst: 100, Every: time.Hour, Now: func() time.Time { return now }})
	var allowed atomic.Int64
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for range 1000 {
				if ok, _ := l.Allow("a"); ok {
					allowed.Add(1)
				}
			}
		})
	}
	wait.Wait()
	if allowed.Load() != 100 {
		t.Errorf("%d of 100 allowed", allowed.Load())
	}
}

func BenchmarkAllow(b *testing.B) {
	l := New(Config{Burst: 100, Every: time.Second})
	keys := make([]string, 20_000)
	for i := range keys {
		keys[i] = fmt.Sprint(i)
	}
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for i := 0; pb.Next(); i++ {
			l.Allow(keys[i%5000])
		}
	})
}
