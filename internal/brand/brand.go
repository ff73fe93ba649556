// Package brand is how the requester's pages look and what they are called: of the desk, and of an organisation that it serves.
//
// A brand has a name, a logo, an accent colour for each theme, a headline and a sentence for the first page, links for the foot, and the
// languages that are offered. What an organisation leaves empty is the desk's. A Book keeps all brands in memory, as every page asks for
// one.
//
//	b := book.Of(organisationID)
//	b, known := book.At("moss") // of the address /at/moss
//
// Invariants: a colour is stored only if what is written in it can be read in its theme; a logo is drawn anew by us and stays small; no
// word of a brand is trusted: pages escape them, and links lead to web and mail addresses only.
package brand

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/picture"
)

// Brand is how pages look for an organisation; ID 0 is the desk's own.
type Brand struct {
	ID         int64
	Slug       string // of its address /at/…; "" for none
	Name       string
	Headline   string
	Sentence   string
	Accent     string // #rrggbb
	AccentDark string // the same in the dark theme
	Links      string // "words address" a line
	Languages  string // codes with spaces between; "" for all
	Logo       []byte
	LogoType   string
	LogoWidth  int
	LogoHeight int
	ChangedAt  clock.Instant
}

const columns = `id, slug, name, headline, sentence, accent, accent_dark, links, languages, logo, logo_type, logo_width, logo_height, changed_at`

// Get gives the brand of an organisation as it is stored; one that has none is empty.
func Get(ctx context.Context, tx *db.Tx, id int64) (Brand, error) {
	all, err := db.All[Brand](ctx, tx, `SELECT `+columns+` FROM brand WHERE id = $1`, id)
	if err != nil || len(all) == 0 {
		return Brand{ID: id}, err
	}
	return all[0], nil
}

// Link leads from the foot of the pages to somewhere else, such as an imprint.
type Link struct{ Words, URL string }

// Foot gives the links.
func (b Brand) Foot() (out []Link) {
	for line := range strings.Lines(b.Links) {
		if l, ok := readLink(line); ok {
			out = append(out, l)
		}
	}
	return out
}

// readLink reads "Imprint https://example.com/imprint". Only web and mail addresses are let through.
func readLink(line string) (Link, bool) {
	words := strings.Fields(line)
	if len(words) < 2 {
		return Link{}, false
	}
	l := Link{Words: strings.Join(words[:len(words)-1], " "), URL: words[len(words)-1]}
	known := strings.HasPrefix(l.URL, "https://") || strings.HasPrefix(l.URL, "http://") || strings.HasPrefix(l.URL, "mailto:")
	return l, known && len(l.URL) > len("https://")
}

// Bounds of a brand, in bytes.
const (
	maxName     = 80
	maxHeadline = 120
	maxSentence = 300
	maxLinks    = 6
	maxLink     = 300
)

var slugs = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// Save stores a brand in the place of what it was. logo is a picture that somebody uploaded, nil to keep the one there is. The fields of what
// is wrong are slug, accent, accent_dark, links, languages and logo.
func Save(ctx context.Context, tx *db.Tx, b Brand, logo []byte) error {
	b.tidy()
	var wrong []fault.Field
	if b.Slug != "" && (!slugs.MatchString(b.Slug) || len(b.Slug) > 40) {
		wrong = append(wrong, fault.F("slug", i18n.M("Please use up to 40 small letters, digits and hyphens, such as moss-sons.")))
	} else if taken, err := db.Exists(ctx, tx, `SELECT 1 FROM brand WHERE slug = $1 AND slug <> '' AND id <> $2`, b.Slug, b.ID); err != nil {
		return err
	} else if taken {
		wrong = append(wrong, fault.F("slug", i18n.M("Another organisation has this address already.")))
	}
	wrong = append(wrong, b.wrongColours()...)
	for line := range strings.Lines(b.Links) {
		if _, ok := readLink(line); !ok || len(line) > maxLink {
			wrong = append(wrong, fault.F("links", i18n.M("“{{.Line}}” is no link. One looks like: Imprint https://example.com/imprint", "Line", strings.TrimSpace(line)[:min(60, len(strings.TrimSpace(line)))])))
			break
		}
	}
	if strings.Count(b.Links, "\n") >= maxLinks {
		wrong = append(wrong, fault.F("links", i18n.M("Up to {{.Most}} links are enough.", "Most", maxLinks)))
	}
	for _, code := range strings.Fields(b.Languages) {
		if !slices.ContainsFunc(i18n.Languages(), func(l i18n.Language) bool { return l.Code == code }) {
			wrong = append(wrong, fault.F("languages", i18n.M("Please choose one of the languages.")))
			break
		}
	}
	if logo != nil {
		small, err := picture.MakeLogo(logo)
		switch {
		case err == picture.ErrDetailed:
			wrong = append(wrong, fault.F("logo", i18n.M("This picture has too much detail to be shown small. A plain logo on a clear ground works.")))
		case err != nil:
			wrong = append(wrong, fault.F("logo", i18n.M("This is no picture that we can show. Please take a PNG, a JPEG or a WebP.")))
		}
		b.Logo, b.LogoType, b.LogoWidth, b.LogoHeight = small.Bytes, small.Kind, small.Width, small.Height
	}
	if err := fault.Check(wrong); err != nil {
		return err
	}
	if b.Logo == nil {
		b.Logo = []byte{}
	}
	_, err := tx.Exec(ctx, `INSERT INTO brand (id, slug, name, headline, sentence, accent, accent_dark, links, languages, logo, logo_type, logo_width, logo_height, changed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT (id) DO UPDATE SET slug = excluded.slug, name = excluded.name, headline = excluded.headline, sentence = excluded.sentence,
		accent = excluded.accent, accent_dark = excluded.accent_dark, links = excluded.links, languages = excluded.languages, logo = excluded.logo, logo_type = excluded.logo_type,
		logo_width = excluded.logo_width, logo_height = excluded.logo_height, changed_at = excluded.changed_at`,
		b.ID, b.Slug, b.Name, b.Headline, b.Sentence, b.Accent, b.AccentDark, b.Links, b.Languages, b.Logo, b.LogoType, b.LogoWidth, b.LogoHeight, tx.Now)
	return err
}

