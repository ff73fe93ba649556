package api

import (
	"context"

	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/sla"
	"goodturn/internal/ticket"
)

// Promise is one thing that is promised about time on a ticket.
type Promise struct {
	Promise   string `json:"promise" enum:"first_answer,next_answer,solve,team" doc:"What is promised: team is how long one team may have it."`
	Policy    int64  `json:"policy" doc:"The number of the policy that promises it."`
	State     string `json:"state" enum:"running,resting,ended"`
	Why       string `json:"why" doc:"Why it rests, or was not needed: pending, on_hold, done, aside, no_promise; empty otherwise."`
	Outcome   string `json:"outcome" enum:"waiting,kept,missed,void" doc:"missed also while it still runs; void when it was not needed in the end."`
	Target    int64  `json:"target" doc:"How long is promised, in milliseconds."`
	Used      int64  `json:"used" doc:"How much of it was counted up to since, in milliseconds."`
	Since     Time   `json:"since" doc:"From when it is in this state."`
	StartedAt Time   `json:"started_at"`
	DueAt     Time   `json:"due_at" doc:"null while it rests."`
	EndedAt   Time   `json:"ended_at"`
	MissedAt  Time   `json:"missed_at" doc:"When it was due that was not kept; null when it was."`
}

func (s *server) listPromises(ctx context.Context, in *ByNumber) (*bodyOf[Page[Promise]], error) {
	out := &bodyOf[Page[Promise]]{}
	return out, s.read(ctx, func(tx *db.Tx, a person.Actor) error {
		if _, err := ticket.Get(ctx, tx, a, person.SeeTicket, in.Number); err != nil {
			return err
		}
		all, err := sla.Clocks(ctx, tx, in.Number)
		out.Body.Items = []Promise{}
		for _, c := range all {
			out.Body.Items = append(out.Body.Items, Promise{
				Promise: string(c.Promise), Policy: c.PolicyID, State: string(c.State), Why: c.Why, Outcome: string(c.Outcome()), Target: c.Target, Used: c.Used,
				Since: Time(c.Since), StartedAt: Time(c.StartedAt), DueAt: Time(c.DueAt), EndedAt: Time(c.EndedAt), MissedAt: Time(c.BreachedAt),
			})
		}
		return err
	})
}
