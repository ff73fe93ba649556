package routing

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// HandOver says who gets what somebody has while they are away.
type HandOver string

// What becomes of it. What is not our turn, and what sleeps, stays until it is our turn again.
const (
	ToTeam   HandOver = "team"   // the team shares it as it shares new tickets; where it shares nothing, nobody has it
	ToDeputy HandOver = "deputy" // the deputy has it
	ToNobody HandOver = "nobody" // nobody has it
	Keeps    HandOver = "keep"   // it stays
)

// HandOvers lists them.
func HandOvers() []HandOver { return []HandOver{ToTeam, ToDeputy, ToNobody, Keeps} }

// Absence is a time in which somebody is not here and is given nothing.
type Absence struct {
	ID       int64
	PersonID int64
	FromAt   clock.Instant
	UntilAt  clock.Instant // when they are back
	Note     string        // for colleagues: it stands on what is handed over
	HandOver HandOver
	DeputyID int64 // 0 for none
	ByID     int64 // who said so
	BegunAt  clock.Instant
}

const absenceColumns = `id, person_id, from_at, until_at, note, hand_over, coalesce(deputy_id, 0) AS deputy_id, coalesce(by_id, 0) AS by_id, begun_at`

const (
	maxAbsenceNote = 500
	longestAbsence = 3 * 366 * 24 * time.Hour
)

// Absences lists the absences of somebody that are not over, the first first.
func Absences(ctx context.Context, tx *db.Tx, personID int64) ([]Absence, error) {
	return db.All[Absence](ctx, tx, `SELECT `+absenceColumns+` FROM absence WHERE person_id = $1 AND until_at > $2 ORDER BY from_at, id`, personID, tx.Now)
}

// AwayNow gives the absence that somebody is in, the one that ends last of several; false when they are here.
func AwayNow(ctx context.Context, tx *db.Tx, personID int64) (Absence, bool, error) {
	a, err := db.One[Absence](ctx, tx, `SELECT `+absenceColumns+` FROM absence WHERE person_id = $1 AND from_at <= $2 AND until_at > $2 ORDER BY until_at DESC, id LIMIT 1`, personID, tx.Now)
	if errors.Is(err, db.ErrNoRow) {
		return a, false, nil
	}
	return a, err == nil, err
}

// AwayUntil tells of people who are away now when they are back.
func AwayUntil(ctx context.Context, tx *db.Tx) (map[int64]clock.Instant, error) {
	type row struct {
		PersonID int64
		UntilAt  clock.Instant
	}
	rows, err := db.All[row](ctx, tx, `SELECT person_id, max(until_at) AS until_at FROM absence WHERE until_at > $1 AND from_at <= $1 GROUP BY person_id`, tx.Now)
	out := make(map[int64]clock.Instant, len(rows))
	for _, r := range rows {
		out[r.PersonID] = r.UntilAt
	}
	return out, err
}

// Free leaves those of some people who are neither away nor in a long call.
func Free(ctx context.Context, tx *db.Tx, people []int64) (free []int64, err error) {
	if len(people) == 0 {
		return nil, nil
	}
	args := db.Args{tx.Now}
	return db.All[int64](ctx, tx, `SELECT p.id FROM person p WHERE p.id IN (`+db.List(&args, people)+`)
		AND NOT EXISTS (SELECT 1 FROM absence a WHERE a.person_id = p.id AND a.from_at <= $1 AND a.until_at > $1)
		AND NOT EXISTS (SELECT 1 FROM helper h WHERE h.id = p.id AND h.hold_until > $1) ORDER BY p.id`, args...)
}

