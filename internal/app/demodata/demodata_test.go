package demodata

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

func people(t *testing.T) map[string]Person {
	t.Helper()
	byKey := map[string]Person{}
	for _, p := range People() {
		if _, twice := byKey[p.Key]; twice {
			t.Errorf("person %s is there twice", p.Key)
		}
		byKey[p.Key] = p
	}
	return byKey
}

func keysOf[T any](list []T, key func(T) string) []string {
	var keys []string
	for _, it := range list {
		keys = append(keys, key(it))
	}
	return keys
}

var reserved = regexp.MustCompile(`^[a-z0-9.-]+@([a-z0-9-]+\.)+example(\.(com|org|net))?$`)

func TestPeopleAreWhole(t *testing.T) {
	organisations := keysOf(Organisations(), func(o Organisation) string { return o.Key })
	teams := keysOf(Teams(), func(it Team) string { return it.Key })
	roles, addresses := map[Role]int{}, map[string]string{}
	for _, p := range people(t) {
		roles[p.Role]++
		if p.Name == "" || len(p.Addresses) == 0 || p.Title == "" || p.Department == "" {
			t.Errorf("%s is incomplete: %+v", p.Key, p)
		}
		if !slices.Contains(organisations, p.Organisation) {
			t.Errorf("%s: organisation %q", p.Key, p.Organisation)
		}
		if p.Language != "en" && p.Language != "de" {
			t.Errorf("%s: language %q", p.Key, p.Language)
		}
		if _, err := time.LoadLocation(p.Zone); err != nil || p.Zone == "" {
			t.Errorf("%s: zone %q: %v", p.Key, p.Zone, err)
		}
		for _, team := range p.Teams {
			if !slices.Contains(teams, team) {
				t.Errorf("%s: team %q", p.Key, team)
			}
		}
		if staff := p.Role != Requester; staff != (len(p.Teams) > 0) {
			t.Errorf("%s: a %s with teams %v", p.Key, p.Role, p.Teams)
		}
		for _, a := range p.Addresses {
			if other, twice := addresses[a]; twice {
				t.Errorf("%s belongs to %s and %s", a, p.Key, other)
			}
			addresses[a] = p.Key
			if !reserved.MatchString(a) {
				t.Errorf("%s: %q is not under a reserved domain", p.Key, a)
			}
		}
	}
	if roles[Requester] < 65 || roles[Agent] != 8 || roles[Lead] != 2 || roles[Administrator] != 1 {
		t.Errorf("roles: %v", roles)
	}
}

func TestOrganisationsTeamsMailboxes(t *testing.T) {
	private := 0
	teams := keysOf(Teams(), func(it Team) string { return it.Key })
	for _, team := range Teams() {
		if team.Private {
			private++
		}
	}
	if private != 1 {
		t.Errorf("%d private teams", private)
	}
	for _, o := range Organisations() {
		for _, domain := range o.Domains {
			if !reserved.MatchString("x@" + domain) {
				t.Errorf("%s: %q is not a reserved domain", o.Key, domain)
			}
		}
	}
	if len(Mailboxes()) < 2 {
		t.Errorf("%d mailboxes", len(Mailboxes()))
	}
	for _, m := range Mailboxes() {
		if !reserved.MatchString(m.Address) || !slices.Contains(teams, m.Team) {
			t.Errorf("mailbox %+v", m)
		}
	}
}

// replay gives the state that a thread's steps lead to, by the rules written at Thread.
func replay(t Thread, staff map[string]Person) (status, team, assignee string, err error) {
	status, team = "new", t.Team
	for i, step := range t.Steps {
		isStaff := staff[step.By].Role != "" && staff[step.By].Role != Requester
		switch step.What {
		case Said:
			switch {
			case isStaff && !step.Message.Note && status == "new":
				status = "open"
			case !isStaff && (status == "pending" || status == "solved"):
				status = "open"
			case status == "closed":
				return "", "", "", fmt.Errorf("step %d speaks on a closed ticket", i)
			}
		case Taken, Assigned:
			assignee = step.Value
			if status == "new" {
				status = "open"
			}
		case Moved:
			team = step.Value
		case Pending, OnHold, Solved, Closed:
			if status == string(step.What) {
				return "", "", "", fmt.Errorf("step %d says %s, which it is", i, step.What)
			}
			status = string(step.What)
		case Reopened:
			status = "open"
		}
	}
	return status, team, assignee, nil
}

