package simulate

import (
	"fmt"
	"time"

	"goodturn/internal/automation"
	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/person"
	"goodturn/internal/routing"
	"goodturn/internal/sla"
	"goodturn/internal/ticket"
)

// team is a team with its agents.
type team struct {
	id      int64
	slug    string
	private bool
	agents  []*agent
}

// agent is somebody at the desk. They are at work from begin to end of the hours of their place, when they are not away.
type agent struct {
	person.Actor
	team       *team
	zone       *time.Location
	begin, end int // hours of the day
	away       map[string]bool
	leave      [][2]int // days off that were planned: from which day of the simulation, and how many
	speed      float64
}

// requester is somebody who asks.
type requester struct {
	person.Actor
	vip bool
}

// aDay of an agent has so many new tickets in it: with what comes back of them, four fifths of their time.
const aDay = 12

// settleIn makes teams, people, calendars and policies.
func (s *simulation) settleIn() error {
	calendars := map[string]int64{}
	for _, c := range []struct {
		name, zone string
		regions    []string
	}{{"Berlin", "Europe/Berlin", []string{"DE-BE"}}, {"Austin", "America/Chicago", nil}, {"Sydney", "Australia/Sydney", nil}} {
		def := calendar.Standard(c.zone)
		def.Regions = c.regions
		err := s.write(func(tx *db.Tx) error {
			row, err := s.keeper.Calendars.Save(s.ctx, tx, calendar.Row{Name: c.name, Definition: def})
			calendars[c.name] = row.ID
			return err
		})
		if err != nil {
			return err
		}
	}
	if err := s.people(); err != nil {
		return err
	}
	if err := s.rulesOf(); err != nil {
		return err
	}
	for _, p := range policies(calendars) {
		s.now++
		err := s.write(func(tx *db.Tx) error { _, err := sla.Save(s.ctx, tx, s.keeper.Calendars, person.System, p); return err })
		if err != nil {
			return err
		}
	}
	return nil
}

// policies are what this desk promises: some of everything that can be promised.
func policies(calendars map[string]int64) []sla.Policy {
	hours := func(low, normal, high, urgent float64) map[ticket.Priority]int64 {
		ms := func(h float64) int64 { return int64(h * float64(time.Hour.Milliseconds())) }
		return map[ticket.Priority]int64{ticket.Low: ms(low), ticket.Normal: ms(normal), ticket.High: ms(high), ticket.Urgent: ms(urgent)}
	}
	rests := map[ticket.Status][]sla.Promise{ticket.Pending: {sla.Solve, sla.InTeam}, ticket.OnHold: {sla.Solve}}
	return []sla.Policy{
		{Name: "Round the clock", Level: sla.ToRequesters, Filter: "tag:vip priority:>=high", Active: true, Terms: sla.Terms{
			Wall: true, Targets: map[sla.Promise]map[ticket.Priority]int64{sla.FirstAnswer: hours(0, 0, 2, 1), sla.NextAnswer: hours(0, 0, 3, 2), sla.Solve: hours(0, 0, 48, 24)},
			Warn: []int64{30 * time.Minute.Milliseconds()},
		}},
		{Name: "With the sun", Level: sla.ToRequesters, Filter: "team:network", Active: true, Terms: sla.Terms{
			Calendars: []int64{calendars["Berlin"], calendars["Austin"], calendars["Sydney"]},
			Targets:   map[sla.Promise]map[ticket.Priority]int64{sla.FirstAnswer: hours(16, 8, 4, 2), sla.Solve: hours(0, 60, 30, 12)},
			Warn:      []int64{2 * time.Hour.Milliseconds(), 30 * time.Minute.Milliseconds()}, Rests: rests,
		}},
		{Name: "Standard", Level: sla.ToRequesters, Active: true, Terms: sla.Terms{
			Targets: map[sla.Promise]map[ticket.Priority]int64{sla.FirstAnswer: hours(8, 4, 2, 1), sla.NextAnswer: hours(16, 8, 4, 2), sla.Solve: hours(0, 24, 12, 6)},
			Warn:    []int64{time.Hour.Milliseconds()}, Rests: rests,
		}},
		{Name: "The network's word", Level: sla.BetweenTeams, Filter: "team:network", Active: true, Terms: sla.Terms{
			Targets: map[sla.Promise]map[ticket.Priority]int64{sla.InTeam: hours(24, 16, 8, 4)}, Rests: rests,
		}},
	}
}

