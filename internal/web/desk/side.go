package desk

import (
	"context"
	"slices"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/ui"
)

// side fills what stands beside a conversation: who asks, and what is set.
func (d *Desk) side(ctx context.Context, l *look, t ticket.Ticket) (Side, error) {
	s := Side{Statuses: texts(choosable(t)), Priorities: texts(ticket.Priorities()), Kinds: texts(ticket.Kinds()), AllURL: personURL(t.RequesterID)}
	var err error
	if s.Person, err = d.sidePerson(ctx, l, t); err != nil {
		return s, err
	}
	if s.Teams, s.Team, err = d.teamChoices(ctx, l, t.TeamID); err != nil {
		return s, err
	}
	if s.Agents, s.Assignee, err = d.agentChoices(ctx, l, t); err != nil {
		return s, err
	}
	if s.Tags, err = ticket.Tags(ctx, l.tx, t.ID); err != nil {
		return s, err
	}
	followers, err := ticket.Followers(ctx, l.tx, t.ID)
	if err != nil {
		return s, err
	}
	for _, f := range followers {
		s.Followers = append(s.Followers, Follower{Value: decimal(f.ID), Name: orElse(f.Name, f.Address)})
	}
	if s.Line, err = d.lineSide(ctx, l, t); err != nil {
		return s, err
	}
	if s.Afterwards, err = saidOf(ctx, l, t); err != nil {
		return s, err
	}
	if s.Promises, err = d.promiseLines(ctx, l, t); err != nil {
		return s, err
	}
	if s.Known, err = knownFacts(ctx, l, t); err != nil {
		return s, err
	}
	asked, err := askingOf(ctx, l.tx, []int64{t.ID})
	if err != nil {
		return s, err
	}
	s.Asking = asked[t.ID]
	if s.Outage, err = d.outageOf(ctx, l, t); err != nil {
		return s, err
	}
	if s.Links, err = links(ctx, l, t); err != nil {
		return s, err
	}
	earlier, err := ticketsOf(ctx, l, t.RequesterID, t.ID, earlierTickets)
	s.Earlier = earlier
	return s, err
}

const earlierTickets = 5

// choosable are the statuses that a ticket can be given: what has been seen is never new again.
func choosable(t ticket.Ticket) []ticket.Status {
	if t.Status == ticket.StatusNew {
		return ticket.Statuses()
	}
	return ticket.Statuses()[1:]
}

func texts[T ~string](all []T) []string {
	out := make([]string, len(all))
	for i, v := range all {
		out[i] = string(v)
	}
	return out
}

func personURL(id int64) string { return "/people/" + decimal(id) }

func (d *Desk) sidePerson(ctx context.Context, l *look, t ticket.Ticket) (SidePerson, error) {
	p, err := person.Get(ctx, l.tx, t.RequesterID)
	if err != nil {
		return SidePerson{}, err
	}
	s := SidePerson{Name: orElse(p.Name, p.Address), URL: personURL(p.ID), Zone: clockOf(ctx, p.Zone), Language: languageOf(ctx, p.Language)}
	if s.Note, err = noteOf(ctx, l.tx, p.ID); err != nil {
		return s, err
	}
	s.Note.Ticket = t.ID
	if s.Addresses, err = addressesOf(ctx, l.tx, p.ID); err != nil {
		return s, err
	}
	if p.OrganisationID != 0 {
		o, err := person.OrganisationByID(ctx, l.tx, p.OrganisationID)
		if err != nil {
			return s, err
		}
		s.Organisation = o.Name
	}
	s.Summary, err = ticketSum(ctx, l, p.ID)
	return s, err
}

func addressesOf(ctx context.Context, tx *db.Tx, id int64) ([]Address, error) {
	all, err := person.Addresses(ctx, tx, id)
	var out []Address
	for _, a := range all {
		out = append(out, Address{Address: a.Address, Proven: a.VerifiedAt != 0, Bouncing: a.BouncedAt != 0, Primary: a.First})
	}
	return out, err
}

// clockOf is where somebody lives by their time zone, and the time there when it is another than the reader's; "" when it
// is not known.
func clockOf(ctx context.Context, zone string) string {
	if zone == "" {
		return ""
	}
	where, err := time.LoadLocation(zone)
	if err != nil {
		return ""
	}
	now := time.Now()
	if offset(now.In(where)) == offset(now.In(i18n.ZoneOf(ctx))) {
		return cityOf(zone)
	}
	there := i18n.With(ctx, i18n.LangOf(ctx), where)
	return i18n.T(ctx, "{{.Place}}, {{.Time}} there", "Time", i18n.Clock(there, now), "Place", cityOf(zone))
}

// languageOf names the language that somebody reads, when it is another than the reader's.
func languageOf(ctx context.Context, code string) string {
	for _, l := range i18n.Languages() {
		if l.Code == code && code != i18n.LangOf(ctx) {
			return l.Name
		}
	}
	return ""
}

func offset(t time.Time) int {
	_, seconds := t.Zone()
	return seconds
}

// sumBound is where counting the tickets of one person stops.
const sumBound = 100

