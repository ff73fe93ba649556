package ticket

import (
	"context"
	"slices"
	"strconv"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// Action is one thing that can be done to a ticket, as data: macros and changes of many tickets keep it as JSON.
type Action struct {
	Do    Deed   `json:"do"`
	Value string `json:"value,omitempty"`
}

// Deed names a kind of Action. What an Action's Value holds depends on it.
type Deed string

// The deeds.
const (
	DoStatus   Deed = "status"   // a Status
	DoPriority Deed = "priority" // a Priority
	DoKind     Deed = "kind"     // a Kind
	DoSubject  Deed = "subject"  // text
	DoAssign   Deed = "assignee" // a person's id, "me", or "nobody"
	DoMove     Deed = "team"     // a team's id
	DoTag      Deed = "tag"      // a tag to put on
	DoUntag    Deed = "untag"    // a tag to take off
	DoFollow   Deed = "follow"   // a person's id, or "me"
	DoUnfollow Deed = "unfollow" // a person's id, or "me"
	DoNote     Deed = "note"     // text that only staff see
	DoTell     Deed = "tell"     // text that the requester sees on their page
	DoReply    Deed = "reply"    // text to the requester and the followers, given at once
	DoSnooze   Deed = "snooze"   // how long, see SnoozeFor
	DoWake     Deed = "wake"     // nothing
	DoTrash    Deed = "trash"    // nothing
	DoRestore  Deed = "restore"  // nothing: out of the trash
	DoSpam     Deed = "spam"     // nothing
	DoWanted   Deed = "wanted"   // nothing
)

// MaxActions is how many actions can be asked for at once.
const MaxActions = 20

// deed says how the value of one is checked before anything is done, and how it is done.
type deed struct {
	check func(ctx context.Context, tx *db.Tx, a person.Actor, value string) error
	do    func(ctx context.Context, d *Desk, tx *db.Tx, by By, id int64, value string) error
}

var deeds map[Deed]deed

// An answer can bring actions with it, and one of them is to answer: Go wants that knot tied at the start.
func init() {
	deeds = map[Deed]deed{
		DoStatus: {oneOf("status", Statuses()[1:]), func(ctx context.Context, d *Desk, tx *db.Tx, by By, id int64, v string) error {
			return d.SetStatus(ctx, tx, by, id, Status(v))
		}},
		DoPriority: {oneOf("priority", Priorities()), func(ctx context.Context, d *Desk, tx *db.Tx, by By, id int64, v string) error {
			return d.SetPriority(ctx, tx, by, id, Priority(v))
		}},
		DoKind: {oneOf("kind", Kinds()), func(ctx context.Context, d *Desk, tx *db.Tx, by By, id int64, v string) error {
			return d.SetKind(ctx, tx, by, id, Kind(v))
		}},
		DoSubject: {checkSubject, func(ctx context.Context, d *Desk, tx *db.Tx, by By, id int64, v string) error {
			return d.SetSubject(ctx, tx, by, id, v)
		}},
		DoAssign: {checkAssignee, func(ctx context.Context, d *Desk, tx *db.Tx, by By, id int64, v string) error {
			return d.Assign(ctx, tx, by, id, personOf(by, v))
		}},
		DoMove: {checkTeam, func(ctx context.Context, d *Desk, tx *db.Tx, by By, id int64, v string) error {
			team, _ := strconv.ParseInt(v, 10, 64)
			return d.MoveTo(ctx, tx, by, id, team)
		}},
		DoTag:   {checkTag, tagged(true)},
		DoUntag: {checkTag, tagged(false)},
		DoFollow: {checkFollower, func(ctx context.Context, d *Desk, tx *db.Tx, by By, id int64, v string) error {
			return d.Follow(ctx, tx, by, id, personOf(by, v))
		}},
		DoUnfollow: {checkFollower, func(ctx context.Context, d *Desk, tx *db.Tx, by By, id int64, v string) error {
			return d.Unfollow(ctx, tx, by, id, personOf(by, v))
		}},
		DoNote: {checkText, func(ctx context.Context, d *Desk, tx *db.Tx, by By, id int64, v string) error {
			_, err := d.Note(ctx, tx, by, id, Draft{Text: v})
			return err
		}},
		DoTell: {checkTelling, func(ctx context.Context, d *Desk, tx *db.Tx, by By, id int64, v string) error {
			return d.Tell(ctx, tx, by, id, Telling{Text: v})
		}},
		DoReply: {checkText, func(ctx context.Context, d *Desk, tx *db.Tx, by By, id int64, v string) error {
			_, err := d.Reply(ctx, tx, by, id, Draft{Text: v}, "")
			return err
		}},
		DoSnooze: {checkSnooze, func(ctx context.Context, d *Desk, tx *db.Tx, by By, id int64, v string) error {
			s, err := SnoozeFor(v, tx.Now, by.Actor)
			if err != nil {
				return err
			}
			return d.Snooze(ctx, tx, by, id, s)
		}},
		DoWake: {checkNothing, func(ctx context.Context, d *Desk, tx *db.Tx, by By, id int64, _ string) error {
			return d.Wake(ctx, tx, by, id)
		}},
		DoTrash: {checkNothing, func(ctx context.Context, d *Desk, tx *db.Tx, by By, id int64, _ string) error {
			return d.Trash(ctx, tx, by, id)
		}},
		DoRestore: {checkNothing, func(ctx context.Context, d *Desk, tx *db.Tx, by By, id int64, _ string) error {
			return d.Restore(ctx, tx, by, id)
		}},
		DoSpam: {checkNothing, func(ctx context.Context, d *Desk, tx *db.Tx, by By, id int64, _ string) error {
			return d.MarkSpam(ctx, tx, by, id)
		}},
		DoWanted: {checkNothing, func(ctx context.Context, d *Desk, tx *db.Tx, by By, id int64, _ string) error {
			return d.MarkWanted(ctx, tx, by, id)
		}},
	}
}

// CheckActions tells whether all of these can be asked for by this actor, without looking at any ticket: unknown deeds,
// values that cannot be, people and teams that they may not know of are fault.Invalid with the deed as the field.
func CheckActions(ctx context.Context, tx *db.Tx, a person.Actor, actions []Action) error {
	if len(actions) == 0 {
		return fault.Invalid(fault.F("do", i18n.M("Please choose what shall be done.")))
	}
	if len(actions) > MaxActions {
		return fault.Invalid(fault.F("do", i18n.M("At most {{.Count}} things can be done at once.", "Count", MaxActions)))
	}
	for _, x := range actions {
		d, known := deeds[x.Do]
		if !known {
			return fault.Invalid(fault.F("do", i18n.M("There is nothing called “{{.Action}}” that can be done.", "Action", oneLine(string(x.Do), 40))))
		}
		if err := d.check(ctx, tx, a, x.Value); err != nil {
			return err
		}
	}
	return nil
}

// Apply does the actions to a ticket in their order, all or none: an error leaves the transaction to be undone by the caller
// (see db.Tx.Try). What it gives can be handed to Revert.
func (d *Desk) Apply(ctx context.Context, tx *db.Tx, by By, id int64, actions []Action) (Applied, error) {
	var done Applied
	if by.Rule == 0 { // what a rule did is not reverted, and each deed asks for its right anyway
		t, err := take(ctx, tx, by, person.ChangeTicket, id)
		if err != nil {
			return Applied{}, err
		}
		done.Was = standingOf(t)
	}
	by.heard = done.hear
	for _, x := range actions {
		deed, known := deeds[x.Do]
		if !known {
			return done, fault.Invalid(fault.F("do", i18n.M("There is nothing called “{{.Action}}” that can be done.", "Action", oneLine(string(x.Do), 40))))
		}
		if err := deed.do(ctx, d, tx, by, id, x.Value); err != nil {
			return done, err
		}
	}
	return done, nil
}

// personOf reads a person as an action names them; 0 is nobody.
func personOf(by By, value string) int64 {
	if value == "me" {
		return by.ID
	}
	id, _ := strconv.ParseInt(value, 10, 64)
	return id
}

func tagged(on bool) func(ctx context.Context, d *Desk, tx *db.Tx, by By, id int64, value string) error {
	return func(ctx context.Context, d *Desk, tx *db.Tx, by By, id int64, value string) error {
		t, err := take(ctx, tx, by, person.ChangeTicket, id)
		if err != nil {
			return err
		}
		have, err := Tags(ctx, tx, id)
		if err != nil {
			return err
		}
		value = tagOf(value)
		tags := slices.DeleteFunc(slices.Clone(have), func(tag string) bool { return tag == value })
		if on {
			tags = append(tags, value)
		}
		return d.replaceTags(ctx, tx, by, t, have, tags)
	}
}

func oneOf[T ~string](field string, all []T) func(context.Context, *db.Tx, person.Actor, string) error {
	return func(_ context.Context, _ *db.Tx, _ person.Actor, v string) error {
		if !known(all, T(v)) {
			return fault.Invalid(wrongValue(field, all))
		}
		return nil
	}
}

func checkNothing(context.Context, *db.Tx, person.Actor, string) error { return nil }

func checkSubject(_ context.Context, _ *db.Tx, _ person.Actor, v string) error {
	if CleanSubject(v, "") == "" {
		return fault.Invalid(fault.F("subject", i18n.M("Please write a subject, a few words are enough.")))
	}
	return nil
}

func checkText(_ context.Context, _ *db.Tx, _ person.Actor, v string) error {
	return Draft{Text: v}.check()
}

func checkTelling(_ context.Context, _ *db.Tx, _ person.Actor, v string) error {
	x := Telling{Text: v}
	return x.check()
}

func checkTag(_ context.Context, _ *db.Tx, _ person.Actor, v string) error {
	clean, err := cleanTags([]string{v})
	if err == nil && len(clean) == 0 {
		err = fault.Invalid(fault.F("tags", i18n.M("Please write a tag.")))
	}
	return err
}

func checkAssignee(ctx context.Context, tx *db.Tx, a person.Actor, v string) error {
	if v == "me" || v == "nobody" {
		return nil
	}
	to, err := person.ActorOf(ctx, tx, personOf(By{}, v))
	if err != nil || !to.Staff() {
		return fault.Invalid(fault.F("assignee", i18n.M("Please choose somebody who works at the desk.")))
	}
	return nil
}

func checkFollower(ctx context.Context, tx *db.Tx, a person.Actor, v string) error {
	if v == "me" {
		return nil
	}
	if _, err := person.ActorOf(ctx, tx, personOf(By{}, v)); err != nil {
		return fault.Invalid(fault.F("follow", i18n.M("Please choose a person.")))
	}
	return nil
}

func checkTeam(ctx context.Context, tx *db.Tx, a person.Actor, v string) error {
	teams, err := person.VisibleTeams(ctx, tx, a)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(teams, func(t person.Team) bool { return idText(t.ID) == v }) {
		return fault.Invalid(fault.F("team", i18n.M("Please choose one of the teams.")))
	}
	return nil
}
