package desk

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"goodturn/internal/bulk"
	"goodturn/internal/care"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/intake"
	"goodturn/internal/line"
	"goodturn/internal/livechat"
	"goodturn/internal/mailbox"
	"goodturn/internal/notice"
	"goodturn/internal/outage"
	"goodturn/internal/papercut"
	"goodturn/internal/ratelimit"
	"goodturn/internal/routing"
	"goodturn/internal/sla"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// Desk is what the agent's pages stand on. The program builds one and mounts its Routes.
type Desk struct {
	Site    *page.Site
	Tickets *ticket.Desk
	// Fates tells what became of the mails of a ticket, in any order; nil where no mail goes out.
	Fates func(ctx context.Context, tx *db.Tx, ticketID int64) ([]Fate, error)
	// SendAgain has a mail that failed sent once more. That it belongs to a ticket which the actor may change has been
	// checked. nil where no mail goes out.
	SendAgain func(ctx context.Context, tx *db.Tx, by ticket.By, deliveryID int64) error

	// Facts are what the mails of a ticket said of themselves, by message; nil where no mail comes in.
	Facts func(ctx context.Context, tx *db.Tx, ticketID int64) (map[int64]mailbox.Facts, error)

	// Post knows the mails that did not arrive; nil where no mail goes out.
	Post *mailbox.Post
	// Suspicion tells how surely a ticket was guessed to be spam, 0 to 1, and why; nil where no mail comes in.
	Suspicion func(ctx context.Context, tx *db.Tx, ticketID int64) (score float64, why []i18n.Text, err error)
	// Proposals are what mails of a ticket would like and staff have not decided yet; nil where no mail comes in. Decide takes
	// or refuses one; that the actor may change the ticket has been checked.
	Proposals func(ctx context.Context, tx *db.Tx, ticketID int64) ([]Proposal, error)
	Decide    func(ctx context.Context, tx *db.Tx, by ticket.By, ticketID, id int64, take bool) error

	// Care looks after whoever answers.
	Care *care.Keeper
	// Router gives tickets to people; nil leaves that out.
	Router *routing.Router
	// Bulks changes many tickets at once; nil leaves that out.
	Bulks *bulk.Runner
	// Notices tell people what concerns them.
	Notices *notice.Center

	// Line tells those who wait where they stand; nil asks for no reasons and rings nobody.
	Line *line.Line
	// Promises keeps the tickets' promises about time; nil leaves them out.
	Promises *sla.Keeper
	// Intake asks about vague requests. Required.
	Intake *intake.Asker

	guesses     *ratelimit.Limiter // of passwords and codes by somebody signed in
	tallies     tallies
	savedCounts savedCounts
	bodies      bodies
	// Outages is where outages are posted; nil knows none.
	Outages *outage.Board
	// Papercuts keeps the small things that annoy.
	Papercuts *papercut.Book
	// Chats is where live chats take place; nil for none.
	Chats *livechat.Room
}

// Fate is what became of one mail: one message to one address.
type Fate struct {
	ID, MessageID, PersonID int64
	Address                 string
	// Copy and Blind say in which field the address stands: Cc, and Bcc which nobody else was told.
	Copy, Blind bool
	// State is "queued", "sent" or "failed".
	State string
	// Reason says in plain words why it was not sent, or is "".
	Reason string
	// At is when it was sent; NextAt when it is tried again by itself; 0 for not.
	At, NextAt clock.Instant
}

// do runs a change to a ticket in one transaction.
func (d *Desk) do(r *http.Request, v page.Visit, change func(ctx context.Context, tx *db.Tx, by ticket.By) error) error {
	ctx := r.Context()
	return d.Site.DB.Write(ctx, func(tx *db.Tx) error { return change(ctx, tx, ticket.By{Actor: v.Actor}) })
}

// returnTo is the address of a ticket, with the list beside it that the form was sent from.
func returnTo(r *http.Request, number int64) string {
	at := ticketURL(number)
	if from, err := url.Parse(r.Referer()); err == nil && from.Path == at && from.Host == r.Host {
		q := strings.Trim(readPlace(from.Query()).query()+"&"+readShowingText(from.RawQuery).query(), "&")
		if q != "" {
			at += "?" + q
		}
	}
	return at
}