// SaveAbsence adds an absence (ID 0) or changes one that is not over. Somebody sets their own; leads set those of others. The fields of
// what is wrong are from, until, note, hand_over and deputy.
func SaveAbsence(ctx context.Context, tx *db.Tx, by person.Actor, a Absence) (int64, error) {
	was, err := mayChange(ctx, tx, by, a)
	if err != nil {
		return 0, err
	}
	a.Note = strings.TrimSpace(a.Note)
	if a.HandOver != ToDeputy {
		a.DeputyID = 0
	}
	wrong := a.wrong(tx.Now, was)
	if wrong == nil {
		for _, check := range []func(context.Context, *db.Tx, Absence) ([]fault.Field, error){overlapping, deputyWrong} {
			more, err := check(ctx, tx, a)
			if err != nil {
				return 0, err
			}
			wrong = append(wrong, more...)
		}
	}
	if err := fault.Check(wrong); err != nil {
		return 0, err
	}
	var deputy, who any
	if a.DeputyID != 0 {
		deputy = a.DeputyID
	}
	if by.ID != 0 {
		who = by.ID
	}
	if a.ID != 0 {
		begun := was.BegunAt
		if a.FromAt > tx.Now {
			begun = 0
		}
		_, err = tx.Exec(ctx, `UPDATE absence SET from_at = $2, until_at = $3, note = $4, hand_over = $5, deputy_id = $6, by_id = $7, begun_at = $8 WHERE id = $1`, a.ID, a.FromAt, a.UntilAt, a.Note, a.HandOver, deputy, who, begun)
		return a.ID, err
	}
	return db.One[int64](ctx, tx, `INSERT INTO absence (person_id, from_at, until_at, note, hand_over, deputy_id, by_id, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id`,
		a.PersonID, a.FromAt, a.UntilAt, a.Note, a.HandOver, deputy, who, tx.Now)
}

// mayChange gives the absence as it was; a new one was empty.
func mayChange(ctx context.Context, tx *db.Tx, by person.Actor, a Absence) (was Absence, err error) {
	if a.ID != 0 {
		if was, err = absenceByID(ctx, tx, a.ID); err != nil {
			return was, err
		}
		if was.PersonID != a.PersonID {
			return was, noAbsence()
		}
		if was.UntilAt <= tx.Now {
			return was, fault.Conflict(i18n.M("This absence is over."))
		}
	}
	who, err := person.ActorOf(ctx, tx, a.PersonID)
	if errors.Is(err, db.ErrNoRow) || err == nil && !who.Staff() {
		return was, fault.NotFound(i18n.M("There is no such person at the desk."))
	}
	if err != nil {
		return was, err
	}
	if !person.Can(by, person.SetAbsence, person.Thing{OwnerID: a.PersonID}) {
		return was, fault.Denied(i18n.M("Only leads say when somebody else is away."))
	}
	return was, nil
}

