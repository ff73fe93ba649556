package calendar

import (
	"slices"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/at"
	"github.com/rickar/cal/v2/be"
	"github.com/rickar/cal/v2/ch"
	"github.com/rickar/cal/v2/de"
	"github.com/rickar/cal/v2/nl"
)

// The library is of 2023. Beside it stand, here and in the files like this one, what has been decided since, the Sundays that
// law counts among the holidays, and countries and parts of countries that it does not know.

func and(rules []rule, more ...rule) []rule { return append(slices.Clip(rules), more...) }

func germany() map[string]region {
	out := map[string]region{"DE": {"", library(de.Holidays)}}
	for _, land := range []struct {
		code, name string
		rules      []*cal.Holiday
		more       []rule
	}{
		{"BW", "Baden-Württemberg", de.HolidaysBW, nil},
		{"BY", "Bayern", de.HolidaysBY, nil},
		{"BE", "Berlin", de.HolidaysBE, []rule{once("Tag der Befreiung", DateOf(2020, 5, 8), DateOf(2025, 5, 8)), once("75. Jahrestag des 17. Juni 1953", DateOf(2028, 6, 17))}},
		{"BB", "Brandenburg", de.HolidaysBB, []rule{easter("Ostersonntag", 0), easter("Pfingstsonntag", 49)}},
		{"HB", "Bremen", de.HolidaysHB, nil},
		{"HH", "Hamburg", de.HolidaysHH, nil},
		{"HE", "Hessen", de.HolidaysHE, nil},
		{"MV", "Mecklenburg-Vorpommern", de.HolidaysMV, []rule{fixed("Internationaler Frauentag", time.March, 8).from(2023)}},
		{"NI", "Niedersachsen", de.HolidaysNI, nil},
		{"NW", "Nordrhein-Westfalen", de.HolidaysNW, nil},
		{"RP", "Rheinland-Pfalz", de.HolidaysRP, nil},
		{"SL", "Saarland", de.HolidaysSL, nil},
		{"SN", "Sachsen", de.HolidaysSN, []rule{before("Buß- und Bettag", time.Wednesday, time.November, 22)}},
		{"ST", "Sachsen-Anhalt", de.HolidaysST, nil},
		{"SH", "Schleswig-Holstein", de.HolidaysSH, nil},
		{"TH", "Thüringen", de.HolidaysTH, nil},
	} {
		out["DE-"+land.code] = region{land.name, and(library(land.rules), land.more...)}
	}
	return out
}

