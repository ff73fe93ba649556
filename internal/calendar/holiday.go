package calendar

import (
	"cmp"
	"maps"
	"slices"
	"sync"
)

// HolidayOn is a public holiday on the day on which it is kept.
type HolidayOn struct {
	Date Date
	Name string // in a language of the country
}

// Region is a country, or a part of one, whose holidays are known well enough to be offered.
type Region struct {
	Code string // as in ISO 3166: "DE", "DE-BY"
	Name string // of a part, in its own language; "" for a country
}

// Country is the code of the country.
func (r Region) Country() string { return r.Code[:2] }

// Regions lists them by code, each country before its parts.
func Regions() []Region {
	out := make([]Region, 0, len(regions()))
	for code, r := range regions() {
		out = append(out, Region{code, r.name})
	}
	slices.SortFunc(out, func(a, b Region) int { return cmp.Compare(a.Code, b.Code) })
	return out
}

// Holidays are the public holidays of a region in a year, in order; none for a region that is not known.
func Holidays(region string, year int) []HolidayOn { return slices.Clone(yearOf(region, year).list) }

// region is how the holidays of a country or a part of one are found.
type region struct {
	name  string
	rules []rule
}

var regions = sync.OnceValue(func() map[string]region {
	all := map[string]region{}
	for _, country := range []map[string]region{
		germany(), austriaAndSwitzerland(), benelux(), northernEurope(), southernEurope(), easternEurope(), britishIsles(), northAmerica(), latinAmerica(),
		oceania(), africaAndAsia(),
	} {
		maps.Copy(all, country)
	}
	return all
})

func knownRegion(code string) bool {
	_, ok := regions()[code]
	return ok
}

// holidayYear is kept for good: of some two hundred regions and three hundred years few are asked for.
type holidayYear struct {
	list  []HolidayOn
	names map[Date]string
}

type regionYear struct {
	region string
	year   int
}

var holidayYears sync.Map // by regionYear, *holidayYear

func yearOf(code string, year int) *holidayYear {
	key := regionYear{code, year}
	if known, ok := holidayYears.Load(key); ok {
		return known.(*holidayYear)
	}
	r, ok := regions()[code]
	if !ok {
		return &holidayYear{}
	}
	made := &holidayYear{names: map[Date]string{}}
	for _, rule := range r.rules {
		for y := year - 1; y <= year+1; y++ { // New Year may be kept on the last day of December
			for _, d := range rule.in(y) {
				if d.Year() == year && made.names[d] == "" {
					made.names[d] = rule.name
					made.list = append(made.list, HolidayOn{d, rule.name})
				}
			}
		}
	}
	slices.SortFunc(made.list, func(a, b HolidayOn) int { return cmp.Compare(a.Date, b.Date) })
	kept, _ := holidayYears.LoadOrStore(key, made)
	return kept.(*holidayYear)
}

func holidayOn(region string, d Date) (string, bool) {
	name, ok := yearOf(region, d.Year()).names[d]
	return name, ok
}
