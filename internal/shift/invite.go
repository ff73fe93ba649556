package shift

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/itip"
	"goodturn/internal/job"
	"goodturn/internal/person"
)

// Answer is what somebody answered to an invitation.
type Answer string

// The answers.
const (
	NoAnswer  Answer = ""
	Accepted  Answer = "accepted"
	Declined  Answer = "declined"
	Tentative Answer = "tentative"
)

// Invite is the invitation of a person to a shift, as it was last said. It has all that its mails say.
type Invite struct {
	ID          int64
	ShiftID     int64
	PersonID    int64
	TeamID      int64
	Name        string
	Zone        string
	FromAt      clock.Instant
	UntilAt     clock.Instant
	Breaks      Spans
	Address     string // which was invited
	Sequence    int64
	CalledOff   bool
	Said        int64 // the last sequence that was mailed, -1 for none
	Answer      Answer
	Comment     string
	AnsweredAt  clock.Instant
	WantedFrom  clock.Instant // what they proposed instead, 0 for nothing
	WantedUntil clock.Instant
	Strays      string // who answered from another address, and what: a line each, newest first
}

const inviteColumns = `id, shift_id, person_id, team_id, name, zone, from_at, until_at, breaks, address, sequence, called_off, said, answer, comment, answered_at, wanted_from, wanted_until, strays`

const (
	inviteJob = "shift_invite"
	// gather is how long an invitation waits, so that what changes several times in a row is mailed once.
	gather = 20 * time.Second
)

// Mail is an invitation on its way: to whom, and what it says.
type Mail struct {
	PersonID int64
	Address  string
	Method   string
	// Key is the same for the same mail, so that one that is sent twice is known as one.
	Key string
	// Subject and Text are for people, in the language of ctx.
	Subject, Text func(ctx context.Context) string
	// Calendar is the iCalendar part; organizer is the address that answers go to, called so.
	Calendar func(ctx context.Context, organizer, called string) []byte
}

// Handlers names the handlers of our jobs on the queue. It is called once, before the queue runs.
func (r *Rota) Handlers() {
	r.Queue.Handle(coverJob, r.coverDue)
	r.Queue.Handle(inviteJob, r.sendInvite)
	r.Queue.Handle(listJob, r.sendList)
}

// invitesOf lists the invitations to a shift.
func invitesOf(ctx context.Context, tx *db.Tx, shiftID int64) ([]Invite, error) {
	return db.All[Invite](ctx, tx, `SELECT `+inviteColumns+` FROM shift_invite WHERE shift_id = $1 ORDER BY id`, shiftID)
}

func inviteByID(ctx context.Context, tx *db.Tx, id int64) (Invite, error) {
	return db.One[Invite](ctx, tx, `SELECT `+inviteColumns+` FROM shift_invite WHERE id = $1`, id)
}

// invite has the invitations to a shift follow it, each by a mail of its own: whoever has it is invited, with the times as they are now, and whoever had it is told
// that they are not.
func (r *Rota) invite(ctx context.Context, tx *db.Tx, s Shift) error {
	changed, err := r.inviteLater(ctx, tx, s)
	for _, id := range changed {
		if err := r.queueInvite(ctx, tx, id, ""); err != nil {
			return err
		}
	}
	return err
}

// inviteLater is invite without the mails: it gives the invitations that one is to be sent for.
func (r *Rota) inviteLater(ctx context.Context, tx *db.Tx, s Shift) (changed []int64, err error) {
	all, err := invitesOf(ctx, tx, s.ID)
	if err != nil {
		return nil, err
	}
	wanted := s.PersonID
	if !s.Published || s.UntilAt <= tx.Now {
		wanted = 0
	}
	found := false
	for _, i := range all {
		found = found || i.PersonID == wanted
		switch {
		case i.PersonID == wanted && i.says(s):
			continue
		case i.PersonID == wanted:
			i.Name, i.Zone, i.FromAt, i.UntilAt, i.Breaks, i.CalledOff = s.Name, s.Zone, s.FromAt, s.UntilAt, s.Breaks, false
		case i.CalledOff || i.UntilAt <= tx.Now:
			continue
		default:
			i.CalledOff = true
		}
		if err := changeInvite(ctx, tx, i); err != nil {
			return nil, err
		}
		changed = append(changed, i.ID)
	}
	if wanted == 0 || found {
		return changed, nil
	}
	own, err := OwnOf(ctx, tx, wanted)
	if err != nil || !own.Invites {
		return changed, err
	}
	who, err := person.Get(ctx, tx, wanted)
	if err != nil || who.Address == "" || !who.Active {
		return changed, err
	}
	id, err := db.One[int64](ctx, tx, `INSERT INTO shift_invite (shift_id, person_id, team_id, name, zone, from_at, until_at, breaks, address, sequence, called_off) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, FALSE) RETURNING id`,
		s.ID, wanted, s.TeamID, s.Name, s.Zone, s.FromAt, s.UntilAt, s.Breaks.String(), who.Address)
	return append(changed, id), err
}

