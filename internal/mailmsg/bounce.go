package mailmsg

import (
	"regexp"
	"strings"
)

// finding is one recipient of a report before the reason is settled.
type finding struct {
	Bounce
	said   string // the remote system's words, with codes
	action string // what was done (RFC 3464 §2.3.3), lower case; "" when not told
	unix   bool   // a program on the host said it
}

// bounce fills Bounces and is true when the mail is a delivery report: by its
// structure (RFC 3464), or by who sent it and how it reads.
func (m *Message) bounce(root *entity, c *collector) bool {
	var found []finding
	for _, e := range c.reports {
		if e.typ == "message/delivery-status" {
			found = append(found, deliveryStatus(c.decode(e))...)
		}
	}
	h := root.header
	// A person who hands on the parts of a report they got is no mail system.
	standard := len(found) > 0 && (root.typ == "multipart/report" || m.From.Address == "" || m.system(h) || automatic(h, m.From) == AutomaticAuto)
	if !standard {
		found = nil
	}
	if !standard && !m.daemon(h, root) {
		return false
	}
	report := m.reportText(c)
	if !standard {
		found = m.textualBounces(h, report, c)
		if len(found) == 0 && !strings.EqualFold(root.params["report-type"], "delivery-status") {
			return m.certain(h)
		}
	}
	for i, f := range found {
		if strings.Index(f.Recipient, "@") < 1 {
			if named := failedInText(report, m); len(named) > i {
				found[i].Recipient = named[i]
			}
		}
	}
	passing := delayNotice.MatchString(m.Subject) || delayNotice.MatchString(report[:min(len(report), 600)])
	j := newJudge(report, passing)
	for _, f := range found {
		m.Bounces = append(m.Bounces, j.settle(f))
	}
	m.Notice = len(found) > 0 && !j.final
	return true
}

// delayNotice matches what says that a mail is late but not lost.
var delayNotice = regexp.MustCompile(`(?i)\bdelay(ed)?\b|this is a warning message only|do not need to resend|still being retried|will (continue|keep trying|be retried)|warning: (message|could not)|verzögert|retardé|отложен`)

// certain is true when the mail must be a report although no recipient was found.
func (m *Message) certain(h header) bool {
	return emptyReturnPath(h) && bounceSubject.MatchString(m.Subject) || isDaemon(m.From.Address) && bounceSubject.MatchString(m.Subject)
}

var daemonName = regexp.MustCompile(`(?i)^(mailer-?daemon|mail-?daemon|po+st_?master|mmdf|mailerdaemon|mail\.?delivery|mdaemon|bounce-notification|bounces?|mailerdaemon|daemon|mail\.delivery\.system)([+._-].*)?$`)

var bounceSubject = regexp.MustCompile(`(?i)(undeliver|non.?deliver|not (be )?delivered|delivery (status )?(notification|report|failure|has failed|failed|problem|error|status)|returned? (mail|to sender|message)|mail (delivery|system|could not|returned)|delivery (is )?delayed|delayed mail|warning: (message|could not)|failure (notice|delivery)|failed (mail|delivery)|user unknown|message status -|mail status report|` +
	`unzustellbar|nicht zugestellt|zustellung (fehl|der nachricht|ihrer)|fehler bei der zustellung|zustellbericht|non remis|échec|no se (pudo|puede) entregar|no entregado|mancata consegna|não entregue|onbestelbaar|kan niet (worden )?(be|af)|недоставлен|не доставлен|不達|配信(不能|エラー|できません|でき|に失敗)|エラーメール|cannot be (sent|delivered)|not deliverable|unable to deliver|couldn't be delivered|wasn't delivered|\bdsn\b|ndn:|undelivered|nachricht nicht|returned email|error sending|mail failure|message not (delivered|sent)|message delivery|mail err|message you sent (was )?blocked)`)

func isDaemon(address string) bool {
	local, _, _ := strings.Cut(address, "@")
	return daemonName.MatchString(local)
}

// system is true when the mail comes from an address of the mail system itself.
func (m *Message) system(h header) bool {
	return isDaemon(m.From.Address) || m.From.Address == "" && isDaemon(m.From.Name) || emptyReturnPath(h)
}