func absenceByID(ctx context.Context, tx *db.Tx, id int64) (Absence, error) {
	a, err := db.One[Absence](ctx, tx, `SELECT `+absenceColumns+` FROM absence WHERE id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		err = noAbsence()
	}
	return a, err
}

func noAbsence() error { return fault.NotFound(i18n.M("There is no such absence any more.")) }

// wrong is what can be seen without the store.
func (a Absence) wrong(now clock.Instant, was Absence) (wrong []fault.Field) {
	switch {
	case a.FromAt == 0:
		wrong = append(wrong, fault.F("from", i18n.M("Please say from when.")))
	case a.FromAt < now.Add(-24*time.Hour) && a.FromAt != was.FromAt:
		wrong = append(wrong, fault.F("from", i18n.M("That is past. Please give today or a day to come.")))
	}
	switch {
	case a.UntilAt == 0:
		wrong = append(wrong, fault.F("until", i18n.M("Please say until when.")))
	case a.FromAt != 0 && a.UntilAt <= a.FromAt:
		wrong = append(wrong, fault.F("until", i18n.M("It ends before it begins. Please give a later moment.")))
	case a.UntilAt <= now:
		wrong = append(wrong, fault.F("until", i18n.M("It would be over already. Please give a moment to come.")))
	case a.UntilAt > a.FromAt.Add(longestAbsence):
		wrong = append(wrong, fault.F("until", i18n.M("That is more than three years. Please give an earlier moment.")))
	}
	if utf8.RuneCountInString(a.Note) > maxAbsenceNote {
		wrong = append(wrong, fault.F("note", i18n.M("Please say it in up to 500 characters.")))
	}
	switch {
	case !slices.Contains(HandOvers(), a.HandOver):
		wrong = append(wrong, fault.F("hand_over", i18n.M("Please choose what becomes of the tickets.")))
	case a.HandOver == ToDeputy && a.DeputyID == 0:
		wrong = append(wrong, fault.F("deputy", i18n.M("Please choose who stands in.")))
	case a.HandOver == ToDeputy && a.DeputyID == a.PersonID:
		wrong = append(wrong, fault.F("deputy", i18n.M("Nobody can stand in for themselves. Please choose somebody else.")))
	}
	return wrong
}

// overlapping finds another absence of the same person in the same time.
func overlapping(ctx context.Context, tx *db.Tx, a Absence) ([]fault.Field, error) {
	others, err := db.All[Absence](ctx, tx, `SELECT `+absenceColumns+` FROM absence WHERE person_id = $1 AND id <> $2 AND from_at < $4 AND until_at > $3 ORDER BY from_at LIMIT 1`, a.PersonID, a.ID, a.FromAt, a.UntilAt)
	if err != nil || len(others) == 0 {
		return nil, err
	}
	o := others[0]
	return []fault.Field{fault.F("from", i18n.M("There is an absence already from {{.From}} until {{.Until}}. Please change that one, or choose another time.", "From", o.FromAt, "Until", o.UntilAt))}, nil
}

// deputyWrong tells why somebody cannot stand in: they do not work here, or are away themselves.
func deputyWrong(ctx context.Context, tx *db.Tx, a Absence) ([]fault.Field, error) {
	if a.DeputyID == 0 {
		return nil, nil
	}
	d, err := person.ActorOf(ctx, tx, a.DeputyID)
	if errors.Is(err, db.ErrNoRow) || err == nil && !d.Staff() {
		return []fault.Field{fault.F("deputy", i18n.M("Please choose somebody who works at the desk."))}, nil
	}
	if err != nil {
		return nil, err
	}
	away, err := db.All[Absence](ctx, tx, `SELECT `+absenceColumns+` FROM absence WHERE person_id = $1 AND from_at < $3 AND until_at > $2 ORDER BY from_at LIMIT 1`, a.DeputyID, a.FromAt, a.UntilAt)
	if err != nil || len(away) == 0 {
		return nil, err
	}
	o := away[0]
	if o.DeputyID == a.PersonID {
		return []fault.Field{fault.F("deputy", i18n.M("{{.Name}} is away then too, from {{.From}} until {{.Until}}, and has you stand in. Please choose somebody who is here.", "Name", d.Name, "From", o.FromAt, "Until", o.UntilAt))}, nil
	}
	return []fault.Field{fault.F("deputy", i18n.M("{{.Name}} is away then too, from {{.From}} until {{.Until}}. Please choose somebody who is here.", "Name", d.Name, "From", o.FromAt, "Until", o.UntilAt))}, nil
}

// EndAbsence ends an absence: one that has begun is over now, one that is to come does not take place. What was handed over stays where
// it is. They are given tickets again at once.
func (r *Router) EndAbsence(ctx context.Context, tx *db.Tx, by person.Actor, personID, id int64) error {
	a, err := absenceByID(ctx, tx, id)
	if err != nil {
		return err
	}
	if a.PersonID != personID {
		return noAbsence()
	}
	if !person.Can(by, person.SetAbsence, person.Thing{OwnerID: a.PersonID}) {
		return fault.Denied(i18n.M("Only leads say when somebody else is away."))
	}
	if a.UntilAt <= tx.Now {
		return nil // sent twice
	}
	if a.FromAt < tx.Now {
		_, err = tx.Exec(ctx, `UPDATE absence SET until_at = $2, begun_at = CASE WHEN begun_at = 0 THEN $2 ELSE begun_at END WHERE id = $1`, id, tx.Now)
	} else {
		_, err = tx.Exec(ctx, `DELETE FROM absence WHERE id = $1`, id)
	}
	if err != nil {
		return err
	}
	return r.freed(ctx, tx, a.PersonID)
}

// StandsInFor lists whose deputy somebody is now or will be.
func StandsInFor(ctx context.Context, tx *db.Tx, personID int64) ([]Absence, error) {
	return db.All[Absence](ctx, tx, `SELECT `+absenceColumns+` FROM absence WHERE deputy_id = $1 AND until_at > $2 ORDER BY from_at, id`, personID, tx.Now)
}
