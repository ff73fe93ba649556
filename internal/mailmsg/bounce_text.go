package mailmsg

import (
	"bytes"
	"regexp"
	"strings"
)

// originalStart begins the copy of the original mail in a report that is one text.
var originalStart = regexp.MustCompile(`(?im)^[\s>*-]*(-{2,} ?(this is a copy of (the|your)|original message|below this line|returned message|message header|enclosed is a copy|message from|the (attached|original|header)|forwarded|unsent message|included is a copy|copy of|transcript of the message|your message|the unsent message|begin message|start of returned|undelivered message|your original)|this is a copy of the message|below this line is a copy|return-path:|received: from|received: \(|your original message|------ ?this is a copy|original message follows|mail-from:|the text of your message)`)

// textualBounces reads a report without machine-readable parts: the recipients it
// names before the original mail, or those that X-Failed-Recipients names.
func (m *Message) textualBounces(h header, report string, c *collector) []finding {
	var list []finding
	add := func(address, said string) {
		address = strings.Trim(address, ".'<> ")
		for _, f := range list {
			if strings.EqualFold(f.Recipient, address) {
				return
			}
		}
		if address != "" && len(list) < 100 {
			list = append(list, finding{Bounce: Bounce{Recipient: address}, said: said})
		}
	}
	if loc := gluedStatus.FindStringIndex(m.Text); loc != nil {
		for _, f := range deliveryStatus([]byte(m.Text[loc[0]:])) {
			if strings.Contains(f.Recipient, "@") && len(list) < 100 {
				list = append(list, f)
			}
		}
		if len(list) > 0 {
			return list
		}
	}
	for _, v := range h.all("X-Failed-Recipients") {
		for _, a := range ParseAddresses(v) {
			add(a.Address, "")
		}
	}
	if len(list) == 0 {
		for _, t := range transcript(report) {
			add(t.Recipient, t.said)
		}
	}
	if len(list) == 0 {
		for _, a := range failedInText(report, m) {
			add(a, "")
		}
	}
	if len(list) == 0 && c.original != nil {
		for _, a := range originalRecipients(c.original) {
			add(a, "")
		}
	}
	if len(list) == 0 {
		for _, a := range originalRecipients([]byte(m.Text[len(reportHead(m.Text)):])) {
			add(a, "")
		}
	}
	return list
}

// gluedStatus is the start of a delivery status that stands within the text.
var gluedStatus = regexp.MustCompile(`(?im)^(final-recipient:[^\n]*@|reporting-mta:[ \t]*dns|original-recipient:[^\n]*@)`)

var recipientLine = regexp.MustCompile(`(?im)^[\s>*.-]*(?:(?:5\d\d|final-recipient|original-recipient|recipient|to|addressee|failed address|rcpt to|user|smtp|recipient address|your message to|delivery to)\s*(?:<[^>]*>)?\s*[:;]?\s*(?:rfc822;)?\s*)?[<"'(\[]{0,2}(` + addressInText.String() + `)[>"')\]]{0,2}(?:\s*[:;,]|\.\s|\.?\s*$|\s*\(|\s*\.{3}|\s+(?:failed|could|delivery|was|user|host|550|\d{3}|via|SMTP|#|on |unknown|invalid|-))`)

// failedInText lists the addresses that the report gives lines of their own, or
// else any address it names that is neither the system's nor ours.
func failedInText(head string, m *Message) []string {
	own := func(a string) bool {
		if strings.EqualFold(a, m.From.Address) || isDaemon(a) {
			return true
		}
		for _, to := range m.To {
			if strings.EqualFold(a, to.Address) {
				return true
			}
		}
		local, _, _ := strings.Cut(strings.ToLower(a), "@")
		return strings.HasPrefix(local, "postmaster") || strings.HasPrefix(local, "abuse") || strings.HasPrefix(local, "helpdesk") || strings.HasPrefix(local, "support") || strings.HasPrefix(local, "hostmaster")
	}
	if loc := failedSection.FindStringSubmatchIndex(head); loc != nil && addressInText.MatchString(head[loc[2]:loc[3]]) {
		head = head[loc[2]:loc[3]]
	}
	var lines, loose []string
	for _, found := range recipientLine.FindAllStringSubmatch(head, 50) {
		if !own(found[1]) || strings.Contains(strings.ToLower(found[0]), "final-recipient") {
			lines = append(lines, found[1])
		}
	}
	if len(lines) > 0 {
		return lines
	}
	for _, a := range addressInText.FindAllString(head, 50) {
		if !own(a) && len(loose) == 0 {
			loose = append(loose, a)
		}
	}
	return loose
}

// failedSection is the list that Sendmail and its kin give of the recipients.
var failedSection = regexp.MustCompile(`(?is)the following addresses? had [^\n]*-\s*\n(.*?)(?:\n[ \t]*-{2,}|$)`)

