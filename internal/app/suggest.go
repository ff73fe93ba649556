package app

import (
	"context"
	"fmt"

	"goodturn/internal/db"
	"goodturn/internal/fixnote"
	"goodturn/internal/i18n"
	"goodturn/internal/kb"
	"goodturn/internal/notice"
	"goodturn/internal/service"
	"goodturn/internal/web/portal"
)

// suggesters find what may help whoever types on the first page, in the order in which it is shown.
func (a *App) suggesters() []portal.Suggester {
	return []portal.Suggester{a.suggestOutages, suggestOwnRequests, suggestFixNotes, suggestArticles, suggestServices}
}

// Few of each are better than all.
const (
	mostOutagesNear  = 2
	mostNotesNear    = 2
	mostArticlesNear = 3
	mostOffersNear   = 2
)

// suggestOutages tells of what is known to be broken, within the asker's circle.
func (a *App) suggestOutages(ctx context.Context, tx *db.Tx, who portal.Asker, text string) (out []portal.Suggestion, err error) {
	all, err := a.Board.Like(ctx, tx, who.Circle, text)
	for _, o := range all[:min(len(all), mostOutagesNear)] {
		said := i18n.T(ctx, "We know.")
		if o.People > 0 {
			said = i18n.N(ctx, "We know. {{.Count}} person has it.", "We know. {{.Count}} people have it.", o.People)
		}
		if o.NextAt > tx.Now {
			said += " " + i18n.T(ctx, "Next news at {{.Time}}.", "Time", i18n.Clock(ctx, o.NextAt.Time()))
		}
		at := fmt.Sprintf("/status/%d", o.ID)
		out = append(out, portal.Suggestion{Title: o.Title, Text: said, URL: at, Button: i18n.T(ctx, "Me too"), Path: at + "/me-too"})
	}
	return out, err
}

// suggestOwnRequests finds what the asker asked already.
func suggestOwnRequests(ctx context.Context, tx *db.Tx, who portal.Asker, text string) (out []portal.Suggestion, err error) {
	all, err := fixnote.OpenLike(ctx, tx, who.Actor.ID, text)
	for _, t := range all[:min(len(all), 1)] {
		out = append(out, portal.Suggestion{
			Title: t.Subject, URL: fmt.Sprintf("/requests/%d", t.ID),
			Text: i18n.T(ctx, "You asked this on {{.Date}}, and it is being worked on. You can add to it there.", "Date", i18n.DateLong(ctx, t.CreatedAt.Time())),
		})
	}
	return out, err
}

// suggestFixNotes finds what helped the asker before.
func suggestFixNotes(ctx context.Context, tx *db.Tx, who portal.Asker, text string) (out []portal.Suggestion, err error) {
	all, err := fixnote.Like(ctx, tx, who.Actor.ID, text)
	for _, n := range all[:min(len(all), mostNotesNear)] {
		out = append(out, portal.Suggestion{Title: i18n.T(ctx, "Last time: {{.Subject}}", "Subject", n.Subject), Text: n.Gist(), URL: fmt.Sprintf("/requests/%d", n.TicketID)})
	}
	return out, err
}

// suggestArticles finds what is written for many. An article that answers stands before what only begins a request.
func suggestArticles(ctx context.Context, tx *db.Tx, who portal.Asker, text string) (out []portal.Suggestion, err error) {
	all, err := kb.Like(ctx, tx, who.Actor, i18n.LangOf(ctx), text, mostArticlesNear)
	for _, h := range all {
		out = append(out, portal.Suggestion{Title: h.Title, Text: kb.Gist(h.Body, gistNear), URL: "/help/" + h.Slug})
	}
	return out, err
}

const gistNear = 140 // characters of an article below the box

// suggestServices finds the services that people mean with such words.
func suggestServices(ctx context.Context, tx *db.Tx, _ portal.Asker, text string) (out []portal.Suggestion, err error) {
	all, err := service.Like(ctx, tx, text, mostOffersNear)
	for _, s := range all {
		out = append(out, portal.Suggestion{Title: s.Name, Text: s.Sentence, Button: i18n.T(ctx, "Choose"), Path: "/look", Name: "choose", Value: s.Slug})
	}
	return out, err
}

// missed tells the owner of an article that a reader misses something in it.
func (a *App) missed(ctx context.Context, tx *db.Tx, x kb.Page) error {
	return a.Notices.TellAbout(ctx, tx, []int64{x.OwnerID}, notice.Missed, "/articles", x.Text.LiveTitle)
}
