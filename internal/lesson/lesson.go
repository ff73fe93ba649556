// Package lesson makes articles out of work: a draft from one or several solved tickets and their fix notes, and macros beside articles.
//
// A draft has three parts. When you see this: what those who asked wrote of it. What to do: the fix note, else the answers after which it
// worked. If it stays: how to ask, and what the desk wants to know then. Nothing is invented: but for the headings every sentence is one
// of the tickets', without what says who somebody is (internal/redact). Which sentence came from where and what was taken out is kept for
// the writer until the article is checked, and forgotten then; from which tickets it came stays, for those who may see them.
//
//	d, err := lesson.Begin(ctx, tx, actor, lesson.New{Tickets: []int64{1042, 1050}})
//	cuts, err := lesson.Cuts(ctx, tx, actor, d.Article.ID)
//	err = lesson.PutBack(ctx, tx, actor, d.Article.ID, cuts[0].ID)
//
// Invariants: what the writer may not see is not drafted from; a draft is for staff only until somebody chooses otherwise, and published
// only after somebody looked; a secret is not kept a second time.
package lesson

import (
	"context"
	"slices"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/kb"
	"goodturn/internal/mailmsg"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// Most is how many tickets a draft is made of at most.
const Most = 20

// New is a draft that is wanted.
type New struct {
	Tickets []int64
	Title   string // "" makes one of a subject
	OwnerID int64  // 0 is whoever asks
	// Private says that whoever asks knows that the draft of a private team's ticket is seen by everybody at the desk.
	Private bool
}

// Why a ticket was not used.
type Why string

// The reasons.
const (
	NotSolved Why = "not solved"
	PutAside  Why = "put aside" // in the trash, or spam
	Foreign   Why = "language"  // in another language than the rest
	Empty     Why = "empty"     // says nothing that can be used
)

// Draft is what was begun.
type Draft struct {
	Article kb.Article
	Used    []int64
	LeftOut map[Why][]int64
	// NoAnswer says that no ticket has an answer that says what to do.
	NoAnswer bool
	Cuts     int
}

// Begin makes a draft, for staff only, to be checked. Tickets that became part of others are taken as those. The field of what is wrong is
// tickets; a private team's ticket without New.Private is a fault of the field private.
func Begin(ctx context.Context, tx *db.Tx, a person.Actor, n New) (Draft, error) {
	if !person.Can(a, person.WriteArticles, person.Thing{}) {
		return Draft{}, fault.Denied(i18n.Text{})
	}
	d := Draft{LeftOut: map[Why][]int64{}}
	tickets, err := d.choose(ctx, tx, a, n)
	if err != nil {
		return d, err
	}
	known, err := know(ctx, tx, tickets)
	if err != nil {
		return d, err
	}
	var all []matter
	for _, t := range tickets {
		m, err := read(ctx, tx, t)
		if err != nil {
			return d, err
		}
		for _, text := range m.learn {
			known.Learn(text)
		}
		all = append(all, m)
	}
	language, used := d.sameLanguage(ctx, all)
	if len(used) == 0 {
		return d, fault.Invalid(fault.F("tickets", i18n.M("These tickets say nothing that an article could be made of.")))
	}
	s := &sheet{ctx: i18n.With(ctx, language, i18n.ZoneOf(ctx)), known: known}
	title := s.compose(n.Title, used)
	d.NoAnswer = !s.answered
	return d, d.keep(ctx, tx, a, n, kb.New{Title: title, Body: s.text(), Language: language, Audience: kb.StaffOnly, OwnerID: n.OwnerID, ToCheck: true}, s)
}

// choose loads the tickets that may be drafted from, and says why others are not.
func (d *Draft) choose(ctx context.Context, tx *db.Tx, a person.Actor, n New) (out []ticket.Ticket, err error) {
	private := false
	for _, id := range n.Tickets {
		t, err := ticket.Get(ctx, tx, a, person.SeeTicket, id)
		for hops := 0; err == nil && t.MergedInto != 0 && hops < 20; hops++ {
			t, err = ticket.Get(ctx, tx, a, person.SeeTicket, t.MergedInto)
		}
		if err != nil {
			return nil, err
		}
		switch {
		case slices.ContainsFunc(out, func(o ticket.Ticket) bool { return o.ID == t.ID }):
		case t.TrashedAt != 0 || t.Turn.Doubtful():
			d.LeftOut[PutAside] = append(d.LeftOut[PutAside], id)
		case t.IsOpen:
			d.LeftOut[NotSolved] = append(d.LeftOut[NotSolved], id)
		default:
			out = append(out, t)
			private = private || t.TeamPrivate
		}
	}
	switch {
	case len(n.Tickets) == 0:
		err = fault.Invalid(fault.F("tickets", i18n.M("Please choose at least one solved ticket.")))
	case len(out) > Most:
		err = fault.Invalid(fault.F("tickets", i18n.M("Please choose at most {{.Most}} tickets; what is in more than these is in them too.", "Most", Most)))
	case len(out) == 0 && len(d.LeftOut[PutAside]) > 0:
		err = fault.Invalid(fault.F("tickets", i18n.M("What is in the trash or is spam teaches nothing. Take it out of there first.")))
	case len(out) == 0:
		err = fault.Invalid(fault.F("tickets", i18n.M("An article says what helped, so it is made of solved tickets. This one is not solved yet.")))
	case private && !n.Private:
		err = fault.Invalid(fault.F("private", i18n.M("This is a ticket of a private team. The draft, without the names that are found by rule, is seen by everybody at the desk.")))
	}
	return out, err
}

// sameLanguage chooses the language that most of the tickets are in, and leaves out the others.
func (d *Draft) sameLanguage(ctx context.Context, all []matter) (language string, used []matter) {
	count := map[string]int{}
	for _, m := range all {
		if m.empty() {
			d.LeftOut[Empty] = append(d.LeftOut[Empty], m.ticket.ID)
			continue
		}
		if m.language != "" {
			count[m.language] += 2
			if m.note.Says() {
				count[m.language]++
			}
		}
		used = append(used, m)
	}
	for l, n := range count {
		if n > count[language] || n == count[language] && l < language {
			language = l
		}
	}
	if language == "" {
		language = i18n.LangOf(ctx)
	}
	used = slices.DeleteFunc(used, func(m matter) bool {
		foreign := m.language != "" && m.language != language
		if foreign {
			d.LeftOut[Foreign] = append(d.LeftOut[Foreign], m.ticket.ID)
		}
		return foreign
	})
	for _, m := range used {
		d.Used = append(d.Used, m.ticket.ID)
	}
	return language, used
}

// keep stores the draft with what is known of it.
func (d *Draft) keep(ctx context.Context, tx *db.Tx, a person.Actor, n New, x kb.New, s *sheet) (err error) {
	if d.Article, err = kb.Create(ctx, tx, a, x); err != nil {
		return err
	}
	id := d.Article.ID
	var sources, sentences, cuts [][]any
	for _, t := range d.Used {
		sources = append(sources, []any{id, t})
	}
	for _, one := range s.said {
		for _, t := range one.tickets {
			sentences = append(sentences, []any{id, t, one.part, one.text})
		}
	}
	for _, c := range s.cuts {
		before, after := s.around(c)
		was := c.Was
		if c.Kind.Secret() {
			was = ""
		}
		cuts = append(cuts, []any{id, c.ticket, c.inTitle, string(c.Kind), c.Word, was, before, after, false})
	}
	d.Cuts = len(cuts)
	if err := db.InsertRows(ctx, tx, "lesson_source (article_id, ticket_id)", sources); err != nil {
		return err
	}
	if err := db.InsertRows(ctx, tx, "lesson_sentence (article_id, ticket_id, part, text)", sentences); err != nil {
		return err
	}
	return db.InsertRows(ctx, tx, "lesson_cut (article_id, ticket_id, in_title, kind, word, was, before_it, after_it, back)", cuts)
}

// Settle forgets what was kept for the writer of an article that is checked and published; a macro that it was made of says the same.
func Settle(ctx context.Context, tx *db.Tx, articleID int64) error {
	for _, s := range []string{
		`DELETE FROM lesson_cut WHERE article_id = $1`,
		`DELETE FROM lesson_sentence WHERE article_id = $1`,
		`UPDATE macro_article SET version = coalesce((SELECT x.live FROM article_text x WHERE x.article_id = macro_article.article_id AND x.language = macro_article.language), 0) WHERE article_id = $1 AND version = 0`,
	} {
		if _, err := tx.Exec(ctx, s, articleID); err != nil {
			return err
		}
	}
	return nil
}

// Source is a ticket that an article was drafted from.
type Source struct {
	ID      int64
	Subject string
}

// Sources are the tickets that an article was drafted from and that somebody may see.
func Sources(ctx context.Context, tx *db.Tx, a person.Actor, articleID int64) ([]Source, error) {
	args := db.Args{articleID, Most}
	return db.All[Source](ctx, tx, `SELECT t.id, t.subject FROM lesson_source l JOIN ticket t ON t.id = l.ticket_id WHERE l.article_id = $1 AND `+person.Visible(a, person.SeeTicket, &args)+` ORDER BY t.id DESC LIMIT $2`, args...)
}

// Sentence is a sentence of a draft, with a ticket that it came from.
type Sentence struct {
	Part, Text string
	TicketID   int64
}

// Sentences are those of a draft, in its order, as far as somebody may see the tickets.
func Sentences(ctx context.Context, tx *db.Tx, a person.Actor, articleID int64) ([]Sentence, error) {
	args := db.Args{articleID}
	return db.All[Sentence](ctx, tx, `SELECT l.part, l.text, l.ticket_id FROM lesson_sentence l JOIN ticket t ON t.id = l.ticket_id WHERE l.article_id = $1 AND `+person.Visible(a, person.SeeTicket, &args)+` ORDER BY l.id LIMIT 400`, args...)
}

// Articles are those that were drafted from a ticket; the caller has asked whether it may be seen.
func Articles(ctx context.Context, tx *db.Tx, ticketID int64) ([]int64, error) {
	return db.All[int64](ctx, tx, `SELECT article_id FROM lesson_source WHERE ticket_id = $1 ORDER BY article_id DESC LIMIT 5`, ticketID)
}

func languageOf(texts ...string) string { return mailmsg.LanguageOf(strings.Join(texts, "\n")) }
