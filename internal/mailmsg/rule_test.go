package mailmsg

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestDecodeWords(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"plain", "plain"},
		{"=?utf-8?Q?Gr=C3=BC=C3=9Fe?=", "Grüße"},
		{"=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=", "ab"},
		{"=?utf-8?B?w4Q=?= b =?utf-8?Q?c_d?=", "Ä b c d"},
		{"=?utf-8?Q?=C3?=\r\n =?utf-8?Q?=BC?=", "ü"},
		{"=?utf-8*de?Q?=C3=BC?=", "ü"},
		{"=?utf-8?Q?with space inside?=", "with space inside"},
		{"=?utf-8?Q?cut off", "cut off"},
		{"=?iso-2022-jp?B?GyRCJDMkcxsoQg==?=", "こん"},
		{"=?unknown?Q?a?=", "a"},
		{"folded\r\n\tline", "folded line"},
		{"raw 8 bit \xc3\xa4", "raw 8 bit ä"},
		{"raw latin \xe4", "raw latin ä"},
		{"=?utf-8?Q?a=0D=0AB?=", "a  B"},
		{"a =?= b", "a =?= b"},
	} {
		if got := decodeWords([]byte(c.in), ""); got != c.want {
			t.Errorf("%q: got %q, want %q", c.in, got, c.want)
		}
	}
}

func TestToUTF8(t *testing.T) {
	for _, c := range []struct{ in, label, want string }{
		{"abc", "", "abc"},
		{"\xc3\xa4", "us-ascii", "ä"},
		{"\xc3\xa4", "iso-8859-1", "ä"},
		{"\xe4", "iso-8859-1", "ä"},
		{"\x80", "iso-8859-1", "€"},
		{"\xe4 Mann", "us-ascii", "ä Mann"},
		{"\xcf\xf0\xe8\xe2\xe5\xf2, \xea\xe0\xea \xe4\xe5\xeb\xe0, \xe4\xf0\xf3\xe3", "", "Привет, как дела, друг"},
		{"Hi +AOQ-!", "utf-7", "Hi ä!"},
		{"\xff\xfea\x00b\x00", "utf-16", "ab"},
		{"\xc4\xe3\xba\xc3", "gb2312", "你好"},
		{"\x1b$B$3\x1b(B", "iso-2022-jp", "こ"},
		{"\xa4", "iso-8859-15", "€"},
		{"ok \xff", "utf-8", "ok ÿ"},
		{"\xc4\xe4 text", "no-such-charset", "Ää text"},
		{"~{4rS!;z~}", "hz-gb-2312", "打印机"},
		{"\x1b$)C\x0eGA80\x0f!", "iso-2022-kr", "프린!"},
		{"\x1b$(Q$3\x1b(B", "iso-2022-jp-2004", "こ"},
		{"\x00\x00\x00a\x00\x01\xf6\x00", "utf-32", "a😀"},
		{"\xff\xfea\x00", "unicode", "a"},
		{"\xd5", "cp858", "€"},
		{"a\xed\xa0\xbd\xed\xb8\x80b", "utf-8", "a😀b"},
		{"don\xc2\x92t \xc2\x80", "utf-8", "don’t €"},
		{"\xc4\xe3", "euc_cn", "你"},
		{"\xf0\xd2\xc9\xd7\xc5\xd4, \xcb\xc1\xcb \xc4\xc5\xcc\xc1", "", "Привет, как дела"},
		{"P\xf8\xedli\x9a \x9elu\x9dou\xe8k\xfd k\xf9\xf2", "", "Příliš žluťoučký kůň"},
		{"\xc7\xc1\xb8\xb0\xc5\xcd\xb0\xa1 \xc0\xdb\xb5\xbf", "", "프린터가 작동"},
		{"\xb4\xf2\xd3\xa1\xbb\xfa\xbb\xb5\xc1\xcb", "", "打印机坏了"},
		{"\xf9\xec\xe5\xed, \xe4\xee\xe3\xf4\xf1\xfa \xec\xe0", "", "שלום, המדפסת לא"},
		{"Gr\xfc\xdfe aus K\xf6ln, na\xefve", "", "Grüße aus Köln, naïve"},
		{"caf\xe9 \x96 d\xe9j\xe0 vu", "", "café – déjà vu"},
		{"\x84", "cp850", "ä"},
	} {
		if got, _ := toUTF8([]byte(c.in), c.label); got != c.want {
			t.Errorf("%q as %q: got %q, want %q", c.in, c.label, got, c.want)
		}
	}
}

