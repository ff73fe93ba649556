package mailmsg

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestBounceWords: how mail systems of the world word a refusal.
func TestBounceWords(t *testing.T) {
	for _, c := range []struct {
		step, status, words string
		reason              string
		hard                bool
	}{
		{stepRcpt, "5.1.1", "550 5.1.1 <ann@example.com>: Recipient address rejected: User unknown in local recipient table", "userunknown", true},
		{stepRcpt, "5.1.1", "550-5.1.1 The email account that you tried to reach does not exist. Please try double-checking", "userunknown", true},
		{stepRcpt, "5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup", "userunknown", true},
		{stepRcpt, "", "550 Requested action not taken: mailbox unavailable", "userunknown", true},
		{stepRcpt, "", "550 sorry, no mailbox here by that name (#5.1.1)", "userunknown", true},
		{"", "", "User ann (ann@example.com) not listed in Domino Directory", "userunknown", true},
		{stepRcpt, "5.1.1", "511 5.1.1 Benutzer unbekannt", "userunknown", true},
		{stepData, "", "550 Unknown user ann@example.com", "filtered", false},
		{"", "5.2.1", "550 5.2.1 <ann@example.com>... User Unknown", "filtered", false},
		{"", "", "Unrouteable mail domain \"example.comm\"", "hostunknown", true},
		{"", "5.4.4", "Host or domain name not found. Name service error for name=example.comm type=A: Host not found", "hostunknown", true},
		{"", "4.4.3", "Host or domain name not found. Name service error for name=example.com type=MX: Host not found, try again", "networkerror", false},
		{stepRcpt, "5.2.2", "552 5.2.2 Mailbox size limit exceeded", "mailboxfull", false},
		{stepRcpt, "4.2.2", "452-4.2.2 The email account that you tried to reach is over quota", "mailboxfull", false},
		{stepMail, "5.3.4", "552 5.3.4 Message size exceeds fixed limit", "mesgtoobig", false},
		{stepRcpt, "5.2.1", "550-5.2.1 The email account that you tried to reach is disabled.", "suspend", false},
		{stepConnect, "", "554 Your IP 192.0.2.1 is listed at zen.spamhaus.org", "blocked", false},
		{stepRcpt, "5.7.1", "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using bl.spamcop.net", "blocked", false},
		{stepRcpt, "4.7.1", "450 4.7.1 Client host rejected: cannot find your reverse hostname, [192.0.2.1]", "requireptr", false},
		{stepRcpt, "5.7.1", "550 5.7.1 Relaying denied", "norelaying", false},
		{stepMail, "5.1.8", "553 5.1.8 Domain of sender address does not exist", "rejected", false},
		{stepMail, "5.7.1", "550 5.7.1 Access denied", "rejected", false},
		{stepData, "5.7.26", "550-5.7.26 This message fails to pass SPF and DKIM checks", "authfailure", false},
		{stepData, "5.7.509", "550 5.7.509 Access denied, sending domain example.org does not pass DMARC verification", "authfailure", false},
		{stepData, "", "554 Message rejected because it contains the virus Eicar", "virusdetected", false},
		{stepData, "", "550 This message scored 9.1 points and is considered spam", "spamdetected", false},
		{stepData, "5.7.0", "552-5.7.0 This message was blocked because its content presents a potential security issue", "policyviolation", false},
		{stepConnect, "4.7.0", "421 4.7.0 Too many concurrent SMTP connections", "toomanyconn", false},
		{"", "4.4.1", "connect to mx.example.com[192.0.2.1]:25: Connection timed out", "expired", false},
		{"", "5.4.6", "554 5.4.6 Too many hops 27 (25 max)", "networkerror", false},
		{"", "5.7.505", "", "", false},
		{"", "", "The mailserver at example.com does not accept mail: returned Null MX", "notaccept", true},
	} {
		d := diagnosis{status: c.status, step: c.step, words: c.words}
		got := d.named()
		if got == "" {
			got = d.coded()
		}
		status := c.status
		if status == "" {
			status = ownStatus(got, "", false)
		}
		if hard := hardBounce(got, status, ""); got != c.reason || hard != c.hard {
			t.Errorf("%q (%s %s): %s hard %v, want %s hard %v", c.words, c.status, c.step, got, hard, c.reason, c.hard)
		}
	}
}

