package mailmsg

import (
	"fmt"
	"strings"
	"testing"
)

// mobileLines are what phones and programs put below a mail by themselves.
var mobileLines = []string{
	"Sent from my iPhone", "Sent from my iPad", "Sent from my Galaxy", "Sent from my Samsung Galaxy smartphone.", "Sent from Outlook for iOS", "Get Outlook for Android", "Get Outlook for iOS<https://aka.ms/o0ukef>", "Get Outlook for Mac",
	"Sent from Yahoo Mail on Android", "Sent from Yahoo Mail for iPhone", "Sent from Mail for Windows", "Sent from Mail for Windows 10", "Sent from my BlackBerry 10 smartphone on the Bell network.", "Sent from Proton Mail for iOS", "Sent with Proton Mail secure email.",
	"Sent from my Android device with K-9 Mail. Please excuse my brevity.", "Sent via Superhuman", "Sent from my T-Mobile 4G LTE Device", "Sent from my Verizon, Samsung Galaxy smartphone", "Sent from Gmail Mobile", "Sent from AOL on Android", "Sent from my mobile device", "Sent from my Pixel", "Sent from Mailspring", "Sent with Spark", "Sent from my Huawei phone",
	"Von meinem iPhone gesendet", "Gesendet von Outlook für iOS", "Von meinem Samsung Galaxy Smartphone gesendet.", "Gesendet von Mail für Windows", "Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.", "Diese Nachricht wurde von meinem Android Mobiltelefon mit WEB.DE Mail gesendet.", "Gesendet mit der GMX iPhone App", "Von meinem/meiner Galaxy gesendet", "Gesendet von meinem Handy", "Holen Sie sich Outlook für iOS", "Outlook für Android herunterladen", "Gesendet von Yahoo Mail auf Android",
	"Envoyé de mon iPhone", "Envoyé depuis mon Galaxy", "Envoyé à partir de Outlook pour Android", "Télécharger Outlook pour iOS", "Obtenir Outlook pour iOS", "Provenance : Courrier pour Windows", "Envoyé avec la messagerie sécurisée Proton Mail.", "Envoyé depuis l'application Mail Orange",
	"Enviado desde mi iPhone", "Enviado desde Outlook para Android", "Obtener Outlook para iOS", "Enviado desde Correo para Windows", "Enviado desde mi Galaxy", "Obtén Outlook para Android",
	"Inviato da iPhone", "Inviato dal mio iPhone", "Ottieni Outlook per Android", "Scarica Outlook per Android", "Inviato da Posta per Windows", "Inviato dal mio Galaxy",
	"Enviado do meu iPhone", "Enviado a partir do Outlook para Android", "Obter o Outlook para iOS", "Baixar o Outlook para Android", "Enviado do Email para Windows", "Obter Outlook para Android",
	"Verstuurd vanaf mijn iPhone", "Verzonden vanuit Outlook voor Android", "Outlook voor Android downloaden", "Verzonden vanaf mijn Galaxy", "Verzonden met Proton Mail", "Download Outlook voor iOS",
	"Skickat från min iPhone", "Skickat från Outlook för Android", "Hämta Outlook för iOS", "Sendt fra min iPhone", "Hent Outlook til iOS", "Skaff deg Outlook for Android", "Lähetetty iPhonesta", "Hanki Outlook for Android", "Lähetetty Outlook for Androidista",
	"Wysłane z iPhone'a", "Wysłano z iPhone'a", "Pobierz aplikację Outlook dla systemu Android", "Pobierz Outlook dla systemu iOS", "Odesláno z iPhonu", "Odesláno z mého iPhonu", "Získat Outlook pro Android", "Stáhněte si Outlook pro iOS", "Odoslané z iPhonu", "Získajte Outlook pre Android", "Získať Outlook pre iOS",
	"Küldve iPhone-ról", "Az én iPhone-omról küldve", "A Outlook beszerzése Androidra", "Trimis de pe iPhone-ul meu", "Obțineți Outlook pentru Android", "Изпратено от моя iPhone", "Изтеглете Outlook за Android", "Στάλθηκε από το iPhone μου", "Εστάλη από το iPhone μου", "Αποκτήστε το Outlook για Android",
	"Отправлено с iPhone", "Отправлено из мобильной Яндекс.Почты", "Отправлено из Почты Mail.ru", "Отправлено с моего iPhone", "Скачать Outlook для Android", "Получить Outlook для Android", "Надіслано з iPhone", "Завантажте Outlook для Android", "Отримати Outlook для iOS",
	"iPhone'umdan gönderildi", "Android için Outlook'u edinin", "iOS için Outlook uygulamasını edinin", "נשלח מה-iPhone שלי", "קבל את Outlook עבור Android", "أُرسلت من الـ iPhone", "تم الإرسال من الـ iPhone الخاص بي", "الحصول على Outlook لـ Android",
	"iPhoneから送信", "私のiPhoneから送信", "Outlook for iOS を入手", "Galaxyから送信", "나의 iPhone에서 보냄", "iPhone에서 보냄", "Android용 Outlook 다운로드", "내 Galaxy에서 보냄", "发自我的iPhone", "发自我的小米手机", "发送自 Windows 版邮件应用", "获取 Outlook for iOS", "从我的 iPhone 发送", "來自我的 iPhone", "從我的 iPhone 傳送", "取得 iOS 版 Outlook",
	"Đã gửi từ iPhone của tôi", "Tải Outlook cho Android", "Poslano s mog iPhonea", "Poslano iz mojega iPhona", "Saadetud minu iPhone'ist", "Išsiųsta iš mano iPhone", "Enviat des del meu iPhone",
}

