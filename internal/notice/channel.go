package notice

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/job"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// What a channel is told beside what people are.
const (
	Came   Kind = "came"   // a ticket came, or came to the team
	Raised Kind = "raised" // a ticket became urgent
	Done   Kind = "done"   // a ticket was solved
)

// ChannelKinds lists what a team's channel can be told, in the order in which it is offered.
func ChannelKinds() []Kind {
	return []Kind{Came, Raised, Warned, Breached, Answered, Back, Assigned, Done}
}

// ChannelLabel names a kind for choosing what a channel is told.
func (k Kind) ChannelLabel(ctx context.Context) string {
	switch k {
	case Came:
		return i18n.T(ctx, "A ticket comes")
	case Raised:
		return i18n.T(ctx, "A ticket becomes urgent")
	case Warned:
		return i18n.T(ctx, "A promise is in danger")
	case Breached:
		return i18n.T(ctx, "A promise was not kept")
	case Answered:
		return i18n.T(ctx, "A requester answers")
	case Back:
		return i18n.T(ctx, "A ticket that was done comes back")
	case Assigned:
		return i18n.T(ctx, "Somebody takes a ticket, or is given one")
	}
	return i18n.T(ctx, "A ticket is solved")
}

const channelJob = "notice_channel"

type hookArgs struct {
	Hook int64 `json:"hook"`
}

// channelKind is what an event is to a channel, or "".
func channelKind(e ticket.Event, t ticket.Ticket, m *ticket.Message) Kind {
	switch e.What {
	case ticket.Messaged:
		switch {
		case m == nil || m.Seq > 1 && (!m.Inbound || m.Automatic):
		case m.Seq == 1:
			return Came
		default:
			return Answered
		}
	case ticket.TeamChanged:
		return Came
	case ticket.SplitOff:
		if e.FromValue != "" {
			return Came
		}
	case ticket.PriorityChanged:
		if e.ToValue == string(ticket.Urgent) {
			return Raised
		}
	case ticket.Warned:
		return Warned
	case ticket.Breached:
		return Breached
	case ticket.Assigned:
		if e.ToValue != "" {
			return Assigned
		}
	case ticket.StatusChanged:
		from, to := ticket.Status(e.FromValue), ticket.Status(e.ToValue)
		switch {
		case to == ticket.Solved:
			return Done
		case !from.IsOpen() && to == ticket.Open && e.PersonID == t.RequesterID:
			return Back
		}
	}
	return ""
}

// Channels is a hook for the end of the transaction: it notes what the channels of teams are to be told. A private team's tickets are
// told to its own channels alone.
func (c *Center) Channels() ticket.Hook {
	return func(ctx context.Context, tx *db.Tx, e ticket.Event, t ticket.Ticket, m *ticket.Message) error {
		kind := channelKind(e, t, m)
		if kind == "" || m != nil && m.CreatedAt != tx.Now || c.Out == nil {
			return nil
		}
		hooks, err := db.All[Hook](ctx, tx, `SELECT `+hookColumns+hookFrom+`WHERE h.team_id IS NOT NULL AND h.active AND (h.team_id = $1 OR h.everywhere AND NOT $2)`, t.TeamID, t.TeamPrivate)
		if err != nil {
			return err
		}
		var facts *ticket.Facts
		for _, h := range hooks {
			if !h.Tells(kind) {
				continue
			}
			if h.Filter != "" {
				if facts == nil {
					f, err := ticket.FactsOf(ctx, tx, t)
					if err != nil {
						return err
					}
					facts = &f
				}
				if ok, err := holds(ctx, tx, facts, h.Filter); err != nil || !ok {
					if err != nil {
						return err
					}
					continue
				}
			}
			if err := c.line(ctx, tx, h, kind, e, t); err != nil {
				return err
			}
		}
		return nil
	}
}

