package desk

import (
	"context"
	"net/http"
	"time"

	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/sla"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// promiseLines are the promises of a ticket that are not over, and those that were missed.
func (d *Desk) promiseLines(ctx context.Context, l *look, t ticket.Ticket) ([]PromiseLine, error) {
	if d.Promises == nil {
		return nil, nil
	}
	all, err := sla.Clocks(ctx, l.tx, t.ID)
	var out []PromiseLine
	for _, c := range all {
		if c.State == sla.Ended && c.BreachedAt == 0 {
			continue
		}
		out = append(out, promiseLine(ctx, c))
	}
	return out, err
}

func promiseLine(ctx context.Context, c sla.Clock) PromiseLine {
	p := PromiseLine{Name: ui.PromiseWord(ctx, string(c.Promise)), Due: c.DueAt, Missed: c.BreachedAt != 0, Over: c.State == sla.Ended}
	if c.State == sla.Resting {
		p.Due, p.Rests, p.Left = 0, restWord(ctx, c.Why), c.Left()
		p.NoTarget = c.Target == 0
	}
	return p
}

// promisesPage answers GET /tickets/{number}/promises: why each promise of a ticket is due when it is.
func (d *Desk) promisesPage(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	ctx := r.Context()
	view := PromisesView{Number: number}
	err = d.read(ctx, v, func(l *look) error {
		t, err := ticket.Get(ctx, l.tx, v.Actor, person.SeeTicket, number)
		if err != nil {
			return err
		}
		if view.Frame, err = d.frame(ctx, l, ""); err != nil {
			return err
		}
		view.Frame.Flash, view.Subject, view.Frame.Now = v.Flash, t.Subject, l.tx.Now
		if d.Promises == nil {
			return nil
		}
		all, err := d.Promises.Explain(ctx, l.tx, number, l.tx.Now)
		for _, a := range all {
			view.Accounts = append(view.Accounts, promiseAccount(ctx, a))
		}
		return err
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, PromisesPage(view))
}

func promiseAccount(ctx context.Context, a sla.Account) PromiseAccount {
	v := PromiseAccount{
		Name: ui.PromiseWord(ctx, string(a.Promise)), Policy: a.Policy.Name, Target: milliseconds(a.Target), Wall: len(sla.ReadTerms(a.Terms).Calendars) == 0,
		Spent: milliseconds(a.Spent), Due: a.DueAt, Ended: a.EndedAt, Missed: a.BreachedAt, Rests: "", Outcome: a.Outcome(),
	}
	if a.State == sla.Resting {
		v.Rests = restWord(ctx, a.Why)
	}
	target := int64(0)
	for i, e := range a.Entries {
		line := AccountLine{From: e.From, To: e.To, Counted: milliseconds(e.Counted), Ahead: e.Ahead, Why: entryWords(ctx, e)}
		if i > 0 && e.Target != target && e.Target != 0 {
			line.Target = milliseconds(e.Target)
		}
		target = e.Target
		if n := len(v.Lines); n > 0 && line.goesOn(v.Lines[n-1]) { // the night before a day off is told with it
			v.Lines[n-1].To = line.To
			v.Lines[n-1].Why += ", " + line.Why
			continue
		}
		line.Begins = line.Ahead && (i == 0 || !a.Entries[i-1].Ahead)
		v.Lines = append(v.Lines, line)
	}
	return v
}

// entryWords says why a stretch of time counts, or does not.
func entryWords(ctx context.Context, e sla.Entry) string {
	switch e.Why {
	case sla.WhyMerged:
		return i18n.T(ctx, "brought by {{.Ticket}}, which became part of this one and had waited longer", "Ticket", hash(e.Ticket))
	case sla.WhySplit:
		return i18n.T(ctx, "used already by {{.Ticket}}, of which this was a part", "Ticket", hash(e.Ticket))
	case sla.WhyParted:
		return i18n.T(ctx, "went with {{.Ticket}}, which is a ticket of its own again", "Ticket", hash(e.Ticket))
	case "":
	default:
		return restWord(ctx, e.Why)
	}
	switch e.Closed {
	case calendar.Holiday, calendar.DayOff:
		if e.Name != "" {
			return e.Name
		}
		return i18n.T(ctx, "a day off")
	case calendar.NoHours:
		return i18n.T(ctx, "no working day")
	case calendar.Outside:
		return i18n.T(ctx, "outside of working hours")
	}
	return ""
}

// restWord says why a clock rests.
func restWord(ctx context.Context, why string) string {
	switch why {
	case sla.WhyPending:
		return i18n.T(ctx, "rests while it is pending")
	case sla.WhyHold:
		return i18n.T(ctx, "rests while it is on hold")
	case sla.WhyDone:
		return i18n.T(ctx, "rests while it is done")
	case sla.WhyAside:
		return i18n.T(ctx, "rests while it is set aside")
	}
	return i18n.T(ctx, "nothing is promised")
}

func milliseconds(n int64) time.Duration { return time.Duration(n) * time.Millisecond }

// PromiseLine is a promise in the side of a ticket.
type PromiseLine struct {
	Name string
	// Due is when it is due; 0 while it rests. Missed says that it was not kept, Over that it has ended since.
	Due          clock.Instant
	Missed, Over bool
	// Rests says why it rests, and Left how much is left then; NoTarget that nothing is promised now.
	Rests    string
	Left     time.Duration
	NoTarget bool
}

// PromisesView explains the promises of a ticket.
type PromisesView struct {
	Frame    Frame
	Number   int64
	Subject  string
	Accounts []PromiseAccount
}

// PromiseAccount is one promise with what its due time comes from.
type PromiseAccount struct {
	Name, Policy       string
	Target, Spent      time.Duration
	Wall               bool
	Due, Ended, Missed clock.Instant
	Rests              string
	Outcome            sla.Outcome
	Lines              []AccountLine
}

// AccountLine is a stretch of time: how much of it counts, and why the rest does not.
type AccountLine struct {
	From, To clock.Instant
	Counted  time.Duration
	Why      string
	// Ahead says that it is still to come, and Begins that it is the first of those.
	Ahead, Begins bool
	// Target is what is promised from here on, when that has changed; 0 for as before.
	Target time.Duration
}

func (a PromiseAccount) tone() ui.Tone {
	switch a.Outcome {
	case sla.Missed:
		return ui.ToneLate
	case sla.Kept:
		return ui.ToneGood
	}
	return ui.ToneNone
}

// outcome says what became of it.
func (a PromiseAccount) outcome(ctx context.Context) string {
	switch a.Outcome {
	case sla.Missed:
		return i18n.T(ctx, "late")
	case sla.Kept:
		return i18n.T(ctx, "kept")
	case sla.Void:
		return i18n.T(ctx, "not needed")
	}
	if a.Rests != "" {
		return a.Rests
	}
	return i18n.T(ctx, "running")
}

// promised says what is promised ("4 h of working time, by the policy Standard").
func (a PromiseAccount) promised(ctx context.Context) string {
	long := i18n.Length(ctx, a.Target)
	if a.Wall {
		return i18n.T(ctx, "{{.Length}} by the clock, by the policy “{{.Policy}}”.", "Length", long, "Policy", a.Policy)
	}
	return i18n.T(ctx, "{{.Length}} of working time, by the policy “{{.Policy}}”.", "Length", long, "Policy", a.Policy)
}

// counted is how much of it counts; a dash for nothing.
func (l AccountLine) counted(ctx context.Context) string {
	if l.Counted == 0 {
		return "–"
	}
	return i18n.Length(ctx, l.Counted)
}

// goesOn tells that nothing of this counts, as nothing of what was before it.
func (l AccountLine) goesOn(before AccountLine) bool {
	return l.Counted == 0 && before.Counted == 0 && l.Ahead == before.Ahead && l.Target == 0 && l.From == before.To && l.Why != "" && l.Why != before.Why && before.Why != ""
}

// when is the stretch in words, as short as it can be told.
func (l AccountLine) when(ctx context.Context) string {
	zone := i18n.ZoneOf(ctx)
	from, to := l.From.Time().In(zone), l.To.Time().In(zone)
	if from.Equal(to) {
		return i18n.DateLong(ctx, from) + ", " + i18n.Clock(ctx, from)
	}
	if from.Format(time.DateOnly) == to.Format(time.DateOnly) {
		return i18n.DateLong(ctx, from) + ", " + i18n.Clock(ctx, from) + "–" + i18n.Clock(ctx, to)
	}
	return i18n.DateTime(ctx, from) + " – " + i18n.DateTime(ctx, to)
}
