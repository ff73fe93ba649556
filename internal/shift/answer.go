package shift

import (
	"context"
	"errors"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/itip"
	"goodturn/internal/mailmsg"
	"goodturn/internal/person"
)

const uidPurpose = "shift invitation"

// names makes the UIDs of invitations to shifts.
func (r *Rota) names() itip.Names {
	return itip.Names{Key: r.Key, Prefix: "shift", Purpose: uidPurpose}
}

// Answered takes what came back to an invitation by mail. It is false for what is no answer to one of ours, which is then a mail like any other. An answer changes no
// shift: it is noted beside it, and whoever plans is told of all but a yes. One from another address than the one that was invited is not obeyed, and shown to
// whoever plans; one to an invitation that was said anew since is out of date.
func (r *Rota) Answered(ctx context.Context, tx *db.Tx, from string, c *mailmsg.Calendar) (bool, error) {
	if c == nil {
		return false, nil
	}
	id := r.names().ID(c.UID)
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
	what := itip.Read(c)
	switch {
	case what == itip.Again:
		_, err = tx.Exec(ctx, `UPDATE shift_invite SET said = sequence - 1 WHERE id = $1 AND address = $2 AND said >= 0`, i.ID, person.FoldAddress(from))
		if err == nil {
			err = r.queueInvite(ctx, tx, i.ID, "")
		}
		return true, err
	case what == itip.Nothing:
		return true, nil
	case person.FoldAddress(from) != person.FoldAddress(i.Address):
		return true, r.stray(ctx, tx, i, from, what)
	case int64(c.Sequence) < i.Sequence || i.CalledOff || i.UntilAt <= tx.Now:
		return true, nil
	}
	i.Answer, i.Comment, i.AnsweredAt, i.WantedFrom, i.WantedUntil = Answer(what), cleanNote(c.Comment), tx.Now, 0, 0
	if what == itip.AnotherTime {
		i.Answer = Tentative
		i.WantedFrom, i.WantedUntil, what = counter(i, c)
	}
	_, err = tx.Exec(ctx, `UPDATE shift_invite SET answer = $2, comment = $3, answered_at = $4, wanted_from = $5, wanted_until = $6 WHERE id = $1`, i.ID, string(i.Answer), i.Comment, i.AnsweredAt, i.WantedFrom, i.WantedUntil)
	if err != nil || i.Answer == Accepted {
		return true, err
	}
	return true, r.tellPlanners(ctx, tx, i, what)
}

// counter reads another time that was proposed; zero where it is none that a shift could have.
func counter(i Invite, c *mailmsg.Calendar) (from, until clock.Instant, what itip.Says) {
	from, until, ok := itip.Wanted(c)
	if !ok || until.Sub(from) < shortest*time.Minute || until.Sub(from) > Longest || from == i.FromAt && until == i.UntilAt {
		return 0, 0, itip.Tentative
	}
	return from, until, itip.AnotherTime
}

// stray keeps that somebody answered from another address, for whoever plans.
func (r *Rota) stray(ctx context.Context, tx *db.Tx, i Invite, from string, what itip.Says) error {
	strays, fresh := itip.Stray(i.Strays, person.FoldAddress(from), what)
	if !fresh {
		return nil
	}
	if _, err := tx.Exec(ctx, `UPDATE shift_invite SET strays = $2 WHERE id = $1`, i.ID, strays); err != nil {
		return err
	}
	leads, err := Planners(ctx, tx, i.TeamID)
	if err != nil {
		return err
	}
	return r.tell(ctx, tx, RotaNews, Shift{ID: i.ShiftID}.URL(), i18n.M("Somebody answered for {{.Shift}}, {{.When}}, from {{.Address}}, which was not invited. Nothing was changed; perhaps ask whoever has the shift", "Shift", i.Name, "When", i.FromAt, "Address", from), leads...)
}

// tellPlanners tells whoever plans what somebody answered.
func (r *Rota) tellPlanners(ctx context.Context, tx *db.Tx, i Invite, what itip.Says) error {
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
	case itip.Declined:
		words = i18n.M("{{.Name}} cannot come: {{.Shift}}, {{.When}}. It is theirs until you find somebody", "Name", names[i.PersonID], "Shift", i.Name, "When", i.FromAt)
	case itip.AnotherTime:
		words = i18n.M("{{.Name}} proposes another time for {{.Shift}}, {{.When}}: {{.From}} until {{.Until}}", "Name", names[i.PersonID], "Shift", i.Name, "When", i.FromAt, "From", i.WantedFrom, "Until", i.WantedUntil)
	}
	return r.tell(ctx, tx, RotaNews, Shift{ID: i.ShiftID}.URL(), words, leads...)
}
