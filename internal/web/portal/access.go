package portal

import (
	"context"
	"net/http"
	"strconv"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/outcome"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// access is a request with the way in which the visitor came to it.
type access struct {
	ticket ticket.Ticket
	actor  person.Actor
	// token is the secret of the link by which they came; "" when they are signed in.
	token string
	// unproven says that the link's holder only typed an address.
	unproven bool
}

// own says that the visitor speaks as the requester.
func (a access) own() bool { return a.actor.ID == a.ticket.RequesterID }

// by is the visitor as the doer of something. What comes through a link that proved nothing is marked on the spine, so
// that staff, and unproven.go, can tell it from what the requester surely wrote.
func (a access) by() ticket.By {
	b := ticket.By{Actor: a.actor, Cause: causeForm}
	if a.unproven {
		b.Cause = causeUnproven
	}
	return b
}

// The causes that the portal gives to what it does.
const (
	causeForm      = "form"                    // on the requester's pages
	causeUnproven  = "unproven link"           // there too, by somebody who only typed an address
	causeRequester = outcome.SolvedByRequester // the desk did it because the requester said so
)

// errGone is what whoever holds a link that opens nothing is told.
var errGone = fault.NotFound(i18n.M("This link is no longer good."))

// open finds out whether the visitor may do verb with a request: as the person signed in, or else by the link whose
// secret their cookie holds. A request that became part of another gives that one. A visitor with neither is asked to sign in, whether there is such a request or not.
func (p *Portal) open(ctx context.Context, tx *db.Tx, r *http.Request, v page.Visit, verb person.Verb, number int64) (access, error) {
	var mine error
	if v.Actor.SignedIn() {
		t, err := ticket.Get(ctx, tx, v.Actor, verb, number)
		if err == nil && t.MergedInto != 0 {
			t, err = keptOr(ctx, tx, v.Actor, verb, t)
		}
		if err == nil {
			return access{ticket: t, actor: v.Actor}, nil
		}
		if _, ours := fault.Of(err); !ours {
			return access{}, err
		}
		mine = err
	}
	token := p.linkToken(r, number)
	switch {
	case token == "" && mine != nil:
		return access{}, mine
	case token == "":
		return access{}, fault.SignIn()
	}
	a, l, err := ticket.OpenLink(ctx, tx, token)
	if err != nil {
		return access{}, gone(err, mine)
	}
	if l.Proven {
		if number, err = ticket.Kept(ctx, tx, number); err != nil {
			return access{}, err
		}
	}
	t, err := ticket.Get(ctx, tx, a, verb, number)
	if err != nil {
		return access{}, gone(err, mine)
	}
	return access{ticket: t, actor: a, token: token, unproven: !l.Proven}, nil
}

// keptOr is the request that t became part of, as far as the visitor may see that one; else t, which tells no more than
// that it is gone.
func keptOr(ctx context.Context, tx *db.Tx, a person.Actor, verb person.Verb, t ticket.Ticket) (ticket.Ticket, error) {
	id, err := ticket.Kept(ctx, tx, t.ID)
	if err != nil {
		return t, err
	}
	kept, err := ticket.Get(ctx, tx, a, verb, id)
	if _, ours := fault.Of(err); ours {
		return t, nil
	}
	return kept, err
}

// gone tells a link's holder that it opens nothing, and somebody signed in what they would be told without one.
func gone(err, mine error) error {
	switch {
	case !fault.Is(err, fault.KindNotFound) && !fault.Is(err, fault.KindDenied):
		return err
	case mine != nil:
		return mine
	}
	return errGone
}

// cookieName is the name of the cookie that holds the secret of the link to one request.
func (p *Portal) cookieName(number int64) string {
	name := "goodturn-request-" + strconv.FormatInt(number, 10)
	if p.Site.Secure {
		return "__Secure-" + name
	}
	return name
}

// setLink keeps the secret of a link in a cookie that browsers send to this one request's addresses only.
func (p *Portal) setLink(w http.ResponseWriter, number int64, token string) {
	http.SetCookie(w, &http.Cookie{
		Name: p.cookieName(number), Value: token, Path: requestURL(number), MaxAge: int(ticket.LinkLife.Seconds()),
		HttpOnly: true, Secure: p.Site.Secure, SameSite: http.SameSiteLaxMode,
	})
}

func (p *Portal) linkToken(r *http.Request, number int64) string {
	c, err := r.Cookie(p.cookieName(number))
	if err != nil {
		return ""
	}
	return c.Value
}
