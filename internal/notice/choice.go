package notice

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// Digest is when the mail goes out that collects what waits.
type Digest string

// When the mail that collects goes out.
const (
	Off      Digest = "off"
	Soon     Digest = "soon"     // a few minutes later, unless it was read on the page
	Hourly   Digest = "hourly"   // at the full hour
	Daily    Digest = "daily"    // at an hour of the person's own time zone
	Weekdays Digest = "weekdays" // the same from Monday to Friday
)

// Digests lists them.
func Digests() []Digest { return []Digest{Off, Soon, Hourly, Daily, Weekdays} }

// Every is how often somebody gets the overview.
type Every string

// How often.
const (
	Never     Every = ""
	EveryDay  Every = "day"
	EveryWeek Every = "week"
)

// Overview is when somebody gets the one mail that is enough for who is not here every day.
type Overview struct {
	Every   Every        `json:"every,omitempty"`
	Weekday time.Weekday `json:"weekday,omitempty"` // of EveryWeek
	Hour    int          `json:"hour"`
}

// Choice is what somebody wants to be told of, and where.
type Choice struct {
	Page     map[Kind]bool
	Now      map[Kind]bool // a mail at once
	Mail     map[Kind]bool // in the mail that collects; what is mailed at once is not in it
	Chat     map[Kind]bool // their own chat
	Digest   Digest
	Hour     int // of Daily and Weekdays, from 0 to 23 in their own time zone
	Quiet    Quiet
	Overview Overview
}

// The usual hours.
const (
	usualHour = 8
	usualDay  = time.Monday
)

func emptyChoice() Choice {
	return Choice{Page: map[Kind]bool{}, Now: map[Kind]bool{}, Mail: map[Kind]bool{}, Chat: map[Kind]bool{}, Hour: usualHour, Overview: Overview{Weekday: usualDay, Hour: usualHour}}
}

// usual is what people are told who have chosen nothing: everything on the page, and every hour by mail what waits for them. It is not
// to be changed.
var usual = func() Choice {
	c := emptyChoice()
	c.Digest = Hourly
	for _, k := range Kinds() {
		c.Page[k] = true
	}
	for _, k := range []Kind{Assigned, Handed, Mentioned, Answered, Back, Warned, Breached, ByRule, Undelivered, Failing, NewsDue, Missed, Turn, Rota} {
		c.Mail[k] = true
	}
	c.Now[Cover] = true // an hour later it is of no use
	return c
}()

// stored is a choice as it is kept: what is switched off on the page and on elsewhere, so that kinds that come later begin as usual on
// the page and quietly elsewhere.
type stored struct {
	NotOnPage []Kind    `json:"not_on_page,omitempty"`
	Now       []Kind    `json:"now,omitempty"`
	Mail      []Kind    `json:"mail,omitempty"`
	Chat      []Kind    `json:"chat,omitempty"`
	Digest    Digest    `json:"digest"`
	Hour      *int      `json:"hour,omitempty"`
	Quiet     *Quiet    `json:"quiet,omitempty"`
	Overview  *Overview `json:"overview,omitempty"`
}

const preference = "notices"

// ChoiceOf gives what somebody chose, or what is usual.
func ChoiceOf(ctx context.Context, tx *db.Tx, personID int64) (Choice, error) {
	all, err := choicesOf(ctx, tx, []int64{personID})
	if err != nil {
		return usual, err
	}
	c := all[personID]
	c.Page, c.Now, c.Mail, c.Chat = maps.Clone(c.Page), maps.Clone(c.Now), maps.Clone(c.Mail), maps.Clone(c.Chat)
	return c, nil
}

// choicesOf is ChoiceOf for several. The maps may be shared: they are not to be changed.
func choicesOf(ctx context.Context, tx *db.Tx, people []int64) (map[int64]Choice, error) {
	type row struct {
		PersonID int64
		Value    string
	}
	args := db.Args{preference}
	rows, err := db.All[row](ctx, tx, `SELECT person_id, value FROM person_preference WHERE name = $1 AND person_id IN (`+db.List(&args, people)+`)`, args...)
	out := make(map[int64]Choice, len(people))
	for _, id := range people {
		out[id] = usual
	}
	for _, r := range rows {
		out[r.PersonID] = readChoice(r.Value)
	}
	return out, err
}

func readChoice(text string) Choice {
	var s stored
	if err := json.Unmarshal([]byte(text), &s); err != nil || !slices.Contains(Digests(), s.Digest) {
		return usual
	}
	c := emptyChoice()
	c.Digest = s.Digest
	if s.Hour != nil {
		c.Hour = *s.Hour
	}
	if s.Quiet != nil {
		c.Quiet = *s.Quiet
	}
	if s.Overview != nil {
		c.Overview = *s.Overview
	}
	for _, k := range Kinds() {
		c.Page[k], c.Now[k], c.Mail[k], c.Chat[k] = !slices.Contains(s.NotOnPage, k), slices.Contains(s.Now, k), slices.Contains(s.Mail, k), slices.Contains(s.Chat, k)
	}
	return c
}

// SetChoice keeps what somebody chose, and plans their overview. What is wrong is a field error: digest, hour, quiet-1 (Monday) …,
// every, weekday or overview_hour.
func (c *Center) SetChoice(ctx context.Context, tx *db.Tx, personID int64, x Choice) error {
	if err := x.check(); err != nil {
		return err
	}
	if err := keep(ctx, tx, personID, x); err != nil {
		return err
	}
	return c.planOverview(ctx, tx, personID, x)
}

// keep stores what somebody chose.
func keep(ctx context.Context, tx *db.Tx, personID int64, x Choice) error {
	s := stored{Digest: x.Digest, Hour: &x.Hour, Quiet: &x.Quiet, Overview: &x.Overview}
	for _, k := range Kinds() {
		if !x.Page[k] {
			s.NotOnPage = append(s.NotOnPage, k)
		}
		s.Now, s.Mail, s.Chat = with(s.Now, k, x.Now), with(s.Mail, k, x.Mail), with(s.Chat, k, x.Chat)
	}
	raw, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return person.SetPreference(ctx, tx, personID, preference, string(raw))
}

func with(all []Kind, k Kind, in map[Kind]bool) []Kind {
	if in[k] {
		return append(all, k)
	}
	return all
}

func (x Choice) check() error {
	var wrong []fault.Field
	if !slices.Contains(Digests(), x.Digest) {
		wrong = append(wrong, fault.F("digest", i18n.M("Please choose when mails should come.")))
	}
	if !isHour(x.Hour) {
		wrong = append(wrong, fault.F("hour", i18n.M("Please choose one of the hours.")))
	}
	for day, span := range x.Quiet.Days {
		if !span.valid() {
			wrong = append(wrong, fault.F(fmt.Sprintf("quiet-%d", day), i18n.M("Please give both times, such as 20:00 and 07:00, or neither.")))
		}
	}
	o := x.Overview
	if o.Every != Never && o.Every != EveryDay && o.Every != EveryWeek || o.Weekday < time.Sunday || o.Weekday > time.Saturday {
		wrong = append(wrong, fault.F("every", i18n.M("Please choose when the overview should come.")))
	}
	if !isHour(o.Hour) {
		wrong = append(wrong, fault.F("overview_hour", i18n.M("Please choose one of the hours.")))
	}
	return fault.Check(wrong)
}

func isHour(h int) bool { return h >= 0 && h <= 23 }
