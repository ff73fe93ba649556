package demodata

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

const (
	closeAfter = 5 * day
	closeWhy   = "Solved for five days and nothing more came"
)

// teller fills the holes of one story for one requester and agent.
type teller struct {
	words map[string]string
	who   string
	agent string
	rng   *rand.Rand // nil: the first wording everywhere
	err   error
}

func firstName(p Person) string {
	first, _, _ := strings.Cut(p.Name, " ")
	return first
}

// tell makes the thread of a story; rng is nil for the hand-written form.
func (d *desk) tell(s story, v variant, rng *rand.Rand) (Thread, error) {
	who, channel, _ := strings.Cut(s.head["who"], " via ")
	t := teller{words: map[string]string{}, who: who, agent: s.head["agent"], rng: rng}
	for _, m := range []map[string]string{s.words, v} {
		for name, value := range m {
			t.words[name] = value
		}
	}
	if v["who"] != "" {
		t.who = v["who"]
	}
	if v["a"] != "" {
		t.agent = v["a"]
	}
	t.words["first"] = firstName(d.byKey[t.who])
	t.words["a"] = firstName(d.byKey[t.agent])
	thread := Thread{
		Subject: t.fill(s.subject), Kind: s.head["kind"], Priority: s.head["prio"], Team: s.head["team"], Tags: s.tags,
		Requester: t.who, Channel: channel, Status: s.head["status"], Language: s.head["lang"], Followers: s.followers,
		Age: s.age, days: s.days, clock: s.clock,
	}
	if thread.Language == "" {
		thread.Language = "en"
	}
	for _, b := range s.steps {
		thread.Steps = append(thread.Steps, t.steps(b)...)
	}
	for _, step := range thread.Steps {
		if step.What == Taken || step.What == Assigned {
			thread.Assignee = step.Value
		}
	}
	thread.autoClose()
	return thread, t.err
}

// autoClose closes what has stayed solved long enough, as the desk does by itself.
func (t *Thread) autoClose() {
	if t.Status != "solved" || t.Age-t.Duration() < closeAfter+2*day {
		return
	}
	t.Status = "closed"
	t.Steps = append(t.Steps, Step{After: closeAfter, What: Closed, Why: closeWhy})
}

func (t *teller) key(by string) string {
	switch by {
	case "who":
		return t.who
	case "a":
		return t.agent
	case "desk":
		return ""
	}
	return by
}

func (t *teller) steps(b beat) []Step {
	var list []Step
	by, after, why := t.key(b.by), b.after, t.fill(b.why)
	add := func(deeds []deed) {
		for _, it := range deeds {
			step := Step{After: after, By: by, What: it.what, Value: it.value}
			if it.what == Taken || it.what == Assigned || it.what == Follower {
				step.Value = t.key(it.value)
			}
			if it.what != Taken && it.what != Follower {
				step.Why = why
			}
			list, after = append(list, step), 0
		}
	}
	if b.text != "" && len(b.before) > 0 {
		after = b.after * 2 / 5
	}
	add(b.before)
	if b.text != "" {
		if len(b.before) > 0 {
			after = b.after - b.after*2/5
		}
		if b.says != "" {
			list, after = append(list, Step{After: after, By: by, What: b.says, Value: t.fill(b.text)}), 0
			add(b.behind)
			return list
		}
		m := &Message{From: by, Note: b.note, After: after, Text: t.fill(b.text), HTML: t.fill(b.html)}
		for _, f := range b.files {
			m.Attachments = append(m.Attachments, File{Name: t.fill(f.Name), Kind: f.Kind})
		}
		list, after = append(list, Step{After: after, By: by, What: Said, Message: m}), 0
	}
	add(b.behind)
	return list
}

// fill replaces [[x|y]] and then {word}.
func (t *teller) fill(text string) string {
	for {
		from := strings.Index(text, "[[")
		if from < 0 {
			break
		}
		length := strings.Index(text[from:], "]]")
		if length < 0 {
			t.err = fmt.Errorf("a choice is not closed: %.40q", text[from:])
			return text
		}
		choices, pick := strings.Split(text[from+2:from+length], "|"), 0
		if t.rng != nil {
			pick = t.rng.IntN(len(choices))
		}
		text = text[:from] + choices[pick] + text[from+length+2:]
	}
	for from := strings.Index(text, "{"); from >= 0; from = strings.Index(text, "{") {
		length := strings.Index(text[from:], "}")
		if length < 0 {
			t.err = fmt.Errorf("a word is not closed: %.40q", text[from:])
			return text
		}
		word, ok := t.words[text[from+1:from+length]]
		if !ok {
			t.err = fmt.Errorf("nothing fills %s", text[from:from+length+1])
			return text
		}
		text = text[:from] + word + text[from+length+1:]
	}
	return text
}

// nominalAge is the age of a ticket that came days working days ago at that time of day, seen from a Thursday at 14:30.
func nominalAge(days int, clock time.Duration) time.Duration {
	calendar, weekday := 0, nominalWeekday
	for days > 0 {
		calendar++
		weekday = (weekday + 6) % 7
		if weekday != time.Saturday && weekday != time.Sunday {
			days--
		}
	}
	return time.Duration(calendar)*day + nominalClock - clock
}
