package automation

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/macro"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// work is one rule acting on one ticket.
type work struct {
	engine *Engine
	x      trigger
	owner  person.Actor
	m      moment
	by     ticket.By

	filler  *macro.Filler
	changed bool          // something was done
	said    bool          // and that was more than steps tell
	steps   []ticket.Step // of the ticket itself
	held    []i18n.Text   // what was not done, and why
}

// do does what the rule says, in its order.
func (w *work) do(ctx context.Context, tx *db.Tx, t ticket.Ticket) error {
	var batch []ticket.Action
	flush := func() error {
		if len(batch) == 0 {
			return nil
		}
		done, err := w.engine.Desk.Apply(ctx, tx, w.by, t.ID, batch)
		w.changed, w.steps, batch = w.changed || done.Changed(), append(w.steps, done.Steps...), nil
		return err
	}
	for _, d := range w.x.Definition.Then {
		if a, plain, err := actionOf(ctx, tx, w.owner, d); err != nil {
			return err
		} else if plain {
			batch = append(batch, a)
			continue
		}
		if err := flush(); err != nil {
			return err
		}
		if err := w.deed(ctx, tx, d, t); err != nil {
			return err
		}
	}
	return flush()
}

func (w *work) deed(ctx context.Context, tx *db.Tx, d Deed, t ticket.Ticket) error {
	w.said = true
	switch d.Do {
	case Note:
		filled, err := w.fill(ctx, tx, d, t)
		if err != nil {
			return err
		}
		w.changed = true
		_, err = w.engine.Desk.Note(ctx, tx, w.by, t.ID, ticket.Draft{Text: filled.Text, Automatic: true, Channel: ticket.ByDesk})
		return err
	case Reply:
		return w.reply(ctx, tx, d, t)
	case Notify:
		return w.notify(ctx, tx, d, t)
	case Webhook:
		w.changed = true
		return w.engine.queueHook(ctx, tx, w.x, w.m, d.Value, t.ID)
	}
	return nil
}

// actionOf gives a deed that a ticket knows by itself; plain is false for any other.
func actionOf(ctx context.Context, tx *db.Tx, owner person.Actor, d Deed) (a ticket.Action, plain bool, err error) {
	a.Value = d.Value
	switch d.Do {
	case SetStatus, SetPriority, SetKind, SetSubject, Tag, Untag, Snooze, Wake, Trash:
		a.Do = ticket.Deed(d.Do)
		return a, true, nil
	case MoveTo:
		a.Do = ticket.DoMove
		team, err := person.TeamBySlug(ctx, tx, owner, strings.ToLower(d.Value))
		a.Value = strconv.FormatInt(team.ID, 10)
		return a, true, err
	case Assign, Follow, Unfollow:
		a.Do = map[Do]ticket.Deed{Assign: ticket.DoAssign, Follow: ticket.DoFollow, Unfollow: ticket.DoUnfollow}[d.Do]
		switch {
		case strings.EqualFold(d.Value, theOwner):
			a.Value = "me"
			return a, true, nil
		case d.Do == Assign && strings.EqualFold(d.Value, nobody):
			a.Value = nobody
			return a, true, nil
		}
		id, err := somebody(ctx, tx, d.Value)
		a.Value = strconv.FormatInt(id, 10)
		return a, true, err
	}
	return a, false, nil
}

// somebody finds a person by an address, who must be there.
func somebody(ctx context.Context, tx *db.Tx, address string) (int64, error) {
	id, err := personID(ctx, tx, address)
	if err == nil && id == 0 {
		err = fault.Invalid(fault.F("person", i18n.M("Nobody here has the address {{.Address}}.", "Address", address)))
	}
	return id, err
}

// fill gives the text of a deed with its variables. What is not known of the ticket is left out.
func (w *work) fill(ctx context.Context, tx *db.Tx, d Deed, t ticket.Ticket) (macro.Filled, error) {
	m := macro.Macro{Texts: map[string]string{i18n.Match("", w.owner.Language): d.Text}}
	var err error
	if d.Macro != 0 {
		if m, err = macro.Get(ctx, tx, w.owner, d.Macro); err != nil {
			return macro.Filled{}, err
		}
	}
	if w.filler == nil {
		if w.filler, err = macro.NewFiller(ctx, tx, w.owner, t, w.engine.zone()); err != nil {
			return macro.Filled{}, err
		}
	}
	filled := w.filler.Fill(ctx, m)
	for _, hole := range filled.Missing {
		filled.Text, filled.HTML = without(filled.Text, hole), without(filled.HTML, hole)
	}
	if strings.TrimSpace(filled.Text) == "" {
		err = fault.Invalid(fault.F("text", i18n.M("The macro has no text.")))
	}
	return filled, err
}

