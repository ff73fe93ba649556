package lesson

import (
	"cmp"
	"context"
	"slices"

	"goodturn/internal/db"
	"goodturn/internal/fixnote"
	"goodturn/internal/outcome"
	"goodturn/internal/person"
	"goodturn/internal/redact"
	"goodturn/internal/ticket"
)

// Piece is a part of a text; Kind says what a rule takes it for, "" for nothing.
type Piece struct {
	Text string
	Kind redact.Kind
}

// Look says what rules and names still find in a text that was drafted from tickets, such as what the writer put back or typed.
func Look(ctx context.Context, tx *db.Tx, a person.Actor, articleID int64, text string) ([]Piece, error) {
	sources, err := Sources(ctx, tx, a, articleID)
	if err != nil {
		return nil, err
	}
	var tickets []ticket.Ticket
	for _, s := range sources {
		t, err := ticket.Get(ctx, tx, a, person.SeeTicket, s.ID)
		if err != nil {
			return nil, err
		}
		tickets = append(tickets, t)
	}
	known, err := know(ctx, tx, tickets)
	if err != nil {
		return nil, err
	}
	return pieces(known.Redact(text, func(k redact.Kind) string { return "\x00" + string(k) + "\x00" })), nil
}

// pieces cuts a text where something was found; what was found stands in it as it was.
func pieces(r redact.Result) (out []Piece) {
	last := 0
	for _, c := range r.Cuts {
		if c.At > last {
			out = append(out, Piece{Text: r.Text[last:c.At]})
		}
		out = append(out, Piece{c.Was, c.Kind})
		last = c.At + len(c.Word)
	}
	return append(out, Piece{Text: r.Text[last:]})
}

// Found counts what was found.
func Found(all []Piece) (n int) {
	for _, p := range all {
		if p.Kind != "" {
			n++
		}
	}
	return n
}

// About keeps those of the tickets whose subject has a word of a label, in any of its forms.
func About(ctx context.Context, tx *db.Tx, ids []int64, label string) ([]int64, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	type row struct {
		ID      int64
		Subject string
	}
	var args db.Args
	all, err := db.All[row](ctx, tx, `SELECT id, subject FROM ticket WHERE id IN (`+db.List(&args, ids)+`) ORDER BY id DESC`, args...)
	wanted := stemsFrom(label, 2)
	var out []int64
	for _, r := range all {
		if alike(wanted, stemsFrom(r.Subject, 2)) > 0 {
			out = append(out, r.ID)
		}
	}
	return out, err
}

// Best chooses the tickets of which a draft says most: those whose requester said that it works, those with a fix note that was given,
// then the newest; at most so many.
func Best(ctx context.Context, tx *db.Tx, ids []int64, most int) ([]int64, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	notes, err := fixnote.OfMany(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	worked, err := outcome.SaidWorked(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	score := func(id int64) (n int) {
		if notes[id].Says() && !notes[id].Stale {
			n += 2
		}
		if slices.Contains(worked, id) {
			n += 2
		}
		return n
	}
	out := slices.Clone(ids)
	slices.SortStableFunc(out, func(a, b int64) int {
		return cmp.Or(score(b)-score(a), cmp.Compare(b, a))
	})
	return out[:min(len(out), most)], nil
}