// line notes one thing for one channel.
func (c *Center) line(ctx context.Context, tx *db.Tx, h Hook, kind Kind, e ticket.Event, t ticket.Ticket) error {
	var by any
	switch who := idOf(e.ToValue); {
	case kind == Assigned:
		by = who
	case e.PersonID != 0:
		by = e.PersonID
	}
	_, err := tx.Exec(ctx, `INSERT INTO chat_line (hook_id, ticket_id, kind, by_id, at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (hook_id, ticket_id, kind) DO UPDATE SET by_id = excluded.by_id, at = excluded.at, count = chat_line.count + 1`, h.ID, t.ID, kind, by, tx.Now)
	if err != nil {
		return err
	}
	at := max(clock.From(tx.Now.Time().Truncate(gather).Add(gather)), h.NextAt)
	return c.Queue.Insert(ctx, tx, job.Job{Kind: channelJob, Args: hookArgs{h.ID}, Unique: fmt.Sprintf("%s %d %d", channelJob, h.ID, at), At: at})
}

// channelLine is what waits for a channel.
type channelLine struct {
	Notice
	Allowed bool
}

// sayChannel is the job that tells a channel what waits for it.
func (c *Center) sayChannel(ctx context.Context, raw json.RawMessage) error {
	var args hookArgs
	if err := json.Unmarshal(raw, &args); err != nil {
		return job.Permanent(err)
	}
	var h keptHook
	var all []channelLine
	err := c.DB.Read(ctx, func(tx *db.Tx) (err error) {
		h, err = hookBy(ctx, tx, `WHERE h.id = $1`, args.Hook)
		if errors.Is(err, db.ErrNoRow) || err == nil && (h.NextAt > tx.Now || !h.Active) {
			return nil
		}
		if err != nil {
			return err
		}
		all, err = db.All[channelLine](ctx, tx, `SELECT l.id, l.ticket_id, t.subject, t.priority, l.kind, coalesce(l.by_id, 0) AS by_id, coalesce(p.name, '') AS by_name, l.count, l.at,
			t.trashed_at = 0 AND (t.team_id = $2 OR $3 AND NOT m.private) AS allowed
			FROM chat_line l JOIN ticket t ON t.id = l.ticket_id JOIN team m ON m.id = t.team_id LEFT JOIN person p ON p.id = l.by_id
			WHERE l.hook_id = $1 ORDER BY l.at, l.id LIMIT $4`, h.ID, h.TeamID, h.Everywhere, nowMost)
		return err
	})
	if err != nil || len(all) == 0 {
		return err
	}
	words := i18n.With(ctx, h.Language, c.zone(""))
	var s said
	count := 0
	for _, l := range all {
		if !l.Allowed { // it went to a team whose tickets are not told here
			continue
		}
		if count++; count <= chatMost {
			s.lines = append(s.lines, saidLine{about: l.About(), link: c.url(l.Path()), text: l.channelWords(words)})
		}
	}
	s.andMore(words, count-chatMost, c.url("/tickets?q=team:"+h.TeamSlug))
	if count > 0 {
		if why := c.post(ctx, h.Hook, h.Address, s); why != nil {
			return c.failed(ctx, h.Hook, why, job.Job{Kind: channelJob, Args: args})
		}
	}
	return c.DB.Write(ctx, func(tx *db.Tx) error {
		for _, l := range all {
			if _, err := tx.Exec(ctx, `DELETE FROM chat_line WHERE id = $1 AND at = $2`, l.ID, l.At); err != nil {
				return err
			}
		}
		if count == 0 {
			return nil
		}
		return c.arrived(ctx, tx, h.Hook)
	})
}

// channelWords say what happened, to everybody in a channel.
func (n Notice) channelWords(ctx context.Context) string {
	name := n.ByName
	if name == "" {
		name = i18n.T(ctx, "The desk")
	}
	switch n.Kind {
	case Came:
		return i18n.T(ctx, "a ticket of {{.Name}} came", "Name", name)
	case Raised:
		return i18n.T(ctx, "{{.Name}} made it urgent", "Name", name)
	case Assigned:
		return i18n.T(ctx, "{{.Name}} has it now", "Name", name)
	case Done:
		return i18n.T(ctx, "{{.Name}} solved it", "Name", name)
	}
	return n.times(ctx)
}

// holds asks a filter of a ticket.
func holds(ctx context.Context, tx *db.Tx, f *ticket.Facts, text string) (bool, error) {
	cond, err := ticket.NewCondition(text)
	if err != nil {
		return false, nil // it was good when it was saved; what it names may be gone
	}
	return ticket.Holds(ctx, tx, person.System, f, cond)
}
