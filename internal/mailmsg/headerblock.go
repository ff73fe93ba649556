package mailmsg

import (
	"regexp"
	"strings"
	"unicode"
)

// label is what a line of a quoted header gives.
type label uint8

const (
	noLabel label = iota
	labelFrom
	labelDate
	labelTo
	labelCC
	labelSubject
	labelReplyTo
)

// labelWords are the names that mail clients give to header fields, by language.
var labelWords = func() map[string]label {
	words := map[label]string{
		labelFrom: "from|von|de|da|van|od|fra|från|lähettäjä|feladó|expeditor|expéditeur|remitente|remetente|mittente|afzender|absender|avsändare|afsender|odesílatel|odosielateľ|pošiljatelj|nadawca|" +
			"от|от кого|отправитель|від|від кого|kimden|gönderen|发件人|寄件者|寄件人|差出人|送信者|from|보낸 사람|보낸사람|من|מאת|από|saatja|no|nuo|din|de la|envoyé par|expeditorul|šalje|送信元|寄件人|sender|author|auteur|autor|de parte de|отправлено от|изпратено от|подател|pošiljateľ|od koga|kellelt|nuo ko|sūtītājs|siuntėjas|frá|từ|người gửi|จาก|ผู้ส่ง|dari|pengirim|daripada|από τον|שולח|المرسل|از|فرستنده|送信者名|发信人|寄信人|发件者|보낸이|보내는 사람|saatis|şu kişiden|mitt|afz|expediteur|verzonden door|lähettäjältä|lähettänyt|odesilatel",
		labelDate: "date|sent|datum|gesendet|envoyé|envoyé le|date d'envoi|data|inviato|enviado|enviado el|enviado em|enviada|enviada em|fecha|verzonden|wysłano|wysłane|data wysłania|sendt|dato|skickat|skickades|lähetetty|päivämäärä|päiväys|pvm|" +
			"elküldve|küldve|dátum|odesláno|odoslané|poslané|trimis|dată|trimis la|отправлено|дата|надіслано|відправлено|gönderilme tarihi|gönderim tarihi|gönderme tarihi|gönderildi|gönderim|gönderilen|tarih|poslano|poslato|发送时间|发送日期|日期|寄件日期|送信日時|送信日|日付|日時|보낸 날짜|날짜|التاريخ|تاريخ|ημερομηνία|στάλθηκε|תאריך|нд|data invio|enviat|time|sent on|sent date|date sent|send date|sent at|gesendet am|datum/uhrzeit|empfangen|fecha de envío|enviada el|data de envio|data do envio|data d'invio|inviata|inviato il|verzonden op|verstuurd|datum van verzending|sendt den|skickat den|sänt|lähetysaika|wysłana|wysłany|data wysłania wiadomości|datum odeslání|dátum odoslania|küldés dátuma|küldés ideje|küldött|data trimiterii|expediat|изпратено|изпратен|дата на изпращане|отправлен|дата отправки|дата и время|надісланий|ημ/νία|στάλθηκε στις|ημερομηνία αποστολής|נשלח|נשלחה|תאריך שליחה|تم الإرسال|تاريخ الإرسال|أُرسلت|أرسلت|تاریخ|đã gửi|ngày|ngày gửi|gửi lúc|วันที่|ส่งเมื่อ|tanggal|dikirim|terkirim|时间|发送于|日期时间|寄送日期|寄送時間|送信日付|작성일|보낸날짜|보낸 시간|보낸시간|날짜 및 시간|kuupäev|saadetud|išsiųsta|nusiųsta|nosūtīts|datums|data/hora|data e hora|gesendet um|kiedy|quand|poslané dňa|poslano dne|vrijeme|vreme|послато|датум|data y hora|fecha y hora|fecha enviado",
		labelTo:      "to|an|à|a|para|per|naar|aan|do|komu|til|till|vastaanottaja|címzett|către|la|pour|destinataire|destinatario|destinatário|empfänger|кому|до|kime|alıcı|za|prima|primatelj|收件人|宛先|받는 사람|받는사람|إلى|אל|προς|pro|dla|adresat|kam|destinatarul|送信先|pre|komu/pre|recipient|recipients|empfänger/in|naar aan|mottaker|modtager|mottagare|saajat|saaja|vastaanottajat|odbiorca|příjemce|príjemca|adresát|címzettek|destinatari|destinatários|destinatarios|destinataires|получател|получатель|одержувач|παραλήπτης|נמען|לכבוד|المستلم|المرسل إليه|الى|به|گیرنده|tới|đến|người nhận|ถึง|ผู้รับ|kepada|untuk|ke|收件者|收信人|받는이|수신|수신인|수신자|kellele|adressaat|kur|gavėjas|saņēmējs|til/to|primalac|prejemnik|за кого|alici|kime/to",
		labelCC:      "cc|kopie|kopie an|cópia|copia|copie|copie à|copie a|kopio|kopia|másolat|másolatot kap|копия|копія|bilgi|kopi|kópia|抄送|副本|참조|κοιν|κοινοποίηση|نسخة|dw|do wiadomości|kk|cc/kopie|в копии|скрытая копия|bcc|cci|odp|с копие до|копие|копия до|копия кому|kopija|kópia pre|kopie pro|kopija|cópia para|com cópia|con copia|copia a|per conoscenza|pc|kopi til|kopia till|kopiot|tiedoksi|kosinfo|kp|kop|udw|в копію|копію|κοινοποίηση σε|עותק|העתק|نسخة إلى|نسخه|рассылка|đồng gửi|สำเนา|salinan|tembusan|cc 받는 사람|참조인|副本抄送|koopia|blind copy|cc to|bcc to|gizli|karbon kopya|kk/cc|scc|ukryta kopia|slepá kopie|ccn|cco|bkk|kopia do|cc à",
		labelSubject: "subject|betreff|betr|objet|sujet|asunto|oggetto|assunto|onderwerp|temat|emne|ämne|aihe|tárgy|předmět|predmet|subiect|тема|konu|naslov|zadeva|主题|主旨|件名|제목|الموضوع|נושא|θέμα|teema|assumpte|subiectul|betreffzeile|asunto del mensaje|titel|titre|oggetto del messaggio|tópico|onderw|onderwerpregel|emnefelt|rubrik|otsikko|tytuł|tárgymező|относно|заглавие|предмет|тема письма|θεμα|נושא ההודעה|موضوع|chủ đề|tiêu đề|หัวข้อ|เรื่อง|subjek|perihal|judul|主題|標題|标题|题目|題名|tema (subject)|dalykas|pavadinimas|temats|temati|efni|naslov poruke|predmet poruke|betrifft|regarding|concerne|objet du message",
		labelReplyTo: "reply-to|reply to|antwort an|antworten an|répondre à|rispondi a|responder a|antwoord aan|odpowiedź do|odpowiedz do|svar til|svara till|vastaus|vastausosoite|válaszcím|odpověď|odpověď komu|odpoveď|odpovědět komu|răspunde la|răspuns către|ответить|обратный адрес|yanıtla|yanıt adresi|odgovori na|відповісти|回复|返信先|risposta|réponse à",
	}
	table := make(map[string]label)
	for l, list := range words {
		for _, w := range strings.Split(list, "|") {
			table[w] = l
		}
	}
	return table
}()

