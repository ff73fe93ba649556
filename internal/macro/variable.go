package macro

import (
	"context"
	"html"
	"regexp"
	"slices"
	"strings"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/mailmsg"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

var hole = regexp.MustCompile(`\{\{\s*([^{}]*?)\s*\}\}`)

// Variables lists what may stand between {{ and }}, in the order in which they are offered.
func Variables() []string {
	return []string{"greeting", "requester.first_name", "requester.name", "requester.address", "organisation", "ticket.number", "ticket.subject", "team", "today", "agent.first_name", "agent.name"}
}

// checkText says what is wrong with the variables of a text, nil for nothing.
func checkText(field, text string) *fault.Field {
	for _, m := range hole.FindAllStringSubmatch(text, -1) {
		if slices.Contains(Variables(), m[1]) {
			continue
		}
		f := fault.F(field, i18n.M("There is no variable {{.Name}}. There are: {{.All}}.", "Name", "{{"+clip(m[1])+"}}", "All", strings.Join(Variables(), ", ")))
		if near := nearest(m[1]); near != "" {
			f = fault.F(field, i18n.M("There is no variable {{.Name}}. Did you mean {{.Near}}?", "Name", "{{"+clip(m[1])+"}}", "Near", "{{"+near+"}}"))
		}
		return &f
	}
	if open := strings.Index(hole.ReplaceAllString(text, ""), "{{"); open >= 0 {
		f := fault.F(field, i18n.M("A {{.Open}} is not closed with {{.Close}}.", "Open", "{{", "Close", "}}"))
		return &f
	}
	return nil
}

func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

// nearest is the variable that somebody who typed name probably meant: the same letters, or the last part of it.
func nearest(name string) string {
	plain := strings.NewReplacer(".", "", "_", "", " ", "", "-", "", "requestor", "requester", "customer", "requester", "organization", "organisation").Replace(strings.ToLower(name))
	if plain == "" {
		return ""
	}
	for _, v := range Variables() {
		p := strings.NewReplacer(".", "", "_", "").Replace(v)
		if p == plain || strings.HasSuffix(p, plain) || strings.HasSuffix(plain, p) {
			return v
		}
	}
	return ""
}

// Unfilled gives the variables that still stand in a text, as they stand there.
func Unfilled(text string) (out []string) {
	for _, m := range hole.FindAllStringSubmatch(text, -1) {
		if slices.Contains(Variables(), m[1]) && !slices.Contains(out, m[0]) {
			out = append(out, m[0])
		}
	}
	return out
}

// Filled is a macro's text for one ticket.
type Filled struct {
	Text     string
	HTML     string // "" where the text has no form
	Language string // of the text; "" for a macro without text
	Missing  []string
}

// Filler fills the texts of macros for one ticket; what it needs is loaded once.
type Filler struct {
	actor     person.Actor
	language  string // the requester's
	zone      *time.Location
	now       clock.Instant
	requester person.Person
	values    map[string]string
}

// NewFiller loads what variables say of a ticket. zone is the desk's, for requesters who have chosen none.
func NewFiller(ctx context.Context, tx *db.Tx, a person.Actor, t ticket.Ticket, zone *time.Location) (*Filler, error) {
	f := &Filler{actor: a, zone: zone, now: tx.Now, values: map[string]string{"ticket.number": "#" + decimal(t.ID), "ticket.subject": t.Subject, "agent.name": a.Name, "agent.first_name": first(a.Name)}}
	var err error
	if f.requester, err = person.Get(ctx, tx, t.RequesterID); err != nil {
		return nil, err
	}
	if f.requester.Name != f.requester.Address {
		f.values["requester.name"], f.values["requester.first_name"] = f.requester.Name, first(f.requester.Name)
	}
	f.values["requester.address"] = f.requester.Address
	for name, query := range map[string]string{"organisation": `SELECT name FROM organisation WHERE id = $1`, "team": `SELECT name FROM team WHERE id = $1`} {
		id := t.TeamID
		if name == "organisation" {
			id = f.requester.OrganisationID
		}
		found, err := db.All[string](ctx, tx, query, id)
		if err != nil {
			return nil, err
		}
		f.values[name] = strings.Join(found, "")
	}
	if z, err := time.LoadLocation(f.requester.Zone); err == nil && f.requester.Zone != "" {
		f.zone = z
	}
	if f.language = f.requester.Language; f.language == "" {
		said, err := db.All[string](ctx, tx, `SELECT text FROM message WHERE ticket_id = $1 AND inbound AND NOT internal ORDER BY seq LIMIT 1`, t.ID)
		if err != nil {
			return nil, err
		}
		f.language = mailmsg.LanguageOf(t.Subject + "\n" + strings.Join(said, ""))
	}
	return f, nil
}

// Fill gives the text in the requester's language, as far as there is one, else in the actor's, else in any. What is not known of
// the ticket stays in the text as it was written, and is named.
func (f *Filler) Fill(ctx context.Context, m Macro) Filled {
	language, text := choose(m.Texts, f.language, f.actor.Language, i18n.LangOf(ctx), "en")
	if text == "" {
		return Filled{}
	}
	ctx = i18n.With(ctx, language, f.zone)
	out := Filled{Language: language}
	out.Text = f.put(ctx, text, func(v string) string { return v }, &out.Missing)
	// What is filled in has no form of its own, whatever somebody called themselves.
	out.HTML = f.put(ctx, Markdown(text), html.EscapeString, &out.Missing)
	return out
}

// put fills the holes of a text; those for which nothing is known stay, and are added to missing.
func (f *Filler) put(ctx context.Context, text string, escape func(string) string, missing *[]string) string {
	return hole.ReplaceAllStringFunc(text, func(h string) string {
		name := hole.FindStringSubmatch(h)[1]
		value := f.values[name]
		switch name {
		case "greeting":
			value = greeting(ctx, f.now.Time().In(i18n.ZoneOf(ctx)))
		case "today":
			value = i18n.Date(ctx, f.now.Time())
		}
		if value == "" {
			if !slices.Contains(*missing, h) {
				*missing = append(*missing, h)
			}
			return h
		}
		return escape(value)
	})
}

// choose takes the first of the wanted languages that there is a text in.
func choose(texts map[string]string, wanted ...string) (language, text string) {
	for _, w := range wanted {
		if t := texts[w]; w != "" && t != "" {
			return w, t
		}
	}
	for l, t := range texts {
		if language == "" || l < language {
			language, text = l, t
		}
	}
	return language, text
}

// greeting is how one begins a letter at this time of day.
func greeting(ctx context.Context, at time.Time) string {
	switch h := at.Hour(); {
	case h >= 5 && h < 11:
		return i18n.T(ctx, "Good morning")
	case h >= 18 || h < 5:
		return i18n.T(ctx, "Good evening")
	}
	return i18n.C(ctx, "greeting by day", "Hello")
}

func first(name string) string {
	f, _, _ := strings.Cut(name, " ")
	return f
}

// CheckText says what is wrong with the variables of a text that something else than a macro holds, as a fault of the field.
func CheckText(field, text string) error {
	if f := checkText(field, text); f != nil {
		return fault.Invalid(*f)
	}
	return nil
}
