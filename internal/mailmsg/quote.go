package mailmsg

import "strings"

// line is one line of a mail's text.
type line struct {
	raw   string // as it stands in Message.Text
	text  string // without quote prefix
	depth int    // number of quote prefixes
	mark  string // what the HTML around it says, see markup.go
	at    int    // where in the HTML it starts
	intro int8   // what introLength found, one more; 0 when it has not looked yet
	state state
}

type state uint8

const (
	fresh    state = iota // written now
	quoted                // quoted history
	seam                  // a line that introduces history: "On … wrote:", a separator
	trailing              // history without prefixes, up to the end
)

// parts is a text taken apart.
type parts struct {
	fresh, quoted, signature string
	forwarded                *Forwarded
	cut                      bool
}

func (p parts) whole() bool { return !p.cut && p.signature == "" && p.forwarded == nil }

// against chooses between the plain form of a text and its HTML form. The plain one
// is as the sender's client wrote it, so it holds unless it shows no seam where the
// structure of the HTML has one.
func (p parts) against(html parts) parts {
	if html.whole() {
		return p
	}
	if p.whole() {
		return html
	}
	mine, its := squashed(p.fresh), squashed(html.fresh)
	if its != "" && len(its) < len(mine) && strings.HasPrefix(mine, its) && (p.forwarded == nil) == (html.forwarded == nil) {
		return html
	}
	return p
}

// squashed leaves out all white space.
func squashed(s string) string { return strings.Join(strings.Fields(s), "") }

// textLines parts plain text into lines and reads their quote prefixes.
func textLines(s string) []line {
	s = strings.TrimRight(s, " \t\n")
	if s == "" {
		return nil
	}
	rows := strings.Split(strings.TrimPrefix(s, "\ufeff"), "\n")
	lines := make([]line, len(rows))
	for i, row := range rows {
		row = strings.TrimRight(row, " \t")
		depth, text := quotePrefix(row)
		if depth > 0 && i > 0 && splitAddress(lines[i-1].text, text) {
			depth = lines[i-1].depth
		}
		if depth == 3 && (i == 0 || lines[i-1].depth == 0) && judgeIntro(row) == strongIntro {
			depth = 0 // GroupWise: ">>> Ann Miller 3/2/2026 10:11 AM >>>"
		}
		lines[i] = line{raw: row, text: text, depth: depth}
	}
	return lines
}

// quotePrefix counts the ">" before a line, which may have spaces between them.
// "From" escaped by an mbox file (">From ") is no quote.
func quotePrefix(row string) (depth int, text string) {
	text = strings.TrimLeft(row, " \t")
	if !strings.HasPrefix(text, ">") {
		return 0, row
	}
	if strings.HasPrefix(row, ">From ") && !strings.HasSuffix(row, ":") {
		return 0, row[1:]
	}
	for strings.HasPrefix(text, ">") {
		depth++
		text = strings.TrimPrefix(text[1:], " ")
		if rest := strings.TrimLeft(text, " "); strings.HasPrefix(rest, ">") {
			text = rest
		}
	}
	return depth, text
}

// splitAddress is true when a row starts with the ">" of an address that was
// broken over two rows: "On … Ann <ann@example.com", ">:".
func splitAddress(before, text string) bool {
	if strings.LastIndexByte(before, '<') <= strings.LastIndexByte(before, '>') || !strings.Contains(before, "@") && !strings.HasSuffix(before, "<") {
		return false
	}
	return strings.HasPrefix(text, ":") || strings.HasSuffix(text, ":") && len(text) < 60
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }

func joinRaw(lines []line) string {
	size := 0
	for _, l := range lines {
		size += len(l.raw) + 1
	}
	var b strings.Builder
	b.Grow(size)
	for i, l := range lines {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(l.raw)
	}
	return strings.Trim(b.String(), "\n")
}

// split parts lines into what was written now, what is quoted, the signature and
// a forwarded mail. Answers between quoted lines keep the lines they answer.
func split(lines []line, subject string) parts {
	p, _ := takeApart(lines, subject)
	return p
}

