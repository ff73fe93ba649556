package stint

import (
	"context"
	"slices"
	"unicode/utf8"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// SignOff is a step that a mentor let somebody go, or that they came back. Both can read it.
type SignOff struct {
	ID      int64
	StintID int64
	Stage   Stage // from then on
	ByID    int64
	Name    string
	Words   string
	At      clock.Instant
}

// SignOffs gives the steps of a stint, the oldest first, to one of the two or who plans stints; nobody else finds any.
func SignOffs(ctx context.Context, tx *db.Tx, a person.Actor, s Stint) ([]SignOff, error) {
	if !s.Between(a) && !person.Can(a, person.PlanStints, person.Thing{}) {
		return nil, nil
	}
	return db.All[SignOff](ctx, tx, `SELECT o.id, o.stint_id, o.stage, o.by_id, p.name, o.words, o.at FROM stint_sign_off o JOIN person p ON p.id = o.by_id WHERE o.stint_id = $1 ORDER BY o.id LIMIT 200`, s.ID)
}

// maxWords is how long the words of a step are, in letters.
const maxWords = 1000

// SetStage lets somebody go on to a stage as their mentor, with words that both read; or back, which they may say themselves as well. The
// last stage is for who administers the desk to make true, who is told: it asks for the role of an agent.
func (k *Keeper) SetStage(ctx context.Context, tx *db.Tx, a person.Actor, id int64, to Stage, words string) error {
	s, err := locked(ctx, tx, id)
	if err != nil {
		return err
	}
	from, at := slices.Index(Stages(), s.Stage), slices.Index(Stages(), to)
	back := at < from
	if !s.Between(a) || a.ID == s.PersonID && !back {
		return fault.Denied(i18n.M("A mentor lets somebody go on. Going back is up to both."))
	}
	if at < 0 || s.Kind == Turn && to == Alone {
		return fault.Invalid(fault.F("stage", i18n.M("Please choose one of the steps.")))
	}
	if at == from || s.State != Running && s.State != Agreed {
		return nil
	}
	words = clean(words)
	if n := utf8.RuneCountInString(words); n > maxWords {
		return fault.Invalid(fault.F("words", i18n.M("Please keep it to {{.Count}} letters; this has {{.Has}}.", "Count", maxWords, "Has", n)))
	}
	s.Stage = to
	if err := s.put(ctx, tx); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO stint_sign_off (stint_id, stage, by_id, words, at) VALUES ($1, $2, $3, $4, $5)`, s.ID, to, a.ID, words, tx.Now); err != nil {
		return err
	}
	may := person.LentToDraft
	if to == Shadow {
		may = person.LentToSee
	}
	if _, err := tx.Exec(ctx, `UPDATE ticket_grant SET may = $2 WHERE person_id = $1`, s.PersonID, may); err != nil {
		return err
	}
	tx.Signal(person.RightsChanged, s.PersonID)
	if err := k.follow(ctx, tx, s); err != nil || to != Alone || k.Tell == nil {
		return err
	}
	who, err := person.Get(ctx, tx, s.PersonID)
	if err != nil {
		return err
	}
	all, err := leads(ctx, tx)
	if err != nil {
		return err
	}
	return k.Tell(ctx, tx, all, "/admin/people/"+decimal(s.PersonID), i18n.M("{{.Name}} is ready to work at the desk alone, their mentor says", "Name", who.Name))
}

// Apprentice begins an apprenticeship: somebody reads along with a mentor, then drafts, until they work alone. It begins at once.
func (k *Keeper) Apprentice(ctx context.Context, tx *db.Tx, by person.Actor, teamID, personID, mentorID int64) (Stint, error) {
	if !person.Can(by, person.PlanStints, person.Thing{}) {
		return Stint{}, fault.Denied(i18n.M("Stints are planned by who leads the desk."))
	}
	who, err := person.ActorOf(ctx, tx, personID)
	if err != nil || who.Staff() {
		return Stint{}, fault.Invalid(fault.F("person", i18n.M("Please choose somebody who does not work at the desk yet.")))
	}
	if mentor, err := person.ActorOf(ctx, tx, mentorID); err != nil || !person.Can(mentor, person.ChangeTicket, person.Thing{TeamID: teamID}) {
		return Stint{}, fault.Invalid(fault.F("mentor", i18n.M("Please choose a mentor who works for the team.")))
	}
	if open, err := db.Exists(ctx, tx, `SELECT 1 FROM team WHERE id = $1 AND NOT private`, teamID); err != nil || !open {
		return Stint{}, fault.Invalid(fault.F("team", i18n.M("Please choose a team. Those that are private have no guests.")))
	}
	busy, err := db.Exists(ctx, tx, `SELECT 1 FROM stint WHERE person_id = $1 AND state IN ('proposed', 'invited', 'agreed', 'running')`, personID)
	if err != nil {
		return Stint{}, err
	}
	if busy {
		return Stint{}, fault.Conflict(i18n.M("They have a turn at the desk already, now or ahead. Please call that off first."))
	}
	s := Stint{TeamID: teamID, PersonID: personID, MentorID: mentorID, Kind: Apprenticeship, Stage: Shadow, State: Agreed, FromAt: tx.Now, Until: tx.Now, CreatedAt: tx.Now}
	if err := k.insert(ctx, tx, &s); err != nil {
		return s, err
	}
	return s, k.begin(ctx, tx, s)
}
