package shift

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/ics"
	"goodturn/internal/person"
)

// Pattern is what shifts are made of, again and again.
type Pattern struct {
	ID        int64
	TeamID    int64
	Name      string        // "Late"
	Rule      string        // of RFC 5545: on which days
	FirstDay  calendar.Date // not before
	Begins    int           // minutes of the wall clock
	Ends      int           // the same, beyond 1440 on the next day
	Zone      string        // IANA, "" never
	Breaks    string        // "750-780", minutes of the wall clock from the day on which it begins
	Needed    int           // how many people at once
	Skills    string        // words with spaces between them
	Unloved   bool          // said to be, whatever the clock shows
	MadeUntil calendar.Date // the day up to which shifts are made
	EndedAt   clock.Instant // 0 while it goes on
}

const (
	patternColumns = `id, team_id, name, rule, first_day, begins, ends, zone, breaks, needed, skills, unloved, made_until, ended_at`

	maxNeeded   = 40
	maxName     = 60
	maxPatterns = 60 // of a team
	shortest    = 15 // minutes
	dayMinutes  = 24 * 60
)

// Hours are the times of a pattern and its breaks as people write them: "22–6", "2–2:30".
func (p Pattern) Hours() (hours, breaks string) {
	var spans []calendar.Span
	for _, b := range p.breakSpans() {
		spans = append(spans, calendar.Span{From: b.From % dayMinutes, To: b.To - b.From + b.From%dayMinutes})
	}
	if len(spans) > 0 {
		breaks = calendar.Words(spans...)
	}
	return calendar.Words(calendar.Span{From: p.Begins, To: p.Ends}), breaks
}

func (p Pattern) breakSpans() (out []calendar.Span) {
	for part := range strings.FieldsSeq(p.Breaks) {
		from, until, _ := strings.Cut(part, "-")
		out = append(out, calendar.Span{From: number(from), To: number(until)})
	}
	return out
}

func number(text string) (n int) {
	for _, c := range text {
		if c < '0' || c > '9' || n > 1<<20 {
			return 0
		}
		n = n*10 + int(c-'0')
	}
	return n
}

// SetHours reads the times of a shift and its breaks as people write them. What is wrong is a fault of the fields "hours" and "breaks".
func (p *Pattern) SetHours(hours, breaks string) error {
	all, err := calendar.ParseHours("hours", hours)
	if err != nil {
		return err
	}
	switch {
	case len(all) == 0:
		return fault.Invalid(fault.F("hours", i18n.M("From when until when? Write it as in 9–17, or 22–6 for a night.")))
	case len(all) > 1:
		return fault.Invalid(fault.F("hours", i18n.M("A shift is one time, such as 9–17. Please make a pattern for each.")))
	case all[0].To-all[0].From < shortest:
		return fault.Invalid(fault.F("hours", i18n.M("A shift lasts a quarter of an hour at least.")))
	}
	p.Begins, p.Ends = all[0].From, all[0].To
	rest, err := calendar.ParseHours("breaks", breaks)
	if err != nil {
		return err
	}
	for i, b := range rest { // what is before the beginning is of the next day
		if b.From < p.Begins {
			rest[i].From, rest[i].To = b.From+dayMinutes, b.To+dayMinutes
		}
	}
	slices.SortFunc(rest, func(a, b calendar.Span) int { return a.From - b.From })
	var text []string
	for i, b := range rest {
		if b.From <= p.Begins || b.To >= p.Ends {
			return fault.Invalid(fault.F("breaks", i18n.M("The break {{.Break}} does not lie within the shift {{.Shift}}, with work before and after it.", "Break", calendar.Words(calendar.Span{From: b.From % dayMinutes, To: b.To - b.From + b.From%dayMinutes}), "Shift", calendar.Words(all[0]))))
		}
		if i > 0 && b.From < rest[i-1].To {
			return fault.Invalid(fault.F("breaks", i18n.M("Two of the breaks overlap. Please write each once.")))
		}
		text = append(text, strings.TrimSpace(minuteText(b.From)+"-"+minuteText(b.To)))
	}
	p.Breaks = strings.Join(text, " ")
	return nil
}

func minuteText(m int) string {
	if m == 0 {
		return "0"
	}
	var b []byte
	for ; m > 0; m /= 10 {
		b = append(b, byte('0'+m%10))
	}
	slices.Reverse(b)
	return string(b)
}

// Patterns lists the patterns of a team that go on, by their times.
func Patterns(ctx context.Context, tx *db.Tx, a person.Actor, teamID int64) ([]Pattern, error) {
	if !person.Can(a, person.SeeRota, person.Thing{TeamID: teamID}) {
		return nil, fault.NotFound(i18n.M("There is no such team."))
	}
	return db.All[Pattern](ctx, tx, `SELECT `+patternColumns+` FROM shift_pattern WHERE team_id = $1 AND ended_at = 0 ORDER BY begins, name, id`, teamID)
}

// SeePattern finds a pattern for whoever plans.
func SeePattern(ctx context.Context, tx *db.Tx, a person.Actor, id int64) (Pattern, error) {
	p, err := db.One[Pattern](ctx, tx, `SELECT `+patternColumns+` FROM shift_pattern WHERE id = $1`, id)
	if errors.Is(err, db.ErrNoRow) || err == nil && !person.Can(a, person.PlanRota, person.Thing{TeamID: p.TeamID}) {
		return Pattern{}, fault.NotFound(i18n.M("There is no such pattern any more."))
	}
	return p, err
}

