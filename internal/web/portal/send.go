package portal

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// send makes a ticket of the form and goes on to its link.
func (p *Portal) send(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	ctx := r.Context()
	wait := p.limited(w, r, v)
	if wait != "" && (r.ContentLength < 0 || r.ContentLength > page.MaxForm) {
		return fault.Limited(i18n.M("Much was sent from your network in a short while. Please wait a minute, go back and send again."))
	}
	in, err := readTyped(r)
	defer dropFiles(r)
	if err != nil {
		return err
	}
	view := in.view(ctx, p.frame(v), r)
	view.With = p.sentBy(ctx, in.with)
	if wait != "" {
		if err := p.offer(ctx, &view, in, nil); err != nil {
			return err
		}
		view.Alert = wait
		return page.Render(w, r, http.StatusTooManyRequests, FormPage(view))
	}
	in, err = p.choose(ctx, in)
	if err == nil {
		err = in.check()
	}
	var token string
	if err == nil {
		var made newTicket
		made, err = p.make(ctx, r, v, in)
		token = made.token
		if err == nil && in.chat && !made.chat {
			p.Site.Tell(w, i18n.T(ctx, "Nobody is free for a chat any more, sorry. Your request waits in the line, and nothing is lost."))
		}
	}
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		if err := p.offer(ctx, &view, in, wrong); err != nil {
			return err
		}
		view.put(wrong)
		return page.Render(w, r, http.StatusUnprocessableEntity, FormPage(view))
	}
	if err != nil {
		return err
	}
	return page.Goto(w, r, linkURL(token))
}

// check looks at what was typed before files are stored.
func (t typed) check() error {
	var wrong []fault.Field
	if t.trap != "" {
		wrong = append(wrong, fault.F(trapField, i18n.M("This field must stay empty: programs fill it in, people do not. Please clear it and send again.")))
	}
	if t.text == "" && len(t.facts) == 0 {
		wrong = append(wrong, fault.F("text", i18n.M("Please write what you need, a few words are enough.")))
	}
	if len(t.text) > ticket.MaxText {
		wrong = append(wrong, fault.F("text", i18n.M("This text is longer than 1 MB. Please attach it as a file.")))
	}
	if person.CleanName(t.name) == "" && t.address == "" {
		wrong = append(wrong, fault.F("name", i18n.M("Please write your name, so that we know whom we help.")))
	}
	if t.address != "" && !person.ValidAddress(person.FoldAddress(t.address)) {
		wrong = append(wrong, fault.F("address", i18n.M("“{{.Address}}” is not a mail address. One looks like name@example.com. Leave it empty if you have none.", "Address", t.address)))
	}
	if f, ok := fault.Of(t.wrong); ok {
		wrong = append(wrong, f.Fields...)
	}
	return fault.Check(wrong)
}

// newTicket is what a form became: a ticket, with the secret of a link to it.
type newTicket struct {
	token  string
	number int64
	chat   bool // it is a live chat
}

// make stores the files and the ticket. The same form sent again within a minute gives another link to the same ticket.
func (p *Portal) make(ctx context.Context, r *http.Request, v page.Visit, in typed) (made newTicket, err error) {
	files, err := p.Site.Gather(ctx, r, "files")
	if err != nil {
		return made, err
	}
	err = p.Site.DB.Write(ctx, func(tx *db.Tx) error {
		mark, marked := sentOf(in.key, in.name+"\x00"+in.address, in.text)
		if marked {
			before, err := mark.claim(ctx, tx)
			if err != nil {
				return err
			}
			if before != 0 {
				t, err := ticket.Get(ctx, tx, person.System, person.SeeTicket, before)
				if err == nil {
					made.number, made.chat = t.ID, t.Channel == ticket.ByChat
					made.token, err = ticket.NewLink(ctx, tx, t.ID, t.RequesterID, is(v, t.RequesterID))
				}
				return err
			}
		}
		if err := files.Spend(ctx, tx); err != nil {
			return err
		}
		t, err := p.createTicket(ctx, tx, v, in, files.ForTicket())
		if err == nil {
			err = p.handedOn(ctx, tx, in.with, t)
		}
		if err == nil && marked {
			err = mark.made(ctx, tx, t.ID)
		}
		if err == nil {
			made.number, made.chat = t.ID, t.Channel == ticket.ByChat
			made.token, err = ticket.NewLink(ctx, tx, t.ID, t.RequesterID, is(v, t.RequesterID))
		}
		return err
	})
	return made, err
}

