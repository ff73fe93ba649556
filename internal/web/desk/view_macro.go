package desk

import (
	"goodturn/internal/clock"
	"goodturn/internal/lesson"
	"goodturn/internal/macro"
	"goodturn/internal/web/ui"
)

// MacrosView lists macros by folder.
type MacrosView struct {
	Frame Frame
	Query string
	// Any says that there are macros at all.
	Any     bool
	Folders []MacroFolder
}

// MacroFolder is macros that stand together; Name is "" for those in no folder.
type MacroFolder struct {
	Name   string
	Macros []MacroShown
}

// MacroShown is a macro in a list.
type MacroShown struct {
	ID             int64
	Name, Shortcut string
	// What says what it does, "" for a text alone; Text is how it begins, as it was written.
	What, Text string
	HasText    bool
	// For says who may use it.
	For       string
	Languages []string
	Used      int
	UsedAt    clock.Instant
	Risky     bool
	// Mine says that the reader may change it.
	Mine bool
	// Pair is the article that says the same.
	Pair *lesson.Paired
}

func (m MacroShown) url() string { return macroURL(m.ID) }

// MacroView is the form of a macro.
type MacroView struct {
	Frame                        Frame
	ID                           int64
	URL, Title                   string
	Name, Shortcut, Folder, Tags string
	Note, Tell                   string
	Follow, ReadOnly             bool
	Texts                        []MacroText
	Variables                    []string
	Statuses, Priorities, Kinds  []ui.Choice
	Snoozes, Agents, Teams       []ui.Choice
	Scopes, Risks                []ui.Choice
	Wrong                        map[string]string
	// Article is the one that a new macro is made of, Pair the one that says the same.
	Article int64
	Pair    *lesson.Paired
	// Ticket is the number that the preview is for; Preview is what it says there, in PreviewLanguage; Missing names what is not known.
	Ticket, TicketError               string
	Preview, PreviewLanguage, Missing string
}

// MacroText is the text of a macro in one language.
type MacroText struct {
	Language, Name, Text, Error string
}

// PickView offers macros for one ticket.
type PickView struct {
	Frame   Frame
	Number  int64
	Subject string
	Query   string
	Macros  []PickMacro
	// Articles are those with the words that are looked for.
	Articles []NearArticle
	// Consent is what was noted before a risky one; Wrong says what is missing.
	Consent consent
	Wrong   map[string]string
}

// PickMacro is a macro with its text as it would be on the ticket.
type PickMacro struct {
	MacroShown
	Filled macro.Filled
}
