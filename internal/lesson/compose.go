package lesson

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"goodturn/internal/fixnote"
	"goodturn/internal/i18n"
	"goodturn/internal/mailmsg"
	"goodturn/internal/redact"
)

// sheet is a draft in the making.
type sheet struct {
	ctx      context.Context // of the article's language
	known    *redact.Known
	b        strings.Builder
	title    string
	cuts     []cut
	said     []sentence
	answered bool // it says what to do
}

// cut is what was taken out, with its place in the title or the text.
type cut struct {
	redact.Cut
	ticket  int64
	inTitle bool
}

// sentence is what stands in the draft, with where it came from.
type sentence struct {
	part    string
	text    string
	tickets []int64
}

// The parts.
const (
	See  = "see"
	Do   = "do"
	Tell = "tell"
)

// What a draft has at most of each.
const (
	mostSee   = 6
	fewSee    = 4 // of one ticket
	mostSteps = 12
	mostWays  = 3
	mostTells = 3
	around    = 32 // characters beside a cut that are kept, to find it again
)

// compose writes the draft and gives its title.
func (s *sheet) compose(title string, all []matter) string {
	ways := rankWays(all)
	best := all[0]
	if len(ways) > 0 {
		best = ways[0].matter
	}
	s.heading(i18n.T(s.ctx, "When you see this"))
	for _, x := range gather(all) {
		s.line("- ", See, x.text, x.tickets)
	}
	s.heading(i18n.T(s.ctx, "What to do"))
	for i, w := range ways[:min(len(ways), mostWays)] {
		if i > 0 {
			s.b.WriteString("\n" + i18n.T(s.ctx, "If that does not help:") + "\n\n")
		}
		s.way(w)
	}
	if s.answered = len(ways) > 0; !s.answered {
		s.b.WriteString("1. \n")
	}
	s.heading(i18n.T(s.ctx, "If it stays"))
	s.b.WriteString(i18n.T(s.ctx, "[Ask us](/), and we look at it together. It helps to tell us:") + "\n\n")
	s.b.WriteString("- " + i18n.T(s.ctx, "what of this you tried, and what you saw then") + "\n- " + i18n.T(s.ctx, "the exact words of a message, or a picture of it") + "\n")
	for _, x := range asked(all) {
		s.line("- ", Tell, x.text, x.tickets)
	}
	return s.titled(title, best)
}

func (s *sheet) text() string { return strings.TrimRight(s.b.String(), "\n") }

func (s *sheet) heading(words string) {
	if s.b.Len() > 0 {
		s.b.WriteString("\n")
	}
	s.b.WriteString("# " + words + "\n\n")
}

// titled makes the title of a subject where none is given.
func (s *sheet) titled(title string, best matter) string {
	if title == "" {
		title = strings.Trim(subjectMarks.ReplaceAllString(mailmsg.PlainSubject(best.ticket.Subject), ""), " -:")
	}
	if title == "" {
		title = i18n.T(s.ctx, "Without a title")
	}
	r := s.known.Redact(title, s.word)
	for _, c := range r.Cuts {
		s.cuts = append(s.cuts, cut{c, best.ticket.ID, true})
	}
	s.title = cutRunes(r.Text, 190)
	return s.title
}

// subjectMarks are what mail programs and help desks put before and into subjects.
var subjectMarks = regexp.MustCompile(`(?i)^(?:\s*(?:re|aw|fwd?|wg|antw|sv|tr|rv|betreff|subject)\s*(?:\[\d+\])?:)+|\[[^\]]*#?\d+\]`)

func cutRunes(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return strings.TrimSpace(string([]rune(s)[:most])) + "…"
}

// line writes a sentence after a mark, without what is to be taken out.
func (s *sheet) line(mark, part, text string, tickets []int64) {
	s.b.WriteString(mark)
	text = begun(text)
	r := s.known.Redact(text, s.word)
	last := 0
	start := s.b.Len()
	for _, c := range r.Cuts {
		s.b.WriteString(escapeAt(r.Text[last:c.At], s.b.Len() == start))
		last = c.At + len(c.Word)
		c.At = s.b.Len()
		s.b.WriteString(c.Word)
		if rest := r.Text[last:]; strings.HasPrefix(rest, "(") || strings.HasPrefix(rest, "[") {
			s.b.WriteString(" ") // it would be a link
		} else if strings.HasPrefix(rest, ":") {
			s.b.WriteString("\\") // it would be where a link leads
		}
		s.cuts = append(s.cuts, cut{c, tickets[0], false})
	}
	s.b.WriteString(escapeAt(r.Text[last:], s.b.Len() == start) + "\n")
	s.said = append(s.said, sentence{part, r.Text, tickets})
}

