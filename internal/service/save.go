package service

import (
	"context"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/search"
	"goodturn/internal/ticket"
)

// Bounds of a service.
const (
	maxServices = 300
	maxSlug     = 40
	maxName     = 120
	maxSentence = 300
	maxWords    = 60
	maxWord     = 80
	maxTags     = 10
)

var slugs = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// Save adds a service at the end (ID 0) or changes one, with its questions, and gives it as it is stored. The fields of what is wrong
// are slug, name, words, team, kind, priority, tags, questions, version, and those of Field. s.Version is that of the service as it was
// when the changing began; when it was changed since, nothing is saved.
func Save(ctx context.Context, tx *db.Tx, a person.Actor, s Service, questions []Question) (Service, error) {
	if err := tx.Lock(ctx, "service", s.ID); err != nil {
		return s, err
	}
	was, err := current(ctx, tx, s)
	if err != nil {
		return s, err
	}
	s.Form = was.Form
	questions = slices.Clone(questions)
	s.tidy()
	for i := range questions {
		questions[i].tidy()
	}
	form, err := loadForm(ctx, tx, s.ID, was.Form)
	if err != nil {
		return s, err
	}
	Named(questions, form.Questions)
	wrong, err := s.wrong(ctx, tx, a)
	if err != nil {
		return s, err
	}
	if f, ok := fault.Of(Check(questions)); ok {
		wrong = append(wrong, f.Fields...)
	}
	if err := fault.Check(wrong); err != nil {
		return s, err
	}
	text, err := json.Marshal(questions)
	if err != nil {
		return s, err
	}
	before, _ := json.Marshal(form.Questions)
	anew := len(questions)+len(form.Questions) > 0 && string(text) != string(before)
	if anew {
		s.Form = was.Form + 1
	}
	if s.ID, err = s.store(ctx, tx); err != nil {
		return s, err
	}
	if anew {
		if _, err := tx.Exec(ctx, `INSERT INTO service_form (service_id, version, questions, person_id, created_at) VALUES ($1, $2, $3, $4, $5)`, s.ID, s.Form, string(text), orNull(a.ID), tx.Now); err != nil {
			return s, err
		}
	}
	return ByID(ctx, tx, s.ID)
}

// current is the service as it is stored, if nobody changed it since.
func current(ctx context.Context, tx *db.Tx, s Service) (Service, error) {
	if s.ID == 0 {
		return Service{}, nil
	}
	was, err := ByID(ctx, tx, s.ID)
	if err == nil && was.Version != s.Version {
		err = fault.Invalid(fault.F("version", i18n.M("Somebody changed this service while you did. Look at it in another window; saving once more puts yours in the place of theirs.")))
	}
	return was, err
}

func (s Service) store(ctx context.Context, tx *db.Tx) (int64, error) {
	if s.ID == 0 {
		return db.One[int64](ctx, tx, `INSERT INTO service (slug, name, sentence, words, team_id, kind, priority, tags, shown, place, form, version, created_at, changed_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, (SELECT coalesce(max(place), 0) + 1 FROM service), $10, 1, $11, $11) RETURNING id`,
			s.Slug, s.Name, s.Sentence, s.Words, orNull(s.TeamID), s.Kind, s.Priority, s.Tags, s.Shown, s.Form, tx.Now)
	}
	_, err := tx.Exec(ctx, `UPDATE service SET slug = $2, name = $3, sentence = $4, words = $5, team_id = $6, kind = $7, priority = $8, tags = $9, shown = $10, form = $11, version = version + 1, changed_at = $12 WHERE id = $1`,
		s.ID, s.Slug, s.Name, s.Sentence, s.Words, orNull(s.TeamID), s.Kind, s.Priority, s.Tags, s.Shown, s.Form, tx.Now)
	return s.ID, err
}

// Named gives a key to each question that has none, other than all that there are or were before: a condition that names a question which
// is gone must not find another in its place.
func Named(all, before []Question) {
	last := 0
	for _, q := range slices.Concat(all, before) {
		if n, err := strconv.Atoi(q.Key); err == nil {
			last = max(last, n)
		}
	}
	for i := range all {
		if all[i].Key == "" {
			last++
			all[i].Key = strconv.Itoa(last)
		}
	}
}

// tidy folds what was typed, and makes a short name of the name where none was.
func (s *Service) tidy() {
	s.Name, s.Sentence = clean(s.Name, maxName), clean(s.Sentence, maxSentence)
	if s.Slug = strings.ToLower(clean(s.Slug, maxSlug+1)); s.Slug == "" {
		s.Slug = slugOf(s.Name)
	}
	var words []string
	for _, w := range strings.FieldsFunc(s.Words, func(r rune) bool { return r == '\n' || r == ',' || r == ';' }) {
		if w = clean(w, maxWord); w != "" && !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	s.Words = strings.Join(words, "\n")
	s.Tags = strings.ToLower(strings.Join(strings.FieldsFunc(s.Tags, func(r rune) bool { return strings.ContainsRune(" ,;#\t\r\n", r) }), " "))
}

// slugOf makes a short name of a name: "New laptop" is "new-laptop". Letters that addresses do not have are left out.
func slugOf(name string) string {
	slug := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, strings.ToLower(search.Fold(name)))
	slug = strings.Join(strings.FieldsFunc(slug, func(r rune) bool { return r == '-' }), "-")
	return strings.Trim(slug[:min(len(slug), maxSlug)], "-")
}

