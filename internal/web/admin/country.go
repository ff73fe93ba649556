package admin

import (
	"context"

	"goodturn/internal/i18n"
)

// countryWord names a country whose holidays are offered. (The library's own tables of names would make the program 3 MB larger.)
func countryWord(ctx context.Context, code string) string {
	if t, ok := countries[code]; ok {
		return i18n.Print(ctx, t)
	}
	return code
}

var countries = map[string]i18n.Text{
	"AT": i18n.MC("country", "Austria"),
	"AU": i18n.MC("country", "Australia"),
	"BE": i18n.MC("country", "Belgium"),
	"BR": i18n.MC("country", "Brazil"),
	"CA": i18n.MC("country", "Canada"),
	"CH": i18n.MC("country", "Switzerland"),
	"CZ": i18n.MC("country", "Czechia"),
	"DE": i18n.MC("country", "Germany"),
	"DK": i18n.MC("country", "Denmark"),
	"ES": i18n.MC("country", "Spain"),
	"FI": i18n.MC("country", "Finland"),
	"FR": i18n.MC("country", "France"),
	"GB": i18n.MC("country", "United Kingdom"),
	"GR": i18n.MC("country", "Greece"),
	"HR": i18n.MC("country", "Croatia"),
	"HU": i18n.MC("country", "Hungary"),
	"IE": i18n.MC("country", "Ireland"),
	"IT": i18n.MC("country", "Italy"),
	"JP": i18n.MC("country", "Japan"),
	"LT": i18n.MC("country", "Lithuania"),
	"LU": i18n.MC("country", "Luxembourg"),
	"MX": i18n.MC("country", "Mexico"),
	"NL": i18n.MC("country", "Netherlands"),
	"NO": i18n.MC("country", "Norway"),
	"NZ": i18n.MC("country", "New Zealand"),
	"PL": i18n.MC("country", "Poland"),
	"PT": i18n.MC("country", "Portugal"),
	"RO": i18n.MC("country", "Romania"),
	"SE": i18n.MC("country", "Sweden"),
	"SI": i18n.MC("country", "Slovenia"),
	"US": i18n.MC("country", "United States"),
	"ZA": i18n.MC("country", "South Africa"),
}
