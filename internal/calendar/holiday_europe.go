package calendar

import (
	"time"

	"github.com/rickar/cal/v2/cz"
	"github.com/rickar/cal/v2/dk"
	"github.com/rickar/cal/v2/es"
	"github.com/rickar/cal/v2/fr"
	"github.com/rickar/cal/v2/gr"
	"github.com/rickar/cal/v2/hr"
	"github.com/rickar/cal/v2/it"
	"github.com/rickar/cal/v2/lt"
	"github.com/rickar/cal/v2/no"
	"github.com/rickar/cal/v2/pl"
	"github.com/rickar/cal/v2/ro"
	"github.com/rickar/cal/v2/se"
	"github.com/rickar/cal/v2/si"
)

func northernEurope() map[string]region {
	return map[string]region{
		"DK": {"", and(library(dk.Holidays, "Store bededag", "Grundlovsdag"), easter("Påskedag", 0), easter("Pinsedag", 49), easter("Store bededag", 26).until(2023))},
		"NO": {"", and(library(no.Holidays), easter("Første påskedag", 0), easter("Første pinsedag", 49))},
		"SE": {"", and(library(se.Holidays, "Midsommarafton", "Julafton", "Nyårsafton"), easter("Påskdagen", 0), easter("Pingstdagen", 49))},
		"FI": {"", []rule{
			fixed("Uudenvuodenpäivä", time.January, 1), fixed("Loppiainen", time.January, 6), easter("Pitkäperjantai", -2), easter("Pääsiäispäivä", 0), easter("Toinen pääsiäispäivä", 1),
			fixed("Vappu", time.May, 1), easter("Helatorstai", 39), easter("Helluntaipäivä", 49), after("Juhannuspäivä", time.Saturday, time.June, 20),
			after("Pyhäinpäivä", time.Saturday, time.October, 31), fixed("Itsenäisyyspäivä", time.December, 6), fixed("Joulupäivä", time.December, 25), fixed("Tapaninpäivä", time.December, 26),
		}},
		"LT": {"", library(lt.Holidays)},
	}
}

func southernEurope() map[string]region {
	out := map[string]region{
		"FR":    {"", library(fr.Holidays)},
		"FR-57": {"Moselle", alsace()},
		"FR-67": {"Bas-Rhin", alsace()},
		"FR-68": {"Haut-Rhin", alsace()},
		"IT":    {"", and(library(it.Holidays), easter("Pasqua", 0), fixed("San Francesco d’Assisi", time.October, 4).from(2026))},
		"GR":    {"", and(library(gr.Holidays), orthodox("Πάσχα", 0), orthodox("Πεντηκοστή", 49))},
		"PT": {"", []rule{
			fixed("Ano Novo", time.January, 1), easter("Sexta-Feira Santa", -2), easter("Páscoa", 0), fixed("Dia da Liberdade", time.April, 25), fixed("Dia do Trabalhador", time.May, 1),
			fixed("Dia de Portugal", time.June, 10), easter("Corpo de Deus", 60), fixed("Assunção de Nossa Senhora", time.August, 15), fixed("Implantação da República", time.October, 5),
			fixed("Dia de Todos os Santos", time.November, 1), fixed("Restauração da Independência", time.December, 1), fixed("Imaculada Conceição", time.December, 8), fixed("Natal", time.December, 25),
		}},
	}
	for code, r := range spain() {
		out[code] = r
	}
	return out
}

func alsace() []rule {
	return and(library(fr.Holidays), easter("Vendredi saint", -2), fixed("Saint-Étienne", time.December, 26))
}

// The communities of Spain choose anew each year which Sunday's holiday they make up for; days that are the same every year stand here.
func spain() map[string]region {
	base := library(es.Holidays)
	thursday, monday := easter("Jueves Santo", -3), easter("Lunes de Pascua", 1)
	james, joseph := fixed("Santiago Apóstol", time.July, 25), fixed("San José", time.March, 19)
	return map[string]region{
		"ES":    {"", base},
		"ES-AN": {"Andalucía", and(base, thursday, fixed("Día de Andalucía", time.February, 28))},
		"ES-CT": {"Catalunya", and(base, monday, fixed("Sant Joan", time.June, 24), fixed("Diada de Catalunya", time.September, 11), fixed("Sant Esteve", time.December, 26))},
		"ES-GA": {"Galicia", and(base, thursday, fixed("Día das Letras Galegas", time.May, 17), james)},
		"ES-MD": {"Madrid", and(base, thursday, fixed("Día de la Comunidad de Madrid", time.May, 2).instead(afterSunday))},
		"ES-PV": {"Euskadi", and(base, thursday, monday, james)},
		"ES-VC": {"Comunitat Valenciana", and(base, monday, joseph, fixed("Sant Joan", time.June, 24), fixed("Dia de la Comunitat Valenciana", time.October, 9))},
	}
}

