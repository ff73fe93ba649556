package line

import (
	"context"
	"slices"
	"strconv"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/routing"
	"goodturn/internal/ticket"
)

// How somebody came before others who had waited longer.
const (
	Arrived = "arrived" // as a case of high priority
	Raised  = "raised"  // their priority was
	Taken   = "taken"   // somebody took or answered it though it was not next
)

// Ahead is one time that somebody was moved ahead.
type Ahead struct {
	ID, TicketID, TeamID int64
	At                   clock.Instant
	How                  string
	Urgent               bool
	Passed               int           // how many it came before
	ByID                 int64         // who did it; 0 for nobody
	RuleID               int64         // the rule that did it; 0 for none
	Reason               string        // one of Reasons, or "" for none given
	Due                  clock.Instant // where it stood in the line
	Rank                 int
	Since                clock.Instant
}

const aheadColumns = `id, ticket_id, team_id, at, how, urgent, passed, by_id, rule_id, reason, due, rank, since`

// Reasons are the words that can be given for taking something that was not next.
func Reasons() []string { return []string{"many", "quick", "present", "told"} }

// starter is the reason of what somebody new to the desk helps with; nobody has to give it.
const starter = "starter"

// ReasonWord says a reason in the reader's language; one that is none is "no reason given".
func ReasonWord(ctx context.Context, reason string) string {
	switch reason {
	case "many":
		return i18n.T(ctx, "it blocks many")
	case "quick":
		return i18n.T(ctx, "a quick one")
	case "present":
		return i18n.T(ctx, "the person is here")
	case "told":
		return i18n.T(ctx, "the boss asked")
	case starter:
		return i18n.T(ctx, "from the starter line")
	}
	return i18n.T(ctx, "no reason given")
}

// mostPassed is up to how many are counted that somebody came before.
const mostPassed = 1000