func austriaAndSwitzerland() map[string]region {
	common := []rule{
		fixed("Neujahrstag", time.January, 1), easter("Ostersonntag", 0), easter("Ostermontag", 1), easter("Auffahrt", 39), easter("Pfingstsonntag", 49),
		easter("Pfingstmontag", 50), fixed("Bundesfeiertag", time.August, 1), nth("Eidgenössischer Dank-, Buss- und Bettag", 3, time.Sunday, time.September),
		fixed("Weihnachtstag", time.December, 25), fixed("Stephanstag", time.December, 26),
	}
	out := map[string]region{"AT": {"", library(at.Holidays)}, "CH": {"", and(common, easter("Karfreitag", -2))}}
	fast := one("", func(year int) Date { return after("", time.Sunday, time.September, 1).days(year)[0] })
	federalFast := nth("", 3, time.Sunday, time.September)
	stJoseph, corpus := fixed("Josefstag", time.March, 19), easter("Fronleichnam", 60)
	for _, c := range []struct {
		code, name string
		rules      []*cal.Holiday
		more       []rule
	}{
		{"ZH", "Zürich", ch.HolidaysZH, []rule{fixed("Tag der Arbeit", time.May, 1)}},
		{"BE", "Bern", ch.HolidaysBE, nil},
		{"LU", "Luzern", ch.HolidaysLU, []rule{fixed("Berchtoldstag", time.January, 2)}},
		{"UR", "Uri", ch.HolidaysUR, nil},
		{"SZ", "Schwyz", ch.HolidaysSZ, nil},
		{"OW", "Obwalden", ch.HolidaysOW, []rule{fixed("Berchtoldstag", time.January, 2), fixed("Bruder Klaus", time.September, 25)}},
		{"NW", "Nidwalden", ch.HolidaysNW, nil},
		{"GL", "Glarus", ch.HolidaysGL, []rule{one("Näfelser Fahrt", naefels)}},
		{"ZG", "Zug", ch.HolidaysZG, []rule{fixed("Berchtoldstag", time.January, 2), corpus, fixed("Mariä Himmelfahrt", time.August, 15), fixed("Mariä Empfängnis", time.December, 8)}},
		{"FR", "Fribourg", ch.HolidaysFR, []rule{fixed("Immaculée Conception", time.December, 8)}},
		{"SO", "Solothurn", ch.HolidaysSO, nil},
		{"BS", "Basel-Stadt", ch.HolidaysBS, nil},
		{"BL", "Basel-Landschaft", ch.HolidaysBL, nil},
		{"SH", "Schaffhausen", ch.HolidaysSH, []rule{fixed("Berchtoldstag", time.January, 2)}},
		{"AR", "Appenzell Ausserrhoden", ch.HolidaysAR, nil},
		{"AI", "Appenzell Innerrhoden", ch.HolidaysAI, []rule{fixed("Mauritius", time.September, 22)}},
		{"SG", "St. Gallen", ch.HolidaysSG, nil},
		{"GR", "Graubünden", ch.HolidaysGR, nil},
		{"AG", "Aargau", ch.HolidaysAG, nil},
		{"TG", "Thurgau", ch.HolidaysTG, nil},
		{"TI", "Ticino", ch.HolidaysTI, []rule{fixed("San Pietro e Paolo", time.June, 29)}},
		{"VD", "Vaud", ch.HolidaysVD, []rule{federalFast.plus("Lundi du Jeûne fédéral", 1)}},
		{"VS", "Valais", ch.HolidaysVS, []rule{stJoseph}},
		{"NE", "Neuchâtel", ch.HolidaysNE, []rule{fixed("Instauration de la République", time.March, 1), federalFast.plus("Lundi du Jeûne fédéral", 1)}},
		{"GE", "Genève", ch.HolidaysGE, []rule{fast.plus("Jeûne genevois", 4), fixed("Restauration de la République", time.December, 31)}},
		{"JU", "Jura", ch.HolidaysJU, []rule{fixed("Commémoration du plébiscite", time.June, 23)}},
	} {
		drop := []string{}
		if c.code == "GE" || c.code == "NE" {
			drop = append(drop, "Fronleichnam")
		}
		out["CH-"+c.code] = region{c.name, and(and(common, library(c.rules, drop...)...), c.more...)}
	}
	return out
}

// naefels is the first Thursday of April, or the second if that lies in Holy Week.
func naefels(year int) Date {
	d := nth("", 1, time.Thursday, time.April).days(year)[0]
	if sunday := easter("", 0).days(year)[0]; d < sunday && d > sunday-7 {
		d += 7
	}
	return d
}

func benelux() map[string]region {
	return map[string]region{
		"BE": {"", library(be.Holidays)},
		"NL": {"", and(library(nl.Holidays, "Goede Vrijdag", "Bevrijdingsdag", "Koningsdag"), easter("Eerste paasdag", 0), easter("Eerste pinksterdag", 49),
			fixed("Koningsdag", time.April, 27).instead(shift{time.Sunday: -1}))}, // whether the fifth of May is free is up to each employer
		"LU": {"", []rule{
			fixed("Nouvel An", time.January, 1), easter("Lundi de Pâques", 1), fixed("Fête du Travail", time.May, 1), fixed("Journée de l’Europe", time.May, 9).from(2019),
			easter("Ascension", 39), easter("Lundi de Pentecôte", 50), fixed("Fête nationale", time.June, 23), fixed("Assomption", time.August, 15),
			fixed("Toussaint", time.November, 1), fixed("Noël", time.December, 25), fixed("Saint-Étienne", time.December, 26),
		}},
	}
}
