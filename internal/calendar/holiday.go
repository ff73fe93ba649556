package calendar

import (
	"sync"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/de"
)

// HolidayOn is a public holiday on the day on which it is kept.
type HolidayOn struct {
	Date Date
	Name string // in a language of the country
}

// Holidays are the public holidays of a region in a year, in order; none for a region that is not known.
func Holidays(region string, year int) []HolidayOn { return yearOf(region, year).list }

// regions says by which rules a region's holidays are found.
var regions = map[string][]*cal.Holiday{
	"DE": de.Holidays, "DE-BW": de.HolidaysBW, "DE-BY": de.HolidaysBY, "DE-BE": de.HolidaysBE, "DE-BB": de.HolidaysBB, "DE-HB": de.HolidaysHB,
	"DE-HH": de.HolidaysHH, "DE-HE": de.HolidaysHE, "DE-MV": de.HolidaysMV, "DE-NI": de.HolidaysNI, "DE-NW": de.HolidaysNW, "DE-RP": de.HolidaysRP,
	"DE-SL": de.HolidaysSL, "DE-SN": de.HolidaysSN, "DE-ST": de.HolidaysST, "DE-SH": de.HolidaysSH, "DE-TH": de.HolidaysTH,
}

func knownRegion(code string) bool { return regions[code] != nil }

// holidayYear is kept for good: there are some two hundred regions and three hundred years, of which few are asked for.
type holidayYear struct {
	list  []HolidayOn
	names map[Date]string
}

type regionYear struct {
	region string
	year   int
}

var holidayYears sync.Map // by regionYear, *holidayYear

func yearOf(region string, year int) *holidayYear {
	key := regionYear{region, year}
	if known, ok := holidayYears.Load(key); ok {
		return known.(*holidayYear)
	}
	if !knownRegion(region) {
		return &holidayYear{}
	}
	made := &holidayYear{names: map[Date]string{}}
	for _, rule := range regions[region] {
		_, t := rule.Calc(year)
		if t.IsZero() {
			continue
		}
		made.list = append(made.list, HolidayOn{DateAt(t), rule.Name})
		made.names[DateAt(t)] = rule.Name
	}
	kept, _ := holidayYears.LoadOrStore(key, made)
	return kept.(*holidayYear)
}

func holidayOn(region string, d Date) (string, bool) {
	name, ok := yearOf(region, d.Year()).names[d]
	return name, ok
}