// after returns what the text says behind an address, up to the line of another.
func after(text, address string) string {
	i := strings.Index(lowerASCII(text), lowerASCII(address))
	if i < 0 {
		return text
	}
	rest := text[i+len(address):]
	if len(rest) > 1500 {
		rest = rest[:1500]
	}
	for _, loc := range nextRecipient.FindAllStringSubmatchIndex(rest, 20) {
		if !strings.EqualFold(rest[loc[2]:loc[3]], address) {
			return rest[:loc[0]]
		}
	}
	return rest
}

// lowerASCII keeps the length of what it lowers, so that an index into the result
// fits the original.
func lowerASCII(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// nextRecipient is a line that begins with another address.
var nextRecipient = regexp.MustCompile(`\n[ \t]*(?:(?i:final-recipient|original-recipient):\s*rfc822;\s*)?[<"']?(` + addressInText.String() + `)[>"']?[:;\s]`)

// originalRecipients reads the To of the mail that was sent back.
func originalRecipients(original []byte) []string {
	if i := bytes.Index(original, []byte("\nTo:")); i >= 0 && i < 32<<10 {
		h, _ := readHeader(original[i+1:], func(string) {}, nil)
		var list []string
		for _, a := range ParseAddresses(h.get("To")) {
			if strings.Contains(a.Address, "@") && len(list) < 20 {
				list = append(list, a.Address)
			}
		}
		return list
	}
	return nil
}

// reportedID finds the Message-ID of the mail that was sent back, in the attached
// original or else in the copy below the words of the report.
func reportedID(original []byte, text string) string {
	if id := singleID(headerOf(original, "Message-ID")); id != "" {
		return id
	}
	if loc := copiedID.FindStringIndex(text); loc != nil {
		line, _, _ := strings.Cut(text[loc[1]:], "\n")
		return singleID([]byte(line))
	}
	return ""
}

var copiedID = regexp.MustCompile(`(?im)^[ \t>]*message-id:`)

func headerOf(raw []byte, name string) []byte {
	h, _ := readHeader(prepare(raw), func(string) {}, nil)
	return h.get(name)
}

// feedback is true for an abuse or authentication report (RFC 5965).
func (c *collector) feedback(root *entity) bool {
	if strings.EqualFold(root.params["report-type"], "feedback-report") {
		return true
	}
	for _, e := range c.reports {
		if e.typ == "message/feedback-report" {
			return true
		}
	}
	h := root.header
	return h.has("Feedback-Type") || strings.Contains(strings.ToLower(c.m.From.Address), "staff@hotmail.com") && strings.Contains(strings.ToLower(c.m.Subject), "complaint about message") ||
		h.has("X-HmXmrOriginalRecipient") && strings.Contains(strings.ToLower(c.m.Subject), "complaint")
}

func feedbackRecipients(c *collector) []Bounce {
	var list []Bounce
	for _, e := range c.reports {
		h, _ := readHeader(c.decode(e), func(string) {}, nil)
		for _, name := range []string{"Original-Rcpt-To", "Removal-Recipient"} {
			for _, v := range h.all(name) {
				if a := typed(string(unfold(v))); strings.Contains(a, "@") && len(list) < 100 {
					list = append(list, Bounce{Recipient: a, Reason: "feedback"})
				}
			}
			if len(list) > 0 {
				return list
			}
		}
	}
	for _, a := range originalRecipients(c.original) {
		list = append(list, Bounce{Recipient: a, Reason: "feedback"})
	}
	return list
}

// sentMailLine is a line of an old transcript that names the recipient behind the
// dialogue which failed: "550 <ann@example.com>... User unknown".
var sentMailLine = regexp.MustCompile(`^[45]\d\d(?: [245]\.\d\.\d)? <?(` + addressInText.String() + `)>?\.\.\. `)

// transcript reads the recipients of a report that shows only the SMTP dialogues,
// each with the lines that led to it.
func transcript(head string) []finding {
	if !strings.Contains(head, "\n>>> ") || !strings.Contains(head, "\n<<< ") {
		return nil
	}
	var list []finding
	var lines []string
	for line := range strings.Lines(head) {
		lines = append(lines, line)
		if found := sentMailLine.FindStringSubmatch(line); found != nil && len(list) < 100 {
			list = append(list, finding{Bounce: Bounce{Recipient: found[1]}, said: lastDialogue(lines)})
			lines = nil
		}
	}
	return list
}

// lastDialogue is what the lines hold since the last command that was sent.
func lastDialogue(lines []string) string {
	from := max(0, len(lines)-6)
	for i := len(lines) - 1; i >= from; i-- {
		if strings.HasPrefix(lines[i], ">>> ") {
			from = i
		}
	}
	return strings.Join(lines[from:], "")
}
