package stint

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/kb"
	"goodturn/internal/person"
	"goodturn/internal/routing"
	"goodturn/internal/ticket"
)

// Fitting is a ticket of the starter line: one that somebody new can help with. What they see of it before they take it is this alone.
type Fitting struct {
	TicketID int64
	Subject  string
	Name     string // of the requester
	At       clock.Instant
	Why      []Why // at least one; the strongest first

	score     float64
	requester int64
}

// Why is a reason for which a ticket fits somebody new.
type Why struct {
	What  Reason
	Title string // of the article or the ticket that knows the answer
	Slug  string // of the article; "" for none
}

// Reason is what speaks for a ticket.
type Reason string

// The reasons.
const (
	KnownArticle Reason = "article" // an article is about it
	KnownTicket  Reason = "solved"  // the like was solved before
	NoHurry      Reason = "time"    // it is due much later, or nothing is promised
	Short        Reason = "short"   // it is asked in a few words
	Patient      Reason = "patient" // their requests were solved before, and they said that it was fine
)

// What the starter line looks at, whatever the desk holds.
const (
	fittingWindow = 60
	fittingRead   = 20
	fittingMost   = 6
	fittingFound  = 8 // some are the reader's own, or taken in the next minute
	lineKept      = time.Minute
	hurry         = 4 * time.Hour // what is due sooner is for those who know the desk
	shortText     = 600           // letters
	alikeEnough   = 0.3           // of a solved ticket
	aboutEnough   = 0.15          // of an article, of which a whole mail is asked
)

type waiting struct {
	ID, RequesterID, OrganisationID int64
	Subject, Name, LastText         string
	DueAt, WaitingSince             clock.Instant
	Messages                        int64
}

// Fitting gives the starter line of somebody whose stint runs: tickets of the team that nobody has, with a known solution and no hurry, from
// somebody who is not the guest. Urgent ones, live chats, suspect ones and those of private teams are none of them.
func (k *Keeper) Fitting(ctx context.Context, tx *db.Tx, a person.Actor) ([]Fitting, error) {
	s, err := Now(ctx, tx, a.ID)
	if err != nil || s.ID == 0 || s.Stage == Shadow || !person.Can(a, person.VisitDesk, person.Thing{}) {
		return nil, err
	}
	all, err := k.line(ctx, tx, s.TeamID)
	if err != nil {
		return nil, err
	}
	var out []Fitting
	for _, f := range all {
		if f.requester != a.ID && len(out) < fittingMost {
			out = append(out, f)
		}
	}
	return out, nil
}

// line gives the starter line of a team, whoever asks: found at most once in lineKept, and of that what still waits.
func (k *Keeper) line(ctx context.Context, tx *db.Tx, teamID int64) ([]Fitting, error) {
	k.mu.Lock()
	held := k.lines[teamID]
	k.mu.Unlock()
	if held.at == 0 || held.at > tx.Now || held.at.Add(lineKept) <= tx.Now {
		found, err := k.findLine(ctx, tx, teamID)
		if err != nil {
			return nil, err
		}
		held = heldLine{at: tx.Now, all: found}
		k.mu.Lock()
		if k.lines == nil {
			k.lines = map[int64]heldLine{}
		}
		k.lines[teamID] = held
		k.mu.Unlock()
		return found, nil
	}
	if len(held.all) == 0 {
		return nil, nil
	}
	args := db.Args{teamID, tx.Now.Add(hurry)}
	var ids []int64
	for _, f := range held.all {
		ids = append(ids, f.TicketID)
	}
	still, err := db.All[int64](ctx, tx, `SELECT t.id FROM ticket t JOIN team m ON m.id = t.team_id WHERE t.id IN (`+db.List(&args, ids)+`) AND t.team_id = $1 AND t.turn = 'ours' AND t.assignee_id IS NULL AND NOT m.private
		AND t.trashed_at = 0 AND t.priority NOT IN ('urgent', 'high') AND t.messages <= 4 AND (t.due_at = 0 OR t.due_at >= $2)`, args...)
	var out []Fitting
	for _, f := range held.all {
		if slices.Contains(still, f.TicketID) {
			out = append(out, f)
		}
	}
	return out, err
}

// heldLine is the starter line of a team as it was found.
type heldLine struct {
	at  clock.Instant
	all []Fitting
}