func checkThread(t *testing.T, th Thread, byKey map[string]Person, teams []string) {
	t.Helper()
	status, team, assignee, err := replay(th, byKey)
	if err != nil || status != th.Status || assignee != th.Assignee {
		t.Errorf("%q ends %s/%s, its steps lead to %s/%s (%v)", th.Subject, th.Status, th.Assignee, status, assignee, err)
	}
	if assignee != "" && !slices.Contains(byKey[assignee].Teams, team) {
		t.Errorf("%q: %s is not in the team %s", th.Subject, assignee, team)
	}
	if !slices.Contains(teams, th.Team) || !slices.Contains(teams, team) {
		t.Errorf("%q: team %s, then %s", th.Subject, th.Team, team)
	}
	if byKey[th.Requester].Role != Requester {
		t.Errorf("%q: requester %q", th.Subject, th.Requester)
	}
	allowed := map[string][]string{
		th.Kind: {"incident", "request", "question", "problem"}, th.Priority: {"low", "normal", "high", "urgent"},
		th.Channel: {"mail", "form", "phone", "api"}, th.Language: {"en", "de"},
	}
	for value, values := range allowed {
		if !slices.Contains(values, value) {
			t.Errorf("%q: %q is none of %v", th.Subject, value, values)
		}
	}
	for _, key := range th.Followers {
		if byKey[key].Key == "" {
			t.Errorf("%q: follower %q", th.Subject, key)
		}
	}
	if len(th.Messages()) == 0 || th.Steps[0].Message == nil || th.Steps[0].By != th.Requester {
		t.Errorf("%q does not begin with its requester's message", th.Subject)
	}
	if th.days > 0 && !th.fits(byKey) {
		t.Errorf("%q has no room for its steps", th.Subject)
	}
	if th.Duration() >= th.Age {
		t.Errorf("%q lasts %s but began %s ago", th.Subject, th.Duration(), th.Age)
	}
	for i, step := range th.Steps {
		checkStep(t, fmt.Sprintf("%q step %d", th.Subject, i), step, byKey, teams)
	}
}

func checkStep(t *testing.T, where string, step Step, byKey map[string]Person, teams []string) {
	t.Helper()
	by := byKey[step.By]
	if by.Key == "" && step.What != Closed {
		t.Errorf("%s: by %q", where, step.By)
	}
	if (step.What == Said) != (step.Message != nil) || step.After < 0 {
		t.Errorf("%s: %+v", where, step)
	}
	if step.What != Said && by.Role == Requester {
		t.Errorf("%s: a requester cannot do %s", where, step.What)
	}
	switch step.What {
	case Taken, Assigned, Follower:
		if byKey[step.Value].Key == "" {
			t.Errorf("%s: %s %q", where, step.What, step.Value)
		}
	case Moved:
		if !slices.Contains(teams, step.Value) || step.Why == "" {
			t.Errorf("%s: moved to %q because %q", where, step.Value, step.Why)
		}
	case Priority, OnHold:
		if step.Why == "" {
			t.Errorf("%s: %s without a reason", where, step.What)
		}
	}
	m := step.Message
	if m == nil {
		return
	}
	if strings.TrimSpace(m.Text) == "" || m.From != step.By || m.After != step.After {
		t.Errorf("%s: message %+v", where, m)
	}
	if m.Note && by.Role == Requester {
		t.Errorf("%s: a requester writes a note", where)
	}
	if holes := regexp.MustCompile(`[{}]|\[\[|\]\]`).FindString(m.Text + m.HTML + step.Why); holes != "" {
		t.Errorf("%s: %q is left in the text", where, holes)
	}
	for _, f := range m.Attachments {
		if content, _ := Attachment(f.Kind, 1); len(content) == 0 || f.Name == "" {
			t.Errorf("%s: attachment %+v", where, f)
		}
	}
}

