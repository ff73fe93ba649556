package mailmsg

import (
	"slices"
	"strings"

	"goodturn/internal/sanitize"
)

// Marks that HTML gives to lines.
const (
	markQuote     = "quote"     // a quotation that ends with its element
	markHistory   = "history"   // from here to the end: the mail that is answered
	markSignature = "signature" // a signature that the client labelled
)

var quoteClasses = []string{
	"gmail_quote", "gmail_quote_container", "yahoo_quoted", "moz-cite-prefix", "protonmail_quote", "tutanota_quote", "zmail_extra", "front-blockquote", "airmail_quote",
	"hey_quote", "sh-quoted", "qt_mail_quote", "yahooquoted", "elided-text", "mailbird_quote", "superhuman_quote", "__aliyun_previous_message_wrap", "missive_quote", "edo-quoted", "history_container", "email-quote", "tm_quote", "freshdesk_quote", "zendesk_quote", "outlook-quote", "mailmate-quote",
}

var signatureClasses = []string{"gmail_signature", "moz-signature", "protonmail_signature_block", "tutanota_signature", "mailbox_signature", "email_signature", "mailsignature", "k9mail-signature", "mailspring-signature", "front-signature", "sh-signature", "missive_signature", "zm_signature", "signature-container"}

var historyIDs = []string{
	"divrplyfwdmsg", "appendonsend", "mail-editor-reference-message-container", "ms-outlook-mobile-reference-message", "replysplit", "isforwardcontent", "isreplycontent",
	"stopspelling", "yahoo_quoted", "orimsghtmlseperator", "outlookmessageheader", "reply139content", "qtdivid", "spnquote", "__headers__", "__quoted_text__", "messagereplysection", "reply-intro", "mail-editor-reply", "oldmessage", "quotedtext",
}

var signatureIDs = []string{"signature", "applemailsignature", "applemailsignatureatstart", "ms-outlook-mobile-signature", "ydpsignature", "mobile-signature", "composer_signature", "ymail_android_signature", "ymail_ctr_signature", "messagesignaturesection", "psignature", "mobilesignature"}

// clientMark tells what the class, id or style of an element says about who wrote
// its content.
func clientMark(tag string, attr sanitize.Attr) string {
	class, id := attr("class"), strings.ToLower(attr("id"))
	for _, other := range []string{"name", "data-marker"} {
		if id == "" && tag == "div" {
			id = strings.ToLower(attr(other)) // Spark and Zimbra name their parts there
		}
	}
	if class != "" {
		for _, c := range strings.Fields(strings.ToLower(class)) {
			for strings.HasPrefix(c, "x_") {
				c = c[2:] // Exchange renames what it copies
			}
			switch {
			case slices.Contains(quoteClasses, c):
				return markQuote
			case slices.Contains(signatureClasses, c) || strings.HasSuffix(c, "gmail_signature"):
				return markSignature
			case c == "outlookmessageheader" || strings.HasSuffix(c, "yahoo_quoted"):
				return markHistory
			}
		}
	}
	if id != "" {
		for strings.HasPrefix(id, "x_") {
			id = id[2:]
		}
		switch {
		case slices.Contains(historyIDs, id) || strings.HasPrefix(id, "yahoo_quoted") || strings.HasPrefix(id, "replybody"):
			return markHistory
		case slices.Contains(signatureIDs, id):
			return markSignature
		}
	}
	if tag == "div" {
		return borderMark(attr("style"))
	}
	return ""
}

// borderMark knows the thin line that Outlook and Windows Mail draw above the
// header of the answered mail.
func borderMark(style string) string {
	if !strings.Contains(style, "order-top") && !strings.Contains(style, "ORDER-TOP") && !strings.Contains(style, "order-style") {
		return ""
	}
	s := strings.ToLower(strings.NewReplacer(" ", "", "\n", "", "\r", "").Replace(style))
	for _, line := range []string{"border-top:solid#b5c4df1.0pt", "border-top:solid#e1e1e11.0pt", "border-top:#b5c4df1ptsolid", "border-top:#e1e1e11ptsolid", "border-top-color:#e5e5e5;border-top-width:1px", "border-top:1pxsolid#e5e5e5", "border-top-color:rgb(229,229,229)", "border-top:solidwindowtext1.0pt", "border-style:solidnonenone;border-color:rgb(181,196,223)", "border-style:solidnonenone;border-color:rgb(225,225,225)"} {
		if strings.Contains(s, line) {
			return markHistory
		}
	}
	return ""
}

var markHints = []string{"quote", "signature", "rplyfwd", "appendonsend", "border-top", "reference-message", "messageheader", "moz-cite", "replysplit", "stopspelling", "zmail_extra", "replybody", "isforwardcontent", "isreplycontent", "quoted_text", "replysection", "reply-intro", "history", "reply139", "oldmessage", "quotedtext"}

// mayMark looks for anything that clientMark could know, which is cheaper than
// rendering.
func mayMark(source string) bool {
	lower := strings.ToLower(source[:min(len(source), sanitize.MaxHTML)])
	for _, hint := range markHints {
		if strings.Contains(lower, hint) {
			return true
		}
	}
	return false
}
