package admin

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/search"
	"goodturn/internal/web/page"
)

// synonyms answers GET /admin/synonyms: the groups of the desk, and those that come with the program.
func (a *Admin) synonyms(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	view := SynonymsView{}
	err := a.read(r, v, synonymSection, &view.Frame, func(ctx context.Context, tx *db.Tx) error {
		desk, err := search.DeskSynonyms(ctx, tx)
		replaced := map[string]search.Synonyms{}
		for _, s := range desk {
			if replaced[s.Name] = s; s.Name == "" {
				view.Desk = append(view.Desk, synonymRow(s))
			}
		}
		for _, s := range search.OwnSynonyms() {
			row := synonymRow(s)
			if own, ok := replaced[s.Name]; ok {
				if row.Off = len(own.Phrases()) == 0; !row.Off {
					row = synonymRow(own)
					row.URL = synonymURL(s)
				}
				row.Changed = true
			}
			if strings.HasPrefix(s.Name, "de-") {
				view.German = append(view.German, row)
			} else {
				view.English = append(view.English, row)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, SynonymsPage(view))
}

func synonymRow(s search.Synonyms) SynonymRow {
	return SynonymRow{URL: synonymURL(s), Words: strings.Join(s.Phrases(), " · ")}
}

// synonymURL is where a group is changed: under its number, or under the name by which it comes with the program.
func synonymURL(s search.Synonyms) string {
	if s.Name != "" {
		return string(synonymSection) + "/" + s.Name
	}
	return path(synonymSection, s.ID)
}

// synonymGroup finds the group of an address, as it is now; shipped is how the program brings it.
func synonymGroup(ctx context.Context, tx *db.Tx, r *http.Request) (now, shipped search.Synonyms, err error) {
	name := r.PathValue("group")
	if name == "new" {
		return now, shipped, nil
	}
	desk, err := search.DeskSynonyms(ctx, tx)
	if err != nil {
		return now, shipped, err
	}
	for _, s := range search.OwnSynonyms() {
		if s.Name == name {
			shipped = s
		}
	}
	id, _ := strconv.ParseInt(name, 10, 64)
	for _, s := range desk {
		if shipped.Name != "" && s.Name == shipped.Name || s.Name == "" && s.ID == id {
			return s, shipped, nil
		}
	}
	if shipped.Name == "" {
		return now, shipped, fault.NotFound(i18n.M("There is no such group of words. Somebody may have removed it."))
	}
	return shipped, shipped, nil
}

// synonym answers GET /admin/synonyms/{group}; the group "new" is one that is being made.
func (a *Admin) synonym(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return a.showSynonym(w, r, v, http.StatusOK, "", nil, "")
}

func (a *Admin) showSynonym(w http.ResponseWriter, r *http.Request, v page.Visit, status int, typed string, wrong map[string]string, alert string) error {
	ctx := r.Context()
	view := SynonymView{Wrong: len(wrong) > 0, Alert: alert, New: r.PathValue("group") == "new"}
	err := a.read(r, v, synonymSection, &view.Frame, func(ctx context.Context, tx *db.Tx) error {
		now, shipped, err := synonymGroup(ctx, tx, r)
		view.URL = string(synonymSection) + "/" + r.PathValue("group")
		view.Was = lines(now)
		view.Words = Field{view.Was, wrong["words"]}
		view.Shipped, view.Changed = strings.Join(shipped.Phrases(), ", "), shipped.Name != "" && now.ID != 0
		return err
	})
	if err != nil {
		return err
	}
	if status != http.StatusOK {
		view.Words.Value = typed
	}
	view.Title = i18n.T(ctx, "New group of words")
	if p := strings.Split(view.Was, "\n"); !view.New && p[0] != "" {
		view.Title = p[0]
	} else if !view.New {
		view.Title, _, _ = strings.Cut(view.Shipped, ",")
	}
	return page.Render(w, r, status, SynonymPage(view))
}

func lines(s search.Synonyms) string { return strings.Join(s.Phrases(), "\n") }

const (
	maxSynonymText = 4000 // bytes of a group
	longestSynonym = 60   // letters of one word or phrase
)

// saveSynonym answers POST /admin/synonyms/{group}.
func (a *Admin) saveSynonym(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	typed := r.PostFormValue("words")
	s := search.Synonyms{Words: typed[:min(len(typed), maxSynonymText)]}
	s.Words = lines(search.Synonyms{Words: strings.ToValidUTF8(s.Words, "")})
	err := a.Site.DB.Write(ctx, func(tx *db.Tx) error {
		now, shipped, err := synonymGroup(ctx, tx, r)
		if err != nil {
			return err
		}
		if err := fault.Check(wrongSynonym(s, shipped.Name != "", len(typed) > maxSynonymText)); err != nil {
			return err
		}
		was := search.Synonyms{Words: r.PostFormValue("was")}
		if lines(now) != lines(was) && lines(now) != s.Words {
			return fault.Conflict(i18n.M("Somebody changed this group while you did: it is now {{.Words}}. Yours stands below; saving once more puts it in the place of theirs.", "Words", strings.Join(now.Phrases(), ", ")))
		}
		s.ID, s.Name = now.ID, shipped.Name
		return keepSynonym(ctx, tx, v, now, s)
	})
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return a.showSynonym(w, r, v, http.StatusUnprocessableEntity, typed, wrong, "")
	}
	if f, ok := fault.Of(err); ok && f.Kind == fault.KindConflict {
		return a.showSynonym(w, r, v, http.StatusConflict, typed, nil, i18n.Print(ctx, f.Message))
	}
	if err != nil {
		return err
	}
	return a.done(w, r, i18n.T(ctx, "Saved. Search knows it from now on."), string(synonymSection))
}

// keepSynonym writes a group, if it is another than before.
func keepSynonym(ctx context.Context, tx *db.Tx, v page.Visit, now, s search.Synonyms) error {
	if lines(now) == s.Words {
		return nil
	}
	if s.ID == 0 && s.Name == "" {
		all, err := search.DeskSynonyms(ctx, tx)
		if err != nil {
			return err
		}
		if len(all) >= search.MaxSynonyms {
			return fault.Check([]fault.Field{fault.F("words", i18n.M("There are {{.Most}} groups, which is the most. Please add to one that is there.", "Most", search.MaxSynonyms))})
		}
		if slices.ContainsFunc(all, func(o search.Synonyms) bool { return o.Name == "" && lines(o) == s.Words }) { // sent twice
			return nil
		}
	}
	id, err := search.SaveSynonyms(ctx, tx, s)
	if err != nil {
		return err
	}
	return audit(ctx, tx, v, "synonyms changed", "synonyms", id, changes(change("words", strings.Join(now.Phrases(), ", "), strings.Join(s.Phrases(), ", "))))
}

// wrongSynonym tells what is wrong with a group; one that comes with the program may be emptied, which leaves it out.
func wrongSynonym(s search.Synonyms, shipped, long bool) []fault.Field {
	say := func(m i18n.Text) []fault.Field { return []fault.Field{fault.F("words", m)} }
	all := s.Phrases()
	switch {
	case long || len(all) > search.MaxSynonymWords:
		return say(i18n.M("These are too many. Please keep to {{.Most}} words and phrases that mean the same.", "Most", search.MaxSynonymWords))
	case len(all) == 0 && shipped:
		return nil
	case len(all) < 2:
		return say(i18n.M("Please write at least two words that mean the same, one on each line."))
	}
	for _, p := range all {
		if len(search.Words(p)) > search.MaxSynonymPhrase || utf8.RuneCountInString(p) > longestSynonym {
			return say(i18n.M("“{{.Phrase}}” is too long. Please use at most {{.Most}} words for one thing.", "Phrase", p, "Most", search.MaxSynonymPhrase))
		}
	}
	return nil
}

// removeSynonym answers POST /admin/synonyms/{group}/removal: a group of the desk is gone, one of the program is as it came.
func (a *Admin) removeSynonym(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	ctx := r.Context()
	words := i18n.T(ctx, "The group is removed.")
	err := a.Site.DB.Write(ctx, func(tx *db.Tx) error {
		now, shipped, err := synonymGroup(ctx, tx, r)
		if err != nil || now.ID == 0 {
			return err
		}
		if shipped.Name != "" {
			words = i18n.T(ctx, "The group is as Goodturn comes with it again.")
		}
		if err := search.RemoveSynonyms(ctx, tx, now.ID); err != nil {
			return err
		}
		return person.Audit(ctx, tx, v.Actor, "synonyms removed", "synonyms "+decimal(now.ID), cutDetail(strings.Join(now.Phrases(), ", ")), v.Remote)
	})
	if f, ok := fault.Of(err); ok && f.Kind == fault.KindNotFound { // sent twice
		err = nil
	}
	if err != nil {
		return err
	}
	return a.done(w, r, words, string(synonymSection))
}
