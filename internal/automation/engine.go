package automation

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"goodturn/internal/calendar"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/httpout"
	"goodturn/internal/i18n"
	"goodturn/internal/job"
	"goodturn/internal/person"
	"goodturn/internal/secret"
	"goodturn/internal/ticket"
)

// Engine does what rules say. The program builds one.
type Engine struct {
	DB    *db.DB
	Desk  *ticket.Desk
	Queue *job.Queue
	Key   *secret.Signer  // seals the secrets of webhooks
	Out   *httpout.Client // calls webhooks
	Zone  *time.Location  // the desk's; nil is UTC
	Log   *slog.Logger
	// Patience is how long a webhook may take; 0 is ten seconds.
	Patience time.Duration
	// Calendars are what working time is reckoned by.
	Calendars *calendar.Store
	// MayMail tells whether an automatic mail may go to an address, and counts it; nil for always.
	MayMail func(ctx context.Context, tx *db.Tx, address string) (bool, error)
	// Trouble tells people that a rule failed or was held back; nil tells nobody.
	Trouble func(ctx context.Context, tx *db.Tx, people []int64, ruleID int64, text string) error
	// Notify tells people what a rule says of a ticket; nil tells nobody.
	Notify func(ctx context.Context, tx *db.Tx, t ticket.Ticket, ruleID int64, ruleName string, people []int64, text string) error

	set     atomic.Pointer[set]
	calling atomic.Int32 // webhooks
	nexts   sync.Map     // by rule: when its recurrence comes round
}

// Hook lets rules react to what happens. It belongs to ticket.Desk.Later.
func (g *Engine) Hook() ticket.Hook {
	return func(ctx context.Context, tx *db.Tx, e ticket.Event, t ticket.Ticket, m *ticket.Message) error {
		s, err := g.current(ctx, tx)
		if err != nil {
			return err
		}
		if len(s.timed) > 0 {
			if err := g.late(ctx, tx, s, e, t); err != nil {
				return err
			}
		}
		if len(s.byEvent) == 0 {
			return nil
		}
		for _, m := range momentsOf(e, t, m) {
			found := s.find(m)
			if len(found) == 0 {
				continue
			}
			if err := g.react(ctx, tx, found, m, t); err != nil {
				return err
			}
		}
		return nil
	}
}

// react asks rules in their order and has those act that fit.
func (g *Engine) react(ctx context.Context, tx *db.Tx, found []trigger, m moment, t ticket.Ticket) error {
	facts, err := ticket.FactsOf(ctx, tx, t)
	if err != nil {
		return err
	}
	for _, x := range found {
		fits, owner, err := g.fits(ctx, tx, x, &facts)
		if err != nil {
			return err
		}
		if !fits {
			continue
		}
		done, err := g.attempt(ctx, tx, x, owner, m, facts.Ticket)
		if err != nil || x.Definition.Stop {
			return err
		}
		if gone, err := refresh(ctx, tx, &facts, done); err != nil || gone {
			return err
		}
	}
	return nil
}

// refresh brings facts up to date with what a rule did; gone says that there is no such ticket any more.
func refresh(ctx context.Context, tx *db.Tx, f *ticket.Facts, done *work) (gone bool, err error) {
	if done == nil || !done.changed {
		return false, nil
	}
	simple := !done.said
	for _, s := range done.steps {
		simple = simple && s.What == ticket.Tagged
	}
	if !simple {
		t, gone, err := getTicket(ctx, tx, f.ID)
		if err != nil || gone {
			return gone, err
		}
		*f, err = ticket.FactsOf(ctx, tx, t)
		return false, err
	}
	for _, s := range done.steps {
		if s.From != "" {
			f.Tags = slices.DeleteFunc(f.Tags, func(tag string) bool { return tag == s.From })
		} else {
			f.Tags = append(f.Tags, s.To)
		}
	}
	return false, nil
}

// fits asks a rule's condition with its owner's eyes. A condition or an owner that is no good is a failure of the rule.
func (g *Engine) fits(ctx context.Context, tx *db.Tx, x trigger, f *ticket.Facts) (bool, person.Actor, error) {
	if x.condition.RulesOut(f) {
		return false, person.Nobody, nil
	}
	owner, err := g.owner(ctx, tx, x.OwnerID)
	if err != nil {
		return false, owner, g.failed(ctx, tx, x, f.ID, err)
	}
	ok, err := ticket.Holds(ctx, tx, owner, f, x.condition)
	if err != nil {
		return false, owner, g.failed(ctx, tx, x, f.ID, err)
	}
	return ok, owner, nil
}

// ownerNote remembers for a transaction who somebody is.
type ownerNote int64

// owner gives the rights with which a rule acts.
func (g *Engine) owner(ctx context.Context, tx *db.Tx, id int64) (person.Actor, error) {
	if a, ok := tx.Notes()[ownerNote(id)].(person.Actor); ok {
		return a, nil
	}
	a, err := person.ActorOf(ctx, tx, id)
	if errors.Is(err, db.ErrNoRow) || err == nil && !person.Can(a, person.ManageRules, person.Thing{}) {
		return a, fault.Denied(i18n.M("Whoever saved this rule last may not manage rules any more, so it cannot act for them. Somebody else has to save it."))
	}
	if err == nil {
		tx.Notes()[ownerNote(id)] = a
	}
	return a, err
}

// attempt has a rule act on a ticket, unless a guard holds it back; then there is no work. What it did is undone when it fails.
func (g *Engine) attempt(ctx context.Context, tx *db.Tx, x trigger, owner person.Actor, m moment, t ticket.Ticket) (*work, error) {
	ctx, free, err := g.guard(ctx, tx, x, m, t)
	if err != nil || !free {
		return nil, err
	}
	if err := tx.Lock(ctx, "ticket", t.ID); err != nil { // here, so that it outlives the savepoint
		return nil, err
	}
	work := &work{engine: g, x: x, owner: owner, m: m, by: ticket.By{Actor: owner, Rule: x.ID, Cause: causeOf(x)}}
	if err := tx.Try(ctx, func() error { return work.do(ctx, tx, t) }); err != nil {
		return nil, g.failed(ctx, tx, x, t.ID, err)
	}
	for _, h := range work.held {
		if err := g.noteHeld(ctx, tx, x, t, h); err != nil {
			return nil, err
		}
	}
	if !work.changed {
		return work, nil
	}
	if p, ok := tx.Notes()[paceNote{}].(*pace); ok {
		p.busy[x.ID]++
	}
	return work, g.note(ctx, tx, x, t.ID, runActed, "")
}

// causeOf is the cause that events of a rule have: its version, and which of its conditions set it going.
func causeOf(x trigger) string {
	return strconv.FormatInt(x.VersionID, 10) + "." + strconv.Itoa(x.part)
}

// mustEnd tells of errors that no rule is to blame for: the transaction ends with them, and may begin again.
func mustEnd(ctx context.Context, err error) bool {
	return db.WantsRetry(err) || ctx.Err() != nil
}
