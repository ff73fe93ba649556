package mailauth

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync"
	"time"
)

// How long answers are kept. A name that is not there, or could not be asked for, is asked for again soon.
const (
	keepFound  = 10 * time.Minute
	keepAbsent = 2 * time.Minute
	keepFailed = 30 * time.Second
	maxNames   = 5000
)

// Names that nobody answers for must not hold up the mail behind them: after so many in a minute a check waits for
// hasty only.
const (
	maxSlow = 10
	hasty   = 250 * time.Millisecond
)

// names remembers answers. The zero value is ready.
type names struct {
	mu    sync.Mutex
	known map[string]answer
	slow  int // look-ups that ran out of time in the minute that began at since
	since time.Time
}

type answer struct {
	records []string
	err     error
	until   time.Time
}

// lookup gives the TXT records of a name. Errors are *net.DNSError, which the libraries understand.
func (c *Checker) lookup(ctx context.Context, name string) ([]string, error) {
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	if a, ok := c.names.get(name); ok {
		return a.records, a.err
	}
	resolver := c.Resolver
	if resolver == nil {
		resolver = net.DefaultResolver
	}
	records, err := resolver.LookupTXT(ctx, name+".") // absolute: no search list
	a := answer{records, err, time.Now().Add(keepFound)}
	if err != nil {
		a.until = time.Now().Add(keepFailed)
		if dns := (*net.DNSError)(nil); errors.As(err, &dns) {
			if dns.IsNotFound {
				a.until = time.Now().Add(keepAbsent)
			} else {
				dns.IsTemporary = true
			}
			a.err = dns // bare, because the libraries do not unwrap
		}
	}
	c.names.put(name, a, errors.Is(ctx.Err(), context.DeadlineExceeded))
	return a.records, a.err
}

func (n *names) get(name string) (answer, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	a, ok := n.known[name]
	return a, ok && time.Now().Before(a.until)
}

func (n *names) put(name string, a answer, slow bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.known == nil || len(n.known) >= maxNames {
		n.known = map[string]answer{}
	}
	n.known[name] = a
	if slow {
		n.turn()
		n.slow++
	}
}

// turn begins a new minute of counting.
func (n *names) turn() {
	if now := time.Now(); now.Sub(n.since) > time.Minute {
		n.since, n.slow = now, 0
	}
}

// patience is how long the next check may take.
func (n *names) patience() time.Duration {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.turn()
	if n.slow >= maxSlow {
		return hasty
	}
	return Limit
}
