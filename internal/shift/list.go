package shift

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/itip"
	"goodturn/internal/job"
	"goodturn/internal/person"
)

const listJob = "shift_list"

// mostListed is how many shifts one mail tells of at most.
const mostListed = 60

type listArgs struct {
	Invites []int64       `json:"invites"`
	At      clock.Instant `json:"at"`
}

// queueList has one mail tell of all invitations, which are of one person. One alone is an invitation that can be answered.
func (r *Rota) queueList(ctx context.Context, tx *db.Tx, invites []int64) error {
	if len(invites) == 1 {
		return r.queueInvite(ctx, tx, invites[0], "")
	}
	if r.Mail == nil {
		return nil
	}
	for part := range slices.Chunk(invites, mostListed) {
		j := job.New(listJob, listArgs{part, tx.Now})
		j.At = tx.Now.Add(gather)
		if err := r.Queue.Insert(ctx, tx, j); err != nil {
			return err
		}
	}
	return nil
}

// sendList is the job that mails what several invitations say by now. What a mail of its own has said since is left out.
func (r *Rota) sendList(ctx context.Context, raw json.RawMessage) error {
	var args listArgs
	if err := json.Unmarshal(raw, &args); err != nil {
		return job.Permanent(err)
	}
	var all []Invite
	var team person.Team
	err := r.DB.Read(ctx, func(tx *db.Tx) (err error) {
		ids := db.Args{}
		all, err = db.All[Invite](ctx, tx, `SELECT `+inviteColumns+` FROM shift_invite WHERE id IN (`+db.List(&ids, args.Invites)+`) AND said < sequence AND NOT called_off ORDER BY from_at, id`, ids...)
		if err != nil || len(all) == 0 {
			return err
		}
		all = slices.DeleteFunc(all, func(i Invite) bool { return i.PersonID != all[0].PersonID || i.Address != all[0].Address })
		team, err = db.One[person.Team](ctx, tx, `SELECT id, slug, name, private FROM team WHERE id = $1`, all[0].TeamID)
		return err
	})
	if err != nil || len(all) == 0 {
		return err
	}
	if len(all) == 1 {
		return r.mailInvite(ctx, inviteArgs{Invite: all[0].ID})
	}
	m := Mail{PersonID: all[0].PersonID, Address: all[0].Address, Method: itip.Publish}
	m.Key = "list." + strconv.FormatInt(all[0].ID, 10) + "." + strconv.FormatInt(int64(args.At), 10)
	m.Subject = func(ctx context.Context) string {
		return i18n.T(ctx, "Your shifts from {{.From}} until {{.Until}}", "From", i18n.Date(ctx, all[0].FromAt), "Until", i18n.Date(ctx, all[len(all)-1].FromAt))
	}
	m.Text = func(ctx context.Context) string { return listText(ctx, all, team.Name) }
	m.Calendar = func(ctx context.Context, organizer, called string) []byte {
		return r.listCalendar(ctx, all, team.Name, organizer, called)
	}
	if err := r.Mail(ctx, m); err != nil {
		return err
	}
	return r.DB.Write(ctx, func(tx *db.Tx) error {
		for _, i := range all {
			if _, err := tx.Exec(ctx, `UPDATE shift_invite SET said = $2 WHERE id = $1 AND said < $2`, i.ID, i.Sequence); err != nil {
				return err
			}
		}
		return nil
	})
}

// listText says several shifts in words.
func listText(ctx context.Context, all []Invite, team string) string {
	var b strings.Builder
	for _, i := range all {
		b.WriteString(i.line(ctx, team) + "\n" + i.inside(ctx) + "\n\n")
	}
	b.WriteString(i18n.T(ctx, "The file has all of them for your calendar. They are told, not asked: there is nothing to answer. If you cannot come to one, swap it, give it back or ask to be covered under My shifts. When one changes you get a mail for that one."))
	return b.String()
}

// listCalendar has several shifts in one object, for a calendar to take in, each under the UID by which its changes are mailed.
func (r *Rota) listCalendar(ctx context.Context, all []Invite, team, organizer, called string) []byte {
	events := make([]itip.Event, len(all))
	for n, i := range all {
		events[n] = r.event(ctx, i, team)
	}
	return itip.Listing(events, itip.Party{Name: called, Address: organizer})
}
