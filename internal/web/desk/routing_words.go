package desk

import (
	"context"
	"strings"

	"goodturn/internal/i18n"
	"goodturn/internal/routing"
	"goodturn/internal/ticket"
)

// routedWords tell of a ticket that the desk gave to somebody by itself, and why.
func (c *conversation) routedWords(ctx context.Context, r routing.Reason, from, to int64) (text, why string) {
	why = strings.Join(c.reasonWords(ctx, r), ", ")
	if to == 0 {
		return i18n.T(ctx, "{{.Name}} no longer has it", "Name", c.who.short(from, c.site)), why
	}
	switch r.Why {
	case routing.Asked, routing.ByOffer:
		return i18n.T(ctx, "{{.Name}} took it", "Name", c.who.short(to, c.site)), why
	}
	return i18n.T(ctx, "The desk gave it to {{.Person}}", "Person", c.who.short(to, c.site)), why
}

// reasonWords are the parts of a reason, in the order in which they decided.
func (c *conversation) reasonWords(ctx context.Context, r routing.Reason) (all []string) {
	if r.Away != 0 {
		all = append(all, i18n.T(ctx, "{{.Name}} is away", "Name", c.who.short(r.Away, c.site)))
	}
	if r.Speaks != "" {
		all = append(all, i18n.T(ctx, "speaks {{.Language}}", "Language", languageWord(ctx, r.Speaks)))
	}
	if len(r.Knows) > 0 {
		all = append(all, i18n.T(ctx, "knows {{.Tags}}", "Tags", strings.Join(r.Knows, ", ")))
	}
	if r.Spread {
		all = append(all, i18n.T(ctx, "hard ones are shared out"))
	}
	switch r.Why {
	case routing.ByTurn:
		all = append(all, i18n.T(ctx, "by turn"))
	case routing.LeastToDo:
		all = append(all, i18n.N(ctx, "least to do: {{.Count}} open", "least to do: {{.Count}} open", int(r.Open)))
	case routing.HelpedLast:
		all = append(all, i18n.T(ctx, "helped {{.Name}} last", "Name", c.who.short(c.ticket.RequesterID, c.site)))
	case routing.ForAway:
		all = append(all, i18n.T(ctx, "stands in"))
	case routing.ByOffer:
		all = append(all, i18n.T(ctx, "it was offered"))
	case routing.Asked:
		all = append(all, i18n.T(ctx, "the next in order"))
	}
	return all
}

// languageWord is the name of a language in the reader's own, or its code.
func languageWord(ctx context.Context, code string) string {
	switch code {
	case "en":
		return i18n.C(ctx, "language", "English")
	case "de":
		return i18n.C(ctx, "language", "German")
	case "fr":
		return i18n.C(ctx, "language", "French")
	case "es":
		return i18n.C(ctx, "language", "Spanish")
	case "it":
		return i18n.C(ctx, "language", "Italian")
	case "pt":
		return i18n.C(ctx, "language", "Portuguese")
	case "nl":
		return i18n.C(ctx, "language", "Dutch")
	case "pl":
		return i18n.C(ctx, "language", "Polish")
	case "tr":
		return i18n.C(ctx, "language", "Turkish")
	case "ru":
		return i18n.C(ctx, "language", "Russian")
	case "uk":
		return i18n.C(ctx, "language", "Ukrainian")
	case "ja":
		return i18n.C(ctx, "language", "Japanese")
	case "zh":
		return i18n.C(ctx, "language", "Chinese")
	case "ar":
		return i18n.C(ctx, "language", "Arabic")
	}
	return code
}

// offerWords tell of a ticket that was offered around: who was asked and did not take it, and who is asked now.
func (c *conversation) offerWords(ctx context.Context, e ticket.Event) string {
	r, _ := routing.ReadReason(e.Cause)
	from, to := c.who.short(idOf(e.FromValue), c.site), c.who.short(idOf(e.ToValue), c.site)
	switch {
	case e.ToValue == "":
		return i18n.T(ctx, "Everybody who is here was asked, and nobody took it")
	case r.Why == routing.PassedOn:
		return i18n.T(ctx, "{{.Name}} passed; {{.Person}} is asked whether they take it", "Name", from, "Person", to)
	case e.FromValue != "":
		return i18n.T(ctx, "{{.Name}} did not say; {{.Person}} is asked whether they take it", "Name", from, "Person", to)
	case r.Why == routing.ToLeads:
		return i18n.T(ctx, "Nobody of the team took it; {{.Person}} is asked", "Person", to)
	}
	return i18n.T(ctx, "Nobody took it yet; {{.Person}} is asked whether they take it", "Person", to)
}
