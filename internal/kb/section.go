package kb

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"unicode/utf8"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// Section holds articles, and other sections.
type Section struct {
	ID, ParentID int64
	Slug, Name   string
	Place        int64
	Version      int64
	// Depth is how many sections it lies in.
	Depth int `db:"-"`
}

const sectionColumns = `id, parent_id, slug, name, place, version`

// Bounds of the tree.
const (
	maxSections    = 1000
	maxDepth       = 6
	maxSectionName = 80
)

// Sections is the whole tree, each section before those in it.
func Sections(ctx context.Context, tx *db.Tx) ([]Section, error) {
	all, err := db.All[Section](ctx, tx, `SELECT `+sectionColumns+` FROM section ORDER BY place, id`)
	return inOrder(all), err
}

func inOrder(all []Section) []Section {
	within := map[int64][]Section{}
	for _, s := range all {
		within[s.ParentID] = append(within[s.ParentID], s)
	}
	out := make([]Section, 0, len(all))
	var walk func(parent int64, depth int)
	walk = func(parent int64, depth int) {
		for _, s := range within[parent] {
			s.Depth = depth
			out = append(out, s)
			if depth <= maxSections { // the tree has no circle; this ends where one is
				walk(s.ID, depth+1)
			}
		}
	}
	walk(0, 0)
	return out
}

// SectionsFor is the tree as somebody may know it: without sections in which, at any depth, they may read nothing.
func SectionsFor(ctx context.Context, tx *db.Tx, a person.Actor) ([]Section, error) {
	all, err := Sections(ctx, tx)
	if err != nil {
		return nil, err
	}
	known, err := readable(ctx, tx, a)
	if err != nil {
		return nil, err
	}
	for i := len(all) - 1; i >= 0; i-- { // those within stand behind
		if known[all[i].ID] {
			known[all[i].ParentID] = true
		}
	}
	return slices.DeleteFunc(all, func(s Section) bool { return !known[s.ID] }), nil
}

// Path is a section with those that it lies in, the outermost first.
func Path(all []Section, id int64) (out []Section) {
	for id != 0 && len(out) <= len(all) {
		i := slices.IndexFunc(all, func(s Section) bool { return s.ID == id })
		if i < 0 {
			break
		}
		out = append(out, all[i])
		id = all[i].ParentID
	}
	slices.Reverse(out)
	return out
}

// SaveSection adds a section at the end (ID 0), or renames and moves one. The fields of what is wrong are name, parent and version.
func SaveSection(ctx context.Context, tx *db.Tx, a person.Actor, s Section) (Section, error) {
	if !person.Can(a, person.ManageArticles, person.Thing{}) {
		return s, fault.Denied(i18n.Text{})
	}
	if err := lockTree(ctx, tx); err != nil {
		return s, err
	}
	all, err := Sections(ctx, tx)
	if err != nil {
		return s, err
	}
	s.Name = clean(s.Name)
	if err := fault.Check(s.wrong(all)); err != nil {
		return s, err
	}
	if s.ID != 0 {
		_, err = tx.Exec(ctx, `UPDATE section SET name = $2, parent_id = $3, version = version + 1, changed_at = $4 WHERE id = $1`, s.ID, s.Name, orNull(s.ParentID), tx.Now)
	} else {
		s.Slug = sectionSlug(all, s.Name)
		s.ID, err = db.One[int64](ctx, tx, `INSERT INTO section (parent_id, slug, name, place, version, changed_at) VALUES ($1, $2, $3, (SELECT coalesce(max(place), 0) + 1 FROM section), 1, $4) RETURNING id`,
			orNull(s.ParentID), s.Slug, s.Name, tx.Now)
	}
	if err != nil {
		return s, err
	}
	return db.One[Section](ctx, tx, `SELECT `+sectionColumns+` FROM section WHERE id = $1`, s.ID)
}

// lockTree has those who change the tree wait for each other: where two sections go rests on where the others are. The first of them
// stands for all.
func lockTree(ctx context.Context, tx *db.Tx) error {
	first, err := db.One[int64](ctx, tx, `SELECT coalesce(min(id), 0) FROM section`)
	if err != nil || first == 0 {
		return err
	}
	return tx.Lock(ctx, "section", first)
}

