package api

import (
	"context"

	"goodturn/internal/db"
	"goodturn/internal/outage"
	"goodturn/internal/person"
)

// Outage is something that does not work for many, or planned work.
type Outage struct {
	ID       int64  `json:"id"`
	Title    string `json:"title"`
	What     string `json:"what" doc:"More about it; may be empty."`
	Planned  bool   `json:"planned" doc:"It was announced as planned work."`
	State    string `json:"state" enum:"planned,open,over,cancelled"`
	Audience string `json:"audience" enum:"all,organisations,team" doc:"Whom it concerns; team is staff only."`
	People   int    `json:"people" doc:"How many people have it."`
	SinceAt  Time   `json:"since_at"`
	UntilAt  Time   `json:"until_at" doc:"When planned work ends; null for outages."`
	NextAt   Time   `json:"next_at" doc:"When the next news is promised; null when nothing is."`
	OverAt   Time   `json:"over_at"`
}

// pastOutages is how many outages that are over are listed.
const pastOutages = 50

func (s *server) listOutages(ctx context.Context, _ *nothing) (*bodyOf[Page[Outage]], error) {
	out := &bodyOf[Page[Outage]]{}
	return out, s.read(ctx, func(tx *db.Tx, a person.Actor) error {
		current, past, err := outage.List(ctx, tx, a, pastOutages)
		if err != nil {
			return err
		}
		all := append(current, past...)
		ids := make([]int64, len(all))
		for i, o := range all {
			ids[i] = o.ID
		}
		counts, err := outage.Counts(ctx, tx, ids)
		out.Body.Items = make([]Outage, len(all))
		for i, o := range all {
			out.Body.Items[i] = Outage{
				ID: o.ID, Title: o.Title, What: o.What, Planned: o.Planned, State: string(o.State), Audience: string(o.Audience), People: counts[o.ID].All(),
				SinceAt: Time(o.SinceAt), UntilAt: Time(o.UntilAt), NextAt: Time(o.NextAt), OverAt: Time(o.OverAt),
			}
		}
		return err
	})
}
