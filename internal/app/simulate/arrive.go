package simulate

import (
	"math"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// byHour is how much is asked at each hour of a working day, and byDay on each day from Sunday on.
var (
	byHour = [24]float64{.1, .1, .1, .1, .2, .4, 1.2, 4, 9, 11, 10.5, 9, 5.5, 8, 9, 8, 6.5, 4, 2, 1.2, .9, .7, .4, .2}
	byDay  = [7]float64{.06, 1.25, 1.05, 1, 1, .85, .08}
)

// plan draws when tickets come: by hour and day, fewer in August and around the new year, and now and then an outage that brings many.
func (s *simulation) plan() {
	first := s.now.Time().In(s.zone)
	hours := s.Days * 24
	weights, sum := make([]float64, hours), 0.0
	for i := range weights {
		at := first.Add(time.Duration(i) * time.Hour)
		weights[i] = byHour[at.Hour()] * byDay[at.Weekday()] * (1 + 0.15*math.Sin(float64(at.YearDay())/58))
		if at.Month() == time.August || at.YearDay() < 4 || at.YearDay() > 357 {
			weights[i] *= 0.6
		}
		sum += weights[i]
	}
	for i, w := range weights {
		for range s.poisson(w / sum * float64(s.Tickets) * 0.93) {
			at := s.now.Add(time.Duration(i)*time.Hour + time.Duration(s.r.Int64N(int64(time.Hour))))
			s.when(at, func() error { return s.arrives("") })
		}
	}
	outages := max(1, s.Days/9)
	for range outages {
		begins := s.now.Add(time.Duration(s.r.Int64N(int64(s.Days) * int64(24*time.Hour))))
		about := pick(s.r, outageTexts)
		for range s.poisson(float64(s.Tickets) * 0.07 / float64(outages)) {
			s.when(begins.Add(s.lasts(25*time.Minute, 0.8)), func() error { return s.arrives(about) })
		}
	}
	s.when(s.now.Add(s.end.Sub(s.now)/2), s.reform)
	for _, a := range s.agents {
		s.when(a.begins(s.now), func() error { return s.work(a) })
	}
}

// poisson draws how many of something happen that happens mean times on the average.
func (s *simulation) poisson(mean float64) int {
	if mean > 30 {
		return max(0, int(math.Round(mean+math.Sqrt(mean)*s.r.NormFloat64())))
	}
	n, p, least := 0, 1.0, math.Exp(-mean)
	for p *= s.r.Float64(); p > least; p *= s.r.Float64() {
		n++
	}
	return n
}

// life is what the simulation knows of a ticket.
type life struct {
	id        int64
	requester person.Actor
	team      *team
	agent     *agent
	about     string // the outage that it is about; "" for none
	over      bool   // it became part of another, or is thrown away
	status    ticket.Status
	asked     int // how often its requester wrote
}

// arrives has somebody ask.
func (s *simulation) arrives(outage string) error {
	who := pick(s.r, s.requesters)
	t := s.teams[0]
	if outage != "" && s.chance(0.5) || s.chance(0.18) {
		t = s.teams[1]
	} else if s.chance(0.04) {
		t = s.teams[2]
	}
	text := s.words(outage)
	n := ticket.New{
		Subject: text.Subject, Requester: who.ID, Team: t.id, Channel: ticket.ByMail, Message: ticket.Draft{Text: text.Text},
		Priority: ticket.Priorities()[[]int{0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3}[s.r.IntN(20)]], Kind: ticket.Kinds()[s.r.IntN(3)],
		Suspect: s.chance(0.01),
	}
	if who.vip {
		n.Tags = []string{"vip"}
	}
	if s.chance(0.1) {
		n.Channel = ticket.ByPhone
	}
	x := &life{requester: who.Actor, team: t, about: outage, status: ticket.StatusNew}
	by := ticket.By{Actor: who.Actor, Cause: "mail"}
	err := s.write(func(tx *db.Tx) error {
		made, err := s.desk.Create(s.ctx, tx, by, n)
		x.id = made.ID
		return err
	})
	if err != nil {
		return err
	}
	s.came++
	s.tickets[x.id] = x
	s.recent = append(s.recent, x.id)
	s.recent = s.recent[max(0, len(s.recent)-50):]
	if n.Suspect {
		s.after(s.lasts(time.Hour, 1), func() error { return s.judge(x) })
		return nil
	}
	if err := s.looksAtLine(x, true); err != nil {
		return err
	}
	if s.chance(0.08) {
		s.after(s.lasts(5*time.Hour, 1), func() error { return s.writes(x, "Is anybody there?") })
	}
	return nil
}

// judge has somebody say whether a suspect ticket is wanted.
func (s *simulation) judge(x *life) error {
	a := pick(s.r, x.team.agents)
	by := ticket.By{Actor: a.Actor}
	if s.chance(0.4) {
		x.over = true
		return s.write(func(tx *db.Tx) error { return s.desk.MarkSpam(s.ctx, tx, by, x.id) })
	}
	return s.write(func(tx *db.Tx) error { return s.desk.MarkWanted(s.ctx, tx, by, x.id) })
}

// writes has the requester of a ticket say something more, unless it is gone.
func (s *simulation) writes(x *life, text string) error {
	if x.over {
		return nil
	}
	x.asked++
	err := s.write(func(tx *db.Tx) error {
		_, err := s.desk.Answer(s.ctx, tx, ticket.By{Actor: x.requester, Cause: "mail"}, x.id, ticket.Draft{Text: text, Channel: ticket.ByMail, Automatic: text == away})
		return err
	})
	if text == away || err != nil {
		return err
	}
	if x.status != ticket.StatusNew {
		x.status = ticket.Open
	}
	return nil
}

// away is an answer that a program wrote.
const away = "I am out of the office and read my mail when I am back."

// tomorrow is some time in the morning of the next day.
func (s *simulation) tomorrow() clock.Instant {
	t := s.now.Time().In(s.zone)
	return clock.From(time.Date(t.Year(), t.Month(), t.Day()+1, 8, s.r.IntN(60), s.r.IntN(60), 0, s.zone))
}