// ruleTexts are what this desk does by itself.
var ruleTexts = []string{
	"rule Who is waited for\nwhen a ticket comes\nif tag:vip priority:<high\nthen set priority high\nthen note\n  | Somebody whose work stands still for many.\n",
	"rule Before it is late\nwhen sla_warning solve\nif priority:<high\nthen set priority high\nthen tag soon-late\n",
	"rule A first reminder\nwhen pending for 2 working days\nthen reply\n  | Is it still of use to you that we look at it?\n",
	"rule Close after silence\nwhen pending for 5 working days\nthen set status solved\n",
	"rule About the VPN\nwhen a ticket comes\nif vpn -tag:vpn\nthen tag vpn\nthen move to network\n",
	"rule The monthly check\nwhen every FREQ=MONTHLY;BYDAY=1MO from 2026-01-05 08:00\nthen create ticket for person1@firm.example in network about Check the backups\n  | Restore one file from each.\n",
}

// rulesOf saves the rules, in the name of a lead.
func (s *simulation) rulesOf() error {
	lead, err := s.person("Lead", "lead@desk.example", person.Lead)
	if err != nil {
		return err
	}
	for _, text := range ruleTexts {
		name, def, err := automation.Parse(text)
		if err != nil {
			return err
		}
		s.now++
		err = s.write(func(tx *db.Tx) error {
			_, err := automation.Save(s.ctx, tx, lead, automation.Rule{Name: name, Active: true, Definition: def})
			return err
		})
		if err != nil {
			return fmt.Errorf("rule %q: %w", name, err)
		}
	}
	return nil
}

// reform changes, in the middle of it all, what is promised and when work ends: open tickets are counted anew.
func (s *simulation) reform() error {
	return s.write(func(tx *db.Tx) error {
		all, err := sla.All(s.ctx, tx)
		if err != nil {
			return err
		}
		for _, p := range all {
			if p.Name != "Standard" {
				continue
			}
			p.Targets[sla.FirstAnswer][ticket.Normal] -= time.Hour.Milliseconds()
			if _, err := sla.Save(s.ctx, tx, s.keeper.Calendars, person.System, p); err != nil {
				return err
			}
		}
		rows, err := s.keeper.Calendars.All(s.ctx, tx)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if r.Name != "Berlin" {
				continue
			}
			r.Definition.Hours[time.Friday] = []calendar.Span{{From: 9 * 60, To: 12 * 60}, {From: 13 * 60, To: 16*60 + 30}}
			if _, err := s.keeper.Calendars.Save(s.ctx, tx, r); err != nil {
				return err
			}
		}
		return s.keeper.Recount(s.ctx, tx)
	})
}

// people makes as many agents as the work asks for, and those who ask.
func (s *simulation) people() error {
	perDay := float64(s.Tickets) / float64(s.Days) * 7 / 5
	agents := max(4, int(perDay/aDay*1.25)+2)
	for i, slug := range []string{"first-line", "network", "payroll"} {
		t := &team{slug: slug, private: slug == "payroll"}
		err := s.write(func(tx *db.Tx) (err error) {
			if known, oops := person.TeamBySlug(s.ctx, tx, person.System, slug); oops == nil { // a new desk has one already
				t.id = known.ID
				return nil
			}
			t.id, err = person.SaveTeam(s.ctx, tx, person.Team{Slug: slug, Name: []string{"First line", "Network", "Payroll"}[i], Private: t.private})
			return err
		})
		if err != nil {
			return err
		}
		s.teams = append(s.teams, t)
	}
	for i := range agents {
		t := s.teams[[]int{0, 0, 1, 0, 0, 0, 1, 2, 0, 0}[i%10]]
		if i < 4 {
			t = s.teams[[]int{0, 0, 1, 2}[i]]
		}
		a := &agent{team: t, begin: 8 + i%2, end: 16 + i%3, away: map[string]bool{}, speed: 0.7 + 0.6*s.r.Float64()}
		zone := "Europe/Berlin"
		if t.slug == "network" {
			zone = []string{"Europe/Berlin", "America/Chicago", "Australia/Sydney"}[len(t.agents)%3]
		}
		var err error
		if a.zone, err = time.LoadLocation(zone); err != nil {
			return err
		}
		if a.Actor, err = s.person(fmt.Sprintf("Agent %d", i+1), fmt.Sprintf("agent%d@desk.example", i+1), person.Agent); err != nil {
			return err
		}
		s.drawLeave(a)
		t.agents, s.agents = append(t.agents, a), append(s.agents, a)
	}
	for i := range max(40, s.Tickets/25) {
		p, err := s.person(fmt.Sprintf("Requester %d", i+1), fmt.Sprintf("person%d@firm.example", i+1), person.Requester)
		if err != nil {
			return err
		}
		s.requesters = append(s.requesters, requester{p, i%40 == 7})
	}
	return s.write(func(tx *db.Tx) error {
		for _, t := range s.teams {
			ids := make([]int64, len(t.agents))
			for i, a := range t.agents {
				ids[i] = a.ID
			}
			if err := person.SetMembers(s.ctx, tx, t.id, ids); err != nil {
				return err
			}
		}
		for _, t := range s.teams { // the network's people are given their work, those of payroll are asked
			sharing := map[string]routing.Sharing{
				"network": {TeamID: t.id, Way: routing.Least, Capacity: 30, LastHelper: true, AtWork: true, OfferFor: 10},
				"payroll": {TeamID: t.id, Way: routing.Pull, OfferAfter: 60, OfferFor: 15, OfferLeads: true, AtWork: true},
			}[t.slug]
			if sharing.TeamID == 0 {
				continue
			}
			if err := s.router.SaveSharing(s.ctx, tx, sharing); err != nil {
				return err
			}
		}
		if err := s.shifts(tx); err != nil {
			return err
		}
		for _, a := range s.agents { // the private team counts from now on
			now, err := person.ActorOf(s.ctx, tx, a.ID)
			if err != nil {
				return err
			}
			a.Actor = now
		}
		return nil
	})
}

