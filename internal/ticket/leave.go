package ticket

import (
	"context"
	"strconv"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/secret"
)

const leavePurpose = "stop following"

// LeaveToken is what the mails of a follower carry so that they can end them without signing in: it lets its holder
// stop that person's following of that ticket, and nothing else.
func LeaveToken(key *secret.Signer, ticketID, personID int64) string {
	ids := strconv.FormatInt(ticketID, 10) + "." + strconv.FormatInt(personID, 10)
	return ids + "." + key.Sign(leavePurpose, []byte(ids))
}

// ReadLeaveToken gives the ticket and the person of a LeaveToken of ours.
func ReadLeaveToken(key *secret.Signer, token string) (ticketID, personID int64, ok bool) {
	at := strings.LastIndexByte(token, '.')
	if at < 0 || !key.Verify(leavePurpose, []byte(token[:at]), token[at+1:]) {
		return 0, 0, false
	}
	first, second, _ := strings.Cut(token[:at], ".")
	ticketID, err := strconv.ParseInt(first, 10, 64)
	if err != nil {
		return 0, 0, false
	}
	personID, err = strconv.ParseInt(second, 10, 64)
	return ticketID, personID, err == nil
}

// Leave ends somebody's following at their own wish. Nothing happens when they do not follow.
func (d *Desk) Leave(ctx context.Context, tx *db.Tx, id, personID int64) error {
	t, err := takeKept(ctx, tx, By{Actor: person.System}, person.SeeTicket, id)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `DELETE FROM follower WHERE ticket_id = $1 AND person_id = $2`, t.ID, personID)
	if err != nil || n == 0 {
		return err
	}
	return d.record(ctx, tx, By{Actor: person.Actor{ID: personID}, Cause: "list-unsubscribe"}, t, Event{What: Followed, FromValue: idText(personID)}, nil)
}
