package mailmsg

import (
	"encoding/json"
	"regexp"
	"strings"
)

// This file reads the notices of Amazon SES: reports as JSON in the text of a mail.

// sesContent is the JSON of a notice ("Amazon SNS notification contents for Amazon SES").
type sesContent struct {
	Type    string `json:"Type"`
	Message string `json:"Message"` // of a wrapped notice
	Notice  string `json:"notificationType"`
	Event   string `json:"eventType"`
	Bounce  struct {
		Type       string `json:"bounceType"`
		Sub        string `json:"bounceSubType"`
		Recipients []struct {
			Address    string `json:"emailAddress"`
			Action     string `json:"action"`
			Status     string `json:"status"`
			Diagnostic string `json:"diagnosticCode"`
		} `json:"bouncedRecipients"`
	} `json:"bounce"`
	Complaint struct {
		Recipients []struct {
			Address string `json:"emailAddress"`
		} `json:"complainedRecipients"`
	} `json:"complaint"`
	Delivery struct {
		Recipients []string `json:"recipients"`
		Response   string   `json:"smtpResponse"`
	} `json:"delivery"`
	Delay struct {
		Recipients []struct {
			Address    string `json:"emailAddress"`
			Status     string `json:"status"`
			Diagnostic string `json:"diagnosticCode"`
		} `json:"delayedRecipients"`
	} `json:"deliveryDelay"`
	Mail struct {
		ID     string `json:"messageId"`
		Common struct {
			ID string `json:"messageId"`
		} `json:"commonHeaders"`
	} `json:"mail"`
}

// brokenLine is where an old server cut a line of more than 990 characters.
var brokenLine = regexp.MustCompile(`!\r?\n ?`)

// sesNotice is true when the mail is such a notice; kind, bounces and the reported id are set then.
func (m *Message) sesNotice(h header) bool {
	if !h.has("X-Amz-Sns-Message-Id") && !strings.HasSuffix(strings.ToLower(m.From.Address), "@sns.amazonaws.com") {
		return false
	}
	start := strings.IndexByte(m.Text, '{')
	if start < 0 {
		return false
	}
	var n sesContent
	text := brokenLine.ReplaceAllString(m.Text[start:], "")
	if json.NewDecoder(strings.NewReader(text)).Decode(&n) != nil {
		return false
	}
	if n.Type == "Notification" && n.Message != "" {
		if json.Unmarshal([]byte(n.Message), &n) != nil {
			return false
		}
	}
	if n.Notice == "" {
		n.Notice = n.Event
	}
	return m.takeNotice(n)
}

func (m *Message) takeNotice(n sesContent) bool {
	m.Kind = KindBounce
	switch n.Notice {
	case "Complaint":
		m.Kind = KindFeedback
		for _, r := range n.Complaint.Recipients[:min(len(n.Complaint.Recipients), 100)] {
			m.Bounces = append(m.Bounces, Bounce{Recipient: r.Address, Reason: "feedback"})
		}
	case "Delivery":
		for _, r := range n.Delivery.Recipients[:min(len(n.Delivery.Recipients), 100)] {
			b := Bounce{Recipient: r, Status: "2.0.0", Reason: "delivered"}
			if found := deliveredPattern.FindStringSubmatch(n.Delivery.Response); found != nil {
				b.ReplyCode = found[1]
				if found[2] != "" {
					b.Status = found[2]
				}
			}
			m.Bounces = append(m.Bounces, b)
		}
		m.Notice = true
	case "Bounce":
		j := newJudge("", n.Bounce.Type == "Transient")
		for _, r := range n.Bounce.Recipients[:min(len(n.Bounce.Recipients), 100)] {
			f := finding{Bounce: Bounce{Recipient: r.Address, Status: r.Status}, said: strings.TrimPrefix(r.Diagnostic, "smtp; "), action: strings.ToLower(r.Action)}
			if f.said == "" && n.Bounce.Type == "Permanent" && f.Status == "" {
				f.Status = "5.1.1" // the address is on the list of those that failed before
			}
			m.Bounces = append(m.Bounces, j.settle(f))
		}
	case "DeliveryDelay":
		j := newJudge("", true)
		for _, r := range n.Delay.Recipients[:min(len(n.Delay.Recipients), 100)] {
			m.Bounces = append(m.Bounces, j.settle(finding{Bounce: Bounce{Recipient: r.Address, Status: r.Status}, said: strings.TrimPrefix(r.Diagnostic, "smtp; "), action: "delayed"}))
		}
		m.Notice = true
	default:
		m.Kind = KindMessage
		return false
	}
	if m.ReportedID = strings.Trim(n.Mail.Common.ID, "<> "); m.ReportedID == "" {
		m.ReportedID = n.Mail.ID
	}
	return true
}

var deliveredPattern = regexp.MustCompile(`^(2\d\d)(?:[ -](2\.\d+\.\d+))?`)
