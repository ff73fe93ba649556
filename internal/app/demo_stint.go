package app

import (
	"context"
	"strings"
	"time"

	"goodturn/internal/app/demodata"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/draft"
	"goodturn/internal/person"
	"goodturn/internal/stint"
	"goodturn/internal/ticket"
)

// quietStints keeps turns without telling anybody: what was weeks ago is not mailed today.
func (f *demoFiller) quietStints() *stint.Keeper {
	k := f.app.Stints
	book := *f.app.Papercuts
	book.Mail = nil
	return &stint.Keeper{DB: k.DB, Desk: f.desk, Log: k.Log, Key: k.Key, Papercuts: &book, Hours: k.Hours, Away: k.Away, Rota: k.Rota}
}

// turns says who takes a turn at the desk of the demonstration firm, and has somebody have taken theirs. It comes before the tickets.
func (f *demoFiller) turns(ctx context.Context, tx *db.Tx, now clock.Instant) error {
	keeper := f.quietStints()
	tx.Now = now.Add(-400 * 24 * time.Hour)
	for _, p := range demodata.People() {
		title := strings.ToLower(p.Title)
		job := person.Job{Department: p.Department, Job: p.Title, Manager: strings.Contains(title, "manager") || strings.Contains(title, "director") || strings.Contains(title, "lead")}
		if err := person.SetJobs(ctx, tx, f.people[p.Key].ID, []person.Job{job}); err != nil {
			return err
		}
	}
	for _, key := range []string{"priya", "jonas", "ines"} {
		if err := stint.SetMentor(ctx, tx, f.people[key], true); err != nil {
			return err
		}
	}
	lead := f.people["ruth"]
	policy, err := stint.SavePolicy(ctx, tx, lead, stint.Policy{Name: "Half a day at the desk", TeamID: f.teams["first-line"], OrganisationID: lead.OrganisationID, Departments: []string{"Engineering", "Finance", "Sales", "Board"}, Minutes: 240, EveryMonths: 12, Active: true})
	if err != nil {
		return err
	}
	if err := stint.Excuse(ctx, tx, lead, policy.ID, f.people["moira"].ID, "is with the auditors until spring", 0); err != nil {
		return err
	}
	tx.Now = now.Add(-55 * 24 * time.Hour)
	s, err := f.invited(ctx, tx, keeper, policy, "callum")
	if err != nil {
		return err
	}
	return f.turnOver(ctx, tx, keeper, s)
}

func (f *demoFiller) invited(ctx context.Context, tx *db.Tx, keeper *stint.Keeper, policy stint.Policy, who string) (stint.Stint, error) {
	s, err := keeper.Propose(ctx, tx, f.people["ruth"], policy, f.people[who].ID)
	if err == nil {
		err = keeper.Invite(ctx, tx, f.people["ruth"], s.ID)
	}
	return s, err
}

// stints has somebody be at the desk now, and others be asked.
func (f *demoFiller) stints(ctx context.Context, tx *db.Tx) error {
	keeper, lead, now := f.quietStints(), f.people["ruth"], tx.Now
	defer func() { tx.Now = now }()
	all, err := stint.Policies(ctx, tx)
	if err != nil {
		return err
	}
	policy := all[0]
	tx.Now = now.Add(-30 * 24 * time.Hour)
	s, err := f.invited(ctx, tx, keeper, policy, "hana")
	if err != nil {
		return err
	}
	if err := f.turnNow(ctx, tx, keeper, s, now.Add(-time.Hour).Time()); err != nil { // an hour ago she sat down
		return err
	}
	tx.Now = now
	if _, err := f.invited(ctx, tx, keeper, policy, "rafiq"); err != nil {
		return err
	}
	for _, key := range []string{"yewande", "grace"} {
		if _, err := keeper.Propose(ctx, tx, lead, policy, f.people[key].ID); err != nil {
			return err
		}
	}
	_, err = keeper.Apprentice(ctx, tx, lead, f.teams["first-line"], f.people["simran"].ID, f.people["jonas"].ID)
	return err
}

