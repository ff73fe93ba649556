package ticket

import (
	"strings"

	"goodturn/internal/filter"
)

// state is a word of is: or has: and its condition. @me stands for the actor, @now for the moment.
type state struct{ word, sql string }

var isStates = []state{
	{"open", "t.is_open = TRUE"},
	{"done", "t.is_open = FALSE"},
	{"unassigned", "t.assignee_id IS NULL"},
	{"unread", `coalesce((SELECT r.seq FROM ticket_read r WHERE r.person_id = @me AND r.ticket_id = t.id), CASE WHEN t.is_open THEN 0 ELSE t.messages END) < t.messages`},
	{"mine", "t.assignee_id = @me"},
	{"followed", "EXISTS (SELECT 1 FROM follower f WHERE f.ticket_id = t.id AND f.person_id = @me)"},
	{"answered", "t.answered_at > 0"},
	{"unanswered", "t.answered_at = 0"},
	{"waiting", "t.waiting_since > 0"},
	{"overdue", "t.due_at > 0 AND t.due_at < @now"},
	{"missed", "EXISTS (SELECT 1 FROM event x WHERE x.ticket_id = t.id AND x.what = 'sla_breach')"},
	{"snoozed", "t.turn = 'snoozed'"},
	{"private", "t.team_id IN (SELECT p.id FROM team p WHERE p.private)"},
	{"suspect", "t.turn = 'suspect'"},
	{"spam", "t.turn = 'spam'"},
	{"merged", "t.turn = 'merged'"},
	{"trash", "t.turn = 'trash'"},
}

var hasStates = []state{
	{"attachment", "EXISTS (SELECT 1 FROM attachment x WHERE x.ticket_id = t.id AND NOT x.inline)"},
	{"note", "EXISTS (SELECT 1 FROM message x WHERE x.ticket_id = t.id AND x.internal)"},
	{"answer", "t.answered_at > 0"},
	{"tag", "EXISTS (SELECT 1 FROM ticket_tag x WHERE x.ticket_id = t.id)"},
	{"follower", "EXISTS (SELECT 1 FROM follower x WHERE x.ticket_id = t.id)"},
	{"assignee", "t.assignee_id IS NOT NULL"},
	{"organisation", "t.organisation_id IS NOT NULL"},
}

func isValues() []string  { return wordsOf(isStates) }
func hasValues() []string { return wordsOf(hasStates) }

func wordsOf(all []state) []string {
	out := make([]string, len(all))
	for i, s := range all {
		out[i] = s.word
	}
	return out
}

func isField(n *narrowing, v filter.Value) (string, error)  { return n.state(isStates, v) }
func hasField(n *narrowing, v filter.Value) (string, error) { return n.state(hasStates, v) }

func (n *narrowing) state(all []state, v filter.Value) (string, error) {
	for _, s := range all {
		if !strings.EqualFold(s.word, v.Text) {
			continue
		}
		sql := s.sql
		if strings.Contains(sql, "@me") {
			sql = strings.ReplaceAll(sql, "@me", n.args.Add(n.actor.ID))
		}
		if strings.Contains(sql, "@now") {
			sql = strings.ReplaceAll(sql, "@now", n.args.Add(n.tx.Now))
		}
		return sql, nil
	}
	return "FALSE", nil
}
