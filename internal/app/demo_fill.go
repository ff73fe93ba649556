package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"strings"
	"time"

	"goodturn/internal/app/demodata"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fixnote"
	"goodturn/internal/line"
	"goodturn/internal/mailbox"
	"goodturn/internal/person"
	"goodturn/internal/sla"
	"goodturn/internal/ticket"
)

// demoFiller replays the demonstration desk through the same doors that real work goes through.
type demoFiller struct {
	app    *App
	desk   *ticket.Desk // without hooks: what was said weeks ago is not mailed today
	people map[string]person.Actor
	teams  map[string]int64
	orgs   map[string]int64
	boxes  map[string]int64 // by team; "" is the first
}

// demoSeed chooses the demonstration's variations.
const demoSeed = 1

// fillDemo makes people, teams and tickets as if the desk had been used for some weeks until now.
func (a *App) fillDemo(ctx context.Context, now time.Time) error {
	f := &demoFiller{app: a, desk: &ticket.Desk{}, people: map[string]person.Actor{}, teams: map[string]int64{}, orgs: map[string]int64{}, boxes: map[string]int64{}}
	promises := &sla.Keeper{DB: a.DB, Desk: f.desk, Calendars: a.Calendars, Log: a.Config.Log}
	waits := &line.Line{DB: a.DB, Desk: f.desk, Calendars: a.Calendars, Log: a.Config.Log}
	f.desk.Later = []ticket.Hook{promises.Hook(), waits.Hook()}
	threads := demodata.Expand(demoSeed)
	begin := clock.From(threads[0].Timeline(now)[0]).Add(-24 * time.Hour)
	err := a.DB.Write(ctx, func(tx *db.Tx) error {
		tx.Now = begin
		if err := f.places(ctx, tx); err != nil {
			return err
		}
		if err := f.habits(ctx, tx); err != nil {
			return err
		}
		return f.turns(ctx, tx, clock.From(now))
	})
	if err != nil {
		return fmt.Errorf("make the people of the demo: %w", err)
	}
	for _, t := range threads {
		if err := a.DB.Write(ctx, func(tx *db.Tx) error { return f.thread(ctx, tx, t, t.Timeline(now)) }); err != nil {
			return fmt.Errorf("replay %q: %w", t.Subject, err)
		}
	}
	if err := a.DB.Write(ctx, func(tx *db.Tx) error { return f.outages(ctx, tx) }); err != nil {
		return fmt.Errorf("post the outages of the demo: %w", err)
	}
	if err := a.DB.Write(ctx, func(tx *db.Tx) error { return f.rude(ctx, tx) }); err != nil {
		return fmt.Errorf("write the rude one of the demo: %w", err)
	}
	if err := a.DB.Write(ctx, func(tx *db.Tx) error { return f.cards(ctx, tx) }); err != nil {
		return fmt.Errorf("write the cards of the demo: %w", err)
	}
	if err := a.DB.Write(ctx, func(tx *db.Tx) error { return f.papercuts(ctx, tx) }); err != nil {
		return fmt.Errorf("say the papercuts of the demo: %w", err)
	}
	if err := a.DB.Write(ctx, func(tx *db.Tx) error { return f.wishes(ctx, tx) }); err != nil {
		return fmt.Errorf("say the wishes of the demo: %w", err)
	}
	if err := a.DB.Write(ctx, func(tx *db.Tx) error { return f.rota(ctx, tx) }); err != nil {
		return fmt.Errorf("plan the rota of the demo: %w", err)
	}
	if err := a.DB.Write(ctx, func(tx *db.Tx) error { return f.stints(ctx, tx) }); err != nil {
		return fmt.Errorf("take the turns of the demo: %w", err)
	}
	if err := a.DB.Write(ctx, func(tx *db.Tx) error { return f.loudWeek(ctx, tx) }); err != nil {
		return fmt.Errorf("tell of the last week of the demo: %w", err)
	}
	return promises.Sweep(ctx) // nobody is told today of what was late weeks ago
}

