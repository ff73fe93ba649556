package stint

import (
	"context"
	"errors"
	"unicode/utf8"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/itip"
	"goodturn/internal/mailmsg"
	"goodturn/internal/person"
)

// Invitation is what the calendar of one of the two knows of a turn, as it was last said by mail.
type Invitation struct {
	ID        int64
	StintID   int64
	PersonID  int64
	WithID    int64 // the other of the two; 0 for nobody yet
	Address   string
	FromAt    clock.Instant
	Until     clock.Instant
	FirstAt   clock.Instant // the date that was planned, before a guest moved it
	Sequence  int64
	CalledOff bool
	Strays    string // who answered from another address, and what: a line each, the newest first
}

const invitationColumns = `id, stint_id, person_id, with_id, address, from_at, until, first_at, sequence, called_off, strays`

func (k *Keeper) calendarNames() itip.Names {
	return itip.Names{Key: k.Key, Prefix: "stint", Purpose: "stint invitation"}
}

// InvitationsOf lists what calendars know of a turn, for whoever plans it.
func InvitationsOf(ctx context.Context, tx *db.Tx, stintID int64) ([]Invitation, error) {
	return db.All[Invitation](ctx, tx, `SELECT `+invitationColumns+` FROM stint_invite WHERE stint_id = $1 ORDER BY id`, stintID)
}

func invitationTo(ctx context.Context, tx *db.Tx, stintID, personID int64) (i Invitation, known bool, err error) {
	i, err = db.One[Invitation](ctx, tx, `SELECT `+invitationColumns+` FROM stint_invite WHERE stint_id = $1 AND person_id = $2`, stintID, personID)
	if errors.Is(err, db.ErrNoRow) {
		return i, false, nil
	}
	return i, err == nil, err
}

// keepInvitation has the calendar of one of the two follow the turn: with the next sequence where anything is new (RFC 5545, 3.8.7.4).
func (k *Keeper) keepInvitation(ctx context.Context, tx *db.Tx, s Stint, personID int64) error {
	if s.Kind != Turn || s.State == Over {
		return nil
	}
	with := s.MentorID
	if personID == s.MentorID {
		with = s.PersonID
	}
	comes := (personID == s.PersonID || personID == s.MentorID) && (s.State == Invited || s.State == Agreed || s.State == Running)
	i, known, err := invitationTo(ctx, tx, s.ID, personID)
	switch {
	case err != nil:
		return err
	case !known && comes:
		who, err := person.Get(ctx, tx, personID)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO stint_invite (stint_id, person_id, with_id, address, from_at, until, first_at, sequence, called_off, strays) VALUES ($1, $2, $3, $4, $5, $6, $5, 0, FALSE, '')`, s.ID, personID, with, who.Address, s.FromAt, s.Until)
		return err
	case !known, !comes && i.CalledOff, comes && !i.CalledOff && i.FromAt == s.FromAt && i.Until == s.Until && i.WithID == with:
		return nil
	case comes:
		i.FromAt, i.Until, i.WithID = s.FromAt, s.Until, with
	}
	_, err = tx.Exec(ctx, `UPDATE stint_invite SET from_at = $2, until = $3, with_id = $4, called_off = $5, sequence = sequence + 1 WHERE id = $1`, i.ID, i.FromAt, i.Until, i.WithID, !comes)
	return err
}

// CalendarPart is the part of a mail that calendars read.
type CalendarPart struct {
	Method string
	// Write gives the iCalendar object; organizer is the address that answers go to, called so.
	Write func(organizer, called string) []byte
}

// CalendarOf gives the part that goes with a letter to one of the two, in the language of ctx; the zero part for none. An invitation follows the address of who is
// invited.
func (k *Keeper) CalendarOf(ctx context.Context, tx *db.Tx, s Stint, who person.Person, about string) (part CalendarPart, err error) {
	switch about {
	case LetterInvites, LetterMentor, LetterMoved, LetterCalled, LetterKeeps:
	default:
		return part, nil
	}
	i, known, err := invitationTo(ctx, tx, s.ID, who.ID)
	if err != nil || !known {
		return part, err
	}
	switch part.Method = itip.Request; {
	case i.CalledOff:
		part.Method = itip.Cancel
	case about == LetterKeeps:
		part.Method = itip.DeclineCounter
	}
	if !i.CalledOff && who.Address != i.Address {
		i.Address = who.Address
		if _, err := tx.Exec(ctx, `UPDATE stint_invite SET address = $2 WHERE id = $1`, i.ID, i.Address); err != nil {
			return part, err
		}
	}
	e := itip.Event{UID: k.calendarNames().UID(i.ID), Sequence: i.Sequence, From: i.FromAt, Until: i.Until}
	names, err := person.Names(ctx, tx, []int64{s.PersonID, i.WithID})
	if err != nil {
		return part, err
	}
	if e.Summary, err = summary(ctx, tx, s, names[s.PersonID], who.ID == s.PersonID); err != nil {
		return part, err
	}
	if with := names[i.WithID]; who.ID == s.PersonID && with != "" {
		e.Description = i18n.T(ctx, "{{.Mentor}} is beside you: you read and write drafts, {{.Mentor}} sends.", "Mentor", with)
	}
	part.Write = func(organizer, called string) []byte {
		return itip.Invitation(part.Method, e, itip.Party{Name: called, Address: organizer}, itip.Party{Name: who.Name, Address: i.Address})
	}
	return part, nil
}

// summary is what a calendar calls a turn: that of its guest, or of their mentor.
func summary(ctx context.Context, tx *db.Tx, s Stint, guest string, own bool) (string, error) {
	if !own {
		return i18n.T(ctx, "{{.Name}} is beside you at the desk", "Name", guest), nil
	}
	team, err := db.One[string](ctx, tx, `SELECT name FROM team WHERE id = $1`, s.TeamID)
	return i18n.T(ctx, "Your turn at the desk: {{.Team}}", "Team", team), err
}

// Answered takes what came back to an invitation by mail: from the address that was invited it does what the buttons do. It is false for what is no answer to one of
// ours, which is then a mail like any other. From another address nothing follows, and whoever plans is told; an answer to a date that was changed since is out of date.
func (k *Keeper) Answered(ctx context.Context, tx *db.Tx, from string, c *mailmsg.Calendar) (bool, error) {
	if c == nil {
		return false, nil
	}
	id := k.calendarNames().ID(c.UID)
	if id == 0 {
		return false, nil
	}
	i, err := db.One[Invitation](ctx, tx, `SELECT `+invitationColumns+` FROM stint_invite WHERE id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		return true, nil
	}
	if err != nil {
		return true, err
	}
	s, err := locked(ctx, tx, i.StintID)
	if err != nil {
		return true, err
	}
	says, theirs := itip.Read(c), person.FoldAddress(from) == person.FoldAddress(i.Address)
	switch {
	case says == itip.Nothing:
		return true, nil
	case !theirs:
		return true, k.stray(ctx, tx, s, i, from, says)
	case says != itip.Again && (int64(c.Sequence) < i.Sequence || i.CalledOff || i.Until <= tx.Now):
		return true, nil
	}
	a, err := person.ActorOf(ctx, tx, i.PersonID)
	if errors.Is(err, db.ErrNoRow) {
		return true, nil
	}
	if err != nil {
		return true, err
	}
	switch i.PersonID {
	case s.PersonID:
		err = k.guestSays(ctx, tx, s, a, says, c)
	case s.MentorID:
		err = k.mentorSays(ctx, tx, s, a, says, c)
	}
	if f, ok := fault.Of(err); ok && (f.Kind == fault.KindConflict || f.Kind == fault.KindInvalid) { // it cannot be any more: the page says why
		err = nil
	}
	return true, err
}

