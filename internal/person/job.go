package person

import (
	"context"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
)

// Job is something that somebody does in the firm. Some people do several things.
type Job struct {
	ID         int64
	PersonID   int64
	Department string // "" where none is known
	Job        string // "" where none is known
	Manager    bool   // they lead others in it
}

const (
	maxJobs    = 10 // of one person
	maxJobName = 80 // letters of a department or a job
)

// JobsOf gives what somebody does, as it was written down.
func JobsOf(ctx context.Context, tx *db.Tx, personID int64) ([]Job, error) {
	return db.All[Job](ctx, tx, `SELECT id, person_id, department, job, manager FROM person_job WHERE person_id = $1 ORDER BY id`, personID)
}

// SetJobs writes down what somebody does; those that are empty are left out. What is too long is fault.Invalid by "department" or "job".
func SetJobs(ctx context.Context, tx *db.Tx, personID int64, jobs []Job) error {
	var keep []Job
	var wrong []fault.Field
	for _, j := range jobs {
		j.Department, j.Job = strings.Join(strings.Fields(j.Department), " "), strings.Join(strings.Fields(j.Job), " ")
		for field, text := range map[string]string{"department": j.Department, "job": j.Job} {
			if n := len([]rune(text)); n > maxJobName {
				wrong = append(wrong, fault.F(field, i18n.M("A name has at most {{.Count}} characters; this one has {{.Has}}.", "Count", maxJobName, "Has", n)))
			}
		}
		if j.Department != "" || j.Job != "" || j.Manager {
			keep = append(keep, j)
		}
	}
	if len(keep) > maxJobs {
		wrong = append(wrong, fault.F("job", i18n.M("One person has {{.Count}} jobs at most.", "Count", maxJobs)))
	}
	if err := fault.Check(wrong); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM person_job WHERE person_id = $1`, personID); err != nil {
		return err
	}
	for _, j := range keep {
		if _, err := tx.Exec(ctx, `INSERT INTO person_job (person_id, department, job, manager) VALUES ($1, $2, $3, $4)`, personID, j.Department, j.Job, j.Manager); err != nil {
			return err
		}
	}
	return nil
}

// Departments lists the departments that are known, by name, 500 at most.
func Departments(ctx context.Context, tx *db.Tx) ([]string, error) {
	return db.All[string](ctx, tx, `SELECT DISTINCT department FROM person_job WHERE department <> '' ORDER BY department LIMIT 500`)
}