// check finds what is wrong with a pattern, and gives its rule. The fields are name, rule, first, zone, needed, skills, hours.
func (p *Pattern) check() (*ics.Rule, error) {
	var wrong []fault.Field
	p.Name, p.Rule = person.CleanName(p.Name), strings.TrimSpace(p.Rule)
	if p.Name == "" || utf8.RuneCountInString(p.Name) > maxName {
		wrong = append(wrong, fault.F("name", i18n.M("What is the shift called? Up to {{.Most}} characters, such as Late.", "Most", maxName)))
	}
	zone, err := time.LoadLocation(p.Zone)
	if err != nil || p.Zone == "" || p.Zone == "Local" {
		wrong = append(wrong, fault.F("zone", i18n.M("There is no time zone “{{.Name}}”. One looks like Europe/Berlin.", "Name", p.Zone)))
		zone = time.UTC
	}
	if p.Needed < 1 || p.Needed > maxNeeded {
		wrong = append(wrong, fault.F("needed", i18n.M("How many people at once? Please give a number from 1 to {{.Most}}.", "Most", maxNeeded)))
	}
	if p.Skills, err = cleanSkills(p.Skills); err != nil {
		if f, ok := fault.Of(err); ok {
			wrong = append(wrong, f.Fields...)
		}
	}
	if p.Ends <= p.Begins || p.Ends-p.Begins > dayMinutes {
		wrong = append(wrong, fault.F("hours", i18n.M("From when until when? Write it as in 9–17, or 22–6 for a night.")))
	}
	if y := p.FirstDay.Year(); y < 2000 || y > 2100 {
		wrong = append(wrong, fault.F("first", i18n.M("From which day on? Please give a day between 2000 and 2100.")))
		return nil, fault.Check(wrong)
	}
	for _, part := range []string{"BYHOUR", "BYMINUTE", "BYSECOND"} {
		if strings.Contains(strings.ToUpper(p.Rule), part) {
			wrong = append(wrong, fault.F("rule", i18n.M("The rule says on which days; the hours of the shift are given apart. Please leave {{.Part}} out.", "Part", part)))
			return nil, fault.Check(wrong)
		}
	}
	rule, err := ics.ParseRule(p.Rule, ics.At(p.FirstDay, 12*60, zone))
	if f, ok := fault.Of(err); ok {
		wrong = append(wrong, f.Fields...)
	} else if err != nil {
		return nil, err
	}
	return rule, fault.Check(wrong)
}

// cleanSkills are the words of what is asked for, as people have them.
func cleanSkills(text string) (string, error) {
	var out []string
	for _, raw := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return r == ' ' || r == ',' || r == ';' || r == '\n' || r == '\t' || r == '#' }) {
		if utf8.RuneCountInString(raw) > 40 || len(out) >= 10 {
			return text, fault.Invalid(fault.F("skills", i18n.M("Please give up to ten short words, such as de or printer.")))
		}
		out = append(out, raw)
	}
	slices.Sort(out)
	return strings.Join(slices.Compact(out), " "), nil
}

// SavePattern adds a pattern (ID 0) or changes it, and makes its shifts. Those to come that nobody has, and nobody changed, become as the pattern is now; all others
// stay as they are.
func (r *Rota) SavePattern(ctx context.Context, tx *db.Tx, by person.Actor, p Pattern) (int64, error) {
	if err := mayPlan(by, p.TeamID); err != nil {
		return 0, err
	}
	if _, err := p.check(); err != nil {
		return 0, err
	}
	if p.ID == 0 {
		n, err := db.One[int](ctx, tx, `SELECT count(*) FROM shift_pattern WHERE team_id = $1 AND ended_at = 0`, p.TeamID)
		if err != nil {
			return 0, err
		}
		if n >= maxPatterns {
			return 0, fault.Invalid(fault.F("name", i18n.M("A team has up to {{.Most}} patterns. Please end one that is not needed any more.", "Most", maxPatterns)))
		}
		id, err := db.One[int64](ctx, tx, `INSERT INTO shift_pattern (team_id, name, rule, first_day, begins, ends, zone, breaks, needed, skills, unloved, created_at, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12) RETURNING id`,
			p.TeamID, p.Name, p.Rule, int64(p.FirstDay), p.Begins, p.Ends, p.Zone, p.Breaks, p.Needed, p.Skills, p.Unloved, tx.Now)
		if err != nil {
			return 0, err
		}
		return id, r.makeTeam(ctx, tx, p.TeamID)
	}
	was, err := SeePattern(ctx, tx, by, p.ID)
	if err != nil {
		return 0, err
	}
	if was.TeamID != p.TeamID || was.EndedAt != 0 {
		return 0, fault.NotFound(i18n.M("There is no such pattern any more."))
	}
	_, err = tx.Exec(ctx, `UPDATE shift_pattern SET name = $2, rule = $3, first_day = $4, begins = $5, ends = $6, zone = $7, breaks = $8, needed = $9, skills = $10, unloved = $11, made_until = 0, changed_at = $12 WHERE id = $1`,
		p.ID, p.Name, p.Rule, int64(p.FirstDay), p.Begins, p.Ends, p.Zone, p.Breaks, p.Needed, p.Skills, p.Unloved, tx.Now)
	if err != nil {
		return 0, err
	}
	return p.ID, r.makeTeam(ctx, tx, p.TeamID)
}

// EndPattern makes no more shifts of a pattern. Those to come that nobody has go away; those that somebody has stay.
func (r *Rota) EndPattern(ctx context.Context, tx *db.Tx, by person.Actor, id int64) error {
	p, err := SeePattern(ctx, tx, by, id)
	if err != nil {
		return err
	}
	if err := mayPlan(by, p.TeamID); err != nil {
		return err
	}
	if err := dropUntouched(ctx, tx, p.ID); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE shift_pattern SET ended_at = $2 WHERE id = $1 AND ended_at = 0`, id, tx.Now); err != nil {
		return err
	}
	return r.changed(ctx, tx, p.TeamID)
}
