package ticket

import (
	"context"
	"strings"
	"unicode/utf8"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/search"
)

// Fact is something known of a ticket as label and value ("Which device?", "Laptop of Hana"), because it was asked and answered. The
// requester sees facts as staff do, so nothing internal becomes one. Label and value are kept as they were, whatever
// becomes of the question.
type Fact struct {
	TicketID int64
	Source   string // who asked: "service", "intake"
	Key      string // names the question among those of its source; a ticket has one answer to each
	Kind     FactKind
	Label    string // as the requester read it
	Value    string // in the form of its kind
	Cause    string // the way in which it came: the By.Cause of who said it
	At       clock.Instant
}

// FactKind is what a fact's value is.
type FactKind string

// The kinds of facts, and how their values are kept.
const (
	FactText   FactKind = "text"   // as typed; several lines are lines
	FactYesNo  FactKind = "yes_no" // "yes" or "no"
	FactDate   FactKind = "date"   // 2026-11-22
	FactNumber FactKind = "number" // decimal, with a point
)

// The most that is kept of a fact, in bytes, and how many a ticket can have.
const (
	MaxFactLabel = 300
	MaxFactValue = 8000
	MaxFacts     = 100
)

// KnownFacts lists what is known of a ticket, in the order in which it was first said; what is known of those that became part of it
// comes after. In a merged ticket it still stands, so that undoing loses nothing.
func KnownFacts(ctx context.Context, tx *db.Tx, ticketID int64) ([]Fact, error) {
	return db.All[Fact](ctx, tx, `SELECT f.ticket_id, f.source, f.key, f.kind, f.label, f.value, f.cause, f.at FROM ticket_fact f
		WHERE f.ticket_id = $1 OR f.ticket_id IN (SELECT id FROM ticket WHERE merged_into = $1) ORDER BY CASE WHEN f.ticket_id = $1 THEN 0 ELSE 1 END, f.id`, ticketID)
}

// SetFact notes what is known, in the place of what the same question was answered with before; an empty value takes it away. Whoever may
// write on the ticket, as staff or as its requester, may say it. A ticket that became part of another passes it on.
func (d *Desk) SetFact(ctx context.Context, tx *db.Tx, by By, id int64, f Fact) error {
	verb := person.WriteOwn
	if by.Staff() {
		verb = person.ChangeTicket
	}
	t, err := takeKept(ctx, tx, by, verb, id)
	if err != nil {
		return err
	}
	was, err := db.All[string](ctx, tx, `SELECT value FROM ticket_fact WHERE ticket_id = $1 AND source = $2 AND key = $3`, t.ID, f.Source, f.Key)
	if err != nil {
		return err
	}
	f.tidy()
	before := strings.Join(was, "")
	if f.Value == before {
		return nil
	}
	if len(was) > 0 {
		_, err = tx.Exec(ctx, `DELETE FROM ticket_fact WHERE ticket_id = $1 AND source = $2 AND key = $3 AND $4 = ''`, t.ID, f.Source, f.Key, f.Value)
	} else if err = roomForFact(ctx, tx, t.ID); err != nil {
		return err
	}
	if err == nil && f.Value != "" {
		err = storeFact(ctx, tx, by, t.ID, f)
	}
	if err != nil {
		return err
	}
	if err := indexSubject(ctx, tx, t); err != nil {
		return err
	}
	return d.record(ctx, tx, by, t, Event{What: FactSet, FromValue: factLine(f.Label, before), ToValue: factLine(f.Label, f.Value)}, nil)
}

// factLine is a fact on the spine: "Which device?: Laptop"; "" for none.
func factLine(label, value string) string {
	if value == "" {
		return ""
	}
	return oneLine(label+": "+value, 500)
}

// tidy keeps a fact within its bounds, as text that both databases can hold.
func (f *Fact) tidy() {
	f.Label = oneLine(f.Label, MaxFactLabel)
	f.Value = strings.TrimSpace(tidy(f.Value))
	if len(f.Value) > MaxFactValue {
		f.Value = f.Value[:MaxFactValue]
		for !utf8.ValidString(f.Value) {
			f.Value = f.Value[:len(f.Value)-1]
		}
	}
	f.Kind = orElse(f.Kind, FactText)
}

func roomForFact(ctx context.Context, tx *db.Tx, ticketID int64) error {
	n, err := db.One[int](ctx, tx, `SELECT count(*) FROM ticket_fact WHERE ticket_id = $1`, ticketID)
	if err == nil && n >= MaxFacts {
		err = fault.Invalid(fault.F("fact", i18n.M("So much is known of this already. Please write the rest as a message.")))
	}
	return err
}

// storeFact writes a fact that is tidy and has a value.
func storeFact(ctx context.Context, tx *db.Tx, by By, ticketID int64, f Fact) error {
	_, err := tx.Exec(ctx, `INSERT INTO ticket_fact (ticket_id, source, key, kind, label, value, cause, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (ticket_id, source, key) DO UPDATE SET kind = excluded.kind, label = excluded.label, value = excluded.value, cause = excluded.cause, at = excluded.at`,
		ticketID, f.Source, f.Key, f.Kind, f.Label, f.Value, by.Cause, tx.Now)
	return err
}

// bringFacts stores the facts that a new ticket comes with; that it came tells of them.
func bringFacts(ctx context.Context, tx *db.Tx, by By, ticketID int64, facts []Fact) error {
	for i := range facts[:min(len(facts), MaxFacts)] {
		f := facts[i]
		if f.tidy(); f.Value == "" {
			continue
		}
		if err := storeFact(ctx, tx, by, ticketID, f); err != nil {
			return err
		}
	}
	return nil
}

// factWords are the words of facts for the index: what was answered, and what was asked.
func factWords(facts []Fact) string {
	var b strings.Builder
	for _, f := range facts {
		b.WriteString(f.Label)
		b.WriteByte('\n')
		if f.Kind != FactYesNo {
			b.WriteString(f.Value)
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// indexSubject puts a ticket's subject and its facts into the index anew.
func indexSubject(ctx context.Context, tx *db.Tx, t Ticket) error {
	facts, err := KnownFacts(ctx, tx, t.ID)
	if err != nil {
		return err
	}
	return search.Put(ctx, tx, search.Document{ID: document(t.ID, 0), Subject: t.Subject, Body: factWords(facts)})
}
