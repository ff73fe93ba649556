// Package i18n holds every string a person sees, in the language and the time zone of the person who reads it.
//
// The English text stands where it is used and is at the same time the id of the message, so code reads like the
// page it makes and English needs no catalogue:
//
//	ctx = i18n.With(ctx, i18n.Match(r.Header.Get("Accept-Language"), person.Language), zone)
//	i18n.T(ctx, "Assigned to {{.Name}}", "Name", agent.Name)      // "Zugewiesen an Ada"
//	i18n.N(ctx, "{{.Count}} ticket", "{{.Count}} tickets", 1200)   // "1.200 Tickets"
//	i18n.C(ctx, "verb", "Open")                                   // "Öffnen", and not "Offen"
//	i18n.DateTime(ctx, t)                                         // "21. Nov. 2026, 14:05"
//
// A language is one file, catalogue/CODE.json: its name, its months, its date patterns and its messages. The files are
// compiled into the program. `go generate ./internal/i18n` collects the messages of the whole module into messages.json and adds what a
// catalogue lacks; a test fails while a shipped language lacks a string, keeps one that nobody uses, or drops a placeholder.
//
// Invariants: a missing translation shows the English text and never an id or an error; the ids are string literals, so
// that they can be collected; a placeholder without a value stays visible as {{.Name}}; the package keeps no state after
// start, so all of it is safe for concurrent use.
//
// Messages are plain text. Whoever writes them into HTML escapes them, as templ does.
package i18n

//go:generate go run ./extract
