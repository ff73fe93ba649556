package ticket

import (
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
)

// Recipient is somebody to whom one message goes.
type Recipient struct {
	PersonID int64
	Address  string // "" is their address of record
}

// Recipients are those to whom one message goes. They need not follow the ticket, and see no more of it than
// what they are sent. BCC are known to staff alone.
type Recipients struct {
	To, CC, BCC []Recipient
}

// MaxRecipients is how many people one message may go to.
const MaxRecipients = 50

func (r *Recipients) count() int { return len(r.To) + len(r.CC) + len(r.BCC) }

// check refuses a list that no mail can have; nil, the requester and the followers, is good.
func (r *Recipients) check() error {
	switch {
	case r == nil:
		return nil
	case len(r.To) == 0:
		return fault.Invalid(fault.F("to", i18n.M("Please say to whom this goes: at least one address.")))
	case r.count() > MaxRecipients:
		return fault.Invalid(fault.F("to", i18n.MN("One message can go to {{.Count}} person at most.", "One message can go to {{.Count}} people at most.", MaxRecipients)))
	}
	return nil
}
