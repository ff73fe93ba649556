package primer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fixnote"
	"goodturn/internal/gap"
	"goodturn/internal/lesson"
	"goodturn/internal/person"
)

// What a look looks at, whatever the desk holds.
const (
	topics        = 40     // the most frequent
	topicTickets  = 60     // the newest solved ones of a topic
	topicRead     = 5      // of those, the ones that say most
	recentTickets = 10_000 // of which the services are counted
	services      = 8
	articles      = 15
	notes         = 12
	newDesk       = 5 // entries of a desk that has only begun
)

// Sweep makes the primer when it is due: once a day, and at once when an article that it rests on has changed or new topics were found.
func (k *Keeper) Sweep(ctx context.Context) error {
	due := false
	err := k.DB.Read(ctx, func(tx *db.Tx) (err error) {
		at, err := db.One[clock.Instant](ctx, tx, `SELECT due_at FROM primer WHERE id = 1`)
		if errors.Is(err, db.ErrNoRow) {
			at, err = 0, nil
		}
		if due = at <= tx.Now; err != nil || due {
			return err
		}
		if due, err = db.Exists(ctx, tx, `SELECT 1 FROM gap WHERE kind = 'topic' AND state = 'open' AND found_at > (SELECT made_at FROM primer WHERE id = 1)`); err != nil || due {
			return err
		}
		due, err = db.Exists(ctx, tx, `SELECT 1 FROM primer_entry e JOIN article a ON a.id = e.article_id WHERE e.found AND (a.changed_at > (SELECT made_at FROM primer WHERE id = 1) OR NOT a.published)`)
		return err
	})
	if err != nil || !due {
		return err
	}
	return k.Make(ctx)
}

// Make looks at what there is and writes the primer anew; what leads chose stays.
func (k *Keeper) Make(ctx context.Context) error {
	var all []Entry
	err := k.DB.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = gather(ctx, tx)
		return err
	})
	if err != nil {
		return fmt.Errorf("gather the primer: %w", err)
	}
	return k.DB.Write(ctx, func(tx *db.Tx) error { return store(ctx, tx, all) })
}

// anybody is somebody at the desk who belongs to no private team: what they may see, everybody there may.
func anybody(ctx context.Context, tx *db.Tx) (person.Actor, error) {
	hidden, err := db.All[int64](ctx, tx, `SELECT id FROM team WHERE private`)
	return person.Actor{ID: -1, Role: person.Agent, Hidden: hidden}, err
}

func gather(ctx context.Context, tx *db.Tx) ([]Entry, error) {
	a, err := anybody(ctx, tx)
	if err != nil {
		return nil, err
	}
	var all []Entry
	for _, part := range []func(context.Context, *db.Tx, person.Actor) ([]Entry, error){asked, ordered, helps, learned} {
		some, err := part(ctx, tx, a)
		if err != nil {
			return nil, err
		}
		for _, e := range some { // what a topic says is not said twice
			if !slices.ContainsFunc(all, func(x Entry) bool {
				return e.ArticleID != 0 && x.ArticleID == e.ArticleID || e.TicketID != 0 && x.TicketID == e.TicketID || e.Chapter == Learned && lesson.SaysSame(x.Text, e.Text)
			}) {
				all = append(all, e)
			}
		}
	}
	return all, nil
}

// asked are the topics of the desk's tickets, the most frequent first.
func asked(ctx context.Context, tx *db.Tx, a person.Actor) (out []Entry, err error) {
	found, err := gap.All(ctx, tx, gap.List{Kind: gap.Topic, Size: topics})
	if err != nil {
		return nil, err
	}
	aside, err := gap.All(ctx, tx, gap.List{Kind: gap.Topic, State: gap.Aside, Size: topics}) // needs no article, and is asked all the same
	if err != nil {
		return nil, err
	}
	for _, g := range append(found, aside...) {
		if g.Label == "" || g.Lately == 0 {
			continue
		}
		e := Entry{Ref: fmt.Sprintf("topic:%d", g.ID), Chapter: Asked, Title: begun(g.Label), Often: g.Lately}
		if e.ArticleID, err = articleOf(ctx, tx, g); err != nil {
			return nil, err
		}
		if e.ArticleID == 0 {
			solved, err := gap.Solved(ctx, tx, a, g.ID, topicTickets)
			if err != nil {
				return nil, err
			}
			if solved, err = lesson.About(ctx, tx, solved, g.Label); err != nil {
				return nil, err
			}
			if err := e.bestOf(ctx, tx, a, solved); err != nil {
				return nil, err
			}
			if e.TicketID != 0 { // asked in somebody's words, it says more than a label
				if e.Title, err = lesson.TitleOf(ctx, tx, a, e.TicketID); err != nil {
					return nil, err
				}
			}
		}
		if e.ArticleID != 0 || e.Text != "" {
			out = append(out, e)
		}
	}
	return out, nil
}

