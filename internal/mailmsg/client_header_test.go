package mailmsg

import (
	"fmt"
	"strings"
	"testing"
)

// clientHeaders are the header blocks that clients print above an answered or
// forwarded mail: labels in the order of each, parted by |.
var clientHeaders = []struct{ client, lang, labels string }{
	{"outlook", "en", "From:|Sent:|To:|Cc:|Subject:"},
	{"outlook", "de", "Von:|Gesendet:|An:|Cc:|Betreff:"},
	{"outlook", "fr", "De :|Envoyé :|À :|Cc :|Objet :"},
	{"outlook mac", "fr", "De :|Date :|À :|Cc :|Objet :"},
	{"outlook", "es", "De:|Enviado el:|Para:|CC:|Asunto:"},
	{"outlook web", "es", "De:|Enviado:|Para:|Cc:|Asunto:"},
	{"outlook mac", "es", "De:|Fecha:|Para:|CC:|Asunto:"},
	{"outlook", "it", "Da:|Inviato:|A:|Cc:|Oggetto:"},
	{"outlook mac", "it", "Da:|Data:|A:|Cc:|Oggetto:"},
	{"outlook", "pt-BR", "De:|Enviada em:|Para:|Cc:|Assunto:"},
	{"outlook", "pt-PT", "De:|Enviado:|Para:|Cc:|Assunto:"},
	{"outlook mac", "pt", "De:|Data:|Para:|Cc:|Assunto:"},
	{"outlook", "nl", "Van:|Verzonden:|Aan:|CC:|Onderwerp:"},
	{"outlook mac", "nl", "Van:|Datum:|Aan:|Cc:|Onderwerp:"},
	{"outlook", "sv", "Från:|Skickat:|Till:|Kopia:|Ämne:"},
	{"outlook mac", "sv", "Från:|Datum:|Till:|Kopia:|Ämne:"},
	{"outlook", "da", "Fra:|Sendt:|Til:|Cc:|Emne:"},
	{"outlook mac", "da", "Fra:|Dato:|Til:|Cc:|Emne:"},
	{"outlook", "no", "Fra:|Sendt:|Til:|Kopi:|Emne:"},
	{"outlook", "fi", "Lähettäjä:|Lähetetty:|Vastaanottaja:|Kopio:|Aihe:"},
	{"outlook mac", "fi", "Lähettäjä:|Päivämäärä:|Vastaanottaja:|Kopio:|Aihe:"},
	{"outlook", "pl", "Od:|Wysłano:|Do:|DW:|Temat:"},
	{"outlook mac", "pl", "Od:|Data:|Do:|DW:|Temat:"},
	{"outlook", "cs", "Od:|Odesláno:|Komu:|Kopie:|Předmět:"},
	{"outlook mac", "cs", "Od:|Datum:|Komu:|Kopie:|Předmět:"},
	{"outlook", "sk", "Od:|Odoslané:|Komu:|Kópia:|Predmet:"},
	{"outlook mac", "sk", "Od:|Dátum:|Komu:|Kópia:|Predmet:"},
	{"outlook", "hu", "Feladó:|Küldve:|Címzett:|Másolatot kap:|Tárgy:"},
	{"outlook mac", "hu", "Feladó:|Dátum:|Címzett:|Másolatot kap:|Tárgy:"},
	{"outlook", "ro", "De la:|Trimis:|Către:|Cc:|Subiect:"},
	{"outlook mac", "ro", "Din:|Data:|Către:|Cc:|Subiect:"},
	{"outlook", "bg", "От:|Изпратено:|До:|Копие:|Относно:"},
	{"outlook", "el", "Από:|Στάλθηκε:|Προς:|Κοιν.:|Θέμα:"},
	{"outlook", "ru", "От:|Отправлено:|Кому:|Копия:|Тема:"},
	{"outlook mac", "ru", "От:|Дата:|Кому:|Копия:|Тема:"},
	{"outlook", "uk", "Від:|Надіслано:|Кому:|Копія:|Тема:"},
	{"outlook", "tr", "Kimden:|Gönderildi:|Kime:|Bilgi:|Konu:"},
	{"outlook", "tr", "Gönderen:|Gönderim Tarihi:|Kime:|Bilgi:|Konu:"},
	{"outlook", "he", "מאת:|נשלח:|אל:|עותק:|נושא:"},
	{"outlook", "ar", "من:|تم الإرسال:|إلى:|نسخة:|الموضوع:"},
	{"outlook", "ja", "差出人:|送信日時:|宛先:|CC:|件名:"},
	{"outlook", "ko", "보낸 사람:|보낸 날짜:|받는 사람:|참조:|제목:"},
	{"outlook", "zh-CN", "发件人:|发送时间:|收件人:|抄送:|主题:"},
	{"outlook mac", "zh-CN", "发件人：|日期：|收件人：|抄送：|主题："},
	{"outlook", "zh-TW", "寄件者:|寄件日期:|收件者:|副本:|主旨:"},
	{"outlook", "vi", "Từ:|Đã gửi:|Đến:|Cc:|Chủ đề:"},
	{"outlook", "hr", "Šalje:|Poslano:|Prima:|Kopija:|Predmet:"},
	{"outlook", "sl", "Od:|Poslano:|Za:|Kp:|Zadeva:"},
	{"outlook", "et", "Saatja:|Saadetud:|Adressaat:|Koopia:|Teema:"},
	{"apple", "en", "From:|Subject:|Date:|To:|Cc:"},
	{"apple", "de", "Von:|Betreff:|Datum:|An:|Kopie:"},
	{"apple", "fr", "De:|Objet:|Date:|À:|Cc:"},
	{"apple", "es", "De:|Asunto:|Fecha:|Para:|CC:"},
	{"apple", "it", "Da:|Oggetto:|Data:|A:|Cc:"},
	{"apple", "hu", "Feladó:|Tárgy:|Dátum:|Címzett:|Másolatot kap:"},
	{"apple", "uk", "Від кого:|Тема:|Дата:|Кому:|Копія:"},
	{"apple", "ja", "差出人:|件名:|日付:|宛先:|Cc:"},
	{"apple", "tr", "Kimden:|Konu:|Tarih:|Kime:|Bilgi:"},
	{"thunderbird", "de", "Betreff:|Datum:|Von:|An:|Kopie (CC):"},
	{"thunderbird", "pl", "Temat:|Data:|Nadawca:|Adresat:|Kopia:"},
	{"thunderbird", "pt-BR", "Assunto:|Data:|De:|Para:|CC:"},
	{"thunderbird", "fi", "Aihe:|Päiväys:|Lähettäjä:|Vastaanottaja:|Kopio:"},
	{"thunderbird", "sk", "Predmet:|Dátum:|Od:|Pre:|Kópia:"},
	{"thunderbird", "ru", "Тема:|Дата:|От:|Кому:|Копия:"},
	{"thunderbird", "nl", "Onderwerp:|Datum:|Van:|Aan:|CC:"},
	{"samsung", "en", "From:|Date:|To:|Cc:|Subject:"},
	{"samsung", "de", "Von:|Datum:|An:|Cc:|Betreff:"},
	{"gmail", "it", "Da:|Date:|Subject:|To:|Cc:"},
	{"gmail", "pl", "Od:|Date:|Subject:|To:|Cc:"},
	{"gmx", "de", "Gesendet:|Von:|An:|Cc:|Betreff:"},
	{"zimbra", "fr", "De:|À:|Cc:|Envoyé:|Objet:"},
	{"zimbra", "en", "From:|To:|Cc:|Sent:|Subject:"},
	{"qq", "zh-CN", "发件人:|发送时间:|收件人:|抄送:|主题:"},
	{"notes", "en", "To:|From:|Date:|Cc:|Subject:"},
	{"notes", "de", "An:|Von:|Datum:|Kopie:|Betreff:"},
	{"exchange bold", "en", "*From:*|*Sent:*|*To:*|*Cc:*|*Subject:*"},
	{"exchange bold", "fr", "*De :*|*Envoyé :*|*À :*|*Cc :*|*Objet :*"},
}

