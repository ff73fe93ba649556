package portal

import (
	"context"
	"net/http"

	"goodturn/internal/db"
	"goodturn/internal/line"
	"goodturn/internal/person"
	"goodturn/internal/secret"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// request shows one request. Staff who may see it at the desk, and have no part in it, are taken there.
func (p *Portal) request(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	view, err := p.view(r, v, number)
	if err == nil && view.Number != number { // it became part of that one
		if token := p.linkToken(r, number); token != "" {
			p.setLink(w, view.Number, token)
		}
		return page.Goto(w, r, requestURL(view.Number))
	}
	if err != nil {
		if p.atDesk(r.Context(), v, number) {
			return page.Goto(w, r, "/tickets"+requestURL(number)[len("/requests"):])
		}
		return p.fail(w, r, v, err)
	}
	return page.Render(w, r, http.StatusOK, RequestPage(view))
}

func (p *Portal) atDesk(ctx context.Context, v page.Visit, number int64) bool {
	return v.Actor.Staff() && p.Site.DB.Read(ctx, func(tx *db.Tx) error {
		_, err := ticket.Get(ctx, tx, v.Actor, person.SeeTicket, number)
		return err
	}) == nil
}

// view loads all that the page of a request shows.
func (p *Portal) view(r *http.Request, v page.Visit, number int64) (view RequestView, err error) {
	ctx := r.Context()
	proven := int64(0)
	err = p.Site.DB.Read(ctx, func(tx *db.Tx) error {
		a, err := p.open(ctx, tx, r, v, person.SeeOwn, number)
		if err != nil {
			return err
		}
		if a.token != "" && !a.unproven { // the link's holder is known
			proven = a.ticket.OrganisationID
		}
		l := loader{tx: tx, access: a, site: p.Site.Name, line: p.Line, names: map[int64]string{}}
		view, err = l.load(ctx, r.URL.Query().Has("all"))
		if err == nil && p.Chats != nil {
			view.Chat, err = l.chat(ctx)
		}
		if err == nil {
			view.Question, err = l.question(ctx, r.URL.Query().Get("answer"))
		}
		if err == nil {
			view.Outage, err = p.outageOf(ctx, &l, view.Said)
		}
		if o := view.Outage; o != nil && !o.Linked && view.Question != nil && view.Question.Outage == o.ID {
			view.Outage = nil // the question asks it already
		}
		if err == nil && a.unproven && !view.Mailed {
			view.Link = p.address(r) + linkURL(a.token)
		}
		return err
	})
	view.Frame = p.frame(v)
	if proven != 0 {
		view.Frame = view.Frame.in(p.Brands.Of(proven))
	}
	view.Reply.Key = secret.Token()
	return view, err
}

// address is how the visitor's browser calls this desk.
func (p *Portal) address(r *http.Request) string {
	if p.Site.Secure {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// loader gathers what one visitor may see of one request, within a transaction.
type loader struct {
	access
	tx    *db.Tx
	site  string // the name of the desk
	line  *line.Line
	names map[int64]string
}

func (l *loader) load(ctx context.Context, all bool) (RequestView, error) {
	t := l.ticket
	v := RequestView{Number: t.ID, Subject: t.Subject, Sent: t.CreatedAt, Joined: t.MergedInto != 0, Reply: Reply{CanSolve: t.Status.IsOpen()}}
	var err error
	if v.Said, v.Earlier, err = l.conversation(ctx, all); err != nil {
		return v, err
	}
	if v.Steps, err = l.happenings(ctx); err != nil {
		return v, err
	}
	if v.Facts, err = l.facts(ctx); err != nil {
		return v, err
	}
	if err := l.stands(ctx, &v); err != nil {
		return v, err
	}
	if v.Fix, err = l.fix(ctx); err != nil {
		return v, err
	}
	if v.After, err = l.after(ctx); err != nil {
		return v, err
	}
	if !l.own() {
		v.Whose, err = l.first(ctx, t.RequesterID)
		return v, err
	}
	v.Mailed, err = l.mailed(ctx)
	return v, err
}

// mailed tells whether answers reach the requester by mail too.
func (l *loader) mailed(ctx context.Context) (bool, error) {
	who, err := person.Get(ctx, l.tx, l.ticket.RequesterID)
	if err != nil || who.Address == "" {
		return false, err
	}
	return db.Exists(ctx, l.tx, `SELECT 1 FROM mailbox WHERE active LIMIT 1`)
}

// first gives somebody's first name, "" for nobody. What the requester's record holds is never shown to a link that
// proved nothing: there they are "You".
func (l *loader) first(ctx context.Context, id int64) (string, error) {
	if id == 0 {
		return "", nil
	}
	if name, ok := l.names[id]; ok {
		return name, nil
	}
	p, err := person.Get(ctx, l.tx, id)
	if err != nil {
		return "", err
	}
	l.names[id] = firstName(p.Name)
	return l.names[id], nil
}
