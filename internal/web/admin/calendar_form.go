package admin

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/ics"
	"goodturn/internal/web/ui"
)

// Rows of days that are empty when the form is opened, those that a button adds, and the most that are read.
const (
	emptyRows = 3
	addedRows = 6
	mostRows  = 1000
)

// yearsAhead is how far days that come every year are taken from a file.
const yearsAhead = 10

// calendarForm is what is typed, as it is typed.
type calendarForm struct {
	id, version int64
	name, zone  string
	moves       []MoveRow
	hours       [7]string // by time.Weekday
	regions     []string
	days        []DayRow
	imported    []calendar.Day
	rows        int           // of days, at least
	now         *calendar.Row // what somebody else saved meanwhile

	file    string // name of the one that was sent
	found   int    // days of it
	left    []ics.Skipped
	more    int // that were left, too
	fileErr error
}

// weekdays begin with Monday.
var weekdays = []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday}

func hoursField(d time.Weekday) string { return "hours_" + strings.ToLower(d.String()) }

// formOf is the form of a stored calendar.
func formOf(row calendar.Row) calendarForm {
	d := row.Definition
	f := calendarForm{id: row.ID, version: row.VersionID, name: row.Name, zone: d.Zone, regions: d.Regions}
	for _, m := range d.Moves {
		f.moves = append(f.moves, MoveRow{From: m.From.String(), Zone: m.Zone})
	}
	for w, spans := range d.Hours {
		f.hours[w] = calendar.Words(spans...)
	}
	days := slices.Clone(d.Days)
	slices.SortStableFunc(days, func(a, b calendar.Day) int { return int(a.From - b.From) })
	for _, day := range days {
		if day.Source != "" {
			f.imported = append(f.imported, day)
			continue
		}
		own := DayRow{From: day.From.String(), Name: day.Name, Hours: calendar.Words(day.Hours...)}
		if day.To != 0 {
			own.To = day.To.String()
		}
		f.days = append(f.days, own)
	}
	f.rows = len(f.days) + emptyRows
	return f
}

// readCalendar reads the form that was sent, with the file in it.
func readCalendar(r *http.Request, id int64, now clock.Instant) calendarForm {
	text := func(name string) string { return strings.TrimSpace(r.PostFormValue(name)) }
	f := calendarForm{id: id, name: text("name"), zone: text("zone")}
	f.version, _ = strconv.ParseInt(text("version"), 10, 64)
	for i, from := range limited(r.PostForm["move_from"]) {
		if m := (MoveRow{From: strings.TrimSpace(from), Zone: nthOf(r.PostForm["move_zone"], i)}); m.From+m.Zone != "" {
			f.moves = append(f.moves, m)
		}
	}
	for _, d := range weekdays {
		f.hours[d] = text(hoursField(d))
	}
	for _, code := range r.PostForm["region"] {
		if code != "" && !slices.Contains(f.regions, code) && len(f.regions) < 50 {
			f.regions = append(f.regions, code)
		}
	}
	for i, from := range limited(r.PostForm["day_from"]) {
		d := DayRow{From: strings.TrimSpace(from), To: nthOf(r.PostForm["day_to"], i), Name: nthOf(r.PostForm["day_name"], i), Hours: nthOf(r.PostForm["day_hours"], i)}
		if d.From+d.To+d.Name+d.Hours != "" {
			f.days = append(f.days, d)
		}
	}
	f.rows = len(f.days) + emptyRows
	if json.Unmarshal([]byte(r.PostFormValue("imported")), &f.imported) != nil {
		f.imported = nil
	}
	f.imported = slices.DeleteFunc(f.imported, func(d calendar.Day) bool {
		return d.Source == "" || len(d.Hours) > 0 || slices.Contains(r.PostForm["drop"], d.Source)
	})
	f.take(r, now)
	return f
}

