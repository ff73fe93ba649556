package mailmsg

import (
	"regexp"
	"strings"
)

// bounce fills Bounces and is true when the mail is a delivery report: by its
// structure (RFC 3464), or by who sent it and how it reads.
func (m *Message) bounce(root *entity, c *collector) bool {
	for _, e := range c.reports {
		if e.typ == "message/delivery-status" {
			m.Bounces = append(m.Bounces, deliveryStatus(c.decode(e))...)
		}
	}
	standard := len(m.Bounces) > 0
	h := root.header
	if !standard && !m.daemon(h, root) {
		return false
	}
	report := m.reportText(c)
	if !standard {
		m.Bounces = m.textualBounces(h, report, c)
		if len(m.Bounces) == 0 && !strings.EqualFold(root.params["report-type"], "delivery-status") {
			return m.certain(h)
		}
	}
	for i := range m.Bounces {
		m.Bounces[i].complete(report)
	}
	return true
}

// certain is true when the mail must be a report although no recipient was found.
func (m *Message) certain(h header) bool {
	return emptyReturnPath(h) && bounceSubject.MatchString(m.Subject) || isDaemon(m.From.Address) && bounceSubject.MatchString(m.Subject)
}

var daemonName = regexp.MustCompile(`(?i)^(mailer-?daemon|mail-?daemon|postmaster|mmdf|mailerdaemon|mail\.?delivery|mdaemon|bounce-notification)([+._-].*)?$`)

var bounceSubject = regexp.MustCompile(`(?i)(undeliver|non.?deliver|not (be )?delivered|delivery (status )?(notification|report|failure|has failed|failed|problem|error|status)|returned? (mail|to sender|message)|mail (delivery|system|could not|returned)|delivery (is )?delayed|delayed mail|warning: (message|could not)|failure (notice|delivery)|failed (mail|delivery)|user unknown|message status|mail status report|` +
	`unzustellbar|nicht zugestellt|zustellung|zustellbericht|non remis|échec|no se (pudo|puede) entregar|no entregado|mancata consegna|não entregue|onbestelbaar|kan niet|недоставлен|не доставлен|不達|配信|エラーメール|cannot be (sent|delivered)|not deliverable|unable to deliver|couldn't be delivered|wasn't delivered|dsn\b|ndn:|undelivered|rejected|bounce|nachricht nicht|returned email|error sending|your message|mail failure|letter|message not|message delivery|mail err|blocked|delivery)`)

func isDaemon(address string) bool {
	local, _, _ := strings.Cut(address, "@")
	return daemonName.MatchString(local)
}

// daemon is true when a mail system sent this and not a person.
func (m *Message) daemon(h header, root *entity) bool {
	switch {
	case h.has("X-Failed-Recipients") || strings.EqualFold(root.params["report-type"], "delivery-status"):
		return true
	case h.has("In-Reply-To") && !isDaemon(m.From.Address) && !emptyReturnPath(h):
		return false
	}
	name := strings.ToLower(m.From.Name)
	system := isDaemon(m.From.Address) || strings.Contains(name, "mail delivery") || strings.Contains(name, "mailer-daemon") || strings.Contains(name, "mail administrator") || strings.Contains(name, "system administrator") || strings.Contains(name, "postmaster")
	if !system && !emptyReturnPath(h) {
		return false
	}
	return bounceSubject.MatchString(m.Subject) || bounceOpening.MatchString(m.Text[:min(len(m.Text), 3000)])
}

var bounceOpening = regexp.MustCompile(`(?i)(could ?not be delivered|couldn't be delivered|not delivered to|wasn't able to deliver|unable to deliver|undeliverable|delivery (to|failed|has failed)|permanent (fatal )?error|transcript of session|did not reach|this is the mail system|mail delivery software|was not delivered|has not been delivered|can ?not be delivered|returned (to sender|mail)|nicht zugestellt|konnte nicht|following addresses? (had|failed)|message was undeliverable|following (recipients?|address))`)

// deliveryStatus reads the groups of fields of message/delivery-status (RFC 3464 §2).
func deliveryStatus(data []byte) []Bounce {
	var list []Bounce
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
		recipient := typed(h.plain("Final-Recipient"))
		if !strings.Contains(recipient, "@") {
			if original := typed(h.plain("Original-Recipient")); original != "" {
				recipient = original
			}
		}
		action := strings.ToLower(h.plain("Action"))
		if recipient == "" && action == "" && !h.has("Status") {
			continue
		}
		b := Bounce{Recipient: strings.Trim(recipient, "<> "), Status: statusCode(h.plain("Status"))}
		diagnostic := h.plain("Diagnostic-Code")
		b.ReplyCode = replyCode(diagnostic)
		if s := statusCode(diagnostic); s != "" && (b.Status == "" || strings.HasSuffix(b.Status, ".0.0")) {
			b.Status = s
		}
		b.Reason = bounceReason(b.Status, b.ReplyCode, diagnostic)
		switch {
		case strings.HasPrefix(action, "delayed"):
			b.Reason = "expired"
		case strings.HasPrefix(action, "delivered") || strings.HasPrefix(action, "relayed") || strings.HasPrefix(action, "expanded"):
			b.Reason = "delivered"
		}
		list = append(list, b)
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

var (
	statusPattern = regexp.MustCompile(`(?:^|[^\d.])([245]\.\d{1,3}\.\d{1,3})(?:[^\d.]|\.?$|\.\s)`)
	replyPattern  = regexp.MustCompile(`(?:^|[^\d.:/-])([45][0-5]\d)(?:[ \-:]|$)`)
	addressInText = regexp.MustCompile(`[A-Za-z0-9!#$%&'*+/=?^_{|}~.-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24}`)
)

func statusCode(s string) string {
	if found := statusPattern.FindStringSubmatch(s); found != nil {
		return found[1]
	}
	return ""
}

func replyCode(s string) string {
	if found := replyPattern.FindStringSubmatch(s); found != nil {
		return found[1]
	}
	return ""
}

// reportText is what the mail system says, without the mail that it sends back.
func (m *Message) reportText(c *collector) string {
	text := m.Text
	for _, e := range c.reports {
		text += "\n" + string(c.decode(e))
	}
	if len(text) > 64<<10 {
		text = text[:64<<10]
	}
	return text
}

// complete fills what the standard fields left open from the words of the report.
func (b *Bounce) complete(report string) {
	near := report
	if b.Recipient != "" {
		near = after(report, b.Recipient)
	}
	if b.Status == "" || strings.HasSuffix(b.Status, ".0.0") {
		if s := statusCode(near); s != "" {
			b.Status = s
		} else if s := statusCode(report); s != "" && b.Status == "" {
			b.Status = s
		}
	}
	if b.ReplyCode == "" {
		b.ReplyCode = replyCode(near)
	}
	if b.Reason == "" || b.Reason == "undefined" {
		b.Reason = bounceReason(b.Status, b.ReplyCode, "")
	}
	if b.Reason == "undefined" {
		b.Reason = bounceReason(b.Status, b.ReplyCode, report)
	}
	b.Hard = hardBounce(b.Reason, b.Status, b.ReplyCode)
}
