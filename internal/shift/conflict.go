package shift

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/i18n"
)

// Weight is how much a conflict stands in the way.
type Weight int

// The weights.
const (
	Note  Weight = iota // said, and nothing more
	Ask                 // only whoever plans may, knowing of it
	Never               // nobody may
)

// Conflict is what stands against somebody having a shift.
type Conflict struct {
	Weight Weight
	What   What
	Words  i18n.Text // a sentence
}

// What names a kind of conflict.
type What string

// The kinds.
const (
	Overlap   What = "overlap"
	Rest      What = "rest"
	WeekLong  What = "week"
	Away      What = "away"
	Skill     What = "skill"
	NotInTeam What = "team"
	GoneAway  What = "gone" // they do not work here any more
	TheirDark What = "night"
	InBreak   What = "break"
)

// Worst is the greatest weight among conflicts; Note for none.
func Worst(all []Conflict) (w Weight) {
	for _, c := range all {
		w = max(w, c.Weight)
	}
	return w
}

// Member is somebody of a team, with all that decides which shifts they may have.
type Member struct {
	ID     int64
	Name   string
	Zone   *time.Location
	Here   bool // works at the desk, and may see the team's tickets
	InTeam bool
	Week   int // minutes in a week at most
	Skills []string
	Away   Spans   // absences
	Shifts []Shift // theirs, in whatever team, drafts too, the first first
}

// Against says what stands against a member having a shift. rest is how many minutes lie between two shifts, zone where the week of the team begins; knows tells
// whether whoever reads it may know of a team. A shift of theirs with the same id does not count, nor those of without.
func (m Member) Against(s Shift, rest int, zone *time.Location, knows func(teamID int64) bool, without ...int64) (out []Conflict) {
	add := func(w Weight, what What, words i18n.Text) { out = append(out, Conflict{w, what, words}) }
	if !m.Here {
		add(Never, GoneAway, i18n.M("{{.Name}} does not work at the desk any more.", "Name", m.Name))
	} else if !m.InTeam {
		add(Never, NotInTeam, i18n.M("{{.Name}} is not in this team.", "Name", m.Name))
	}
	for _, a := range m.Away {
		if a.overlaps(s.Span()) {
			add(Never, Away, i18n.M("{{.Name}} is away then, from {{.From}} until {{.Until}}.", "Name", m.Name, "From", a.From, "Until", a.Until))
			break
		}
	}
	others := slices.DeleteFunc(slices.Clone(m.Shifts), func(o Shift) bool { return o.ID == s.ID && s.ID != 0 || slices.Contains(without, o.ID) })
	out = append(out, m.beside(s, others, rest, knows)...)
	if c, over := m.tooLong(s, others, zone); over {
		out = append(out, c)
	}
	if missing := slices.DeleteFunc(s.Wants(), func(w string) bool { return slices.Contains(m.Skills, w) }); len(missing) > 0 {
		add(Ask, Skill, i18n.M("{{.Name}} is not known to have: {{.Skills}}.", "Name", m.Name, "Skills", strings.Join(missing, ", ")))
	}
	if m.Zone != nil && offsetAt(m.Zone, s.FromAt) != offsetAt(location(s.Zone), s.FromAt) {
		if n := inNight(s.Span(), m.Zone); n >= 60 {
			add(Note, TheirDark, i18n.M("For {{.Name}} it is night in {{.Hours}} of it: their clock shows {{.Time}} when it begins ({{.Zone}}).", "Name", m.Name, "Hours", lengthText(n), "Time", s.FromAt.Time().In(m.Zone).Format("15:04"), "Zone", m.Zone.String()))
		}
	}
	return once(out)
}

// once leaves out what is said already: two jobs at the very same time are one thing to say.
func once(all []Conflict) []Conflict {
	said := map[string]bool{}
	return slices.DeleteFunc(all, func(c Conflict) bool {
		words := c.Words.String()
		before := said[words]
		said[words] = true
		return before
	})
}

func offsetAt(zone *time.Location, at clock.Instant) int {
	_, o := at.Time().In(zone).Zone()
	return o
}

