package api

import (
	"context"
	"strconv"
	"strings"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/fixnote"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// FixNote is what a solved ticket taught.
type FixNote struct {
	Ticket    int64  `json:"ticket" doc:"The number of its ticket."`
	Subject   string `json:"subject" doc:"Of the ticket."`
	Wrong     string `json:"wrong" doc:"What was wrong; may be empty, as any of the three."`
	Did       string `json:"did" doc:"What was done."`
	Next      string `json:"next" doc:"How to do it oneself next time."`
	Skipped   string `json:"skipped" enum:",nothing,elsewhere,not_us,many,other" doc:"Why there is no note; empty when there is one."`
	Because   string `json:"because" doc:"The words of the reason other."`
	Version   int64  `json:"version" doc:"Goes up with every change."`
	WrittenAt Time   `json:"written_at"`
	GivenAt   Time   `json:"given_at" doc:"Since when the requester has it; null while they do not."`
}

// FixNoteChange is a note, or the reason why there is none.
type FixNoteChange struct {
	Wrong   string `json:"wrong,omitempty" doc:"Any one of the three is enough."`
	Did     string `json:"did,omitempty"`
	Next    string `json:"next,omitempty" example:"Choose the tray below when you print labels."`
	Version int64  `json:"version,omitempty" doc:"The version that you saw; 0 when there was no note. Another one than the newest is refused with 409."`
	Skip    string `json:"skip,omitempty" enum:"nothing,elsewhere,not_us,many,other" doc:"Why there is no note, in place of one."`
	Because string `json:"because,omitempty" doc:"The words of the reason other."`
}

type fixNoteChange struct {
	ByNumber
	Body FixNoteChange
}

func noteShown(n fixnote.Note, subject string) FixNote {
	return FixNote{
		Ticket: n.TicketID, Subject: subject, Wrong: n.Wrong, Did: n.Did, Next: n.Next, Skipped: string(n.Skipped), Because: n.Because,
		Version: n.Version, WrittenAt: Time(n.WrittenAt), GivenAt: Time(n.GivenAt),
	}
}

// showFixNote gives staff the note or why there is none, and requesters the note while they have it.
func (s *server) showFixNote(ctx context.Context, in *ByNumber) (*bodyOf[FixNote], error) {
	out := &bodyOf[FixNote]{}
	return out, s.read(ctx, func(tx *db.Tx, a person.Actor) error {
		verb := person.SeeOwn
		if a.Staff() {
			verb = person.SeeTicket
		}
		t, err := ticket.Get(ctx, tx, a, verb, in.Number)
		if err != nil {
			return err
		}
		n, err := fixnote.Of(ctx, tx, t.ID)
		if err != nil {
			return err
		}
		if n.TicketID == 0 || !a.Staff() && (!n.Says() || n.GivenAt == 0) {
			return fault.NotFound(i18n.M("Ticket {{.Number}} has no fix note.", "Number", in.Number))
		}
		out.Body = noteShown(n, t.Subject)
		return nil
	})
}

func (s *server) writeFixNote(ctx context.Context, in *fixNoteChange) (*bodyOf[FixNote], error) {
	out := &bodyOf[FixNote]{}
	c := in.Body
	return out, s.write(ctx, func(tx *db.Tx, a person.Actor) (err error) {
		var n fixnote.Note
		if c.Skip != "" {
			if c.Wrong+c.Did+c.Next != "" {
				return fault.Invalid(fault.F("skip", i18n.M("Please send either a note, or why there is none.")))
			}
			n, err = s.Notes.Skip(ctx, tx, a, in.Number, fixnote.Reason(c.Skip), c.Because)
		} else {
			n, err = s.Notes.Write(ctx, tx, a, in.Number, fixnote.Content{Wrong: c.Wrong, Did: c.Did, Next: c.Next, Version: c.Version})
		}
		if err != nil {
			return err
		}
		t, err := ticket.Get(ctx, tx, a, person.SeeTicket, in.Number)
		out.Body = noteShown(n, t.Subject)
		return err
	})
}

type listFixNotes struct {
	Q      string `query:"q" doc:"Words that they have." example:"vpn"`
	Cursor string `query:"cursor" doc:"next of the page before."`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

// listFixNotes gives staff the notes of the tickets that they may see, and requesters those of their own.
func (s *server) listFixNotes(ctx context.Context, in *listFixNotes) (*bodyOf[Page[FixNote]], error) {
	out := &bodyOf[Page[FixNote]]{}
	return out, s.read(ctx, func(tx *db.Tx, a person.Actor) error {
		place, err := notePlace(in.Cursor)
		if err != nil {
			return err
		}
		if err := checkFilter(in.Q); err != nil {
			return err
		}
		page := fixnote.Page{Query: in.Q, Before: place, Size: in.Limit + 1}
		var found []fixnote.Found
		if a.Staff() {
			found, err = fixnote.List(ctx, tx, a, page)
		} else {
			found, err = fixnote.Own(ctx, tx, a, false, page)
		}
		if err != nil {
			return err
		}
		if len(found) > in.Limit {
			found = found[:in.Limit]
			last := found[in.Limit-1]
			out.Body.Next = textOrNull(strconv.FormatInt(int64(last.WrittenAt), 10) + "-" + strconv.FormatInt(last.TicketID, 10))
		}
		out.Body.Items = make([]FixNote, len(found))
		for i, f := range found {
			out.Body.Items[i] = noteShown(f.Note, f.Subject)
		}
		return nil
	})
}

// notePlace reads the cursor of a list of notes: when the last one was written, and its ticket.
func notePlace(cursor string) (fixnote.Place, error) {
	if cursor == "" {
		return fixnote.Place{}, nil
	}
	at, number, _ := strings.Cut(cursor, "-")
	written, err := before(at)
	id, other := before(number)
	if err == nil {
		err = other
	}
	if err == nil && (written == 0 || id == 0) {
		_, err = before("-") // one of the two is missing
	}
	return fixnote.Place{At: clock.Instant(written), TicketID: id}, err
}
