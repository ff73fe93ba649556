package proposal

import (
	"context"
	"slices"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/rota"
	"goodturn/internal/shift"
)

// Part is a part of the week that somebody may like or not, on the wall where they live.
type Part struct {
	Name     string
	Label    i18n.Text
	Days     []time.Weekday
	From, To int // hours; To may lie on the next day
}

var workdays = []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}

// Parts are what is asked, in order.
func Parts() []Part {
	out := []Part{
		{"morning", i18n.M("Early, until 12"), workdays, 5, 12},
		{"afternoon", i18n.M("Afternoons, 12 to 18"), workdays, 12, 18},
		{"evening", i18n.M("Evenings, 18 to 22"), workdays, 18, 22},
		{"night", i18n.M("Nights, 22 to 5"), append([]time.Weekday{time.Saturday, time.Sunday}, workdays...), 22, 29},
	}
	for _, d := range []struct {
		day   time.Weekday
		name  string
		label i18n.Text
	}{
		{time.Monday, "monday", i18n.M("Mondays")},
		{time.Tuesday, "tuesday", i18n.M("Tuesdays")},
		{time.Wednesday, "wednesday", i18n.M("Wednesdays")},
		{time.Thursday, "thursday", i18n.M("Thursdays")},
		{time.Friday, "friday", i18n.M("Fridays")},
		{time.Saturday, "saturday", i18n.M("Saturdays")},
		{time.Sunday, "sunday", i18n.M("Sundays")},
	} {
		out = append(out, Part{d.name, d.label, []time.Weekday{d.day}, 0, 24})
	}
	return out
}

// Weights are what can be said of a part, the best first.
func Weights() []int { return []int{3, 1, 0, -1, -3} }

// Wishes are what somebody wishes, by name of the part; what is not in it does not matter to them.
type Wishes map[string]int

// WishesOf gives what people wish.
func WishesOf(ctx context.Context, tx *db.Tx, people []int64) (map[int64]Wishes, error) {
	out := map[int64]Wishes{}
	if len(people) == 0 {
		return out, nil
	}
	args := db.Args{}
	rows, err := db.All[struct {
		PersonID int64
		Part     string
		Weight   int
	}](ctx, tx, `SELECT person_id, part, weight FROM rota_wish WHERE person_id IN (`+db.List(&args, people)+`) ORDER BY person_id, part`, args...)
	for _, r := range rows {
		if out[r.PersonID] == nil {
			out[r.PersonID] = Wishes{}
		}
		out[r.PersonID][r.Part] = r.Weight
	}
	return out, err
}

// SaveWishes stores what somebody wishes for themselves, in place of what they wished before.
func SaveWishes(ctx context.Context, tx *db.Tx, by person.Actor, w Wishes) error {
	if by.ID == 0 || by.ReadOnly || !by.Staff() {
		return fault.Denied(i18n.M("Only people at the desk have wishes for the rota."))
	}
	if _, err := tx.Exec(ctx, `DELETE FROM rota_wish WHERE person_id = $1`, by.ID); err != nil {
		return err
	}
	for _, p := range Parts() {
		weight := w[p.Name]
		if weight == 0 {
			continue
		}
		if !slices.Contains(Weights(), weight) {
			return fault.Invalid(fault.F(p.Name, i18n.M("Please choose one of the answers.")))
		}
		if _, err := tx.Exec(ctx, `INSERT INTO rota_wish (person_id, part, weight) VALUES ($1, $2, $3)`, by.ID, p.Name, weight); err != nil {
			return err
		}
	}
	return nil
}

// spans are the wishes as they fall into a time, where somebody lives.
func (w Wishes) spans(in shift.Span, zone *time.Location) (out []rota.Wish) {
	if len(w) == 0 {
		return nil
	}
	first := in.From.Time().In(zone)
	for d := -1; ; d++ {
		day := time.Date(first.Year(), first.Month(), first.Day()+d, 12, 0, 0, 0, zone)
		midnight := func(hour int) clock.Instant {
			return clock.From(time.Date(day.Year(), day.Month(), day.Day(), hour, 0, 0, 0, zone))
		}
		if midnight(0) >= in.Until {
			return out
		}
		for _, p := range Parts() {
			if w[p.Name] != 0 && slices.Contains(p.Days, day.Weekday()) {
				out = append(out, rota.Wish{Span: rota.Span{From: midnight(p.From), To: midnight(p.To)}, Weight: w[p.Name]})
			}
		}
	}
}
