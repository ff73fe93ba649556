package automation_test

import (
	"os"
	"reflect"
	"strings"
	"testing"

	"goodturn/internal/automation"
)

var texts = []string{
	"rule Tag what is about VPN\nwhen a ticket comes\nif vpn -tag:vpn\nthen tag vpn\n",
	"when a message comes from requester, other\nthen set status open\nstop\n",
	"when status changed from new, open to pending\nwhen pending, on_hold for 3 working days\nif team:network OR team:\"first line\"\nthen set status solved\n",
	"when waiting for us for 4 working hours in \"Berlin, Mitte\"\nthen assign amara@example.com\nthen move to network\nthen notify assignee, owner, team:network\n  | It waits.\n  |\n  |   Really.\n",
	"when created 1 day ago\nwhen no answer for 90 minutes\nthen snooze answer 3d\nthen wake\nthen trash\n",
	"when every FREQ=MONTHLY;BYDAY=1MO,2TU from 2026-12-07 08:00 in Europe/Berlin\nthen create ticket for hana@example.com in network about Check the backups: all\n  | Restore one file from each.\n",
	"when tag added vpn, \"to\"\nwhen tag removed\nwhen sla_breach solve, next_answer\nwhen woken by time\nthen webhook https://example.com/hook?a=1,2\nthen reply macro 12\nthen reply\n  | {{greeting}}\nthen note\n  | | a pipe\nthen untag \"two words\"\nthen set subject Printer: \"half\" pages\n",
}

func TestPrintedAndReadAgain(t *testing.T) {
	for _, text := range texts {
		name, d, err := automation.Parse(text)
		if err != nil {
			t.Errorf("%s\n%v", text, err)
			continue
		}
		if printed := automation.Print(name, d); printed != text {
			t.Errorf("printed as\n%s\nand written as\n%s", printed, text)
		}
	}
}

func TestMistakesHaveTheirPlace(t *testing.T) {
	for text, want := range map[string]string{
		"":                                       "1:1 A line that begins with “when” is missing",
		"when a ticket comes":                    "1:20 A line that begins with “then” is missing",
		"when a tickt comes\nthen tag x":         "1:6 This is nothing that sets a rule going",
		"when status changed to foo\nthen tag x": "1:24 “foo” is not known here. There are: new, open",
		"when status changed to open pending\nthen tag x":   "1:29 The line should end here",
		"when a ticket comes\nif stattus:open\nthen tag x":  "2:4 There is no field",
		"when a ticket comes\nif tag:a\nif tag:b\nthen tag": "3:1 There is one “if” already",
		"when a ticket comes\nthen dance":                   "2:6 There is nothing called “dance” that can be done",
		"when a ticket comes\nthen set status new":          "2:17 “new” is not known here",
		"when a ticket comes\nthen tag":                     "2:9 Please say which or whom",
		"when a ticket comes\n | x\nthen tag x":             "2:2 A line that begins with |",
		"when pending for ever\nthen tag x":                 "1:18 Please say how long",
		"when pending for 9999999 days\nthen tag x":         "1:18 A rule waits for two years at most",
		"when tag added \"x\nthen tag x":                    "1:16 The quotation mark that begins here is not closed",
		"when every DAY from 2026-02-30 08:00\nthen tag x":  "1:21 This is no day and time",
	} {
		_, _, err := automation.Parse(text)
		e, ok := automation.WrongPlace(err)
		if !ok {
			t.Errorf("%q: %v", text, err)
			continue
		}
		line, column := e.Line()
		got := place(line, column) + " " + e.Error()
		if !strings.HasPrefix(got, want) {
			t.Errorf("%q:\n  got  %s\n  want %s", text, got, want)
		}
		if before, wrong, after := e.Parts(); !strings.Contains(text, before+wrong+after) || strings.Contains(before, "\n") {
			t.Errorf("%q: the place is %q %q %q", text, before, wrong, after)
		}
	}
}

func place(line, column int) string {
	return strings.TrimSpace(strings.Join([]string{itoa(line), itoa(column)}, ":"))
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + itoa(n%10)
}

// The rule that the manual shows is one, and is printed as it stands there.
func TestTheManualIsRight(t *testing.T) {
	raw, err := os.ReadFile("../../docs/rules.md")
	if err != nil {
		t.Fatal(err)
	}
	_, block, _ := strings.Cut(string(raw), "\n    rule ")
	block, _, _ = strings.Cut("rule "+block, "\n\n")
	text := strings.ReplaceAll(block, "\n    ", "\n") + "\n"
	name, d, err := automation.Parse(text)
	if err != nil || automation.Print(name, d) != text {
		t.Errorf("%v:\n%s\nis printed as\n%s", err, text, automation.Print(name, d))
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range texts {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		name, d, err := automation.Parse(text)
		if err != nil {
			if e, ok := automation.WrongPlace(err); ok {
				e.Line()
				e.Parts()
			}
			return
		}
		printed := automation.Print(name, d)
		again, same, err := automation.Parse(printed)
		if err != nil || again != name || !reflect.DeepEqual(d, same) {
			t.Errorf("%q\nprinted as %q\nis read as %+v, was %+v (%v)", text, printed, same, d, err)
		}
	})
}
