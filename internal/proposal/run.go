package proposal

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/job"
	"goodturn/internal/person"
	"goodturn/internal/rota"
	"goodturn/internal/shift"
)

const jobKind = "rota proposal"

type jobArgs struct {
	ID int64 `json:"id"`
}

// Handlers names the handler of our job on the queue. It is called once, before the queue runs.
func (p *Planner) Handlers() {
	p.Queue.Handle(jobKind, func(ctx context.Context, raw json.RawMessage) error {
		var args jobArgs
		if err := json.Unmarshal(raw, &args); err != nil {
			return job.Permanent(err)
		}
		return p.run(ctx, args.ID)
	})
}

// tellEvery is how often it is stored how far a proposal is.
const tellEvery = time.Second

// run makes a proposal. Twice, it makes the same one again.
func (p *Planner) run(ctx context.Context, id int64) error {
	var in rota.Input
	var groups [][]shift.Shift
	var at Proposal
	err := p.DB.Read(ctx, func(tx *db.Tx) (err error) {
		r, err := db.One[row](ctx, tx, `SELECT `+columns+` FROM rota_proposal WHERE id = $1 AND state = 'working'`, id)
		if err != nil {
			return err
		}
		at = r.Proposal
		in, groups, err = p.input(ctx, tx, at.TeamID, at.Span())
		return err
	})
	if errors.Is(err, db.ErrNoRow) {
		return nil
	}
	if err != nil {
		return err
	}
	last := time.Now()
	found, err := rota.Propose(ctx, in, rota.Options{Seed: uint64(id), Progress: func(done float64) {
		if time.Since(last) > tellEvery {
			last = time.Now()
			if err := p.set(ctx, id, Working, int(100*done), ""); err != nil {
				p.Log.Warn("how far a proposal is could not be stored", "id", id, "error", err)
			}
		}
	}})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		p.Log.Error("a rota could not be proposed", "id", id, "error", err)
		return p.set(ctx, id, Failed, 0, "")
	}
	text, err := json.Marshal(resultOf(found, groups, len(in.People)))
	if err != nil {
		return err
	}
	return p.set(ctx, id, Ready, 100, string(text))
}

