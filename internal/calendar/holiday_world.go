package calendar

import (
	"time"

	"github.com/rickar/cal/v2/br"
	"github.com/rickar/cal/v2/jp"
	"github.com/rickar/cal/v2/us"
)

func northAmerica() map[string]region {
	federal := []rule{
		fixed("New Year’s Day", time.January, 1).also(nearest), nth("Martin Luther King Jr. Day", 3, time.Monday, time.January), nth("Washington’s Birthday", 3, time.Monday, time.February),
		before("Memorial Day", time.Monday, time.May, 31), fixed("Juneteenth", time.June, 19).also(nearest).from(2021), fixed("Independence Day", time.July, 4).also(nearest),
		nth("Labor Day", 1, time.Monday, time.September), fixed("Veterans Day", time.November, 11).also(nearest), nth("Thanksgiving Day", 4, time.Thursday, time.November),
		fixed("Christmas Day", time.December, 25).also(nearest),
	}
	columbus := nth("Columbus Day", 2, time.Monday, time.October)
	dayAfter := nth("", 4, time.Thursday, time.November).plus("Day after Thanksgiving", 1)
	out := map[string]region{
		"US":    {"", and(library(us.Holidays), fixed("Juneteenth", time.June, 19).from(2021))},
		"US-CA": {"California", and(federal, fixed("César Chávez Day", time.March, 31).also(afterSunday), dayAfter)},
		"US-NY": {"New York", and(federal, columbus, fixed("Lincoln’s Birthday", time.February, 12), after("Election Day", time.Tuesday, time.November, 2))},
		"US-TX": {"Texas", and(federal, columbus, dayAfter, fixed("Christmas Eve", time.December, 24), fixed("Day after Christmas", time.December, 26))},
	}
	for code, r := range canada() {
		out[code] = r
	}
	return out
}

// A holiday of Canada's that falls on a weekend is made up for by agreement; what statutes say stands here.
func canada() map[string]region {
	base := []rule{
		fixed("New Year’s Day", time.January, 1), easter("Good Friday", -2), fixed("Canada Day", time.July, 1), nth("Labour Day", 1, time.Monday, time.September), fixed("Christmas Day", time.December, 25),
	}
	family, victoria := nth("Family Day", 3, time.Monday, time.February), before("Victoria Day", time.Monday, time.May, 24)
	thanksgiving, remembrance := nth("Thanksgiving", 2, time.Monday, time.October), fixed("Remembrance Day", time.November, 11)
	truth := fixed("National Day for Truth and Reconciliation", time.September, 30)
	civic, boxing := nth("Civic holiday", 1, time.Monday, time.August), fixed("Boxing Day", time.December, 26)
	return map[string]region{
		"CA":    {"", base},
		"CA-AB": {"Alberta", and(base, family, victoria, thanksgiving, remembrance)},
		"CA-BC": {"British Columbia", and(base, family, victoria, nth("British Columbia Day", 1, time.Monday, time.August), truth.from(2023), thanksgiving, remembrance)},
		"CA-MB": {"Manitoba", and(base, nth("Louis Riel Day", 3, time.Monday, time.February), victoria, nth("Terry Fox Day", 1, time.Monday, time.August), truth.from(2024), thanksgiving)},
		"CA-NB": {"New Brunswick", and(base, family, nth("New Brunswick Day", 1, time.Monday, time.August), remembrance)},
		"CA-NS": {"Nova Scotia", and(base, nth("Heritage Day", 3, time.Monday, time.February), remembrance)},
		"CA-ON": {"Ontario", and(base, family, easter("Easter Monday", 1), victoria, thanksgiving, boxing)}, // Easter Monday is kept by employers and schools, not by statute
		"CA-QC": {"Québec", and(base, before("Journée nationale des patriotes", time.Monday, time.May, 24), fixed("Fête nationale", time.June, 24), thanksgiving)},
		"CA-SK": {"Saskatchewan", and(base, family, victoria, civic, thanksgiving, remembrance)},
	}
}

func latinAmerica() map[string]region {
	base := and(library(br.Holidays, "Carnaval", "Corpus Christi"), fixed("Dia da Consciência Negra", time.November, 20).from(2024)) // those two are left to each employer
	return map[string]region{
		"BR":    {"", base},
		"BR-RJ": {"Rio de Janeiro", and(base, easter("Carnaval", -47), fixed("Dia de São Jorge", time.April, 23))},
		"BR-SP": {"São Paulo", and(base, fixed("Revolução Constitucionalista", time.July, 9))},
		"MX": {"", []rule{
			fixed("Año Nuevo", time.January, 1), nth("Día de la Constitución", 1, time.Monday, time.February), nth("Natalicio de Benito Juárez", 3, time.Monday, time.March), fixed("Día del Trabajo", time.May, 1),
			fixed("Día de la Independencia", time.September, 16), nth("Día de la Revolución", 3, time.Monday, time.November), once("Transmisión del Poder Ejecutivo", DateOf(2024, 10, 1), DateOf(2030, 10, 1)),
			fixed("Navidad", time.December, 25),
		}},
	}
}