// takeApart is split that also gives the lines with their states; a line may have
// become several.
func takeApart(lines []line, subject string) (p parts, work []line) {
	if len(lines) > 20000 {
		// Longer than anybody writes: a log or a report, all of it new.
		return parts{fresh: joinRaw(lines)}, lines
	}
	work = unglue(lines)
	if f, at, end := findForward(work, subject); f != nil {
		p.forwarded, p.cut = f, true
		for i := at; i < end; i++ {
			work[i].state = trailing
		}
	} else {
		mark(work)
	}
	keepAnswered(work)
	p.assemble(work)
	if p.forwarded != nil && p.fresh == "" {
		p.fresh = p.forwarded.Text
	}
	if p.fresh == "" && p.forwarded == nil {
		// Nothing new at all: what is there is what the person sent.
		if p.fresh = onlyQuoted(work); p.fresh == p.quoted {
			p.quoted = "" // shown once
		}
	}
	return p, work
}

// maxSeam is the line up to which the beginning of a quoted mail is looked for;
// nobody writes more above one. Prefixes count on every line.
const maxSeam = 4000

// mark sets the state of each line.
func mark(lines []line) {
	for i := 0; i < len(lines); {
		l := &lines[i]
		far := i > maxSeam
		switch {
		case l.mark == markQuote:
			if !answersInside(lines, i) {
				l.state = quoted
			}
			i++
		case l.mark == markHistory:
			if anyFresh(lines[:i]) {
				setState(lines[i:], trailing)
				return
			}
			i++
		case l.depth > 0:
			if n := introLength(lines, i); n > 0 && (i == 0 || lines[i-1].depth == 0) {
				for i+n < len(lines) && blank(lines[i+n].text) {
					n++
				}
				setState(lines[i:i+n], seam) // Apple Mail quotes it as well
				i += n
				continue
			}
			l.state = quoted
			i++
		case blank(l.text):
			i++
		case !far && separator(lines, i):
			if anyFresh(lines[:i]) || headerBlock(lines, nextFull(lines, i+1)).found() {
				setState(lines[i:], trailing)
				return
			}
			if next := nextFull(lines, i+1); next < len(lines) && (lines[next].depth > l.depth || introLength(lines, next) > 0) {
				l.state = seam
			}
			i++
		case !far && headerBlock(lines, i).found() && !rawHeaders(lines, i):
			setState(lines[i:], trailing)
			return
		default:
			n := introLength(lines, i)
			if n == 0 {
				i++
				continue
			}
			if stop := markIntro(lines, i, n); stop {
				return
			}
			i += n
		}
	}
}

// answersInside is true for a line that stands in the element which holds a quote,
// below the quotation itself: Gmail's editor leaves answers there.
func answersInside(lines []line, i int) bool {
	if lines[i].depth > 0 || blank(lines[i].text) {
		return false
	}
	for n := i - 1; n >= 0 && lines[n].mark == markQuote; n-- {
		if lines[n].depth > 0 {
			return introLength(lines, i) == 0
		}
		if !blank(lines[n].text) {
			return lines[n].state == fresh && introLength(lines, i) == 0
		}
	}
	return false
}

// markIntro handles "On … wrote:". When quoted lines follow, the quote ends where
// they end; when plain text follows, all of it is history, unless nothing was
// written before.
func markIntro(lines []line, at, n int) (stop bool) {
	next := nextFull(lines, at+n)
	switch {
	case next == len(lines) || lines[next].depth > 0 || lines[next].mark == markQuote:
		setState(lines[at:at+n], seam)
		return false
	case anyFresh(lines[:at]):
		setState(lines[at:], trailing)
		return true
	}
	setState(lines[at:at+n], seam)
	return false
}

func setState(lines []line, s state) {
	for i := range lines {
		lines[i].state = s
	}
}

func anyFresh(lines []line) bool {
	for i := range lines {
		if lines[i].state == fresh && !blank(lines[i].text) {
			return true
		}
	}
	return false
}

// nextFull is the index of the next line that is not blank, or len(lines).
func nextFull(lines []line, from int) int {
	for from < len(lines) && blank(lines[from].text) {
		from++
	}
	return from
}