// places makes organisations, teams and people.
func (f *demoFiller) places(ctx context.Context, tx *db.Tx) error {
	for _, o := range demodata.Organisations() {
		id, err := person.SaveOrganisation(ctx, tx, person.Organisation{Name: o.Name, SeeColleagues: o.Shared, Domains: o.Domains})
		if err != nil {
			return err
		}
		f.orgs[o.Key] = id
	}
	if _, err := tx.Exec(ctx, `DELETE FROM team`); err != nil {
		return err
	}
	for _, t := range demodata.Teams() {
		id, err := person.SaveTeam(ctx, tx, person.Team{Slug: t.Key, Name: t.Name, Private: t.Private})
		if err != nil {
			return err
		}
		f.teams[t.Key] = id
	}
	for i, m := range demodata.Mailboxes() {
		id, err := f.app.Post.Save(ctx, tx, person.System, mailbox.Mailbox{Address: m.Address, Name: m.Name, TeamID: f.teams[m.Team], Active: true, Subaddress: true}, "")
		if err != nil {
			return err
		}
		if f.boxes[m.Team] = id; i == 0 {
			f.boxes[""] = id
		}
	}
	members := map[string][]int64{}
	ids := map[string]int64{}
	for _, p := range demodata.People() {
		made, err := person.Create(ctx, tx, person.New{Name: p.Name, Addresses: p.Addresses, Role: person.Role(p.Role), Language: p.Language, Zone: p.Zone, Organisation: f.orgs[p.Organisation], Verified: true})
		if err != nil {
			return err
		}
		ids[p.Key] = made.ID
		for _, t := range p.Teams {
			members[t] = append(members[t], made.ID)
		}
	}
	for t, people := range members {
		if err := person.SetMembers(ctx, tx, f.teams[t], people); err != nil {
			return err
		}
	}
	for key, id := range ids {
		actor, err := person.ActorOf(ctx, tx, id)
		if err != nil {
			return err
		}
		f.people[key] = actor
	}
	return nil
}

func (f *demoFiller) thread(ctx context.Context, tx *db.Tx, t demodata.Thread, times []time.Time) error {
	var id int64
	for i, s := range t.Steps {
		tx.Now = clock.From(times[i])
		var err error
		if i == 0 {
			id, err = f.open(ctx, tx, t, s)
		} else {
			err = f.step(ctx, tx, id, t.Requester, s)
		}
		if err == nil {
			err = tx.Settle() // at its own moment
		}
		if err != nil {
			return fmt.Errorf("step %d, %s: %w", i+1, s.What, err)
		}
	}
	for _, p := range t.Followers {
		if err := f.desk.Follow(ctx, tx, ticket.By{Actor: person.System}, id, f.people[p].ID); err != nil {
			return err
		}
	}
	now, err := ticket.Get(ctx, tx, person.System, person.SeeTicket, id)
	if err == nil && now.Status != ticket.Status(t.Status) && t.Status != "new" {
		err = f.desk.SetStatus(ctx, tx, ticket.By{Actor: person.System}, id, ticket.Status(t.Status))
	}
	return err
}

func (f *demoFiller) open(ctx context.Context, tx *db.Tx, t demodata.Thread, s demodata.Step) (int64, error) {
	if s.Message == nil {
		return 0, errors.New("the first step is no message")
	}
	draft, err := f.draft(ctx, s.Message, ticket.Channel(t.Channel))
	if err != nil {
		return 0, err
	}
	box, ok := f.boxes[t.Team]
	if !ok {
		box = f.boxes[""]
	}
	made, err := f.desk.Create(ctx, tx, ticket.By{Actor: f.people[t.Requester]}, ticket.New{
		Subject: t.Subject, Requester: f.people[t.Requester].ID, Team: f.teams[t.Team], Mailbox: box, Channel: ticket.Channel(t.Channel),
		Kind: ticket.Kind(t.Kind), Priority: ticket.Priority(t.Priority), Message: draft,
	})
	if err != nil {
		return 0, err
	}
	return made.ID, f.desk.SetTags(ctx, tx, ticket.By{Actor: person.System}, made.ID, t.Tags)
}