// take reads the file that was sent with the form. The days of a file of the same name are replaced.
func (f *calendarForm) take(r *http.Request, now clock.Instant) {
	if r.MultipartForm == nil {
		return
	}
	sent, about, err := r.FormFile("file")
	if err != nil || about.Size == 0 {
		return
	}
	defer sent.Close()
	raw, err := io.ReadAll(io.LimitReader(sent, ics.MaxFile+1))
	if err != nil {
		f.fileErr = err
		return
	}
	year := now.Time().Year()
	found, err := ics.ReadDays(raw, calendar.DateOf(year, time.January, 1), calendar.DateOf(year+yearsAhead, time.December, 31))
	if err != nil {
		f.fileErr = err
		return
	}
	if len(found.Days) == 0 && len(found.Skipped) == 0 {
		f.fileErr = fault.Invalid(fault.F("file", i18n.M("There is no whole day in this file that is still to come.")))
		return
	}
	f.file, f.found, f.left, f.more = fileName(about.Filename), countDays(found.Days), found.Skipped, found.More
	f.imported = slices.DeleteFunc(f.imported, func(d calendar.Day) bool { return d.Source == f.file })
	for _, d := range found.Days {
		d.Source = f.file
		f.imported = append(f.imported, d)
	}
}

func fileName(sent string) string {
	name := strings.Join(strings.Fields(strings.ToValidUTF8(filepath.Base(strings.ReplaceAll(sent, `\`, "/")), "")), " ")
	if r := []rune(name); len(r) > 80 {
		name = string(r[:80])
	}
	if name == "" || name == "." || name == "/" {
		return "calendar.ics"
	}
	return name
}

func limited(rows []string) []string { return rows[:min(len(rows), mostRows)] }

func nthOf(values []string, i int) string {
	if i < len(values) {
		return strings.TrimSpace(values[i])
	}
	return ""
}

// row makes a calendar of what is typed; wrong is by field of the form.
func (f *calendarForm) row(ctx context.Context) (row calendar.Row, wrong map[string]string) {
	wrong = map[string]string{}
	note := func(field string, err error) {
		if bad, ok := fault.Of(err); ok && len(bad.Fields) > 0 {
			wrong[field] = i18n.Print(ctx, bad.Fields[0].Message)
		} else if ok {
			wrong[field] = i18n.Print(ctx, bad.Message)
		}
	}
	if f.fileErr != nil {
		note("file", f.fileErr)
	}
	row = calendar.Row{ID: f.id, VersionID: f.version, Name: strings.Join(strings.Fields(f.name), " ")}
	d := &row.Definition
	d.Zone, d.Regions = f.zone, f.regions
	for i, m := range f.moves {
		from, err := date(fmt.Sprintf("moves.%d", i), m.From)
		note(fmt.Sprintf("moves.%d", i), err)
		d.Moves = append(d.Moves, calendar.Move{From: from, Zone: m.Zone})
	}
	for w, typed := range f.hours {
		spans, err := calendar.ParseHours("hours", typed)
		note(hoursField(time.Weekday(w)), err)
		d.Hours[w] = spans
	}
	for i, typed := range f.days {
		day, err := typed.day()
		note(fmt.Sprintf("days.%d", i), err)
		d.Days = append(d.Days, day)
	}
	d.Days = append(d.Days, f.imported...)
	unread := len(wrong) > 0
	if _, err := calendar.Compile(*d); err != nil {
		if bad, ok := fault.Of(err); ok {
			for field, words := range f.words(ctx, bad) {
				if wrong[field] == "" && !(unread && field == "hours") {
					wrong[field] = words
				}
			}
		}
	}
	if row.Name == "" {
		wrong["name"] = i18n.T(ctx, "Please give the calendar a name, such as Office hours Berlin.")
	}
	return row, wrong
}

// words are those of Save and Compile by field of the form.
func (f *calendarForm) words(ctx context.Context, bad *fault.Error) map[string]string {
	out := map[string]string{}
	for _, x := range bad.Fields {
		field := x.Name
		if day, ok := strings.CutPrefix(field, "hours."); ok {
			field = "hours_" + day
		}
		if n, ok := strings.CutPrefix(field, "days."); ok {
			if i, err := strconv.Atoi(n); err == nil && i >= len(f.days) {
				field = "file"
			}
		}
		out[field] = i18n.Print(ctx, x.Message)
	}
	return out
}

func date(field, typed string) (calendar.Date, error) {
	d, err := calendar.ParseDate(typed)
	if err != nil || d.Year() < 1970 || d.Year() > 2150 {
		if typed == "" {
			return 0, fault.Invalid(fault.F(field, i18n.M("On which day? A day is written as in 2026-12-24.")))
		}
		return 0, fault.Invalid(fault.F(field, i18n.M("{{.Text}} is no day that can be. A day is written as in 2026-12-24.", "Text", typed)))
	}
	return d, nil
}

func (r DayRow) day() (d calendar.Day, err error) {
	if d.From, err = date("day", r.From); err != nil {
		return d, err
	}
	if r.To != "" && r.To != r.From {
		if d.To, err = date("day", r.To); err != nil {
			return d, err
		}
	}
	d.Name = r.Name
	d.Hours, err = calendar.ParseHours("day", r.Hours)
	return d, err
}

// view shows the form as it is typed.
func (f *calendarForm) view(ctx context.Context, wrong map[string]string) CalendarView {
	field := func(name, value string) Field { return Field{value, wrong[name]} }
	v := CalendarView{
		Wrong: len(wrong) > 0, Version: f.version, Name: field("name", f.name), Zone: field("zone", f.zone), HoursError: wrong["hours"], RegionError: wrong["regions"],
		DayError: wrong["days"], MovesError: wrong["moves"], FileError: wrong["file"], Moves: append(slices.Clone(f.moves), MoveRow{}), MovesOpen: len(f.moves) > 0,
		Days: slices.Clone(f.days),
	}
	for i := range f.moves {
		v.Moves[i].Error = wrong[fmt.Sprintf("moves.%d", i)]
	}
	for _, d := range weekdays {
		v.Hours = append(v.Hours, HoursRow{Field: hoursField(d), Label: i18n.Weekday(ctx, d), Value: f.hours[d], Error: wrong[hoursField(d)]})
	}
	for i := range v.Days {
		v.Days[i].Error = wrong[fmt.Sprintf("days.%d", i)]
	}
	for len(v.Days) < f.rows {
		v.Days = append(v.Days, DayRow{})
	}
	for _, code := range append(slices.Clone(f.regions), "") {
		v.Regions = append(v.Regions, regionGroups(ctx, code))
	}
	if len(f.imported) > 0 {
		raw, _ := json.Marshal(f.imported)
		v.ImportedData, v.Imported = string(raw), importedRows(ctx, f.imported)
	}
	if f.file != "" {
		v.Read = f.readWords(ctx)
	}
	if f.now != nil {
		v.Changed = calendarWords(ctx, *f.now)
	}
	return v
}

func wrongID(wrong, name string, i int) string {
	if wrong == "" {
		return ""
	}
	return name + "." + strconv.Itoa(i) + "-wrong"
}

func hoursDescribed(h HoursRow) string {
	if h.Error == "" {
		return "hours-hint"
	}
	return "f-" + h.Field + "-wrong hours-hint"
}

// regionGroups are the options of one picker.
func regionGroups(ctx context.Context, chosen string) (out []RegionGroup) {
	names := regionNames(ctx)
	for _, r := range calendar.Regions() {
		option := ui.Choice{Value: r.Code, Label: names(r.Code), Chosen: r.Code == chosen}
		if r.Name == "" {
			out = append(out, RegionGroup{Label: option.Label})
		}
		last := &out[len(out)-1]
		last.Options = append(last.Options, option)
	}
	slices.SortStableFunc(out, func(a, b RegionGroup) int { return strings.Compare(a.Label, b.Label) })
	return out
}
