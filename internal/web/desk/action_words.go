package desk

import (
	"context"
	"strconv"
	"strings"

	"goodturn/internal/i18n"
	"goodturn/internal/ticket"
	"goodturn/internal/web/ui"
)

// actionsInWords says what actions do, in the reader's language: "give it to Amara Okafor, set the status to solved". A team
// that the reader may not know of has no name.
func actionsInWords(ctx context.Context, l *look, actions []ticket.Action) (string, error) {
	teams, err := l.allTeams(ctx)
	if err != nil {
		return "", err
	}
	called := map[string]string{}
	for _, t := range teams {
		called[decimal(t.ID)] = t.Name
	}
	var people []int64
	for _, a := range actions {
		if a.Do == ticket.DoAssign || a.Do == ticket.DoFollow || a.Do == ticket.DoUnfollow {
			people = append(people, idOf(a.Value))
		}
	}
	who, err := loadNames(ctx, l.tx, people)
	if err != nil {
		return "", err
	}
	words := make([]string, len(actions))
	for i, a := range actions {
		words[i] = actionWords(ctx, a, who.full(idOf(a.Value), i18n.T(ctx, "somebody")), orElse(called[a.Value], i18n.T(ctx, "a team of others")))
	}
	return strings.Join(words, i18n.C(ctx, "between the parts of a list", ", ")), nil
}

// actionWords says what one action does; person and team are the names of whom or what it is about.
func actionWords(ctx context.Context, a ticket.Action, person, team string) string {
	switch a.Do {
	case ticket.DoStatus:
		return i18n.T(ctx, "set the status to {{.Status}}", "Status", ui.StatusWord(ctx, a.Value))
	case ticket.DoPriority:
		return i18n.T(ctx, "set the priority to {{.Priority}}", "Priority", ui.PriorityWord(ctx, a.Value))
	case ticket.DoKind:
		return i18n.T(ctx, "make it a {{.Kind}}", "Kind", ui.KindWord(ctx, a.Value))
	case ticket.DoSubject:
		return i18n.T(ctx, "change the subject to “{{.Subject}}”", "Subject", a.Value)
	case ticket.DoAssign:
		switch a.Value {
		case "me":
			return i18n.T(ctx, "give it to whoever does this")
		case "nobody":
			return i18n.T(ctx, "give it to nobody")
		}
		return i18n.T(ctx, "give it to {{.Name}}", "Name", person)
	case ticket.DoMove:
		return i18n.T(ctx, "move it to {{.Team}}", "Team", team)
	case ticket.DoTag:
		return i18n.T(ctx, "add the tag {{.Tag}}", "Tag", a.Value)
	case ticket.DoUntag:
		return i18n.T(ctx, "take off the tag {{.Tag}}", "Tag", a.Value)
	case ticket.DoFollow, ticket.DoUnfollow:
		return followWords(ctx, a, person)
	case ticket.DoNote:
		return i18n.T(ctx, "write a note")
	case ticket.DoTell:
		return i18n.T(ctx, "tell the requester something")
	case ticket.DoReply:
		return i18n.T(ctx, "send an answer")
	case ticket.DoSnooze:
		return snoozeActionWords(ctx, a.Value)
	case ticket.DoWake:
		return i18n.T(ctx, "wake it")
	case ticket.DoTrash:
		return i18n.T(ctx, "put it into the trash")
	case ticket.DoRestore:
		return i18n.T(ctx, "take it out of the trash")
	case ticket.DoSpam:
		return i18n.T(ctx, "say that it is spam")
	case ticket.DoWanted:
		return i18n.T(ctx, "say that it is wanted")
	}
	return string(a.Do)
}

func followWords(ctx context.Context, a ticket.Action, person string) string {
	switch {
	case a.Do == ticket.DoFollow && a.Value == "me":
		return i18n.T(ctx, "follow it")
	case a.Do == ticket.DoFollow:
		return i18n.T(ctx, "have {{.Name}} follow it", "Name", person)
	case a.Value == "me":
		return i18n.T(ctx, "follow it no longer")
	}
	return i18n.T(ctx, "have {{.Name}} follow it no longer", "Name", person)
}

// snoozeActionWords says how long a ticket shall sleep.
func snoozeActionWords(ctx context.Context, value string) string {
	long, answer := strings.CutPrefix(value, string(ticket.UntilAnswer))
	long = strings.TrimSpace(long)
	n := 0
	if long != "" {
		n, _ = strconv.Atoi(long[:len(long)-1])
	}
	hours := strings.HasSuffix(long, "h")
	switch {
	case answer && long == "":
		return i18n.T(ctx, "snooze it until they answer")
	case answer && hours:
		return i18n.N(ctx, "snooze it until they answer, or for {{.Count}} hour", "snooze it until they answer, or for {{.Count}} hours", n)
	case answer:
		return i18n.N(ctx, "snooze it until they answer, or for {{.Count}} day", "snooze it until they answer, or for {{.Count}} days", n)
	case hours:
		return i18n.N(ctx, "snooze it for {{.Count}} hour", "snooze it for {{.Count}} hours", n)
	}
	return i18n.N(ctx, "snooze it for {{.Count}} day", "snooze it for {{.Count}} days", n)
}
