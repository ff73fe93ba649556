package automation

import "goodturn/internal/ticket"

// phrase is how the plain-text form says what sets a rule going.
type phrase struct {
	on    On
	words []string // what follows "when"
	// before and after are the words before old and new values; "" where there are none. A dash means that the values follow at once.
	before, after string
	from, to      []string // the values that there are; nil for any
}

// promises are what the values of warnings and breaches can be.
var promises = []string{"first_answer", "next_answer", "solve", "team"}

const atOnce = "-"

var phrases = []phrase{
	{on: Comes, words: []string{"a", "ticket", "comes"}},
	{on: MessageIn, words: []string{"a", "message", "comes"}, before: "from", from: []string{"requester", "other", "program"}},
	{on: MessageOut, words: []string{"an", "answer", "is", "sent"}},
	{on: NoteWritten, words: []string{"a", "note", "is", "written"}},
	{on: StatusChanged, words: []string{"status", "changed"}, before: "from", after: "to", from: names(ticket.Statuses()), to: names(ticket.Statuses())},
	{on: PriorityChanged, words: []string{"priority", "changed"}, before: "from", after: "to", from: names(ticket.Priorities()), to: names(ticket.Priorities())},
	{on: KindChanged, words: []string{"kind", "changed"}, before: "from", after: "to", from: names(ticket.Kinds()), to: names(ticket.Kinds())},
	{on: TeamChanged, words: []string{"team", "changed"}, before: "from", after: "to"},
	{on: AssigneeChanged, words: []string{"assignee", "changed"}, before: "from", after: "to"},
	{on: SubjectChanged, words: []string{"subject", "changed"}},
	{on: TagAdded, words: []string{"tag", "added"}, after: atOnce},
	{on: TagRemoved, words: []string{"tag", "removed"}, before: atOnce},
	{on: FollowerAdded, words: []string{"follower", "added"}},
	{on: FollowerRemoved, words: []string{"follower", "removed"}},
	{on: WasSnoozed, words: []string{"snoozed"}},
	{on: Woke, words: []string{"woken"}, before: "by", from: []string{ticket.WokenByTime, ticket.WokenByAnswer, ticket.WokenByStatus, ticket.WokenByReply}},
	{on: Merged, words: []string{"merged"}},
	{on: Undelivered, words: []string{"delivery", "failed"}},
	{on: Warned, words: []string{"sla_warning"}, after: atOnce, to: promises},
	{on: Breached, words: []string{"sla_breach"}, after: atOnce, to: promises},
	{on: WaitingFor, words: []string{"waiting"}},
	{on: UnansweredFor, words: []string{"no", "answer"}},
	{on: CreatedAgo, words: []string{"created"}},
	{on: Recurs, words: []string{"every"}},
}

func phraseOf(o On) (phrase, bool) {
	for _, p := range phrases {
		if p.on == o {
			return p, true
		}
	}
	return phrase{}, false
}

func names[T ~string](all []T) []string {
	out := make([]string, len(all))
	for i, v := range all {
		out[i] = string(v)
	}
	return out
}
