package stint

import (
	"context"
	"encoding/csv"
	"errors"
	"net/http"
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
	var problems []string
	taken := 0
	err := s.Site.DB.Write(ctx, func(tx *db.Tx) error {
		problems, taken = nil, 0
		jobs := map[int64][]person.Job{}
		var order []int64
		in := csv.NewReader(strings.NewReader(text))
		in.FieldsPerRecord, in.TrimLeadingSpace, in.LazyQuotes = -1, true, true
		if head, _, _ := strings.Cut(text, "\n"); strings.Count(head, ";") > strings.Count(head, ",") {
			in.Comma = ';'
		}
		all, err := in.ReadAll()
		if err != nil {
			return fault.Invalid(fault.F("rows", i18n.M("This cannot be read as rows with commas between: {{.Why}}", "Why", err.Error())))
		}
		for i, row := range all {
			who, err := person.FindByAddress(ctx, tx, person.FoldAddress(strings.TrimSpace(row[0])))
			if errors.Is(err, db.ErrNoRow) {
				if i > 0 || strings.Contains(row[0], "@") { // a first row may be a heading
					problems = append(problems, i18n.T(ctx, "Row {{.Row}}: nobody has the address {{.Address}}.", "Row", i+1, "Address", row[0]))
				}
				continue
			}
			if err != nil {
				return err
			}
			j := person.Job{Department: cell(row, 1), Job: cell(row, 2), Manager: yes(cell(row, 3))}
			if _, known := jobs[who.ID]; !known {
				order = append(order, who.ID)
			}
			jobs[who.ID] = append(jobs[who.ID], j)
		}
		for _, id := range order {
			err := person.SetJobs(ctx, tx, id, jobs[id])
			if f, ok := fault.Of(err); ok && f.Kind == fault.KindInvalid {
				problems = append(problems, i18n.Print(ctx, f.Fields[0].Message))
				continue
			}
			if err != nil {
				return err
			}
			taken++
		}
		return nil
	})
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
