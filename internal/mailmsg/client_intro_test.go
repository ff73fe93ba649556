package mailmsg

import (
	"fmt"
	"html"
	"strings"
	"testing"
)

// clientIntros are the lines by which mail clients introduce the mail that is
// answered, as each writes them in each language.
var clientIntros = []struct{ client, lang, intro string }{
	{"gmail", "en", "On Mon, Mar 2, 2026 at 10:11 AM Ann Miller <ann@example.com> wrote:"},
	{"gmail", "en", "On Mon, Mar 2, 2026 at 10:11\u202fAM Ann Miller <ann@example.com> wrote:"},
	{"gmail", "en", "On Mon, 2 Mar 2026 at 10:11, Ann Miller <ann@example.com> wrote:"},
	{"gmail", "en", "On Mon, 2 Mar 2026, 10:11 Ann Miller, <ann@example.com> wrote:"},
	{"gmail", "de", "Am Mo., 2. März 2026 um 10:11 Uhr schrieb Ann Miller <ann@example.com>:"},
	{"gmail", "de", "Ann Miller <ann@example.com> schrieb am Mo., 2. März 2026, 10:11:"},
	{"gmail", "fr", "Le lun. 2 mars 2026 à 10:11, Ann Miller <ann@example.com> a écrit :"},
	{"gmail", "es", "El lun, 2 mar 2026 a las 10:11, Ann Miller (<ann@example.com>) escribió:"},
	{"gmail", "it", "Il giorno lun 2 mar 2026 alle ore 10:11 Ann Miller <ann@example.com> ha scritto:"},
	{"gmail", "pt-BR", "Em seg., 2 de mar. de 2026 às 10:11, Ann Miller <ann@example.com> escreveu:"},
	{"gmail", "pt-PT", "Ann Miller <ann@example.com> escreveu (segunda, 2/03/2026 à(s) 10:11):"},
	{"gmail", "nl", "Op ma 2 mrt 2026 om 10:11 schreef Ann Miller <ann@example.com>:"},
	{"gmail", "sv", "Den mån 2 mars 2026 kl 10:11 skrev Ann Miller <ann@example.com>:"},
	{"gmail", "da", "Den man. 2. mar. 2026 kl. 10.11 skrev Ann Miller <ann@example.com>:"},
	{"gmail", "no", "man. 2. mars 2026 kl. 10:11 skrev Ann Miller <ann@example.com>:"},
	{"gmail", "fi", "ma 2. maalisk. 2026 klo 10.11 Ann Miller (ann@example.com) kirjoitti:"},
	{"gmail", "pl", "pon., 2 mar 2026 o 10:11 Ann Miller <ann@example.com> napisał(a):"},
	{"gmail", "cs", "po 2. 3. 2026 v 10:11 odesílatel Ann Miller <ann@example.com> napsal:"},
	{"gmail", "sk", "po 2. 3. 2026 o 10:11 Ann Miller <ann@example.com> napísal(a):"},
	{"gmail", "hu", "Ann Miller <ann@example.com> ezt írta (időpont: 2026. márc. 2., H, 10:11):"},
	{"gmail", "ro", "În lun., 2 mar. 2026 la 10:11, Ann Miller <ann@example.com> a scris:"},
	{"gmail", "bg", "На пн, 2.03.2026 г. в 10:11 ч. Ann Miller <ann@example.com> написа:"},
	{"gmail", "el", "Στις Δευ 2 Μαρ 2026 στις 10:11 π.μ., ο/η Ann Miller <ann@example.com> έγραψε:"},
	{"gmail", "ru", "пн, 2 мар. 2026 г. в 10:11, Ann Miller <ann@example.com>:"},
	{"gmail", "uk", "пн, 2 бер. 2026 р. о 10:11 Ann Miller <ann@example.com> пише:"},
	{"gmail", "tr", "Ann Miller <ann@example.com>, 2 Mar 2026 Pzt, 10:11 tarihinde şunu yazdı:"},
	{"gmail", "he", "\u202bבתאריך יום ב׳, 2 במרץ 2026 ב-10:11 מאת \u202aAnn Miller\u202c\u200f <\u202aann@example.com\u202c\u200f>:\u202c"},
	{"gmail", "ar", "في الاثنين، ٢ مارس ٢٠٢٦ في ١٠:١١ ص تمت كتابة ما يلي بواسطة Ann Miller <ann@example.com>:"},
	{"gmail", "ja", "2026年3月2日(月) 10:11 Ann Miller <ann@example.com>:"},
	{"gmail", "ko", "2026년 3월 2일 (월) 오전 10:11, Ann Miller <ann@example.com>님이 작성:"},
	{"gmail", "zh-CN", "Ann Miller <ann@example.com> 于2026年3月2日周一 10:11写道："},
	{"gmail", "zh-TW", "Ann Miller <ann@example.com> 於 2026年3月2日 週一 上午10:11寫道："},
	{"gmail", "vi", "Vào Th 2, 2 thg 3, 2026 vào lúc 10:11 Ann Miller <ann@example.com> đã viết:"},
	{"gmail", "hr", "pon, 2. ožu 2026. u 10:11 Ann Miller <ann@example.com> napisao je:"},
	{"gmail", "sl", "V V pon., 2. mar. 2026 ob 10:11 je oseba Ann Miller <ann@example.com> napisala:"},
	{"gmail", "lt", "2026-03-02, pr, 10:11 Ann Miller <ann@example.com> rašė:"},
	{"gmail", "et", "Kuupäev Ann Miller <ann@example.com> kirjutas E, 2. märts 2026 kell 10:11:"},
	{"gmail", "lv", "pirmd., 2026. g. 2. marts, plkst. 10:11 — lietotājs Ann Miller (<ann@example.com>) rakstīja:"},
	{"gmail", "ca", "Missatge de Ann Miller <ann@example.com> del dia dl., 2 de març 2026 a les 10:11:"},
	{"gmail", "th", "เมื่อ จ. 2 มี.ค. 2026 เวลา 10:11 Ann Miller <ann@example.com> เขียนว่า:"},
	{"gmail", "id", "Pada tanggal Sen, 2 Mar 2026 pukul 10.11 Ann Miller <ann@example.com> menulis:"},
	{"apple", "en", "On 2 Mar 2026, at 10:11, Ann Miller <ann@example.com> wrote:"},
	{"apple", "en", "On Mar 2, 2026, at 10:11 AM, Ann Miller <ann@example.com> wrote:"},
	{"apple", "en", "On Mar 2, 2026, at 10:11\u202fAM, ann@example.com wrote:"},
	{"apple", "de", "Am 02.03.2026 um 10:11 schrieb Ann Miller <ann@example.com>:"},
	{"apple", "fr", "Le 2 mars 2026 à 10:11, Ann Miller <ann@example.com> a écrit :"},
	{"apple", "es", "El 2 mar 2026, a las 10:11, Ann Miller <ann@example.com> escribió:"},
	{"apple", "it", "Il giorno 2 mar 2026, alle ore 10:11, Ann Miller <ann@example.com> ha scritto:"},
	{"apple", "pt-PT", "No dia 02/03/2026, às 10:11, Ann Miller <ann@example.com> escreveu:"},
	{"apple", "pt-BR", "Em 2 de mar. de 2026, à(s) 10:11, Ann Miller <ann@example.com> escreveu:"},
	{"apple", "nl", "Op 2 mrt 2026, om 10:11 heeft Ann Miller <ann@example.com> het volgende geschreven:"},
	{"apple", "sv", "2 mars 2026 kl. 10:11 skrev Ann Miller <ann@example.com>:"},
	{"apple", "da", "Den 2. mar. 2026 kl. 10.11 skrev Ann Miller <ann@example.com>:"},
	{"apple", "no", "2. mars 2026 kl. 10:11 skrev Ann Miller <ann@example.com>:"},
	{"apple", "fi", "Ann Miller <ann@example.com> kirjoitti 2.3.2026 kello 10.11:"},
	{"apple", "pl", "Wiadomość napisana przez Ann Miller <ann@example.com> w dniu 2 mar 2026, o godz. 10:11:"},
	{"apple", "cs", "2. 3. 2026 v 10:11, Ann Miller <ann@example.com>:"},
	{"apple", "sk", "2. 3. 2026 o 10:11, Ann Miller <ann@example.com> napísal:"},
	{"apple", "hu", "2026. márc. 2. dátummal, 10:11 időpontban Ann Miller <ann@example.com> írta:"},
	{"apple", "ro", "Pe 2 mar. 2026, la 10:11, Ann Miller <ann@example.com> a scris:"},
	{"apple", "el", "Στις 2 Μαρ 2026, στις 10:11, ο χρήστης Ann Miller <ann@example.com> έγραψε:"},
	{"apple", "ru", "2 марта 2026 г., в 10:11, Ann Miller <ann@example.com> написал(а):"},
	{"apple", "uk", "2 бер. 2026 р. о 10:11 Ann Miller <ann@example.com> пише:"},
	{"apple", "tr", "Ann Miller <ann@example.com> şunları yazdı (2 Mar 2026 10:11):"},
	{"apple", "he", "ב-2 במרץ 2026, בשעה 10:11, \u200fAnn Miller <ann@example.com> כתב/ה:"},
	{"apple", "ar", "في ٢ مارس ٢٠٢٦، الساعة ١٠:١١، كتب/كتبت Ann Miller <ann@example.com>:"},
	{"apple", "ja", "2026/03/02 10:11、Ann Miller <ann@example.com>のメール:"},
	{"apple", "ja", "2026/03/02 10:11、Ann Miller <ann@example.com>のメッセージ:"},
	{"apple", "ko", "2026. 3. 2. 오전 10:11, Ann Miller <ann@example.com> 작성:"},
	{"apple", "zh-CN", "2026年3月2日 10:11，Ann Miller <ann@example.com> 写道："},
	{"apple", "zh-CN", "在 2026年3月2日，上午10:11，Ann Miller <ann@example.com> 写道："},
	{"apple", "zh-TW", "Ann Miller <ann@example.com> 於 2026年3月2日 上午10:11 寫道："},
	{"apple", "vi", "Vào 2 thg 3, 2026, lúc 10:11, Ann Miller <ann@example.com> đã viết:"},
	{"thunderbird", "en", "On 02/03/2026 10:11, Ann Miller wrote:"},
	{"thunderbird", "en", "On 3/2/26 10:11 AM, Ann Miller wrote:"},
	{"thunderbird", "de", "Am 02.03.26 um 10:11 schrieb Ann Miller:"},
	{"thunderbird", "fr", "Le 02/03/2026 à 10:11, Ann Miller a écrit\u00a0:"},
	{"thunderbird", "es", "El 2/3/26 a las 10:11, Ann Miller escribió:"},
	{"thunderbird", "it", "Il 02/03/2026 10:11, Ann Miller ha scritto:"},
	{"thunderbird", "pt-BR", "Em 02/03/2026 10:11, Ann Miller escreveu:"},
	{"thunderbird", "nl", "Op 02-03-2026 om 10:11 schreef Ann Miller:"},
	{"thunderbird", "sv", "Den 2026-03-02 kl. 10:11, skrev Ann Miller:"},
	{"thunderbird", "da", "Den 02.03.2026 kl. 10.11 skrev Ann Miller:"},
	{"thunderbird", "no", "Den 02.03.2026 10:11, skrev Ann Miller:"},
	{"thunderbird", "fi", "Ann Miller kirjoitti 2.3.2026 klo 10.11:"},
	{"thunderbird", "pl", "W dniu 2.03.2026 o 10:11, Ann Miller pisze:"},
	{"thunderbird", "cs", "Dne 02. 03. 26 v 10:11 Ann Miller napsal(a):"},
	{"thunderbird", "sk", "Dňa 2. 3. 2026 o 10:11 Ann Miller napísal(a):"},
	{"thunderbird", "hu", "2026. 03. 02. 10:11 keltezéssel, Ann Miller írta:"},
	{"thunderbird", "ro", "La 02.03.2026 10:11, Ann Miller a scris:"},
	{"thunderbird", "bg", "На 2.03.26 г. в 10:11 ч., Ann Miller написа:"},
	{"thunderbird", "el", "Στις 2/3/26 10:11, ο/η Ann Miller έγραψε:"},
	{"thunderbird", "ru", "02.03.2026 10:11, Ann Miller пишет:"},
	{"thunderbird", "uk", "02.03.26 10:11, Ann Miller пише:"},
	{"thunderbird", "tr", "Ann Miller, 2.03.2026 10:11 tarihinde yazdı:"},
	{"thunderbird", "he", "בתאריך 02/03/2026 10:11, Ann Miller כתב:"},
	{"thunderbird", "ja", "On 2026/03/02 10:11, Ann Miller wrote:"},
	{"thunderbird", "ko", "2026-03-02 오전 10:11에 Ann Miller 이(가) 쓴 글:"},
	{"thunderbird", "zh-CN", "在 2026/3/2 10:11, Ann Miller 写道:"},
	{"thunderbird", "zh-TW", "Ann Miller 於 2026/3/2 上午 10:11 寫道:"},
	{"thunderbird", "vi", "Vào 02/03/2026 10:11, Ann Miller đã viết:"},
	{"yahoo", "en", " On Monday, March 2, 2026 at 10:11:12 AM GMT+1, Ann Miller <ann@example.com> wrote:"},
	{"yahoo", "de", " Am Montag, 2. März 2026 um 10:11:12 MEZ hat Ann Miller <ann@example.com> Folgendes geschrieben:"},
	{"yahoo", "fr", " Le lundi 2 mars 2026 à 10:11:12 UTC+1, Ann Miller <ann@example.com> a écrit :"},
	{"yahoo", "es", " El lunes, 2 de marzo de 2026, 10:11:12 CET, Ann Miller <ann@example.com> escribió:"},
	{"yahoo", "it", " Il lunedì 2 marzo 2026 alle ore 10:11:12 CET, Ann Miller <ann@example.com> ha scritto:"},
	{"yahoo", "pt-BR", " Em segunda-feira, 2 de março de 2026 10:11:12 BRT, Ann Miller <ann@example.com> escreveu:"},
	{"yahoo", "pl", " W dniu poniedziałek, 2 marca 2026 10:11:12 CET użytkownik Ann Miller <ann@example.com> napisał:"},
	{"yahoo android", "en", "On Mon, 2 Mar 2026 at 10:11 am, Ann Miller<ann@example.com> wrote:"},
	{"protonmail", "en", "On Monday, March 2nd, 2026 at 10:11 AM, Ann Miller <ann@example.com> wrote:"},
	{"protonmail", "en", "------- Original Message -------\nOn Monday, March 2nd, 2026 at 10:11 AM, Ann Miller <ann@example.com> wrote:"},
	{"protonmail", "en", "‐‐‐‐‐‐‐ Original Message ‐‐‐‐‐‐‐\nOn Monday, 2 March 2026 10:11, Ann Miller <ann@example.com> wrote:"},
	{"protonmail", "de", "Am Montag, 2. März 2026 um 10:11, schrieb Ann Miller <ann@example.com>:"},
	{"protonmail", "fr", "Le lundi 2 mars 2026 à 10:11, Ann Miller <ann@example.com> a écrit :"},
	{"tutanota", "en", "Mar 2, 2026, 10:11 by ann@example.com:"},
	{"tutanota", "de", "2. März 2026, 10:11 von ann@example.com:"},
	{"k-9", "en", "On 2 March 2026 10:11:12 CET, Ann Miller <ann@example.com> wrote:"},
	{"k-9", "de", "Am 2. März 2026 10:11:12 MEZ schrieb Ann Miller <ann@example.com>:"},
	{"zoho", "en", "---- On Mon, 02 Mar 2026 10:11:12 +0100 Ann Miller <ann@example.com> wrote ----"},
	{"zoho", "en", "---- On Mon, 02 Mar 2026 10:11:12 +0100 Ann Miller <ann@example.com> wrote ---"},
	{"notes", "en", "-----Ann Miller/HQ/ACME wrote: -----"},
	{"notes", "de", "-----Ann Miller/HQ/ACME schrieb: -----"},
	{"groupwise", "en", ">>> Ann Miller <ann@example.com> 3/2/2026 10:11 AM >>>"},
	{"groupwise", "de", ">>> \"Ann Miller\" <ann@example.com> 02.03.2026 10:11 >>>"},
	{"groupwise", "en", ">>> On 3/2/2026 at 10:11 AM, Ann Miller <ann@example.com> wrote:"},
	{"roundcube", "en", "On 2026-03-02 10:11, Ann Miller wrote:"},
	{"roundcube", "de", "Am 2026-03-02 10:11, schrieb Ann Miller:"},
	{"roundcube", "de", "Am 02.03.2026 10:11, schrieb Ann Miller:"},
	{"roundcube", "cs", "Dne 2026-03-02 10:11, Ann Miller napsal:"},
	{"mailbird", "en", "On 3/2/2026 10:11:12 AM, Ann Miller <ann@example.com> wrote:"},
	{"spark", "en", "On 2 Mar 2026 at 10:11 +0100, Ann Miller <ann@example.com>, wrote:"},
	{"superhuman", "en", "On Mon, Mar 02, 2026 at 10:11 AM, Ann Miller < ann@example.com > wrote:"},
	{"front", "en", "On March 2, 2026, 10:11 AM GMT+1 ann@example.com wrote:"},
	{"missive", "en", "On March 2, 2026 at 10:11, Ann Miller (ann@example.com) wrote:"},
	{"mail.ru", "ru", "Понедельник, 2 марта 2026, 10:11 +03:00 от Ann Miller <ann@example.com>:"},
	{"yandex", "ru", "02.03.2026, 10:11, \"Ann Miller\" <ann@example.com>:"},
	{"163", "zh-CN", "在 2026-03-02 10:11:12，\"Ann Miller\" <ann@example.com> 写道："},
	{"163", "en", "At 2026-03-02 10:11:12, \"Ann Miller\" <ann@example.com> wrote:"},
	{"fastmail", "en", "On Mon, Mar 2, 2026, at 10:11 AM, Ann Miller wrote:"},
	{"the bat", "en", "Monday, March 2, 2026, 10:11:12 AM, you wrote:"},
	{"mutt", "en", "On Mon, Mar 02, 2026 at 10:11:12AM +0100, Ann Miller wrote:"},
	{"evolution", "en", "On Mon, 2026-03-02 at 10:11 +0100, Ann Miller wrote:"},
	{"evolution", "de", "Am Montag, dem 02.03.2026 um 10:11 +0100 schrieb Ann Miller:"},
	{"kmail", "en", "On Monday, 2 March 2026 10:11:12 CET Ann Miller wrote:"},
	{"kmail", "de", "Am Montag, 2. März 2026, 10:11:12 CET schrieb Ann Miller:"},
	{"claws", "en", "On Mon, 2 Mar 2026 10:11:12 +0100\nAnn Miller <ann@example.com> wrote:"},
	{"pine", "en", "On Mon, 2 Mar 2026, Ann Miller wrote:"},
	{"hey", "en", "On March 2, 2026, Ann Miller <ann@example.com> wrote:"},
	{"airmail", "en", "On 2 March 2026 at 10:11:12, Ann Miller (ann@example.com) wrote:"},
	{"outlook mac", "en", "On 02/03/2026, 10:11, \"Ann Miller\" <ann@example.com> wrote:"},
	{"outlook mac", "de", "Am 02.03.26, 10:11 schrieb \"Ann Miller\" <ann@example.com>:"},
	{"outlook mac", "es", "El 2/3/26, 10:11, \"Ann Miller\" <ann@example.com> escribió:"},
	{"outlook mac", "it", "Il giorno 02/03/26, 10:11 \"Ann Miller\" <ann@example.com> ha scritto:"},
	{"outlook mac", "nl", "Op 02-03-2026 10:11 heeft \"Ann Miller\" <ann@example.com> geschreven:"},
	{"outlook mac", "pl", "W dniu 02.03.2026 10:11 użytkownik „Ann Miller” <ann@example.com> napisał:"},
	{"google groups", "en", "On Monday, March 2, 2026 at 10:11:12 AM UTC+1 ann@example.com wrote:"},
	{"inbox", "en", "On Mon, Mar 2, 2026, 10:11 AM Ann Miller via Example Desk <desk+ann@example.com> wrote:"},
}

