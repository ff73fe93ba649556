package mailmsg

import (
	"fmt"
	"strings"
	"testing"

	"goodturn/internal/sanitize"
)

// clientHTML are answers as clients make them in HTML. NEW stands where the person
// writes; everything that says OLD is history, everything that says SIG a signature.
var clientHTML = []struct{ name, in string }{
	{"gmail", `<div dir="ltr">NEW</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">On Mon, Mar 2, 2026 at 10:11 AM OLD &lt;<a href="mailto:ann@example.com">ann@example.com</a>&gt; wrote:<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex">OLD</blockquote></div>`},
	{"gmail with a signature", `<div dir="ltr">NEW<div><br></div><span class="gmail_signature_prefix">-- </span><br><div dir="ltr" class="gmail_signature" data-smartmail="gmail_signature"><b>SIG Bob</b><br>SIG Example Ltd</div></div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">Am Mo., 2. März 2026 um 10:11 Uhr schrieb OLD &lt;ann@example.com&gt;:<br></div><blockquote class="gmail_quote">OLD</blockquote></div>`},
	{"gmail mobile", `<div dir="auto">NEW</div><br><div class="gmail_extra"><br><div class="gmail_quote">On Mar 2, 2026 10:11, "OLD" &lt;ann@example.com&gt; wrote:<br type="attribution"><blockquote class="gmail_quote"><p>OLD</p></blockquote></div></div>`},
	{"outlook 2019", `<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style><!-- p.MsoNormal {margin:0cm;} --></style></head><body lang=EN-GB link="#0563C1"><div class=WordSection1><p class=MsoNormal>NEW<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p><div><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p class=MsoNormal><b><span lang=EN-US>From:</span></b><span lang=EN-US> OLD &lt;ann@example.com&gt; <br><b>Sent:</b> Monday, March 2, 2026 10:11 AM<br><b>To:</b> Desk &lt;help@desk.example&gt;<br><b>Subject:</b> OLD<o:p></o:p></span></p></div></div><p class=MsoNormal>OLD<o:p></o:p></p></div></body></html>`},
	{"outlook 2007", `<div class=Section1><p class=MsoNormal>NEW</p><div style='border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0in 0in 0in'><p class=MsoNormal><b>Von:</b> OLD [mailto:ann@example.com] <br><b>Gesendet:</b> Montag, 2. März 2026 10:11<br><b>An:</b> Desk<br><b>Betreff:</b> OLD</p></div><p>OLD</p></div>`},
	{"outlook 2003", `<DIV><FONT face=Arial size=2>NEW</FONT></DIV><BLOCKQUOTE dir=ltr style="MARGIN-RIGHT: 0px"><DIV class=OutlookMessageHeader dir=ltr align=left><HR tabIndex=-1><FONT face=Tahoma size=2><B>From:</B> OLD [mailto:ann@example.com]<BR><B>Sent:</B> Monday<BR><B>To:</B> Desk<BR><B>Subject:</B> OLD<BR></FONT></DIV><DIV>OLD</DIV></BLOCKQUOTE>`},
	{"outlook express", `<DIV>NEW</DIV><BLOCKQUOTE style="PADDING-LEFT: 5px; MARGIN-LEFT: 5px; BORDER-LEFT: #000000 2px solid"><DIV style="FONT: 10pt arial">----- Original Message ----- </DIV><DIV style="BACKGROUND: #e4e4e4; font-color: black"><B>From:</B> <A href="mailto:ann@example.com">OLD</A> </DIV><DIV><B>To:</B> help@desk.example </DIV><DIV><B>Sent:</B> Monday, March 02, 2026 10:11 AM</DIV><DIV><B>Subject:</B> OLD</DIV><DIV>OLD</DIV></BLOCKQUOTE>`},
	{"outlook web", `<html><body><div class="elementToProof" style="font-family: Calibri; font-size: 12pt;">NEW</div><div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif"><b>From:</b> OLD &lt;ann@example.com&gt;<br><b>Sent:</b> Monday<br><b>To:</b> Desk<br><b>Subject:</b> OLD</font><div>&nbsp;</div></div><div>OLD</div></body></html>`},
	{"new outlook", `<div class="elementToProof">NEW</div><div id="mail-editor-reference-message-container"><div class="ms-outlook-mobile-reference-message skipProofing" style="text-align: left; padding: 3pt 0in 0in; border-width: 1pt medium medium; border-style: solid none none; border-color: rgb(181, 196, 223) currentcolor currentcolor;"><b>From: </b>OLD &lt;ann@example.com&gt;<br><b>Date: </b>Monday<br><b>To: </b>Desk<br><b>Subject: </b>OLD<br><br></div><div>OLD</div></div>`},
	{"outlook mac", `<div><div style="font-family:Aptos">NEW</div><div style="border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0in 0in 0in"><p class="MsoNormal"><b><span style="color:black">De : </span></b><span style="color:black">OLD &lt;ann@example.com&gt;<br><b>Date : </b>lundi, 2 mars 2026 à 10:11<br><b>À : </b>Desk<br><b>Objet : </b>OLD</span></p></div><div><p>OLD</p></div></div>`},
	{"outlook ios", `<div dir="ltr">NEW</div><div><br></div><div id="ms-outlook-mobile-signature"><div>SIG Get <a href="https://aka.ms/o0ukef">Outlook for iOS</a></div></div><hr style="display:inline-block;width:98%"><div id="divRplyFwdMsg" dir="ltr"><b>Van:</b> OLD &lt;ann@example.com&gt;<br><b>Verzonden:</b> maandag<br><b>Aan:</b> Desk<br><b>Onderwerp:</b> OLD</div><div>OLD</div>`},
	{"exchange copy with x_", `<div>NEW</div><hr tabindex="-1"><div id="x_divRplyFwdMsg"><b>From:</b> OLD<br><b>Sent:</b> Monday<br><b>Subject:</b> OLD</div><div class="x_WordSection1">OLD</div>`},
	{"apple mail", `<html><head></head><body style="word-wrap: break-word;">NEW<div><br><div><blockquote type="cite"><div>On 2 Mar 2026, at 10:11, OLD &lt;ann@example.com&gt; wrote:</div><br class="Apple-interchange-newline"><div>OLD</div></blockquote></div><br></div></body></html>`},
	{"apple ios", `<html><body dir="auto">NEW<br><br><div dir="ltr">SIG Sent from my iPhone</div><div dir="ltr"><br><blockquote type="cite">On 2 Mar 2026, at 10:11, OLD &lt;ann@example.com&gt; wrote:<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">OLD</div></blockquote></body></html>`},
	{"apple ios, german", `<html><body dir="auto">NEW<br id="lineBreakAtBeginningOfSignature"><div dir="ltr">SIG Von meinem iPhone gesendet</div><div dir="ltr"><br><blockquote type="cite">Am 02.03.2026 um 10:11 schrieb OLD &lt;ann@example.com&gt;:<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">OLD</div></blockquote></body></html>`},
	{"thunderbird", `<html><body><p>NEW</p><div class="moz-cite-prefix">Am 02.03.26 um 10:11 schrieb OLD:<br></div><blockquote type="cite" cite="mid:1@example.com">OLD</blockquote></body></html>`},
	{"thunderbird below", `<html><body><div class="moz-cite-prefix">On 02/03/2026 10:11, OLD wrote:<br></div><blockquote type="cite" cite="mid:1@example.com"><p>OLD</p><p>OLD</p></blockquote><p>NEW</p><pre class="moz-signature" cols="72">-- 
SIG Bob</pre></body></html>`},
	{"thunderbird above with signature", `<p>NEW</p><div class="moz-signature">-- <br>SIG Bob<br>SIG Example</div><div class="moz-cite-prefix">On 02/03/2026 10:11, OLD wrote:<br></div><blockquote type="cite">OLD</blockquote>`},
	{"yahoo", `<div class="yahoo-style-wrap" style="font-family:Helvetica"><div dir="ltr" data-setdir="false">NEW</div><div><br></div></div><div id="ydp1yahoo_quoted_0123" class="ydp1yahoo_quoted"><div style="font-family:Helvetica"><div>On Monday, March 2, 2026 at 10:11:12 AM GMT+1, OLD &lt;ann@example.com&gt; wrote: </div><div><br></div><div>OLD</div></div></div>`},
	{"yahoo android", `NEW<br><br><div id="ymail_android_signature"><a href="https://mail.onelink.me/1">SIG Sent from Yahoo Mail on Android</a></div> <br> <blockquote style="margin: 0 0 20px 0;"> <div style="font-family:Roboto; color:#6D00F6;"> <div>On Mon, 2 Mar 2026 at 10:11, OLD</div><div>&lt;ann@example.com&gt; wrote:</div> </div> <div>OLD</div> </blockquote>`},
	{"protonmail", `<div style="font-family: Arial;">NEW</div><div class="protonmail_signature_block" style="font-family: Arial;"><div class="protonmail_signature_block-proton">SIG Sent with Proton Mail secure email.</div></div><div style="font-family: Arial;"><br></div><div class="protonmail_quote">On Monday, March 2nd, 2026 at 10:11 AM, OLD &lt;ann@example.com&gt; wrote:<br><blockquote class="protonmail_quote" type="cite">OLD</blockquote></div>`},
	{"tutanota", `<div>NEW</div><div><br></div><div>Mar 2, 2026, 10:11 by ann@example.com:<br></div><blockquote class="tutanota_quote" style="border-left: 1px solid #93A3B8; padding-left: 10px;">OLD</blockquote>`},
	{"samsung", `<html><body>NEW<div id="composer_signature" dir="auto"><div style="font-size:12px">SIG Sent from my Galaxy</div></div><div><br></div><div style="font-size:100%;color:#000000"><!-- originalMessage --><div>-------- Original message --------</div><div>From: OLD &lt;ann@example.com&gt;</div><div>Date: 02/03/2026 10:11 (GMT+01:00)</div><div>To: Desk &lt;help@desk.example&gt;</div><div>Subject: OLD</div><div><br></div></div>OLD</body></html>`},
	{"k-9", `<!DOCTYPE html><html><body><div dir="auto">NEW<br><br></div><div class="k9mail-signature">-- <br>SIG Sent from my Android device with K-9 Mail. Please excuse my brevity.</div><div class="gmail_quote"><div>Am 2. März 2026 10:11:12 MEZ schrieb OLD &lt;ann@example.com&gt;:</div><blockquote class="gmail_quote">OLD</blockquote></div></body></html>`},
	{"zoho", `<div style="font-family: Verdana;">NEW<br></div><div class="zmail_extra"><div id="Zm-_Id_-Sgn1">---- On Mon, 02 Mar 2026 10:11:12 +0100 <b>OLD &lt;ann@example.com&gt;</b> wrote ----<br></div><br><blockquote style="border-left: 1px solid #cccccc;">OLD</blockquote></div>`},
	{"notes", `<font size=2 face="sans-serif">NEW</font><br><br><br><br><font size=1 color=#5f5f5f face="sans-serif">From: &nbsp; &nbsp; &nbsp; &nbsp;</font><font size=1 face="sans-serif">OLD/HQ/ACME</font><br><font size=1 color=#5f5f5f>To: &nbsp; &nbsp; &nbsp; &nbsp;</font><font size=1>desk@desk.example</font><br><font size=1 color=#5f5f5f>Date: &nbsp; &nbsp; &nbsp; &nbsp;</font><font size=1>02.03.2026 10:11</font><br><font size=1 color=#5f5f5f>Subject: &nbsp; &nbsp; &nbsp; &nbsp;</font><font size=1>OLD</font><hr noshade><br><font size=2>OLD</font>`},
	{"notes 8", `<font face="Default Sans Serif">NEW<br><br><font color="#990099">-----OLD/HQ/ACME wrote: -----</font><br><div style="padding-left:5px;"><div>To: desk@desk.example<br>From: OLD/HQ/ACME<br>Date: 02.03.2026<br>Subject: OLD</div><br>OLD</div></font>`},
	{"groupwise", `<p>NEW</p><p><br>&gt;&gt;&gt; OLD &lt;ann@example.com&gt; 02.03.2026 10:11 &gt;&gt;&gt;<br></p><div>OLD</div>`},
	{"zimbra", `<div style="font-family: arial">NEW<br></div><hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__"><blockquote style="border-left:2px solid #1010FF;"><b>De: </b>"OLD" &lt;ann@example.com&gt;<br><b>À: </b>"Desk" &lt;help@desk.example&gt;<br><b>Envoyé: </b>Lundi 2 Mars 2026 10:11:12<br><b>Objet: </b>OLD<br></blockquote></div><div data-marker="__QUOTED_TEXT__"><blockquote>OLD</blockquote></div>`},
	{"roundcube", `<p>NEW</p><p><br></p><p id="reply-intro">Am 2026-03-02 10:11, schrieb OLD:</p><blockquote type="cite" style="padding: 0 0.4em; border-left: #1010ff 2px solid; margin: 0">OLD</blockquote>`},
	{"mailbird", `<div id="__MailbirdStyleContent"><div>NEW</div><blockquote class="history_container" type="cite" style="border-left-style: solid;"><p>On 3/2/2026 10:11:12 AM, OLD &lt;ann@example.com&gt; wrote:</p><div>OLD</div></blockquote></div>`},
	{"spark", `<html><body><div name="messageBodySection"><div dir="auto">NEW</div></div><div name="messageSignatureSection"><br><div class="matchFont">SIG Bob</div></div><div name="messageReplySection">On 2 Mar 2026 at 10:11 +0100, OLD &lt;ann@example.com&gt;, wrote:<br><blockquote type="cite" style="border-left: thin solid #1abc9c;">OLD</blockquote></div></body></html>`},
	{"superhuman", `<html><body><div><div>NEW<br></div></div><br><div class="gmail_signature"></div><br><div class="gmail_quote"><p>On Mon, Mar 02, 2026 at 10:11 AM, OLD <span dir="ltr">&lt;<a href="mailto:ann@example.com">ann@example.com</a>&gt;</span> wrote:<br></p><blockquote class="gmail_quote sh-color-black"><p>OLD</p></blockquote></div></body></html>`},
	{"front", `<div>NEW</div><br><blockquote type="cite" class="front-blockquote">On March 2, 2026, 10:11 AM GMT+1 ann@example.com wrote:<br><br>OLD</blockquote>`},
	{"missive", `<div>NEW</div><div class="missive_quote"><div>On March 2, 2026 at 10:11, OLD (ann@example.com) wrote:</div><blockquote>OLD</blockquote></div>`},
	{"gmx", `<html><body><div style="font-family: Verdana;font-size: 12.0px;"><div>NEW</div><div><div name="quote" style="margin:10px 5px 5px 10px; padding: 10px 0 10px 10px; border-left:2px solid #C3D9E5;"><div style="margin:0 0 10px 0;"><b>Gesendet:</b>&nbsp;Montag, 02. März 2026 um 10:11 Uhr<br><b>Von:</b>&nbsp;"OLD" &lt;ann@example.com&gt;<br><b>An:</b>&nbsp;help@desk.example<br><b>Betreff:</b>&nbsp;OLD</div><div name="quoted-content">OLD</div></div></div></div></body></html>`},
	{"mail.ru", `<HTML><BODY><div>NEW</div><blockquote style="border-left:1px solid #0857A6; margin:10px; padding:0 0 0 10px;">Понедельник, 2 марта 2026, 10:11 +03:00 от OLD &lt;ann@example.com&gt;:<br><br><div id=""><div class="js-helper js-readmsg-msg">OLD</div></div></blockquote></BODY></HTML>`},
	{"qq", `<div>NEW</div><div><br></div><div style="font-size: 12px;font-family: Arial Narrow;padding:2px 0 2px 0;">------------------&nbsp;原始邮件&nbsp;------------------</div><div style="font-size: 12px;background:#efefef;padding:8px;"><div><b>发件人:</b>&nbsp;"OLD"&lt;ann@example.com&gt;;</div><div><b>发送时间:</b>&nbsp;2026年3月2日(星期一) 上午10:11</div><div><b>收件人:</b>&nbsp;"desk"&lt;help@desk.example&gt;;</div><div><b>主题:</b>&nbsp;OLD</div></div><div>OLD</div>`},
	{"163", `<div style="line-height:1.7;">NEW</div><br><div style="position:relative;zoom:1"></div><pre>At 2026-03-02 10:11:12, "OLD" &lt;ann@example.com&gt; wrote:</pre><blockquote id="isReplyContent" style="PADDING-LEFT: 1ex; BORDER-LEFT: #ccc 1px solid">OLD</blockquote>`},
	{"foxmail", `<body><div>NEW</div><hr style="width: 210px; height: 1px;" color="#b5c4df" size="1" align="left"><blockquote style="margin-Top: 0px;"><div>&nbsp;</div><div style="border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0cm 0cm 0cm"><div style="background:#efefef;"><b>From:</b>&nbsp;OLD<br><b>Date:</b>&nbsp;2026-03-02 10:11<br><b>To:</b>&nbsp;desk<br><b>Subject:</b>&nbsp;OLD</div></div><div>OLD</div></blockquote></body>`},
	{"yandex", `<div>NEW</div><div>02.03.2026, 10:11, "OLD" &lt;ann@example.com&gt;:</div><blockquote><p>OLD</p></blockquote>`},
	{"hey", `<div class="trix-content"><div>NEW</div></div><br><div class="hey_quote">On March 2, 2026, OLD &lt;ann@example.com&gt; wrote:<br><blockquote>OLD</blockquote></div>`},
	{"em client", `<div>NEW</div><div><br></div><div>------ Original Message ------</div><div>From "OLD" &lt;<a href="mailto:ann@example.com">ann@example.com</a>&gt;</div><div>To "Desk" &lt;help@desk.example&gt;</div><div>Date 02.03.2026 10:11:12</div><div>Subject OLD</div><div><br></div><div>OLD</div>`},
	{"em client with colons", `<div>NEW</div><div>------ Originalnachricht ------</div><div>Von: "OLD" &lt;ann@example.com&gt;</div><div>An: desk@desk.example</div><div>Gesendet: 02.03.2026 10:11:12</div><div>Betreff: OLD</div><div id="x1"><blockquote cite="1" type="cite" class="cite2">OLD</blockquote></div>`},
	{"windows mail", `<div><p>NEW</p><p>SIG Sent from <a href="https://go.microsoft.com/fwlink/?LinkId=550986">Mail</a> for Windows</p><div style="mso-element:para-border-div;border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in"><p class="MsoNormal"><b>From: </b>OLD<br><b>Sent: </b>Monday<br><b>To: </b>Desk<br><b>Subject: </b>OLD</p></div><p>OLD</p></div>`},
	{"a help desk's reply line", `<div>NEW</div><br><div><p>On Mon, 2 Mar 2026 at 10:11, Example Desk &lt;help@desk.example&gt; wrote:</p><div style="color:#999">## Please type your reply above this line ##</div><p>OLD</p></div>`},
	{"a reply line with nothing above it", `<div>NEW</div><div style="color:#b5b5b5">##- Please type your reply above this line -##</div><div>OLD</div>`},
	{"aol", `<div>NEW</div><div><br></div><div>-----Original Message-----<br>From: OLD &lt;ann@example.com&gt;<br>To: desk &lt;help@desk.example&gt;<br>Sent: Mon, Mar 2, 2026 10:11 am<br>Subject: OLD<br></div><div id="aolmail_1"><div>OLD</div></div>`},
	{"evolution", `<html><body><div>NEW</div><div>On Mon, 2026-03-02 at 10:11 +0100, OLD wrote:</div><blockquote type="cite" style="margin:0 0 0 .8ex; border-left:2px #729fcf solid;padding-left:1ex"><div>OLD</div></blockquote></body></html>`},
	{"kmail", `<html><body><p style="margin:0;">NEW</p><p>Am Montag, 2. März 2026, 10:11:12 CET schrieb OLD:</p><p>&gt; OLD</p><p>&gt; OLD</p></body></html>`},
}