// labelOf reads "From: value", as written by any client: bold stars, list marks,
// a tab or a full-width colon are forgiven.
func labelOf(text string) (l label, value string) {
	text = strings.TrimLeft(text, " \t*|_>\u00a0\u200e\u200f")
	if text == "" || len(text) > 4000 {
		return noLabel, ""
	}
	i := strings.IndexByte(text, ':')
	wide := strings.Index(text, "：")
	size := 1
	if wide >= 0 && (i < 0 || wide < i) {
		i, size = wide, len("：")
	}
	if tab := strings.IndexByte(text, '\t'); tab > 0 && (i < 0 || tab < i) {
		i, size = tab, 1
	}
	if i <= 0 || i > 40 {
		return noLabel, ""
	}
	name := strings.ToLower(strings.TrimFunc(text[:i], func(r rune) bool { return unicode.IsSpace(r) || r == '*' || r == '_' || r == '.' }))
	if paren := strings.Index(name, " ("); paren > 0 {
		name = name[:paren] // "Kopie (CC):"
	}
	l = labelWords[strings.ReplaceAll(name, "i̇", "i")]
	value = strings.TrimFunc(text[i+size:], func(r rune) bool { return unicode.IsSpace(r) || r == '*' || r == '\u200e' || r == '\u200f' })
	return l, value
}

