package shift

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/mailmsg"
	"goodturn/internal/person"
)

const uidPurpose = "shift invitation"

// uid names an invitation in calendars, for good. It is signed, so that nobody makes up the next one.
func (r *Rota) uid(inviteID int64) string {
	id := strconv.FormatInt(inviteID, 10)
	return "shift-" + id + "-" + r.Key.Sign(uidPurpose, []byte(id))[:16] + "@goodturn"
}

// inviteOfUID gives the id of the invitation that a UID names; 0 for one that is not ours.
func (r *Rota) inviteOfUID(uid string) int64 {
	rest, ours := strings.CutPrefix(strings.TrimSpace(uid), "shift-")
	id, _, _ := strings.Cut(rest, "-")
	n, err := strconv.ParseInt(id, 10, 64)
	if !ours || err != nil || n <= 0 || r.uid(n) != strings.TrimSpace(uid) {
		return 0
	}
	return n
}

// Answered takes what came back to an invitation by mail. It is false for what is no answer to one of ours, which is then a mail like any other. An answer changes no
// shift: it is noted beside it, and whoever plans is told of all but a yes. One from another address than the one that was invited is not obeyed, and shown to
// whoever plans; one to an invitation that was said anew since is out of date.
func (r *Rota) Answered(ctx context.Context, tx *db.Tx, from string, c *mailmsg.Calendar) (bool, error) {
	if c == nil {
		return false, nil
	}
	id := r.inviteOfUID(c.UID)
	if id == 0 {
		return false, nil
	}
	i, err := inviteByID(ctx, tx, id)
	if errors.Is(err, db.ErrNoRow) {
		return true, nil
	}
	if err != nil {
		return true, err
	}
	what, status := answerOf(c)
	switch {
	case c.Method == mailmsg.CalendarRefresh:
		_, err = tx.Exec(ctx, `UPDATE shift_invite SET said = sequence - 1 WHERE id = $1 AND address = $2 AND said >= 0`, i.ID, person.FoldAddress(from))
		if err == nil {
			err = r.queueInvite(ctx, tx, i.ID, "")
		}
		return true, err
	case what == "":
		return true, nil
	case person.FoldAddress(from) != person.FoldAddress(i.Address):
		return true, r.stray(ctx, tx, i, from, what)
	case int64(c.Sequence) < i.Sequence || i.CalledOff || i.UntilAt <= tx.Now:
		return true, nil
	}
	i.Answer, i.Comment, i.AnsweredAt, i.WantedFrom, i.WantedUntil = status, cleanNote(c.Comment), tx.Now, 0, 0
	if c.Method == mailmsg.CalendarCounter {
		if i.WantedFrom, i.WantedUntil, what = counter(i, c); i.WantedFrom == 0 {
			i.Answer = Tentative
		}
	}
	_, err = tx.Exec(ctx, `UPDATE shift_invite SET answer = $2, comment = $3, answered_at = $4, wanted_from = $5, wanted_until = $6 WHERE id = $1`, i.ID, string(i.Answer), i.Comment, i.AnsweredAt, i.WantedFrom, i.WantedUntil)
	if err != nil || i.Answer == Accepted {
		return true, err
	}
	return true, r.tellPlanners(ctx, tx, i, what)
}

// answerOf reads what an answer says: "accepted", "declined", "tentative", "another time", or "" for nothing.
func answerOf(c *mailmsg.Calendar) (what string, status Answer) {
	switch c.Method {
	case mailmsg.CalendarCancel: // an attendee cannot call a shift off: it is taken for a no
		return string(Declined), Declined
	case mailmsg.CalendarCounter:
		return "another time", Tentative
	case mailmsg.CalendarReply:
		for _, a := range c.Attendees {
			switch a.Status {
			case "accepted", "declined", "tentative":
				return a.Status, Answer(a.Status)
			case "delegated":
				return string(Declined), Declined // a shift is handed on by a swap
			}
		}
	}
	return "", NoAnswer
}

// counter reads another time that was proposed; zero where it is none that a shift could have.
func counter(i Invite, c *mailmsg.Calendar) (from, until clock.Instant, what string) {
	from, until = clock.From(c.Start), clock.From(c.End)
	if c.AllDay || c.Floating || c.Start.IsZero() || c.End.IsZero() || until.Sub(from) < shortest*time.Minute || until.Sub(from) > Longest || from == i.FromAt && until == i.UntilAt {
		return 0, 0, string(Tentative)
	}
	return from, until, "another time"
}

// mostStrays is how many answers from other addresses are kept of an invitation.
const mostStrays = 5

// stray keeps that somebody answered from another address, for whoever plans.
func (r *Rota) stray(ctx context.Context, tx *db.Tx, i Invite, from, what string) error {
	line := strings.Join(strings.Fields(person.FoldAddress(from)), "") + " " + what
	lines := strings.Split(i.Strays, "\n")
	if i.Strays == "" {
		lines = nil
	}
	for _, l := range lines {
		if l == line {
			return nil
		}
	}
	lines = append([]string{line}, lines...)
	lines = lines[:min(len(lines), mostStrays)]
	if _, err := tx.Exec(ctx, `UPDATE shift_invite SET strays = $2 WHERE id = $1`, i.ID, strings.Join(lines, "\n")); err != nil {
		return err
	}
	leads, err := Planners(ctx, tx, i.TeamID)
	if err != nil {
		return err
	}
	return r.tell(ctx, tx, RotaNews, Shift{ID: i.ShiftID}.URL(), i18n.M("Somebody answered for {{.Shift}}, {{.When}}, from {{.Address}}, which was not invited. Nothing was changed; perhaps ask whoever has the shift", "Shift", i.Name, "When", i.FromAt, "Address", from), leads...)
}

// tellPlanners tells whoever plans what somebody answered.
func (r *Rota) tellPlanners(ctx context.Context, tx *db.Tx, i Invite, what string) error {
	leads, err := Planners(ctx, tx, i.TeamID)
	if err != nil {
		return err
	}
	names, err := person.Names(ctx, tx, []int64{i.PersonID})
	if err != nil {
		return err
	}
	words := i18n.M("{{.Name}} may not be able to come: {{.Shift}}, {{.When}}", "Name", names[i.PersonID], "Shift", i.Name, "When", i.FromAt)
	switch what {
	case string(Declined):
		words = i18n.M("{{.Name}} cannot come: {{.Shift}}, {{.When}}. It is theirs until you find somebody", "Name", names[i.PersonID], "Shift", i.Name, "When", i.FromAt)
	case "another time":
		words = i18n.M("{{.Name}} proposes another time for {{.Shift}}, {{.When}}: {{.From}} until {{.Until}}", "Name", names[i.PersonID], "Shift", i.Name, "When", i.FromAt, "From", i.WantedFrom, "Until", i.WantedUntil)
	}
	return r.tell(ctx, tx, RotaNews, Shift{ID: i.ShiftID}.URL(), words, leads...)
}