// daemon is true when a mail system sent this and not a person.
func (m *Message) daemon(h header, root *entity) bool {
	if h.has("X-Failed-Recipients") || strings.EqualFold(root.params["report-type"], "delivery-status") {
		return true
	}
	if h.has("X-MLServer") && listRefusal.MatchString(m.Subject) {
		return true
	}
	system := m.system(h)
	if !system && (h.has("In-Reply-To") || !systemName.MatchString(m.From.Name)) {
		return false
	}
	subject, opening := bounceSubject.MatchString(m.Subject), bounceOpening.MatchString(m.Text[:min(len(m.Text), 3000)])
	if system {
		return subject || opening
	}
	// Names of systems are also names that people give themselves.
	return subject && opening
}

// listRefusal is how list managers of the fml family tell that an article was not taken.
var listRefusal = regexp.MustCompile(`(?i)(ignored|reject|not member|non-member|distribution of mail|error)`)

var systemName = regexp.MustCompile(`(?i)(mail deliver|mailer[- ]?daemon|interscan|(mail|mmsc|system|ndr) administrator|postmaster|mail system)`)

var bounceOpening = regexp.MustCompile(`(?i)(could ?not be delivered|couldn't be delivered|not delivered to|wasn't able to deliver|unable to deliver|undeliverable|delivery (to|failed|has failed)|permanent (fatal )?error|transcript of session|did not reach|this is the mail system|mail delivery software|was not delivered|has not been delivered|can ?not be delivered|returned (to sender|mail)|nicht zugestellt|konnte nicht|following addresses? (had|failed)|message was undeliverable|following (recipients?|address))`)

// deliveryStatus reads the groups of fields of message/delivery-status (RFC 3464 §2).
func deliveryStatus(data []byte) []finding {
	var list []finding
	rest := data
	for groups := 0; len(rest) > 0 && groups < 200 && len(list) < 100; groups++ {
		var h header
		h, rest = readHeader(rest, func(string) {}, nil)
		if len(h) == 0 {
			if len(rest) > 0 {
				_, rest = nextLine(rest)
			}
			continue
		}
		recipient := ""
		for _, name := range []string{"Final-Recipient", "X-Actual-Recipient", "Original-Recipient"} {
			if a := strings.Trim(typed(h.plain(name)), "<> "); recipient == "" || strings.Index(recipient, "@") < 1 && strings.Index(a, "@") > 0 {
				recipient = a
			}
		}
		action, _, _ := strings.Cut(strings.ToLower(h.plain("Action")), " ")
		if recipient == "" && (action == "" || !h.has("Status")) && !h.has("Diagnostic-Code") {
			continue
		}
		f := finding{action: action}
		f.Recipient, f.Status = recipient, statusCode(h.plain("Status"))
		kind, diagnostic, ok := strings.Cut(h.plain("Diagnostic-Code"), ";")
		if !ok || strings.Contains(kind, " ") {
			kind, diagnostic = "", h.plain("Diagnostic-Code")
		}
		f.said, f.unix = strings.TrimSpace(diagnostic), strings.EqualFold(strings.TrimSpace(kind), "x-unix")
		list = append(list, f)
	}
	return list
}

// typed takes the address out of "rfc822; ann@example.com".
func typed(v string) string {
	if _, after, ok := strings.Cut(v, ";"); ok {
		v = after
	}
	if list := ParseAddresses([]byte(v)); len(list) > 0 && list[0].Address != "" {
		return list[0].Address
	}
	return strings.TrimSpace(v)
}

var addressInText = regexp.MustCompile(`[A-Za-z0-9!#$%&'*+/=?^_{|}~.-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24}`)

// reportText is what the mail system says, without the mail that it sends back.
func (m *Message) reportText(c *collector) string {
	text := reportHead(m.Text)
	for _, e := range c.reports {
		text += "\n" + string(c.decode(e))
	}
	if len(text) > 64<<10 {
		text = text[:64<<10]
	}
	return text
}

// reportHead cuts a report before the copy of the original mail.
func reportHead(text string) string {
	if loc := originalStart.FindStringIndex(text); loc != nil && loc[0] > 20 {
		return text[:loc[0]]
	}
	return text
}
