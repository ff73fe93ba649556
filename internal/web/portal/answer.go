package portal

import (
	"context"
	"net/http"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// answer adds to a request what its requester wrote; with "It works again" it is solved.
func (p *Portal) answer(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	ctx := r.Context()
	wait := p.limited(w, r, v)
	if wait != "" && (r.ContentLength < 0 || r.ContentLength > page.MaxForm) {
		return fault.Limited(i18n.M("Much was sent from your network in a short while. Please wait a minute, go back and send again."))
	}
	if err := page.Form(r); err != nil {
		return err
	}
	defer dropFiles(r)
	in := reply{key: r.PostFormValue("key"), text: strings.TrimSpace(r.PostFormValue("text")), works: r.PostFormValue("works") != ""}
	if wait != "" {
		return p.again(w, r, v, number, Reply{Text: in.text, Alert: wait}, http.StatusTooManyRequests)
	}
	err = p.addAnswer(ctx, r, v, number, in)
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return p.again(w, r, v, number, Reply{Text: in.text, TextError: wrong["text"], FilesError: wrong["files"]}, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return p.fail(w, r, v, err)
	}
	if in.works {
		p.Site.Tell(w, i18n.T(ctx, "Good to hear. Your request is solved."))
	} else {
		p.Site.Tell(w, i18n.T(ctx, "We have it. Your words stand below."))
	}
	return page.Goto(w, r, requestURL(number))
}

// reply is what somebody adds to a request.
type reply struct {
	key, text string
	works     bool // "It works again"
}

func (p *Portal) addAnswer(ctx context.Context, r *http.Request, v page.Visit, number int64, in reply) error {
	// Nobody fills the disk through a request that is not theirs.
	err := p.Site.DB.Read(ctx, func(tx *db.Tx) error {
		_, err := p.open(ctx, tx, r, v, person.WriteOwn, number)
		return err
	})
	if err != nil {
		return err
	}
	files, err := p.Site.Gather(ctx, r, "files")
	if err != nil {
		return err
	}
	if in.text == "" && in.works {
		in.text = i18n.T(ctx, "It works again.")
	}
	return p.Site.DB.Write(ctx, func(tx *db.Tx) error {
		a, err := p.open(ctx, tx, r, v, person.WriteOwn, number)
		if err != nil {
			return err
		}
		if mark, ok := sentOf(in.key, requestURL(number), in.text); ok {
			if before, err := mark.claim(ctx, tx); err != nil || before != 0 {
				return err
			}
			if err := mark.made(ctx, tx, number); err != nil {
				return err
			}
		}
		if err := files.Spend(ctx, tx); err != nil {
			return err
		}
		channel, err := chatChannel(ctx, tx, a.ticket)
		if err != nil {
			return err
		}
		if _, err := p.Tickets.Answer(ctx, tx, a.by(), a.ticket.ID, ticket.Draft{Text: in.text, Channel: channel, Files: files.ForTicket()}); err != nil || !in.works {
			return err
		}
		return p.Tickets.SetStatus(ctx, tx, ticket.By{Actor: person.System, Cause: causeRequester}, a.ticket.ID, ticket.Solved)
	})
}

// again shows the request with what was typed and what is to be changed about it.
func (p *Portal) again(w http.ResponseWriter, r *http.Request, v page.Visit, number int64, in Reply, status int) error {
	view, err := p.view(r, v, number)
	if err != nil {
		return p.fail(w, r, v, err)
	}
	in.Key, in.CanSolve = view.Reply.Key, view.Reply.CanSolve
	if in.FilesError == "" && hasFiles(r) {
		in.FilesError = filesAgain(r.Context())
	}
	view.Reply = in
	return page.Render(w, r, status, RequestPage(view))
}
