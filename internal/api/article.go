package api

import (
	"context"
	"strconv"

	"goodturn/internal/db"
	"goodturn/internal/kb"
	"goodturn/internal/person"
)

// ArticleRow is an article in a list.
type ArticleRow struct {
	Slug     string `json:"slug" doc:"It is at /help/{slug}." example:"set-up-the-vpn"`
	Title    string `json:"title"`
	Language string `json:"language" doc:"In which it was found; empty in a list without words."`
	Gist     string `json:"gist" doc:"How it begins; empty in a list without words."`
}

// Article is an article as its readers see it.
type Article struct {
	Slug      string   `json:"slug"`
	Title     string   `json:"title"`
	Language  string   `json:"language"`
	Languages []string `json:"languages" doc:"In which it can be read, that of the original first."`
	Markdown  string   `json:"markdown" doc:"As it was written."`
	HTML      string   `json:"html" doc:"Clean: nothing in it acts, styles or loads from elsewhere."`
	Behind    bool     `json:"behind" doc:"The original has changed since this was translated."`
	At        Time     `json:"at" doc:"Since when it reads like this."`
}

type listArticles struct {
	Q      string `query:"q" doc:"What somebody asks, in their own words; the best stand first." example:"printer prints half pages"`
	In     string `query:"in" doc:"The reader's language." example:"de" pattern:"^[a-z]{0,3}$"`
	Cursor string `query:"cursor" doc:"next of the page before; of lists without words."`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

// listArticles gives what the caller may read: what is about their words, or all in the order in which it was made.
func (s *server) listArticles(ctx context.Context, in *listArticles) (*bodyOf[Page[ArticleRow]], error) {
	out := &bodyOf[Page[ArticleRow]]{}
	return out, s.read(ctx, func(tx *db.Tx, a person.Actor) error {
		out.Body.Items = []ArticleRow{}
		if in.Q != "" {
			found, err := kb.Find(ctx, tx, a, in.In, in.Q, in.Limit)
			for _, h := range found.Hits {
				out.Body.Items = append(out.Body.Items, ArticleRow{Slug: h.Slug, Title: h.Title, Language: h.Language, Gist: kb.Gist(h.Body, 200)})
			}
			return err
		}
		after, err := before(in.Cursor)
		if err != nil {
			return err
		}
		all, err := kb.ReadableBy(ctx, tx, a, in.In, after, in.Limit+1)
		if len(all) > in.Limit {
			all = all[:in.Limit]
			out.Body.Next = textOrNull(strconv.FormatInt(all[in.Limit-1].ID, 10))
		}
		for _, x := range all {
			out.Body.Items = append(out.Body.Items, ArticleRow{Slug: x.Slug, Title: x.Title})
		}
		return err
	})
}

type bySlug struct {
	Slug string `path:"slug" doc:"Or one that it had before." example:"set-up-the-vpn"`
	In   string `query:"in" doc:"The reader's language; without it, or where it is not in that, the original's." example:"de" pattern:"^[a-z]{0,3}$"`
}

// showArticle gives an article to whoever may read it.
func (s *server) showArticle(ctx context.Context, in *bySlug) (*bodyOf[Article], error) {
	out := &bodyOf[Article]{}
	return out, s.read(ctx, func(tx *db.Tx, a person.Actor) error {
		p, err := kb.Read(ctx, tx, a, in.Slug, in.In)
		if err != nil {
			return err
		}
		out.Body = Article{Slug: p.Slug, Title: p.Text.LiveTitle, Language: p.Text.Language, Languages: p.Languages, Markdown: p.Text.LiveBody, HTML: p.HTML(), Behind: p.Behind, At: Time(p.Text.LiveAt)}
		return nil
	})
}
