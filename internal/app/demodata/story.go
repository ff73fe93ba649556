package demodata

import (
	"bufio"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A story is a conversation as written in a file, with its holes still open:
//
//	=== The printer on the {place} prints stripes
//	who: hana via mail; kind: incident; team: workplace; prio: normal; tags: printer; when: 12d 10:40; agent: marcus; status: solved
//	words: place=second floor
//	vary: who=owen; place=goods-in counter
//	>> who
//	[[Good morning|Hello]], the printer …
//	@photo stripes.jpg
//	>> a +25m took solved
//	Hello {first}, …
//
// "when" is working days back and the time of day, or an age such as 40m for today. A step line is ">> BY +AFTER WORDS | reason"; BY is "who" (the
// requester), "a" (the story's agent), "desk" or a person's key; WORDS are took, note, tell, fix, pending, hold, solved, reopened, closed, and the pairs moved
// TEAM, priority P, kind K, assigned KEY, tag T, follower KEY. The lines below are the message, if any; "@KIND NAME" attaches a file; "~~~html" begins
// its HTML form. {word} is filled from words and vary, {first} and {a} with the first names of requester and agent; [[x|y]] offers wordings, of
// which the hand-written thread has the first.
type story struct {
	subject   string
	head      map[string]string
	words     map[string]string
	variants  []variant
	steps     []beat
	days      int
	clock     time.Duration
	age       time.Duration
	tags      []string
	followers []string
}

type variant map[string]string

type beat struct {
	by     string
	after  time.Duration
	before []deed // what happens before the message
	behind []deed // what happens just after it
	note   bool
	says   What // what the text is, when it is no message
	why    string
	text   string
	html   string
	files  []File
}

type deed struct {
	what  What
	value string
}

const (
	nominalClock   = 14*time.Hour + 30*time.Minute
	nominalWeekday = time.Thursday
	day            = 24 * time.Hour
)

func parseStories(raw string) ([]story, error) {
	var list []story
	var s *story
	scanner := bufio.NewScanner(strings.NewReader(raw))
	for number := 1; scanner.Scan(); number++ {
		line := strings.TrimRight(scanner.Text(), " \t")
		var err error
		switch {
		case strings.HasPrefix(line, "=== "):
			list = append(list, story{subject: line[4:], head: map[string]string{}, words: map[string]string{}})
			s = &list[len(list)-1]
		case s == nil:
			if line != "" {
				err = fmt.Errorf("text before the first thread")
			}
		case strings.HasPrefix(line, ">> "):
			err = s.addBeat(line[3:])
		case len(s.steps) == 0:
			err = s.addHead(line)
		default:
			s.steps[len(s.steps)-1].addLine(line)
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
	}
	if err := scanner.Err(); err != nil {
		return nil, fmt.Errorf("read lines: %w", err)
	}
	for i := range list {
		if err := list[i].finish(); err != nil {
			return nil, fmt.Errorf("%q: %w", list[i].subject, err)
		}
	}
	return list, nil
}

func pairs(raw, sign string) (map[string]string, error) {
	m := map[string]string{}
	for part := range strings.SplitSeq(raw, ";") {
		if strings.TrimSpace(part) == "" {
			continue
		}
		name, value, ok := strings.Cut(part, sign)
		if !ok {
			return nil, fmt.Errorf("%q is no pair", part)
		}
		m[strings.TrimSpace(name)] = strings.TrimSpace(value)
	}
	return m, nil
}

func (s *story) addHead(line string) error {
	if rest, ok := strings.CutPrefix(line, "words:"); ok {
		m, err := pairs(rest, "=")
		s.words = m
		return err
	}
	if rest, ok := strings.CutPrefix(line, "vary:"); ok {
		m, err := pairs(rest, "=")
		s.variants = append(s.variants, m)
		return err
	}
	m, err := pairs(line, ":")
	if err != nil {
		return err
	}
	// A time of day has a colon too; pairs cuts at the first, so it stays whole.
	for name, value := range m {
		s.head[name] = value
	}
	return nil
}

func (s *story) addBeat(line string) error {
	line, why, _ := strings.Cut(line, "|")
	b := beat{why: strings.TrimSpace(why)}
	words := strings.Fields(line)
	if len(words) == 0 {
		return fmt.Errorf("a step without a person")
	}
	b.by = words[0]
	for i := 1; i < len(words); i++ {
		used, err := b.addWord(words[i], words[i+1:])
		if err != nil {
			return err
		}
		i += used
	}
	s.steps = append(s.steps, b)
	return nil
}

func (b *beat) addWord(word string, rest []string) (used int, err error) {
	if strings.HasPrefix(word, "+") {
		b.after, err = parseSpan(word[1:])
		return 0, err
	}
	switch word {
	case "note":
		b.note = true
	case "tell":
		b.says = Told
	case "fix":
		b.says = Fix
	case "took":
		b.before = append(b.before, deed{Taken, b.by})
	case "reopened":
		b.before = append(b.before, deed{Reopened, ""})
	case "pending":
		b.behind = append(b.behind, deed{Pending, ""})
	case "hold":
		b.behind = append(b.behind, deed{OnHold, ""})
	case "solved":
		b.behind = append(b.behind, deed{Solved, ""})
	case "closed":
		b.behind = append(b.behind, deed{Closed, ""})
	default:
		what, ok := map[string]What{
			"moved": Moved, "priority": Priority, "kind": Kind, "assigned": Assigned, "tag": Tagged, "follower": Follower,
		}[word]
		if !ok || len(rest) == 0 {
			return 0, fmt.Errorf("unknown word %q in a step", word)
		}
		b.before = append(b.before, deed{what, rest[0]})
		return 1, nil
	}
	return 0, nil
}

func (b *beat) addLine(line string) {
	switch {
	case b.html != "":
		b.html += line + "\n"
	case line == "~~~html":
		b.html = "\n"
	case strings.HasPrefix(line, "@"):
		kind, name, _ := strings.Cut(line[1:], " ")
		b.files = append(b.files, File{Name: strings.TrimSpace(name), Kind: kind})
	default:
		b.text += line + "\n"
	}
}

func (s *story) finish() error {
	when, clock, later := strings.Cut(s.head["when"], " ")
	span, err := parseSpan(when)
	if err != nil {
		return fmt.Errorf("read when: %w", err)
	}
	s.age = span
	if later {
		at, err := time.Parse("15:04", clock)
		if err != nil {
			return fmt.Errorf("read when: %w", err)
		}
		s.days = int(span / day)
		s.clock = time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute
		s.age = nominalAge(s.days, s.clock)
	}
	for tag := range strings.SplitSeq(s.head["tags"], ",") {
		if tag = strings.TrimSpace(tag); tag != "" {
			s.tags = append(s.tags, tag)
		}
	}
	for key := range strings.SplitSeq(s.head["follow"], ",") {
		if key = strings.TrimSpace(key); key != "" {
			s.followers = append(s.followers, key)
		}
	}
	for i := range s.steps {
		s.steps[i].text = strings.TrimSpace(s.steps[i].text)
		s.steps[i].html = strings.TrimSpace(s.steps[i].html)
	}
	return nil
}

// parseSpan reads spans such as 25m, 3h, 1h30m, 2d and 1d4h.
func parseSpan(raw string) (time.Duration, error) {
	if raw == "" {
		return 0, fmt.Errorf("read span: nothing there")
	}
	var sum time.Duration
	if days, rest, ok := strings.Cut(raw, "d"); ok {
		n, err := strconv.Atoi(days)
		if err != nil {
			return 0, fmt.Errorf("read span %q: %w", raw, err)
		}
		sum, raw = time.Duration(n)*day, rest
	}
	if raw == "" {
		return sum, nil
	}
	span, err := time.ParseDuration(raw)
	if err != nil {
		return 0, fmt.Errorf("read span: %w", err)
	}
	return sum + span, nil
}
