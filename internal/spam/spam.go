// Package spam guesses whether a mail is one that nobody at its destination asked for, and says why.
//
// Three kinds of evidence are added up, in natural log-odds: signs in how the mail is made (sign.go), phrases that
// spam is known for (phrase.go), and words, by how often judged mails held them (word.go). A small table of such
// counts comes with the package, so that the guess is of use on the first day; what a desk judges itself is counted
// on top and soon outweighs it. What is known of the sender is given as facts, and weighs as much as its certainty.
//
// Invariants: everything is a pure function of what is given; no input takes long; a guess comes with its reasons;
// words alone, or signs alone, never reach the cautious level: a wanted mail that is put aside costs more than ten
// spam mails that are not.
//
//	evidence := spam.Look(mail)
//	guess := evidence.Judge(facts, spam.Prior(), learnt)
//	if guess.Score >= spam.Cautious.Threshold() { … guess.Reasons … }
package spam

import "math"

// Mail is what is looked at of a mail.
type Mail struct {
	// Head is the raw mail, or the start of it: only the fields before the first empty line are read.
	Head []byte
	// FromName and FromAddress are its author's, decoded.
	FromName, FromAddress string
	// ReplyTo is the first address that answers should go to, or "".
	ReplyTo string
	// Recipients is how many addresses To and Cc name.
	Recipients int
	Subject    string
	Text       string // plain
	HTML       string // "" for none
}

// Facts are what is known of a mail from elsewhere.
type Facts struct {
	// DMARC is "pass", "fail" or "" as the own servers found it.
	DMARC string
	// BelieveFlag says that X-Spam-Flag is set by a server of one's own.
	BelieveFlag bool
	// Unwanted says that an earlier mail of this sender was judged to be spam.
	Unwanted bool
}

// Level is how much is put aside.
type Level string

// The levels.
const (
	Off      Level = "off"
	Cautious Level = "cautious" // what leaves next to no doubt
	Normal   Level = "normal"
	Strict   Level = "strict" // what is more likely spam than not
)

// Levels lists them from least to most.
func Levels() []Level { return []Level{Off, Cautious, Normal, Strict} }

// Threshold is the score from which on a mail is put aside; more than 1 for Off and what is no level.
func (l Level) Threshold() float64 {
	switch l {
	case Cautious:
		return 0.93
	case Normal:
		return 0.7
	case Strict:
		return 0.5
	}
	return 2
}

// Guess is how likely a mail is spam, and why.
type Guess struct {
	Score   float64 // 0 to 1
	Reasons []Reason
}

// The most that one kind of evidence can weigh. Words and signs together pass the cautious level, and neither does
// alone; neutral is where the scale has its middle.
const (
	mostSigns   = 4.5
	mostPhrases = 2.5
	mostWords   = 4
	mostWanted  = 3 // what words can weigh for a mail
	neutral     = 2.5
)

// Evidence is what a mail itself says for and against it.
type Evidence struct {
	// Words are those of Words, by which tables count mails.
	Words   []string
	points  float64 // of signs and phrases
	reasons []Reason
	head    head
}

// Look gathers the evidence of a mail, which is most of the work.
func Look(m Mail) Evidence {
	e := Evidence{Words: Words(m), head: readHead(m.Head)}
	signs := 0.0
	for _, s := range signsOf(m, e.head) {
		signs += s.weight
		if s.weight > 0 {
			e.reasons = append(e.reasons, s.Reason)
		}
	}
	phrases, said := phrasesIn(m)
	if phrases > 0 {
		e.reasons = append(e.reasons, Reason{Code: phraseReason, Detail: said})
	}
	e.points = min(signs, mostSigns) + min(phrases, mostPhrases)
	return e
}

// Judge guesses. The tables count words of judged mails.
func (e Evidence) Judge(f Facts, tables ...Table) Guess {
	points, reasons := certainties(f, e.head)
	reasons = append(reasons, e.reasons...)
	told, typical := weigh(e.Words, tables)
	if told > 0.5 {
		reasons = append(reasons, Reason{Code: wordReason, Detail: typical})
	}
	points += e.points + told - neutral
	return Guess{Score: 1 / (1 + math.Exp(-points)), Reasons: reasons}
}

// certainties weighs what is known of the sender.
func certainties(f Facts, h head) (points float64, reasons []Reason) {
	switch f.DMARC {
	case "fail":
		points += 2
		reasons = append(reasons, Reason{Code: dmarcReason})
	case "pass":
		points -= 0.5
	}
	if f.Unwanted {
		points += 4
		reasons = append(reasons, Reason{Code: unwantedReason})
	}
	if f.BelieveFlag && h.flagged() {
		points += 6
		reasons = append(reasons, Reason{Code: flagReason})
	}
	return points, reasons
}
