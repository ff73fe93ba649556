package desk

import (
	"context"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// addressLines are the fields To, Cc and Bcc as text: addresses with commas between them.
type addressLines struct{ To, CC, BCC string }

// usualLines are those of an answer to everybody: the requester, and copies to the followers.
func usualLines(requester string, followers []string) addressLines {
	return addressLines{To: requester, CC: strings.Join(followers, ", ")}
}

// heldLines are the fields of an answer that was held.
func heldLines(r *ticket.Recipients) addressLines {
	join := func(list []ticket.Recipient) string {
		out := make([]string, len(list))
		for i, x := range list {
			out[i] = x.Address
		}
		return strings.Join(out, ", ")
	}
	return addressLines{join(r.To), join(r.CC), join(r.BCC)}
}

// add puts the address of a mail into its field.
func (l *addressLines) add(f Fate) {
	field := &l.To
	switch {
	case f.Blind:
		field = &l.BCC
	case f.Copy && l.To != "":
		field = &l.CC
	}
	*field = strings.TrimPrefix(*field+", "+f.Address, ", ")
}

// recipients finds out who is meant by the fields; somebody unknown is added. Fields that say what an answer
// does by itself give nil. What is wrong is a field error of to, cc or bcc.
func recipients(ctx context.Context, tx *db.Tx, l, usual addressLines) (*ticket.Recipients, error) {
	if l.same(usual) {
		return nil, nil
	}
	out := &ticket.Recipients{}
	var wrong []fault.Field
	left := ticket.MaxRecipients
	for _, f := range []struct {
		name, typed string
		into        *[]ticket.Recipient
	}{{"to", l.To, &out.To}, {"cc", l.CC, &out.CC}, {"bcc", l.BCC, &out.BCC}} {
		for _, typed := range splitAddresses(f.typed) {
			if left--; left < 0 {
				return nil, fault.Invalid(fault.F(f.name, i18n.MN("One message can go to {{.Count}} person at most.", "One message can go to {{.Count}} people at most.", ticket.MaxRecipients)))
			}
			r, err := recipientOf(ctx, tx, typed)
			if e, ok := fault.Of(err); ok && len(e.Fields) > 0 {
				wrong = append(wrong, fault.F(f.name, e.Fields[0].Message))
				continue
			}
			if err != nil {
				return nil, err
			}
			*f.into = append(*f.into, r)
		}
	}
	return out, fault.Check(wrong)
}

// recipientOf finds out who is meant: by an address, which is then the one that is written to, or by the name
// of somebody known.
func recipientOf(ctx context.Context, tx *db.Tx, typed string) (ticket.Recipient, error) {
	p, err := whoIs(ctx, tx, typed, false)
	if err != nil {
		return ticket.Recipient{}, err
	}
	r := ticket.Recipient{PersonID: p.ID, Address: p.Address}
	if c, ok := contactOf(typed); ok {
		r.Address = c.Address
	}
	switch {
	case r.Address == "":
		err = wrongWho(i18n.M("There is no address of {{.Name}} yet. Please add one on their page, or type it here.", "Name", p.Name))
	case !p.Active:
		err = wrongWho(i18n.M("{{.Name}} is switched off here and gets no mail.", "Name", orElse(p.Name, p.Address)))
	}
	return r, err
}

// same tells whether two sets of fields name the same addresses.
func (l addressLines) same(o addressLines) bool {
	return sameAddresses(l.To, o.To) && sameAddresses(l.CC, o.CC) && sameAddresses(l.BCC, o.BCC)
}

func sameAddresses(a, b string) bool {
	in := func(typed string) map[string]bool {
		out := map[string]bool{}
		for _, x := range splitAddresses(typed) {
			if c, ok := contactOf(x); ok {
				x = c.Address
			}
			out[person.FoldAddress(x)] = true
		}
		return out
	}
	x, y := in(a), in(b)
	if len(x) != len(y) {
		return false
	}
	for k := range x {
		if !y[k] {
			return false
		}
	}
	return true
}

// splitAddresses cuts a field at commas, semicolons and line ends, but not within quotes, nor in a name before
// "<" that has a comma itself ("Sato, Hana <hana@example.com>").
func splitAddresses(typed string) []string {
	var out []string
	var part strings.Builder
	quoted, angle := false, false
	end := func() {
		if s := strings.TrimSpace(part.String()); s != "" {
			out = append(out, s)
		}
		part.Reset()
	}
	for i, r := range typed {
		switch {
		case r == '"' && !angle:
			quoted = !quoted
		case r == '<' && !quoted:
			angle = true
		case r == '>':
			angle = false
		case !quoted && !angle && (r == ';' || r == '\n' || r == '\r' || (r == ',' && !commaInName(part.String(), typed[i+1:]))):
			end()
			continue
		}
		part.WriteRune(r)
	}
	end()
	return out
}

// commaInName tells a comma within the name of an address from one between two: there is no address before it,
// and the next thing after it is one in angle brackets.
func commaInName(before, after string) bool {
	next := strings.IndexAny(after, ",;\n\r@<")
	return !strings.Contains(before, "@") && strings.TrimSpace(before) != "" && next > 0 && after[next] == '<'
}

// wrongLines are what is wrong with the fields of a form.
type wrongLines struct{ To, CC, BCC string }

func (w wrongLines) any() bool { return w != wrongLines{} }
