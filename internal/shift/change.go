package shift

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// lockAll locks people and shifts, always in the same order, and gives the shifts as they are then. Whoever gives somebody a shift holds the row of that
// person, so that two shifts at the same time are not both given to them.
func lockAll(ctx context.Context, tx *db.Tx, people, shifts []int64) (map[int64]Shift, error) {
	people, shifts = slices.Clone(people), slices.Clone(shifts)
	slices.Sort(people)
	slices.Sort(shifts)
	for _, id := range slices.Compact(people) {
		if id == 0 {
			continue
		}
		if err := tx.Lock(ctx, "person", id); err != nil {
			return nil, err
		}
	}
	out := map[int64]Shift{}
	for _, id := range slices.Compact(shifts) {
		s, err := locked(ctx, tx, id)
		if err != nil {
			return nil, err
		}
		out[id] = s
	}
	return out, nil
}

// refusal is the fault of conflicts that stand in the way.
func refusal(all []Conflict) error {
	worst := Worst(all)
	for _, c := range all {
		if c.Weight == worst {
			return fault.Conflict(c.Words)
		}
	}
	return nil
}

// against loads what stands against somebody having a shift.
func (r *Rota) against(ctx context.Context, tx *db.Tx, reader person.Actor, s Shift, personID int64, without ...int64) ([]Conflict, error) {
	c, err := r.CrewOf(ctx, tx, reader, s.TeamID, s.Span(), personID)
	if err != nil {
		return nil, err
	}
	return c.Against(s, personID, without...), nil
}

// Take gives an open shift to whoever asks for it.
func (r *Rota) Take(ctx context.Context, tx *db.Tx, by person.Actor, id int64) error {
	if _, err := See(ctx, tx, by, id); err != nil {
		return err
	}
	all, err := lockAll(ctx, tx, []int64{by.ID}, []int64{id})
	if err != nil {
		return err
	}
	s := all[id]
	switch {
	case by.ReadOnly:
		return fault.Denied(i18n.M("This token may look only."))
	case s.PersonID == by.ID:
		return nil // sent twice
	case s.PersonID != 0:
		return fault.Conflict(i18n.M("Somebody was a moment faster and has this shift now. Thank you for offering."))
	case !s.Published:
		return gone()
	case s.UntilAt <= tx.Now:
		return fault.Conflict(i18n.M("This shift is over."))
	}
	conflicts, err := r.against(ctx, tx, by, s, by.ID)
	if err != nil {
		return err
	}
	if Worst(conflicts) > Note {
		return refusal(conflicts)
	}
	s.PersonID, s.ByHand = by.ID, true
	return r.hand(ctx, tx, s)
}

// GiveBack makes a shift of one's own an open one; whoever plans is told. One that has begun is not given back: a colleague can cover.
func (r *Rota) GiveBack(ctx context.Context, tx *db.Tx, by person.Actor, id int64) error {
	if _, err := See(ctx, tx, by, id); err != nil {
		return err
	}
	s, err := locked(ctx, tx, id)
	if err != nil {
		return err
	}
	switch {
	case s.PersonID != by.ID || by.ReadOnly:
		return fault.Denied(i18n.M("This shift is not yours, so you cannot give it back."))
	case s.FromAt <= tx.Now:
		return fault.Conflict(i18n.M("This shift has begun. Ask a colleague to cover for you instead."))
	}
	s.PersonID, s.ForID, s.ByHand = 0, 0, true
	if err := r.hand(ctx, tx, s); err != nil {
		return err
	}
	leads, err := Planners(ctx, tx, s.TeamID)
	if err != nil {
		return err
	}
	leads = slices.DeleteFunc(leads, func(id int64) bool { return id == by.ID })
	return r.tell(ctx, tx, RotaNews, s.URL(), i18n.M("{{.Name}} gave back {{.Shift}}, {{.When}}: it is open now", "Name", by.Name, "Shift", s.Name, "When", s.FromAt), leads...)
}

// Assign gives a shift to somebody, or to nobody (0). What stands against it comes back: a conflict that nobody may override always refuses (a fault), one that only
// whoever plans may refuses unless anyway.
func (r *Rota) Assign(ctx context.Context, tx *db.Tx, by person.Actor, id, personID int64, anyway bool) ([]Conflict, error) {
	seen, err := See(ctx, tx, by, id)
	if err != nil {
		return nil, err
	}
	if err := mayPlan(by, seen.TeamID); err != nil {
		return nil, err
	}
	all, err := lockAll(ctx, tx, []int64{personID}, []int64{id})
	if err != nil {
		return nil, err
	}
	s := all[id]
	if s.PersonID == personID {
		return nil, nil
	}
	if s.UntilAt <= tx.Now {
		return nil, fault.Conflict(i18n.M("This shift is over."))
	}
	was := s.PersonID
	var conflicts []Conflict
	if personID != 0 {
		if conflicts, err = r.against(ctx, tx, by, s, personID); err != nil {
			return nil, err
		}
		if w := Worst(conflicts); w == Never || w == Ask && !anyway {
			return conflicts, refusal(conflicts)
		}
	}
	s.PersonID, s.ForID, s.ByHand = personID, 0, true
	if err := r.hand(ctx, tx, s); err != nil {
		return conflicts, err
	}
	if !s.Published {
		return conflicts, nil
	}
	if personID != 0 && personID != by.ID {
		err = r.tell(ctx, tx, RotaNews, s.URL(), i18n.M("{{.Name}} gave you {{.Shift}}, {{.When}}", "Name", by.Name, "Shift", s.Name, "When", s.FromAt), personID)
	}
	if err == nil && was != 0 && was != by.ID {
		err = r.tell(ctx, tx, RotaNews, s.URL(), i18n.M("{{.Shift}}, {{.When}}, is not yours any more: {{.Name}} changed it", "Name", by.Name, "Shift", s.Name, "When", s.FromAt), was)
	}
	return conflicts, err
}