func (f *demoFiller) step(ctx context.Context, tx *db.Tx, id int64, requester string, s demodata.Step) error {
	actor := f.people[s.By]
	if s.By == "" || !actor.Staff() {
		actor = person.System // what a requester asks for is done by the desk
	}
	actor.Hidden = nil // who hands a ticket to a private team did so while seeing it
	by := ticket.By{Actor: actor, Cause: s.Why}
	switch s.What {
	case demodata.Said:
		return f.say(ctx, tx, id, requester, s)
	case demodata.Taken:
		return f.desk.Assign(ctx, tx, by, id, actor.ID)
	case demodata.Assigned:
		return f.desk.Assign(ctx, tx, by, id, f.people[s.Value].ID)
	case demodata.Moved:
		return f.desk.MoveTo(ctx, tx, by, id, f.teams[s.Value])
	case demodata.Priority:
		return f.desk.SetPriority(ctx, tx, by, id, ticket.Priority(s.Value))
	case demodata.Kind:
		return f.desk.SetKind(ctx, tx, by, id, ticket.Kind(s.Value))
	case demodata.Tagged:
		have, err := ticket.Tags(ctx, tx, id)
		if err != nil {
			return err
		}
		return f.desk.SetTags(ctx, tx, by, id, append(have, s.Value))
	case demodata.Follower:
		return f.desk.Follow(ctx, tx, by, id, f.people[s.Value].ID)
	case demodata.Told:
		return f.desk.Tell(ctx, tx, by, id, ticket.Telling{Text: s.Value})
	case demodata.Fix:
		c := strings.SplitN(s.Value+"\n\n\n\n", "\n\n", 4)
		_, err := f.app.Notes.Write(ctx, tx, actor, id, fixnote.Content{Wrong: c[0], Did: c[1], Next: c[2]})
		return err
	case demodata.Reopened:
		return f.desk.Reopen(ctx, tx, by, id)
	}
	return f.desk.SetStatus(ctx, tx, by, id, ticket.Status(s.What))
}

func (f *demoFiller) say(ctx context.Context, tx *db.Tx, id int64, requester string, s demodata.Step) error {
	from := f.people[s.Message.From]
	draft, err := f.draft(ctx, s.Message, "")
	if err != nil {
		return err
	}
	// Who says something may by now have no right to it: a private team has the ticket, or a colleague
	// answers in the requester's place. It was said all the same.
	draft.Author = from.ID
	by := ticket.By{Actor: person.System}
	switch {
	case s.Message.Note:
		_, err = f.desk.Note(ctx, tx, by, id, draft)
	case from.Staff() && s.Message.From != requester:
		_, err = f.desk.Reply(ctx, tx, by, id, draft, "")
	default:
		_, err = f.desk.Answer(ctx, tx, by, id, draft)
	}
	return err
}

func (f *demoFiller) draft(ctx context.Context, m *demodata.Message, c ticket.Channel) (ticket.Draft, error) {
	d := ticket.Draft{Text: m.Text, HTML: m.HTML, Channel: c}
	for _, a := range m.Attachments {
		h := fnv.New64a()
		h.Write([]byte(a.Name + m.Text))
		raw, mediaType := demodata.Attachment(a.Kind, h.Sum64())
		ref, err := f.app.Blobs.Put(ctx, bytes.NewReader(raw), 0)
		if err != nil {
			return d, err
		}
		d.Files = append(d.Files, ticket.File{Name: a.Name, Type: mediaType, Ref: ref})
	}
	return d, nil
}
