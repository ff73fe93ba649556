package lmtp

import (
	"bytes"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/emersion/go-smtp"
)

// maxCommand bounds a line outside of a mail. It is above everything the library may read ahead of a mail's first line.
const maxCommand = 64 << 10

// gate is a listener that lets in a bounded number of sessions and can ask them to end. Those above the bound wait in the
// system's queue: a mail server that is kept waiting loses nothing, while one that is sent away defers all its mail.
type gate struct {
	net.Listener
	timeout  time.Duration
	slots    chan struct{}
	closed   chan struct{}
	once     sync.Once
	draining atomic.Bool

	mu    sync.Mutex
	conns map[*gatedConn]struct{}
}

func newGate(listener net.Listener, sessions int, timeout time.Duration) *gate {
	return &gate{
		Listener: listener, timeout: timeout,
		slots: make(chan struct{}, sessions), closed: make(chan struct{}),
		conns: make(map[*gatedConn]struct{}),
	}
}

// Accept waits for a free slot, then for a connection.
func (g *gate) Accept() (net.Conn, error) {
	select {
	case g.slots <- struct{}{}:
	case <-g.closed:
		return nil, net.ErrClosed
	}
	conn, err := g.Listener.Accept()
	if err != nil {
		<-g.slots
		return nil, err
	}
	gated := &gatedConn{Conn: conn, gate: g}
	g.mu.Lock()
	g.conns[gated] = struct{}{}
	g.mu.Unlock()
	return gated, nil
}

// Close stops accepting.
func (g *gate) Close() error {
	g.once.Do(func() { close(g.closed) })
	return g.Listener.Close()
}

// drain ends the sessions that are between two mails, now, and the others after their mail.
func (g *gate) drain() {
	g.draining.Store(true)
	g.each(func(c *gatedConn) {
		if !c.inMail.Load() {
			c.Conn.SetReadDeadline(time.Unix(1, 0))
		}
	})
}

func (g *gate) closeAll() { g.each(func(c *gatedConn) { c.Conn.Close() }) }

func (g *gate) each(f func(*gatedConn)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for conn := range g.conns {
		f(conn)
	}
}

// gatedConn ends a session after silence, not after a duration: a large mail over a slow socket may take its time.
type gatedConn struct {
	net.Conn
	gate   *gate
	once   sync.Once
	inMail atomic.Bool // the text of a mail is being read
	broken atomic.Bool // nothing more is to be read
	line   int         // bytes since the last line end; reads come from one goroutine at a time
}

// Read gives what was sent, a timeout after silence or when the session shall end, or an error on an endless command.
func (c *gatedConn) Read(b []byte) (int, error) {
	if c.broken.Load() {
		return 0, net.ErrClosed
	}
	c.Conn.SetReadDeadline(time.Now().Add(c.gate.timeout))
	if c.gate.draining.Load() && !c.inMail.Load() {
		return 0, os.ErrDeadlineExceeded
	}
	n, err := c.Conn.Read(b)
	if c.inMail.Load() {
		c.line = 0
		return n, err
	}
	if end := bytes.LastIndexByte(b[:n], '\n'); end >= 0 {
		c.line = n - end - 1
	} else {
		c.line += n
	}
	if c.line > maxCommand {
		return 0, smtp.ErrTooLongLine
	}
	return n, err
}

// Write sends, or fails when the other side reads nothing for the timeout.
func (c *gatedConn) Write(b []byte) (int, error) {
	c.Conn.SetWriteDeadline(time.Now().Add(c.gate.timeout))
	return c.Conn.Write(b)
}

// Close ends the session and frees its slot.
func (c *gatedConn) Close() error {
	c.once.Do(func() {
		c.gate.mu.Lock()
		delete(c.gate.conns, c)
		c.gate.mu.Unlock()
		<-c.gate.slots
	})
	return c.Conn.Close()
}
