package oauth

import (
	"context"
	"time"
)

// early is how long before its end an access token is renewed: a server may look at it a while after it was sent. Of tokens
// that live shortly it is a quarter of the life.
const early = 5 * time.Minute

// Source gives the access token of one account. Make it with New; it is safe for concurrent use, and many that ask at once
// cause one call.
type Source struct {
	client Client
	load   func(ctx context.Context) (refresh string, err error)
	store  func(ctx context.Context, was, now string) error

	turn   chan struct{} // holds one token; whoever has it may look at and change what follows
	access string
	renew  time.Time // when access is to be renewed
	owed   *owed     // what could not be stored
}

// owed is a grant whose refresh token took the place of was, and is in memory alone.
type owed struct {
	was   string
	grant Grant
	asked time.Time
}

// New makes a source. load gives the refresh token as it is stored, "" for none; store keeps the one that replaces it, and
// returns when it is durable; what it could not keep it is given again. It does nothing when another one than was is stored
// meanwhile, because somebody has connected anew. Neither is called for a client that signs in by itself.
func New(c Client, load func(ctx context.Context) (string, error), store func(ctx context.Context, was, now string) error) *Source {
	s := &Source{client: c, load: load, store: store, turn: make(chan struct{}, 1)}
	s.turn <- struct{}{}
	return s
}

// Client is what the source asks as.
func (s *Source) Client() Client { return s.client }

// Token gives an access token, a new one when that is due. The error is a *dial.Problem, that of load or store, or the end of
// ctx.
func (s *Source) Token(ctx context.Context) (string, error) {
	select {
	case <-s.turn:
	case <-ctx.Done():
		return "", ctx.Err()
	}
	defer func() { s.turn <- struct{}{} }()
	if s.access != "" && time.Now().Before(s.renew) {
		return s.access, nil
	}
	if err := s.refresh(ctx); err != nil {
		return "", err
	}
	return s.access, nil
}

func (s *Source) refresh(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	// Once the provider is asked it may have replaced the refresh token: whoever stopped waiting must not lose the new one.
	ctx = context.WithoutCancel(ctx)
	if s.owed != nil {
		return s.settle(ctx)
	}
	refresh := ""
	if !s.client.AsApp {
		var err error
		if refresh, err = s.load(ctx); err != nil {
			return err
		}
		if refresh == "" {
			return s.client.NotConnected()
		}
	}
	s.access = ""
	asked := time.Now()
	g, err := s.client.renew(ctx, refresh)
	if err != nil {
		return err
	}
	s.owed = &owed{refresh, g, asked}
	return s.settle(ctx)
}

// settle stores the refresh token that is owed, and only then lets its access token be used.
func (s *Source) settle(ctx context.Context) error {
	o := s.owed
	if o.grant.Refresh != "" && o.grant.Refresh != o.was && !s.client.AsApp {
		if err := s.store(ctx, o.was, o.grant.Refresh); err != nil {
			return err
		}
	}
	s.owed = nil
	s.access, s.renew = o.grant.Access, renewAt(o.asked, o.grant.Until)
	return nil
}

// unsaid is the life that is assumed of a token whose provider does not tell it.
const unsaid = 10 * time.Minute

func renewAt(asked, until time.Time) time.Time {
	if until.IsZero() {
		return asked.Add(unsaid)
	}
	return until.Add(-min(early, until.Sub(asked)/4))
}

// Spoil says that a server refused the token, so that the next one is new.
func (s *Source) Spoil(token string) {
	<-s.turn
	defer func() { s.turn <- struct{}{} }()
	if s.access == token {
		s.access = ""
	}
}
