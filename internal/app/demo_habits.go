package app

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"goodturn/internal/button"
	"goodturn/internal/db"
	"goodturn/internal/livechat"
	"goodturn/internal/macro"
	"goodturn/internal/person"
	"goodturn/internal/sla"
	"goodturn/internal/ticket"
	"goodturn/internal/view"
)

// habits are what the demo's first lead shares with everybody: macros in the two languages of its requesters, and a view.
func (f *demoFiller) habits(ctx context.Context, tx *db.Tx) error {
	var lead person.Actor
	for _, key := range slices.Sorted(maps.Keys(f.people)) {
		if p := f.people[key]; p.Role == person.Lead && lead.ID == 0 {
			lead = p
		}
	}
	for _, m := range []macro.Macro{
		{Name: "Try a restart first", Shortcut: "restart", Texts: map[string]string{
			"en": "{{greeting}}\n\nplease restart the computer once (Start, Power, Restart) and try again. If it comes back, tell me what was on the screen.\n\n{{agent.first_name}}",
			"de": "{{greeting}}\n\nbitte starten Sie den Rechner einmal neu (Start, Ein/Aus, Neu starten) und versuchen Sie es noch einmal. Wenn es wiederkommt, schreiben Sie mir, was auf dem Bildschirm stand.\n\n{{agent.first_name}}",
		}, Actions: []ticket.Action{{Do: ticket.DoStatus, Value: string(ticket.Pending)}}},
		{Name: "Which room, which machine?", Shortcut: "where", Texts: map[string]string{
			"en": "{{greeting}}\n\nwhich room is it in, and what does the label on the machine say? Then somebody comes to look.\n\n{{agent.first_name}}",
			"de": "{{greeting}}\n\nin welchem Raum steht es, und was steht auf dem Aufkleber am Gerät? Dann kommt jemand vorbei.\n\n{{agent.first_name}}",
		}},
		{Name: "Reinstall the computer", Shortcut: "reinstall", Folder: "Workplace", Texts: map[string]string{
			"en": "{{greeting}}\n\nwe set your computer up anew, as agreed. Everything that is stored on it alone is gone then; what lies on the server stays.\n\n{{agent.first_name}}",
			"de": "{{greeting}}\n\nwie besprochen setzen wir Ihren Rechner neu auf. Was nur auf ihm gespeichert ist, ist danach weg; was auf dem Server liegt, bleibt.\n\n{{agent.first_name}}",
		}, Actions: []ticket.Action{{Do: ticket.DoTag, Value: "reinstall"}}},
		{Name: "Nobody's fault: an outage", Shortcut: "outage", Actions: []ticket.Action{{Do: ticket.DoTag, Value: "outage"}, {Do: ticket.DoPriority, Value: string(ticket.High)}}},
	} {
		m.Scope = macro.All
		if _, err := macro.Save(ctx, tx, lead, m); err != nil {
			return fmt.Errorf("make macro %q: %w", m.Name, err)
		}
	}
	if err := f.articles(ctx, tx); err != nil {
		return err
	}
	if err := f.services(ctx, tx); err != nil {
		return err
	}
	if err := f.promises(ctx, tx); err != nil {
		return err
	}
	if err := f.chats(ctx, tx); err != nil {
		return err
	}
	_, err := view.Save(ctx, tx, lead, view.View{Name: "Waiting since yesterday", Shared: true, Filter: "turn:ours waiting:>1d", Place: "sort=wait"})
	return err
}

// chats offers all that the help button has, and has everybody at the desk take chats while they have it open.
func (f *demoFiller) chats(ctx context.Context, tx *db.Tx) error {
	for _, key := range slices.Sorted(maps.Keys(f.people)) {
		if p := f.people[key]; p.Staff() {
			if err := livechat.SetTakes(ctx, tx, p, true); err != nil {
				return err
			}
		}
	}
	return button.Save(ctx, tx, button.Settings{Search: true, Papercut: true, Request: true, Chat: true, Plain: true})
}

// promises are what this desk says about time: to those who ask, and what the network's people promise the others.
func (f *demoFiller) promises(ctx context.Context, tx *db.Tx) error {
	hours := func(low, normal, high, urgent int64) map[ticket.Priority]int64 {
		const h = int64(time.Hour / time.Millisecond)
		return map[ticket.Priority]int64{ticket.Low: low * h, ticket.Normal: normal * h, ticket.High: high * h, ticket.Urgent: urgent * h}
	}
	rests := map[ticket.Status][]sla.Promise{ticket.Pending: {sla.Solve, sla.InTeam}, ticket.OnHold: {sla.Solve, sla.InTeam}}
	_, err := sla.Save(ctx, tx, f.app.Calendars, person.System, sla.Policy{Name: "Standard", Level: sla.ToRequesters, Active: true, Terms: sla.Terms{
		Targets: map[sla.Promise]map[ticket.Priority]int64{sla.FirstAnswer: hours(16, 8, 4, 1), sla.NextAnswer: hours(24, 16, 8, 2), sla.Solve: hours(0, 60, 30, 8)},
		Warn:    []int64{time.Hour.Milliseconds()}, Rests: rests,
	}})
	return err
}
