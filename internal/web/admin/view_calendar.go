package admin

import "goodturn/internal/web/ui"

// CalendarsView lists the calendars.
type CalendarsView struct {
	Frame     Frame
	Calendars []CalendarRow
}

// CalendarRow is a calendar in the list.
type CalendarRow struct {
	Name, URL string
	Zone      string
	Hours     string // in words
	Next      string // the next day that differs, in words; "" when none comes soon
	Standard  bool   // the desk's own, which counts wherever nothing else is said
}

// CalendarView is the form of one calendar, new or known.
type CalendarView struct {
	Frame      Frame
	Title, URL string
	// Remove is where the calendar is removed; "" for a new one and for the standard one.
	Remove   string
	Standard bool
	Wrong    bool
	// Changed says, when somebody else saved meanwhile, what is otherwise now.
	Changed []string
	Version int64

	Name, Zone Field
	Zones      []ui.Suggestion
	Moves      []MoveRow
	MovesOpen  bool
	MovesError string

	Hours      []HoursRow
	HoursError string

	Regions     [][]RegionGroup // one picker each
	RegionError string

	Days     []DayRow
	DayError string

	Imported     []ImportedRow
	ImportedData string // all imported days, carried by the form
	FileError    string
	Read         []string // what was found in a file that was just read

	Preview *PreviewView // of what is typed; nil when that cannot be read
}

// MoveRow is a change of the zone.
type MoveRow struct{ From, Zone, Error string }

// HoursRow is a weekday.
type HoursRow struct{ Field, Label, Value, Error string }

// RegionGroup is a country in a picker, with its parts.
type RegionGroup struct {
	Label   string
	Options []ui.Choice
}

// DayRow is a day of one's own.
type DayRow struct{ From, To, Name, Hours, Error string }

// ImportedRow is a file that days came from.
type ImportedRow struct {
	Source string
	About  string   // how many days, from when until when
	Days   []string // in words
}

// PreviewView shows what comes of a calendar.
type PreviewView struct {
	Weeks    []PreviewWeek
	Holidays []string // the next days that differ, in words
	Clocks   []string // the next changes of the clocks, in words
}

// PreviewWeek is a week from Monday to Sunday.
type PreviewWeek struct {
	Label string
	Days  []PreviewDay
}

// PreviewDay is a day with its hours, or why it has none.
type PreviewDay struct {
	Label  string
	Hours  string // "" when closed
	Why    string // name of the holiday, the day off or the opening
	Closed bool
	Odd    string // that the clocks change, or the zone
}