// begun writes a sentence with a capital, as those that stood behind a greeting have none; "iPhone" stays.
func begun(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	if next, _ := utf8.DecodeRuneInString(s[size:]); unicode.IsLower(r) && (unicode.IsLower(next) || next == ' ') {
		return string(unicode.ToUpper(r)) + s[size:]
	}
	return s
}

// around gives what stands beside a cut when the draft is done.
func (s *sheet) around(c cut) (before, after string) {
	text := s.text()
	if c.inTitle {
		text = s.title
	}
	if c.At+len(c.Word) > len(text) {
		return "", "" // the end of a long title
	}
	return redact.Result{Text: text}.Around(c.Cut, around)
}

// word is what stands in place of what was taken out, in the article's language.
func (s *sheet) word(k redact.Kind) string { return "[" + KindWord(s.ctx, k) + "]" }

// KindWord calls a kind of what is taken out.
func KindWord(ctx context.Context, k redact.Kind) string {
	switch k {
	case redact.Name:
		return i18n.C(ctx, "taken out", "name")
	case redact.Organisation:
		return i18n.C(ctx, "taken out", "organisation")
	case redact.Mail:
		return i18n.C(ctx, "taken out", "mail address")
	case redact.Phone:
		return i18n.C(ctx, "taken out", "phone")
	case redact.Place:
		return i18n.C(ctx, "taken out", "address")
	case redact.Machine:
		return i18n.C(ctx, "taken out", "computer")
	case redact.Account:
		return i18n.C(ctx, "taken out", "user name")
	case redact.Link:
		return i18n.C(ctx, "taken out", "link")
	case redact.Number:
		return i18n.C(ctx, "taken out", "number")
	case redact.Key:
		return i18n.C(ctx, "taken out", "key")
	}
	return i18n.C(ctx, "taken out", "secret")
}

// gather chooses what says best what is seen: of one ticket in its order; of several what recurs first, what says the same once.
func gather(all []matter) []sentence {
	type one struct {
		sentence
		stems map[string]bool
		score float64
		order int
	}
	var found []one
	for _, m := range all {
		subject := stems(m.ticket.Subject)
		for i, text := range sentences(m.asked) {
			x := one{sentence{See, text, []int64{m.ticket.ID}}, stems(text), symptom(text, subject, i), len(found)}
			at := slices.IndexFunc(found, func(f one) bool { return alike(f.stems, x.stems) >= same })
			if at < 0 {
				found = append(found, x)
				continue
			}
			f := &found[at]
			if x.score > f.score && !slices.Contains(f.tickets, m.ticket.ID) {
				f.text, f.score = x.text, x.score
			}
			if !slices.Contains(f.tickets, m.ticket.ID) {
				f.tickets = append(f.tickets, m.ticket.ID)
			}
		}
	}
	most := mostSee
	if len(all) == 1 {
		most = fewSee
	}
	slices.SortStableFunc(found, func(a, b one) int {
		return cmp.Or(cmp.Compare(len(b.tickets), len(a.tickets)), cmp.Compare(b.score, a.score))
	})
	found = found[:min(len(found), most)]
	if len(found) > 1 { // what says little beside the best is not needed
		found = slices.DeleteFunc(found, func(x one) bool { return x.score < 0.5 && x.order > 0 })
	}
	if len(all) == 1 {
		slices.SortFunc(found, func(a, b one) int { return cmp.Compare(a.order, b.order) })
	}
	var out []sentence
	for _, x := range found {
		out = append(out, x.sentence)
	}
	if len(out) == 0 { // nothing but the subject says it
		for _, m := range all {
			if m.ticket.Subject != "" {
				return []sentence{{See, mailmsg.PlainSubject(m.ticket.Subject), []int64{m.ticket.ID}}}
			}
		}
	}
	return out
}

// way is what helped with one ticket.
type way struct {
	matter
	intro, steps []string
	stems        map[string]bool
	tickets      []int64 // all that were helped so
	score        float64
}