// is tells that the visitor is signed in as that person.
func is(v page.Visit, id int64) bool { return v.Actor.SignedIn() && v.Actor.ID == id }

func (p *Portal) createTicket(ctx context.Context, tx *db.Tx, v page.Visit, in typed, files []ticket.File) (ticket.Ticket, error) {
	who, err := p.requester(ctx, tx, v, in)
	if err != nil {
		return ticket.Ticket{}, err
	}
	a := v.Actor
	if !a.SignedIn() {
		if a, err = person.ActorOf(ctx, tx, who.ID); err != nil {
			return ticket.Ticket{}, err
		}
	}
	by := access{ticket: ticket.Ticket{RequesterID: who.ID}, actor: a, unproven: !is(v, who.ID)}.by()
	n := ticket.New{
		Subject: ticket.CleanSubject(in.subject, opening(in.text)), Requester: who.ID, Channel: ticket.ByForm,
		Message: ticket.Draft{Text: in.text, Channel: ticket.ByForm, Files: files},
	}
	if in.chosen.ID != 0 {
		in.chosen.Give(&n, in.facts)
	}
	if in.from != "" {
		n.Facts = append(n.Facts, ticket.Fact{Source: "button", Key: "page", Kind: ticket.FactText, Label: i18n.T(ctx, "Asked from the page"), Value: in.from})
	}
	o, err := p.chatFor(ctx, tx, in, &n)
	if err != nil {
		return ticket.Ticket{}, err
	}
	t, err := p.Tickets.Create(ctx, tx, by, n)
	if err == nil && n.Channel == ticket.ByChat {
		err = p.Chats.Begin(ctx, tx, t, o)
	}
	if err != nil {
		return t, err
	}
	if err := p.after(ctx, tx, v, in.read, t); err != nil {
		return t, err
	}
	return t, p.ring(ctx, tx, by, t.ID, in.call)
}

// requester finds or makes the person who asks. Who is signed in asks for themselves unless they typed an address that
// is not theirs.
func (p *Portal) requester(ctx context.Context, tx *db.Tx, v page.Visit, in typed) (person.Person, error) {
	if in.address == "" {
		if v.Actor.SignedIn() {
			return person.Get(ctx, tx, v.Actor.ID)
		}
		return person.Create(ctx, tx, person.New{Name: in.name, Role: person.Requester, Language: i18n.LangOf(ctx)})
	}
	who, err := person.FindByAddress(ctx, tx, in.address)
	if errors.Is(err, db.ErrNoRow) {
		return person.Create(ctx, tx, person.New{Name: in.name, Addresses: []string{in.address}, Role: person.Requester, Language: i18n.LangOf(ctx)})
	}
	if err != nil || who.Active {
		return who, err
	}
	// A link of somebody whose account was closed opens nothing, and saying so would tell a stranger about the account.
	// Staff see the address in the name.
	return person.Create(ctx, tx, person.New{Name: in.name + " (" + in.address + ")", Role: person.Requester, Language: i18n.LangOf(ctx)})
}

// opening is the first line of a text that says something: a line that only greets is passed over.
func opening(text string) string {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && !greets(line) {
			return line
		}
	}
	return text
}

// greets tells that a line is a greeting such as "Hello Amara," and not what is wrong.
func greets(line string) bool {
	words := strings.Fields(line)
	last := line[len(line)-1]
	return len(words) == 1 && len(line) < 12 || len(words) <= 4 && (last == ',' || last == '!')
}
