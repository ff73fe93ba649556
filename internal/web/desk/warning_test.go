package desk_test

import (
	"context"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/ticket"
)

func TestWarningsAreToldOnceAndLoseNothing(t *testing.T) {
	each(t, func(s *stage) {
		number := s.made("Printer", "first-line").ID
		send := func(text string, more ...string) *answer {
			return s.postFiles("amara", path(number, "/replies"), nil, append([]string{"text", text}, more...)...)
		}
		told := send("Please see the attached log, dear {{name}}.", "then", "solved").want(422).has(".composer-warning", "speaks of a file").has(".composer-warning", "{{name}}").has(".composer-warning button", "Send anyway")
		if text := told.value("#reply"); text != "Please see the attached log, dear {{name}}." || len(s.messages(number)) != 1 {
			t.Errorf("the composer has %q, %d messages", text, len(s.messages(number)))
		}
		if d := s.drafts("amara", number); len(d) != 1 {
			t.Error("what was typed is no draft")
		}
		if then := told.value(".composer-warning [name=then]"); then != "solved" {
			t.Errorf("sending anyway would be followed by %q", then)
		}
		send("Please see the attached log, dear {{name}}.", "warned", "file", "warned", "gap").want(303)
		send("> the attached log\nThank you, I have it.").want(303)
		s.postFiles("amara", path(number, "/replies"), []string{"log.txt"}, "text", "The log is attached.").want(303)
		send("Anbei das Protokoll.").want(422)
		send("Den Anhang schicke ich später.", "warned", "file").want(303)

		seen := decimalOf(s.now(number).Messages)
		hana := s.as("hana")
		s.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := s.desk.Tickets.Answer(ctx, tx, hana, number, ticket.Draft{Text: "It works again."})
			return err
		})
		send("Have you tried the other tray?", "seen", seen).want(422).has(".composer-warning", "while you were writing").has(".composer-warning", "It works again.")
		send("Have you tried the other tray?", "seen", seen, "warned", "meanwhile").want(303)

		send("For all.", "to", "hana@example.com, tom@example.com").want(303) // one house
		send("For all, and them.", "to", "hana@example.com", "cc", "spy@elsewhere.example").want(422).has(".composer-warning", "spy@elsewhere.example")
		send("For all, and them.", "to", "hana@example.com", "cc", "spy@elsewhere.example", "warned", "outside").want(303)
		send("Later.", "then", "snooze 3d").want(303)
		if now := s.now(number); now.Turn != ticket.Snoozed {
			t.Errorf("turn %q", now.Turn)
		}
		send("Never.", "then", "snooze soon").want(422)
	})
}
