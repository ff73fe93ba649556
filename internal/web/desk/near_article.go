package desk

import (
	"context"
	"errors"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/kb"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// NearArticle is an article that may help with a ticket.
type NearArticle struct {
	Title, URL, Gist string
	// Link is what an answer gets that points to it, Text all that it says with that below; "" for one that the requester may not read.
	Link, Text string
}

const (
	nearArticles = 3
	askedAbout   = 1000 // bytes of what a requester wrote first
)

// articlesFor finds the articles that may help with a ticket. Only what its requester may read can go into an answer.
func (d *Desk) articlesFor(ctx context.Context, l *look, t ticket.Ticket) ([]NearArticle, error) {
	first, err := db.All[string](ctx, l.tx, `SELECT text FROM message WHERE ticket_id = $1 AND seq = 1 AND NOT internal`, t.ID)
	if err != nil {
		return nil, err
	}
	asked := t.Subject
	for _, text := range first {
		asked += "\n" + text[:min(len(text), askedAbout)]
	}
	found, err := kb.Like(ctx, l.tx, l.visit.Actor, i18n.LangOf(ctx), asked, nearArticles)
	if err != nil {
		return nil, err
	}
	return d.nearOf(ctx, l, t, found)
}

const (
	pickedArticles = 5
	askedArticle   = 2 // letters before articles are looked for
)

// articlesNamed finds articles by words that are typed while an answer is written.
func (d *Desk) articlesNamed(ctx context.Context, l *look, t ticket.Ticket, query string) ([]NearArticle, error) {
	if len(query) < askedArticle {
		return nil, nil
	}
	found, err := kb.Find(ctx, l.tx, l.visit.Actor, i18n.LangOf(ctx), query, pickedArticles)
	if err != nil {
		return nil, err
	}
	return d.nearOf(ctx, l, t, found.Hits)
}

// nearOf says of articles what of them can go into an answer: nothing of one that the ticket's requester may not read.
func (d *Desk) nearOf(ctx context.Context, l *look, t ticket.Ticket, found []kb.Hit) ([]NearArticle, error) {
	if len(found) == 0 {
		return nil, nil
	}
	requester, err := person.ActorOf(ctx, l.tx, t.RequesterID)
	if err != nil && !errors.Is(err, db.ErrNoRow) {
		return nil, err
	}
	var out []NearArticle
	for _, h := range found {
		x, err := kb.ByID(ctx, l.tx, l.visit.Actor, h.ID)
		if err != nil {
			return nil, err
		}
		near := NearArticle{Title: h.Title, URL: "/help/" + h.Slug, Gist: gist(kb.Gist(h.Body, 160))}
		if person.Can(requester, person.ReadArticle, x.Thing()) {
			near.Link = h.Title + "\n" + d.publicURL() + near.URL
			near.Text = kb.Plain(h.Body) + "\n\n" + near.Link
		}
		out = append(out, near)
	}
	return out, nil
}

func (d *Desk) publicURL() string {
	if d.Post == nil || d.Post.PublicURL == nil {
		return ""
	}
	return d.Post.PublicURL()
}