func TestParseAddresses(t *testing.T) {
	for _, c := range []struct {
		in   string
		want []Address
	}{
		{"ann@example.com", []Address{{"", "ann@example.com"}}},
		{"Ann <ann@example.com>, bob@example.com", []Address{{"Ann", "ann@example.com"}, {"", "bob@example.com"}}},
		{`"Miller, Ann" <ann@example.com>`, []Address{{"Miller, Ann", "ann@example.com"}}},
		{`"a \"b\" c" <x@y.z>`, []Address{{`a "b" c`, "x@y.z"}}},
		{"ann@example.com (Ann Miller)", []Address{{"Ann Miller", "ann@example.com"}}},
		{"Friends: a@b.c, D <d@e.f>;", []Address{{"", "a@b.c"}, {"D", "d@e.f"}}},
		{"undisclosed-recipients:;", nil},
		{"=?utf-8?Q?J=C3=B6rg?= <j@example.com>", []Address{{"Jörg", "j@example.com"}}},
		{"<mailto:a@b.c>", []Address{{"", "a@b.c"}}},
		{"a@b.c; d@e.f", []Address{{"", "a@b.c"}, {"", "d@e.f"}}},
		{"Ann ann@example.com", []Address{{"Ann", "ann@example.com"}}},
		{"'Doe, Ann' <a@b.c>, \"'x'\" <x@y.z>", []Address{{"'Doe, Ann'", "a@b.c"}, {"'x'", "x@y.z"}}},
		{"Ann", []Address{{"Ann", ""}}},
		{"\"unclosed <a@b.c>", []Address{{"unclosed", "a@b.c"}}},
		{" , ,", nil},
		{"=?iso-8859-1?Q?B=FCrling,=20Andreas?= <a@b.c>", []Address{{"Bürling, Andreas", "a@b.c"}}},
		{`Pete(A wonderful \) chap) <pete(his account)@silly.test(his host)>`, []Address{{"Pete", "pete@silly.test"}}},
		{"A Group(Some people)\r\n :Chris <c@(Chris's host.)public.example>,\r\n John <j@one.test> (my friend); (the end)", []Address{{"Chris", "c@public.example"}, {"John", "j@one.test"}}},
		{"a@b.c d@e.f", []Address{{"", "a@b.c"}, {"", "d@e.f"}}},
		{"Ann <<a@b.c>>", []Address{{"Ann", "a@b.c"}}},
		{`Miller\, Ann <a@b.c>`, []Address{{"Miller, Ann", "a@b.c"}}},
		{"<jdoe@machine(comment).  example>", []Address{{"", "jdoe@machine.example"}}},
		{"Ann <ann @ example . com>", []Address{{"Ann", "ann@example.com"}}},
		{"Ann M. <ann@example.com>", []Address{{"Ann M.", "ann@example.com"}}},
		{"<a@b.c>a@b.c", []Address{{"", "a@b.c"}}},
	} {
		if got := ParseAddresses([]byte(c.in)); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%q: got %q, want %q", c.in, got, c.want)
		}
	}
}

func TestParseParams(t *testing.T) {
	for _, c := range []struct{ in, word, name, want string }{
		{`text/plain; charset=utf-8`, "text/plain", "charset", "utf-8"},
		{`TEXT/HTML;charset="UTF-8"`, "text/html", "charset", "UTF-8"},
		{`attachment; filename*=utf-8''%C3%A4%20b.txt`, "attachment", "filename", "ä b.txt"},
		{`attachment; filename*0*=iso-8859-1'de'%E4; filename*1="b c"; filename*2=.txt`, "attachment", "filename", "äb c.txt"},
		{`attachment; filename="=?utf-8?Q?=C3=A4.pdf?="`, "attachment", "filename", "ä.pdf"},
		{`attachment; filename=a b.pdf`, "attachment", "filename", "a b.pdf"},
		{`attachment; filename="a\"b.pdf"`, "attachment", "filename", `a"b.pdf`},
		{`attachment; filename="open`, "attachment", "filename", "open"},
		{`multipart/mixed boundary="x;y"`, "multipart/mixed", "boundary", "x;y"},
		{`text/plain (comment); charset=us-ascii (plain)`, "text/plain", "charset", "us-ascii"},
		{`name="a.txt"`, "", "name", "a.txt"},
		{`;;;=;a`, "", "a", ""},
	} {
		word, params := parseParams([]byte(c.in))
		if word != c.word || params[c.name] != c.want {
			t.Errorf("%q: got %q, %q", c.in, word, params)
		}
	}
}