func (k *Keeper) guestSays(ctx context.Context, tx *db.Tx, s Stint, a person.Actor, says itip.Says, c *mailmsg.Calendar) error {
	switch says {
	case itip.Again:
		return k.mail(ctx, tx, s, a.ID, LetterMoved)
	case itip.Accepted:
		return k.Agree(ctx, tx, a, s.ID)
	case itip.Declined:
		return k.decline(ctx, tx, s, a, shortened(c.Comment), false)
	case itip.Tentative:
		return k.answered(ctx, tx, s, i18n.M("{{.Name}} does not know yet whether they can come", "Name", a.Name))
	}
	from, _, ok := itip.Wanted(c)
	if ok {
		err := k.Move(ctx, tx, a, s.ID, from)
		if f, is := fault.Of(err); !is || f.Kind != fault.KindConflict && f.Kind != fault.KindInvalid {
			return err
		}
	}
	return k.mail(ctx, tx, s, a.ID, LetterKeeps)
}

// mentorSays takes a mentor's answer: for one who cannot come another is found, else the leads are told.
func (k *Keeper) mentorSays(ctx context.Context, tx *db.Tx, s Stint, a person.Actor, says itip.Says, c *mailmsg.Calendar) error {
	text := i18n.M("{{.Name}} may not be able to be beside a guest", "Name", a.Name)
	switch says {
	case itip.Accepted:
		return nil
	case itip.Again:
		return k.mail(ctx, tx, s, a.ID, LetterMentor)
	case itip.Declined:
		done, err := k.otherMentor(ctx, tx, s)
		if err != nil || done {
			return err
		}
		text = i18n.M("{{.Name}} cannot be beside a guest, and no other mentor is free then", "Name", a.Name)
	case itip.AnotherTime:
		if err := k.mail(ctx, tx, s, a.ID, LetterKeeps); err != nil {
			return err
		}
		if from, _, ok := itip.Wanted(c); ok {
			text = i18n.M("{{.Name}} would like another time for their guest: {{.Date}}", "Name", a.Name, "Date", from)
		}
	}
	return k.tellLeads(ctx, tx, s, text)
}

