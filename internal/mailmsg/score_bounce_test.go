package mailmsg

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

type wantBounce struct {
	Status     string
	ReplyCode  string
	Reason     string
	HardBounce bool
	Other      string
}

func TestScoreBounces(t *testing.T) {
	dir := corpus(t, "bounce", "sisimai")
	var want map[string][]wantBounce
	if err := json.Unmarshal(readFile(t, filepath.Join(dir, "expected.json")), &want); err != nil {
		t.Fatal(err)
	}
	kind := score{name: "bounces: no ordinary mail", floor: 98}
	count := score{name: "bounces: recipients", floor: 96}
	status := score{name: "bounces: status", floor: 94}
	hard := score{name: "bounces: hard or soft", floor: 84}
	for name, list := range want {
		m := Parse(readFile(t, filepath.Join(dir, name)))
		label := fmt.Sprintf("%s: %s automatic=%q from %s, %q, %+v", name, m.Kind, m.Automatic, m.From, m.Subject, m.Bounces)
		kind.check(m.Kind == KindBounce || m.Kind == KindFeedback || m.Kind == KindReply, label)
		if list[0].Reason == "feedback" || list[0].Reason == "vacation" {
			continue
		}
		count.check(len(m.Bounces) == len(list), fmt.Sprintf("count %d for %d %s", len(m.Bounces), len(list), label))
		for i, w := range list {
			if i >= len(m.Bounces) {
				break
			}
			b := m.Bounces[i]
			// Codes like 5.0.911 are inventions of that library, not found in the mail.
			if w.Status != "" && !strings.Contains(w.Status, ".0.9") {
				status.check(b.Status == w.Status, fmt.Sprintf("%s: status %q, want %q", name, b.Status, w.Status))
			}
			hard.check(b.Hard == w.HardBounce, fmt.Sprintf("%s: hard %v (%s, %s), want %v (%s, %s)", name, b.Hard, b.Reason, b.Status, w.HardBounce, w.Reason, w.Status))
		}
	}
	for _, s := range []*score{&kind, &count, &status, &hard} {
		s.report(t)
	}
}

// TestScoreOrdinary: mail that people or list servers send is never a report.
func TestScoreOrdinary(t *testing.T) {
	s := score{name: "ordinary mail left alone", floor: 100}
	for _, set := range []string{"easy-ham-1", "easy-ham-2", "hard-ham-1", "spam-1", "spam-2"} {
		dir := corpus(t, "spam", set)
		for _, name := range list(t, dir) {
			m := Parse(readFile(t, filepath.Join(dir, name)))
			s.check(m.Kind == KindMessage || m.Kind == KindCalendar, fmt.Sprintf("%s: %s from %s, %q", name, m.Kind, m.From, m.Subject))
		}
	}
	for _, set := range []string{"mail/zammad-trigger", "mail/stalwart/legacy", "mail/threads-notmuch/lkml/cur", "bounce/sisimai-not"} {
		dir := corpus(t, set)
		for _, name := range list(t, dir) {
			if filepath.Ext(name) == ".json" {
				continue
			}
			m := Parse(readFile(t, filepath.Join(dir, name)))
			s.check(m.Kind == KindMessage || m.Kind == KindCalendar, fmt.Sprintf("%s: %s from %s, %q", name, m.Kind, m.From, m.Subject))
		}
	}
	s.report(t)
}