func TestParseDate(t *testing.T) {
	for in, want := range map[string]string{
		"Mon, 2 Mar 2026 10:11:12 +0100":                  "2026-03-02T10:11:12+01:00",
		"2 Mar 26 10:11 GMT":                              "2026-03-02T10:11:00Z",
		"Mon, 02 Mar 2026 10:11:12 -0500 (EST)":           "2026-03-02T10:11:12-05:00",
		"Mon Mar  2 10:11:12 2026":                        "2026-03-02T10:11:12Z",
		"2026-03-02T10:11:12Z":                            "2026-03-02T10:11:12Z",
		"Mon, 2 Mar 2026 10.11.12 +0100":                  "2026-03-02T10:11:12+01:00",
		"2-Mar-2026 10:11:12 +0100":                       "2026-03-02T10:11:12+01:00",
		"Fri, 21 Nov 1997 09(comment):   55  :  06 -0600": "1997-11-21T09:55:06-06:00",
		"Mon, 2 Mar 2026 10:11:12 GMT+0200":               "2026-03-02T10:11:12+02:00",
		"Mon, 2 Mar 2026 10:11:12 UTC-03:30":              "2026-03-02T10:11:12-03:30",
		"Mon, 2 Mar 2026 10:11:12 GMT+2":                  "2026-03-02T10:11:12+02:00",
		"Mon, 2 Mar 2026 10:11:12 0900":                   "2026-03-02T10:11:12+09:00",
		"2026/03/02 10:11:12 +0900":                       "2026-03-02T10:11:12+09:00",
		"27.03.2026 10:11:12":                             "2026-03-27T10:11:12Z",
		"3/27/2026 12:11:12 AM":                           "2026-03-27T00:11:12Z",
		"2/3/2026 10:11:12":                               "",
		"20260302T101112Z":                                "2026-03-02T10:11:12Z",
		"1772446272":                                      "2026-03-02T10:11:12Z",
		"yesterday":                                       "",
		"":                                                "",
	} {
		if got := rfc3339(parseDate(in)); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestMessageIDs(t *testing.T) {
	for _, c := range []struct {
		in   string
		want string
	}{
		{"<a@b> <c@d>", "a@b c@d"},
		{"<a@b><c@d>", "a@b c@d"},
		{"<a@b>\r\n <a@b>", "a@b"},
		{"a@b", "a@b"},
		{"Your message of \"Mon\" <a@b>", "a@b"},
		{"<a@\r\n b>", "a@b"},
		{"<a@b <c@d>", "a@b c@d"},
		{"message of Monday", ""},
	} {
		if got := strings.Join(messageIDs([]byte(c.in)), " "); got != c.want {
			t.Errorf("%q: got %q, want %q", c.in, got, c.want)
		}
	}
}

func TestDecodeTransfer(t *testing.T) {
	for _, c := range []struct{ in, encoding, want string }{
		{"aGVsbG8=", "base64", "hello"},
		{"aGVs\r\nbG8", "BASE64", "hello"},
		{"aGVsbG8=\n\n--x--", "base64", "hello"},
		{"aGk=aGk=", "base64", "hihi"},
		{"a!Gk=", "base64", "hi"},
		{"a=20b=\r\nc=C3=A4=zz=", "quoted-printable", "a bcä=zz"},
		{"x", "8bit", "x"},
		{"x", "", "x"},
		{"begin 644 a\n#86)C\n`\nend\n", "x-uuencode", "abc"},
	} {
		if got, _ := decodeTransfer([]byte(c.in), c.encoding); string(got) != c.want {
			t.Errorf("%q in %s: got %q, want %q", c.in, c.encoding, got, c.want)
		}
	}
}

func TestNewText(t *testing.T) {
	for _, c := range []struct{ name, in, want, signature string }{
		{"no quote", "Hello\n\nthere", "Hello\n\nthere", ""},
		{"english intro", "Thanks.\n\nOn Mon, 2 Mar 2026 at 10:11, Ann <ann@example.com> wrote:\n> hi\n> there", "Thanks.", ""},
		{"intro over two lines", "Thanks.\n\nOn Mon, 2 Mar 2026 at 10:11, Ann Miller\n<ann@example.com> wrote:\n\n> hi", "Thanks.", ""},
		{"german intro", "Danke.\n\nAm 02.03.2026 um 10:11 schrieb Ann Miller:\n> hallo", "Danke.", ""},
		{"french intro", "Merci.\n\nLe lun. 2 mars 2026 à 10:11, Ann <ann@example.com> a écrit :\n\n> bonjour", "Merci.", ""},
		{"outlook", "Yes please.\n\n-----Original Message-----\nFrom: Ann\nSent: Monday\nTo: Desk\nSubject: x\n\nold", "Yes please.", ""},
		{"german outlook", "Ja.\n\n________________________________\nVon: Ann <ann@example.com>\nGesendet: Montag, 2. März 2026 10:11\nAn: Desk\nBetreff: x\n\nalt", "Ja.", ""},
		{"header block alone", "Ja.\n\nVon: Ann\nGesendet: Montag\nAn: Desk\nBetreff: x\n\nalt", "Ja.", ""},
		{"signature", "Hello\n-- \nAnn Miller\nExample Ltd", "Hello", "--\nAnn Miller\nExample Ltd"},
		{"phone", "Ok\n\nSent from my iPhone\n\nOn 2 Mar 2026, at 10:11, Desk <desk@example.com> wrote:\n> x", "Ok", "Sent from my iPhone"},
		{"answers between the lines", "> First?\nYes.\n\n> Second?\nNo.\n\n> Third", "> First?\nYes.\n\n> Second?\nNo.", ""},
		{"a sentence is no intro", "My colleague wrote:\nthe printer is broken", "My colleague wrote:\nthe printer is broken", ""},
		{"labels in a text", "To: do list\nbuy paper", "To: do list\nbuy paper", ""},
	} {
		m := ParseBody([]byte(c.in), false)
		if m.NewText != c.want || strings.TrimSpace(m.Signature) != strings.TrimSpace(c.signature) {
			t.Errorf("%s: got %q, signature %q", c.name, m.NewText, m.Signature)
		}
	}
}

func TestNewTextOfHTML(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"gmail", `<div dir="ltr">Thanks</div><br><div class="gmail_quote"><div class="gmail_attr">On x wrote:<br></div><blockquote class="gmail_quote">old</blockquote></div>`, "Thanks"},
		{"outlook web", `<div>Thanks</div><hr><div id="divRplyFwdMsg"><b>From:</b> Ann<br><b>Sent:</b> x<br></div><div>old</div>`, "Thanks"},
		{"outlook", `<p class=MsoNormal>Thanks</p><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm'><p><b>From:</b> Ann</p></div><p>old</p>`, "Thanks"},
		{"apple", `<div>Thanks<br><div><br><blockquote type="cite"><div>On 2 Mar 2026, at 10:11, Ann &lt;a@example.com&gt; wrote:</div><div>old</div></blockquote></div></div>`, "Thanks"},
		{"thunderbird", `<p>Thanks</p><div class="moz-cite-prefix">On 02.03.26 10:11, Ann wrote:<br></div><blockquote type="cite" cite="mid:1">old</blockquote>`, "Thanks"},
	} {
		if m := ParseBody([]byte(c.in), true); m.NewText != c.want {
			t.Errorf("%s: got %q", c.name, m.NewText)
		}
	}
}