// headerLines fills a header block by what each label means.
func headerLines(labels, sep string) string {
	values := map[label]string{labelFrom: "Ann Miller <ann@example.com>", labelDate: "Monday, March 2, 2026 10:11 AM", labelTo: "help@desk.example", labelCC: "Carl Jones <carl@example.com>; dora@example.com", labelSubject: "The printer on the third floor"}
	order := []label{labelFrom, labelDate, labelTo, labelCC, labelSubject}
	var rows []string
	for _, name := range strings.Split(labels, "|") {
		l, _ := labelOf(name + " x")
		if l == noLabel {
			l = order[len(rows)]
		}
		rows = append(rows, name+sep+values[l])
	}
	return strings.Join(rows, "\n")
}

func TestScoreClientHeaders(t *testing.T) {
	body := "\n\nDear desk,\n\nit does not print.\n\nAnn"
	known := score{name: "header labels", floor: 100}
	above := score{name: "answer above a header block", floor: 99}
	ruled := score{name: "answer above a rule and block", floor: 99}
	forwarded := score{name: "forward by its subject", floor: 99}
	noted := score{name: "forward with a note above", floor: 99}
	for _, c := range clientHeaders {
		what := c.client + " " + c.lang + " " + c.labels
		for _, name := range strings.Split(c.labels, "|") {
			l, _ := labelOf(name + " x")
			known.check(l != noLabel, what+": "+name)
		}
		for _, sep := range []string{" ", "\t"} {
			block := headerLines(c.labels, sep)
			m := ParseBodyWithSubject([]byte(answerText+"\n\n"+block+body), false, "Re: The printer")
			above.check(m.NewText == answerText && m.Forwarded == nil, fmt.Sprintf("%s: got %q", what, m.NewText))
			m = ParseBodyWithSubject([]byte(answerText+"\n\n________________________________\n"+block+body), false, "Re: The printer")
			ruled.check(m.NewText == answerText && m.Forwarded == nil, fmt.Sprintf("%s: got %q", what, m.NewText))
			m = ParseBodyWithSubject([]byte(block+body), false, "WG: The printer")
			forwarded.check(rightForward(m, "Dear desk,\n\nit does not print.\n\nAnn"), fmt.Sprintf("%s: got %+v", what, m.Forwarded))
			m = ParseBodyWithSubject([]byte(answerText+"\n\n"+block+body), false, "Fwd: The printer")
			noted.check(m.NewText == answerText && rightForward(m, "Dear desk,\n\nit does not print.\n\nAnn"), fmt.Sprintf("%s: got %q, %+v", what, m.NewText, m.Forwarded))
		}
	}
	for _, s := range []score{known, above, ruled, forwarded, noted} {
		s.report(t)
	}
}