// otherMentor gives a turn another mentor than the one that it has; false when nobody is free.
func (k *Keeper) otherMentor(ctx context.Context, tx *db.Tx, s Stint) (bool, error) {
	was := s.MentorID
	id, err := k.mentorAt(ctx, tx, s, max(s.FromAt, tx.Now), s.Until, was)
	if f, ok := fault.Of(err); ok && f.Kind == fault.KindConflict {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	s.MentorID = id
	if err := s.put(ctx, tx); err != nil {
		return false, err
	}
	return true, k.mentorChanged(ctx, tx, s, was)
}

// mentorChanged tells the guest, and both mentors, that another is beside them.
func (k *Keeper) mentorChanged(ctx context.Context, tx *db.Tx, s Stint, was int64) error {
	return errors.Join(k.mail(ctx, tx, s, s.PersonID, LetterMoved), k.mail(ctx, tx, s, was, LetterCalled), k.mail(ctx, tx, s, s.MentorID, LetterMentor))
}

// stray keeps that somebody answered from another address, for whoever plans.
func (k *Keeper) stray(ctx context.Context, tx *db.Tx, s Stint, i Invitation, from string, says itip.Says) error {
	strays, fresh := itip.Stray(i.Strays, person.FoldAddress(from), says)
	if !fresh {
		return nil
	}
	if _, err := tx.Exec(ctx, `UPDATE stint_invite SET strays = $2 WHERE id = $1`, i.ID, strays); err != nil {
		return err
	}
	return k.tellLeads(ctx, tx, s, i18n.M("Somebody answered for a turn at the desk from {{.Address}}, which was not invited. Nothing was changed; perhaps ask whose turn it is", "Address", from))
}

func (k *Keeper) tellLeads(ctx context.Context, tx *db.Tx, s Stint, text i18n.Text) error {
	if k.Tell == nil {
		return nil
	}
	all, err := leads(ctx, tx)
	if err != nil {
		return err
	}
	return k.Tell(ctx, tx, all, StintURL(s.ID), text)
}

// shortened keeps of what somebody wrote into their calendar's answer what an answer may hold.
func shortened(text string) string {
	text = clean(text)
	if utf8.RuneCountInString(text) > maxAnswer {
		text = string([]rune(text)[:maxAnswer-1]) + "…"
	}
	return text
}

// InCalendar lists the turns that stand in somebody's own calendar feed, theirs and those beside them; with a team those of the team. They are told of all of
// these already.
func InCalendar(ctx context.Context, tx *db.Tx, personID, teamID int64, from, until clock.Instant) ([]Stint, error) {
	const is = ` FROM stint s WHERE s.kind = 'stint' AND s.state IN ('invited', 'agreed', 'running', 'over') AND s.from_at < $2 AND s.until > $1 AND `
	if teamID != 0 {
		return db.All[Stint](ctx, tx, `SELECT `+columns+is+`s.team_id = $3 ORDER BY s.from_at, s.id LIMIT 500`, from, until, teamID)
	}
	return db.All[Stint](ctx, tx, `SELECT `+columns+is+`(s.person_id = $3 OR s.mentor_id = $3) ORDER BY s.from_at, s.id LIMIT 500`, from, until, personID)
}

// Entry is a turn as it stands in a calendar feed, in the language of ctx. Its UID is another than that of its invitation, as a calendar may have both.
func (k *Keeper) Entry(ctx context.Context, s Stint, guest, mentor, team string, reader int64) itip.Event {
	e := itip.Event{
		UID: "turn-" + decimal(s.ID) + "-" + k.Key.Sign("stint calendar", nil)[:12] + "@goodturn", Sequence: s.Sequence, Changed: max(s.CreatedAt, s.InvitedAt, s.RemindedAt, s.BegunAt, s.EndedAt),
		From: s.FromAt, Until: s.Until, Tentative: s.State == Invited,
	}
	switch {
	case reader == s.PersonID:
		e.Summary = i18n.T(ctx, "Your turn at the desk: {{.Team}}", "Team", team)
	case reader == s.MentorID && reader != 0:
		e.Summary = i18n.T(ctx, "{{.Name}} is beside you at the desk", "Name", guest)
	case mentor != "":
		e.Summary, e.Free = i18n.T(ctx, "{{.Name}} is at the desk, beside {{.Mentor}}", "Name", guest, "Mentor", mentor), true
	default:
		e.Summary, e.Free = i18n.T(ctx, "{{.Name}} is at the desk", "Name", guest), true
	}
	return e
}
