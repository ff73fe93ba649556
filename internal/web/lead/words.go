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
