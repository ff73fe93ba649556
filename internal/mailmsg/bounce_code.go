package mailmsg

import (
	"regexp"
	"strings"
)

var (
	statusPattern = regexp.MustCompile(`(?:^|[^\d.])([245]\.\d{1,3}\.\d{1,3})(?:[^\d.]|\.?$|\.\s)`)
	replyPattern  = regexp.MustCompile(`(?m)(?:^|[^\d.:/-])([45][0-5]\d)(?:[ \-:,;)]|\r?$)`)
	certainReply  = regexp.MustCompile(`(?im)(?:said: ?|^<<< ?|returned '|reason: |error[_ ]?code ?:? ?|responsecode:? ?|status code: ?|smtp; ?|data:? )\s*([45][0-5]\d)(?:[ \-:,#;)<]|\r?$)`)
)

// statusCode finds the first enhanced code of a text (RFC 3463), or "".
func statusCode(s string) string {
	if found := statusPattern.FindStringSubmatch(s); found != nil {
		return found[1]
	}
	return ""
}

// remoteStatus finds the code that tells most: one that says only that time ran
// out, or nothing, gives way to the one behind it.
func remoteStatus(s string) string {
	first := ""
	for range 20 {
		loc := statusPattern.FindStringSubmatchIndex(s)
		if loc == nil {
			break
		}
		code := s[loc[2]:loc[3]]
		if !vague(code) {
			if first == "" || strings.HasSuffix(first, ".4.7") && code[0] == '4' || strings.HasSuffix(first, ".0.0") {
				return code
			}
			return first
		}
		if first == "" || strings.HasSuffix(first, ".0.0") {
			first = code
		}
		s = s[loc[3]:]
	}
	return first
}

// vague is true for a code that tells nothing but the class, or that time ran out.
func vague(code string) bool {
	return code == "" || strings.HasSuffix(code, ".0.0") || code[1:] == ".4.7"
}

// replyCode finds the SMTP reply of a text, or "".
func replyCode(s string) string {
	if found := certainReply.FindStringSubmatch(s); found != nil {
		return found[1]
	}
	if found := replyPattern.FindStringSubmatch(s); found != nil {
		return found[1]
	}
	return ""
}

// Steps of an SMTP dialogue at which a mail was refused.
const (
	stepConnect = "connect"
	stepMail    = "mail"
	stepRcpt    = "rcpt"
	stepData    = "data"
)

var stepPatterns = []struct {
	step  string
	words *regexp.Regexp
}{
	// Sendmail says so of a recipient that was refused, however late in a pipelined dialogue.
	{stepRcpt, regexp.MustCompile(`(?i)5\.1\.1 <[^>\n]*>\.\.\. user unknown`)},
	{stepData, regexp.MustCompile(`(?i)in reply to (the )?(end of )?data\b|after (end of )?data|sent <<< data|failed after i sent the message|>>> ?data\s+<<<|smtp command\s+data\b|\[data\]|\(state 1[5-9]\)|(at|during|to) (the )?data (command|phase|stage)|end of data\b`)},
	{stepRcpt, regexp.MustCompile(`(?i)in reply to (the )?rcpt|after (sending )?rcpt|does not like recipient|like our rcpt|sent <<< rcpt|>>> ?rcpt to:?[^\n]*\s+<<<|smtp command\s+rcpt|\[rcpt_to\]|smtp:rcpt|rcpt to response|rcpt to:?\S* ?(command|phase|failed)|\brcpt command|\(state 1[34]\)`)},
	{stepMail, regexp.MustCompile(`(?i)in reply to (the )?mail from|after (sending )?mail from|sender was rejected|sent <<< mail|>>> ?mail from:?[^\n]*\s+<<<|smtp command\s+mail|\[mail_from\]|(mail|mail from) command|\(state 12\)`)},
	{stepConnect, regexp.MustCompile(`(?i)in reply to (the )?(he|eh)lo|after (he|eh)lo|after initial connection|while initial protocol|>>> ?(he|eh)lo[^\n]*\s+<<<|refused to talk to me|greeting failed|my name was rejected|during greeting|\(state \d\)`)},
}

// smtpStep tells at which step the mail was refused, or "".
func smtpStep(words string) string {
	for _, p := range stepPatterns {
		if p.words.MatchString(words) {
			return p.step
		}
	}
	return ""
}

// ownDetails are the details of the codes that stand in when a report names none:
// class 4 or 5, subject 0 (RFC 3463 §3.1: other or undefined), and a detail above
// 900, which no registered code uses. The numbers are those that the Sisimai
// library made common, so that programs which know them can read ours.
var ownDetails = map[string]string{
	"undefined": "900", "onhold": "901", "norelaying": "909", "filtered": "910", "userunknown": "911", "hostunknown": "912", "hasmoved": "916", "rejected": "918",
	"suspend": "921", "mailboxfull": "922", "exceedlimit": "923", "systemerror": "930", "systemfull": "931", "notaccept": "932", "mesgtoobig": "934", "mailererror": "939",
	"networkerror": "944", "toomanyconn": "945", "speeding": "946", "expired": "947", "contenterror": "960", "securityerror": "970", "virusdetected": "970", "blocked": "971", "authfailure": "972", "policyviolation": "972",
	"requireptr": "973", "badreputation": "975", "failedstarttls": "976", "notcompliantrfc": "977", "spamdetected": "980",
}

// ownStatus stands in for the code that a report does not name.
func ownStatus(reason, reply string, passing bool) string {
	detail, ok := ownDetails[reason]
	switch {
	case !ok:
		return ""
	case passing || strings.HasPrefix(reply, "4"):
		return "4.0." + detail
	}
	return "5.0." + detail
}
