package admin

import (
	"context"
	"strings"

	"goodturn/internal/i18n"
	"goodturn/internal/web/ui"
)

func languageChoices(ctx context.Context, chosen string) []ui.Choice {
	out := []ui.Choice{{Label: i18n.T(ctx, "As their browser asks for"), Chosen: chosen == ""}}
	for _, l := range i18n.Languages() {
		out = append(out, ui.Choice{Value: l.Code, Label: l.Name, Chosen: l.Code == chosen})
	}
	return out
}

// manyZones are offered while a zone is typed; any other name of the time zone database does as well.
var manyZones = strings.Fields(`Africa/Cairo Africa/Johannesburg Africa/Lagos Africa/Nairobi America/Argentina/Buenos_Aires America/Bogota America/Chicago America/Denver
	America/Los_Angeles America/Mexico_City America/New_York America/Sao_Paulo America/Toronto Asia/Dhaka Asia/Dubai Asia/Jakarta Asia/Karachi Asia/Kolkata Asia/Manila
	Asia/Seoul Asia/Shanghai Asia/Singapore Asia/Tokyo Australia/Perth Australia/Sydney Europe/Athens Europe/Berlin Europe/Dublin Europe/Helsinki Europe/Istanbul
	Europe/Lisbon Europe/London Europe/Madrid Europe/Paris Europe/Rome Europe/Vienna Europe/Warsaw Europe/Zurich Pacific/Auckland UTC`)

func zoneSuggestions() []ui.Suggestion {
	out := make([]ui.Suggestion, len(manyZones))
	for i, z := range manyZones {
		out[i] = ui.Suggestion{Value: z, Label: z}
	}
	return out
}

// deskZone is the zone of people who have chosen none.
func (a *Admin) deskZone() string {
	if a.Site.Zone == nil {
		return "UTC"
	}
	return a.Site.Zone.String()
}