// turnOver has a turn be over, with what was seen.
func (f *demoFiller) turnOver(ctx context.Context, tx *db.Tx, keeper *stint.Keeper, s stint.Stint) error {
	guest := f.people["callum"]
	tx.Now = s.FromAt.Add(-time.Hour)
	if err := keeper.Agree(ctx, tx, guest, s.ID); err != nil {
		return err
	}
	if err := keeper.Begin(ctx, tx, guest, s.ID); err != nil {
		return err
	}
	tx.Now = s.Until
	return keeper.Debrief(ctx, tx, guest, s.ID, stint.Debrief{
		Saw: "I had no idea how often the same question comes, nor how kindly it is answered the ninth time. Most people apologise for asking. The VPN page that we in Sales never read would have spared half of them the wait.",
		Points: []stint.Point{
			{Kind: stint.Papercut, Text: "The VPN says “failed” for a wrong password and for a full server alike"},
			{Kind: stint.Papercut, Text: "Quill asks for the customer's number twice in one form"},
			{Kind: stint.Product, Text: "Our own invoices should say in the subject what they are for: people forward them to the desk as suspicious."},
			{Kind: stint.OutOfHand, Text: "Field sales get laptops of five years ago. Every third call of theirs is about that."},
		},
		DeciderID: f.people["stefan"].ID, Thanks: "You let me fail a little and never let it reach anybody. Thank you.",
	})
}

// turnNow has a turn run since a moment, with a ticket, a draft and whispers.
func (f *demoFiller) turnNow(ctx context.Context, tx *db.Tx, keeper *stint.Keeper, s stint.Stint, since time.Time) error {
	guest := f.people["hana"]
	if err := keeper.Agree(ctx, tx, guest, s.ID); err != nil {
		return err
	}
	from := tx.Now.Add(since.Sub(tx.Now.Time()))
	if _, err := tx.Exec(ctx, `UPDATE stint SET from_at = $2, until = $3, due_at = $2, reminded_at = $2, mentor_id = $4 WHERE id = $1`, s.ID, from, from.Add(5*time.Hour), f.people["priya"].ID); err != nil {
		return err
	}
	tx.Now = from
	if err := keeper.Begin(ctx, tx, guest, s.ID); err != nil {
		return err
	}
	mentor, err := person.ActorOf(ctx, tx, f.people["priya"].ID)
	if err != nil {
		return err
	}
	lent, err := db.All[int64](ctx, tx, `SELECT t.id FROM ticket t JOIN team m ON m.id = t.team_id WHERE t.assignee_id = $1 AND t.turn = 'ours' AND NOT m.private AND t.requester_id <> $2 ORDER BY t.id DESC LIMIT 2`, mentor.ID, guest.ID)
	if err != nil || len(lent) == 0 {
		return err
	}
	for _, id := range lent {
		if err := keeper.Lend(ctx, tx, mentor, s.ID, id); err != nil {
			return err
		}
	}
	tx.Now = from.Add(20 * time.Minute)
	if guest, err = person.ActorOf(ctx, tx, guest.ID); err != nil {
		return err
	}
	if err := keeper.Whisper(ctx, tx, guest, s.ID, 0, "Is it fine to say that I do not know yet?"); err != nil {
		return err
	}
	if err := keeper.Whisper(ctx, tx, mentor, s.ID, 0, "It is the best thing to say. Add until when we find out."); err != nil {
		return err
	}
	t, err := ticket.Get(ctx, tx, mentor, person.SeeTicket, lent[0])
	if err != nil {
		return err
	}
	who, err := person.Get(ctx, tx, t.RequesterID)
	if err != nil {
		return err
	}
	name, _, _ := strings.Cut(who.Name, " ")
	if _, err := draft.Save(ctx, tx, guest, draft.Place{TicketID: t.ID}, draft.Content{Text: "Hello " + name + ",\n\nthank you for telling us. I do not know the reason yet; I find out with my colleague Priya, and you hear from us by noon tomorrow at the latest.\n\nBest regards\nHana"}); err != nil {
		return err
	}
	return keeper.HandOn(ctx, tx, guest, t.ID, "Is this kind enough?")
}
