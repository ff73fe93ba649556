package mailmsg

import (
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
			"от|от кого|отправитель|від|від кого|kimden|gönderen|发件人|寄件者|寄件人|差出人|送信者|from|보낸 사람|보낸사람|من|מאת|από|saatja|no|nuo|din|de la|envoyé par|expeditorul|šalje|送信元|寄件人",
		labelDate: "date|sent|datum|gesendet|envoyé|envoyé le|date d'envoi|data|inviato|enviado|enviado el|enviado em|enviada|enviada em|fecha|verzonden|wysłano|wysłane|data wysłania|sendt|dato|skickat|skickades|lähetetty|päivämäärä|päiväys|pvm|" +
			"elküldve|küldve|dátum|odesláno|odoslané|poslané|trimis|dată|trimis la|отправлено|дата|надіслано|відправлено|gönderilme tarihi|gönderildi|gönderim|gönderilen|tarih|poslano|poslato|发送时间|发送日期|日期|寄件日期|送信日時|送信日|日付|日時|보낸 날짜|날짜|التاريخ|تاريخ|ημερομηνία|στάλθηκε|תאריך|нд|data invio|enviat|time|sent on",
		labelTo:      "to|an|à|a|para|per|naar|aan|do|komu|til|till|vastaanottaja|címzett|către|la|pour|destinataire|destinatario|destinatário|empfänger|кому|до|kime|alıcı|za|prima|primatelj|收件人|宛先|받는 사람|받는사람|إلى|אל|προς|pro|dla|adresat|kam|destinatarul|送信先",
		labelCC:      "cc|kopie|kopie an|cópia|copia|copie|copie à|copie a|kopio|kopia|másolat|másolatot kap|копия|копія|bilgi|kopi|kópia|抄送|副本|참조|κοιν|κοινοποίηση|نسخة|dw|do wiadomości|kk|cc/kopie|в копии|скрытая копия|bcc|cci|odp",
		labelSubject: "subject|betreff|betr|objet|sujet|asunto|oggetto|assunto|onderwerp|temat|emne|ämne|aihe|tárgy|předmět|predmet|subiect|тема|konu|naslov|zadeva|主题|主旨|件名|제목|الموضوع|נושא|θέμα|teema|assumpte|subiectul",
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
	l = labelWords[name]
	value = strings.TrimFunc(text[i+size:], func(r rune) bool { return unicode.IsSpace(r) || r == '*' || r == '\u200e' || r == '\u200f' })
	return l, value
}

// quotedHeader is a header block found in a text.
type quotedHeader struct {
	values map[label]string
	end    int // index of the line after the block
}

// found is true when the block names a sender or subject and enough else to be no
// accident.
func (q quotedHeader) found() bool {
	_, from := q.values[labelFrom]
	_, subject := q.values[labelSubject]
	return len(q.values) >= 3 && (from || subject) || len(q.values) == 2 && from && (subject || q.values[labelDate] != "") && strings.Contains(q.values[labelFrom], "@")
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
