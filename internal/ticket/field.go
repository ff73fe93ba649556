package ticket

import (
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/filter"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// Fields are the fields of the filter language on tickets, for one actor ("me").
func Fields(a person.Actor) filter.Fields {
	return filter.Fields{
		"is":       isField,
		"status":   func(v string, args *db.Args) (string, error) { return statusField(a, v, args) },
		"assignee": func(v string, args *db.Args) (string, error) { return assigneeField(a, v, args) },
		"follower": func(v string, args *db.Args) (string, error) {
			if !strings.EqualFold(v, "me") {
				return "", fault.Invalid(fault.F("q", i18n.M("follower: takes me.")))
			}
			return "EXISTS (SELECT 1 FROM follower f WHERE f.ticket_id = t.id AND f.person_id = " + args.Add(a.ID) + ")", nil
		},
		"team": func(v string, args *db.Args) (string, error) {
			if strings.EqualFold(v, "mine") {
				return "t.team_id IN (SELECT team_id FROM team_member WHERE person_id = " + args.Add(a.ID) + ")", nil
			}
			return "t.team_id = (SELECT id FROM team WHERE slug = " + args.Add(strings.ToLower(v)) + ")", nil
		},
		"tag": func(v string, args *db.Args) (string, error) {
			return "EXISTS (SELECT 1 FROM ticket_tag g WHERE g.ticket_id = t.id AND g.tag = " + args.Add(tagOf(v)) + ")", nil
		},
		"turn": func(v string, args *db.Args) (string, error) {
			if !known([]Turn{Ours, Theirs, Hold, Snoozed}, Turn(v)) {
				return "", fault.Invalid(wrongValue("q", []Turn{Ours, Theirs, Hold, Snoozed}))
			}
			return "t.turn = " + args.Add(v), nil
		},
	}
}

// statusField knows the statuses, "unsolved" for all that are not done, and "done". SQLite uses an index
// for a column that is compared, and none for a bare one.
func statusField(a person.Actor, v string, args *db.Args) (string, error) {
	if !a.Staff() && (v == "unsolved" || v == "done") { // is_open is FALSE for what is set aside, of which requesters are not told
		return "(t.status IN ('solved', 'closed')) = " + args.Add(v == "done"), nil
	}
	if v == "unsolved" {
		return "t.is_open = TRUE", nil
	}
	if v == "done" {
		return "t.is_open = FALSE", nil
	}
	if !known(Statuses(), Status(v)) {
		return "", fault.Invalid(fault.F("q", i18n.M("There is no status “{{.Status}}”. There are new, open, pending, on_hold, solved, closed, unsolved and done.", "Status", v)))
	}
	return "t.status = " + args.Add(v), nil
}

// assigneeField knows "me", "nobody" and the address of a member of staff.
func assigneeField(a person.Actor, v string, args *db.Args) (string, error) {
	switch strings.ToLower(v) {
	case "me":
		return "t.assignee_id = " + args.Add(a.ID), nil
	case "nobody", "none":
		return "t.assignee_id IS NULL", nil
	}
	if !strings.Contains(v, "@") {
		return "", fault.Invalid(fault.F("q", i18n.M("assignee: takes me, nobody or an address, such as assignee:amara@example.com.")))
	}
	return "t.assignee_id = (SELECT person_id FROM person_address WHERE address = " + args.Add(person.FoldAddress(v)) + ")", nil
}

// isField knows the turns that are set aside.
func isField(v string, args *db.Args) (string, error) {
	if !known([]Turn{Suspect, Spam, Merged, Trash}, Turn(v)) {
		return "", fault.Invalid(fault.F("q", i18n.M("is: takes suspect, spam, merged or trash.")))
	}
	return "t.turn = " + args.Add(v), nil
}

// notAside leaves out of a list what is set aside, unless the list is one of those or has nothing of them. A
// requester's own pages do not tell that a ticket is set aside.
func notAside(q filter.Query, verb person.Verb) string {
	if verb != person.SeeTicket {
		return " AND t.turn NOT IN ('merged', 'trash')"
	}
	for _, t := range q.Terms {
		if t.Field == "is" || t.Field == "turn" {
			return ""
		}
	}
	return " AND t.turn NOT IN " + asideSQL
}