// TestBounceForms: reports that are plain text, each system in its own form.
func TestBounceForms(t *testing.T) {
	for _, c := range []struct {
		name, head, body string
		want             []Bounce
	}{
		{
			"qmail", "From: MAILER-DAEMON@mx.example.org\nSubject: failure notice", "Hi. This is the qmail-send program at mx.example.org.\nI'm afraid I wasn't able to deliver your message to the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n<ann@example.com>:\n192.0.2.1 does not like recipient.\nRemote host said: 550 5.1.1 no such user\nGiving up on 192.0.2.1.\n\n--- Below this line is a copy of the message.\n\nReturn-Path: <bob@example.net>\nTo: other@example.com\n",
			[]Bounce{{"ann@example.com", "5.1.1", "550", "userunknown", true}},
		},
		{
			"Exim", "From: Mail Delivery System <Mailer-Daemon@mx.example.org>\nX-Failed-Recipients: ann@example.com\nSubject: Mail delivery failed: returning message to sender", "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  ann@example.com\n    host mx.example.com [192.0.2.1]\n    SMTP error from remote mail server after RCPT TO:<ann@example.com>:\n    550 No such user here\n",
			[]Bounce{{"ann@example.com", "5.0.911", "550", "userunknown", true}},
		},
		{
			"Exim, late", "From: Mail Delivery System <Mailer-Daemon@mx.example.org>\nAuto-Submitted: auto-replied\nSubject: Warning: message 1abc delayed 24 hours", "A message that you sent has not yet been delivered to one or more of its\nrecipients after more than 24 hours on the queue on mx.example.org.\n\nThe address to which the message has not yet been delivered is:\n\n  ann@example.com\n    host mx.example.com [192.0.2.1]: 550 unknown user\n",
			[]Bounce{{"ann@example.com", "4.0.910", "550", "filtered", false}},
		},
		{
			"Domino", "From: Postmaster@example.org\nSubject: DELIVERY FAILURE: User ann (ann@example.com) not listed in Domino Directory", "Your message\n\n  Subject: hello\n\nwas not delivered to:\n\n  ann@example.com\n\nbecause:\n\n  User ann (ann@example.com) not listed in Domino Directory\n",
			[]Bounce{{"ann@example.com", "5.0.911", "", "userunknown", true}},
		},
		{
			"GroupWise", "From: Mailer-Daemon@gw.example.org\nSubject: Message status - undeliverable", "The message that you sent was undeliverable to the following:\n\tann@example.com (user not found)\n",
			[]Bounce{{"ann@example.com", "5.0.910", "", "filtered", false}},
		},
		{
			"IMail", "From: Postmaster <postmaster@example.org>\nSubject: Undeliverable Mail", "Unknown host: ann@example.comm\n\nOriginal message follows.\n\nReceived: from x\n",
			[]Bounce{{"ann@example.comm", "5.0.912", "", "hostunknown", true}},
		},
		{
			"OpenSMTPD", "From: Mailer Daemon <MAILER-DAEMON@mx.example.org>\nSubject: Delivery status notification: error", "    Hi!\n\n    This is the MAILER-DAEMON, please DO NOT REPLY to this email.\n\n    An error has occurred while attempting to deliver a message for\n    the following list of recipients:\n\nann@example.com: 552 5.2.2 Mailbox full\n\n    Below is a copy of the original message:\n\n",
			[]Bounce{{"ann@example.com", "5.2.2", "552", "mailboxfull", false}},
		},
		{
			"SES notice", "From: AWS Notifications <no-reply@sns.amazonaws.com>\nX-Amz-Sns-Message-Id: 1\nSubject: AWS Notification Message", `{"notificationType":"Bounce","bounce":{"bounceType":"Permanent","bouncedRecipients":[{"emailAddress":"ann@example.com","action":"failed","status":"5.1.1","diagnosticCode":"smtp; 550 5.1.1 user unknown"}]},"mail":{"messageId":"0102-x","commonHeaders":{"messageId":"<t1@example.com>"}}}` + "\n\n--\nIf you wish to stop\n",
			[]Bounce{{"ann@example.com", "5.1.1", "550", "userunknown", true}},
		},
		{
			"two", "From: Mail Delivery Subsystem <MAILER-DAEMON@mx.example.org>\nSubject: Returned mail: User unknown", "   ----- Transcript of session follows -----\nWhile talking to mx.example.com:\n>>> RCPT To:<ann@example.com>\n<<< 550 No such user\n550 <ann@example.com>... User unknown\nWhile talking to mx.example.net:\n>>> DATA\n<<< 554 blocked for spam\n554 <bob@example.net>... Service unavailable\n",
			[]Bounce{{"ann@example.com", "5.0.911", "550", "userunknown", true}, {"bob@example.net", "5.0.980", "554", "spamdetected", false}},
		},
	} {
		m := Parse([]byte(c.head + "\nTo: desk@example.net\n\n" + c.body))
		if late := strings.Contains(c.name, "late"); m.Notice != late {
			t.Errorf("%s: notice %v", c.name, m.Notice)
		}
		if m.Kind != KindBounce || fmt.Sprint(m.Bounces) != fmt.Sprint(c.want) || m.Automatic != AutomaticAuto {
			t.Errorf("%s: %s %q %v, want %v", c.name, m.Kind, m.Automatic, m.Bounces, c.want)
		}
	}
}

