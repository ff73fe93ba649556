package automation

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/job"
	"goodturn/internal/ticket"
)

// The guards. What they hold back is said on the rule's page and to its owner.
const (
	maxDepth  = 10  // rules that lead to each other
	maxHour   = 10  // times that a rule acts on one ticket within an hour
	maxMinute = 200 // tickets that a rule acts on within a minute before the rest is done later, in parts
)

// chain is which rules led to what happens now.
type chain struct {
	rules  []link
	calmly bool // it is work that was put off, which the guard of the minute has seen
}

type link struct{ rule, ticket int64 }

type chainKey struct{}

func chainOf(ctx context.Context) chain {
	c, _ := ctx.Value(chainKey{}).(chain)
	return c
}

// onceNote remembers for a transaction that a rule acted on a ticket.
type onceNote link

// guard tells whether a rule may act now. The context that it gives knows that it did.
func (g *Engine) guard(ctx context.Context, tx *db.Tx, x trigger, m moment, t ticket.Ticket) (context.Context, bool, error) {
	c := chainOf(ctx)
	here := link{x.ID, t.ID}
	if _, done := tx.Notes()[onceNote(here)]; done || slices.Contains(c.rules, here) {
		if len(c.rules) == 0 { // two things happened at once, and it has answered to one
			return ctx, false, nil
		}
		return ctx, false, g.noteHeld(ctx, tx, x, t, i18n.M("It led to itself: what it did set it going again."))
	}
	if len(c.rules) >= maxDepth {
		return ctx, false, g.noteHeld(ctx, tx, x, t, i18n.M("{{.Count}} rules had led to each other before it.", "Count", maxDepth))
	}
	p, err := g.pace(ctx, tx, t.ID)
	if err != nil {
		return ctx, false, err
	}
	if p.often[here] >= maxHour {
		return ctx, false, g.noteHeld(ctx, tx, x, t, i18n.M("It has acted on this ticket {{.Count}} times within an hour.", "Count", maxHour))
	}
	if p.busy[x.ID] >= maxMinute && !c.calmly {
		return ctx, false, g.putOff(ctx, tx, x, m, t)
	}
	tx.Notes()[onceNote(here)] = true
	c.rules = append(slices.Clip(c.rules), here)
	return context.WithValue(ctx, chainKey{}, c), true, nil
}

// pace is how much rules did lately, as a transaction knows it.
type pace struct {
	asked map[int64]bool // tickets
	often map[link]int   // within an hour
	busy  map[int64]int  // within a minute
}

type paceNote struct{}

// pace counts what rules did lately: all of them in one question, once a transaction and once a ticket.
func (g *Engine) pace(ctx context.Context, tx *db.Tx, ticketID int64) (*pace, error) {
	type count struct {
		RuleID int64
		N      int
	}
	p, ok := tx.Notes()[paceNote{}].(*pace)
	if !ok {
		p = &pace{asked: map[int64]bool{}, often: map[link]int{}, busy: map[int64]int{}}
		rows, err := db.All[count](ctx, tx, `SELECT rule_id, count(*) AS n FROM rule_run WHERE at > $1 AND outcome = 'acted' GROUP BY rule_id`, tx.Now.Add(-time.Minute))
		if err != nil {
			return nil, err
		}
		for _, c := range rows {
			p.busy[c.RuleID] = c.N
		}
		tx.Notes()[paceNote{}] = p
	}
	if p.asked[ticketID] {
		return p, nil
	}
	p.asked[ticketID] = true
	rows, err := db.All[count](ctx, tx, `SELECT rule_id, count(*) AS n FROM rule_run WHERE ticket_id = $1 AND at > $2 AND outcome = 'acted' GROUP BY rule_id`, ticketID, tx.Now.Add(-time.Hour))
	for _, c := range rows {
		p.often[link{c.RuleID, ticketID}] = c.N
	}
	return p, err
}

// Work that was put off: so much at a time, so far apart.
const (
	calmJob   = "rule.calm"
	calmPart  = 50
	calmPause = 15 * time.Second
)

type calmArgs struct {
	Rule int64 `json:"rule"`
}

// putOff keeps what a rule would do for later.
func (g *Engine) putOff(ctx context.Context, tx *db.Tx, x trigger, m moment, t ticket.Ticket) error {
	raw, err := json.Marshal(waiting{moment: m, Part: x.part})
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO rule_wait (rule_id, ticket_id, event, at) VALUES ($1, $2, $3, $4)`, x.ID, t.ID, string(raw), tx.Now); err != nil {
		return err
	}
	if err := g.Queue.Insert(ctx, tx, job.Job{Kind: calmJob, Args: calmArgs{x.ID}, Unique: calmJob + " " + strconv.FormatInt(x.ID, 10), At: tx.Now.Add(calmPause)}); err != nil {
		return err
	}
	return g.tellOwner(ctx, tx, x, i18n.M("It would have acted on more than {{.Count}} tickets within a minute. The rest is done a little at a time; nothing is lost.", "Count", maxMinute))
}

// waiting is what was put off.
type waiting struct {
	moment
	Part int `json:"part,omitempty"`
}

// calm is the job that does what was put off, in the order in which it came.
func (g *Engine) calm(ctx context.Context, args json.RawMessage) error {
	var a calmArgs
	if err := json.Unmarshal(args, &a); err != nil {
		return job.Permanent(err)
	}
	more := false
	err := g.DB.Write(ctx, func(tx *db.Tx) error {
		type item struct {
			ID, TicketID int64
			Event        string
		}
		items, err := db.All[item](ctx, tx, `DELETE FROM rule_wait WHERE id IN (SELECT id FROM rule_wait WHERE rule_id = $1 ORDER BY id LIMIT $2) RETURNING id, ticket_id, event`, a.Rule, calmPart)
		if err != nil {
			return err
		}
		slices.SortFunc(items, func(x, y item) int { return int(min(max(x.ID-y.ID, -1), 1)) })
		s, err := g.current(ctx, tx)
		if err != nil {
			return err
		}
		r, on := s.rules[a.Rule]
		if !on { // switched off meanwhile
			_, err := tx.Exec(ctx, `DELETE FROM rule_wait WHERE rule_id = $1`, a.Rule)
			return err
		}
		ctx := context.WithValue(ctx, chainKey{}, chain{calmly: true})
		for _, i := range items {
			var w waiting
			if err := json.Unmarshal([]byte(i.Event), &w); err != nil {
				return job.Permanent(err)
			}
			if err := g.actOn(ctx, tx, trigger{armed: r, part: min(w.Part, len(r.Definition.When)-1), on: w.On}, w.moment, i.TicketID); err != nil {
				return err
			}
		}
		more, err = db.Exists(ctx, tx, `SELECT 1 FROM rule_wait WHERE rule_id = $1 LIMIT 1`, a.Rule)
		return err
	})
	if err == nil && more {
		return job.After(calmPause, errMore)
	}
	return err
}

// actOn asks a rule about one ticket and has it act.
func (g *Engine) actOn(ctx context.Context, tx *db.Tx, x trigger, m moment, ticketID int64) error {
	t, gone, err := getTicket(ctx, tx, ticketID)
	if err != nil || gone {
		return err
	}
	facts, err := ticket.FactsOf(ctx, tx, t)
	if err != nil {
		return err
	}
	fits, owner, err := g.fits(ctx, tx, x, &facts)
	if err != nil || !fits {
		return err
	}
	_, err = g.attempt(ctx, tx, x, owner, m, t)
	return err
}