const (
	answerText = "Thanks, that works now.\n\nCan you do the same for the room next door?"
	oldQuote   = "> Dear Bob,\n>\n> please switch it off and on: then tell me.\n>\n> Ann"
	oldPlain   = "Dear Bob,\n\nplease switch it off and on: then tell me.\n\nAnn"
)

// fold breaks a line as clients do that keep to a width.
func fold(s string, width int) string {
	var b strings.Builder
	column := 0
	for i, word := range strings.Split(s, " ") {
		if i > 0 {
			if column+1+len(word) > width {
				b.WriteString("\n")
				column = 0
			} else {
				b.WriteString(" ")
				column++
			}
		}
		b.WriteString(word)
		column += len(word)
	}
	return b.String()
}

func TestScoreClientIntros(t *testing.T) {
	forms := []struct {
		name  string
		floor float64
		body  func(intro string) (in string, html bool)
	}{
		{"answer above a quote", 99, func(s string) (string, bool) { return answerText + "\n\n" + s + "\n\n" + oldQuote + "\n", false }},
		{"answer right above", 99, func(s string) (string, bool) { return answerText + "\n" + s + "\n" + oldQuote + "\n", false }},
		{"answer above plain text", 97, func(s string) (string, bool) { return answerText + "\n\n" + s + "\n\n" + oldPlain + "\n", false }},
		{"intro wrapped at 72", 99, func(s string) (string, bool) {
			return answerText + "\n\n" + fold(s, 72) + "\n\n" + oldQuote + "\n", false
		}},
		{"intro wrapped at 40", 98, func(s string) (string, bool) {
			return answerText + "\n\n" + fold(s, 40) + "\n\n" + oldQuote + "\n", false
		}},
		{"answer below the quote", 99, func(s string) (string, bool) { return s + "\n" + oldQuote + "\n\n" + answerText + "\n", false }},
		{"bare HTML", 99, func(s string) (string, bool) {
			return "<div>Thanks, that works now.</div><div><br></div><div>Can you do the same for the room next door?</div><br><div>" + html.EscapeString(s) + "<br><blockquote style=\"margin:0 0 0 .8ex;border-left:1px #ccc solid\">Dear Bob,<br><br>please switch it off and on: then tell me.<br></blockquote></div>", true
		}},
		{"HTML without a quote", 97, func(s string) (string, bool) {
			return "<p>Thanks, that works now.</p><p>Can you do the same for the room next door?</p><p>" + html.EscapeString(s) + "</p><p>Dear Bob,</p><p>please switch it off and on: then tell me.</p>", true
		}},
	}
	for _, form := range forms {
		s := score{name: form.name, floor: form.floor}
		for _, c := range clientIntros {
			body, isHTML := form.body(c.intro)
			m := ParseBody([]byte(body), isHTML)
			s.check(m.NewText == answerText && m.Forwarded == nil, fmt.Sprintf("%s %s %q: got %q", c.client, c.lang, c.intro, m.NewText))
		}
		s.report(t)
	}
}

func TestScoreClientInline(t *testing.T) {
	s := score{name: "answers between the lines", floor: 99}
	for _, c := range clientIntros {
		body := c.intro + "\n> Does it print?\n\nYes, it does.\n\n> And the one next door?\n\nNot yet.\n\n> Ann\n"
		m := ParseBody([]byte(body), false)
		s.check(squash(m.NewText) == squash("> Does it print?\nYes, it does.\n> And the one next door?\nNot yet."), fmt.Sprintf("%s %s %q: got %q", c.client, c.lang, c.intro, m.NewText))
	}
	s.report(t)
}