func rightForward(m *Message, text string) bool {
	f := m.Forwarded
	return f != nil && f.From == Address{"Ann Miller", "ann@example.com"} && len(f.To) == 1 && f.To[0].Address == "help@desk.example" && len(f.CC) == 2 &&
		f.CC[0] == Address{"Carl Jones", "carl@example.com"} && f.Subject == "The printer on the third floor" && squash(f.Text) == squash(text)
}

// clientForwards are the lines by which clients announce a forwarded mail.
var clientForwards = []struct{ client, lang, line string }{
	{"gmail", "en", "---------- Forwarded message ---------"},
	{"gmail", "en", "---------- Forwarded message ----------"},
	{"gmail", "cs", "---------- Přeposlaná zpráva ---------"},
	{"gmail", "da", "---------- Videresendt meddelelse ---------"},
	{"gmail", "hr", "---------- Proslijeđena poruka ---------"},
	{"gmail", "hu", "---------- Továbbított üzenet ---------"},
	{"gmail", "no", "---------- Videresendt melding ---------"},
	{"gmail", "pl", "---------- Wiadomość przekazana dalej ---------"},
	{"gmail", "ro", "---------- Mesaj redirecționat ---------"},
	{"gmail", "ru", "---------- Пересылаемое сообщение ---------"},
	{"gmail", "ru", "---------- Переадресованное сообщение ---------"},
	{"gmail", "uk", "---------- Переслане повідомлення ---------"},
	{"gmail", "et", "---------- Edastatud kiri ---------"},
	{"gmail", "sl", "---------- Posredovano sporočilo ---------"},
	{"gmail", "sr", "---------- Прослеђена порука ---------"},
	{"gmail", "lt", "---------- Persiųstas laiškas ---------"},
	{"gmail", "el", "---------- Προωθημένο μήνυμα ---------"},
	{"gmail", "bg", "---------- Препратено съобщение ---------"},
	{"gmail", "tr", "---------- Yönlendirilmiş mesaj ---------"},
	{"gmail", "ar", "---------- رسالة تمت إعادة توجيهها ---------"},
	{"gmail", "ja", "---------- 転送メッセージ ---------"},
	{"gmail", "ko", "---------- 전달된 메일 ---------"},
	{"gmail", "zh-CN", "---------- 转发的邮件 ---------"},
	{"gmail", "vi", "---------- Thư được chuyển tiếp ---------"},
	{"apple", "en", "Begin forwarded message:"},
	{"apple", "de", "Anfang der weitergeleiteten Nachricht:"},
	{"apple", "fr", "Début du message réexpédié :"},
	{"apple", "fr", "Début du message transféré :"},
	{"apple", "es", "Inicio del mensaje reenviado:"},
	{"apple", "es", "Comienzo del mensaje reenviado:"},
	{"apple", "it", "Inizio messaggio inoltrato:"},
	{"apple", "nl", "Begin doorgestuurd bericht:"},
	{"apple", "nl", "Begin van het doorgestuurde bericht:"},
	{"apple", "sv", "Vidarebefordrat mejl:"},
	{"apple", "da", "Start på videresendt besked:"},
	{"apple", "no", "Videresendt melding:"},
	{"apple", "fi", "Välitetty viesti alkaa:"},
	{"apple", "pl", "Początek przekazywanej wiadomości:"},
	{"apple", "cs", "Začátek přeposílané zprávy:"},
	{"apple", "sk", "Začiatok preposlanej správy:"},
	{"apple", "hu", "Továbbított levél kezdete:"},
	{"apple", "hr", "Započni proslijeđenu poruku:"},
	{"apple", "ro", "Începe mesajul redirecționat:"},
	{"apple", "pt-BR", "Início da mensagem encaminhada:"},
	{"apple", "pt-PT", "Início da mensagem reencaminhada:"},
	{"apple", "ru", "Начало переадресованного сообщения:"},
	{"apple", "uk", "Початок листа, що пересилається:"},
	{"apple", "tr", "İleti başlangıcı:"},
	{"apple", "el", "Αρχή προωθημένου μηνύματος:"},
	{"apple", "ca", "Inici del missatge reenviat:"},
	{"apple", "ja", "転送されたメッセージ:"},
	{"apple", "ko", "전달된 메시지:"},
	{"apple", "zh-CN", "下面是被转发的邮件："},
	{"apple", "zh-CN", "以下是转发的邮件："},
	{"apple", "zh-TW", "開始轉寄郵件："},
	{"apple", "he", "תחילת ההודעה שהועברה:"},
	{"apple", "ar", "بدء الرسالة المعاد توجيهها:"},
	{"apple", "vi", "Bắt đầu thư được chuyển tiếp:"},
	{"thunderbird", "en", "-------- Forwarded Message --------"},
	{"thunderbird", "de", "-------- Weitergeleitete Nachricht --------"},
	{"thunderbird", "fr", "-------- Message transféré --------"},
	{"thunderbird", "fr", "-------- Courriel transféré --------"},
	{"thunderbird", "es", "-------- Mensaje reenviado --------"},
	{"thunderbird", "it", "-------- Messaggio Inoltrato --------"},
	{"thunderbird", "nl", "-------- Doorgestuurd bericht --------"},
	{"thunderbird", "pt-BR", "-------- Mensagem encaminhada --------"},
	{"thunderbird", "pt-PT", "-------- Mensagem reencaminhada --------"},
	{"thunderbird", "pl", "-------- Treść przekazanej wiadomości --------"},
	{"thunderbird", "fi", "-------- Välitetty viesti --------"},
	{"thunderbird", "sv", "-------- Vidarebefordrat meddelande --------"},
	{"thunderbird", "no", "-------- Videresendt melding --------"},
	{"thunderbird", "ro", "-------- Mesaj înaintat --------"},
	{"thunderbird", "tr", "-------- İletilen İleti --------"},
	{"thunderbird", "tr", "-------- Yönlendirilmiş İleti --------"},
	{"thunderbird", "uk", "-------- Перенаправлене повідомлення --------"},
	{"thunderbird", "ja", "-------- 転送メッセージ --------"},
	{"thunderbird", "ko", "-------- 전달된 메시지 --------"},
	{"thunderbird", "zh-CN", "-------- 转发的消息 --------"},
	{"thunderbird", "zh-TW", "-------- 轉寄郵件 --------"},
	{"thunderbird", "he", "-------- הודעה שהועברה --------"},
	{"yahoo", "en", "----- Forwarded Message -----"},
	{"yahoo", "de", "----- Weitergeleitete Nachricht -----"},
	{"yahoo", "da", "----- Videresendt meddelelse -----"},
	{"yahoo", "fi", "----- Edelleenlähetetty viesti -----"},
	{"yahoo", "hu", "----- Továbbított üzenet -----"},
	{"yahoo", "sv", "----- Vidarebefordrat meddelande -----"},
	{"yahoo", "tr", "----- İletilmiş Mesaj -----"},
	{"zoho", "en", "============ Forwarded message ============"},
	{"protonmail", "en", "------- Forwarded Message -------"},
	{"roundcube", "en", "-------- Original Message --------"},
	{"notes", "en", "----- Forwarded by Bob Stone/HQ/ACME on 03/02/2026 10:15 AM -----"},
	{"mailmate", "en", "Forwarded message:"},
	{"em client", "en", "------ Forwarded Message ------"},
	{"mail.ru", "ru", "-------- Пересылаемое сообщение --------"},
	{"yandex", "ru", "-------- Перенаправленное сообщение --------"},
	{"evolution", "en", "-------- Forwarded Message --------"},
	{"kmail", "en", "----------  Forwarded Message  ----------"},
	{"kmail", "de", "----------  Weitergeleitete Nachricht  ----------"},
	{"mutt", "en", "----- Forwarded message from Ann Miller <ann@example.com> -----"},
	{"gnus", "en", "-------------------- Start of forwarded message --------------------"},
	{"roundcube", "de", "-------- Originalnachricht --------"},
	{"163", "zh-CN", "-------- 转发邮件信息 --------"},
	{"foxmail", "zh-CN", "-----邮件转发-----"},
}

