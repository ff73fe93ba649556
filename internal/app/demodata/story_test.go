package demodata

import (
	"testing"
	"time"
)

func TestParseSpan(t *testing.T) {
	for raw, want := range map[string]time.Duration{
		"25m": 25 * time.Minute, "3h": 3 * time.Hour, "2d": 2 * day, "1d4h": day + 4*time.Hour, "0m": 0, "1h30m": 90 * time.Minute,
	} {
		if got, err := parseSpan(raw); err != nil || got != want {
			t.Errorf("%s: %s, %v", raw, got, err)
		}
	}
	for _, raw := range []string{"d", "soon", "5", "1d2"} {
		if got, err := parseSpan(raw); err == nil {
			t.Errorf("%s: %s, no error", raw, got)
		}
	}
}

func TestParseStoriesRefuses(t *testing.T) {
	for name, raw := range map[string]string{
		"text before":  "hello\n=== A\nwhen: 1h\n",
		"unknown word": "=== A\nwhen: 1h\n>> who danced\nHello\n",
		"no when":      "=== A\nkind: incident\n>> who\nHello\n",
		"no pair":      "=== A\nnonsense\n",
		"bad span":     "=== A\nwhen: 1h\n>> who +soon\n",
		"bad clock":    "=== A\nwhen: 1d 25:99\n",
	} {
		if _, err := parseStories(raw); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestTellReportsOpenHoles(t *testing.T) {
	for name, text := range map[string]string{"unknown word": "{nobody}", "open word": "{first", "open choice": "[[a|b"} {
		list, err := parseStories("=== A\nwho: hana via mail; when: 1h\n>> who\n" + text + "\n")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := loaded().tell(list[0], variant{}, nil); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestStoryForm(t *testing.T) {
	list, err := parseStories("=== About {thing}\nwho: hana via mail; when: 2d 10:15; agent: ines; status: solved\nwords: thing=tea\n" +
		">> who\n[[Hello|Hi]], {thing}.\n@photo tea.jpg\n~~~html\n<p>tea</p>\n>> a +10m took pending\nWhich, {first}? {a}\n>> desk +1d solved | Silence\n")
	if err != nil {
		t.Fatal(err)
	}
	th, err := loaded().tell(list[0], variant{"thing": "coffee"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if th.Subject != "About coffee" || th.Assignee != "ines" || th.Age != 2*day+4*time.Hour+15*time.Minute || th.Duration() != day+10*time.Minute {
		t.Errorf("%+v", th)
	}
	want := []What{Said, Taken, Said, Pending, Solved}
	if len(th.Steps) != len(want) {
		t.Fatalf("%d steps", len(th.Steps))
	}
	for i, what := range want {
		if th.Steps[i].What != what {
			t.Errorf("step %d is %s, not %s", i, th.Steps[i].What, what)
		}
	}
	first, second := th.Steps[0].Message, th.Steps[2].Message
	if first.Text != "Hello, coffee." || first.HTML != "<p>tea</p>" || len(first.Attachments) != 1 {
		t.Errorf("%+v", first)
	}
	if second.Text != "Which, Hana? Inês" || th.Steps[4].Why != "Silence" || th.Steps[4].By != "" {
		t.Errorf("%+v %+v", second, th.Steps[4])
	}
}
