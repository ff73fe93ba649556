package kb

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/sergi/go-diff/diffmatchpatch"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// Version is a text as it was saved once.
type Version struct {
	ArticleID   int64
	Language    string
	Version     int64
	Title, Body string
	ByID        int64
	At          clock.Instant
}

const versionColumns = `article_id, language, version, title, body, by_id, at`

// Versions are those of a text without what they say, the newest first, before one; 0 is the newest.
func Versions(ctx context.Context, tx *db.Tx, articleID int64, language string, before int64, size int) ([]Version, error) {
	return db.All[Version](ctx, tx, `SELECT article_id, language, version, title, '' AS body, by_id, at FROM article_version WHERE article_id = $1 AND language = $2 AND ($3 = 0 OR version < $3) ORDER BY version DESC LIMIT $4`,
		articleID, language, before, size)
}

// VersionOf is one of them.
func VersionOf(ctx context.Context, tx *db.Tx, articleID int64, language string, version int64) (Version, error) {
	v, err := db.One[Version](ctx, tx, `SELECT `+versionColumns+` FROM article_version WHERE article_id = $1 AND language = $2 AND version = $3`, articleID, language, version)
	if errors.Is(err, db.ErrNoRow) {
		err = fault.NotFound(i18n.M("There is no such version."))
	}
	return v, err
}

// Restore makes a version the draft again, as a new version: nothing that came after it is lost. Readers see it when it is published. Was
// is the newest version that whoever restores knew of.
func Restore(ctx context.Context, tx *db.Tx, a person.Actor, articleID int64, language string, version, was int64) (Text, error) {
	v, err := VersionOf(ctx, tx, articleID, language, version)
	if err != nil {
		return Text{}, err
	}
	return Save(ctx, tx, a, Edit{ArticleID: articleID, Language: language, Title: v.Title, Body: v.Body, Was: was})
}

// Change is a line, or some, in the difference of two texts.
type Change struct {
	// Kind is Same, Gone or Come.
	Kind ChangeKind
	// Parts are its text; those marked are what differs within a line that is much like the one that came for it.
	Parts []Part
	// Folded is how many lines that are the same are left out here.
	Folded int
}

// Part is a piece of a line.
type Part struct {
	Text   string
	Marked bool
}

// ChangeKind says what became of a line.
type ChangeKind int

// The kinds.
const (
	Same ChangeKind = iota
	Gone
	Come
)

const (
	diffTime    = 200 * time.Millisecond // then a coarser difference is as good
	contextSize = 3                      // lines around what differs
)

// Diff tells how one text becomes another, line by line. What is the same is left out but for a few lines around.
func Diff(before, after string) []Change {
	d := diffmatchpatch.New()
	d.DiffTimeout = diffTime
	a, b, lines := d.DiffLinesToRunes(withEnd(before), withEnd(after))
	var out []Change
	for _, x := range d.DiffCharsToLines(d.DiffMainRunes(a, b, false), lines) {
		kind := map[diffmatchpatch.Operation]ChangeKind{diffmatchpatch.DiffEqual: Same, diffmatchpatch.DiffDelete: Gone, diffmatchpatch.DiffInsert: Come}[x.Type]
		for line := range strings.Lines(x.Text) {
			out = append(out, Change{Kind: kind, Parts: []Part{{Text: strings.TrimSuffix(line, "\n")}}})
		}
	}
	mark(d, out)
	return fold(out)
}

func withEnd(s string) string {
	if s == "" || strings.HasSuffix(s, "\n") {
		return s
	}
	return s + "\n"
}

// mark finds what differs within lines that gave way to as many others.
func mark(d *diffmatchpatch.DiffMatchPatch, all []Change) {
	for i := 0; i < len(all); {
		gone := run(all[i:], Gone)
		come := run(all[i+gone:], Come)
		if gone > 0 && gone == come {
			for j := i; j < i+gone; j++ {
				all[j].Parts, all[j+gone].Parts = within(d, all[j].Parts[0].Text, all[j+gone].Parts[0].Text)
			}
		}
		i += max(gone+come, 1)
	}
}

func run(all []Change, kind ChangeKind) (n int) {
	for n < len(all) && all[n].Kind == kind {
		n++
	}
	return n
}

func within(d *diffmatchpatch.DiffMatchPatch, before, after string) (gone, come []Part) {
	same := 0
	for _, x := range d.DiffCleanupSemantic(d.DiffMain(before, after, false)) {
		switch x.Type {
		case diffmatchpatch.DiffEqual:
			same += len(x.Text)
			gone, come = append(gone, Part{Text: x.Text}), append(come, Part{Text: x.Text})
		case diffmatchpatch.DiffDelete:
			gone = append(gone, Part{x.Text, true})
		case diffmatchpatch.DiffInsert:
			come = append(come, Part{x.Text, true})
		}
	}
	if same*3 < max(len(before), len(after)) { // nearly all of it: marks would only be noise
		return []Part{{Text: before}}, []Part{{Text: after}}
	}
	return gone, come
}

// fold leaves out what is the same and far from what differs.
func fold(all []Change) []Change {
	near := make([]bool, len(all))
	for i, c := range all {
		if c.Kind != Same {
			for j := max(0, i-contextSize); j <= min(len(all)-1, i+contextSize); j++ {
				near[j] = true
			}
		}
	}
	var out []Change
	for i, c := range all {
		switch {
		case near[i]:
			out = append(out, c)
		case len(out) > 0 && out[len(out)-1].Folded > 0:
			out[len(out)-1].Folded++
		default:
			out = append(out, Change{Folded: 1})
		}
	}
	return out
}
