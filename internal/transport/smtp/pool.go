package smtp

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

// The pool keeps few connections for a short while: enough for a burst, too short for a server to mind.
const (
	maxIdle  = 4
	idleTime = 20 * time.Second
)

// Pool sends many mails to one account and keeps connections open between them. The zero value is not usable; use
// NewPool. It is safe for concurrent use.
type Pool struct {
	account Account

	mu     sync.Mutex
	idle   []*Conn
	closed bool
}

// NewPool makes a pool without opening a connection.
func NewPool(a Account) *Pool { return &Pool{account: a} }

// Send delivers one mail over a kept connection, or a new one. The error is an *Error.
func (p *Pool) Send(ctx context.Context, e Envelope, raw []byte) (Result, error) {
	if conn := p.get(); conn != nil {
		result, err := conn.Send(ctx, e, raw)
		p.put(conn)
		if !stale(ctx, err) {
			return result, err
		}
	}
	conn, err := Dial(ctx, p.account)
	if err != nil {
		return Result{}, err
	}
	result, err := conn.Send(ctx, e, raw)
	p.put(conn)
	return result, err
}

// stale tells whether a kept connection had died, or was no longer wanted, before the mail began.
func stale(ctx context.Context, err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Stage == StageMail && (e.Code == 0 || e.Code == 421) && ctx.Err() == nil
}

// Close ends the kept connections; mails in progress end theirs.
func (p *Pool) Close() {
	p.mu.Lock()
	idle := p.idle
	p.idle, p.closed = nil, true
	p.mu.Unlock()
	for _, conn := range idle {
		conn.Close()
	}
}

func (p *Pool) get() *Conn {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.idle) == 0 {
		return nil
	}
	conn := p.idle[len(p.idle)-1]
	p.idle = p.idle[:len(p.idle)-1]
	return conn
}

func (p *Pool) put(conn *Conn) {
	p.mu.Lock()
	keep := !conn.spent && !p.closed && len(p.idle) < maxIdle
	if keep {
		p.idle = append(p.idle, conn)
		conn.since = time.Now()
		time.AfterFunc(idleTime, func() { p.expire(time.Now()) })
	}
	p.mu.Unlock()
	if !keep {
		conn.Close()
	}
}

// expire ends the connections that were not used for idleTime.
func (p *Pool) expire(now time.Time) {
	var old []*Conn
	p.mu.Lock()
	p.idle = slices.DeleteFunc(p.idle, func(c *Conn) bool {
		if now.Sub(c.since) < idleTime {
			return false
		}
		old = append(old, c)
		return true
	})
	p.mu.Unlock()
	for _, conn := range old {
		conn.Close()
	}
}
