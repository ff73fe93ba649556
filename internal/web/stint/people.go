package stint

import (
	"context"
	"encoding/csv"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/web/page"
)

// PeopleView is where departments and jobs are written down, many at once.
type PeopleView struct {
	Frame
	Departments []string
	Typed       string
	Problems    []string // what was not taken, with its row
}

// people answers GET /stint-people.
func (s *Stints) people(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return s.showPeople(w, r, v, http.StatusOK, "", nil)
}

func (s *Stints) showPeople(w http.ResponseWriter, r *http.Request, v page.Visit, status int, typed string, problems []string) error {
	view := PeopleView{Typed: typed, Problems: problems}
	err := s.read(r, v, &view.Frame, func(ctx context.Context, tx *db.Tx) (err error) {
		view.Departments, err = person.Departments(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, status, PeoplePage(view))
}

// savePeople answers POST /stint-people: rows of "address, department, job, manager". Rows that cannot be taken are told, the others are.
func (s *Stints) savePeople(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	ctx, text := r.Context(), r.PostFormValue("rows")
	t, err := readTable(text)
	if err == nil {
		err = s.Site.DB.Read(ctx, func(tx *db.Tx) error { return t.find(ctx, tx) })
	}
	taken := 0
	for all := range slices.Chunk(t.order, tableChunk) {
		if err != nil {
			break
		}
		var problems []string
		err = s.Site.DB.Write(ctx, func(tx *db.Tx) (err error) {
			problems, err = t.keep(ctx, tx, all)
			return err
		})
		t.problems = append(t.problems, problems...)
		taken += len(all) - len(problems)
	}
	problems := t.problems
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return s.showPeople(w, r, v, http.StatusUnprocessableEntity, text, []string{wrong["rows"]})
	}
	if err != nil {
		return err
	}
	s.Site.Tell(w, i18n.N(ctx, "{{.Count}} person taken.", "{{.Count}} people taken.", taken))
	if len(problems) > 0 {
		return s.showPeople(w, r, v, http.StatusUnprocessableEntity, text, problems)
	}
	return page.Goto(w, r, peopleURL)
}

// A table has at most so many rows; so many people are written at once.
const (
	mostRows   = 5000
	tableChunk = 200
)

// table is what was pasted: rows, and whose they are.
type table struct {
	rows     [][]string
	jobs     map[int64][]person.Job
	order    []int64
	problems []string
}

func readTable(text string) (*table, error) {
	t := &table{jobs: map[int64][]person.Job{}}
	in := csv.NewReader(strings.NewReader(text))
	in.FieldsPerRecord, in.TrimLeadingSpace, in.LazyQuotes = -1, true, true
	if head, _, _ := strings.Cut(text, "\n"); strings.Count(head, ";") > strings.Count(head, ",") {
		in.Comma = ';'
	}
	for {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			return t, nil
		}
		if err != nil {
			return t, fault.Invalid(fault.F("rows", i18n.M("This cannot be read as rows with commas between: {{.Why}}", "Why", err.Error())))
		}
		if t.rows = append(t.rows, row); len(t.rows) > mostRows {
			return t, fault.Invalid(fault.F("rows", i18n.M("At most {{.Most}} rows are taken at once, and this has more. Nothing was changed; please paste it in parts, all rows of somebody in the same.", "Most", mostRows)))
		}
	}
}

// find sees whose rows they are.
func (t *table) find(ctx context.Context, tx *db.Tx) error {
	t.order, t.problems = nil, nil
	clear(t.jobs)
	for i, row := range t.rows {
		who, err := person.FindByAddress(ctx, tx, person.FoldAddress(strings.TrimSpace(row[0])))
		if errors.Is(err, db.ErrNoRow) {
			if i > 0 || strings.Contains(row[0], "@") { // a first row may be a heading
				t.problems = append(t.problems, i18n.T(ctx, "Row {{.Row}}: nobody has the address {{.Address}}.", "Row", i+1, "Address", row[0]))
			}
			continue
		}
		if err != nil {
			return err
		}
		if _, known := t.jobs[who.ID]; !known {
			t.order = append(t.order, who.ID)
		}
		t.jobs[who.ID] = append(t.jobs[who.ID], person.Job{Department: cell(row, 1), Job: cell(row, 2), Manager: yes(cell(row, 3))})
	}
	return nil
}

// keep writes the jobs of some people, and says what could not be taken.
func (t *table) keep(ctx context.Context, tx *db.Tx, people []int64) (problems []string, err error) {
	for _, id := range people {
		err := person.SetJobs(ctx, tx, id, t.jobs[id])
		if f, ok := fault.Of(err); ok && f.Kind == fault.KindInvalid {
			problems = append(problems, i18n.Print(ctx, f.Fields[0].Message))
			continue
		}
		if err != nil {
			return nil, err
		}
	}
	return problems, nil
}

func cell(row []string, i int) string {
	if i >= len(row) {
		return ""
	}
	return strings.TrimSpace(row[i])
}

func yes(word string) bool {
	switch strings.ToLower(word) {
	case "yes", "y", "ja", "j", "true", "x", "1", "manager":
		return true
	}
	return false
}
