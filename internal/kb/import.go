package kb

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"goodturn/internal/blob"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// Import says how a folder becomes articles.
type Import struct {
	DB    *db.DB
	Blobs *blob.Store
	Actor person.Actor
	// Language is that of texts which do not say it; Audience who may read what does not say it; "" is staff only, so that nothing is shown
	// before somebody has looked.
	Language string
	Audience Audience
	// Publish puts what is no draft before its readers at once.
	Publish bool
}

// Report is what became of a folder, file by file.
type Report struct {
	Rows []ReportRow
	// Mended and Broken count links and pictures within the folder; Elsewhere are those that lead to other places, and stay.
	Mended, Broken, Elsewhere int
	Articles, Files           int
}

// ReportRow is what became of a file.
type ReportRow struct {
	Path      string
	ArticleID int64 // 0 where none was made
	Title     string
	// Notes say what was not as expected, or why nothing was made.
	Notes []i18n.Text
	// Missing are links and pictures that could not be mended, as they were written.
	Missing []string
}

// Bounds of a folder.
const (
	maxImported  = 20_000  // files
	maxTaken     = 2 << 30 // bytes of pictures and files, whatever a zip unfolds to
	importAtOnce = 40      // articles in one transaction
)

// importing is a folder on its way in.
type importing struct {
	Import
	fsys   fs.FS
	docs   []*document
	assets []string
	report *Report
	taken  int64 // bytes of files

	byPath   map[string]*document // without the ending, in small letters
	byBase   map[string][]*document
	byAsset  map[string]string // in small letters, to the path
	byName   map[string][]string
	slugs    map[string]bool
	sections map[string]int64 // by their names, the outer ones first
}

// Folder makes articles of the Markdown, HTML and text files of a folder: their front matter says what they are, folders become
// sections, pictures and files come along, links among them are mended. What was imported before (by its slug) is left as it is.
//
//	report, err := kb.Import{DB: d, Blobs: blobs, Actor: a, Language: "en"}.Folder(ctx, os.DirFS("handbook"))
func (i Import) Folder(ctx context.Context, fsys fs.FS) (Report, error) {
	if !person.Can(i.Actor, person.ManageArticles, person.Thing{}) {
		return Report{}, fault.Denied(i18n.Text{})
	}
	if i.Audience == "" {
		i.Audience = StaffOnly
	}
	m := &importing{Import: i, fsys: fsys, report: &Report{}, byPath: map[string]*document{}, byBase: map[string][]*document{}, byAsset: map[string]string{}, byName: map[string][]string{}, slugs: map[string]bool{}, sections: map[string]int64{}}
	if err := m.walk(ctx); err != nil {
		return *m.report, err
	}
	if err := m.DB.Read(ctx, func(tx *db.Tx) error { return m.name(ctx, tx) }); err != nil {
		return *m.report, err
	}
	for _, d := range m.docs {
		if !d.skip {
			m.mend(d)
		}
	}
	for part := range slices.Chunk(m.docs, importAtOnce) {
		if err := m.keep(ctx, part); err != nil {
			return *m.report, err
		}
	}
	for _, d := range m.docs {
		m.report.Rows = append(m.report.Rows, d.row)
	}
	slices.SortFunc(m.report.Rows, func(x, y ReportRow) int { return strings.Compare(x.Path, y.Path) })
	return *m.report, nil
}

