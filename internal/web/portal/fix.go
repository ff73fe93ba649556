package portal

import (
	"context"

	"goodturn/internal/fixnote"
)

// Fix is the fix note of a request, as its requester reads it. The zero value is none.
type Fix struct {
	Wrong, Did, Next string
}

// fix is the note of the request, when the visitor may have it: whoever only typed an address may not.
func (l *loader) fix(ctx context.Context) (Fix, error) {
	if l.unproven {
		return Fix{}, nil
	}
	n, err := fixnote.Of(ctx, l.tx, l.ticket.ID)
	if err != nil || n.GivenAt == 0 {
		return Fix{}, err
	}
	return Fix{Wrong: n.Wrong, Did: n.Did, Next: n.Next}, nil
}
