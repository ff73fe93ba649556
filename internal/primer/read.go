package primer

import (
	"context"
	"errors"
	"slices"
	"strings"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/kb"
	"goodturn/internal/lesson"
	"goodturn/internal/person"
)

// Page is the primer as somebody reads it.
type Page struct {
	Head
	// Entries are those that fit into ten minutes, by chapter; Rest are those that do not, and LeftOut those that a lead took out.
	Entries map[Chapter][]Entry
	Rest    []Entry
	LeftOut []Entry
	Words   int
	// ReadAt is when the reader said that they have read it; 0 for not yet.
	ReadAt clock.Instant
}

// Minutes is how long it takes, at least one.
func (p Page) Minutes() int { return max(1, (p.Words+pace-1)/pace) }

// Count is how many entries there are.
func (p Page) Count() (n int) {
	for _, all := range p.Entries {
		n += len(all)
	}
	return n
}

// Changed tells that it changed since the reader read it.
func (p Page) Changed() bool { return p.ReadAt > 0 && p.ChangedAt > p.ReadAt }

// Read gives the primer to somebody who works at the desk, in their language where its articles are in it. What a pin holds comes first
// into the ten minutes, then what is most frequent.
func Read(ctx context.Context, tx *db.Tx, a person.Actor) (Page, error) {
	p := Page{Entries: map[Chapter][]Entry{}}
	if !person.Can(a, person.VisitDesk, person.Thing{}) {
		return p, fault.Denied(i18n.Text{})
	}
	var err error
	if p.Head, err = head(ctx, tx); err != nil {
		return p, err
	}
	read, err := db.One[clock.Instant](ctx, tx, `SELECT at FROM primer_reader WHERE person_id = $1`, a.ID)
	if err != nil && !errors.Is(err, db.ErrNoRow) {
		return p, err
	}
	p.ReadAt = read
	all, err := entries(ctx, tx)
	if err != nil {
		return p, err
	}
	var shown []Entry
	for _, e := range all {
		if e.LeftOut {
			p.LeftOut = append(p.LeftOut, e)
			continue
		}
		there, err := e.fill(ctx, tx, &p)
		if err != nil {
			return p, err
		}
		if there {
			shown = append(shown, e)
		}
	}
	p.fit(shown)
	return p, nil
}

// fit keeps what fits into ten minutes, each chapter in its order.
func (p *Page) fit(all []Entry) {
	p.Words = len(strings.Fields(p.Opening)) + 40 // the page's own
	chosen := map[int64]bool{}
	ranked := slices.Clone(all)
	slices.SortStableFunc(ranked, func(a, b Entry) int { return rank(b) - rank(a) })
	for _, e := range ranked {
		if w := e.words(); p.Words+w <= longest {
			p.Words += w
			chosen[e.ID] = true
		}
	}
	for _, e := range all {
		if chosen[e.ID] {
			p.Entries[e.Chapter] = append(p.Entries[e.Chapter], e)
		} else {
			p.Rest = append(p.Rest, e)
		}
	}
}

// rank says what comes first into the ten minutes.
func rank(e Entry) int {
	n := int(min(e.Often, 1_000_000)) + 1
	if e.Pinned {
		n += 1 << 30
	}
	return n
}

// fill finds what is read of an entry: what its article says now, in the reader's language, else what was made. It tells whether there is
// anything.
func (e *Entry) fill(ctx context.Context, tx *db.Tx, p *Page) (bool, error) {
	if e.ArticleID != 0 {
		t, slug, err := live(ctx, tx, e.ArticleID, i18n.LangOf(ctx))
		if err != nil {
			return false, err
		}
		if t.Live > 0 {
			e.Title, e.Language, e.Slug = t.LiveTitle, t.Language, slug
			e.Lines = few(kb.Plain(lesson.WhatToDo(ctx, t.Language, t.LiveBody)))
			p.ChangedAt = max(p.ChangedAt, t.LiveAt)
			return true, nil
		}
		if e.Chapter == Helps {
			return false, nil // taken back from its readers
		}
	}
	e.Lines = few(e.Text)
	return len(e.Lines) > 0 && e.Title != "", nil
}

// few gives the first lines of a text that an entry has room for.
func few(text string) (out []string) {
	words := 0
	for l := range strings.Lines(text) {
		fields := strings.Fields(l)
		if len(fields) == 0 {
			continue
		}
		if words+len(fields) > perEntry {
			if left := perEntry - words; left > 5 {
				out = append(out, strings.Join(fields[:left], " ")+" …")
			}
			break
		}
		words += len(fields)
		out = append(out, strings.Join(fields, " "))
	}
	return out
}

// live is the text of an article in a language, else that of its original, else any; the zero Text for one that is not read.
func live(ctx context.Context, tx *db.Tx, id int64, language string) (kb.Text, string, error) {
	type row struct {
		Slug string
		kb.Text
	}
	all, err := db.All[row](ctx, tx, `SELECT a.slug, x.id, x.article_id, x.language, x.title, x.body, x.version, x.live_title, x.live_body, x.live, x.live_at, x.follows, x.by_id, x.changed_at
		FROM article_text x JOIN article a ON a.id = x.article_id WHERE x.article_id = $1 AND x.live > 0
		ORDER BY CASE WHEN x.language = $2 THEN 0 WHEN x.language = a.language THEN 1 ELSE 2 END, x.language LIMIT 1`, id, language)
	if err != nil || len(all) == 0 {
		return kb.Text{}, "", err
	}
	return all[0].Text, all[0].Slug, nil
}

// MarkRead notes that somebody has read it.
func MarkRead(ctx context.Context, tx *db.Tx, a person.Actor) error {
	if !person.Can(a, person.VisitDesk, person.Thing{}) {
		return fault.Denied(i18n.Text{})
	}
	_, err := tx.Exec(ctx, `INSERT INTO primer_reader (person_id, at) VALUES ($1, $2) ON CONFLICT (person_id) DO UPDATE SET at = excluded.at`, a.ID, tx.Now)
	return err
}
