package desk

import (
	"context"

	"goodturn/internal/clock"
	"goodturn/internal/i18n"
	"goodturn/internal/outcome"
	"goodturn/internal/ticket"
)

// Afterwards is what a requester said after their ticket was solved; the zero value is nothing.
type Afterwards struct {
	Worked outcome.Worked
	Reason string // what is still wrong, or ""
	At     clock.Instant
	// Face is a word for how they found they were served, and Words what they wrote beside it: "" for those whom it is not for.
	Face, Words string
}

func (s Afterwards) nothing() bool { return s == Afterwards{} }

// saidOf is what the requester said, as far as the visitor may read it, who may see the ticket.
func saidOf(ctx context.Context, l *look, t ticket.Ticket) (Afterwards, error) {
	o, err := outcome.Of(ctx, l.tx, t.ID)
	if err != nil || o.Worked == "" && o.Face == 0 {
		return Afterwards{}, err
	}
	s := Afterwards{Worked: o.Worked, Reason: o.Reason, At: o.WorkedAt}
	may, err := outcome.MaySeeWords(ctx, l.tx, l.visit.Actor, t)
	if may && o.Face != 0 {
		s.Face, s.Words = o.Face.Word(ctx), o.Words
	}
	if s.Worked == "" && s.Face == "" {
		return Afterwards{}, err
	}
	return s, err
}

// words is what they said of the solution, in a sentence.
func (s Afterwards) words(ctx context.Context) string {
	switch {
	case s.Worked == outcome.Yes:
		return i18n.T(ctx, "It works.")
	case s.Reason == "":
		return i18n.T(ctx, "Not fixed yet.")
	}
	return i18n.T(ctx, "Not fixed yet: {{.Reason}}", "Reason", s.Reason)
}
