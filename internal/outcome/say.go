package outcome

import (
	"context"
	"strings"
	"unicode/utf8"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// Answer is what a requester says after a ticket was solved. What is "" or 0 is not said, and leaves what was said before.
type Answer struct {
	Worked Worked
	// Reason is what is still wrong, with No. It becomes a message on the ticket.
	Reason string
	Face   Face
	Words  string
	Files  []ticket.File
}

// maxWords is the longest text beside a face, in bytes.
const maxWords = 2000

// Errors that say why nothing can be said.
var (
	// ErrOpen says that the ticket is open: there is no solution to speak of.
	ErrOpen = fault.Conflict(i18n.M("This request is open: somebody works on it. Write below what you would like to add."))
	// ErrClosed says that the ticket is closed: what was said of it stays.
	ErrClosed = fault.Conflict(i18n.M("This request is closed, so what you said of it stays as it is. If something is wrong, write below and it is open again."))
)

// Say keeps what a requester says of a ticket that was solved. No opens it again, with what is still wrong as a message of theirs. The same
// said twice is said once. faces says that the speaker is the requester and may say how they were served.
func (k *Keeper) Say(ctx context.Context, tx *db.Tx, by ticket.By, t ticket.Ticket, a Answer, faces bool) error {
	if err := tx.Lock(ctx, "ticket", t.ID); err != nil {
		return err
	}
	t, err := ticket.Get(ctx, tx, by.Actor, person.WriteOwn, t.ID)
	if err != nil {
		return err
	}
	o, err := Of(ctx, tx, t.ID)
	if err != nil {
		return err
	}
	a.Reason, a.Words = clean(a.Reason), clean(a.Words)
	if err := a.check(); err != nil {
		return err
	}
	if t.IsOpen && a.Worked != "" {
		if a.Worked == o.Worked { // sent twice
			return nil
		}
		return ErrOpen
	}
	if o.TicketID == 0 {
		if t.IsOpen {
			return ErrOpen
		}
		o = Outcome{TicketID: t.ID, SolvedAt: t.SolvedAt}
	}
	if faces && (a.Face != 0 || a.Words != "") {
		if err := k.face(ctx, tx, t, &o, a); err != nil {
			return err
		}
	}
	switch {
	case a.Worked == Yes && o.Worked != Yes:
		return k.yes(ctx, tx, by, t, o)
	case a.Worked == No:
		return k.no(ctx, tx, by, t, o, a)
	}
	return k.store(ctx, tx, o)
}

func clean(s string) string {
	return strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", ""))
}

func (a Answer) check() error {
	var wrong []fault.Field
	if a.Worked != "" && a.Worked != Yes && a.Worked != No {
		wrong = append(wrong, fault.F("answer", i18n.M("Please choose yes or no.")))
	}
	if a.Face < 0 || a.Face > Good {
		wrong = append(wrong, fault.F("face", i18n.M("Please choose one of the three.")))
	}
	if len(a.Words) > maxWords {
		wrong = append(wrong, fault.F("words", i18n.M("This is longer than {{.Count}} letters. Please say it in fewer.", "Count", maxWords)))
	}
	if len(a.Reason) > ticket.MaxText {
		wrong = append(wrong, fault.F("text", i18n.M("This text is longer than 1 MB. Please attach it as a file.")))
	}
	if a.Worked == "" && a.Face == 0 && a.Words == "" && len(wrong) == 0 {
		wrong = append(wrong, fault.F("answer", i18n.M("Please choose yes or no.")))
	}
	return fault.Check(wrong)
}

// face changes how they were served, until the ticket is closed.
func (k *Keeper) face(ctx context.Context, tx *db.Tx, t ticket.Ticket, o *Outcome, a Answer) error {
	if a.Face == 0 {
		a.Face = o.Face
	}
	if a.Words == "" {
		a.Words = o.Words
	}
	if o.Face == a.Face && o.Words == a.Words {
		return nil
	}
	if t.Status == ticket.Closed && o.FaceAt != 0 {
		return ErrClosed
	}
	if o.Face != a.Face {
		if o.Face != 0 {
			if err := add(ctx, tx, o.FaceAt, countFace(o.Face), -1); err != nil {
				return err
			}
		}
		if err := add(ctx, tx, tx.Now, countFace(a.Face), 1); err != nil {
			return err
		}
		o.FaceAt = tx.Now
	}
	if o.FaceAt == 0 {
		o.FaceAt = tx.Now
	}
	o.Face, o.Words, o.GentleAt = a.Face, a.Words, 0
	return nil
}

func (k *Keeper) yes(ctx context.Context, tx *db.Tx, by ticket.By, t ticket.Ticket, o Outcome) error {
	if o.Worked == No {
		if err := add(ctx, tx, o.SolvedAt, CountNo, -1); err != nil {
			return err
		}
	}
	o.Worked, o.WorkedAt, o.LetterAt, o.GentleAt, o.Reason = Yes, tx.Now, 0, 0, ""
	if err := add(ctx, tx, o.SolvedAt, CountYes, 1); err != nil {
		return err
	}
	if err := k.store(ctx, tx, o); err != nil {
		return err
	}
	return k.Desk.Worked(ctx, tx, by, t.ID, string(Yes))
}

// reasonKept is how much of a reason stands with the outcome; all of it is a message.
const reasonKept = 200

func (k *Keeper) no(ctx context.Context, tx *db.Tx, by ticket.By, t ticket.Ticket, o Outcome, a Answer) error {
	if o.Worked == Yes {
		if err := add(ctx, tx, o.SolvedAt, CountYes, -1); err != nil {
			return err
		}
	}
	if o.Worked != No {
		if err := add(ctx, tx, o.SolvedAt, CountNo, 1); err != nil {
			return err
		}
	}
	o.Worked, o.WorkedAt, o.LetterAt, o.GentleAt, o.Reason = No, tx.Now, 0, 0, a.Reason
	if len(o.Reason) > reasonKept {
		o.Reason = strings.ToValidUTF8(o.Reason[:reasonKept], "") + "…"
	}
	if err := k.store(ctx, tx, o); err != nil {
		return err
	}
	if err := k.Desk.Worked(ctx, tx, by, t.ID, string(No)); err != nil {
		return err
	}
	// The desk opens it because of what they said: of a link that proved nothing only the words are marked as such.
	if err := k.Desk.SetStatus(ctx, tx, ticket.By{Actor: person.System, Cause: ticket.DidNotWork}, t.ID, ticket.Open); err != nil {
		return err
	}
	if utf8.RuneCountInString(a.Reason) == 0 {
		a.Reason = i18n.T(ctx, "It does not work yet.")
	}
	_, err := k.Desk.Answer(ctx, tx, by, t.ID, ticket.Draft{Text: a.Reason, Channel: ticket.ByForm, Files: a.Files})
	return err
}

// MaySeeWords tells whether somebody who sees a ticket as staff may read what its requester wrote beside the face: those who had part in
// it, and leads.
func MaySeeWords(ctx context.Context, tx *db.Tx, a person.Actor, t ticket.Ticket) (bool, error) {
	if !a.Staff() {
		return false, nil
	}
	if a.Role.AtLeast(person.Lead) || t.AssigneeID == a.ID {
		return true, nil
	}
	return db.Exists(ctx, tx, `SELECT 1 FROM event WHERE ticket_id = $1 AND person_id = $2 LIMIT 1`, t.ID, a.ID)
}