// bestOf fills in what the best of many tickets says; the one before stays, while none is better.
func (e *Entry) bestOf(ctx context.Context, tx *db.Tx, a person.Actor, ids []int64) error {
	best, err := lesson.Best(ctx, tx, ids, topicRead)
	if err != nil {
		return err
	}
	before, err := db.All[int64](ctx, tx, `SELECT ticket_id FROM primer_entry WHERE ref = $1 AND ticket_id IS NOT NULL`, e.Ref)
	if err != nil {
		return err
	}
	for _, id := range before {
		if slices.Contains(ids, id) && !slices.Contains(best, id) {
			best = append(best, id)
		}
	}
	return e.usual(ctx, tx, a, best, append(before, 0)[0])
}

// usual fills in what the best of some tickets says.
func (e *Entry) usual(ctx context.Context, tx *db.Tx, a person.Actor, ids []int64, before int64) error {
	u, err := lesson.UsualOf(ctx, tx, a, ids, perEntry, before)
	if err != nil || len(u.Lines) == 0 {
		return err
	}
	e.Text, e.Language, e.TicketID = strings.Join(u.Lines, "\n"), u.Language, u.TicketID
	return nil
}

// articleOf is the published article that answers a topic: the one that was named for it, else one that was drafted from its tickets.
func articleOf(ctx context.Context, tx *db.Tx, g gap.Gap) (int64, error) {
	all, err := db.All[int64](ctx, tx, `SELECT id FROM article WHERE id = $1 AND published`, g.ArticleID)
	if err == nil && len(all) == 0 {
		all, err = db.All[int64](ctx, tx, `SELECT l.article_id FROM lesson_source l JOIN article a ON a.id = l.article_id AND a.published
			WHERE EXISTS (SELECT 1 FROM gap_ticket g WHERE g.ticket_id = l.ticket_id AND g.gap_id = $1) GROUP BY l.article_id ORDER BY count(*) DESC, l.article_id DESC LIMIT 1`, g.ID)
	}
	if err != nil || len(all) == 0 {
		return 0, err
	}
	return all[0], nil
}

// ordered are the services that the newest tickets asked for, with what helped.
func ordered(ctx context.Context, tx *db.Tx, a person.Actor) (out []Entry, err error) {
	type row struct {
		ID             int64
		Name, Sentence string
		N, Oldest      int64
	}
	var args db.Args
	visible := person.Visible(a, person.SeeTicket, &args)
	all, err := db.All[row](ctx, tx, `SELECT s.id, s.name, s.sentence, count(*) AS n, min(t.created_at) AS oldest FROM (SELECT id, service_id, team_id, created_at FROM ticket ORDER BY id DESC LIMIT `+args.Add(recentTickets)+`) AS t
		JOIN service s ON s.id = t.service_id WHERE t.created_at > `+args.Add(int64(tx.Now)-4*week)+` AND `+visible+` GROUP BY s.id, s.name, s.sentence ORDER BY n DESC, s.id LIMIT `+args.Add(services), args...)
	if err != nil {
		return nil, err
	}
	for _, s := range all {
		e := Entry{Ref: fmt.Sprintf("service:%d", s.ID), Chapter: Ordered, Title: s.Name, Often: s.N, ServiceID: s.ID, Text: s.Sentence}
		args := db.Args{s.ID}
		ids, err := db.All[int64](ctx, tx, `SELECT t.id FROM (SELECT id, service_id, team_id, is_open, turn FROM ticket ORDER BY id DESC LIMIT `+args.Add(recentTickets)+`) AS t
			WHERE t.service_id = $1 AND NOT t.is_open AND t.turn = '' AND `+person.Visible(a, person.SeeTicket, &args)+` ORDER BY t.id DESC LIMIT `+args.Add(topicTickets), args...)
		if err != nil {
			return nil, err
		}
		if err := e.bestOf(ctx, tx, a, ids); err != nil {
			return nil, err
		}
		if e.Text != "" {
			out = append(out, e)
		}
	}
	return out, nil
}

const week = int64(7 * 24 * 60 * 60 * 1000)