const newParagraph = "This is what I <b>say</b> now.<br><br>It has two parts."

func TestScoreClientHTML(t *testing.T) {
	text := score{name: "HTML of clients", floor: 100}
	both := score{name: "HTML of clients with text", floor: 100}
	halves := score{name: "HTML of clients parted", floor: 98}
	for _, c := range clientHTML {
		source := strings.ReplaceAll(strings.Replace(c.in, "NEW", newParagraph, 1), "SIG ", "")
		m := ParseBodyWithSubject([]byte(source), true, "Re: x")
		right := squash(m.NewText) == "ThisiswhatIsaynow.Ithastwoparts." && strings.Contains(c.in, "SIG") == (m.Signature != "") && !strings.Contains(m.Signature, "OLD")
		text.check(right, fmt.Sprintf("%s: got %q, signature %q", c.name, m.NewText, m.Signature))
		plain := sanitize.Text(source)
		raw := "Subject: Re: x\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\n\n" + plain + "\n--b\nContent-Type: text/html; charset=utf-8\n\n" + source + "\n--b--\n"
		m = Parse([]byte(raw))
		both.check(squash(m.NewText) == "ThisiswhatIsaynow.Ithastwoparts.", fmt.Sprintf("%s: got %q", c.name, m.NewText))
		now, quoted := SplitHTML(source, "Re: x")
		halves.check(strings.Contains(now, newParagraph) && !strings.Contains(now, "OLD") && strings.Contains(quoted, "OLD") && !strings.Contains(quoted, "It has two"), fmt.Sprintf("%s: now %q", c.name, now))
	}
	for _, s := range []score{text, both, halves} {
		s.report(t)
	}
}