func TestForwarded(t *testing.T) {
	m := ParseBody([]byte("Please help her.\n\n---------- Forwarded message ---------\nFrom: Ann Miller <ann@example.com>\nDate: Mon, 2 Mar 2026 10:11:12 +0100\nSubject: Printer\nTo: <it@example.com>\nCc: Bob <bob@example.com>\n\nIt is broken.\n"), false)
	want := &Forwarded{
		From: Address{"Ann Miller", "ann@example.com"}, To: []Address{{"", "it@example.com"}}, CC: []Address{{"Bob", "bob@example.com"}}, Subject: "Printer",
		Date: time.Date(2026, 3, 2, 10, 11, 12, 0, time.FixedZone("", 3600)), Text: "It is broken.",
	}
	if m.Forwarded == nil {
		t.Fatal("no forward was found")
	}
	if !m.Forwarded.Date.Equal(want.Date) {
		t.Errorf("date %v", m.Forwarded.Date)
	}
	m.Forwarded.Date = want.Date
	if !reflect.DeepEqual(m.Forwarded, want) || m.NewText != "Please help her." {
		t.Errorf("got %+v and %q", m.Forwarded, m.NewText)
	}
	if m := ParseBody([]byte("ok\n\nOn 2 Mar 2026 Ann <a@example.com> wrote:\n> ---------- Forwarded message ---------\n> From: Bob <b@example.com>\n> Subject: x\n>\n> y\n"), false); m.Forwarded != nil {
		t.Errorf("an answer was taken for a forward: %+v", m.Forwarded)
	}
}

