package imap

import (
	"context"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
)

// Clocks differ, and a mail that is read although it came a little before is better than one that never is.
const clockSlack = 5 * time.Minute

// searchSlack is what a search for a date goes back further, since it knows days only, and those of the server's zone.
const searchSlack = 48 * time.Hour

// begin finds where to start in a folder whose UIDs are new: below the first mail that came after Options.Since. The place is
// stored before anything is taken, so that a mail which somebody moves here later is new, however old it is.
func (r *reader) begin(ctx context.Context, folder *imap.SelectData) error {
	if r.options.Since.IsZero() {
		return nil
	}
	if folder.NumMessages > 0 {
		last, err := r.lastBefore(r.options.Since.Add(-clockSlack), uint32(folder.UIDNext))
		if err != nil {
			r.breaks(ctx)
			return r.explain(ctx, err)
		}
		r.state.LastUID = last
	}
	if err := r.take(ctx, r.state, nil); err != nil {
		return &takeError{err}
	}
	return nil
}

// lastBefore gives the UID below the first mail that was received at or after the moment; next is the server's UIDNEXT, or 0.
func (r *reader) lastBefore(at time.Time, next uint32) (uint32, error) {
	found, err := r.client.UIDSearch(&imap.SearchCriteria{Since: at.Add(-searchSlack)}, nil).Wait()
	if err != nil {
		return 0, err
	}
	var lately []uint32
	for _, uid := range found.AllUIDs() {
		lately = append(lately, uint32(uid))
	}
	slices.Sort(lately)
	if r.mem.broken >= 3 && len(lately) > 0 {
		return lately[0] - 1, nil // a date that cannot be read breaks the connection
	}
	for part := range slices.Chunk(lately, chunk) {
		items, err := r.items(part, true)
		if err != nil {
			return 0, err
		}
		for _, it := range items {
			if it.received.IsZero() || !it.received.Before(at) {
				return it.uid - 1, nil
			}
		}
	}
	if next > 0 {
		return next - 1, nil
	}
	all, err := r.newer(0)
	if err != nil || len(all) == 0 {
		return 0, err
	}
	return all[len(all)-1], nil
}
