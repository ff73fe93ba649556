package fixnote

import (
	"context"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// Proposal is what a note may say, for whoever writes it to take over.
type Proposal struct {
	FromID           int64 // the ticket that it is from: the same one for what its last answer said
	Subject          string
	Wrong, Did, Next string
}

// similarLooked is how many solved tickets like one are looked at for their notes.
const similarLooked = 6

// Propose gives what the note of a ticket may say: what the last answer said, then the notes of solved tickets like it that the actor
// may see.
func Propose(ctx context.Context, tx *db.Tx, a person.Actor, t ticket.Ticket) ([]Proposal, error) {
	var out []Proposal
	last, err := db.All[string](ctx, tx, `SELECT substr(text, 1, 8000) FROM message WHERE ticket_id = $1 AND NOT internal AND NOT inbound AND NOT automatic ORDER BY seq DESC LIMIT 1`, t.ID)
	if err != nil {
		return nil, err
	}
	held, err := ticket.HeldOf(ctx, tx, t.ID)
	if err != nil {
		return nil, err
	}
	if n := len(held); n > 0 { // it is about to be the last answer
		last = []string{held[n-1].Draft.Text}
	}
	for _, text := range last {
		if p := fromAnswer(text); p != (Proposal{}) {
			p.FromID, p.Subject = t.ID, t.Subject
			out = append(out, p)
		}
	}
	notes, err := Beside(ctx, tx, a, t)
	for _, n := range notes {
		out = append(out, Proposal{FromID: n.TicketID, Subject: n.Subject, Wrong: n.Wrong, Did: n.Did, Next: n.Next})
	}
	return out, err
}

// Beside gives the notes that may help with a ticket: those of solved tickets like it, the most alike first.
func Beside(ctx context.Context, tx *db.Tx, a person.Actor, t ticket.Ticket) ([]Found, error) {
	alike, err := ticket.Similar(ctx, tx, a, t, similarLooked)
	if err != nil || len(alike) == 0 {
		return nil, err
	}
	ids := make([]int64, len(alike))
	for i, s := range alike {
		ids[i] = s.ID
	}
	of, err := OfMany(ctx, tx, ids)
	var out []Found
	for _, s := range alike {
		if n, ok := of[s.ID]; ok {
			out = append(out, Found{Note: n, Subject: s.Subject, Score: s.Score})
		}
	}
	return out, err
}

// OfMany gives the notes of those of the tickets that have one that was given. Whether they may be seen is asked by the caller.
func OfMany(ctx context.Context, tx *db.Tx, ids []int64) (map[int64]Note, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var args db.Args
	all, err := db.All[Note](ctx, tx, `SELECT `+columns+` FROM fix_note n WHERE n.given_at > 0 AND n.ticket_id IN (`+db.List(&args, ids)+`)`, args...)
	out := make(map[int64]Note, len(all))
	for _, n := range all {
		out[n.TicketID] = n
	}
	return out, err
}

// maxProposed is the longest text that is proposed, in bytes.
const maxProposed = 1200

// fromAnswer makes a proposal of what somebody answered: without greeting and parting. What tells the reader to do something is for the
// next time, everything else is what we did.
func fromAnswer(text string) Proposal {
	lines := strings.Split(tidy(text), "\n")
	for len(lines) > 0 && (strings.TrimSpace(lines[0]) == "" || greets(lines[0])) {
		lines = lines[1:]
	}
	for i, l := range lines {
		if i > 0 && parts(l) {
			lines = lines[:i]
			break
		}
	}
	said := strings.TrimSpace(strings.Join(lines, "\n"))
	if len([]rune(said)) < 20 { // "You're welcome" taught nothing
		return Proposal{}
	}
	if len(said) > maxProposed {
		said = strings.ToValidUTF8(said[:maxProposed-3], "") + "…"
	}
	if advises(said) {
		return Proposal{Next: said}
	}
	return Proposal{Did: said}
}

// greets tells that a line is a greeting such as "Good morning Hana,".
func greets(line string) bool {
	line = strings.TrimSpace(line)
	return len(strings.Fields(line)) <= 5 && (strings.HasSuffix(line, ",") || strings.HasSuffix(line, "!"))
}

// parts tells that a line begins the parting words.
func parts(line string) bool {
	folded := strings.ToLower(strings.TrimSpace(line))
	if folded == "--" {
		return true
	}
	if len(strings.Fields(folded)) > 5 {
		return false
	}
	for _, w := range []string{"best regards", "kind regards", "regards", "best wishes", "best,", "cheers", "many thanks", "thanks,", "yours", "viele grüße", "viele gruesse", "beste grüße", "mit freundlichen", "liebe grüße", "freundliche grüße", "herzliche grüße", "mfg", "lg"} {
		if folded == strings.TrimSuffix(w, ",") || strings.HasPrefix(folded, w+",") || strings.HasPrefix(folded, w+" ") || folded == w {
			return true
		}
	}
	return false
}

// advises tells that a text tells its reader what to do.
func advises(text string) bool {
	for line := range strings.Lines(text) {
		line = strings.ToLower(strings.TrimSpace(line))
		if strings.HasPrefix(line, "1.") || strings.HasPrefix(line, "1)") {
			return true
		}
	}
	folded := " " + strings.ToLower(strings.NewReplacer(",", " ", ".", " ", "\n", " ", ":", " ").Replace(text)) + " "
	for _, w := range []string{" please ", " you can ", " next time ", " bitte ", " sie können ", " du kannst ", " nächstes mal ", " click ", " press ", " klicken "} {
		if strings.Contains(folded, w) {
			return true
		}
	}
	return false
}
