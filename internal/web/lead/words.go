package lead

import (
	"context"
	"strings"

	"goodturn/internal/automation"
	"goodturn/internal/i18n"
	"goodturn/internal/web/ui"
)

// deedWords says what a rule does, in the reader's language.
func deedWords(ctx context.Context, d automation.Deed) string {
	switch d.Do {
	case automation.SetStatus:
		return i18n.T(ctx, "set the status to {{.Status}}", "Status", ui.StatusWord(ctx, d.Value))
	case automation.SetPriority:
		return i18n.T(ctx, "set the priority to {{.Priority}}", "Priority", ui.PriorityWord(ctx, d.Value))
	case automation.SetKind:
		return i18n.T(ctx, "make it a {{.Kind}}", "Kind", ui.KindWord(ctx, d.Value))
	case automation.SetSubject:
		return i18n.T(ctx, "change the subject to “{{.Subject}}”", "Subject", d.Value)
	case automation.Assign:
		return i18n.T(ctx, "give it to {{.Name}}", "Name", whoWords(ctx, d.Value))
	case automation.MoveTo:
		return i18n.T(ctx, "move it to {{.Team}}", "Team", d.Value)
	case automation.Tag:
		return i18n.T(ctx, "add the tag {{.Tag}}", "Tag", d.Value)
	case automation.Untag:
		return i18n.T(ctx, "take off the tag {{.Tag}}", "Tag", d.Value)
	case automation.Follow:
		return i18n.T(ctx, "have {{.Name}} follow it", "Name", whoWords(ctx, d.Value))
	case automation.Unfollow:
		return i18n.T(ctx, "have {{.Name}} follow it no longer", "Name", whoWords(ctx, d.Value))
	case automation.Note:
		return i18n.T(ctx, "write a note")
	case automation.Reply:
		return i18n.T(ctx, "send an automatic answer")
	case automation.Snooze:
		return i18n.T(ctx, "snooze it: {{.Time}}", "Time", d.Value)
	case automation.Wake:
		return i18n.T(ctx, "wake it")
	case automation.Trash:
		return i18n.T(ctx, "put it into the trash")
	case automation.Notify:
		var who []string
		for _, x := range d.To {
			who = append(who, whoWords(ctx, x))
		}
		return i18n.T(ctx, "tell {{.Who}}", "Who", strings.Join(who, ", "))
	case automation.Webhook:
		return i18n.T(ctx, "call a webhook")
	case automation.Create:
		return i18n.T(ctx, "make the ticket “{{.Subject}}”", "Subject", d.Value)
	}
	return string(d.Do)
}

// whoWords says a word that stands for somebody.
func whoWords(ctx context.Context, who string) string {
	switch strings.ToLower(who) {
	case "nobody":
		return i18n.C(ctx, "who gets it", "nobody")
	case "owner":
		return i18n.T(ctx, "the rule’s owner")
	case "assignee":
		return i18n.T(ctx, "whoever has it")
	case "team":
		return i18n.T(ctx, "its team")
	}
	return who
}

// onWords names what can set a rule going, in the choice of the editor.
func onWords(ctx context.Context, o automation.On) string {
	switch o {
	case automation.StatusChanged:
		return i18n.T(ctx, "the status changes")
	case automation.PriorityChanged:
		return i18n.T(ctx, "the priority changes")
	case automation.KindChanged:
		return i18n.T(ctx, "the kind changes")
	case automation.TeamChanged:
		return i18n.T(ctx, "the team changes")
	case automation.AssigneeChanged:
		return i18n.T(ctx, "it is given to somebody")
	case automation.StatusFor:
		return i18n.T(ctx, "it has had a status for so long")
	case automation.WaitingFor:
		return i18n.T(ctx, "they have waited for us for so long")
	case automation.UnansweredFor:
		return i18n.T(ctx, "nobody has answered for so long")
	case automation.CreatedAgo:
		return i18n.T(ctx, "it came so long ago")
	case automation.Recurs:
		return i18n.T(ctx, "the time comes round")
	}
	return automation.When{On: o}.Words(ctx, nil)
}

func unitWords(ctx context.Context, unit string) string {
	switch unit {
	case "minutes":
		return i18n.T(ctx, "minutes")
	case "hours":
		return i18n.T(ctx, "hours")
	case "days":
		return i18n.T(ctx, "days")
	case "working-minutes":
		return i18n.T(ctx, "working minutes")
	case "working-hours":
		return i18n.T(ctx, "working hours")
	}
	return i18n.T(ctx, "working days")
}

// doWords names what can be done, in the choice of the editor.
func doWords(ctx context.Context, d automation.Do) string {
	switch d {
	case automation.SetStatus:
		return i18n.T(ctx, "set the status")
	case automation.SetPriority:
		return i18n.T(ctx, "set the priority")
	case automation.SetKind:
		return i18n.T(ctx, "set the kind")
	case automation.SetSubject:
		return i18n.T(ctx, "change the subject")
	case automation.Assign:
		return i18n.T(ctx, "give it to somebody")
	case automation.MoveTo:
		return i18n.T(ctx, "move it to a team")
	case automation.Tag:
		return i18n.T(ctx, "add a tag")
	case automation.Untag:
		return i18n.T(ctx, "take a tag off")
	case automation.Follow:
		return i18n.T(ctx, "have somebody follow it")
	case automation.Unfollow:
		return i18n.T(ctx, "have somebody follow it no longer")
	case automation.Notify:
		return i18n.T(ctx, "tell people")
	case automation.Snooze:
		return i18n.T(ctx, "snooze it")
	case automation.Create:
		return i18n.T(ctx, "make a ticket")
	}
	return deedWords(ctx, automation.Deed{Do: d})
}

func wokenWords(ctx context.Context, by string) string {
	switch by {
	case "time":
		return i18n.T(ctx, "the time that was set")
	case "answer":
		return i18n.T(ctx, "a message of the requester")
	case "status":
		return i18n.T(ctx, "a new status")
	case "reply":
		return i18n.T(ctx, "an answer of the desk")
	}
	return by
}

func promiseWords(ctx context.Context, promise string) string {
	switch promise {
	case "first_answer":
		return i18n.T(ctx, "the first answer")
	case "next_answer":
		return i18n.T(ctx, "the next answer")
	case "solve":
		return i18n.T(ctx, "the solution")
	case "team":
		return i18n.T(ctx, "between teams")
	}
	return promise
}