// keepAnswered makes quoted lines that are followed by an answer part of what was
// written, so that "yes" keeps its question. A whole mail quoted above one answer,
// with its "On … wrote:", stays history.
func keepAnswered(lines []line) {
	wrapped(lines)
	last := len(lines)
	for last > 0 && (lines[last-1].state != fresh || blank(lines[last-1].text)) {
		last--
	}
	if last == 0 {
		return
	}
	body := signatureStart(lines, last)
	for body > 0 && (lines[body-1].state != fresh || blank(lines[body-1].text)) {
		body--
	}
	runs := 0
	for i := 0; i < body; i++ {
		if lines[i].state == quoted && (i == 0 || lines[i-1].state != quoted || !asked(lines[i-1])) && asked(lines[i]) {
			runs++
		}
	}
	if runs == 0 {
		return
	}
	introduced := false
	for i := 0; i < body; i++ {
		named := lines[i].state == seam || lines[i].mark == markQuote && lines[i].depth == 0 && !blank(lines[i].text)
		if named && !anyFresh(lines[:i]) {
			introduced = true
		}
	}
	if runs == 1 && introduced {
		return
	}
	for i := 0; i < body; i++ {
		if lines[i].state == quoted && asked(lines[i]) {
			lines[i].state = fresh
		}
	}
}

// asked is true for a quoted line that an answer may belong to, and not for the
// "On … wrote:" around it.
func asked(l line) bool { return l.depth > 0 || l.mark != markQuote }

// wrapped finds the rests of quoted lines that a client broke without a prefix.
func wrapped(lines []line) {
	for i := 1; i+1 < len(lines); i++ {
		before, after := lines[i-1], lines[i+1]
		if lines[i].state == fresh && !blank(lines[i].text) && before.depth > 0 && before.depth == after.depth &&
			len(before.raw) > 60 && len(lines[i].text) < 80 && !strings.ContainsAny(before.text[len(before.text)-1:], ".?!:") {
			lines[i].state, lines[i].depth = quoted, before.depth
		}
	}
}

// assemble builds the strings. A signature is looked for in what was written now,
// and again below the quote.
func (p *parts) assemble(lines []line) {
	end := len(lines)
	for end > 0 && (lines[end-1].state != fresh || blank(lines[end-1].text)) {
		end--
	}
	sign := signatureStart(lines, end)
	var now, old, sig []line
	for i, l := range lines {
		switch {
		case l.state != fresh:
			old = append(old, l)
			p.cut = true
		case i >= sign && i < end:
			sig = append(sig, l)
		case blank(l.raw) && i >= end:
		default:
			now = append(now, l)
		}
	}
	// A signature may stand above the quote while other text follows it.
	if cut := signatureStart(now, len(now)); cut < len(now) {
		sig = append(append([]line(nil), now[cut:]...), sig...)
		now = now[:cut]
	}
	for len(now) > 0 && decoration(now[len(now)-1].raw) {
		now = now[:len(now)-1]
	}
	p.fresh = squeeze(joinRaw(now))
	p.quoted = joinRaw(old)
	p.signature = joinRaw(sig)
	if p.fresh == "" && p.forwarded == nil && len(old) == 0 {
		// All of it looked like a signature.
		p.fresh, p.signature = p.signature, ""
	}
}

func squeeze(s string) string {
	for strings.Contains(s, "\n\n\n\n") {
		s = strings.ReplaceAll(s, "\n\n\n\n", "\n\n\n")
	}
	return strings.Trim(s, " \t\n")
}

// decoration is a line of signs only, as clients put between text and quote.
func decoration(s string) bool {
	s = strings.TrimSpace(s)
	if s == "ᐧ" {
		return true
	}
	return len(s) < 100 && strings.Trim(s, "-_=*#~+—–• ") == ""
}

func onlyQuoted(lines []line) string {
	var keep []line
	for _, l := range lines {
		if l.state == quoted || l.state == trailing {
			keep = append(keep, l)
		}
	}
	return joinRaw(keep)
}
