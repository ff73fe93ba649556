package mailbox

import (
	"context"
	"errors"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/mailmsg"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// Helping is what mail asks of the feature that knows people whom others ask for help. Any of it may be nil.
type Helping struct {
	// Helper gives who shares an address with this token; fault.NotFound when nobody does.
	Helper func(ctx context.Context, tx *db.Tx, token string) (person.Person, error)
	// Receive is told of a ticket that came to such an address, and has its helper told.
	Receive func(ctx context.Context, tx *db.Tx, t ticket.Ticket, helperID int64) error
	// Forwarded is told of a ticket made of a forwarded mail; it gives the page on which who forwarded it chooses.
	Forwarded func(ctx context.Context, tx *db.Tx, t ticket.Ticket, helperID int64) (path string, err error)
	// Note takes a subject such as "15 min printer" into a helper's ledger, and tells whether it was one.
	Note func(ctx context.Context, tx *db.Tx, helperID int64, subject string) (bool, error)
}

const helperMark = "with."

// HelperAddress is the address of the desk that somebody shares whose link has the token: help+with.TOKEN@example.com. It is "" where no
// mailbox of an open team takes subaddresses.
func HelperAddress(ctx context.Context, tx *db.Tx, token string) (string, error) {
	boxes, err := db.All[string](ctx, tx, `SELECT m.address FROM mailbox m JOIN team t ON t.id = m.team_id WHERE m.active AND m.subaddress AND NOT t.private ORDER BY m.id LIMIT 1`)
	if err != nil || len(boxes) == 0 {
		return "", err
	}
	return subaddressOf(boxes[0], helperMark+token), nil
}

// helper is who shares the address that a mail was sent to; ID is 0 for nobody.
func (p *Post) helper(ctx context.Context, tx *db.Tx, d *directory, l *letter) (who person.Person, err error) {
	if p.Helping.Helper == nil {
		return who, nil
	}
	const most = 5 // tokens of one mail that are looked up
	asked := 0
	for _, address := range l.recipients() {
		_, sub, _ := d.find(address)
		token, ok := strings.CutPrefix(sub, helperMark)
		if !ok {
			continue
		}
		if asked++; asked > most {
			break
		}
		who, err = p.Helping.Helper(ctx, tx, token)
		if err == nil || !fault.Is(err, fault.KindNotFound) {
			return who, err
		}
	}
	return person.Person{}, nil
}

// asked gives who asks when somebody answers a colleague and sends their own address of the desk a copy: the first other recipient of
// their organisation. Only who proves to be the helper makes a colleague the requester so.
func (p *Post) asked(ctx context.Context, tx *db.Tx, d *directory, l *letter, helper person.Person) (asker sender, ok bool, err error) {
	if !l.facts.Auth.Authentic() {
		return asker, false, nil
	}
	for _, a := range append(l.msg.To[:len(l.msg.To):len(l.msg.To)], l.msg.CC...)[:min(len(l.msg.To)+len(l.msg.CC), 20)] {
		address := person.FoldAddress(plainText(a.Address))
		if !person.ValidAddress(address) || d.ours(address) || address == p.Default.Address {
			continue
		}
		asker = sender{contact: person.Contact{Name: plainText(a.Name), Address: address}}
		if asker.known, err = person.FindByAddress(ctx, tx, address); err != nil && !errors.Is(err, db.ErrNoRow) {
			return asker, false, err
		}
		if asker.known.ID == helper.ID || asker.known.ID != 0 && !asker.known.Active {
			continue
		}
		if helper.Role.AtLeast(person.Agent) || helper.OrganisationID != 0 && helper.OrganisationID == organisationOf(ctx, tx, asker) {
			return asker, true, nil
		}
	}
	return sender{}, false, nil
}

// fileHelped files a mail to the address that somebody shares; the zero result is none of these. Who writes there asks for themselves,
// and the helper is told that it has come. The helper's own mail is a line for their ledger, or a colleague's request where it answers one.
// A mail that a program wrote, or that goes round, is filed like any other, and nobody is told.
func (p *Post) fileHelped(ctx context.Context, tx *db.Tx, d *directory, l *letter, who sender, quotes []int64) (result, error) {
	if l.msg.Automatic != "" || who.contact.Address == "" || passedTwice(l.raw, d.ours) {
		return result{}, nil
	}
	helper, err := p.helper(ctx, tx, d, l)
	if err != nil || helper.ID == 0 {
		return result{}, err
	}
	if who.known.ID == helper.ID {
		return p.fileHelpers(ctx, tx, d, l, helper, quotes)
	}
	if who.known.ID != 0 && !who.known.Active {
		return result{}, nil
	}
	r, err := p.begin(ctx, tx, l, who, quotes)
	if err != nil || r.outcome != BecameTicket {
		return r, err
	}
	t, err := ticket.Get(ctx, tx, person.System, person.SeeTicket, r.ticketID)
	if err == nil && !t.Turn.Aside() && t.Messages == 1 && t.CreatedAt == tx.Now { // and not one of a storm
		err = p.Helping.Receive(ctx, tx, t, helper.ID)
	}
	if err != nil {
		return r, err
	}
	return r, p.propose(ctx, tx, d, l, who, r)
}

func (p *Post) fileHelpers(ctx context.Context, tx *db.Tx, d *directory, l *letter, helper person.Person, quotes []int64) (result, error) {
	if l.facts.Auth.Authentic() && p.Helping.Note != nil {
		if noted, err := p.Helping.Note(ctx, tx, helper.ID, l.msg.Subject); err != nil || noted {
			return result{outcome: BecameMinutes}, err
		}
	}
	asker, ok, err := p.asked(ctx, tx, d, l, helper)
	if err != nil || !ok {
		return result{}, err
	}
	said := orElse(unquoted(l.msg.QuotedText), l.draft.Text)
	h := &handoff{who: helper, known: true, proven: true, shared: true, asked: &mailmsg.Forwarded{Subject: l.msg.Subject, Text: said}}
	return p.beginHandedOn(ctx, tx, l, h, asker, quotes)
}

// unquoted takes the marks off what was quoted.
func unquoted(text string) string {
	var out strings.Builder
	for line := range strings.Lines(text) {
		rest, ok := strings.CutPrefix(line, ">")
		if ok {
			rest = strings.TrimPrefix(rest, " ")
		}
		out.WriteString(rest)
	}
	return strings.TrimSpace(out.String())
}