// TestNoBounce: people who write about reports, and as those whom systems are named after.
func TestNoBounce(t *testing.T) {
	for _, raw := range []string{
		"From: Ann <ann@example.com>\nSubject: Fwd: Undelivered Mail Returned to Sender\n\nWhat does this mean?\n\nThis is the mail system at host mx.example.org.\n<bob@example.net>: host mx said: 550 5.1.1 user unknown\n",
		"From: Ann <ann@example.com>\nSubject: Mail delivery failed\n\nMy mail to bob@example.net could not be delivered. What now?\n",
		"From: System Administrator <it@example.com>\nSubject: Your message about the delivery of letters\n\nIt was blocked and rejected, ask bob@example.net.\n",
		"From: Postmaster <postmaster@example.com>\nSubject: New mailbox sizes\n\nDear colleagues, from Monday mail to bob@example.net has 20 GB.\n",
		"From: Ann <ann@example.com>\nReturn-Path: <>\nSubject: Re: your message\n\nThanks, I shall call bob@example.net.\n",
		"From: Ann <ann@example.com>\nSubject: a report that I got\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nPlease look at this.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; bob@example.net\nAction: failed\nStatus: 5.1.1\n--b--\n",
		"From: Ann <ann@example.com>\nSubject: Out of office: how do I set it?\n\nI cannot find it.\n",
		"From: Ann <ann@example.com>\nSubject: Abwesenheitsnotiz geht nicht\n\nHilfe.\n",
		"From: Ann <ann@example.com>\nSubject: Automatic reply is broken\nIn-Reply-To: <a@b>\n\nIt answers twice.\n",
		"From: Ann <ann@example.com>\nSubject: Re: Automatic reply: vacation\nIn-Reply-To: <a@b>\n\nWelcome back.\n",
	} {
		if m := Parse([]byte(raw)); m.Kind != KindMessage {
			t.Errorf("%s: %s %v", strings.SplitN(raw, "\n", 3)[:2], m.Kind, m.Bounces)
		}
	}
}

// TestAutoReply: answers for people who are away, in many languages.
func TestAutoReply(t *testing.T) {
	for _, subject := range []string{
		"Automatic reply: Printer", "Out of Office: Printer", "Automatische Antwort: Drucker", "Réponse automatique : imprimante", "Respuesta automática: impresora", "Resposta automática: impressora", "Risposta automatica: stampante", "Automatisch antwoord: printer",
		"Automatiskt svar: skrivare", "Automatisk svar: printer", "Automaattinen vastaus: tulostin", "Odpowiedź automatyczna: drukarka", "Automatická odpověď: tiskárna", "Automatikus válasz: nyomtató", "Otomatik Yanıt: yazıcı", "Răspuns automat: imprimantă", "Автоматический ответ: принтер", "Автоматична відповідь: принтер",
		"Αυτόματη απάντηση: εκτυπωτής", "自動返信: プリンタ", "自动回复: 打印机", "자동 회신: 프린터", "Trả lời tự động: máy in", "Automatski odgovor: pisač", "Samodejni odgovor: tiskalnik", "Sjálfvirkt svar: prentari",
	} {
		raw := "From: ann@example.com\nSubject: " + subject + "\nX-Auto-Response-Suppress: All\nAuto-Submitted: auto-generated\n\nI am away.\n"
		if m := Parse([]byte(raw)); m.Kind != KindReply || m.Automatic != AutomaticAuto {
			t.Errorf("%q: %s %q", subject, m.Kind, m.Automatic)
		}
	}
	for _, field := range []string{"Auto-Submitted: auto-replied (vacation)", "X-Autoreply: yes", "Precedence: auto_reply", "X-Autorespond: 1", "X-Autogenerated: Reply", "X-Mailer: Vacation/1.2.7", "X-Apple-Action: vacation", "Content-Type: multipart/report; report-type=disposition-notification; boundary=b"} {
		if m := Parse([]byte("From: ann@example.com\nSubject: hello\n" + field + "\n\nI am away.\n")); m.Kind != KindReply {
			t.Errorf("%s: %s", field, m.Kind)
		}
	}
}

// TestBounceOfMany: a report about many recipients, each with words of their own, stays cheap.
func TestBounceOfMany(t *testing.T) {
	var b strings.Builder
	b.WriteString("From: mailer-daemon@example.com\nReturn-Path: <>\nSubject: Undelivered mail\n\n")
	for i := range 200 {
		fmt.Fprintf(&b, "<a%d@example.com>: %s %d\n\n", i, strings.Repeat("lorem ipsum dolor sit amet ", 22), i)
	}
	start := time.Now()
	m := Parse([]byte(b.String()))
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
	if m.Kind != KindBounce || len(m.Bounces) < 20 {
		t.Errorf("%s, %d recipients", m.Kind, len(m.Bounces))
	}
}