// findLine looks for what fits somebody new among what waits in a team, and ends when enough is found.
func (k *Keeper) findLine(ctx context.Context, tx *db.Tx, teamID int64) ([]Fitting, error) {
	reader, err := publicReader(ctx, tx)
	if err != nil {
		return nil, err
	}
	all, err := db.All[waiting](ctx, tx, `SELECT t.id, t.requester_id, coalesce(t.organisation_id, 0) AS organisation_id, t.subject, p.name, t.last_text, t.due_at, t.waiting_since, t.messages
		FROM ticket t JOIN person p ON p.id = t.requester_id JOIN team m ON m.id = t.team_id
		WHERE t.team_id = $1 AND t.turn = 'ours' AND t.assignee_id IS NULL AND NOT m.private ORDER BY `+routing.Order+` LIMIT $2`, teamID, fittingWindow)
	if err != nil {
		return nil, err
	}
	var out []Fitting
	read := 0
	for _, w := range all {
		if w.Messages > 4 || w.DueAt != 0 && w.DueAt < tx.Now.Add(hurry) {
			continue
		}
		if read == fittingRead || len(out) == fittingFound {
			break
		}
		read++
		f, ok, err := k.fits(ctx, tx, reader, w)
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, f)
		}
	}
	slices.SortStableFunc(out, func(x, y Fitting) int { return cmp.Compare(y.score, x.score) })
	return out, nil
}

// publicReader is somebody of the desk who belongs to no private team.
func publicReader(ctx context.Context, tx *db.Tx) (person.Actor, error) {
	hidden, err := db.All[int64](ctx, tx, `SELECT id FROM team WHERE private`)
	return person.Actor{ID: -1, Role: person.Agent, Hidden: hidden}, err
}

// fits says whether a ticket is for somebody new, and why. Only one with a known solution is.
func (k *Keeper) fits(ctx context.Context, tx *db.Tx, reader person.Actor, w waiting) (f Fitting, ok bool, err error) {
	t, err := ticket.Get(ctx, tx, reader, person.SeeTicket, w.ID)
	if err != nil || t.Priority == ticket.Urgent || t.Priority == ticket.High || t.Channel == ticket.ByChat || t.Snooze != "" {
		return f, false, err
	}
	f = Fitting{TicketID: w.ID, Subject: w.Subject, Name: w.Name, At: w.WaitingSince, requester: w.RequesterID}
	known, err := article(ctx, tx, reader, w)
	if err != nil {
		return f, false, err
	}
	if known.ID != 0 {
		f.Why, f.score = append(f.Why, Why{What: KnownArticle, Title: known.Title, Slug: known.Slug}), 2+known.Fit
	}
	solved, err := ticket.Similar(ctx, tx, reader, t, 1)
	if err != nil {
		return f, false, err
	}
	if len(solved) > 0 && solved[0].Answer != "" && solved[0].Score >= alikeEnough {
		f.score += 1 + solved[0].Score
		f.Why = append(f.Why, Why{What: KnownTicket, Title: solved[0].Subject})
	}
	if len(f.Why) == 0 {
		return f, false, nil
	}
	patient, err := db.Exists(ctx, tx, `SELECT 1 FROM ticket t WHERE t.requester_id = $1 AND t.status = 'closed' AND NOT EXISTS (SELECT 1 FROM event e WHERE e.ticket_id = t.id AND e.what = 'status' AND e.from_value = 'solved' AND e.to_value = 'open') LIMIT 1`, w.RequesterID)
	if err != nil {
		return f, false, err
	}
	if patient {
		f.Why, f.score = append(f.Why, Why{What: Patient}), f.score+0.5
	}
	if w.Messages <= 1 && len(w.LastText) < shortText && len(strings.TrimSpace(w.LastText)) > 0 {
		f.Why, f.score = append(f.Why, Why{What: Short}), f.score+0.25
	}
	f.Why = append(f.Why, Why{What: NoHurry})
	return f, true, nil
}

// article gives the article that has the answer, the zero Hit for none: one that is about the subject, or about some of all that was written.
func article(ctx context.Context, tx *db.Tx, reader person.Actor, w waiting) (kb.Hit, error) {
	for _, ask := range []struct {
		text   string
		enough float64
	}{{w.Subject, alikeEnough}, {w.Subject + " " + w.LastText, aboutEnough}} {
		hits, err := kb.Like(ctx, tx, reader, "", ask.text, 1)
		if err != nil {
			return kb.Hit{}, err
		}
		if len(hits) > 0 && hits[0].Fit >= ask.enough {
			return hits[0], nil
		}
	}
	return kb.Hit{}, nil
}