// ticketSum counts what somebody asked this year, by the reader's calendar: "5 tickets this year, 4 solved". Counting stops
// at a hundred.
func ticketSum(ctx context.Context, l *look, id int64) (string, error) {
	now := time.Now().In(i18n.ZoneOf(ctx))
	year := clock.From(time.Date(now.Year(), time.January, 1, 0, 0, 0, 0, now.Location()))
	args := db.Args{id, sumBound, year}
	type sum struct{ All, Done int }
	n, err := db.One[sum](ctx, l.tx, `SELECT count(*) AS "all", count(*) FILTER (WHERE NOT x.is_open) AS done FROM (SELECT t.is_open FROM ticket t
		WHERE t.requester_id = $1 AND t.created_at >= $3 AND t.turn NOT IN ('suspect', 'spam', 'merged', 'trash')
		AND `+person.Visible(l.visit.Actor, person.SeeTicket, &args)+` ORDER BY t.activity_at DESC LIMIT $2) AS x`, args...)
	switch {
	case err != nil:
		return "", err
	case n.All >= sumBound:
		return i18n.T(ctx, "{{.Count}} tickets or more this year", "Count", n.All), nil
	case n.All == 0:
		return i18n.T(ctx, "no ticket yet this year"), nil
	case n.Done == 0:
		return i18n.N(ctx, "{{.Count}} ticket this year", "{{.Count}} tickets this year", n.All), nil
	}
	return i18n.N(ctx, "{{.Count}} ticket this year, {{.Solved}} solved", "{{.Count}} tickets this year, {{.Solved}} solved", n.All, "Solved", n.Done), nil
}

// ticketsOf are the newest tickets of somebody that the visitor may see, but one; and how those that are done ended.
func ticketsOf(ctx context.Context, l *look, requester, but int64, limit int) ([]EarlierTicket, error) {
	type row struct {
		ID        int64
		Subject   string
		Status    string
		CreatedAt clock.Instant
		Solver    string
		Answer    string
	}
	args := db.Args{requester, but, limit, ticket.StatusChanged}
	rows, err := db.All[row](ctx, l.tx, `SELECT t.id, t.subject, t.status, t.created_at,
		CASE WHEN t.is_open THEN '' ELSE coalesce((SELECT p.name FROM event e LEFT JOIN person p ON p.id = e.person_id WHERE e.ticket_id = t.id AND e.what = $4 AND e.to_value IN ('solved', 'closed') ORDER BY e.id DESC LIMIT 1), '') END AS solver,
		CASE WHEN t.is_open THEN '' ELSE coalesce((SELECT substr(m.text, 1, 400) FROM message m WHERE m.ticket_id = t.id AND NOT m.internal AND NOT m.inbound AND NOT m.automatic ORDER BY m.seq DESC LIMIT 1), '') END AS answer
		FROM ticket t WHERE t.requester_id = $1 AND t.id <> $2 AND t.turn NOT IN ('suspect', 'spam', 'merged', 'trash')
		AND `+person.Visible(l.visit.Actor, person.SeeTicket, &args)+` ORDER BY t.activity_at DESC, t.id DESC LIMIT $3`, args...)
	var out []EarlierTicket
	for _, r := range rows {
		out = append(out, EarlierTicket{Number: r.ID, Subject: r.Subject, Status: r.Status, At: r.CreatedAt, Solver: r.Solver, Answer: gist(r.Answer)})
	}
	return out, err
}

// teamChoices are the teams that the visitor may hand a ticket to, and the name of the one that has it.
func (d *Desk) teamChoices(ctx context.Context, l *look, chosen int64) (choices []ui.Choice, name string, err error) {
	teams, err := l.allTeams(ctx)
	for _, t := range teams {
		if t.ID == chosen {
			name = t.Name
		}
		choices = append(choices, ui.Choice{Value: t.Slug, Label: t.Name, Chosen: t.ID == chosen})
	}
	return choices, name, err
}

// agentChoices are those who may be given a ticket, nobody first, and the name of whoever has it.
func (d *Desk) agentChoices(ctx context.Context, l *look, t ticket.Ticket) (choices []ui.Choice, name string, err error) {
	staff, err := l.allStaff(ctx)
	if err != nil {
		return nil, "", err
	}
	var members []int64
	if t.TeamPrivate {
		if members, err = person.Members(ctx, l.tx, t.TeamID); err != nil {
			return nil, "", err
		}
	}
	choices = append(choices, ui.Choice{Label: i18n.T(ctx, "nobody"), Chosen: t.AssigneeID == 0})
	for _, a := range staff {
		if a.ID == t.AssigneeID {
			name = a.Name
		}
		if !t.TeamPrivate || slices.Contains(members, a.ID) || a.ID == t.AssigneeID {
			choices = append(choices, ui.Choice{Value: decimal(a.ID), Label: a.Name, Chosen: a.ID == t.AssigneeID})
		}
	}
	if t.AssigneeID != 0 && name == "" {
		// Somebody who no longer works here may still have it.
		p, err := person.Get(ctx, l.tx, t.AssigneeID)
		if err != nil {
			return nil, "", err
		}
		name = p.Name
		choices = append(choices, ui.Choice{Value: decimal(p.ID), Label: p.Name, Chosen: true})
	}
	return choices, name, markAway(ctx, l, choices)
}

// followerAddresses are those to which copies go.
func followerAddresses(ctx context.Context, tx *db.Tx, ticketID int64) ([]string, error) {
	return db.All[string](ctx, tx, `SELECT a.address FROM follower f JOIN person p ON p.id = f.person_id JOIN person_address a ON a.person_id = p.id AND a.first
		WHERE f.ticket_id = $1 AND p.active ORDER BY p.name, p.id`, ticketID)
}

// suggestedTags are the tags of the tickets in sight that this one does not have.
func suggestedTags(rows []ListRow, have []string) []string {
	var out []string
	for _, r := range rows {
		for _, t := range r.Tags {
			if !slices.Contains(have, t) && !slices.Contains(out, t) {
				out = append(out, t)
			}
		}
	}
	slices.Sort(out)
	return out
}