func (p *Planner) set(ctx context.Context, id int64, state State, done int, result string) error {
	return p.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE rota_proposal SET state = $2, done = $3, result = $4 WHERE id = $1 AND state = 'working'`, id, string(state), done, result)
		return err
	})
}

// input is what a proposal rests on. Open shifts that are alike are one slot; groups has them by slot.
func (p *Planner) input(ctx context.Context, tx *db.Tx, teamID int64, in shift.Span) (out rota.Input, groups [][]shift.Shift, err error) {
	open, err := openShifts(ctx, tx, teamID, in)
	if err != nil {
		return out, nil, err
	}
	for _, s := range open {
		k := slices.IndexFunc(groups, func(g []shift.Shift) bool { return alike(g[0], s) })
		if k < 0 {
			groups, k = append(groups, nil), len(groups)
		}
		groups[k] = append(groups[k], s)
	}
	for k, g := range groups {
		s := g[0]
		out.Slots = append(out.Slots, rota.Slot{
			ID: int64(k), From: s.FromAt, To: s.UntilAt, Team: teamID, Need: len(g), Skills: s.Wants(),
			Breaks: s.UntilAt.Sub(s.FromAt) - s.Worked(), Unloved: time.Duration(s.Unloved)*time.Minute >= s.Worked(),
		})
	}
	out.People, err = p.people(ctx, tx, teamID, in)
	return out, groups, err
}

func alike(a, b shift.Shift) bool {
	return a.FromAt == b.FromAt && a.UntilAt == b.UntilAt && a.Skills == b.Skills && a.Breaks.String() == b.Breaks.String() && a.Unloved == b.Unloved
}

// people are those of the team, with what they have, what they wish and what they had.
func (p *Planner) people(ctx context.Context, tx *db.Tx, teamID int64, in shift.Span) (out []rota.Person, err error) {
	crew, err := p.Rota.CrewOf(ctx, tx, person.System, teamID, in)
	if err != nil {
		return nil, err
	}
	unloved, err := shift.Unloved(ctx, tx, teamID)
	if err != nil {
		return nil, err
	}
	var ids []int64
	for _, m := range crew.Members {
		if m.Here && m.InTeam {
			ids = append(ids, m.ID)
		}
	}
	wishes, err := WishesOf(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	mean := meanOf(unloved)
	rest := time.Duration(crew.Settings.RestMinutes) * time.Minute
	for _, m := range crew.Members {
		if !m.Here || !m.InTeam {
			continue
		}
		had, ok := unloved[m.ID]
		if !ok && len(m.Shifts) == 0 {
			had = mean // somebody new is not given all of it at once
		}
		x := rota.Person{
			ID: m.ID, Teams: []int64{teamID}, Skills: m.Skills, Zone: m.Zone, Wishes: wishes[m.ID].spans(in, m.Zone), Unloved: time.Duration(had) * time.Minute,
			Rules: rota.Rules{MostHours: time.Duration(m.Week) * time.Minute, MinRest: rest, MostTurn: 24*time.Hour - rest},
		}
		for _, a := range m.Away {
			x.Away = append(x.Away, rota.Span{From: a.From, To: a.Until})
		}
		for _, s := range m.Shifts {
			x.Has = append(x.Has, rota.Work{Span: rota.Span{From: s.FromAt, To: s.UntilAt}, Breaks: s.UntilAt.Sub(s.FromAt) - s.Worked()})
		}
		if m.Week > 0 && crew.Settings.WeekMinutes > 0 {
			x.Share = float64(m.Week) / float64(crew.Settings.WeekMinutes)
		}
		out = append(out, x)
	}
	return out, nil
}

func meanOf(all map[int64]int) int {
	sum := 0
	for _, n := range all {
		sum += n
	}
	return sum / max(1, len(all))
}

// resultOf gives each place a shift: those who are proposed for alike ones are taken in the order of their numbers.
func resultOf(found rota.Proposal, groups [][]shift.Shift, people int) Result {
	out := Result{Filled: found.Filled, Empty: found.Empty, EmptyAtLeast: found.EmptyAtLeast, Gap: found.Gap(), Cut: found.Cut, People: people}
	used := make([]int, len(groups))
	places := slices.Clone(found.Places)
	slices.SortStableFunc(places, func(a, b rota.Place) int { return cmp.Or(cmp.Compare(a.Slot, b.Slot), cmp.Compare(a.Person, b.Person)) })
	for _, x := range places {
		out.Places = append(out.Places, Place{groups[x.Slot][used[x.Slot]].ID, x.Person, x.Why})
		used[x.Slot]++
	}
	for _, m := range found.Missing {
		miss := Missing{Fit: m.Fit, Blocked: m.Blocked, Skills: strings.Fields(groups[m.Slot][0].Skills)}
		for _, s := range groups[m.Slot][used[m.Slot]:] {
			miss.Shifts = append(miss.Shifts, s.ID)
		}
		out.Missing = append(out.Missing, miss)
	}
	return out
}

// Left is a place that was not taken, and why.
type Left struct {
	Place
	Words i18n.Text
}

// Take gives the shifts of a proposal to those who are proposed, but for the shifts in without. What has changed since is asked again: a shift that
// somebody has now, and one against which something stands, is left as it is, and told. A proposal is taken once.
func (p *Planner) Take(ctx context.Context, tx *db.Tx, by person.Actor, id int64, without []int64) (taken int, left []Left, err error) {
	at, err := Get(ctx, tx, by, id)
	if err != nil {
		return 0, nil, err
	}
	if err := mayPlan(by, at.TeamID); err != nil {
		return 0, nil, err
	}
	n, err := tx.Exec(ctx, `UPDATE rota_proposal SET state = 'taken', ended_at = $2 WHERE id = $1 AND state = 'ready'`, id, tx.Now)
	if err != nil {
		return 0, nil, err
	}
	if n == 0 {
		return 0, nil, fault.Conflict(i18n.M("This proposal was taken already, or put away."))
	}
	for _, x := range at.Result.Places {
		if slices.Contains(without, x.ShiftID) {
			continue
		}
		words, err := p.takeOne(ctx, tx, by, x)
		if err != nil {
			return 0, nil, err
		}
		if words.IsZero() {
			taken++
		} else {
			left = append(left, Left{x, words})
		}
	}
	return taken, left, nil
}

// takeOne gives one shift, or says what stands in the way now.
func (p *Planner) takeOne(ctx context.Context, tx *db.Tx, by person.Actor, x Place) (i18n.Text, error) {
	s, err := shift.See(ctx, tx, by, x.ShiftID)
	if fault.Is(err, fault.KindNotFound) {
		return i18n.M("This shift is not there any more."), nil
	}
	if err != nil {
		return i18n.Text{}, err
	}
	if s.PersonID != 0 {
		return i18n.M("Somebody has this shift now."), nil
	}
	_, err = p.Rota.Assign(ctx, tx, by, x.ShiftID, x.PersonID, false)
	if f, ok := fault.Of(err); ok && f.Kind == fault.KindConflict {
		return f.Message, nil
	}
	return i18n.Text{}, err
}