// quotedHeader is a header block found in a text.
type quotedHeader struct {
	values map[label]string
	end    int // index of the line after the block
}

// found is true when the block names a sender or subject and enough else to be no
// accident: a person's form has a "From:" and a "To:" as well, but no addresses.
func (q quotedHeader) found() bool {
	_, from := q.values[labelFrom]
	_, subject := q.values[labelSubject]
	_, date := q.values[labelDate]
	addressed := strings.Contains(q.values[labelFrom], "@") || strings.Contains(q.values[labelTo], "@") || strings.Contains(q.values[labelCC], "@")
	switch {
	case len(q.values) >= 3:
		return (from || subject) && (addressed || date && subject)
	case len(q.values) == 2:
		return from && (subject || q.values[labelDate] != "") && strings.Contains(q.values[labelFrom], "@")
	}
	return false
}

var rawHeader = regexp.MustCompile(`(?i)^\s*(received|return-path|mime-version|delivered-to|dkim-signature|message-id|x-[a-z-]+|authentication-results|content-type): `)

// rawHeaders is true when a header block is part of the header of a mail as it
// came, which somebody pasted to ask about it.
func rawHeaders(lines []line, i int) bool {
	for n := i; n >= 0 && n > i-30 && !blank(lines[n].text); n-- {
		if rawHeader.MatchString(lines[n].text) {
			return true
		}
	}
	return false
}

// headerBlock reads the header block that starts at line i, if one does. A field
// may go on over following lines; a blank line may stand between two fields.
func headerBlock(lines []line, i int) quotedHeader {
	if i >= len(lines) {
		return quotedHeader{end: i}
	}
	first, _ := labelOf(lines[i].text)
	if first == noLabel {
		return quotedHeader{end: i}
	}
	q := quotedHeader{values: make(map[label]string), end: i}
	var open label
	depth := lines[i].depth
	extra := 0
	for n := i; n < len(lines) && n < i+40 && len(q.values) < 7; n++ {
		text := lines[n].text
		if blank(text) {
			next := nextFull(lines, n)
			l, value := noLabel, ""
			if next < len(lines) && next <= n+2 {
				l, value = labelOf(lines[next].text)
			}
			if _, have := q.values[l]; l == noLabel || have || value == "" && l != labelSubject && l != labelTo || len(q.values) >= 6 {
				if q.values[open] == "" && len(q.values) == 1 {
					continue
				}
				break
			}
			continue
		}
		l, value := labelOf(text)
		if _, have := q.values[l]; l != noLabel && !have && lines[n].depth == depth {
			q.values[l], open, extra = value, l, 0
			q.end = n + 1
			continue
		}
		if l != noLabel && open != noLabel && value == "" {
			continue
		}
		if extra++; extra > 3 || !carriesOn(lines, n, open, q.values[open]) {
			break
		}
		q.values[open] = strings.TrimSpace(q.values[open] + " " + strings.TrimSpace(text))
		q.end = n + 1
	}
	return q
}

// carriesOn is true for a line that continues a field: another field comes soon
// after it, or it belongs to a list of addresses.
func carriesOn(lines []line, n int, open label, so string) bool {
	text := strings.TrimSpace(lines[n].text)
	if (open == labelTo || open == labelCC || open == labelFrom) && (so == "" || strings.HasSuffix(so, ",") || strings.HasSuffix(so, ";") || strings.HasPrefix(text, "<")) {
		return strings.Contains(text, "@") || so == ""
	}
	for k := n + 1; k < len(lines) && k <= n+2; k++ {
		if blank(lines[k].text) {
			return false
		}
		if l, _ := labelOf(lines[k].text); l != noLabel {
			return true
		}
	}
	return false
}