// tidy folds what was typed.
func (b *Brand) tidy() {
	b.Name, b.Headline, b.Sentence = clean(b.Name, maxName), clean(b.Headline, maxHeadline), clean(b.Sentence, maxSentence)
	b.Slug, b.Accent, b.AccentDark = strings.ToLower(clean(b.Slug, 60)), strings.ToLower(clean(b.Accent, 20)), strings.ToLower(clean(b.AccentDark, 20))
	var lines []string
	for line := range strings.Lines(b.Links) {
		if line = clean(line, maxLink+1); line != "" {
			lines = append(lines, line)
		}
	}
	b.Links = strings.Join(lines, "\n")
	b.Languages = strings.Join(strings.Fields(b.Languages), " ")
}

// clean makes one line of a text and cuts it, between runes.
func clean(s string, limit int) string {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", " "), "�")), " ")
	if len(s) > limit {
		s = strings.ToValidUTF8(s[:limit], "")
	}
	return s
}

// Book keeps the brands in memory.
type Book struct {
	DB *db.DB

	kept atomic.Pointer[map[int64]Brand]
}

// Sweep reads the brands anew. The program calls it every second, and who has saved one at once.
func (b *Book) Sweep(ctx context.Context) error {
	all := map[int64]Brand{}
	err := b.DB.Read(ctx, func(tx *db.Tx) error {
		rows, err := db.All[Brand](ctx, tx, `SELECT `+columns+` FROM brand`)
		for _, x := range rows {
			all[x.ID] = x
		}
		return err
	})
	if err == nil {
		b.kept.Store(&all)
	}
	return err
}

// Of gives the brand of an organisation, with what it leaves to the desk filled in.
func (b *Book) Of(organisationID int64) Brand {
	if b == nil {
		return Brand{}
	}
	kept := b.kept.Load()
	if kept == nil {
		return Brand{}
	}
	desk, own := (*kept)[0], (*kept)[organisationID]
	own.ID = organisationID
	if organisationID == 0 {
		return desk
	}
	own.Name, own.Headline, own.Sentence = cmp.Or(own.Name, desk.Name), cmp.Or(own.Headline, desk.Headline), cmp.Or(own.Sentence, desk.Sentence)
	own.Links, own.Languages = cmp.Or(own.Links, desk.Links), cmp.Or(own.Languages, desk.Languages)
	if own.Accent == "" {
		own.Accent, own.AccentDark = desk.Accent, desk.AccentDark
	}
	if len(own.Logo) == 0 {
		own.Logo, own.LogoType, own.LogoWidth, own.LogoHeight = desk.Logo, desk.LogoType, desk.LogoWidth, desk.LogoHeight
	}
	return own
}

// At gives the brand whose address is /at/slug.
func (b *Book) At(slug string) (Brand, bool) {
	if b == nil || slug == "" {
		return Brand{}, false
	}
	if kept := b.kept.Load(); kept != nil {
		for id, x := range *kept {
			if x.Slug == slug {
				return b.Of(id), true
			}
		}
	}
	return Brand{}, false
}
