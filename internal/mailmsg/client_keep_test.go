package mailmsg

import (
	"fmt"
	"testing"
)

// keptTexts look like quotes, forwards or signatures and are what the person wrote:
// all of each must stay.
var keptTexts = []struct{ name, text string }{
	{"he wrote, then asks", "On Monday he wrote to me: please reset it.\nI did not find out how. Can you help?"},
	{"a colleague wrote", "Hello,\n\nmy colleague wrote:\n\nthe printer on the third floor is broken.\n\nCan you look at it?"},
	{"a date and a verb", "On Monday, 2 March, my boss wrote:\n\nPlease order two laptops.\n\nSo I would like to order two laptops."},
	{"German, a sentence", "Guten Tag,\n\nam Montag schrieb mir Frau Huber: Der Drucker geht nicht.\n\nKönnen Sie helfen?"},
	{"French, a sentence", "Bonjour,\n\nM. Dupont a écrit : « rien ne marche ».\n\nPouvez-vous m'aider ?"},
	{"Spanish, a sentence", "Hola,\n\nmi jefe escribió: compra dos monitores.\n\n¿Es posible?"},
	{"error message with wrote", "Since this morning I get this:\n\nThe service wrote:\nERROR 17 at 10:11\n\nand nothing else happens."},
	{"the desk of", "From: the desk of Ann Miller\n\nI need a new mouse."},
	{"a to-do list", "To: do list\n1. mouse\n2. screen"},
	{"labels as a form", "Subject: new laptop\nNeeded by: Friday\nReason: the old one broke"},
	{"a form with from and to", "I will be travelling.\n\nFrom: Berlin\nTo: Munich\nDate: 2 March\n\nPlease forward my calls."},
	{"a shell prompt", "I typed this:\n\n> ipconfig /all\n> ping 10.0.0.1\n\nand got no answer."},
	{"a SQL prompt", "sqlite> select 1;\n1\nsqlite> .quit\n\nIs that right?"},
	{"a diff", "Please apply:\n\n--- a/etc/hosts\n+++ b/etc/hosts\n@@ -1,2 +1,2 @@\n-10.0.0.1 old\n+10.0.0.2 new\n\nThanks"},
	{"a diff made by diff(1)", "Difference:\n\n3c3\n< port 22\n---\n> port 2222\n\nWhich one is right?"},
	{"a Markdown quote", "You asked for the message. It says:\n\n> Access denied. Contact your administrator.\n\nWhat does it mean?"},
	{"a code block", "```\nif a > b {\n\treturn\n}\n```\nThis does not compile."},
	{"a rule between two parts", "First question: how do I print?\n\n----------\n\nSecond question: how do I scan?"},
	{"a rule of underscores", "First\n\n____________________\n\nSecond, and more text after the rule that somebody wrote."},
	{"a table with dashes", "Name -- Room\nAnn -- 3\nBob -- 4\n\nPlease move them."},
	{"a table in Markdown", "| a | b |\n|---|---|\n| 1 | 2 |\n\nIs this right?"},
	{"two dashes in a sentence", "It broke -- again -- this morning.\n\nPlease come."},
	{"an arrow", "Steps:\n-> open the door\n-> press the button\nNothing happens."},
	{"a bulleted list", "- mouse\n- keyboard\n- screen\n\nAll of them are broken."},
	{"a list with stars", "* mouse\n* keyboard\n\nPlease bring both."},
	{"ends with wrote", "This is the text that the machine wrote:"},
	{"asks about Outlook", "How do I turn off the line \"Sent from my iPhone\" below my mails?\n\nIt annoys everyone."},
	{"a line that starts with sent from", "Sent from my old account were three mails that did not arrive.\n\nCan you look for them?"},
	{"original message in a sentence", "The original message was lost.\n\nOriginal message: see the log.\n\nPlease restore it."},
	{"forwarded message in a sentence", "I got a forwarded message about the server.\n\nForwarded message about the server was empty, what now?"},
	{"raw headers for study", "This spam came in:\n\nReturn-Path: <x@spam.example>\nReceived: from mx.example (mx.example [10.0.0.1])\nFrom: Bank <bank@spam.example>\nTo: me@example.com\nSubject: Your account\nDate: Mon, 2 Mar 2026 10:11:12 +0100\nMessage-ID: <1@spam.example>\n\nWhy was it not stopped?"},
	{"a log with dates", "2026-03-02 10:11:12 INFO started\n2026-03-02 10:11:13 ERROR no paper\n2026-03-02 10:11:14 INFO stopped\n\nThat is all it says."},
	{"a log line that ends in a colon", "2026-03-02 10:11:12 worker failed:\n  no such file\n2026-03-02 10:11:13 retry:\n  no such file"},
	{"dated notes", "02.03.2026 10:11:\nThe printer fails.\n\n03.03.2026 09:00:\nIt fails again.\n\nPlease come."},
	{"an address and a colon", "Please add this one to the list, ann@example.com:\nshe starts on Monday."},
	{"who to write to", "Please write to ann@example.com:\nher phone is broken."},
	{"a chat", "Ann: it is broken\nBob: really?\nAnn: yes\n\nThat was our talk. Can you help?"},
	{"a chat with times", "[10:11] Ann Miller: it is broken\n[10:12] Bob: really?\n\nSee above."},
	{"thanks and name", "Please reset my password.\n\nThanks\nAnn"},
	{"only thanks", "Thanks!"},
	{"a single line with a dash", "- no"},
	{"yaml", "from: 1\nto: 2\nsubject: maths\n\nWhy does the parser fail?"},
	{"a question about a separator", "What does\n-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\nmean?"},
	{"dialogue with quoted speech", "The screen says:\n> Welcome\nand then\n> Goodbye\nand then it is dark."},
	{"a menu path", "Start > Settings > Printers\n\nI do not see it there."},
	{"a greater-than in maths", "The value is > 5\nand should be < 3."},
	{"signature-like lines first", "--\nHello, is this the right place?\n\nI need a screen."},
	{"unsubscribe request", "Please unsubscribe me from the mailing list of the canteen.\n\n________________\n\nIt comes every day."},
	{"wrote with address, inside text", "Ann <ann@example.com> wrote that it works. It does not.\n\nPlease look again."},
	{"Japanese", "お世話になっております。\n\nプリンターが動きません。エラー: 17\n\nよろしくお願いいたします。"},
	{"Chinese", "您好，\n\n打印机坏了。错误信息：\n17\n\n谢谢"},
	{"Russian", "Здравствуйте!\n\nОн написал: не работает.\n\nПомогите, пожалуйста."},
	{"Arabic", "مرحبا\n\nالطابعة لا تعمل. كتب المدير: أصلحوها\n\nشكرا"},
	{"times of a meeting", "On Monday at 10:15 we meet.\nPlease bring:\n- a screen\n- a cable"},
	{"opening hours", "Mon 9:00-17:00:\nopen\nSat 9:00-12:00:\nopen"},
	{"original price", "----- Price list -----\nMouse 10\nScreen 100\n\nMay I order?"},
}

func TestKeptTexts(t *testing.T) {
	s := score{name: "texts that are no quotes", floor: 100}
	for _, c := range keptTexts {
		m := ParseBodyWithSubject([]byte(c.text), false, "A question")
		s.check(squash(m.NewText+m.Signature) == squash(c.text) && m.Signature == "" && m.Forwarded == nil, fmt.Sprintf("%s: got %q, signature %q, forwarded %v", c.name, m.NewText, m.Signature, m.Forwarded != nil))
	}
	s.report(t)
}