// wrong tells what is wrong with a service itself.
func (s Service) wrong(ctx context.Context, tx *db.Tx, a person.Actor) (wrong []fault.Field, err error) {
	say := func(field string, m i18n.Text) { wrong = append(wrong, fault.F(field, m)) }
	if s.Name == "" {
		say("name", i18n.M("Please give it a name, such as “New laptop”."))
	}
	if !slugs.MatchString(s.Slug) || len(s.Slug) > maxSlug || slices.Contains([]string{"none", "any"}, s.Slug) {
		if s.Name != "" {
			say("slug", i18n.M("Please give it a short name of up to 40 small letters, digits and hyphens, such as new-laptop."))
		}
	}
	all, err := All(ctx, tx)
	if err != nil {
		return nil, err
	}
	if s.ID == 0 && len(all) >= maxServices {
		say("name", i18n.M("There can be up to {{.Most}} services.", "Most", maxServices))
	}
	for _, o := range all {
		if o.ID == s.ID {
			continue
		}
		if o.Slug == s.Slug {
			say("slug", i18n.M("“{{.Name}}” has this short name already.", "Name", o.Name))
		}
		if s.Name != "" && search.Fold(o.Name) == search.Fold(s.Name) {
			say("name", i18n.M("There is a service of this name already."))
		}
	}
	if strings.Count(s.Words, "\n") >= maxWords {
		say("words", i18n.M("Up to {{.Most}} words or phrases are enough.", "Most", maxWords))
	}
	teams, err := person.Teams(ctx, tx)
	if err != nil {
		return nil, err
	}
	if s.TeamID != 0 && !slices.ContainsFunc(teams, func(t person.Team) bool { return t.ID == s.TeamID }) {
		say("team", i18n.M("Please choose one of the teams."))
	}
	if s.Kind != "" && !slices.Contains(ticket.Kinds(), s.Kind) {
		say("kind", i18n.M("Please choose one of the kinds."))
	}
	if s.Priority != "" && !slices.Contains(ticket.Priorities(), s.Priority) {
		say("priority", i18n.M("Please choose one of the priorities."))
	}
	return append(wrong, wrongTags(ctx, tx, a, s.Tags)...), nil
}

func wrongTags(ctx context.Context, tx *db.Tx, a person.Actor, tags string) []fault.Field {
	all := strings.Fields(tags)
	if len(all) > maxTags {
		return []fault.Field{fault.F("tags", i18n.M("Up to {{.Most}} tags are enough.", "Most", maxTags))}
	}
	for _, t := range all {
		if f, bad := fault.Of(ticket.CheckActions(ctx, tx, a, []ticket.Action{{Do: ticket.DoTag, Value: t}})); bad {
			return f.Fields[:min(len(f.Fields), 1)]
		}
	}
	return nil
}

// Move moves a service one place up or down; at the end nothing happens.
func Move(ctx context.Context, tx *db.Tx, id int64, up bool) error {
	all, err := All(ctx, tx)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(all, func(s Service) bool { return s.ID == id })
	if at < 0 {
		return gone()
	}
	to := at + 1
	if up {
		to = at - 1
	}
	if to < 0 || to >= len(all) {
		return nil
	}
	all[at], all[to] = all[to], all[at]
	for i, s := range all {
		if _, err := tx.Exec(ctx, `UPDATE service SET place = $2 WHERE id = $1 AND place <> $2`, s.ID, i+1); err != nil {
			return err
		}
	}
	return nil
}

// Remove removes a service that no ticket was made with; another can only be hidden, or the tickets would not know what was asked.
func Remove(ctx context.Context, tx *db.Tx, id int64) error {
	if err := tx.Lock(ctx, "service", id); err != nil {
		return err
	}
	used, err := db.Exists(ctx, tx, `SELECT 1 FROM ticket WHERE service_id = $1 LIMIT 1`, id)
	if err != nil {
		return err
	}
	if used {
		return fault.Conflict(i18n.M("There are tickets of this service, so it stays. It can be taken off the first page instead."))
	}
	if _, err := tx.Exec(ctx, `DELETE FROM service_form WHERE service_id = $1`, id); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `DELETE FROM service WHERE id = $1`, id)
	if err == nil && n == 0 {
		err = gone()
	}
	return err
}

// orNull binds 0 as NULL.
func orNull(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}