// passes notes when an event brings a ticket before others who have waited longer.
func (l *Line) passes(ctx context.Context, tx *db.Tx, e ticket.Event, t ticket.Ticket, m *ticket.Message, begins bool) error {
	a := Ahead{TicketID: t.ID, TeamID: t.TeamID, At: tx.Now, Urgent: t.Priority == ticket.Urgent, Due: orNever(t.DueAt), Rank: rank(t.Priority), Since: orNever(t.WaitingSince), ByID: e.PersonID, RuleID: e.RuleID}
	where := `t.waiting_since > 0 AND t.waiting_since < $4 AND (` + routing.Order + `) > ($2, $3, $4, $5)` // who asked before, and now comes after
	switch {
	case begins && a.Rank <= 1 && t.AssigneeID == 0:
		a.How, a.ByID = Arrived, 0
	case e.What == ticket.PriorityChanged && a.Rank < rank(ticket.Priority(e.FromValue)) && In(t) && t.AssigneeID == 0:
		a.How = Raised
	case e.What == ticket.Assigned && e.FromValue == "" && e.Actor == "person" && !asked(e.Cause) && t.WaitingSince != 0 && In(t),
		e.What == ticket.Messaged && m != nil && !m.Inbound && e.Actor == "person" && t.AssigneeID == 0:
		a.How = Taken
		where = `t.waiting_since > 0 AND (` + routing.Order + `) < ($2, $3, $4, $5)`
		if t.Channel == ticket.ByChat {
			a.Reason = "present"
		}
		if e.Cause == ticket.CauseStarter {
			a.Reason = starter
		}
	default:
		return nil
	}
	passed, err := db.One[int](ctx, tx, `SELECT count(*) FROM (SELECT 1 FROM ticket t WHERE t.assignee_id IS NULL AND t.team_id = $1 AND t.turn = 'ours' AND t.id <> $5 AND `+where+` LIMIT $6) AS n`,
		t.TeamID, a.Due, a.Rank, a.Since, t.ID, mostPassed)
	if err != nil || passed == 0 {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO line_ahead (ticket_id, team_id, at, how, urgent, due, rank, since, passed, by_id, rule_id, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		a.TicketID, a.TeamID, a.At, a.How, a.Urgent, a.Due, a.Rank, a.Since, passed, orNull(a.ByID), orNull(a.RuleID), a.Reason); err != nil {
		return err
	}
	if l.Desk == nil || a.How == Arrived {
		return nil
	}
	return l.Desk.Overtake(ctx, tx, ticket.By{Actor: person.Actor{ID: e.PersonID, System: e.Actor == "system"}, Rule: e.RuleID}, t.ID, passed, a.How, a.Reason)
}

// asked tells that somebody was given what was next for them.
func asked(cause string) bool {
	_, ok := routing.ReadReason(cause)
	return ok
}

func orNull(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}

// Before is how many came before somebody who had waited longer, by kind; who they are is never told.
type Before struct{ Urgent, Pressing, Taken int }

// BeforeOf counts who came before somebody since they wait for their team.
func BeforeOf(ctx context.Context, tx *db.Tx, t ticket.Ticket) (b Before, err error) {
	if !In(t) || t.AssigneeID != 0 || t.WaitingSince == 0 {
		return b, nil
	}
	rows, err := db.All[Ahead](ctx, tx, `SELECT `+aheadColumns+` FROM line_ahead WHERE team_id = $1 AND at >= $2 AND ticket_id <> $3 ORDER BY at DESC LIMIT 500`, t.TeamID, t.WaitingSince, t.ID)
	mine := queued{orNever(t.DueAt), rank(t.Priority), t.WaitingSince, t.ID}
	seen := map[int64]bool{}
	for _, a := range rows {
		theirs := queued{a.Due, a.Rank, a.Since, a.TicketID}
		switch {
		case seen[a.TicketID]:
			continue
		case a.How == Taken && mine.before(theirs):
			b.Taken++
		case a.How != Taken && a.Since > mine.since && theirs.before(mine) && a.Urgent:
			b.Urgent++
		case a.How != Taken && a.Since > mine.since && theirs.before(mine):
			b.Pressing++
		default:
			continue
		}
		seen[a.TicketID] = true
	}
	return b, err
}

// queued is where somebody stands.
type queued struct {
	due   clock.Instant
	rank  int
	since clock.Instant
	id    int64
}

func (q queued) before(o queued) bool {
	return slices.Compare([]int64{int64(q.due), int64(q.rank), int64(q.since), q.id}, []int64{int64(o.due), int64(o.rank), int64(o.since), o.id}) < 0
}

// Sentences say it, one for each kind.
func (b Before) Sentences(ctx context.Context) (out []string) {
	if b.Urgent > 0 {
		out = append(out, i18n.N(ctx, "{{.Count}} urgent case came before you.", "{{.Count}} urgent cases came before you.", b.Urgent))
	}
	if b.Pressing > 0 {
		out = append(out, i18n.N(ctx, "{{.Count}} more pressing case came before you.", "{{.Count}} more pressing cases came before you.", b.Pressing))
	}
	if b.Taken > 0 {
		out = append(out, i18n.N(ctx, "{{.Count}} request was taken out of turn.", "{{.Count}} requests were taken out of turn.", b.Taken))
	}
	return out
}

// Unexplained is the last time that somebody took this ticket before its turn today and gave no reason; the zero Ahead is none.
func Unexplained(ctx context.Context, tx *db.Tx, ticketID, personID int64) (Ahead, error) {
	all, err := db.All[Ahead](ctx, tx, `SELECT `+aheadColumns+` FROM line_ahead WHERE ticket_id = $1 ORDER BY id DESC LIMIT 1`, ticketID)
	if err != nil || len(all) == 0 || all[0].ByID != personID || all[0].Reason != "" || all[0].At < tx.Now-clock.Instant(24*3600*1000) {
		return Ahead{}, err
	}
	return all[0], nil
}

// Explain keeps the reason why somebody took a ticket before its turn, and writes it on the ticket's spine.
func (l *Line) Explain(ctx context.Context, tx *db.Tx, by ticket.By, ticketID int64, reason string) error {
	if !slices.Contains(Reasons(), reason) {
		return fault.Invalid(fault.F("value", i18n.M("Please choose one of the reasons.")))
	}
	if _, err := ticket.Get(ctx, tx, by.Actor, person.ChangeTicket, ticketID); err != nil {
		return err
	}
	a, err := Unexplained(ctx, tx, ticketID, by.ID)
	if err != nil || a.ID == 0 {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE line_ahead SET reason = $2 WHERE id = $1`, a.ID, reason); err != nil {
		return err
	}
	return l.Desk.Overtake(ctx, tx, by, ticketID, a.Passed, a.How, reason)
}

// AheadOf lists who came before others in some teams lately, the newest first. Who may see the teams may see them.
func AheadOf(ctx context.Context, tx *db.Tx, team int64, most int) ([]Ahead, error) {
	return db.All[Ahead](ctx, tx, `SELECT `+aheadColumns+` FROM line_ahead WHERE team_id = $1 ORDER BY at DESC LIMIT `+strconv.Itoa(most), team)
}