func (s Section) wrong(all []Section) (wrong []fault.Field) {
	say := func(field string, m i18n.Text) { wrong = append(wrong, fault.F(field, m)) }
	if s.Name == "" {
		say("name", i18n.M("Please give it a name, such as “Printers”."))
	} else if utf8.RuneCountInString(s.Name) > maxSectionName {
		say("name", i18n.M("Please use at most {{.Most}} characters.", "Most", maxSectionName))
	}
	var was *Section
	height := 0 // of what lies in it
	for i := range all {
		if all[i].ID == s.ID {
			was = &all[i]
			for _, below := range all[i+1:] {
				if below.Depth <= was.Depth {
					break
				}
				height = max(height, below.Depth-was.Depth)
			}
		}
	}
	switch {
	case s.ID != 0 && was == nil:
		say("name", i18n.M("This section is gone. Please choose another."))
		return wrong
	case s.ID != 0 && was.Version != s.Version:
		say("version", i18n.M("Somebody changed this while you did. Look at it in another window; saving once more puts yours in the place of theirs."))
	case s.ID == 0 && len(all) >= maxSections:
		say("name", i18n.M("There can be up to {{.Most}} sections.", "Most", maxSections))
	}
	if s.ParentID == 0 {
		return wrong
	}
	way := Path(all, s.ParentID)
	switch {
	case len(way) == 0:
		say("parent", i18n.M("This section is gone. Please choose another."))
	case s.ID != 0 && slices.ContainsFunc(way, func(o Section) bool { return o.ID == s.ID }):
		say("parent", i18n.M("A section cannot lie within itself. Please choose one that is not below it."))
	case len(way)+1+height > maxDepth:
		say("parent", i18n.M("Sections can lie {{.Most}} deep; nobody finds what lies deeper.", "Most", maxDepth))
	}
	return wrong
}

func sectionSlug(all []Section, name string) string {
	slug := slugOf(name)
	if slug == "" {
		slug = "section"
	}
	try := slug
	for n := 2; slices.ContainsFunc(all, func(s Section) bool { return s.Slug == try }); n++ {
		try = slug + "-" + strconv.Itoa(n)
	}
	return try
}

// MoveSection moves a section one place up or down among those beside it; at the end nothing happens.
func MoveSection(ctx context.Context, tx *db.Tx, a person.Actor, id int64, up bool) error {
	if !person.Can(a, person.ManageArticles, person.Thing{}) {
		return fault.Denied(i18n.Text{})
	}
	if err := lockTree(ctx, tx); err != nil {
		return err
	}
	all, err := Sections(ctx, tx)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(s Section) bool { return s.ID == id })
	if i < 0 {
		return goneSection()
	}
	beside := slices.DeleteFunc(slices.Clone(all), func(s Section) bool { return s.ParentID != all[i].ParentID })
	at := slices.IndexFunc(beside, func(s Section) bool { return s.ID == id })
	to := at + 1
	if up {
		to = at - 1
	}
	if to < 0 || to >= len(beside) {
		return nil
	}
	return swap(ctx, tx, `UPDATE section SET place = $2 WHERE id = $1`, [2]int64{beside[at].ID, beside[at].Place}, [2]int64{beside[to].ID, beside[to].Place})
}

func swap(ctx context.Context, tx *db.Tx, update string, x, y [2]int64) error {
	if _, err := tx.Exec(ctx, update, x[0], y[1]); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, update, y[0], x[1])
	return err
}

// Move moves an article one place up or down among those of its section.
func Move(ctx context.Context, tx *db.Tx, a person.Actor, id int64, up bool) error {
	if !person.Can(a, person.WriteArticles, person.Thing{}) {
		return fault.Denied(i18n.Text{})
	}
	x, err := ByID(ctx, tx, a, id)
	if err != nil {
		return err
	}
	type placed struct{ ID, Place int64 }
	query := `SELECT id, place FROM article WHERE section_id IS NOT DISTINCT FROM CAST($1 AS BIGINT) AND place > $2 ORDER BY place LIMIT 1`
	if up {
		query = `SELECT id, place FROM article WHERE section_id IS NOT DISTINCT FROM CAST($1 AS BIGINT) AND place < $2 ORDER BY place DESC LIMIT 1`
	}
	other, err := db.One[placed](ctx, tx, query, orNull(x.SectionID), x.Place)
	if errors.Is(err, db.ErrNoRow) {
		return nil
	}
	if err != nil {
		return err
	}
	return swap(ctx, tx, `UPDATE article SET place = $2 WHERE id = $1`, [2]int64{x.ID, x.Place}, [2]int64{other.ID, other.Place})
}

// RemoveSection removes a section; what lies in it moves up into the one around it. One that is gone already is no error.
func RemoveSection(ctx context.Context, tx *db.Tx, a person.Actor, id int64) error {
	if !person.Can(a, person.ManageArticles, person.Thing{}) {
		return fault.Denied(i18n.Text{})
	}
	if err := lockTree(ctx, tx); err != nil {
		return err
	}
	s, err := db.One[Section](ctx, tx, `SELECT `+sectionColumns+` FROM section WHERE id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, q := range []string{`UPDATE article SET section_id = $2 WHERE section_id = $1`, `UPDATE section SET parent_id = $2 WHERE parent_id = $1`} {
		if _, err := tx.Exec(ctx, q, id, orNull(s.ParentID)); err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, `DELETE FROM section WHERE id = $1`, id)
	return err
}

func goneSection() error { return fault.NotFound(i18n.M("There is no such section any more.")) }
