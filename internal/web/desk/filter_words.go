package desk

import (
	"context"
	"strconv"
	"strings"

	"goodturn/internal/filter"
	"goodturn/internal/i18n"
	"goodturn/internal/ticket"
	"goodturn/internal/web/ui"
)

// filterWords says in words what a filter asks for: "status open, not tag vpn, created less than 7 days ago".
func filterWords(ctx context.Context, text string) string {
	q, err := ticket.ParseFilter(text)
	if err != nil || q.Root == nil {
		return ""
	}
	return nodeWords(ctx, q.Root, true)
}

func nodeWords(ctx context.Context, n *filter.Node, top bool) string {
	parts := make([]string, len(n.Nodes))
	for i, c := range n.Nodes {
		parts[i] = nodeWords(ctx, c, false)
	}
	joined := ""
	switch n.Kind {
	case filter.And:
		joined = strings.Join(parts, ", ")
	case filter.Or:
		joined = strings.Join(parts, " "+i18n.C(ctx, "between alternatives", "or")+" ")
	case filter.Not:
		return i18n.T(ctx, "not {{.What}}", "What", parts[0])
	case filter.Word:
		return "“" + strings.Trim(n.Text, `"`) + "”"
	default:
		values := make([]string, len(n.Values))
		for i, v := range n.Values {
			values[i] = valueWords(ctx, n.Field, v)
		}
		return fieldWord(ctx, n.Field) + " " + strings.Join(values, " "+i18n.C(ctx, "between alternatives", "or")+" ")
	}
	if top {
		return joined
	}
	return "(" + joined + ")"
}

// valueWords says what a value is compared with.
func valueWords(ctx context.Context, field string, v filter.Value) string {
	text := v.Text
	switch field {
	case "status":
		text = orElse(statusWordOf(ctx, text), text)
	case "priority":
		text = ui.PriorityWord(ctx, text)
	case "kind":
		text = ui.KindWord(ctx, text)
	default:
		if n, unit := lengthOf(text); unit != "" && (v.Op == filter.Less || v.Op == filter.AtMost || v.Op == filter.More || v.Op == filter.AtLeast) {
			length := lengthWords(ctx, n, unit)
			if field == "due" || field == "snoozed" { // those are still to come
				if v.Op == filter.Less || v.Op == filter.AtMost {
					return i18n.T(ctx, "within the next {{.Length}}", "Length", length)
				}
				return i18n.T(ctx, "later than in {{.Length}}", "Length", length)
			}
			if v.Op == filter.Less || v.Op == filter.AtMost {
				return i18n.T(ctx, "less than {{.Length}} ago", "Length", length)
			}
			return i18n.T(ctx, "more than {{.Length}} ago", "Length", length)
		}
	}
	switch v.Op {
	case filter.Less:
		return i18n.T(ctx, "below {{.Value}}", "Value", text)
	case filter.AtMost:
		return i18n.T(ctx, "up to {{.Value}}", "Value", text)
	case filter.More:
		return i18n.T(ctx, "above {{.Value}}", "Value", text)
	case filter.AtLeast:
		return i18n.T(ctx, "from {{.Value}} on", "Value", text)
	case filter.Between:
		return i18n.T(ctx, "from {{.From}} to {{.To}}", "From", orElse(v.Text, "…"), "To", orElse(v.To, "…"))
	}
	return text
}

// statusWordOf is a status in words, or one of the words for several.
func statusWordOf(ctx context.Context, text string) string {
	switch strings.ToLower(text) {
	case "unsolved":
		return i18n.T(ctx, "not done yet")
	case "done":
		return i18n.T(ctx, "done")
	}
	return ui.StatusWord(ctx, strings.ToLower(text))
}

func lengthOf(text string) (n int, unit string) {
	digits := strings.TrimRight(text, "abcdefghijklmnopqrstuvwxyz")
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0, ""
	}
	return n, text[len(digits):]
}

