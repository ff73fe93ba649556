package desk

import (
	"context"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/i18n"
	"goodturn/internal/mailbox"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// putAside fills how a ticket is put aside.
func (d *Desk) putAside(ctx context.Context, l *look, t ticket.Ticket) (PutAside, error) {
	now := l.visit.Now
	p := PutAside{Asleep: t.Turn == ticket.Snoozed, Until: t.SnoozedUntil, ByAnswer: t.Snooze == string(ticket.UntilAnswer)}
	if t.TrashedAt != 0 {
		p.TrashedAt, p.GoneAt = t.TrashedAt, t.TrashedAt.Add(ticket.TrashLife)
		p.MayPurge = person.Can(l.visit.Actor, person.PurgeTicket, t.Thing())
	}
	if t.IsOpen && !t.Turn.Aside() {
		for _, s := range snoozePresets(ctx, now) {
			p.Presets = append(p.Presets, SnoozeChoice{Value: s.key, Label: s.label, At: clock.From(s.at)})
		}
		local := now.Time().In(i18n.ZoneOf(ctx))
		p.Earliest = local.Add(time.Minute).Format("2006-01-02T15:04")
		p.At = p.Presets[len(p.Presets)-1].At.Time().In(local.Location()).Format("2006-01-02T15:04")
	}
	if d.Post == nil || t.Channel != ticket.ByMail {
		return p, nil
	}
	address, blocked, err := mailbox.BlockedOf(ctx, l.tx, t)
	if err != nil || address == "" {
		return p, err
	}
	if who, err := person.FindByAddress(ctx, l.tx, address); err == nil && who.Role.AtLeast(person.Agent) {
		return p, nil
	}
	p.Sender, p.Blocked = address, blocked
	return p, nil
}
