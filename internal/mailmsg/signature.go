package mailmsg

import (
	"regexp"
	"strings"
)

// mobileSignature matches the line that a phone or client adds by itself.
var mobileSignature = regexp.MustCompile(`(?i)^\W{0,3}(` + strings.Join([]string{
	`sent (from|via|with|using) \[?(my |mobile|mailbox|the |a |yahoo|outlook|mail|samsung|windows|iphone|ipad|gmail|proton|airmail|blue|nine|spark|superhuman|fastmail|[a-z]+ ?mail)`,
	`\(?<?<?sent (from|by) (a|my|galaxy|mobile)`, `someone from mobile`, `sent from [a-z]{3,15}<`, `sent with `, `sent via `, `get \[?outlook`, `從我的`, `sent on the (go|move)`, `from my (iphone|ipad|mobile|phone|samsung|android|blackberry)`, `get outlook for (ios|android)`, `sent by (iphone|ipad|android|mobile)`,
	`(von|mit) mein(em|er) .{1,40}gesendet`, `gesendet (von|mit|über) `, `diese nachricht wurde von mein`, `von outlook für (ios|android)`, `outlook für (ios|android)( herunterladen| beziehen)`, `holen sie sich outlook`, `versendet mit`,
	`envoyé (de|depuis|à partir|avec) `, `télécharger outlook`, `obtenez outlook`, `enviado (desde|do|de|a partir|via|pelo|con) `, `obtener outlook`, `inviato (da|dal|con) `, `ottieni outlook`,
	`verzonden (vanaf|met|via) `, `verstuurd vanaf`, `download outlook`, `skickat från`, `sendt fra`, `lähetetty `, `wysłan[eoa] (z|ze|przy) `, `odesláno z`, `odoslané z`, `отправлено (с|из) `, `надіслано (з|із) `, `iphone'?umdan gönderildi`,
	`发自我的`, `iphone ?から送信`, `나의 iphone에서 보냄`, `trimis de pe`, `küldve `, `poslano (s|z|iz) `,
}, "|") + `)`)

var footerLine = regexp.MustCompile(`^(_{5,}|-{5,})$`)

// signatureStart returns where the signature begins in lines[:end], or end when
// there is none. Only a signature at the end of the text counts.
func signatureStart(lines []line, end int) int {
	for i := 0; i < end; i++ {
		if lines[i].mark == markSignature && lines[i].state == fresh && restIs(lines[i:end], markSignature) {
			return i
		}
	}
	at := end
	for i := end - 1; i >= 0 && i >= end-40; i-- {
		if lines[i].state != fresh || lines[i].depth > 0 {
			break
		}
		if dashes(lines[i].raw) {
			at = i
		}
	}
	if i := listFooter(lines, at); i < at {
		at = i
	}
	return mobileStart(lines, at)
}

func restIs(lines []line, mark string) bool {
	for _, l := range lines {
		if l.mark != mark && !blank(l.text) {
			return false
		}
	}
	return true
}

// dashes is the signature separator "-- " (RFC 3676 §4.3) and what clients make of it.
func dashes(raw string) bool {
	switch strings.TrimSpace(raw) {
	case "--", "---", "—", "__", "–", "-- -", "_-":
		return true
	}
	return false
}

// listFooter finds the rule and lines that a mailing list adds below everything.
func listFooter(lines []line, end int) int {
	for i := end - 1; i >= 0 && i >= end-8; i-- {
		if footerLine.MatchString(strings.TrimSpace(lines[i].raw)) && i+1 < end && lines[i].state == fresh {
			rest := strings.ToLower(joinRaw(lines[i+1 : end]))
			if strings.Contains(rest, "mailing list") || strings.Contains(rest, "unsubscribe") || strings.Contains(rest, "listinfo") {
				return i
			}
		}
	}
	return end
}

// mobileStart steps over the "Sent from my …" lines at the end.
func mobileStart(lines []line, end int) int {
	at := end
	for i := end - 1; i >= 0; i-- {
		text := strings.TrimSpace(lines[i].raw)
		if text == "" || lines[i].state != fresh && blank(lines[i].text) {
			continue
		}
		if lines[i].state != fresh || len(text) > 160 || !mobileSignature.MatchString(text) {
			break
		}
		at = i
	}
	return at
}
