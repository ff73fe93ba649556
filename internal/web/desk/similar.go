package desk

import (
	"context"
	"net/http"

	"goodturn/internal/db"
	"goodturn/internal/fixnote"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// similarTickets are shown at most, each with up to insertedText bytes of what solved it for whoever takes it over.
const (
	similarTickets = 4
	insertedText   = 8000
)

// similar answers GET /tickets/{number}/similar: solved tickets that are like this one. The ticket's page asks for it once it
// stands, so that nobody waits for it.
func (d *Desk) similar(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	ctx := r.Context()
	var view SimilarView
	err = d.read(ctx, v, func(l *look) error {
		t, err := ticket.Get(ctx, l.tx, v.Actor, person.SeeTicket, number)
		if err != nil {
			return err
		}
		view = SimilarView{Number: t.ID, Subject: t.Subject}
		if asks(v, "views") {
			if view.Frame, err = d.frame(ctx, l, ""); err != nil {
				return err
			}
		}
		if view.Articles, err = d.articlesFor(ctx, l, t); err != nil {
			return err
		}
		found, err := ticket.Similar(ctx, l.tx, v.Actor, t, similarTickets)
		if err != nil {
			return err
		}
		notes, err := notesOf(ctx, l, found)
		if err != nil {
			return err
		}
		for _, s := range found {
			row := SimilarTicket{Number: s.ID, Subject: s.Subject, By: firstName(s.AnswerBy), Note: notes[s.ID]}
			if row.Text, err = answerText(ctx, l.tx, s); err != nil {
				return err
			}
			row.Answer = gist(orElse(row.Text, s.Answer))
			view.Tickets = append(view.Tickets, row)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return d.show(w, r, v, http.StatusOK, view.Frame, SimilarPage(view), pieces{"similar": SimilarFragment(view)})
}

// notesOf gives what the fix notes of similar tickets say, by ticket. That the visitor may see the tickets is known.
func notesOf(ctx context.Context, l *look, found []ticket.Solution) (map[int64]string, error) {
	ids := make([]int64, len(found))
	for i, s := range found {
		ids[i] = s.ID
	}
	notes, err := fixnote.OfMany(ctx, l.tx, ids)
	out := make(map[int64]string, len(notes))
	for id, n := range notes {
		out[id] = fixnote.Found{Note: n}.Gist()
	}
	return out, err
}

// answerText is all of what solved a ticket, "" for one that nobody answered or that needs more room than an answer has.
func answerText(ctx context.Context, tx *db.Tx, s ticket.Solution) (string, error) {
	all, err := db.All[string](ctx, tx, `SELECT text FROM message WHERE ticket_id = $1 AND seq = $2 AND NOT internal`, s.ID, s.AnswerSeq)
	if err != nil || len(all) == 0 || len(all[0]) > insertedText {
		return "", err
	}
	return all[0], nil
}