func easternEurope() map[string]region {
	return map[string]region{
		"CZ": {"", library(cz.Holidays)},
		"PL": {"", and(library(pl.Holidays), easter("Niedziela Wielkanocna", 0), easter("Zielone Świątki", 49), fixed("Wigilia Bożego Narodzenia", time.December, 24).from(2025))},
		"RO": {"", and(library(ro.Holidays), fixed("Bobotează", time.January, 6).from(2024), fixed("Sfântul Ion", time.January, 7).from(2024))},
		"HR": {"", library(hr.Holidays)},
		"SI": {"", library(si.Holidays)},
		"HU": {"", []rule{
			fixed("Újév", time.January, 1), fixed("Az 1848-as forradalom ünnepe", time.March, 15), easter("Nagypéntek", -2), easter("Húsvétvasárnap", 0), easter("Húsvéthétfő", 1),
			fixed("A munka ünnepe", time.May, 1), easter("Pünkösdvasárnap", 49), easter("Pünkösdhétfő", 50), fixed("Az államalapítás ünnepe", time.August, 20), fixed("Az 1956-os forradalom ünnepe", time.October, 23),
			fixed("Mindenszentek", time.November, 1), fixed("Karácsony", time.December, 25), fixed("Karácsony másnapja", time.December, 26),
		}},
	}
}

func britishIsles() map[string]region {
	common := []rule{
		fixed("New Year’s Day", time.January, 1).also(nextMonday), easter("Good Friday", -2), nth("Early May bank holiday", 1, time.Monday, time.May),
		before("Spring bank holiday", time.Monday, time.May, 31), fixed("Christmas Day", time.December, 25).also(twoDaysOn), fixed("Boxing Day", time.December, 26).also(twoDaysOn),
		once("Coronation of King Charles III", DateOf(2023, 5, 8)),
	}
	monday, summer := easter("Easter Monday", 1), before("Summer bank holiday", time.Monday, time.August, 31)
	england := and(common, monday, summer)
	scotland := and(common[1:], fixed("New Year’s Day", time.January, 1).also(twoDaysOn), fixed("2 January", time.January, 2).also(twoDaysOn),
		nth("Summer bank holiday", 1, time.Monday, time.August), fixed("St Andrew’s Day", time.November, 30).also(nextMonday))
	return map[string]region{
		"GB":     {"", england}, // what most people mean; the nations stand below
		"GB-ENG": {"England", england},
		"GB-WLS": {"Wales", england},
		"GB-SCT": {"Scotland", scotland},
		"GB-NIR": {"Northern Ireland", and(england, fixed("St Patrick’s Day", time.March, 17).also(nextMonday), fixed("Battle of the Boyne", time.July, 12).also(nextMonday))},
		"IE": {"", []rule{ // one that falls on a weekend gives a day off, but not a certain one
			fixed("New Year’s Day", time.January, 1), one("St Brigid’s Day", brigid).from(2023), fixed("St Patrick’s Day", time.March, 17), easter("Easter Sunday", 0), monday,
			nth("May Day", 1, time.Monday, time.May), nth("June holiday", 1, time.Monday, time.June), nth("August holiday", 1, time.Monday, time.August), before("October holiday", time.Monday, time.October, 31),
			fixed("Christmas Day", time.December, 25), fixed("St Stephen’s Day", time.December, 26),
		}},
	}
}

// brigid is the first Monday of February, or the first of the month if that is a Friday.
func brigid(year int) Date {
	if d := DateOf(year, time.February, 1); d.Weekday() == time.Friday {
		return d
	}
	return nth("", 1, time.Monday, time.February).days(year)[0]
}