// TestHTMLInline answers between the lines and below the quote, in the elements that
// clients wrap around quotes.
func TestHTMLInline(t *testing.T) {
	const intro = `On Mon, Mar 2, 2026 at 10:11 AM Ann &lt;ann@example.com&gt; wrote:`
	for _, c := range []struct{ name, in, want string }{
		{"gmail between", `<div dir="ltr">See below.</div><br><div class="gmail_quote"><div class="gmail_attr">` + intro + `<br></div><blockquote class="gmail_quote">First?</blockquote><div>Yes.</div><blockquote class="gmail_quote">Second?</blockquote><div>No.</div></div>`, "Seebelow.>First?Yes.>Second?No."},
		{"gmail between, nothing above", `<div class="gmail_quote"><div class="gmail_attr">` + intro + `<br></div><blockquote class="gmail_quote">First?</blockquote><div>Yes.</div><blockquote class="gmail_quote">Second?</blockquote><div>No.</div><blockquote class="gmail_quote">Rest</blockquote></div>`, ">First?Yes.>Second?No."},
		{"gmail below", `<div class="gmail_quote"><div class="gmail_attr">` + intro + `<br></div><blockquote class="gmail_quote">First?</blockquote><div>Yes.</div></div>`, "Yes."},
		{"apple between", `<div><blockquote type="cite"><div>` + intro + `</div></blockquote><blockquote type="cite"><div>First?</div></blockquote>Yes.<blockquote type="cite"><div>Second?</div></blockquote>No.</div>`, ">First?Yes.>Second?No."},
		{"thunderbird between", `<div class="moz-cite-prefix">` + intro + `</div><blockquote type="cite">First?</blockquote><p>Yes.</p><blockquote type="cite">Second?</blockquote><p>No.</p>`, ">First?Yes.>Second?No."},
		{"an indented list is no quote", `<p>Please bring</p><blockquote style="margin: 0 0 0 40px; border: none; padding: 0px;"><div>a screen</div></blockquote><p>Thanks</p>`, "PleasebringascreenThanks"},
		{"a quotation in a text", `<p>The rule says:</p><blockquote><p>Lock the door.</p></blockquote><p>Why?</p>`, "Therulesays:>Lockthedoor.Why?"},
	} {
		m := ParseBodyWithSubject([]byte(c.in), true, "Re: x")
		if squash(m.NewText) != c.want {
			t.Errorf("%s: got %q", c.name, m.NewText)
		}
		plain := sanitize.Text(c.in)
		raw := "Subject: Re: x\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\n\n" + plain + "\n--b\nContent-Type: text/html; charset=utf-8\n\n" + c.in + "\n--b--\n"
		if m := Parse([]byte(raw)); squash(m.NewText) != c.want {
			t.Errorf("%s, with text: got %q", c.name, m.NewText)
		}
		if now, _ := SplitHTML(c.in, "Re: x"); !strings.Contains(now, "Yes.") && strings.Contains(c.in, "Yes.") {
			t.Errorf("%s: now %q", c.name, now)
		}
	}
}
