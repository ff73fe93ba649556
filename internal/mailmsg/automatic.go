package mailmsg

import (
	"regexp"
	"strings"
)

// classify sets Kind, Automatic and Bounces. It is careful in one direction: a
// mail that a person wrote must never be taken for a machine's.
func (m *Message) classify(root *entity, c *collector) {
	h := root.header
	m.Automatic = automatic(h, m.From)
	switch {
	case m.sesNotice(h):
	case c.feedback(root):
		m.Kind = KindFeedback
		m.Bounces = feedbackRecipients(c)
	case strings.EqualFold(h.plain("X-Apple-Unsubscribe"), "true"):
		// The reader pressed "unsubscribe": the sender of this mail wants no more.
		m.Kind = KindFeedback
		m.Bounces = []Bounce{{Recipient: m.From.Address, Reason: "feedback"}}
	case m.bounce(root, c):
		m.Kind = KindBounce
	case strings.EqualFold(root.params["report-type"], "disposition-notification"), autoReply(h, m.Subject, m.From):
		m.Kind = KindReply
	case c.calendar.shown || m.Calendar != nil && m.Calendar.invites():
		m.Kind = KindCalendar
	}
	if m.Kind == KindBounce || m.Kind == KindFeedback || m.Kind == KindReply || m.Kind == KindCalendar && m.Calendar.answers() {
		m.Automatic = AutomaticAuto
	}
	if (m.Kind == KindBounce || m.Kind == KindFeedback) && m.ReportedID == "" {
		m.ReportedID = reportedID(c.original, m.Text)
	}
}

// automatic reads the marks of RFC 3834 §5, RFC 2919, RFC 2369 and their older kin.
func automatic(h header, from Address) string {
	submitted := strings.ToLower(stripComments(h.plain("Auto-Submitted")))
	precedence := strings.ToLower(h.plain("Precedence"))
	switch {
	case submitted != "" && !strings.HasPrefix(strings.TrimSpace(submitted), "no"):
		return AutomaticAuto
	case h.has("List-Id") || h.has("List-Post") || h.has("Mailing-List") || h.has("X-Mailing-List") || h.has("X-Mailman-Version") || h.has("X-BeenThere") || h.has("X-Loop-List") || precedence == "list":
		return AutomaticList
	case precedence == "bulk" || precedence == "junk" || h.has("List-Unsubscribe") || h.has("Feedback-ID") || h.has("X-Campaign") || h.has("X-CampaignId"):
		return AutomaticBulk
	case suppresses(h) || precedence == "auto_reply" || h.has("X-Autoreply") || h.has("X-Autorespond") || h.has("X-Auto-Response") || h.has("X-Cron-Env") || h.has("X-FC-MachineGenerated"):
		return AutomaticAuto
	case strings.HasPrefix(strings.ToLower(from.Address), "mailer-daemon@"):
		return AutomaticAuto
	}
	return ""
}

// suppresses is true when the sender asks that nothing answers by itself
// ([MS-OXCMAIL] X-Auto-Response-Suppress).
func suppresses(h header) bool {
	v := strings.ToLower(h.plain("X-Auto-Response-Suppress"))
	return strings.Contains(v, "all") || strings.Contains(v, "oof") || strings.Contains(v, "autoreply")
}

