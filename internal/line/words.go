package line

import (
	"context"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/i18n"
)

// Sentences say in the reader's language what can be said about a wait: what is usual, and what is true nine times out of ten; the second
// is "" when the first says that nothing is known.
func (w Wait) Sentences(ctx context.Context, now clock.Instant) (usual, most string) {
	if !w.Known {
		return i18n.T(ctx, "We cannot say yet how long it will take."), ""
	}
	usual = i18n.T(ctx, "Usually it is your turn {{.When}}.", "When", w.Half.say(ctx, now, w.Worked[1], w.Worked[2]))
	return usual, i18n.T(ctx, "That is how it was for every second request like yours; nine of ten had their turn {{.When}}.", "When", w.Most.say(ctx, now, w.Worked[0], w.Worked[3]))
}

// say tells a range: as lengths while it is worked all the time until then, else as moments. least and longest are its working milliseconds.
func (r Range) say(ctx context.Context, now clock.Instant, least, longest int64) string {
	if r.To.Sub(now).Milliseconds() == longest {
		return lengths(ctx, least, longest)
	}
	from, to := r.From.Time().In(i18n.ZoneOf(ctx)), r.To.Time().In(i18n.ZoneOf(ctx))
	from, to = from.Truncate(15*time.Minute), to.Add(15*time.Minute-1).Truncate(15*time.Minute)
	if least == 0 && r.From.Sub(now) <= 0 {
		return i18n.T(ctx, "by {{.When}}", "When", i18n.T(ctx, "{{.Day}}, {{.Clock}}", "Day", day(ctx, now, to), "Clock", i18n.Clock(ctx, to)))
	}
	if from.YearDay() == to.YearDay() && from.Year() == to.Year() {
		return i18n.T(ctx, "{{.Day}} between {{.From}} and {{.To}}", "Day", day(ctx, now, from), "From", i18n.Clock(ctx, from), "To", i18n.Clock(ctx, to))
	}
	return i18n.T(ctx, "between {{.From}} and {{.To}}", "From", i18n.T(ctx, "{{.Day}}, {{.Clock}}", "Day", day(ctx, now, from), "Clock", i18n.Clock(ctx, from)), "To", i18n.T(ctx, "{{.Day}}, {{.Clock}}", "Day", day(ctx, now, to), "Clock", i18n.Clock(ctx, to)))
}

// lengths says two lengths in one unit where they have one.
func lengths(ctx context.Context, least, longest int64) string {
	const minute = int64(time.Minute / time.Millisecond)
	a, b := least/minute, longest/minute
	switch {
	case a == b || a == 0:
		return i18n.T(ctx, "within {{.Length}}", "Length", length(ctx, max(b, 1)))
	case b < 120:
		return i18n.N(ctx, "within {{.From}} to {{.Count}} minute", "within {{.From}} to {{.Count}} minutes", int(b), "From", i18n.Number(ctx, a))
	case a%60 == 0 && b%60 == 0:
		return i18n.N(ctx, "within {{.From}} to {{.Count}} hour", "within {{.From}} to {{.Count}} hours", int(b/60), "From", i18n.Number(ctx, a/60))
	}
	return i18n.T(ctx, "within {{.From}} to {{.To}}", "From", length(ctx, a), "To", length(ctx, b))
}

// length says minutes, as hours when they are many.
func length(ctx context.Context, minutes int64) string {
	switch {
	case minutes < 90:
		return i18n.N(ctx, "{{.Count}} minute", "{{.Count}} minutes", int(minutes))
	case minutes%60 == 0:
		return i18n.N(ctx, "{{.Count}} hour", "{{.Count}} hours", int(minutes/60))
	case minutes%30 == 0 && minutes > 180:
		return i18n.T(ctx, "{{.Hours}}½ hours", "Hours", i18n.Number(ctx, minutes/60))
	}
	return i18n.T(ctx, "{{.Hours}} h {{.Minutes}} min", "Hours", i18n.Number(ctx, minutes/60), "Minutes", i18n.Number(ctx, minutes%60))
}

// day names a day: today, tomorrow, Monday, or its date.
func day(ctx context.Context, now clock.Instant, t time.Time) string {
	today := now.Time().In(t.Location())
	midnight := func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC) }
	switch days := int(midnight(t).Sub(midnight(today)).Hours() / 24); {
	case days <= 0:
		return i18n.T(ctx, "today")
	case days == 1:
		return i18n.T(ctx, "tomorrow")
	case days < 7:
		return i18n.Weekday(ctx, t.Weekday())
	}
	return i18n.Date(ctx, t)
}

// Words say a place, "2nd", and how the sentence goes on: "in line. 1 request comes before yours." holder is the first name of whoever has it.
func (p Place) Words(ctx context.Context, holder string) (place, rest string) {
	place = ordinal(ctx, p.Number())
	switch {
	case p.Holder == 0 && p.Ahead == 0:
		return place, i18n.T(ctx, "in line. Yours is the next to be taken.")
	case p.Holder == 0:
		return place, i18n.N(ctx, "in line. {{.Count}} request comes before yours.", "in line. {{.Count}} requests come before yours.", p.Ahead)
	case p.Ahead == 0:
		return place, i18n.T(ctx, "of what {{.Name}} has to answer: nothing comes before it.", "Name", holder)
	}
	return place, i18n.N(ctx, "of what {{.Name}} has to answer: {{.Count}} other comes before it.", "of what {{.Name}} has to answer: {{.Count}} others come before it.", p.Ahead, "Name", holder)
}

// ordinal writes a number as a place: "2nd".
func ordinal(ctx context.Context, n int) string {
	number := i18n.Number(ctx, int64(n))
	switch tens := n % 100; {
	case n%10 == 1 && tens != 11:
		return i18n.T(ctx, "{{.Number}}st", "Number", number)
	case n%10 == 2 && tens != 12:
		return i18n.T(ctx, "{{.Number}}nd", "Number", number)
	case n%10 == 3 && tens != 13:
		return i18n.T(ctx, "{{.Number}}rd", "Number", number)
	}
	return i18n.T(ctx, "{{.Number}}th", "Number", number)
}