// beside are the conflicts with the shifts around: at the same time, and too near.
func (m Member) beside(s Shift, others []Shift, rest int, knows func(int64) bool) (out []Conflict) {
	around := []Shift{s}
	for _, o := range others {
		if o.Span().overlaps(s.Span()) {
			out = append(out, m.overlapping(s, o, knows))
		} else {
			around = append(around, o)
		}
	}
	slices.SortStableFunc(around, func(a, b Shift) int { return cmp.Compare(a.FromAt, b.FromAt) })
	return append(out, m.tooNear(s, around, time.Duration(rest)*time.Minute)...)
}

// tooNear finds too little rest before or after a shift. What fits into one working day, as long as the rest leaves of 24 hours, is one turn with a pause in it:
// an hour for a colleague beside one's own shift. Two turns have the whole rest between them.
func (m Member) tooNear(s Shift, around []Shift, rest time.Duration) (out []Conflict) {
	begin, has := 0, false // of the turn, and whether the shift is in it
	for i, o := range around {
		ours := o.FromAt == s.FromAt && o.UntilAt == s.UntilAt && o.ID == s.ID
		if i > 0 {
			before := around[i-1]
			gap := o.FromAt.Sub(before.UntilAt)
			switch {
			case gap >= rest:
				begin, has = i, false
			case o.UntilAt.Sub(around[begin].FromAt) > 24*time.Hour-rest:
				if ours {
					out = append(out, Conflict{Ask, Rest, i18n.M("Only {{.Gap}} of rest for {{.Name}} after the shift that ends {{.When}}; {{.Least}} are asked for.", "Gap", lengthText(minutes(gap)), "Name", m.Name, "When", before.UntilAt, "Least", lengthText(minutes(rest)))})
				} else if has {
					out = append(out, Conflict{Ask, Rest, i18n.M("Only {{.Gap}} of rest for {{.Name}} before the shift that begins {{.When}}; {{.Least}} are asked for.", "Gap", lengthText(minutes(gap)), "Name", m.Name, "When", o.FromAt, "Least", lengthText(minutes(rest)))})
				}
				begin, has = i, false
			}
		}
		has = has || ours
	}
	return out
}

// overlapping says that somebody has another shift at the same time. That it is of a team which the reader may not know of is not told.
func (m Member) overlapping(s, o Shift, knows func(int64) bool) Conflict {
	switch {
	case len(o.Breaks.within(s.Span())) > 0 && s.UntilAt.Sub(s.FromAt) <= o.UntilAt.Sub(o.FromAt) && inside(s.Span(), o.Breaks):
		return Conflict{Never, InBreak, i18n.M("{{.Name}} has a break then, and nothing overrides a break.", "Name", m.Name)}
	case !knows(o.TeamID):
		return Conflict{Never, Overlap, i18n.M("{{.Name}} has something else then, from {{.From}} until {{.Until}}.", "Name", m.Name, "From", o.FromAt, "Until", o.UntilAt)}
	case o.TeamID != s.TeamID:
		return Conflict{Never, Overlap, i18n.M("{{.Name}} would be in two teams at once: there is a shift in another one from {{.From}} until {{.Until}}.", "Name", m.Name, "From", o.FromAt, "Until", o.UntilAt)}
	}
	return Conflict{Never, Overlap, i18n.M("{{.Name}} has another shift then, from {{.From}} until {{.Until}}.", "Name", m.Name, "From", o.FromAt, "Until", o.UntilAt)}
}

func inside(s Span, of Spans) bool {
	return slices.ContainsFunc(of, func(b Span) bool { return b.From <= s.From && s.Until <= b.Until })
}

// tooLong tells that with a shift somebody works more in its week than they may.
func (m Member) tooLong(s Shift, others []Shift, zone *time.Location) (Conflict, bool) {
	in := week(s.FromAt, zone)
	total := minutes(s.Worked())
	for _, o := range others {
		if in.has(o.FromAt) {
			total += minutes(o.Worked())
		}
	}
	if m.Week == 0 || total <= m.Week {
		return Conflict{}, false
	}
	return Conflict{Ask, WeekLong, i18n.M("{{.Name}} would work {{.Hours}} in that week; {{.Most}} are the most.", "Name", m.Name, "Hours", lengthText(total), "Most", lengthText(m.Week))}, true
}