func lengthWords(ctx context.Context, n int, unit string) string {
	switch unit {
	case "m", "min":
		return i18n.N(ctx, "{{.Count}} minute", "{{.Count}} minutes", n)
	case "h":
		return i18n.N(ctx, "{{.Count}} hour", "{{.Count}} hours", n)
	case "d":
		return i18n.N(ctx, "{{.Count}} day", "{{.Count}} days", n)
	case "w":
		return i18n.N(ctx, "{{.Count}} week", "{{.Count}} weeks", n)
	case "mo":
		return i18n.N(ctx, "{{.Count}} month", "{{.Count}} months", n)
	}
	return i18n.N(ctx, "{{.Count}} year", "{{.Count}} years", n)
}

// fieldWord is a field as it stands before its value; fieldHint says what it is for.
func fieldWord(ctx context.Context, field string) string {
	word, _ := fieldWords(ctx, field)
	return word
}

func fieldHint(ctx context.Context, field string) string {
	_, hint := fieldWords(ctx, field)
	return hint
}

// fieldWords are the word of a field and what it is for.
func fieldWords(ctx context.Context, field string) (word, hint string) {
	switch field {
	case "status":
		return i18n.C(ctx, "filter", "status"), i18n.T(ctx, "where it stands")
	case "turn":
		return i18n.C(ctx, "filter", "turn"), i18n.T(ctx, "whose move it is")
	case "assignee":
		return i18n.C(ctx, "filter", "assignee"), i18n.T(ctx, "who has it")
	case "team":
		return i18n.C(ctx, "filter", "team"), i18n.T(ctx, "which team")
	case "tag":
		return i18n.C(ctx, "filter", "tag"), i18n.T(ctx, "a tag it has")
	case "is":
		return i18n.C(ctx, "filter", "is"), i18n.T(ctx, "unassigned, unread, snoozed …")
	case "priority":
		return i18n.C(ctx, "filter", "priority"), i18n.T(ctx, "how soon; >=high compares")
	case "kind":
		return i18n.C(ctx, "filter", "kind"), i18n.T(ctx, "what sort of ticket")
	case "requester":
		return i18n.C(ctx, "filter", "from"), i18n.T(ctx, "who asked: a name, an address, @domain")
	case "organisation":
		return i18n.C(ctx, "filter", "organisation"), i18n.T(ctx, "whose people asked")
	case "has":
		return i18n.C(ctx, "filter", "has"), i18n.T(ctx, "an attachment, a note, an answer …")
	case "subject":
		return i18n.C(ctx, "filter", "subject"), i18n.T(ctx, "words of the subject")
	case "follower":
		return i18n.C(ctx, "filter", "followed by"), i18n.T(ctx, "who follows it")
	case "channel":
		return i18n.C(ctx, "filter", "came by"), i18n.T(ctx, "mail, form, phone …")
	case "service":
		return i18n.C(ctx, "filter", "service"), i18n.T(ctx, "which service was asked for")
	case "mailbox":
		return i18n.C(ctx, "filter", "mailbox"), i18n.T(ctx, "where its mail came in")
	case "messages":
		return i18n.C(ctx, "filter", "messages"), i18n.T(ctx, "how many messages")
	case "number":
		return i18n.C(ctx, "filter", "number"), i18n.T(ctx, "a number, or a range")
	case "merged":
		return i18n.C(ctx, "filter", "part of"), i18n.T(ctx, "became part of a ticket")
	}
	return momentWords(ctx, field)
}

func momentWords(ctx context.Context, field string) (word, hint string) {
	switch field {
	case "created":
		return i18n.C(ctx, "filter", "created"), i18n.T(ctx, "when it came in; <7d is younger than a week")
	case "updated":
		return i18n.C(ctx, "filter", "last changed"), i18n.T(ctx, "when something last happened")
	case "waiting":
		return i18n.C(ctx, "filter", "waiting since"), i18n.T(ctx, "how long they wait; >2h is longer than two hours")
	case "answered":
		return i18n.C(ctx, "filter", "first answered"), i18n.T(ctx, "when it was first answered")
	case "solved":
		return i18n.C(ctx, "filter", "solved"), i18n.T(ctx, "when it was solved")
	case "closed":
		return i18n.C(ctx, "filter", "closed"), i18n.T(ctx, "when it was closed")
	case "snoozed":
		return i18n.C(ctx, "filter", "snoozed until"), i18n.T(ctx, "when it wakes")
	case "due":
		return i18n.C(ctx, "filter", "due"), i18n.T(ctx, "when what was promised is due; <4h is within four hours")
	}
	return field, ""
}