// rankWays gives what helped, the best first: a fix note that helped before an answer, what the requester said works before what only
// stayed solved, what helped several before what helped one. Those that say the same are one.
func rankWays(all []matter) (out []way) {
	for _, m := range all {
		w := way{matter: m, tickets: []int64{m.ticket.ID}}
		if m.note.Says() {
			w.intro, w.steps = noteSteps(m.note)
			w.score += 3
		} else {
			w.intro, w.steps = answerSteps(m.answer)
		}
		if len(w.intro)+len(w.steps) == 0 {
			continue
		}
		if m.worked {
			w.score += 3
		}
		if len(w.steps) > 0 {
			w.score++
		}
		w.stems = stems(strings.Join(append(slices.Clone(w.intro), w.steps...), " "))
		out = append(out, w)
	}
	slices.SortStableFunc(out, better)
	var folded []way
	for _, w := range out {
		at := slices.IndexFunc(folded, func(f way) bool { return alike(f.stems, w.stems) >= sameText })
		if at < 0 {
			folded = append(folded, w)
			continue
		}
		folded[at].tickets = append(folded[at].tickets, w.ticket.ID)
		folded[at].score += 1.5
	}
	slices.SortStableFunc(folded, better)
	return folded
}

func better(a, b way) int {
	return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(b.ticket.SolvedAt, a.ticket.SolvedAt), cmp.Compare(b.ticket.ID, a.ticket.ID))
}

// noteSteps are what a fix note says: what was wrong and what we did, and then how to do it oneself.
func noteSteps(n fixnote.Note) (intro, steps []string) {
	intro = append(sentences(n.Wrong), sentences(n.Did)...)
	for _, s := range []struct {
		text string
		to   *[]string
	}{{n.Wrong, &intro}, {n.Did, &intro}} {
		if s.text != "" && len(sentences(s.text)) == 0 { // "Toner was empty" is short, and meant
			*s.to = append(*s.to, oneLine(s.text))
		}
	}
	if steps = sentences(n.Next); len(steps) == 0 && strings.TrimSpace(n.Next) != "" {
		steps = []string{oneLine(n.Next)}
	}
	return intro, steps[:min(len(steps), mostSteps)]
}

func oneLine(s string) string { return cutRunes(strings.Join(strings.Fields(s), " "), longest) }

// answerSteps are what an answer says: the items of its list, or the sentences that say what to do; the rest stands before them.
func answerSteps(text string) (intro, steps []string) {
	listed := 0
	for l := range strings.Lines(text) {
		if item.MatchString(l) {
			listed++
		}
	}
	for para := range strings.SplitSeq(text, "\n\n") {
		for _, s := range sentences(para) {
			switch {
			case wantsToKnow(s):
			case listed >= 2 && startsItem(para, s), listed < 2 && tells(s):
				steps = append(steps, s)
			case len(steps) == 0:
				intro = append(intro, s)
			case tells(s):
				steps = append(steps, s)
			}
		}
	}
	return intro[:min(len(intro), 4)], steps[:min(len(steps), mostSteps)]
}

// startsItem tells that a sentence begins an item of a list.
func startsItem(para, s string) bool {
	begin, _, _ := strings.Cut(s, " ")
	for l := range strings.Lines(para) {
		if at := item.FindString(l); at != "" && strings.HasPrefix(strings.TrimSpace(l[len(at):]), begin) {
			return true
		}
	}
	return false
}

func (s *sheet) way(w way) {
	for _, x := range w.intro {
		s.line("", Do, x, w.tickets)
	}
	if len(w.intro) > 0 && len(w.steps) > 0 {
		s.b.WriteString("\n")
	}
	for i, x := range w.steps {
		s.line(number(i+1)+". ", Do, x, w.tickets)
	}
}

// asked are the questions that the desk asked back, those that it asked most first.
func asked(all []matter) []sentence {
	type one struct {
		sentence
		stems map[string]bool
	}
	var found []one
	for _, m := range all {
		for _, text := range m.asks {
			x := one{sentence{Tell, text, []int64{m.ticket.ID}}, stems(text)}
			if at := slices.IndexFunc(found, func(f one) bool { return alike(f.stems, x.stems) >= sameText }); at >= 0 {
				if !slices.Contains(found[at].tickets, m.ticket.ID) {
					found[at].tickets = append(found[at].tickets, m.ticket.ID)
				}
				continue
			}
			found = append(found, x)
		}
	}
	slices.SortStableFunc(found, func(a, b one) int { return cmp.Compare(len(b.tickets), len(a.tickets)) })
	var out []sentence
	for _, x := range found[:min(len(found), mostTells)] {
		out = append(out, x.sentence)
	}
	return out
}