func TestScoreMobileSignatures(t *testing.T) {
	s := score{name: "signatures of phones", floor: 99}
	above := score{name: "the same above a quote", floor: 99}
	for _, line := range mobileLines {
		m := ParseBodyWithSubject([]byte(answerText+"\n\n"+line+"\n"), false, "Re: x")
		s.check(m.NewText == answerText && m.Signature == line, fmt.Sprintf("%s: got %q, %q", line, m.NewText, m.Signature))
		m = ParseBodyWithSubject([]byte(answerText+"\n\n"+line+"\n\nOn 2 Mar 2026, at 10:11, Ann Miller <ann@example.com> wrote:\n\n> "+strings.ReplaceAll(oldPlain, "\n", "\n> ")), false, "Re: x")
		above.check(m.NewText == answerText && m.Signature == line, fmt.Sprintf("%s: got %q, %q", line, m.NewText, m.Signature))
	}
	s.report(t)
	above.report(t)
}

func TestSignatures(t *testing.T) {
	for _, c := range []struct{ name, in, want, signature string }{
		{"dashes", "Hello\n\n-- \nAnn Miller\nExample Ltd", "Hello", "-- \nAnn Miller\nExample Ltd"},
		{"dashes without the space", "Hello\n\n--\nAnn Miller\nExample Ltd", "Hello", "--\nAnn Miller\nExample Ltd"},
		{"no line between", "Hello\n-- \nAnn", "Hello", "-- \nAnn"},
		{"long dash", "Hello\n\n—\nAnn Miller", "Hello", "—\nAnn Miller"},
		{"disclaimer below dashes", "Hello\n\n-- \nAnn\n\nThis e-mail is confidential. If you are not the intended recipient, delete it.", "Hello", "-- \nAnn\n\nThis e-mail is confidential. If you are not the intended recipient, delete it."},
		{"a list's footer", "Hello\n\n_______________________________________________\nUsers mailing list\nUsers@lists.example\nhttps://lists.example/listinfo/users", "Hello", "_______________________________________________\nUsers mailing list\nUsers@lists.example\nhttps://lists.example/listinfo/users"},
		{"above and below a quote", "Yes.\n\n-- \nBob\n\nOn 2 Mar 2026, at 10:11, Ann <ann@example.com> wrote:\n\n> Ok?\n>\n> -- \n> Ann", "Yes.", "-- \nBob"},
		{"below a quote", "Yes.\n\nOn 2 Mar 2026, at 10:11, Ann <ann@example.com> wrote:\n\n> Ok?\n\n-- \nBob", "Yes.", "-- \nBob"},
		{"dashes, then a whole text", "--\n\nI have a question: how do I print?\n\nIt used to work.\n\nBut now it does not. What may I do?", "--\n\nI have a question: how do I print?\n\nIt used to work.\n\nBut now it does not. What may I do?", ""},
		{"a phone below the dashes", "Yes.\n\n-- \nBob\nSent from my iPhone", "Yes.", "-- \nBob\nSent from my iPhone"},
	} {
		m := ParseBodyWithSubject([]byte(c.in), false, "Re: x")
		if m.NewText != c.want || squash(m.Signature) != squash(c.signature) {
			t.Errorf("%s: got %q, signature %q", c.name, m.NewText, m.Signature)
		}
	}
}
