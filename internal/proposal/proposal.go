// Package proposal proposes who takes the open shifts of a team, and says how many are needed.
//
// What a proposal rests on is the rota as it is (package shift): open shifts, who is in the team with which skills, leave, the team's
// rules, what each has already; and what people wish for (Wishes). It is made in a job, since a large team takes seconds, by package rota;
// how many are needed comes of the team's tickets by package forecast (Outlook).
//
//	id, err := planner.Ask(ctx, tx, lead, team, week)   // a job makes it
//	p, err := proposal.Get(ctx, tx, lead, id)           // p.State, p.Result.Places, p.Result.Missing
//	taken, left, err := planner.Take(ctx, tx, lead, id, nil)
//
// Invariants: proposing changes no shift, and publishes nothing; taking asks for every conflict again and overrides none; only whoever plans
// the rota of a team learns of its proposals; what somebody wishes is seen by them and by who plans, and nothing adds up hours of a person
// for anybody else.
package proposal

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/job"
	"goodturn/internal/person"
	"goodturn/internal/rota"
	"goodturn/internal/shift"
)

// Planner makes proposals. The program builds one.
type Planner struct {
	DB    *db.DB
	Queue *job.Queue
	Rota  *shift.Rota
	Log   *slog.Logger
	// Hours gives the working hours of a team; nil: it is always open.
	Hours func(ctx context.Context, tx *db.Tx, teamID int64) (*calendar.Calendar, error)

	mu    sync.Mutex
	known map[int64]learned // what was learned of a team, for an hour
}

// State is how far a proposal is.
type State string

// The states.
const (
	Working State = "working"
	Ready   State = "ready"
	Failed  State = "failed"
	Taken   State = "taken"
	Dropped State = "dropped"
)

// Proposal is one proposal.
type Proposal struct {
	ID       int64
	TeamID   int64
	PersonID int64 // who asked for it
	FromAt   clock.Instant
	UntilAt  clock.Instant
	State    State
	Done     int    // of a hundred
	Result   Result `db:"-"`
	AskedAt  clock.Instant
	EndedAt  clock.Instant
}

// Result is what came of it.
type Result struct {
	Places  []Place
	Missing []Missing
	// Filled, Empty and EmptyAtLeast are hours of shifts: those proposed, those left, and those that are left in every rota.
	Filled, Empty, EmptyAtLeast time.Duration
	Gap                         float64 // by how many wished hours another rota could be better at most
	Cut                         bool
	People                      int // who were thought of
}

// Place is somebody for a shift.
type Place struct {
	ShiftID, PersonID int64
	Why               rota.Why
}

// Missing is shifts at the same time that nobody is proposed for.
type Missing struct {
	Shifts  []int64
	Fit     int
	Blocked []rota.Blocked
	Skills  []string
}

// URL is its page.
func (p Proposal) URL() string { return "/rota/proposals/" + strconv.FormatInt(p.ID, 10) }

// Span is the time that it is for.
func (p Proposal) Span() shift.Span { return shift.Span{From: p.FromAt, Until: p.UntilAt} }

type row struct {
	Proposal
	ResultText string
}

const columns = `id, team_id, person_id, from_at, until_at, state, done, result AS result_text, asked_at, ended_at`

func (r row) open() (Proposal, error) {
	if r.ResultText == "" {
		return r.Proposal, nil
	}
	err := json.Unmarshal([]byte(r.ResultText), &r.Proposal.Result)
	return r.Proposal, err
}

func mayPlan(by person.Actor, teamID int64) error {
	thing := person.Thing{TeamID: teamID}
	switch {
	case person.Can(by, person.PlanRota, thing):
		return nil
	case !person.Can(by, person.SeeRota, thing):
		return fault.NotFound(i18n.M("There is no such team."))
	}
	return fault.Denied(i18n.M("Only leads plan the rota."))
}

