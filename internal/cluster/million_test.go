package cluster

import (
	"fmt"
	"math/rand/v2"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestMillion says what many texts cost: so many as $GOODTURN_TOPICS says. A sample is learned from and all are placed, each made when it is
// needed. It takes five minutes and 400 MiB at most; scripts/soak runs it with a million.
//
//	GOODTURN_TOPICS=1000000 go test ./internal/cluster -run Million -v
func TestMillion(t *testing.T) {
	n, _ := strconv.Atoi(os.Getenv("GOODTURN_TOPICS"))
	if n == 0 {
		t.Skip("GOODTURN_TOPICS is not set: what many texts cost is not measured")
	}
	debug.SetMemoryLimit(350 << 20)
	write := writer()
	began := time.Now()
	every := max(1, (n+MostLearned-1)/MostLearned)
	var sample []Text
	for i := 0; i < n; i += every {
		sample = append(sample, write(i))
	}
	m := Learn(sample, 0)
	learned := time.Since(began)
	sample = nil
	p := m.Placer()
	fits := 0
	for i := range n {
		if p.Place(write(i)).Fits() {
			fits++
		}
	}
	all := time.Since(began)
	fmt.Printf("%d texts: %d topics learned in %s, all placed in %s (%d fit), most memory %d MiB\n", n, len(m.Topics()), learned.Round(100*time.Millisecond), all.Round(100*time.Millisecond), fits, highWater(t))
	if all > 5*time.Minute {
		t.Errorf("it took %s, which is more than five minutes", all)
	}
	if most := highWater(t); most > 400 {
		t.Errorf("it took %d MiB, which is more than 400", most)
	}
}

// writer gives what makes the text of a number: some sixty words of which a third belong to one of 400 matters.
func writer() func(i int) Text {
	const matters, own, common = 400, 40, 20_000
	syllables := []string{"ba", "re", "ti", "mo", "ku", "la", "ne", "so", "pi", "du", "fa", "ge", "ro", "vi", "za", "lo"}
	word := func(n int) string {
		var b strings.Builder
		for n += 256; n > 0; n /= 16 {
			b.WriteString(syllables[n%16])
		}
		return b.String()
	}
	return func(i int) Text {
		r := rand.New(rand.NewPCG(uint64(i), 5))
		zipf := rand.NewZipf(r, 1.1, 8, common-1)
		of := int(rand.NewZipf(r, 1.3, 20, matters-1).Uint64())
		var b strings.Builder
		pick := func() {
			if r.IntN(3) == 0 {
				b.WriteString(word(common + of*own + r.IntN(own)))
			} else {
				b.WriteString(word(int(zipf.Uint64())))
			}
			b.WriteByte(' ')
		}
		for range 6 {
			pick()
		}
		name := b.String()
		b.Reset()
		for range 20 + r.IntN(60) {
			pick()
		}
		return Text{ID: int64(i + 1), From: int64(r.IntN(5000) + 1), Name: name, Words: b.String()}
	}
}

// highWater is the most memory that the process had, in MiB.
func highWater(t *testing.T) (mib int) {
	t.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	if _, err := fmt.Sscan(rest, &mib); err != nil {
		t.Fatal(err)
	}
	return mib / 1024
}