// says tells that an invitation says what the shift is.
func (i Invite) says(s Shift) bool {
	return !i.CalledOff && i.FromAt == s.FromAt && i.UntilAt == s.UntilAt && i.Breaks.String() == s.Breaks.String() && i.Name == s.Name
}

// changeInvite gives an invitation its next sequence, under which nobody has answered yet.
func changeInvite(ctx context.Context, tx *db.Tx, i Invite) error {
	_, err := tx.Exec(ctx, `UPDATE shift_invite SET name = $2, zone = $3, from_at = $4, until_at = $5, breaks = $6, called_off = $7, sequence = sequence + 1, answer = '', comment = '', answered_at = 0, wanted_from = 0, wanted_until = 0 WHERE id = $1`,
		i.ID, i.Name, i.Zone, i.FromAt, i.UntilAt, i.Breaks.String(), i.CalledOff)
	return err
}

type inviteArgs struct {
	Invite int64  `json:"invite"`
	Method string `json:"method,omitempty"` // "" for what the invitation says by itself
}

func (r *Rota) queueInvite(ctx context.Context, tx *db.Tx, id int64, method string) error {
	if r.Mail == nil {
		return nil
	}
	j := job.New(inviteJob, inviteArgs{id, method})
	j.Unique, j.At = inviteJob+":"+method+":"+strconv.FormatInt(id, 10), tx.Now.Add(gather)
	return r.Queue.Insert(ctx, tx, j)
}

// sendInvite is the job that mails what an invitation says by now.
func (r *Rota) sendInvite(ctx context.Context, raw json.RawMessage) error {
	var args inviteArgs
	if err := json.Unmarshal(raw, &args); err != nil {
		return job.Permanent(err)
	}
	return r.mailInvite(ctx, args)
}

