package mailmsg

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"path/filepath"
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
	kind := score{name: "bounces: no ordinary mail", floor: 100}
	count := score{name: "bounces: recipients", floor: 99}
	status := score{name: "bounces: status", floor: 96.5}
	code := score{name: "bounces: reply code", floor: 97}
	reason := score{name: "bounces: reason", floor: 95.5}
	hard := score{name: "bounces: hard or soft", floor: 99}
	for name, list := range want {
		m := Parse(readFile(t, filepath.Join(dir, name)))
		label := fmt.Sprintf("%s: %s automatic=%q from %s, %q, %+v", name, m.Kind, m.Automatic, m.From, m.Subject, m.Bounces)
		kind.check(m.Kind == KindBounce || m.Kind == KindFeedback || m.Kind == KindReply, label)
		if list[0].Reason == "vacation" {
			continue
		}
		count.check(len(m.Bounces) == len(list), fmt.Sprintf("count %d for %d %s", len(m.Bounces), len(list), label))
		for i, w := range list {
			var b Bounce
			if i < len(m.Bounces) {
				b = m.Bounces[i]
			}
			shown := fmt.Sprintf("%s: have %s %s %s %v, want %s %s %s %v", name, b.Status, b.ReplyCode, b.Reason, b.Hard, w.Status, w.ReplyCode, w.Reason, w.HardBounce)
			status.check(b.Status == w.Status, shown)
			code.check(b.ReplyCode == w.ReplyCode, shown)
			reason.check(b.Reason == w.Reason, shown)
			hard.check(b.Hard == w.HardBounce, shown)
		}
	}
	for _, s := range []*score{&kind, &count, &status, &code, &reason, &hard} {
		s.report(t)
	}
}

// TestScoreOrdinary: mail that people or list servers send is never a report.
func TestScoreOrdinary(t *testing.T) {
	s := score{name: "ordinary mail left alone", floor: 100}
	for _, set := range []string{"spam", "mail", "reply", "bounce/sisimai-not", "bounce/baunsu"} {
		err := filepath.WalkDir(corpus(t, set), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(path) == ".json" || filepath.Ext(path) == ".xml" {
				return err
			}
			raw := readFile(t, path)
			if saysItIsReport(raw) {
				return nil
			}
			m := Parse(raw)
			s.check(m.Kind == KindMessage || m.Kind == KindCalendar, fmt.Sprintf("%s: %s from %s, %q", path, m.Kind, m.From, m.Subject))
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	s.report(t)
}

// saysItIsReport tells by their marks the mails that are reports and answers of
// machines indeed, apart from the rules under test.
func saysItIsReport(raw []byte) bool {
	head := bytes.ToLower(raw[:min(len(raw), 8<<10)])
	for _, mark := range []string{"multipart/report", "from: mailer-daemon", "from: postmaster", "<mailer-daemon@", "<postmaster@", "(mail delivery system)", "auto-replied", "message/delivery-status"} {
		if bytes.Contains(head, []byte(mark)) {
			return true
		}
	}
	return false
}
