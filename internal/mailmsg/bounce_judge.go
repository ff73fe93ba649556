package mailmsg

import (
	"regexp"
	"strings"
)

// judge settles what became of the recipients of one report.
type judge struct {
	report  string // what the mail system says
	head    string // as much of it as is searched as a whole
	passing bool   // it speaks of a delay
	final   bool   // of some recipient it says that the mail is lost
	step    string // of the dialogue, as far as the whole tells
	whole   string // the reason that the whole report names, whoever the recipient
	status  string // the first code in it
	budget  int    // bytes that may still be searched for reasons
	known   map[diagnosis]string
}

func newJudge(report string, passing bool) *judge {
	j := &judge{report: report, head: report[:min(len(report), 8<<10)], passing: passing, budget: 32 << 10, known: map[diagnosis]string{}}
	j.step, j.status = smtpStep(j.head), statusCode(report)
	low := strings.ToLower(j.head)
	for _, r := range reportWords {
		if r.words.MatchString(low) {
			j.whole = r.reason
		}
	}
	return j
}

// named is diagnosis.named within the budget: a report about many recipients
// says mostly the same of each.
func (j *judge) named(d diagnosis) string {
	r, ok := j.known[d]
	if !ok && j.budget > 0 {
		j.budget -= len(d.words) + 100
		r = d.named()
		j.known[d] = r
	}
	return r
}

// settle makes up code, reason and hardness from what the fields say and, where
// they are silent, from the words of the report around the recipient.
func (j *judge) settle(f finding) Bounce {
	b, passing := f.Bounce, j.passing
	near := j.head
	if b.Recipient != "" {
		near = after(j.report, b.Recipient)
		near = near[:min(len(near), 8<<10)]
	}
	switch {
	case strings.HasPrefix(f.action, "delivered") || strings.HasPrefix(f.action, "relayed") || strings.HasPrefix(f.action, "expanded"):
		b.Reason, b.ReplyCode = "delivered", replyCode(f.said)
		return b
	case strings.HasPrefix(f.action, "delayed"):
		passing = true
	case strings.HasPrefix(f.action, "failed"):
		passing = false
	}
	j.final = j.final || !passing
	b.chooseStatus(f.said, near, j.status)
	if b.ReplyCode = replyCode(f.said); b.ReplyCode == "" {
		b.ReplyCode = replyCode(near)
	}
	if found := lineReply.FindStringSubmatch(j.head); b.ReplyCode == "" && f.action == "" && found != nil {
		b.ReplyCode = found[1] // some name the refusal before the recipients
	}
	b.Reason = j.because(f, b, near)
	if b.Status == "" {
		b.Status = ownStatus(b.Reason, b.ReplyCode, passing || b.ReplyCode == "" && triedAgain.MatchString(f.said+near))
	}
	b.Hard = !passing && hardBounce(b.Reason, b.Status, b.ReplyCode)
	return b
}

// lineReply is an SMTP reply with a line of its own.
var lineReply = regexp.MustCompile(`(?m)^[ \t]*([45][0-5]\d)[ -](?:[45]\.\d|[A-Za-z<])`)

// triedAgain matches what says that the trouble was thought to pass.
var triedAgain = regexp.MustCompile(`(?i)retry time|failing for a long time|try again|: temporary failure`)

// chooseStatus prefers the code that the refusing system gave over the one that
// the reporting system made of it.
func (b *Bounce) chooseStatus(said, near, elsewhere string) {
	for _, s := range []string{remoteStatus(said), remoteStatus(near)} {
		if s != "" && !vague(s) && (b.Status == "" || vague(b.Status) || s == remoteStatus(said)) {
			b.Status = s
			return
		}
	}
	if b.Status == "" {
		b.Status = statusCode(said + "\n" + near)
	}
	if b.Status == "" {
		b.Status = elsewhere
	}
}

// because finds the reason: in the remote system's words, near the recipient, in
// the code, and last in the whole report.
func (j *judge) because(f finding, b Bounce, near string) string {
	if j.whole != "" {
		return j.whole
	}
	if j.budget <= 0 {
		if r := (diagnosis{status: b.Status}).coded(); r != "" {
			return r
		}
		return "undefined"
	}
	step := smtpStep(f.said)
	if step == "" {
		step = smtpStep(near)
	}
	if step == "" {
		step = j.step
	}
	d := diagnosis{status: b.Status, step: step, unix: f.unix}
	paragraph, _, _ := strings.Cut(near, "\n\n")
	said := []string{f.said, paragraph, near}
	for _, d.words = range said {
		if r := j.named(d); r != "" {
			return r
		}
	}
	for _, d.words = range said {
		if r := d.coded(); r != "" {
			return r
		}
	}
	d.words = j.head
	if r := j.named(d); r != "" {
		return r
	}
	if r := d.coded(); r != "" {
		return r
	}
	if f.action == "" {
		return "onhold"
	}
	return "undefined"
}