func oceania() map[string]region {
	australia := []rule{
		fixed("New Year’s Day", time.January, 1).also(nextMonday), fixed("Australia Day", time.January, 26).instead(nextMonday), easter("Good Friday", -2), easter("Easter Saturday", -1),
		easter("Easter Sunday", 0), easter("Easter Monday", 1), fixed("Anzac Day", time.April, 25), fixed("Christmas Day", time.December, 25).also(twoDaysOn), fixed("Boxing Day", time.December, 26).also(twoDaysOn),
	}
	king := nth("King’s Birthday", 2, time.Monday, time.June)
	labour := nth("Labour Day", 1, time.Monday, time.October)
	return map[string]region{
		"AU":     {"", australia},
		"AU-ACT": {"Australian Capital Territory", and(australia, fixed("Anzac Day", time.April, 25).also(afterSunday), nth("Canberra Day", 2, time.Monday, time.March), after("Reconciliation Day", time.Monday, time.May, 27), king, labour)},
		"AU-NSW": {"New South Wales", and(australia, // in 2026 and 2027 a weekend's Anzac Day is made up for
			rule{name: "Anzac Day", days: fixed("", time.April, 25).also(nextMonday).days, since: 2026, last: 2027}, king, labour)},
		"AU-NT":  {"Northern Territory", and(australia, fixed("Anzac Day", time.April, 25).also(afterSunday), nth("May Day", 1, time.Monday, time.May), king, nth("Picnic Day", 1, time.Monday, time.August))},
		"AU-QLD": {"Queensland", and(australia, fixed("Anzac Day", time.April, 25).also(afterSunday), nth("Labour Day", 1, time.Monday, time.May), nth("King’s Birthday", 1, time.Monday, time.October))},
		"AU-SA":  {"South Australia", and(australia, fixed("Anzac Day", time.April, 25).also(afterSunday), nth("Adelaide Cup Day", 2, time.Monday, time.March), king, labour)},
		"AU-TAS": {"Tasmania", and(australia, nth("Eight Hours Day", 2, time.Monday, time.March), king)},
		"AU-VIC": {"Victoria", and(australia, nth("Labour Day", 2, time.Monday, time.March), king, before("AFL Grand Final Friday", time.Friday, time.September, 30), nth("Melbourne Cup", 1, time.Tuesday, time.November))},
		"AU-WA":  {"Western Australia", and(australia, fixed("Anzac Day", time.April, 25).also(nextMonday), nth("Labour Day", 1, time.Monday, time.March), nth("Western Australia Day", 1, time.Monday, time.June), before("King’s Birthday", time.Monday, time.September, 30))},
		"NZ": {"", []rule{
			fixed("New Year’s Day", time.January, 1).also(twoDaysOn), fixed("Day after New Year’s Day", time.January, 2).also(twoDaysOn), fixed("Waitangi Day", time.February, 6).also(nextMonday), easter("Good Friday", -2),
			easter("Easter Monday", 1), fixed("Anzac Day", time.April, 25).also(nextMonday), nth("King’s Birthday", 1, time.Monday, time.June), matariki(), nth("Labour Day", 4, time.Monday, time.October),
			fixed("Christmas Day", time.December, 25).also(twoDaysOn), fixed("Boxing Day", time.December, 26).also(twoDaysOn),
		}},
	}
}

// matariki is set in the schedule of the Act, for thirty years from 2022.
func matariki() rule {
	return once("Matariki", DateOf(2022, 6, 24), DateOf(2023, 7, 14), DateOf(2024, 6, 28), DateOf(2025, 6, 20), DateOf(2026, 7, 10), DateOf(2027, 6, 25), DateOf(2028, 7, 14), DateOf(2029, 7, 6),
		DateOf(2030, 6, 21), DateOf(2031, 7, 11), DateOf(2032, 7, 2), DateOf(2033, 6, 24), DateOf(2034, 7, 7), DateOf(2035, 6, 29), DateOf(2036, 7, 18), DateOf(2037, 7, 10), DateOf(2038, 6, 25),
		DateOf(2039, 7, 15), DateOf(2040, 7, 6), DateOf(2041, 7, 19), DateOf(2042, 7, 11), DateOf(2043, 7, 3), DateOf(2044, 6, 24), DateOf(2045, 7, 7), DateOf(2046, 6, 29), DateOf(2047, 7, 19),
		DateOf(2048, 7, 3), DateOf(2049, 6, 25), DateOf(2050, 7, 15), DateOf(2051, 6, 30), DateOf(2052, 6, 21))
}

func africaAndAsia() map[string]region {
	return map[string]region{
		"ZA": {"", []rule{
			fixed("New Year’s Day", time.January, 1).also(afterSunday), fixed("Human Rights Day", time.March, 21).also(afterSunday), easter("Good Friday", -2), easter("Family Day", 1),
			fixed("Freedom Day", time.April, 27).also(afterSunday), fixed("Workers’ Day", time.May, 1).also(afterSunday), fixed("Youth Day", time.June, 16).also(afterSunday), fixed("National Women’s Day", time.August, 9).also(afterSunday),
			fixed("Heritage Day", time.September, 24).also(afterSunday), fixed("Day of Reconciliation", time.December, 16).also(afterSunday), fixed("Christmas Day", time.December, 25).also(afterSunday), fixed("Day of Goodwill", time.December, 26).also(afterSunday),
		}},
		"JP": {"", library(jp.Holidays)},
	}
}
