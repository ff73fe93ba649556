package api

import (
	"context"
	"slices"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// Team is a group of staff that tickets belong to.
type Team struct {
	Slug    string `json:"slug" doc:"What a ticket's team is called in calls and filters." example:"network"`
	Name    string `json:"name"`
	Private bool   `json:"private" doc:"Its tickets exist for its members only."`
}

// Mailbox is an address of the desk.
type Mailbox struct {
	Address string `json:"address"`
	Name    string `json:"name"`
	Team    string `json:"team" doc:"The short name of the team that its tickets come to."`
	Active  bool   `json:"active"`

	id, teamID int64
}

type nothing struct{}

type bodyOf[T any] struct{ Body T }

func (s *server) listTeams(ctx context.Context, _ *nothing) (*bodyOf[Page[Team]], error) {
	out := &bodyOf[Page[Team]]{}
	return out, s.read(ctx, func(tx *db.Tx, a person.Actor) error {
		teams, err := person.VisibleTeams(ctx, tx, a)
		out.Body.Items = make([]Team, len(teams))
		for i, t := range teams {
			out.Body.Items[i] = Team{Slug: t.Slug, Name: t.Name, Private: t.Private}
		}
		return err
	})
}

func (s *server) listMailboxes(ctx context.Context, _ *nothing) (*bodyOf[Page[Mailbox]], error) {
	out := &bodyOf[Page[Mailbox]]{}
	return out, s.read(ctx, func(tx *db.Tx, a person.Actor) (err error) {
		out.Body.Items, err = mailboxes(ctx, tx, a)
		return err
	})
}

// mailboxes lists those whose team the actor may know of. There are never many.
func mailboxes(ctx context.Context, tx *db.Tx, a person.Actor) ([]Mailbox, error) {
	type row struct {
		ID      int64
		Address string
		Name    string
		TeamID  int64
		Slug    string
		Active  bool
	}
	rows, err := db.All[row](ctx, tx, `SELECT m.id, m.address, m.name, m.team_id, t.slug, m.active FROM mailbox m JOIN team t ON t.id = m.team_id ORDER BY m.address`)
	out := []Mailbox{}
	for _, r := range rows {
		if !slices.Contains(a.Hidden, r.TeamID) {
			out = append(out, Mailbox{Address: r.Address, Name: r.Name, Team: r.Slug, Active: r.Active, id: r.ID, teamID: r.TeamID})
		}
	}
	return out, err
}

func mailboxByAddress(ctx context.Context, tx *db.Tx, a person.Actor, address string) (Mailbox, error) {
	all, err := mailboxes(ctx, tx, a)
	for _, m := range all {
		if m.Address == person.FoldAddress(address) {
			return m, nil
		}
	}
	if err == nil {
		err = fault.Invalid(fault.F("mailbox", i18n.M("The desk has no mailbox “{{.Address}}”.", "Address", address)))
	}
	return Mailbox{}, err
}