func (r *Rota) mailInvite(ctx context.Context, args inviteArgs) error {
	var i Invite
	var team person.Team
	var name string
	err := r.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if i, err = inviteByID(ctx, tx, args.Invite); err != nil {
			return err
		}
		if team, err = db.One[person.Team](ctx, tx, `SELECT id, slug, name, private FROM team WHERE id = $1`, i.TeamID); err != nil {
			return err
		}
		names, err := person.Names(ctx, tx, []int64{i.PersonID})
		name = names[i.PersonID]
		return err
	})
	if errors.Is(err, db.ErrNoRow) {
		return nil
	}
	if err != nil {
		return err
	}
	m := Mail{PersonID: i.PersonID, Address: i.Address, Method: itip.Request}
	switch {
	case args.Method == "" && i.Said >= i.Sequence:
		return nil // a job before this one said it
	case i.CalledOff && i.Said < 0:
		return nil // they never heard of it
	case i.CalledOff:
		m.Method = itip.Cancel
	case args.Method != "":
		m.Method = args.Method
	}
	m.Key = strconv.FormatInt(i.ID, 10) + "." + strconv.FormatInt(i.Sequence, 10) + "." + m.Method
	m.Subject = func(ctx context.Context) string { return i.subject(ctx, m.Method) }
	m.Text = func(ctx context.Context) string { return i.text(ctx, m.Method, team.Name) }
	m.Calendar = func(ctx context.Context, organizer, called string) []byte {
		return r.invitation(ctx, i, team.Name, name, m.Method, organizer, called)
	}
	if err := r.Mail(ctx, m); err != nil {
		return err
	}
	return r.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE shift_invite SET said = $2 WHERE id = $1 AND said < $2`, i.ID, i.Sequence)
		return err
	})
}

func (i Invite) subject(ctx context.Context, method string) string {
	when := i18n.DateTime(ctx, i.FromAt)
	switch method {
	case itip.Cancel:
		return i18n.T(ctx, "Not your shift any more: {{.Shift}}, {{.When}}", "Shift", i.Name, "When", when)
	case itip.DeclineCounter:
		return i18n.T(ctx, "Your shift stays as it was: {{.Shift}}, {{.When}}", "Shift", i.Name, "When", when)
	}
	if i.Sequence > 0 {
		return i18n.T(ctx, "Your shift changed: {{.Shift}}, {{.When}}", "Shift", i.Name, "When", when)
	}
	return i18n.T(ctx, "Your shift: {{.Shift}}, {{.When}}", "Shift", i.Name, "When", when)
}

// line says what, where and when a shift is.
func (i Invite) line(ctx context.Context, team string) string {
	return i18n.T(ctx, "{{.Shift}} ({{.Team}}): {{.From}} until {{.Until}}.", "Shift", i.Name, "Team", team, "From", i18n.DateTime(ctx, i.FromAt), "Until", i18n.DateTime(ctx, i.UntilAt))
}

func (i Invite) text(ctx context.Context, method, team string) string {
	when := i.line(ctx, team)
	switch method {
	case itip.Cancel:
		return when + "\n\n" + i18n.T(ctx, "This shift is not yours any more. Nothing needs to be done.")
	case itip.DeclineCounter:
		return when + "\n\n" + i18n.T(ctx, "You proposed another time; this one stays for now. Whoever plans the rota can tell you more, and a colleague may swap.")
	}
	return when + "\n\n" + i.inside(ctx) + "\n\n" + i18n.T(ctx, "Your calendar can answer this mail. If you cannot come, whoever plans the rota is told; the shift is yours until they found somebody.")
}

// inside says how long a shift is and when its breaks are.
func (i Invite) inside(ctx context.Context) string {
	s := Shift{Zone: i.Zone, FromAt: i.FromAt, UntilAt: i.UntilAt, Breaks: i.Breaks}
	text := i18n.Print(ctx, LengthWords(s))
	for _, b := range i.Breaks {
		text += "\n" + i18n.T(ctx, "Break: {{.From}}–{{.Until}}.", "From", i18n.Clock(ctx, b.From), "Until", i18n.Clock(ctx, b.Until))
	}
	return text
}

// InvitesOf lists the answers to a shift for whoever plans, and for whoever is invited their own.
func InvitesOf(ctx context.Context, tx *db.Tx, a person.Actor, s Shift) (out []Invite, err error) {
	all, err := invitesOf(ctx, tx, s.ID)
	for _, i := range all {
		if !i.CalledOff && (i.PersonID == a.ID || person.Can(a, person.PlanRota, person.Thing{TeamID: s.TeamID})) {
			out = append(out, i)
		}
	}
	return out, err
}

// KeepTime declines another time that somebody proposed: the shift stays, and they are told.
func (r *Rota) KeepTime(ctx context.Context, tx *db.Tx, by person.Actor, inviteID int64) error {
	i, err := inviteByID(ctx, tx, inviteID)
	if errors.Is(err, db.ErrNoRow) {
		return fault.NotFound(i18n.M("There is no such invitation any more."))
	}
	if err != nil {
		return err
	}
	if err := mayPlan(by, i.TeamID); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE shift_invite SET wanted_from = 0, wanted_until = 0, answer = '' WHERE id = $1 AND wanted_from > 0`, i.ID)
	if err != nil || n == 0 {
		return err
	}
	return r.queueInvite(ctx, tx, i.ID, itip.DeclineCounter)
}

// AgreeTime gives a shift the time that whoever has it proposed, unless something stands against it.
func (r *Rota) AgreeTime(ctx context.Context, tx *db.Tx, by person.Actor, inviteID int64, anyway bool) ([]Conflict, error) {
	i, err := inviteByID(ctx, tx, inviteID)
	if errors.Is(err, db.ErrNoRow) {
		return nil, fault.NotFound(i18n.M("There is no such invitation any more."))
	}
	if err != nil {
		return nil, err
	}
	if err := mayPlan(by, i.TeamID); err != nil {
		return nil, err
	}
	all, err := lockAll(ctx, tx, []int64{i.PersonID}, []int64{i.ShiftID})
	if err != nil {
		return nil, err
	}
	s := all[i.ShiftID]
	if i.WantedFrom == 0 || s.PersonID != i.PersonID || s.FromAt <= tx.Now || i.WantedFrom <= tx.Now || i.WantedUntil.Sub(i.WantedFrom) > Longest {
		return nil, fault.Conflict(i18n.M("What they proposed does not fit any more. Please look at the shift again."))
	}
	s.FromAt, s.UntilAt, s.ByHand = i.WantedFrom, i.WantedUntil, true
	s.Breaks = s.Breaks.within(s.Span())
	s.Unloved = unlovedMinutes(s.Span(), s.Breaks, location(s.Zone))
	conflicts, err := r.against(ctx, tx, by, s, s.PersonID)
	if err != nil {
		return nil, err
	}
	if w := Worst(conflicts); w == Never || w == Ask && !anyway {
		return conflicts, refusal(conflicts)
	}
	return conflicts, r.hand(ctx, tx, s)
}
