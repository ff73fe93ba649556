package lead

import (
	"strconv"

	"goodturn/internal/automation"
)

// RulesView lists the rules.
type RulesView struct {
	Frame Frame
	Rules []RuleRow
}

// RuleRow is a rule in the list.
type RuleRow struct {
	ID           int64
	Name, Owner  string
	What         Summary
	Active, Stop bool
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
	Text       string
	Was        int64
	Active     bool
	Wrong      map[string]string
}

func number(s string) int64 {
	n, _ := strconv.ParseInt(s, 10, 64)
	return n
}