// helps are the articles of which readers said that they helped, most often within the last answers.
func helps(ctx context.Context, tx *db.Tx, _ person.Actor) (out []Entry, err error) {
	type row struct {
		ArticleID int64
		Title     string
		N         int64
	}
	all, err := db.All[row](ctx, tx, `SELECT o.article_id, x.live_title AS title, count(*) AS n FROM (SELECT article_id, helped FROM article_answer ORDER BY id DESC LIMIT $1) AS o
		JOIN article a ON a.id = o.article_id AND a.published JOIN article_text x ON x.article_id = a.id AND x.language = a.language AND x.live > 0
		WHERE o.helped = 'yes' GROUP BY o.article_id, x.live_title ORDER BY n DESC, o.article_id LIMIT $2`, recentTickets, articles)
	for _, r := range all {
		out = append(out, Entry{Ref: fmt.Sprintf("article:%d", r.ArticleID), Chapter: Helps, Title: r.Title, ArticleID: r.ArticleID})
	}
	return out, err
}

// learned are the newest fix notes of which the requester said that it works.
func learned(ctx context.Context, tx *db.Tx, a person.Actor) (out []Entry, err error) {
	found, err := fixnote.List(ctx, tx, a, fixnote.Page{Size: 10 * notes})
	if err != nil {
		return nil, err
	}
	var ids []int64
	for _, n := range found {
		if n.GivenAt > 0 && !n.Stale && n.Next != "" {
			ids = append(ids, n.TicketID)
		}
	}
	best, err := lesson.Best(ctx, tx, ids, notes)
	if err != nil {
		return nil, err
	}
	for _, id := range best {
		e := Entry{Ref: fmt.Sprintf("ticket:%d", id), Chapter: Learned}
		if err := e.usual(ctx, tx, a, []int64{id}, id); err != nil {
			return nil, err
		}
		if e.Text == "" {
			continue
		}
		if e.Title, err = lesson.TitleOf(ctx, tx, a, id); err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}

func begun(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}

// store writes what was found; what is as it was is left alone, and when nothing differs, nothing has changed for its readers.
func store(ctx context.Context, tx *db.Tx, all []Entry) error {
	if _, err := tx.Exec(ctx, `INSERT INTO primer (id, opening, version, made_at, changed_at, due_at) VALUES (1, '', 0, 0, 0, 0) ON CONFLICT (id) DO NOTHING`); err != nil {
		return err
	}
	if err := tx.Lock(ctx, "primer", 1); err != nil {
		return err
	}
	before, err := db.All[Entry](ctx, tx, `SELECT `+columns+` FROM primer_entry e`)
	if err != nil {
		return err
	}
	changed := false
	for _, e := range all {
		i := slices.IndexFunc(before, func(x Entry) bool { return x.Ref == e.Ref })
		if i >= 0 {
			was := before[i]
			before = slices.Delete(before, i, i+1)
			changed = changed || !was.Found && !was.LeftOut || was.Title != e.Title || was.Text != e.Text || was.ArticleID != e.ArticleID
			_, err = tx.Exec(ctx, `UPDATE primer_entry SET chapter = $2, title = $3, text = $4, language = $5, often = $6, article_id = $7, ticket_id = $8, service_id = $9, found = TRUE WHERE id = $1`,
				was.ID, e.Chapter, e.Title, e.Text, e.Language, e.Often, orNull(e.ArticleID), orNull(e.TicketID), orNull(e.ServiceID))
		} else {
			changed = true
			_, err = tx.Exec(ctx, `INSERT INTO primer_entry (ref, chapter, title, text, language, often, article_id, ticket_id, service_id, pinned, left_out, place, found) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, FALSE, FALSE, 0, TRUE)`,
				e.Ref, e.Chapter, e.Title, e.Text, e.Language, e.Often, orNull(e.ArticleID), orNull(e.TicketID), orNull(e.ServiceID))
		}
		if err != nil {
			return err
		}
	}
	for _, gone := range before {
		changed = changed || gone.Found && !gone.LeftOut && !gone.Pinned
		query := `UPDATE primer_entry SET found = FALSE WHERE id = $1`
		if !gone.Pinned && !gone.LeftOut && gone.Place == 0 {
			query = `DELETE FROM primer_entry WHERE id = $1`
		}
		if _, err := tx.Exec(ctx, query, gone.ID); err != nil {
			return err
		}
	}
	again := nightly
	if len(all) < newDesk { // a new desk fills by the hour
		again = time.Hour
	}
	_, err = tx.Exec(ctx, `UPDATE primer SET made_at = $1, due_at = $2, changed_at = CASE WHEN $3 THEN $1 ELSE changed_at END WHERE id = 1`, tx.Now, tx.Now.Add(again), changed)
	return err
}

func orNull(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}
