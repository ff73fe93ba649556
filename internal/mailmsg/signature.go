package mailmsg

import (
	"regexp"
	"slices"
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

// Words of the lines that phones and programs add, in the languages they speak.
var (
	sentWords = strings.Fields("sent gesendet verschickt versendet envoyé provenance enviad enviat inviat verzonden verstuurd skickat sendt lähetetty wysłan odesláno odoslan küldve elküldve trimis изпратен στάλθηκε εστάλη отправлен надіслан відправлен " +
		"gönderildi נשלח أُرسل أرسل تم_الإرسال 送信 보냄 발신 发自 发送 傳送 來自 来自 發自 đã_gửi poslan saadetud išsiųsta nosūtīts dikirim")
	getWords = strings.Fields("get obten obtén scarica ottieni obter baixar download télécharger hämta hent skaff hanki pobierz získa stáhn beszerzés letölt obțin descărc изтегл вземете αποκτήστε λήψη скача получ загруз завантаж отрима " +
		"edinin indirin קבל הורד الحصول تنزيل 入手 ダウンロード 다운로드 가져오기 获取 下载 取得 下載 tải nabavi preuzmi holen herunterladen beziehen hankige dapatkan")
	deviceWords = strings.Fields("iphon ipad ipod android galaxy samsung blackberry outlook windows почт huawei xiaomi redmi oneplus pixel nokia handy smartphone mobil telefon phone tablet 手机 手機 スマートフォン 휴대 device gerät appareil dispositiv gmail yahoo proton superhuman телефон смартфон")
	ownWords    = []string{"von mein", "vom ", "az én ", "나의", "내 ", "私の", "从我", "從我"}
)

// mobileLine is true for a line that a phone or client adds by itself: "sent from"
// and a device, or "get Outlook for". A sentence that only speaks of them is longer
// or starts otherwise.
func mobileLine(text string) bool {
	if len(text) > 160 {
		return false
	}
	if mobileSignature.MatchString(text) {
		return true
	}
	lower := strings.ToLower(strings.Trim(text, " \t.[(*_<>\u200e\u200f"))
	if len(strings.Fields(lower)) > 10 {
		return false
	}
	if strings.Contains(lower, "outlook") && (strings.Contains(lower, "ios") || strings.Contains(lower, "android")) {
		for _, w := range getWords {
			if strings.Contains(lower, w) {
				return true
			}
		}
	}
	device := false
	for _, w := range deviceWords {
		device = device || strings.Contains(lower, w)
	}
	return device && sentLine(lower)
}

func sentLine(lower string) bool {
	lower = strings.ReplaceAll(lower, "تم الإرسال", "تم_الإرسال")
	lower = strings.ReplaceAll(lower, "đã gửi", "đã_gửi")
	own := false
	for _, w := range slices.Concat(ownWords, deviceWords) {
		own = own || strings.HasPrefix(lower, w)
	}
	for _, w := range sentWords {
		if strings.HasPrefix(lower, w) || own && strings.HasSuffix(lower, w) {
			return true
		}
	}
	return false
}

var footerLine = regexp.MustCompile(`^(_{5,}|-{5,})$`)

// signatureStart returns where the signature begins in lines[:end], or end when
// there is none. Only a signature at the end of the text counts.
func signatureStart(lines []line, end int) int {
	for i := 0; i < end; i++ {
		if lines[i].mark == markSignature && lines[i].state == fresh && restIs(lines[i:end], markSignature) {
			// The dashes may stand above the element that holds it.
			for above := i - 1; above >= 0 && lines[above].state == fresh && (blank(lines[above].text) || dashes(lines[above].raw)); above-- {
				if dashes(lines[above].raw) {
					return above
				}
			}
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
	for i := end - 1; i >= 0 && i >= end-20; i-- {
		text := strings.TrimSpace(lines[i].raw)
		if text == "" || lines[i].state != fresh && blank(lines[i].text) {
			continue
		}
		if lines[i].state != fresh || !mobileLine(text) {
			break
		}
		at = i
	}
	return at
}