func germans(list []Thread) float64 {
	n := 0
	for _, th := range list {
		if th.Language == "de" {
			n++
		}
	}
	return 100 * float64(n) / float64(len(list))
}

func TestThreads(t *testing.T) {
	byKey, subjects := people(t), map[string]bool{}
	teams := keysOf(Teams(), func(it Team) string { return it.Key })
	if n := len(Threads()); n < 130 {
		t.Errorf("%d threads", n)
	}
	statuses, long := map[string]int{}, 0
	for _, th := range Threads() {
		checkThread(t, th, byKey, teams)
		if subjects[th.Subject] {
			t.Errorf("two threads are called %q", th.Subject)
		}
		subjects[th.Subject] = true
		statuses[th.Status]++
		if len(th.Messages()) >= 15 {
			long++
		}
	}
	for _, status := range []string{"new", "open", "pending", "on_hold", "solved", "closed"} {
		if statuses[status] < 4 {
			t.Errorf("only %d threads end %s", statuses[status], status)
		}
	}
	if long < 3 {
		t.Errorf("only %d threads have 15 messages or more", long)
	}
	if share := germans(Threads()); share < 8 || share > 16 {
		t.Errorf("%.1f %% German", share)
	}
	t.Logf("%d threads, %v, %.1f %% German, %d long", len(Threads()), statuses, germans(Threads()), long)
}

func TestExpand(t *testing.T) {
	byKey := people(t)
	teams := keysOf(Teams(), func(it Team) string { return it.Key })
	for seed := range uint64(5) {
		list := Expand(seed)
		if len(list) < 300 || len(list) > 400 {
			t.Errorf("seed %d: %d threads", seed, len(list))
		}
		if share := germans(list); share < 8 || share > 16 {
			t.Errorf("seed %d: %.1f %% German", seed, share)
		}
		bodies := map[string]string{}
		for _, th := range list {
			checkThread(t, th, byKey, teams)
			text := th.Requester + th.Messages()[0].Text
			if other, twice := bodies[text]; twice && th.Requester != "monitor" {
				t.Errorf("seed %d: %q and %q begin with the same words by the same person", seed, th.Subject, other)
			}
			bodies[text] = th.Subject
		}
		if !slices.IsSortedFunc(list, func(a, b Thread) int { return int(b.Age - a.Age) }) {
			t.Errorf("seed %d: not oldest first", seed)
		}
	}
	if !reflect.DeepEqual(Expand(7), Expand(7)) {
		t.Error("the same seed gives two desks")
	}
	if reflect.DeepEqual(Expand(7), Expand(8)) {
		t.Error("two seeds give the same desk")
	}
	t.Logf("%d expanded, %.1f %% German", len(Expand(1)), germans(Expand(1)))
}

func TestTimeline(t *testing.T) {
	staff := people(t)
	for _, now := range []time.Time{
		time.Date(2026, 11, 19, 14, 30, 0, 0, time.UTC), // a Thursday afternoon
		time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC),   // a Sunday night
		time.Date(2026, 11, 23, 8, 1, 0, 0, time.UTC),   // a Monday morning
	} {
		off, steps := 0, 0
		for _, th := range Expand(3) {
			times := th.Timeline(now)
			if len(times) != len(th.Steps) {
				t.Fatalf("%q: %d times for %d steps", th.Subject, len(times), len(th.Steps))
			}
			for i, at := range times {
				if at.After(now) || i > 0 && at.Before(times[i-1]) || now.Sub(at) > 50*day {
					t.Errorf("%q step %d: %s seen from %s", th.Subject, i, at, now)
				}
				if th.days == 0 || staff[th.Steps[i].By].Role == Requester || th.Steps[i].By == "" {
					continue
				}
				steps++
				if !atWork(at).Equal(at) {
					off++
				}
			}
		}
		if off*20 > steps {
			t.Errorf("%d of %d steps by staff lie outside their hours, seen from %s", off, steps, now)
		}
	}
}
