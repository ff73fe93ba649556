package ticket

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"goodturn/internal/db"
	"goodturn/internal/person"
)

// mentions writes an event for each colleague whom a message of ours names with an @, as far as they may see the ticket: "@Amara
// Okafor", or "@Amara" where no other colleague has that first name. Who wrote it is not told of it.
func (d *Desk) mentions(ctx context.Context, tx *db.Tx, by By, t Ticket, m Message) error {
	if m.Inbound || m.Automatic || !strings.Contains(m.Text, "@") {
		return nil
	}
	staff, err := person.Staff(ctx, tx)
	if err != nil {
		return err
	}
	for _, p := range Mentioning(m.Text, staff) {
		if p.ID == m.AuthorID {
			continue
		}
		a, err := person.ActorOf(ctx, tx, p.ID)
		if err != nil {
			return err
		}
		if !person.Can(a, person.SeeTicket, t.Thing()) {
			continue
		}
		if err := d.record(ctx, tx, by, t, Event{What: Mentioned, ToValue: idText(p.ID)}, &m); err != nil {
			return err
		}
	}
	return nil
}

// Mentioning gives those of the people whom a text names with an @.
func Mentioning(text string, people []person.Person) (out []person.Person) {
	folded := strings.ToLower(text)
	first := map[string]int{}
	for _, p := range people {
		first[firstWord(p.Name)]++
	}
	for _, p := range people {
		if p.Name == "" {
			continue
		}
		if at(folded, strings.ToLower(p.Name)) || first[firstWord(p.Name)] == 1 && at(folded, firstWord(p.Name)) {
			out = append(out, p)
		}
	}
	return out
}

func firstWord(name string) string {
	first, _, _ := strings.Cut(strings.ToLower(name), " ")
	return first
}

// at tells whether a text names somebody: an @ that begins a word, the name, and no more letters.
func at(text, name string) bool {
	for i := 0; ; {
		found := strings.Index(text[i:], "@"+name)
		if found < 0 {
			return false
		}
		from, to := i+found, i+found+1+len(name)
		before, _ := utf8.DecodeLastRuneInString(text[:from])
		after, _ := utf8.DecodeRuneInString(text[to:])
		if (from == 0 || !wordy(before)) && (to == len(text) || !wordy(after)) {
			return true
		}
		i = from + 1
	}
}

func wordy(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' || r == '-' }
