// Package service is what the desk offers: services with a name, a sentence, and questions of their own.
//
// Whoever asks for help may choose one, by a link ("/?service=vpn"), from the form, or because they typed a word that people use for
// it. Its questions are asked then; the answers become facts of the ticket (ticket.Fact), which also gets the service's team, kind,
// priority and tags. Questions are kept in versions: a form that was open while they changed is read by the version that was shown,
// and a fact holds the question's words as they were, so that nothing that was answered becomes unreadable.
//
//	s, err := service.BySlug(ctx, tx, "vpn")
//	form, err := service.FormOf(ctx, tx, s, 0)
//	facts, err := form.Read(func(field string) []string { return r.PostForm[field] })
//
// Invariants: a version of a form is never changed; a stored form has no condition that cannot be met: no question that is gone, no
// circle, no two questions of one name; what a condition rules out is neither asked for nor kept.
package service

import (
	"context"
	"errors"
	"strings"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/ticket"
)

// Service is something that the desk offers.
type Service struct {
	ID       int64
	Slug     string // in addresses and filters
	Name     string
	Sentence string // what it is for
	Words    string // that people use for it, one a line
	// What a ticket gets; zero for the usual.
	TeamID   int64
	Kind     ticket.Kind
	Priority ticket.Priority
	Tags     string // with spaces between
	Shown    bool   // it is offered on the first page
	Place    int64
	Form     int64 // the version of its questions that is asked now; 0 for none
	Version  int64 // counts its changes

	ChangedAt clock.Instant
}

const columns = `id, slug, name, sentence, words, team_id, kind, priority, tags, shown, place, form, version, changed_at`

// All lists the services in their order.
func All(ctx context.Context, tx *db.Tx) ([]Service, error) {
	return db.All[Service](ctx, tx, `SELECT `+columns+` FROM service ORDER BY place, id`)
}

// Shown lists those that are offered on the first page.
func Shown(ctx context.Context, tx *db.Tx) ([]Service, error) {
	return db.All[Service](ctx, tx, `SELECT `+columns+` FROM service WHERE shown ORDER BY place, id`)
}

// ByID gives one.
func ByID(ctx context.Context, tx *db.Tx, id int64) (Service, error) {
	return one(db.One[Service](ctx, tx, `SELECT `+columns+` FROM service WHERE id = $1`, id))
}

// BySlug gives one by its short name, whether it is shown or not: who has the address may use it.
func BySlug(ctx context.Context, tx *db.Tx, slug string) (Service, error) {
	return one(db.One[Service](ctx, tx, `SELECT `+columns+` FROM service WHERE slug = $1`, clean(strings.ToLower(slug), maxSlug)))
}

func one(s Service, err error) (Service, error) {
	if errors.Is(err, db.ErrNoRow) {
		return s, gone()
	}
	return s, err
}

func gone() error { return fault.NotFound(i18n.M("There is no such service any more.")) }

// Give puts on a ticket that is about to be made what the service gives to tickets. facts are the answers. Who wrote nothing but
// answers said with them what they need.
func (s Service) Give(n *ticket.New, facts []ticket.Fact) {
	n.Service, n.Team, n.Kind, n.Priority = s.ID, s.TeamID, s.Kind, s.Priority
	n.Tags = append(n.Tags, strings.Fields(s.Tags)...)
	n.Facts = append(n.Facts, facts...)
	if strings.TrimSpace(n.Message.Text) == "" {
		n.Message.Text, n.Subject = s.Name, s.Name
	}
}

// Source is the ticket.Fact.Source of answers to a service's questions.
const Source = "service"
