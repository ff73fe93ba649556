package automation

import (
	"strconv"
	"strings"
	"time"

	"goodturn/internal/i18n"
	"goodturn/internal/ticket"
)

// verbs are how deeds are said that have one value.
var verbs = []struct {
	do   Do
	word string
}{
	{Tag, "tag"}, {Untag, "untag"}, {Assign, "assign"}, {MoveTo, "move to"}, {Follow, "follow"}, {Unfollow, "unfollow"},
}

// properties are what "set" sets.
var properties = []struct {
	do    Do
	word  string
	known []string
}{
	{SetStatus, "status", names(ticket.Statuses()[1:])}, {SetPriority, "priority", names(ticket.Priorities())}, {SetKind, "kind", names(ticket.Kinds())}, {SetSubject, "subject", nil},
}

func hasText(do Do) bool { return do == Note || do == Reply || do == Notify || do == Create }

// parseDeed reads what follows "then".
func parseDeed(s *scanner) (d Deed, err error) {
	for _, v := range verbs {
		if at := s.at; takeAll(s, v.word) {
			d.Do = v.do
			d.Value, err = s.value(i18n.M("Please say which or whom."))
			return d, err
		} else {
			s.at = at
		}
	}
	word, err := s.next()
	if err != nil {
		return d, err
	}
	switch {
	case word.is("set"):
		return parseSet(s)
	case word.is("note"):
		d.Do = Note
	case word.is("wake"):
		d.Do = Wake
	case word.is("trash"):
		d.Do = Trash
	case word.is("snooze"):
		d.Do, d.Value = Snooze, strings.ToLower(s.rest().text)
	case word.is("webhook"):
		if d.Do, d.Value = Webhook, s.rest().text; d.Value == "" {
			err = s.wrong(s.at, 0, i18n.M("Please give the address that is called: webhook https://example.com/hook"))
		}
	case word.is("reply"):
		d.Do = Reply
		if s.take("macro") {
			t, err := s.next()
			if err != nil {
				return d, err
			}
			if d.Macro, err = strconv.ParseInt(t.text, 10, 64); err != nil || d.Macro < 1 {
				return d, s.wrong(t.at, t.len, i18n.M("Please give the number of a macro; it stands in the address of its page."))
			}
		}
	case word.is("notify"):
		d.Do = Notify
		d.To, err = s.values(nil, i18n.M("Please say whom: assignee, owner, team, team:network, or addresses."))
	case word.is("create"):
		return parseCreate(s)
	default:
		return d, s.wrong(word.at, word.len, i18n.M("There is nothing called “{{.Word}}” that can be done. There are: {{.All}}.", "Word", clip(word.text), "All", "set status, set priority, set kind, set subject, assign, move to, tag, untag, follow, unfollow, note, reply, notify, snooze, wake, webhook, trash, create ticket"))
	}
	return d, err
}

func takeAll(s *scanner, words string) bool {
	for w := range strings.SplitSeq(words, " ") {
		if !s.take(w) {
			return false
		}
	}
	return true
}

func parseSet(s *scanner) (d Deed, err error) {
	for _, p := range properties {
		if !s.take(p.word) {
			continue
		}
		if d.Do = p.do; p.known == nil {
			if d.Value = s.rest().text; d.Value == "" {
				err = s.wrong(s.at, 0, i18n.M("Please write the subject."))
			}
			return d, err
		}
		s.space()
		at := s.at
		one, err := s.values(p.known, i18n.M("Please say which: {{.All}}.", "All", strings.Join(p.known, ", ")))
		if err == nil && len(one) > 1 {
			err = s.wrong(at, s.at-at, i18n.M("A ticket has one of these at a time."))
		}
		d.Value = strings.Join(one, "")
		return d, err
	}
	return d, s.wrong(s.at, s.end-s.at, i18n.M("Please say what is set: status, priority, kind or subject."))
}

// parseCreate reads "create ticket for hana@example.com in network about Check the backups".
func parseCreate(s *scanner) (Deed, error) {
	d := Deed{Do: Create}
	so := i18n.M("Please write it so: create ticket for hana@example.com in network about Check the backups")
	if !s.take("ticket") || !s.take("for") {
		return d, s.wrong(s.at, s.end-s.at, so)
	}
	who, err := s.value(so)
	if err != nil {
		return d, err
	}
	d.To = []string{who}
	if s.take("in") {
		if d.Team, err = s.value(i18n.M("Please say in which team.")); err != nil {
			return d, err
		}
	}
	if !s.take("about") {
		return d, s.wrong(s.at, s.end-s.at, so)
	}
	if d.Value = s.rest().text; d.Value == "" {
		return d, s.wrong(s.at, 0, so)
	}
	return d, nil
}

// startLayout is how the beginning of a recurrence is written.
const startLayout = "2006-01-02 15:04"

func validStart(s string) bool {
	t, err := time.Parse(startLayout, s)
	return err == nil && t.Year() >= 1970 && t.Year() < 2200 && t.Format(startLayout) == s
}

func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
