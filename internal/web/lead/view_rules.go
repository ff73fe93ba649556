package lead

import (
	"strconv"

	"goodturn/internal/automation"
	"goodturn/internal/clock"
	"goodturn/internal/web/ui"
)

// RulesView lists the rules, and the ready-made ones that are not among them.
type RulesView struct {
	Frame  Frame
	Rules  []RuleRow
	Models []automation.Model
}

// RuleRow is a rule in the list.
type RuleRow struct {
	ID           int64
	Name, Owner  string
	What         Summary
	Active, Stop bool
	Timed        bool
	First, Last  bool
	Record       automation.Record
}

// Summary is what a rule says, in words.
type Summary struct {
	When []string
	If   string
	Then []string
}

// RuleView is the editor of a rule.
type RuleView struct {
	Frame      Frame
	ID         int64
	Title, URL string
	Tabs       []ui.Tab
	AsText     bool
	Text       string
	Name, If   string
	Stop       bool
	When       []WhenRow
	Then       []ThenRow
	Was        int64
	Wrong      map[string]string
	Place      *automation.TextError
	Warnings   []string

	// Of a rule that is saved.
	Active, Removed, Mine, Timed, Webhook bool
	Owner                                 string
	Next                                  clock.Instant
	Record                                automation.Record
	Trouble                               []automation.Run

	// What is offered.
	Teams, Staff []ui.Suggestion
	Macros       []ui.Choice
	Calendars    []string
	Standard     string
	Days         []string
}

// Ticks are boxes of which any may be ticked.
type Ticks struct {
	Name    string
	Choices []ui.Choice
}

// WhenRow is a line of what sets a rule going, with the fields of every kind.
type WhenRow struct {
	At          string
	Index       int
	Only, Focus bool
	Error       string
	When        automation.When
	Kinds       []ui.Choice
	Changes     []ChangeTicks
	StatusFor   Ticks
	MessageFrom Ticks
	WokenBy     Ticks
	Promises    Ticks
	From, To    string
	Tags        string
	N           string
	Units       []ui.Choice
}

// ChangeTicks are the old and new values of one property.
type ChangeTicks struct {
	On       automation.On
	From, To Ticks
}

// ThenRow is a line of what a rule does, with the fields of every kind.
type ThenRow struct {
	At                            string
	Index                         int
	Only, Focus                   bool
	Error                         string
	Deed                          automation.Deed
	To                            string
	Kinds                         []ui.Choice
	Statuses, Priorities, KindsOf []ui.Choice
	Macros                        []ui.Choice
}

// valueFor is the deed's value where its kind is one of these.
func (r ThenRow) valueFor(kinds ...automation.Do) string {
	for _, k := range kinds {
		if r.Deed.Do == k {
			return r.Deed.Value
		}
	}
	return ""
}

func (r ThenRow) team() string {
	if r.Deed.Do == automation.Create {
		return r.Deed.Team
	}
	return r.valueFor(automation.MoveTo)
}

func (r ThenRow) toFor(k automation.Do) string {
	if r.Deed.Do == k {
		return r.To
	}
	return ""
}

// RunsView is what a rule did.
type RunsView struct {
	Frame Frame
	ID    int64
	Title string
	Tabs  []ui.Tab
	Only  []ui.Tab
	Runs  []automation.Run
	Pages ui.Pages
}

// VersionsView is every form that a rule had.
type VersionsView struct {
	Frame    Frame
	ID       int64
	Title    string
	Tabs     []ui.Tab
	Versions []VersionRow
}

// VersionRow is one thing that was done with a rule.
type VersionRow struct {
	ID            int64
	What          string
	At            clock.Instant
	Saved, Newest bool
	Lines         []Line
}

// Line is a line of a version beside the one before it.
type Line struct {
	Text       string
	Gone, Come bool
}

// SecretView shows the key that signs what webhooks send.
type SecretView struct {
	Frame  Frame
	ID     int64
	Title  string
	Tabs   []ui.Tab
	Secret string
}

// TrialView is a dry run.
type TrialView struct {
	Frame Frame
	Trial automation.Trial
	Text  string
	Back  string
	What  Summary
	Rows  []TrialRow
	Dates []clock.Instant
}

// percent is how far it is.
func (v TrialView) percent() int {
	if v.Trial.Total == 0 {
		return 0
	}
	return int(min(100, v.Trial.Seen*100/v.Trial.Total))
}

// TrialRow is a ticket that would have been changed.
type TrialRow struct {
	Number  int64
	Subject string
	At      clock.Instant
	Changes []ChangeShown
}

// ChangeShown is one value before and after, or a deed that changes none.
type ChangeShown struct {
	What, Before, After string
}

func number(s string) int64 {
	n, _ := strconv.ParseInt(s, 10, 64)
	return n
}
