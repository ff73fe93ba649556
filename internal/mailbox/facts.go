package mailbox

import (
	"context"
	"encoding/json"
	"slices"

	"goodturn/internal/db"
	"goodturn/internal/mailauth"
	"goodturn/internal/mailmsg"
)

// Facts are what a mail said of itself and what was found out about it when it came, kept with the mail for
// those who read its message.
type Facts struct {
	From    mailmsg.Address   `json:"from"`
	To      []mailmsg.Address `json:"to,omitempty"`
	CC      []mailmsg.Address `json:"cc,omitempty"`
	ReplyTo []mailmsg.Address `json:"reply_to,omitempty"`
	Auth    mailauth.Result   `json:"auth"`
	Doubt   Doubt             `json:"doubt,omitempty"` // why staff's mail became a note

	Signature *mailmsg.Signature `json:"signature,omitempty"` // nil when the mail is not signed
	Encrypted bool               `json:"encrypted,omitempty"` // what it says is in an encrypted attachment
	// Calendar is the invitation, or the answer to one, that came with the mail; nil for other mail.
	Calendar *mailmsg.Calendar `json:"calendar,omitempty"`
}

// factAddresses is how many addresses of one field are kept.
const factAddresses = 50

// factsOf gathers what is worth keeping of a mail.
func factsOf(m *mailmsg.Message) Facts {
	few := func(all []mailmsg.Address) []mailmsg.Address { return slices.Clone(all[:min(len(all), factAddresses)]) }
	return Facts{From: m.From, To: few(m.To), CC: few(m.CC), ReplyTo: few(m.ReplyTo), Calendar: m.Calendar, Encrypted: m.Encrypted}
}

// forgetTags leaves of the desk's addresses what everybody may know: a signed one lets its reader write to the ticket. That
// a mail went to the desk alone is not worth saying.
func (f *Facts) forgetTags(d *directory) {
	for _, list := range [][]mailmsg.Address{f.To, f.CC, f.ReplyTo} {
		for i, a := range list {
			if k, _, ok := d.find(a.Address); ok {
				list[i].Address = k.address
			}
		}
	}
	if len(f.To) == 1 && len(f.CC) == 0 && d.ours(f.To[0].Address) {
		f.To = nil
	}
}

// text writes facts for their column.
func (f Facts) text() (string, error) {
	raw, err := json.Marshal(f)
	return plainText(string(raw)), err
}

// FactsOfTicket gives the facts of the messages of a ticket that came by mail, by message id. Who may see a
// ticket's messages as staff may see them.
func FactsOfTicket(ctx context.Context, tx *db.Tx, ticketID int64) (map[int64]Facts, error) {
	type kept struct {
		MessageID int64
		Facts     string
	}
	rows, err := db.All[kept](ctx, tx, `SELECT r.message_id, r.facts FROM mail r JOIN message m ON m.id = r.message_id WHERE m.ticket_id = $1 AND r.facts <> '' ORDER BY r.id DESC`, ticketID)
	if err != nil {
		return nil, err
	}
	out := make(map[int64]Facts, len(rows))
	for _, r := range rows {
		var f Facts
		if err := json.Unmarshal([]byte(r.Facts), &f); err != nil {
			return nil, err
		}
		out[r.MessageID] = f // the first mail of a message wins: the order is from the newest
	}
	return out, nil
}