// longest is for how long is planned at once.
const longest = 5 * 7 * 24 * time.Hour

// Ask has a proposal made for the open shifts of a time; what is past of it is left out. While one is being made for the same time, that one
// is given.
func (p *Planner) Ask(ctx context.Context, tx *db.Tx, by person.Actor, teamID int64, in shift.Span) (int64, error) {
	if err := mayPlan(by, teamID); err != nil {
		return 0, err
	}
	in.From = max(in.From, tx.Now)
	if in.Until <= in.From || in.Until.Sub(in.From) > longest {
		return 0, fault.Conflict(i18n.M("A rota is proposed for the future, and for five weeks at most."))
	}
	open, err := openShifts(ctx, tx, teamID, in)
	if err != nil {
		return 0, err
	}
	if len(open) == 0 {
		return 0, fault.Conflict(i18n.M("There is no open shift to propose somebody for."))
	}
	same, err := db.All[int64](ctx, tx, `SELECT id FROM rota_proposal WHERE team_id = $1 AND until_at = $2 AND state = 'working' ORDER BY id`, teamID, in.Until)
	if err != nil || len(same) > 0 {
		return append(same, 0)[0], err
	}
	id, err := db.One[int64](ctx, tx, `INSERT INTO rota_proposal (team_id, person_id, from_at, until_at, state, asked_at) VALUES ($1, $2, $3, $4, 'working', $5) RETURNING id`, teamID, by.ID, in.From, in.Until, tx.Now)
	if err != nil {
		return 0, err
	}
	return id, p.Queue.Insert(ctx, tx, job.New(jobKind, jobArgs{id}))
}

func openShifts(ctx context.Context, tx *db.Tx, teamID int64, in shift.Span) (out []shift.Shift, err error) {
	all, err := shift.Between(ctx, tx, teamID, in)
	for _, s := range all {
		if s.PersonID == 0 && s.FromAt >= in.From {
			out = append(out, s)
		}
	}
	return out, err
}

// Get finds a proposal for whoever plans that team's rota.
func Get(ctx context.Context, tx *db.Tx, a person.Actor, id int64) (Proposal, error) {
	r, err := db.One[row](ctx, tx, `SELECT `+columns+` FROM rota_proposal WHERE id = $1`, id)
	if errors.Is(err, db.ErrNoRow) || err == nil && !person.Can(a, person.PlanRota, person.Thing{TeamID: r.TeamID}) {
		return Proposal{}, fault.NotFound(i18n.M("There is no such proposal any more."))
	}
	if err != nil {
		return Proposal{}, err
	}
	return r.open()
}

// Recent lists the newest proposals of a team that are of use, for whoever plans.
func Recent(ctx context.Context, tx *db.Tx, a person.Actor, teamID int64) ([]Proposal, error) {
	if err := mayPlan(a, teamID); err != nil {
		return nil, err
	}
	return db.All[Proposal](ctx, tx, `SELECT id, team_id, person_id, from_at, until_at, state, done, asked_at, ended_at FROM rota_proposal WHERE team_id = $1 AND state IN ('working', 'ready') AND until_at > $2 ORDER BY id DESC LIMIT 5`, teamID, tx.Now)
}

// Drop puts a proposal away.
func Drop(ctx context.Context, tx *db.Tx, by person.Actor, id int64) (Proposal, error) {
	p, err := Get(ctx, tx, by, id)
	if err != nil || by.ReadOnly {
		return p, err
	}
	_, err = tx.Exec(ctx, `UPDATE rota_proposal SET state = 'dropped', ended_at = $2 WHERE id = $1 AND state IN ('ready', 'failed')`, id, tx.Now)
	return p, err
}

// keep is how long proposals are kept.
const keep = 60 * 24 * time.Hour

// Sweep forgets old proposals.
func Sweep(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `DELETE FROM rota_proposal WHERE asked_at < $1`, tx.Now.Add(-keep))
	return err
}
