package handoff

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/search"
)

// Reckoning is what somebody reckons with. Money is in hundredths of the currency.
type Reckoning struct {
	// Hourly is what an hour of theirs costs the firm; 0 for not said.
	Hourly int64
	// Currency is an ISO 4217 code; "" for that of the reader's place.
	Currency string
	// Monthly is what the help of a desk would cost a month; 0 for not said.
	Monthly int64
	// WeekMinutes is how much a week is too much.
	WeekMinutes int
	// Counted says that their minutes count, without their name, in the totals that the desk's lead sees.
	Counted bool
}

// UsualWeek is how many minutes a week are too much unless something else is said: four hours, a tenth of a week's work.
const UsualWeek = 240

// Currencies are the codes that can be chosen.
func Currencies() []string {
	return []string{"AUD", "BRL", "CAD", "CHF", "CZK", "DKK", "EUR", "GBP", "INR", "JPY", "NOK", "NZD", "PLN", "SEK", "USD", "ZAR"}
}

// ReckoningOf gives what somebody reckons with.
func ReckoningOf(ctx context.Context, tx *db.Tx, personID int64) (Reckoning, error) {
	r, err := db.One[Reckoning](ctx, tx, `SELECT hourly, currency, monthly, week_minutes, counted FROM help_reckoning WHERE person_id = $1`, personID)
	if errors.Is(err, db.ErrNoRow) {
		err = nil
	}
	if r.WeekMinutes == 0 {
		r.WeekMinutes = UsualWeek
	}
	return r, err
}

const mostMoney = 100_000_000 // a million, in hundredths

// SaveReckoning keeps it. What is wrong is a field error of hourly, currency, monthly or week.
func SaveReckoning(ctx context.Context, tx *db.Tx, personID int64, r Reckoning) error {
	var wrong []fault.Field
	for name, v := range map[string]int64{"hourly": r.Hourly, "monthly": r.Monthly} {
		if v < 0 || v > mostMoney {
			wrong = append(wrong, fault.F(name, i18n.M("Please give an amount from 0 to {{.Limit}}.", "Limit", mostMoney/100)))
		}
	}
	if r.Currency != "" && !slices.Contains(Currencies(), r.Currency) {
		wrong = append(wrong, fault.F("currency", i18n.M("Please choose one of the currencies.")))
	}
	if r.WeekMinutes < 1 || r.WeekMinutes > 7*24*60 {
		wrong = append(wrong, fault.F("week", i18n.M("Please give hours a week, from 0.1 to 168.")))
	}
	if err := fault.Check(wrong); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO help_reckoning (person_id, hourly, currency, monthly, week_minutes, counted) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (person_id) DO UPDATE SET hourly = excluded.hourly, currency = excluded.currency, monthly = excluded.monthly, week_minutes = excluded.week_minutes, counted = excluded.counted`,
		personID, r.Hourly, r.Currency, r.Monthly, r.WeekMinutes, r.Counted)
	return err
}

// Span is a week or month with what was noted in it.
type Span struct {
	From    time.Time // midnight of its first day
	Minutes int
	Entries int
}

// Kind is help of the same words.
type Kind struct {
	Words   string // as they were written last
	Minutes int
	Entries int
}

// Cost is what help beside somebody's work took and cost.
type Cost struct {
	Reckoning
	// Weeks are the last full ones, the newest first, and This is the one that goes on; weeks begin on Monday.
	Weeks []Span
	This  Span
	// Months are the last, the newest first; the first goes on.
	Months []Span
	// Kinds are those that came more than once within the last twelve weeks, the longest first.
	Kinds []Kind
	// Askers is how many were named in those weeks.
	Askers int
	// Since is when the first entry of all was noted; 0 when there is none.
	Since clock.Instant
	Verdict
}

const (
	shownWeeks  = 12
	shownMonths = 3
	shownKinds  = 8
	// RuleWeeks is how many full weeks the rule looks at.
	RuleWeeks = 4
	mostRows  = 20_000
)

// CostOf reckons what somebody's help cost, in weeks and months of the zone.
func CostOf(ctx context.Context, tx *db.Tx, personID int64, zone *time.Location) (c Cost, err error) {
	if c.Reckoning, err = ReckoningOf(ctx, tx, personID); err != nil {
		return c, err
	}
	if c.Since, err = db.One[clock.Instant](ctx, tx, `SELECT coalesce(min(noted_at), 0) FROM help_entry WHERE person_id = $1 AND removed_at = 0`, personID); err != nil {
		return c, err
	}
	c.spans(tx.Now.Time().In(zone))
	first := c.Weeks[len(c.Weeks)-1].From
	if m := c.Months[len(c.Months)-1].From; m.Before(first) {
		first = m
	}
	rows, err := db.All[Entry](ctx, tx, `SELECT `+entryColumns+` FROM help_entry WHERE person_id = $1 AND removed_at = 0 AND at >= $2 ORDER BY at DESC, id DESC LIMIT $3`, personID, clock.From(first), mostRows)
	if err != nil {
		return c, err
	}
	c.add(rows, zone)
	c.judge(zone)
	return c, nil
}

// spans lays out the weeks and months around now.
func (c *Cost) spans(now time.Time) {
	y, m, d := now.Date()
	monday := time.Date(y, m, d-(int(now.Weekday())+6)%7, 0, 0, 0, 0, now.Location())
	c.This = Span{From: monday}
	for i := 1; i <= shownWeeks; i++ {
		c.Weeks = append(c.Weeks, Span{From: monday.AddDate(0, 0, -7*i)})
	}
	for i := range shownMonths {
		c.Months = append(c.Months, Span{From: time.Date(y, m-time.Month(i), 1, 0, 0, 0, 0, now.Location())})
	}
}

func (c *Cost) add(rows []Entry, zone *time.Location) {
	kinds, order, askers := map[string]*Kind{}, []string{}, map[string]bool{}
	for _, e := range rows {
		at := e.At.Time().In(zone)
		within(c.Months, at).count(e)
		if !at.Before(c.This.From) {
			c.This.count(e)
		} else {
			within(c.Weeks, at).count(e)
		}
		if at.Before(c.Weeks[len(c.Weeks)-1].From) {
			continue
		}
		if whom := search.Fold(e.Whom); whom != "" {
			askers[whom] = true
		}
		word := search.Fold(e.Words)
		if word == "" {
			continue
		}
		if kinds[word] == nil {
			kinds[word], order = &Kind{Words: e.Words}, append(order, word)
		}
		kinds[word].Minutes += e.Minutes
		kinds[word].Entries++
	}
	c.Askers = len(askers)
	for _, word := range order {
		if k := kinds[word]; k.Entries > 1 {
			c.Kinds = append(c.Kinds, *k)
		}
	}
	slices.SortStableFunc(c.Kinds, func(a, b Kind) int { return cmp.Compare(b.Minutes, a.Minutes) })
	c.Kinds = c.Kinds[:min(len(c.Kinds), shownKinds)]
}

// within is the span that a moment lies in, of those that follow each other backwards; one that nobody looks at when it lies in none.
func within(spans []Span, at time.Time) *Span {
	for i := range spans {
		if !at.Before(spans[i].From) {
			return &spans[i]
		}
	}
	return &Span{}
}

func (s *Span) count(e Entry) {
	s.Minutes += e.Minutes
	s.Entries++
}

// Money is what minutes cost at so much an hour, in hundredths, rounded.
func (r Reckoning) Money(minutes int) int64 { return (int64(minutes)*r.Hourly + 30) / 60 }
