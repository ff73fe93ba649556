package lead

import (
	"context"

	"goodturn/internal/fixnote"
	"goodturn/internal/i18n"
)

// FixNoteView is the form for the fix note of a ticket.
type FixNoteView struct {
	Frame   Frame
	Number  int64
	Subject string
	// Name is the requester's first name, Language theirs when it is another than the reader's.
	Name, Language string
	Done           bool // the ticket is solved or closed
	Note           fixnote.Note
	By             string // who wrote it last
	Proposals      []fixnote.Proposal
	// Proposed says that the form was filled with the first of them.
	Proposed bool
	// Others is how many other tickets whoever writes is asked about.
	Others   int
	Repeat   fixnote.Repeat
	Versions []NoteVersion
	noteForm
}

// NoteVersion is what a note said before, and who had written that.
type NoteVersion struct {
	fixnote.Version
	By string
}

// offered are the proposals that are not in the form already.
func (v FixNoteView) offered() []fixnote.Proposal {
	var out []fixnote.Proposal
	for _, p := range v.Proposals {
		if !v.Proposed || p.FromID != v.Number {
			out = append(out, p)
		}
	}
	return out
}

func (v FixNoteView) title(ctx context.Context) string {
	return i18n.T(ctx, "Fix note of {{.Ticket}}", "Ticket", "#"+decimal(v.Number))
}

// reasonWords says why there is no note.
func reasonWords(ctx context.Context, why fixnote.Reason) string {
	switch why {
	case fixnote.Nothing:
		return i18n.T(ctx, "Nothing to teach")
	case fixnote.Elsewhere:
		return i18n.T(ctx, "Somebody else wrote it")
	case fixnote.NotUs:
		return i18n.T(ctx, "Not solved by us")
	case fixnote.Many:
		return i18n.T(ctx, "Many at once")
	}
	return i18n.T(ctx, "Another reason")
}

// againHint says why something may have been explained before.
func againHint(ctx context.Context, r fixnote.Repeat) string {
	if r.How == fixnote.ByWords && r.OfID != 0 {
		return i18n.T(ctx, "#{{.Number}} looks alike. It is counted for the desk, never for you.", "Number", r.OfID)
	}
	return i18n.T(ctx, "It is counted for the desk, never for you.")
}
