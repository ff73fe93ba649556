package imap

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/emersion/go-imap/v2"

	"goodturn/internal/i18n"
	"goodturn/internal/transport/dial"
)

// HealthState is whether mail comes in.
type HealthState string

// The states.
const (
	Connecting HealthState = "connecting"
	Connected  HealthState = "connected"
	Failed     HealthState = "failed" // Run will try again
)

// Health is how a folder is doing, for whoever looks after it.
type Health struct {
	State    HealthState
	Since    time.Time // of the state
	Err      i18n.Text // what went wrong last, until a connection is good again
	Warning  i18n.Text // mail comes in, but something else does not work
	LastMail time.Time // when mail was taken last; zero if not since the start
	Looked   time.Time // when the folder was looked at last, with a minute's accuracy
	Waiting  int       // mails that are in the folder and not taken, as far as it was seen last
	Next     time.Time // when Run tries again; zero unless the state is Failed
}

// lookedEvery bounds how often a look that finds nothing is told.
const lookedEvery = time.Minute

// health tells changes to report.
type health struct {
	now    Health
	report func(Health)
}

func (h *health) change(f func(*Health)) {
	before := h.now
	f(&h.now)
	if h.now.State != before.State {
		h.now.Since = time.Now()
	}
	if h.report != nil {
		h.report(h.now)
	}
}

func (h *health) failed(err error, next time.Time) {
	text := i18n.M("Something unexpected went wrong: {{.Error}}", "Error", err.Error())
	if p := (*dial.Problem)(nil); errors.As(err, &p) {
		text = p.Text
	}
	if t := (*takeError)(nil); errors.As(err, &t) {
		text = i18n.M("Mails were fetched, but could not be stored: {{.Error}}", "Error", t.err.Error())
	}
	h.change(func(n *Health) { n.State, n.Err, n.Next = Failed, text, next })
}

// Watch takes mail over one connection until it fails or ctx ends. The error is a *dial.Problem, that of take, or
// ctx.Err(). report may be nil.
func Watch(ctx context.Context, a Account, s State, o Options, take Take, report func(Health)) error {
	h := &health{report: report}
	err := watch(ctx, a, s, o.complete(), newMemory(), take, h)
	if ctx.Err() == nil {
		h.failed(err, time.Time{})
	}
	return err
}

func watch(ctx context.Context, a Account, state State, o Options, mem *memory, take Take, h *health) error {
	h.change(func(n *Health) { n.State = Connecting })
	s, err := open(ctx, a, o.Patience)
	if err != nil {
		return err
	}
	defer s.client.Close()
	defer context.AfterFunc(ctx, s.kill)()
	r := &reader{
		session: s, account: a, options: o, state: state, mem: mem, take: take,
		took: func() { h.change(func(n *Health) { n.LastMail = time.Now() }) },
		left: func(left int) {
			if h.now.Waiting != left {
				h.change(func(n *Health) { n.Waiting = left })
			}
		},
	}
	look := r.look
	for {
		if err := look(ctx); err != nil {
			return ended(ctx, err)
		}
		if h.now.State != Connected || h.now.Warning.String() != mem.warning.String() || time.Since(h.now.Looked) > lookedEvery {
			h.change(func(n *Health) {
				n.Looked, n.State, n.Err, n.Warning, n.Next = time.Now(), Connected, i18n.Text{}, mem.warning, time.Time{}
			})
		}
		woken, err := s.wait(ctx, o)
		if err != nil {
			return ended(ctx, s.explain(ctx, err))
		}
		look = r.look
		if woken {
			look = r.news
		}
	}
}

// ended prefers the end of ctx to the errors that it causes.
func ended(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

var errClosed = errors.New("connection ended by the server")

// wait returns when the server speaks of new mail (woken), or when it is time to look again.
func (s *session) wait(ctx context.Context, o Options) (woken bool, err error) {
	pause, stop := o.Poll, func() error { return nil }
	select {
	case <-s.wake:
		return true, nil
	default:
	}
	if !s.noIdle && s.client.Caps().Has(imap.CapIdle) {
		s.conn.expect(o.Recheck + o.Patience)
		idle, err := s.client.Idle()
		switch {
		case refused(err):
			s.noIdle = true
		case err != nil:
			return false, err
		default:
			pause = o.Recheck
			stop = func() error {
				if err := idle.Close(); err != nil {
					return err
				}
				return idle.Wait()
			}
		}
	} else {
		s.conn.expect(o.Poll + o.Patience)
	}
	defer s.conn.expect(o.Patience)
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-s.wake:
		woken = true
	case <-timer.C:
	case <-s.client.Closed():
		return false, errClosed
	case <-ctx.Done():
		return false, ctx.Err()
	}
	s.conn.expect(o.Patience)
	return woken, stop()
}

// Run is Watch for ever: after a failure it tries again, after pauses that grow. It returns ctx.Err() when ctx ends.
func Run(ctx context.Context, a Account, s State, o Options, take Take, report func(Health)) error {
	o = o.complete()
	h, mem := &health{report: report}, newMemory()
	var taken bool
	keep := func(ctx context.Context, now State, mails []Mail) error {
		if err := take(ctx, now, mails); err != nil {
			return err
		}
		s, taken = now, true
		return nil
	}
	for tries := 0; ; tries++ {
		began := time.Now()
		taken = false
		err := watch(ctx, a, s, o, mem, keep, h)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if taken || time.Since(began) > o.RetryMax {
			tries = 0
		}
		wait := pause(tries, err, o)
		h.failed(err, time.Now().Add(wait))
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		}
	}
}

// pause is how long to wait before the next connection: twice as long after each failure, with some chance in it so that
// many mailboxes do not come back at the same moment. A refused password is not tried often, lest the account be locked.
func pause(tries int, err error, o Options) time.Duration {
	d := o.RetryMax
	if tries < 30 {
		d = min(o.RetryMax, o.RetryMin<<tries)
	}
	if p := (*dial.Problem)(nil); errors.As(err, &p) && (p.Kind == dial.Refused || p.Kind == dial.Consent) {
		d = o.RetryMax
	}
	return d/2 + rand.N(d/2+1)
}