// shifts tell the desk when its people work and when they are on leave, as a desk knows it: of colds it is not told.
func (s *simulation) shifts(tx *db.Tx) error {
	known := map[string]int64{}
	for _, a := range s.agents {
		name := fmt.Sprintf("%s %d–%d", a.zone, a.begin, a.end)
		if known[name] == 0 {
			def := calendar.Definition{Zone: a.zone.String()}
			for day := time.Monday; day <= time.Friday; day++ {
				def.Hours[day] = []calendar.Span{{From: a.begin * 60, To: a.end * 60}}
			}
			row, err := s.keeper.Calendars.Save(s.ctx, tx, calendar.Row{Name: name, Definition: def})
			if err != nil {
				return err
			}
			known[name] = row.ID
		}
		if err := s.router.SetCalendar(s.ctx, tx, a.ID, known[name]); err != nil {
			return err
		}
		first := s.now.Time().In(a.zone)
		for _, l := range a.leave {
			day := time.Date(first.Year(), first.Month(), first.Day()+l[0], 0, 0, 0, 0, a.zone)
			absence := routing.Absence{PersonID: a.ID, FromAt: clock.From(day), UntilAt: clock.From(day.AddDate(0, 0, l[1])), HandOver: routing.ToTeam}
			if _, err := routing.SaveAbsence(s.ctx, tx, person.System, absence); err != nil && !fault.Is(err, fault.KindInvalid) { // two leaves at once are one
				return err
			}
		}
	}
	return nil
}

func (s *simulation) person(name, address string, role person.Role) (a person.Actor, err error) {
	err = s.write(func(tx *db.Tx) error {
		p, err := person.ByAddress(s.ctx, tx, person.Contact{Name: name, Address: address})
		if err != nil {
			return err
		}
		if _, err := tx.Exec(s.ctx, `UPDATE person SET role = $2 WHERE id = $1`, p.ID, role); err != nil {
			return err
		}
		a, err = person.ActorOf(s.ctx, tx, p.ID)
		return err
	})
	return a, err
}

// drawLeave draws when somebody is away: five weeks of holidays a year in two pieces, and colds.
func (s *simulation) drawLeave(a *agent) {
	first := s.now.Time().In(a.zone)
	off := func(from, days int) {
		for i := range days {
			a.away[first.AddDate(0, 0, from+i).Format(time.DateOnly)] = true
		}
	}
	for year := 0; year < s.Days; year += 365 {
		for _, days := range []int{15, 10} {
			from := year + s.r.IntN(365)
			off(from, days)
			a.leave = append(a.leave, [2]int{from, days})
		}
		for range 4 {
			off(year+s.r.IntN(365), 1+s.r.IntN(3))
		}
	}
}

// works tells whether somebody is at work at a moment.
func (a *agent) works(at clock.Instant) bool {
	t := at.Time().In(a.zone)
	return t.Weekday() != time.Saturday && t.Weekday() != time.Sunday && t.Hour() >= a.begin && t.Hour() < a.end && !a.away[t.Format(time.DateOnly)]
}

// begins is when somebody comes to work next.
func (a *agent) begins(after clock.Instant) clock.Instant {
	t := after.Time().In(a.zone)
	for day := range 60 {
		at := time.Date(t.Year(), t.Month(), t.Day()+day, a.begin, 0, 0, 0, a.zone)
		if at.After(t) && a.works(clock.From(at)) {
			return clock.From(at)
		}
	}
	return after.Add(60 * 24 * time.Hour)
}
