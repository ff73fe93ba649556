package portal

import (
	"context"
	"slices"
	"strings"
	"time"

	"goodturn/internal/i18n"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// zones are places whose clocks stand for those of everybody: all names of the time zone database would be half a
// page's weight. Any other name that is stored stays offered.
var zones = strings.Fields(`Pacific/Honolulu America/Anchorage America/Los_Angeles America/Phoenix America/Denver America/Mexico_City America/Chicago
	America/Bogota America/Toronto America/New_York America/Caracas America/Halifax America/Santiago America/Sao_Paulo America/Argentina/Buenos_Aires America/St_Johns
	Atlantic/Azores UTC Africa/Casablanca Africa/Lagos Europe/Lisbon Europe/London Europe/Dublin Europe/Madrid Europe/Paris Europe/Zurich Europe/Berlin Europe/Vienna Europe/Rome
	Europe/Warsaw Europe/Athens Europe/Helsinki Africa/Cairo Africa/Johannesburg Asia/Jerusalem Europe/Istanbul Africa/Nairobi Europe/Moscow Asia/Riyadh Asia/Tehran Asia/Dubai
	Asia/Kabul Asia/Karachi Asia/Kolkata Asia/Kathmandu Asia/Dhaka Asia/Yangon Asia/Bangkok Asia/Jakarta Asia/Shanghai Asia/Singapore Asia/Manila Australia/Perth
	Asia/Tokyo Asia/Seoul Australia/Adelaide Australia/Sydney Australia/Brisbane Pacific/Auckland`)

// zoneChoices offers the desk's own zone, and the others with what their clocks show now.
func (p *Portal) zoneChoices(ctx context.Context, v page.Visit, chosen string) []ui.Choice {
	desk := "UTC"
	if p.Site.Zone != nil {
		desk = p.Site.Zone.String()
	}
	out := []ui.Choice{{Label: i18n.T(ctx, "The desk's: {{.Zone}}", "Zone", cityOf(desk)), Chosen: chosen == ""}}
	names := zones
	if chosen != "" && !slices.Contains(zones, chosen) {
		names = append([]string{chosen}, zones...)
	}
	for _, name := range names {
		z, err := time.LoadLocation(name)
		if err != nil {
			continue
		}
		out = append(out, ui.Choice{Value: name, Label: i18n.Clock(i18n.With(ctx, i18n.LangOf(ctx), z), v.Now) + " " + cityOf(name), Chosen: name == chosen})
	}
	return out
}

// cityOf is the name of a zone for people: "Buenos Aires".
func cityOf(zone string) string {
	return strings.ReplaceAll(zone[strings.LastIndexByte(zone, '/')+1:], "_", " ")
}