func TestScoreClientForwards(t *testing.T) {
	block := "From: Ann Miller <ann@example.com>\nDate: Mon, Mar 2, 2026 at 10:11 AM\nSubject: The printer on the third floor\nTo: <help@desk.example>\nCc: Carl Jones <carl@example.com>, dora@example.com\n\n\n"
	text := "Dear desk,\n\nit does not print.\n\nAnn"
	alone := score{name: "forward by its line", floor: 99}
	noted := score{name: "the same with a note above", floor: 99}
	quoted := score{name: "the same, quoted", floor: 99}
	for _, c := range clientForwards {
		what := c.client + " " + c.lang + " " + c.line
		m := ParseBodyWithSubject([]byte(c.line+"\n"+block+text), false, "The printer")
		alone.check(rightForward(m, text), fmt.Sprintf("%s: got %+v", what, m.Forwarded))
		if strings.Contains(strings.ToLower(c.line), "original") {
			continue // above an answer it says that this is one
		}
		m = ParseBodyWithSubject([]byte("Please look.\n\n"+c.line+"\n\n"+block+text), false, "The printer")
		noted.check(rightForward(m, text) && m.NewText == "Please look.", fmt.Sprintf("%s: got %q %+v", what, m.NewText, m.Forwarded))
		m = ParseBodyWithSubject([]byte("Please look.\n\n"+c.line+"\n\n> "+strings.ReplaceAll(strings.TrimSpace(block)+"\n\n"+text, "\n", "\n> ")), false, "The printer")
		quoted.check(rightForward(m, text) && m.NewText == "Please look.", fmt.Sprintf("%s: got %q %+v", what, m.NewText, m.Forwarded))
	}
	for _, s := range []score{alone, noted, quoted} {
		s.report(t)
	}
}