// walk reads what there is.
func (m *importing) walk(ctx context.Context) error {
	files := 0
	return fs.WalkDir(m.fsys, ".", func(p string, e fs.DirEntry, err error) error {
		if err != nil {
			if p == "." {
				return err
			}
			return nil // a name that no folder can have
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if e.IsDir() || strings.HasPrefix(path.Base(p), ".") || strings.Contains(p, "__MACOSX/") || !e.Type().IsRegular() {
			return nil
		}
		if files++; files > maxImported {
			return fault.TooLarge(i18n.M("A folder can have up to {{.Most}} files. Please bring it in by parts.", "Most", maxImported))
		}
		kind := kindOf(p)
		if kind == notText {
			m.assets = append(m.assets, p)
			m.byAsset[strings.ToLower(p)] = p
			name := strings.ToLower(path.Base(p))
			m.byName[name] = append(m.byName[name], p)
			return nil
		}
		m.docs = append(m.docs, readDocument(m.fsys, p, kind))
		return nil
	})
}

// name gives each document its place: an address that nobody has, a section, and under what others link to it.
func (m *importing) name(ctx context.Context, tx *db.Tx) error {
	slices.SortStableFunc(m.docs, func(x, y *document) int {
		return cmp.Or(cmp.Compare(min(len(x.of), 1), min(len(y.of), 1)), cmp.Compare(x.order, y.order), strings.Compare(x.row.Path, y.row.Path))
	})
	originals := map[string]*document{}
	for _, d := range m.docs {
		if d.skip || d.of != "" {
			continue
		}
		slug := d.slug
		if slug != "" {
			there, err := slugTaken(ctx, tx, slug, 0)
			if err != nil {
				return err
			}
			if there {
				d.skip = true
				d.say(i18n.M("An article with the address “{{.Slug}}” is there already; it was left as it is.", "Slug", slug))
				m.known(d)
				continue
			}
		} else if slug = slugOf(d.title); slug == "" {
			slug = "article"
		}
		try := slug
		for n := 2; ; n++ {
			taken, err := slugTaken(ctx, tx, try, 0)
			if err != nil {
				return err
			}
			if !taken && !m.slugs[try] {
				break
			}
			try = slug + "-" + strconv.Itoa(n)
		}
		d.slug, m.slugs[try] = try, true
		originals[try] = d
		m.known(d)
	}
	for _, d := range m.docs { // translations are of what has its address by now
		if d.skip || d.of == "" {
			continue
		}
		if d.original = originals[d.of]; d.original == nil {
			d.skip = true
			d.say(i18n.M("It is a translation of “{{.Slug}}”, which does not come with it.", "Slug", d.of))
		} else {
			d.slug = d.of
			m.known(d)
		}
	}
	all, err := Sections(ctx, tx)
	for _, s := range all {
		m.sections[pathName(Path(all, s.ID))] = s.ID
	}
	return err
}

// known has others find a document by the addresses at which it was.
func (m *importing) known(d *document) {
	add := func(p string) {
		p = strings.ToLower(strings.Trim(p, "/"))
		if _, taken := m.byPath[p]; !taken {
			m.byPath[p] = d
		}
	}
	p := strings.TrimSuffix(d.row.Path, path.Ext(d.row.Path))
	add(p)
	base := strings.ToLower(path.Base(p))
	if base == "index" || base == "_index" || base == "readme" {
		add(strings.TrimPrefix(path.Dir(p), "."))
	}
	for _, old := range d.aliases {
		add(strings.TrimSuffix(old, path.Ext(old)))
	}
	m.byBase[base] = append(m.byBase[base], d)
}

func pathName(all []Section) string {
	names := make([]string, len(all))
	for i, s := range all {
		names[i] = s.Name
	}
	return strings.Join(names, sectionRule)
}

// sectionRule stands between the names of sections that lie in one another.
const sectionRule = " / "

// keep writes some documents.
func (m *importing) keep(ctx context.Context, docs []*document) error {
	refs := map[string]blob.Ref{}
	for _, d := range docs {
		for _, p := range d.files {
			if _, have := refs[p]; have || d.skip {
				continue
			}
			f, err := m.fsys.Open(p)
			if err != nil {
				return fmt.Errorf("open %s: %w", p, err)
			}
			ref, err := m.Blobs.Put(ctx, f, MaxFile)
			f.Close()
			if fault.Is(err, fault.KindTooLarge) {
				d.say(i18n.M("“{{.Name}}” is larger than {{.Most}} and was left out.", "Name", path.Base(p), "Most", i18n.Size(MaxFile)))
				continue
			}
			if err != nil {
				return err
			}
			if m.taken += ref.Size; m.taken > maxTaken {
				return fault.TooLarge(i18n.M("The pictures and files of this folder are more than {{.Most}} together. Please bring it in by parts.", "Most", i18n.Size(maxTaken)))
			}
			refs[p] = ref
		}
	}
	sections, files := m.sections, m.report.Files
	err := m.DB.Write(ctx, func(tx *db.Tx) error {
		m.sections, m.report.Files = maps.Clone(sections), files // it may run twice
		for _, d := range docs {
			if d.skip {
				continue
			}
			err := tx.Try(ctx, func() error { return m.one(ctx, tx, d, refs) })
			if f, ok := fault.Of(err); ok && f.Kind == fault.KindInvalid {
				d.row.ArticleID = 0
				for _, w := range f.Fields {
					d.say(w.Message)
				}
				continue
			}
			if err != nil {
				return fmt.Errorf("%s: %w", d.row.Path, err)
			}
		}
		return nil
	})
	for _, d := range docs {
		if d.row.ArticleID != 0 && err == nil {
			m.report.Articles++
		}
	}
	return err
}

// one writes a document with its files.
func (m *importing) one(ctx context.Context, tx *db.Tx, d *document, refs map[string]blob.Ref) error {
	id := int64(0)
	if d.original != nil {
		id = d.original.row.ArticleID
		if id == 0 {
			return fault.Invalid(fault.F("title", i18n.M("What it is a translation of could not be brought in.")))
		}
		original, err := TextOf(ctx, tx, id, d.original.language)
		if err != nil {
			return err
		}
		follows := original.Live
		if d.behind {
			follows = 0
		}
		if _, err := Save(ctx, tx, m.Actor, Edit{ArticleID: id, Language: d.language, Title: d.title, Body: d.body, Publish: m.Publish && !d.draft, Follows: follows}); err != nil {
			return err
		}
	} else {
		n := New{Title: d.title, Body: d.body, Slug: d.slug, Language: d.language, Audience: m.Audience, ReviewDays: d.review, Publish: m.Publish && !d.draft && strings.TrimSpace(d.body) != ""}
		var err error
		if n.SectionID, err = m.section(ctx, tx, d.section); err != nil {
			return err
		}
		if err := d.readers(ctx, tx, &n); err != nil {
			return err
		}
		x, err := Create(ctx, tx, m.Actor, n)
		if err != nil {
			return err
		}
		id = x.ID
		for _, old := range d.addresses {
			if taken, err := slugTaken(ctx, tx, old, 0); err != nil || taken || !slugs.MatchString(old) {
				continue
			}
			if _, err := tx.Exec(ctx, `INSERT INTO article_address (slug, article_id) VALUES ($1, $2)`, old, id); err != nil {
				return err
			}
		}
	}
	for name, p := range d.files {
		if ref, have := refs[p]; have {
			if _, err := AddFile(ctx, tx, m.Actor, id, name, typeOf(name), ref, true); err != nil {
				return err
			}
			m.report.Files++
		}
	}
	d.row.ArticleID = id
	return nil
}

// section finds or makes a section by the names of those that it lies in and its own.
func (m *importing) section(ctx context.Context, tx *db.Tx, names []string) (id int64, err error) {
	names = names[:min(len(names), maxDepth)]
	for n := range names {
		key := strings.Join(names[:n+1], sectionRule)
		if have, ok := m.sections[key]; ok {
			id = have
			continue
		}
		s, err := SaveSection(ctx, tx, m.Actor, Section{Name: names[n], ParentID: id})
		if err != nil {
			return 0, err
		}
		id = s.ID
		m.sections[key] = id
	}
	return id, nil
}
