package lesson

import (
	"context"
	"slices"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/redact"
	"goodturn/internal/ticket"
)

// Usual is the answer that helps most with tickets about the same.
type Usual struct {
	Lines    []string // without what says who somebody is
	TicketID int64
	Note     bool // a fix note says it
	Language string
}

// leastTold is how long the steps of an answer are at least that tell somebody else something, in bytes: "Try again now." does not.
const leastTold = 30

// tells says that an answer tells others what to do: "It is done" is none for them.
func (w way) tells() bool { return len(strings.Join(w.steps, " ")) >= leastTold }

// UsualOf gives the best answer of some tickets, of so many words at most; one without lines where none says what to do: of an answer only
// the sentences that do are given. Among those that are as good it is that of the ticket before, so that it does not change for nothing.
// Tickets that the actor may not see, and those of private teams, are left out.
func UsualOf(ctx context.Context, tx *db.Tx, a person.Actor, ids []int64, most int, before int64) (Usual, error) {
	var tickets []ticket.Ticket
	var all []matter
	for _, id := range ids {
		t, err := ticket.Get(ctx, tx, a, person.SeeTicket, id)
		if err != nil || t.TeamPrivate || t.TrashedAt != 0 || t.Turn.Doubtful() {
			continue
		}
		m, err := read(ctx, tx, t)
		if err != nil {
			return Usual{}, err
		}
		tickets, all = append(tickets, t), append(all, m)
	}
	ways := slices.DeleteFunc(rankWays(all), func(w way) bool { return !w.note.Says() && !w.tells() })
	if len(ways) == 0 {
		return Usual{}, nil
	}
	known, err := know(ctx, tx, tickets)
	if err != nil {
		return Usual{}, err
	}
	for _, m := range all {
		for _, text := range m.learn {
			known.Learn(text)
		}
	}
	best := ways[0]
	for _, w := range ways {
		if w.ticket.ID == before && w.score >= best.score {
			best = w
		}
	}
	u := Usual{TicketID: best.ticket.ID, Note: best.note.Says(), Language: best.language}
	if u.Language == "" {
		u.Language = i18n.LangOf(ctx)
	}
	in := i18n.With(ctx, u.Language, i18n.ZoneOf(ctx))
	lines := best.steps
	if best.note.Says() {
		lines = append(best.intro, best.steps...)
	}
	words := 0
	for i, line := range lines {
		line = begun(known.Redact(line, func(k redact.Kind) string { return "[" + KindWord(in, k) + "]" }).Text)
		if words += len(strings.Fields(line)); words > most && i > 0 {
			break
		}
		u.Lines = append(u.Lines, line)
	}
	return u, nil
}

// WhatToDo is the part of an article that says what to do, in the light Markdown of answers; all of it where it has no such part.
func WhatToDo(ctx context.Context, language, body string) string {
	return answerOf(body, i18n.T(i18n.With(ctx, language, i18n.ZoneOf(ctx)), "What to do"), "")
}

// TitleOf is the subject of a ticket without what says who somebody is.
func TitleOf(ctx context.Context, tx *db.Tx, a person.Actor, id int64) (string, error) {
	t, err := ticket.Get(ctx, tx, a, person.SeeTicket, id)
	if err != nil {
		return "", err
	}
	known, err := know(ctx, tx, []ticket.Ticket{t})
	if err != nil {
		return "", err
	}
	s := &sheet{ctx: ctx, known: known}
	return s.titled("", matter{ticket: t}), nil
}