const report = "From: Mail Delivery System <mailer-daemon@mx.example.com>\nReturn-Path: <>\nTo: desk@example.com\nSubject: Undelivered Mail Returned to Sender\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n" +
	"--b\n\nI could not deliver it.\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.com\n\n%s\n--b\nContent-Type: message/rfc822\n\nFrom: desk@example.com\nMessage-ID: <t1@example.com>\n\nx\n--b--\n"

func TestKinds(t *testing.T) {
	head := "From: ann@example.com\nTo: desk@example.com\nSubject: "
	for _, c := range []struct{ name, raw, kind, automatic string }{
		{"person", head + "Hello\n\nhi", KindMessage, ""},
		{"person about an absence", head + "Out of office is broken\n\nhi", KindMessage, ""},
		{"person about a bounce", head + "Undelivered mail\n\nuser unknown 550 5.1.1", KindMessage, ""},
		{"auto-generated", head + "x\nAuto-Submitted: auto-generated\n\nhi", KindMessage, AutomaticAuto},
		{"auto-replied", head + "x\nAuto-Submitted: auto-replied (vacation)\n\nhi", KindReply, AutomaticAuto},
		{"Auto-Submitted no", head + "x\nAuto-Submitted: no\n\nhi", KindMessage, ""},
		{"exchange absence", head + "Automatic reply: x\nX-Auto-Response-Suppress: All\n\nhi", KindReply, AutomaticAuto},
		{"list", head + "x\nList-Id: <a.example.com>\nPrecedence: list\n\nhi", KindMessage, AutomaticList},
		{"bulk", head + "x\nPrecedence: bulk\n\nhi", KindMessage, AutomaticBulk},
		{"bounce", fmt.Sprintf(report, "Final-Recipient: rfc822; bob@example.net\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 user unknown\n"), KindBounce, AutomaticAuto},
		{"feedback", "From: abuse@isp.example\nSubject: complaint\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\n\nx\n--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nOriginal-Rcpt-To: bob@example.net\n--b--\n", KindFeedback, AutomaticAuto},
		{"invitation", head + "x\nContent-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\nEND:VCALENDAR\n", KindCalendar, ""},
	} {
		if m := Parse([]byte(c.raw)); m.Kind != c.kind || m.Automatic != c.automatic {
			t.Errorf("%s: got %q and %q", c.name, m.Kind, m.Automatic)
		}
	}
}

func TestBounces(t *testing.T) {
	for _, c := range []struct {
		name, status string
		want         Bounce
	}{
		{"hard", "Final-Recipient: rfc822; bob@example.net\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 <bob@example.net>: user unknown\n", Bounce{"bob@example.net", "5.1.1", "550", "userunknown", true}},
		{"full", "Final-Recipient: rfc822; bob@example.net\nAction: failed\nStatus: 5.2.2\nDiagnostic-Code: smtp; 552 5.2.2 mailbox full\n", Bounce{"bob@example.net", "5.2.2", "552", "mailboxfull", false}},
		{"delayed", "Final-Recipient: rfc822; bob@example.net\nAction: delayed\nStatus: 4.4.1\nDiagnostic-Code: smtp; connection timed out\n", Bounce{"bob@example.net", "4.4.1", "", "expired", false}},
	} {
		m := Parse([]byte(fmt.Sprintf(report, c.status)))
		if len(m.Bounces) != 1 || m.Bounces[0] != c.want || m.ReportedID != "t1@example.com" {
			t.Errorf("%s: got %+v about %q", c.name, m.Bounces, m.ReportedID)
		}
	}
}

// A recipient with a broken character must not shift what is read behind it.
func TestBounceOfBrokenAddress(t *testing.T) {
	m := Parse([]byte(fmt.Sprintf(report, "Final-Recipient: r\xe6c822;a@\nStatus: 5.1.1\n")))
	if m.Kind != KindBounce || m.Broken {
		t.Errorf("got %q, broken %v, %q", m.Kind, m.Broken, m.Warnings)
	}
}

func TestAuthentication(t *testing.T) {
	m := Parse([]byte("Authentication-Results: mx.example.com; spf=pass (ok; fine) smtp.mailfrom=a@b.c; dkim=fail header.d=b.c; dkim=pass header.d=x; dmarc=none\nAuthentication-Results: forged; spf=fail\nFrom: a@b.c\n\nx"))
	if want := (Authentication{"pass", "pass", "none"}); m.Authentication != want {
		t.Errorf("got %+v", m.Authentication)
	}
}