// hand stores a shift whose holder or times changed, and has all that hangs on it follow.
func (r *Rota) hand(ctx context.Context, tx *db.Tx, s Shift) error {
	if err := store(ctx, tx, s); err != nil {
		return err
	}
	return r.follow(ctx, tx, s)
}

// follow has invitations, what was asked and who is at the desk follow a shift.
func (r *Rota) follow(ctx context.Context, tx *db.Tx, s Shift) error {
	if err := r.loosen(ctx, tx, s); err != nil {
		return err
	}
	if err := r.invite(ctx, tx, s); err != nil {
		return err
	}
	return r.changed(ctx, tx, s.TeamID)
}

// Planners are those who plan the rota of a team: the leads, of a private team those in it.
func Planners(ctx context.Context, tx *db.Tx, teamID int64) ([]int64, error) {
	return db.All[int64](ctx, tx, `SELECT p.id FROM person p WHERE p.role IN ('lead', 'administrator') AND p.active AND p.merged_into IS NULL
		AND (NOT (SELECT g.private FROM team g WHERE g.id = $1) OR EXISTS (SELECT 1 FROM team_member m WHERE m.team_id = $1 AND m.person_id = p.id))
		AND (p.role = 'lead' OR EXISTS (SELECT 1 FROM team_member m WHERE m.team_id = $1 AND m.person_id = p.id)) ORDER BY p.id`, teamID)
}

// Plan is a shift as whoever plans wants it: by hand, or changed.
type Plan struct {
	TeamID  int64
	Name    string
	Day     calendar.Date
	Zone    string
	Hours   string // "9–17"
	Breaks  string // "12:30–13"
	Skills  string
	Unloved bool
}

// shift reads what was typed. The fields of what is wrong are those of a pattern, and day.
func (p Plan) shift() (Shift, error) {
	as := Pattern{TeamID: p.TeamID, Name: p.Name, Rule: "FREQ=DAILY;COUNT=1", FirstDay: p.Day, Zone: p.Zone, Needed: 1, Skills: p.Skills, Unloved: p.Unloved}
	if err := as.SetHours(p.Hours, p.Breaks); err != nil {
		return Shift{}, err
	}
	if _, err := as.check(); err != nil {
		if f, ok := fault.Of(err); ok {
			for i := range f.Fields {
				if f.Fields[i].Name == "first" {
					f.Fields[i].Name = "day"
				}
			}
		}
		return Shift{}, err
	}
	all := as.On(p.Day)
	if len(all) == 0 {
		return Shift{}, fault.Invalid(fault.F("hours", i18n.M("The clocks leave this time out on that day. Please choose another one.")))
	}
	return all[0], nil
}

// Add makes a shift by hand, a draft that nobody has.
func (r *Rota) Add(ctx context.Context, tx *db.Tx, by person.Actor, p Plan) (int64, error) {
	if err := mayPlan(by, p.TeamID); err != nil {
		return 0, err
	}
	s, err := p.shift()
	if err != nil {
		return 0, err
	}
	if s.UntilAt <= tx.Now {
		return 0, fault.Invalid(fault.F("day", i18n.M("That is past. Please give today or a day to come.")))
	}
	s.PatternID, s.ByHand = 0, true
	return insert(ctx, tx, s)
}

