package mailbox

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/person"
)

// A signed reply address is help+1042.TAG@example.com: local part, ticket, and a tag of 20 characters that
// only this desk can make. RFC 5321 §4.5.3.1.1 allows local parts of 64 octets.
const (
	replyPurpose = "reply address"
	maxLocal     = 64 - 1 - 12 - 1 - 20
)

// known is one address that the desk takes mail at.
type known struct {
	id         int64
	address    string
	subaddress bool
	active     bool
	trusts     string // the authserv-id whose results are believed; "" for none
}

// directory is what the addresses of the desk are, in memory: it is asked for every recipient.
type directory struct{ all []known }

// find gives the mailbox that an address belongs to, and what follows the "+".
func (d *directory) find(address string) (k known, sub string, ok bool) {
	address = person.FoldAddress(address)
	for _, k := range d.all {
		if k.address == address {
			return k, "", true
		}
	}
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return known{}, "", false
	}
	local, sub, ok := strings.Cut(address[:at], "+")
	if !ok {
		return known{}, "", false
	}
	plain := local + address[at:]
	for _, k := range d.all {
		if k.subaddress && k.address == plain {
			return k, sub, true
		}
	}
	return known{}, "", false
}

// accepts gives the active mailbox that takes mail to an address.
func (d *directory) accepts(address string) (known, bool) {
	k, _, ok := d.find(address)
	return k, ok && k.active
}

// lines writes the accepted addresses for the pipe: one a line, with a " +" where subaddresses arrive too.
func (d *directory) lines() string {
	var b strings.Builder
	for _, k := range d.all {
		if !k.active {
			continue
		}
		b.WriteString(k.address)
		if k.subaddress {
			b.WriteString(" +")
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// parseDirectory reads what lines wrote.
func parseDirectory(text string) *directory {
	d := &directory{}
	for line := range strings.Lines(text) {
		address, mark, _ := strings.Cut(strings.TrimSpace(line), " ")
		if address != "" {
			d.all = append(d.all, known{address: address, subaddress: mark == "+", active: true})
		}
	}
	return d
}

// directory gives the addresses, which are loaded on first use and anew after a change.
func (p *Post) directory(ctx context.Context) (*directory, error) {
	if d := p.addresses.Load(); d != nil {
		return d, nil
	}
	return p.loadDirectory(ctx)
}

func (p *Post) loadDirectory(ctx context.Context) (*directory, error) {
	type address struct {
		ID         int64
		Address    string
		Subaddress bool
		Active     bool
		AuthservID string
	}
	d := &directory{}
	err := p.DB.Read(ctx, func(tx *db.Tx) error {
		d.all = nil
		rows, err := db.All[address](ctx, tx, `SELECT id, address, subaddress, active, authserv_id FROM mailbox ORDER BY id`)
		for _, r := range rows {
			d.all = append(d.all, known{id: r.ID, address: r.Address, subaddress: r.Subaddress, active: r.Active, trusts: r.AuthservID})
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	p.addresses.Store(d)
	return d, nil
}

// Accepts tells whether mail to an address is for the desk: a mailbox's own address, or help+anything@ where
// it takes subaddresses.
func (p *Post) Accepts(ctx context.Context, rcpt string) (bool, error) {
	d, err := p.directory(ctx)
	if err != nil {
		return false, err
	}
	_, ok := d.accepts(rcpt)
	return ok, nil
}

// ours tells whether an address is one of the desk's own, active or not.
func (d *directory) ours(address string) bool {
	_, _, ok := d.find(address)
	return ok
}

// replyAddress is where answers to a ticket's mail go.
func (p *Post) replyAddress(mailbox string, ticketID int64) string {
	id := strconv.FormatInt(ticketID, 10)
	return subaddressOf(mailbox, id+"."+p.Key.Sign(replyPurpose, []byte(id)))
}

func subaddressOf(address, sub string) string {
	local, domain, _ := strings.Cut(address, "@")
	return local + "+" + sub + "@" + domain
}

// signedTicket gives the ticket that a reply address of ours names, or 0.
func (p *Post) signedTicket(d *directory, address string) int64 {
	_, sub, ok := d.find(address)
	if !ok {
		return 0
	}
	text, tag, ok := strings.Cut(sub, ".")
	id, err := strconv.ParseInt(text, 10, 64)
	if !ok || err != nil || id <= 0 || strconv.FormatInt(id, 10) != text || !p.Key.Verify(replyPurpose, []byte(text), tag) {
		return 0
	}
	return id
}

// signedTickets gives the tickets that any of the addresses names, in their order.
func (p *Post) signedTickets(d *directory, addresses []string) (ids []int64) {
	for _, a := range addresses {
		if id := p.signedTicket(d, a); id != 0 && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}