func TestAttachments(t *testing.T) {
	raw := "From: a@b.c\nSubject: files\nContent-Type: multipart/mixed; boundary=m\n\n--m\nContent-Type: multipart/related; boundary=r\n\n--r\nContent-Type: text/html\n\n<p>See <img src=\"cid:pic@x\"></p>\n--r\n" +
		"Content-Type: image/png; name=p.png\nContent-ID: <pic@x>\nContent-Transfer-Encoding: base64\n\naGk=\n--r--\n--m\nContent-Type: application/octet-stream; name=\"../../etc/a.pdf\"\nContent-Disposition: attachment\n\nx\n" +
		"--m\nContent-Type: message/rfc822\n\nSubject: inner mail\n\nhello\n--m--\n"
	m := Parse([]byte(raw))
	var got []string
	for _, a := range m.Attachments {
		got = append(got, fmt.Sprintf("%s %s %d %v %s", a.Name, a.Type, a.Size, a.Inline, a.ContentID))
	}
	want := []string{"p.png image/png 2 true pic@x", "a.pdf application/pdf 1 false ", "inner mail.eml message/rfc822 26 false "}
	if !reflect.DeepEqual(got, want) || m.Text != "See" {
		t.Errorf("got %q and text %q", got, m.Text)
	}
}

func TestBroken(t *testing.T) {
	for _, raw := range []string{"", " \r\n \r\n", "no header here at all"} {
		if m := Parse([]byte(raw)); !m.Broken || len(m.Warnings) == 0 {
			t.Errorf("%q: broken %v, warnings %q", raw, m.Broken, m.Warnings)
		}
	}
	if m := Parse([]byte("Subject: x\n\nhello")); m.Broken {
		t.Error("a mail without sender is no broken mail")
	}
}

func TestReportHasEveryKey(t *testing.T) {
	raw, err := (&Message{}).JSON("a.eml")
	if err != nil {
		t.Fatal(err)
	}
	want := `{"file":"a.eml","from":{"name":"","address":""},"to":[],"cc":[],"reply_to":[],"subject":"","date":"","message_id":"","in_reply_to":[],"references":[],"text":"","html":"","new_text":"","quoted_text":"","signature":"","forwarded":null,"attachments":[],"kind":"","automatic":"","bounces":[],"calendar":null,"language":"","authentication":{"spf":"","dkim":"","dmarc":""},"signed":false,"encrypted":false,"warnings":[]}`
	if string(raw) != want {
		t.Errorf("got %s", raw)
	}
}

func TestLanguage(t *testing.T) {
	for text, want := range map[string]string{
		"Hello, I can not print to the printer on the third floor. Can you help me please?":          "en",
		"Guten Tag, ich kann nicht auf dem Drucker im dritten Stock drucken. Können Sie mir helfen?": "de",
		"Bonjour, je ne peux pas imprimer sur l'imprimante du bureau. Merci de votre aide.":          "fr",
		"Здравствуйте, у меня не работает принтер":                                                   "ru", "プリンターが動きません": "ja", "我的打印机不能用": "zh", "ok": "",
	} {
		if got := guessLanguage(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestUndouble(t *testing.T) {
	for in, want := range map[string]string{
		"MÃ¼ller": "Müller", "GrÃ¼ÃŸe aus KÃ¶ln": "Grüße aus Köln", "donâ€™t": "don’t", "ÐŸÑ€Ð¸Ð²ÐµÑ‚": "Привет", "Müller": "Müller", "NESCAFÉ®": "NESCAFÉ®", "Ã¼ statt ü": "Ã¼ statt ü",
		"plain": "plain", "MANHÃO": "MANHÃO", "“MANHÃ”": "“MANHÃ”", "日本": "日本", "25 °C": "25 °C", "Ã": "Ã",
	} {
		if got := undouble(in, 1); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
	if got := undouble("letters like Ã¸ came", 3); got != "letters like Ã¸ came" {
		t.Errorf("one mention of a broken letter became %q", got)
	}
	m := Parse([]byte("From: \"Mã¼\" <a@b.c>\nSubject: GrÃ¼ÃŸe\nContent-Type: text/plain; charset=utf-8\n\nSchÃ¶ne GrÃ¼ÃŸe\n"))
	if m.Subject != "Grüße" || m.Text != "Schöne Grüße" {
		t.Errorf("subject %q, text %q", m.Subject, m.Text)
	}
}