// Change gives a shift other times, breaks, another name or other skills. Whoever has it keeps it, unless that cannot be: then it is refused.
func (r *Rota) Change(ctx context.Context, tx *db.Tx, by person.Actor, id int64, p Plan, anyway bool) ([]Conflict, error) {
	seen, err := See(ctx, tx, by, id)
	if err != nil {
		return nil, err
	}
	if err := mayPlan(by, seen.TeamID); err != nil {
		return nil, err
	}
	p.TeamID = seen.TeamID
	next, err := p.shift()
	if err != nil {
		return nil, err
	}
	all, err := lockAll(ctx, tx, []int64{seen.PersonID}, []int64{id})
	if err != nil {
		return nil, err
	}
	s := all[id]
	if s.PersonID != seen.PersonID {
		return nil, fault.Conflict(i18n.M("Somebody changed this shift at the same moment. Please look at it again."))
	}
	moved := s.FromAt != next.FromAt || s.UntilAt != next.UntilAt || s.Breaks.String() != next.Breaks.String()
	if moved && (s.UntilAt <= tx.Now || next.UntilAt <= tx.Now) {
		return nil, fault.Conflict(i18n.M("What is past cannot be changed any more."))
	}
	s.Name, s.Zone, s.FromAt, s.UntilAt, s.Breaks, s.Skills, s.Unloved, s.ByHand = next.Name, next.Zone, next.FromAt, next.UntilAt, next.Breaks, next.Skills, next.Unloved, true
	if s.PatternID == 0 {
		s.Day = next.Day // that of a pattern stays, so that it is not made again
	}
	var conflicts []Conflict
	if s.PersonID != 0 {
		if conflicts, err = r.against(ctx, tx, by, s, s.PersonID); err != nil {
			return nil, err
		}
		if w := Worst(conflicts); w == Never || w == Ask && !anyway {
			return conflicts, refusal(conflicts)
		}
	}
	if err := r.hand(ctx, tx, s); err != nil || !moved || !s.Published || s.PersonID == 0 || s.PersonID == by.ID {
		return conflicts, err
	}
	return conflicts, r.tell(ctx, tx, RotaNews, s.URL(), i18n.M("{{.Name}} moved your shift {{.Shift}}: it is from {{.From}} until {{.Until}} now", "Name", by.Name, "Shift", s.Name, "From", s.FromAt, "Until", s.UntilAt), s.PersonID)
}

// Remove takes a shift out of the rota; its pattern does not make it again. Whoever has it is told.
func (r *Rota) Remove(ctx context.Context, tx *db.Tx, by person.Actor, id int64) error {
	seen, err := See(ctx, tx, by, id)
	if err != nil {
		return err
	}
	if err := mayPlan(by, seen.TeamID); err != nil {
		return err
	}
	s, err := locked(ctx, tx, id)
	if err != nil {
		return err
	}
	if s.FromAt <= tx.Now {
		return fault.Conflict(i18n.M("This shift has begun. It stays in the rota, as it was."))
	}
	had := s.PersonID
	s.PersonID = 0
	if err := r.follow(ctx, tx, s); err != nil {
		return err
	}
	if s.PatternID != 0 { // a place that stays empty: else it would be made again
		if _, err := tx.Exec(ctx, `INSERT INTO shift_left_out (pattern_id, day, slot) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, s.PatternID, int64(s.Day), s.Slot); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(ctx, `DELETE FROM shift WHERE id = $1`, id); err != nil {
		return err
	}
	if had == 0 || had == by.ID || !s.Published {
		return nil
	}
	return r.tell(ctx, tx, RotaNews, "/rota/mine", i18n.M("{{.Shift}}, {{.When}}, does not take place any more", "Shift", s.Name, "When", s.FromAt), had)
}

// Publish shows a team the drafts of a time, and sends each person one mail with theirs, once. It gives how many shifts became public, and how many of them
// nobody has.
func (r *Rota) Publish(ctx context.Context, tx *db.Tx, by person.Actor, teamID int64, in Span) (shown, open int, err error) {
	if err := mayPlan(by, teamID); err != nil {
		return 0, 0, err
	}
	ids, err := db.All[int64](ctx, tx, `SELECT s.id FROM shift s WHERE s.team_id = $1 AND s.from_at >= $2 AND s.from_at < $3 AND s.until_at > $4 AND NOT s.published ORDER BY s.id`, teamID, in.From, in.Until, tx.Now)
	if err != nil {
		return 0, 0, err
	}
	told, mailed := map[int64]clock.Instant{}, map[int64][]int64{}
	for _, id := range ids {
		s, err := locked(ctx, tx, id)
		if err != nil {
			return 0, 0, err
		}
		if s.Published {
			continue
		}
		s.Published = true
		if err := store(ctx, tx, s); err != nil {
			return 0, 0, err
		}
		changed, err := r.inviteLater(ctx, tx, s)
		if err != nil {
			return 0, 0, err
		}
		mailed[s.PersonID] = append(mailed[s.PersonID], changed...)
		shown++
		if s.PersonID == 0 {
			open++
		} else if at, ok := told[s.PersonID]; !ok || s.FromAt < at {
			told[s.PersonID] = s.FromAt
		}
	}
	for who, invites := range mailed {
		if who == 0 { // nobody's any more
			for _, id := range invites {
				if err := r.queueInvite(ctx, tx, id, ""); err != nil {
					return 0, 0, err
				}
			}
			continue
		}
		if err := r.queueList(ctx, tx, invites); err != nil {
			return 0, 0, err
		}
	}
	for id, first := range told {
		if id == by.ID {
			continue
		}
		if err := r.tell(ctx, tx, RotaNews, "/rota/mine", i18n.M("The rota is out: your first shift begins {{.When}}", "When", first), id); err != nil {
			return 0, 0, err
		}
	}
	return shown, open, r.changed(ctx, tx, teamID)
}

const maxNote = 300

// cleanNote is what somebody wrote beside what they ask, in one line.
func cleanNote(text string) string {
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "")), " ")
	if utf8.RuneCountInString(text) > maxNote {
		text = string([]rune(text)[:maxNote])
	}
	return text
}