// awaySubject matches what clients put before the subject of an absence notice.
var awaySubject = regexp.MustCompile(`(?i)^\W{0,3}(` + strings.Join([]string{
	`auto(mat(ic|ed))?[- ]?(re(ply|sponse|sponder)|antwort)\b`, `out of (the )?office\b`, `(i am |i'm )?on vacation\b`, `vacation (reply|response|message|notice)`, `away from (my )?(mail|office|desk)\b`, `ooo:`, `auto( response| reply)?:`,
	`automatische antwort`, `autom\. antwort`, `abwesenheits`, `abwesend:`, `réponse automatique`, `message automatique`, `absence du bureau`, `absent du bureau`, `respuesta automática`, `fuera de (la )?oficina`, `ausente:`, `resposta automática`, `fora do escritório`,
	`risposta automatica`, `fuori sede`, `fuori ufficio`, `automatisch antwoord`, `afwezig(heid)?[: ]`, `automatiskt? svar`, `autosvar`, `frånvaro`, `fravær`, `automaattinen vastaus`, `poissa`, `autoodpowiedź`, `odpowiedź automatyczna`, `automatická odpov`,
	`автоответ`, `автоматический ответ`, `automatikus válasz`, `otomatik yanıt`, `răspuns automat`, `自动回复`, `自動回覆`, `自動返信`, `不在`, `자동 ?회신`, `자동 ?응답`, `부재중`,
	`automatski odgovor`, `аутоматски одговор`, `samodejni odgovor`, `автоматичен отговор`, `автоматична відповідь`, `автовідповід`, `αυτόματη απάντηση`, `מענה אוטומטי`, `תשובה אוטומטית`, `رد تلقائي`, `الرد التلقائي`, `การตอบกลับอัตโนมัติ`, `trả lời tự động`, `balasan otomatis`, `automaatvastus`, `automātisk`, `automatinis atsak`,
	`sjálfvirkt svar`, `resposta automàtica`, `自動答覆`, `自動応答`, `je suis absent`, `assente`, `fuera de la empresa`, `ausência`, `ausencia`, `nieobecność`, `nepřítom`, `távollét`, `yokum`, `ofis dışında`, `вне офиса`, `отсутств`,
}, "|") + `)`)

// autoReply is true for answers that a program gave (RFC 3834 §3, and the fields
// that were used before it).
func autoReply(h header, subject string, from Address) bool {
	submitted := strings.ToLower(h.plain("Auto-Submitted"))
	precedence := strings.ToLower(h.plain("Precedence"))
	switch {
	case strings.HasPrefix(submitted, "auto-replied") || strings.HasPrefix(submitted, "auto-notified"):
		return true
	case precedence == "auto_reply" || h.has("X-Autoreply") && !strings.EqualFold(h.plain("X-Autoreply"), "no") || h.has("X-Autorespond") || h.has("X-Auto-Reply-From") || h.has("X-Mail-Autoreply") || h.has("X-Vacation") || h.has("X-AutoReply-From"):
		return true
	case strings.EqualFold(h.plain("X-Auto-Response"), "yes") || strings.EqualFold(h.plain("Delivered-To"), "autoresponder"):
		return true
	case strings.EqualFold(h.plain("X-Apple-Action"), "vacation"):
		return true
	case strings.EqualFold(h.plain("X-Autogenerated"), "reply") || strings.Contains(strings.ToLower(h.plain("X-POST-MessageClass")), "autoresponder") || vacationMailer.MatchString(h.plain("X-Mailer")):
		return true
	case !awaySubject.MatchString(subject):
		return false
	}
	// A subject alone proves nothing: a person may write about an out of office.
	return submitted != "" && !strings.HasPrefix(submitted, "no") || suppresses(h) || precedence == "bulk" || precedence == "junk" || emptyReturnPath(h) ||
		strings.Contains(subject, ":") && (h.has("In-Reply-To") || h.has("References"))
}

// vacationMailer matches the programs that only ever answer for someone away.
var vacationMailer = regexp.MustCompile(`(?i)(vacation|auto-?respond|auto-?reply)`)

// emptyReturnPath is the null sender of RFC 5321 §4.5.5, that only reports and
// automatic answers use.
func emptyReturnPath(h header) bool {
	v := h.get("Return-Path")
	return v != nil && strings.TrimSpace(string(unfold(v))) == "<>"
}

// authentication reads the topmost Authentication-Results field (RFC 8601 §2.2)
// and, failing that for SPF, Received-SPF (RFC 7208 §9.1).
func authentication(h header) Authentication {
	var a Authentication
	for part := range strings.SplitSeq(stripComments(h.plain("Authentication-Results")), ";") {
		method, result, ok := strings.Cut(strings.TrimSpace(part), "=")
		if !ok {
			continue
		}
		result, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(result)), " ")
		method, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(method)), "/")
		switch {
		case method == "spf" && a.SPF == "":
			a.SPF = result
		case method == "dkim" && a.DKIM != "pass":
			a.DKIM = result
		case method == "dmarc" && a.DMARC == "":
			a.DMARC = result
		}
	}
	if a.SPF == "" {
		word, _, _ := strings.Cut(strings.ToLower(h.plain("Received-SPF")), " ")
		if word = strings.Trim(word, " :;()"); len(word) < 12 {
			a.SPF = word
		}
	}
	return a
}