// without takes a hole out of a text, with the space before it.
func without(text, hole string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, " "+hole, ""), hole, "")
}

// reply writes to the requester as a program does: it is no answer of somebody, waits for none, and wakes nothing.
func (w *work) reply(ctx context.Context, tx *db.Tx, d Deed, t ticket.Ticket) error {
	program, err := db.Exists(ctx, tx, `SELECT 1 FROM message WHERE ticket_id = $1 AND inbound AND automatic AND created_at = $2 LIMIT 1`, t.ID, tx.Now)
	if err != nil {
		return err
	}
	if program {
		w.held = append(w.held, i18n.M("It did not answer, because a program wrote the message."))
		return nil
	}
	to, err := db.All[ticket.Recipient](ctx, tx, `SELECT p.id AS person_id, coalesce(w.address, a.address) AS address FROM person p JOIN person_address a ON a.person_id = p.id AND a.first
		LEFT JOIN answer_address w ON w.ticket_id = $1 AND w.person_id = p.id WHERE p.id = $2 AND p.active AND p.merged_into IS NULL`, t.ID, t.RequesterID)
	if err != nil {
		return err
	}
	if len(to) == 0 {
		w.held = append(w.held, i18n.M("It did not answer, because the requester has no address."))
		return nil
	}
	filled, err := w.fill(ctx, tx, d, t)
	if err != nil {
		return err
	}
	if w.engine.MayMail != nil {
		may, err := w.engine.MayMail(ctx, tx, to[0].Address)
		if err != nil {
			return err
		}
		if !may {
			w.held = append(w.held, i18n.M("It did not answer: {{.Address}} has had as many automatic mails as it may, or more people write at once than usual.", "Address", to[0].Address))
			return nil
		}
	}
	w.changed = true
	_, err = w.engine.Desk.Reply(ctx, tx, w.by, t.ID, ticket.Draft{Text: filled.Text, HTML: filled.HTML, Automatic: true, Recipients: &ticket.Recipients{To: to}}, "")
	return err
}

// notify tells people at the desk. Whoever may not see the ticket is not told; Notify takes care of that.
func (w *work) notify(ctx context.Context, tx *db.Tx, d Deed, t ticket.Ticket) error {
	t, gone, err := getTicket(ctx, tx, t.ID) // as the deeds before left it
	if err != nil || gone {
		return err
	}
	people, err := peopleOf(ctx, tx, w.owner, d.To, t)
	if err != nil {
		return err
	}
	text := ""
	if d.Text != "" {
		filled, err := w.fill(ctx, tx, d, t)
		if err != nil {
			return err
		}
		text = filled.Text
	}
	if len(people) == 0 || w.engine.Notify == nil {
		return nil
	}
	w.changed = true
	return w.engine.Notify(ctx, tx, t, w.x.ID, w.x.Name, people, text)
}

// peopleOf finds those who are to be told, each once.
func peopleOf(ctx context.Context, tx *db.Tx, owner person.Actor, to []string, t ticket.Ticket) ([]int64, error) {
	var out []int64
	for _, who := range to {
		var ids []int64
		var err error
		team, isTeam := strings.CutPrefix(strings.ToLower(who), teamPrefix)
		switch {
		case strings.EqualFold(who, theOwner):
			ids = []int64{owner.ID}
		case strings.EqualFold(who, theAssignee):
			ids = []int64{t.AssigneeID}
		case strings.EqualFold(who, theTeam):
			ids, err = person.Members(ctx, tx, t.TeamID)
		case isTeam:
			found, err := person.TeamBySlug(ctx, tx, owner, team)
			if err != nil {
				return nil, err
			}
			if ids, err = person.Members(ctx, tx, found.ID); err != nil {
				return nil, err
			}
		default:
			var id int64
			id, err = somebody(ctx, tx, who)
			ids = []int64{id}
		}
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			if id != 0 && !slices.Contains(out, id) {
				out = append(out, id)
			}
		}
	}
	return out, nil
}
