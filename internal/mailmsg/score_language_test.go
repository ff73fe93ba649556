package mailmsg

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// deskLines are short lines as people write them to a help desk.
var deskLines = []struct{ lang, text string }{
	{"en", "My printer does not work."},
	{"en", "Cannot log in since this morning"},
	{"en", "Please reset my password"},
	{"en", "Thanks, that works now!"},
	{"en", "The screen stays black when I start the laptop."},
	{"de", "Mein Drucker druckt nicht mehr."},
	{"de", "Bitte Passwort zurücksetzen"},
	{"de", "Danke, jetzt geht es!"},
	{"de", "Ich kann mich seit heute früh nicht anmelden."},
	{"de", "Der Bildschirm bleibt schwarz."},
	{"fr", "Mon imprimante ne marche plus."},
	{"fr", "Bonjour, je n'arrive pas à me connecter"},
	{"fr", "Merci, ça fonctionne maintenant"},
	{"fr", "Pouvez-vous réinitialiser mon mot de passe ?"},
	{"es", "Mi impresora no funciona."},
	{"es", "Hola, no puedo iniciar sesión"},
	{"es", "Gracias, ya funciona"},
	{"es", "¿Pueden restablecer mi contraseña?"},
	{"it", "La mia stampante non funziona più."},
	{"it", "Buongiorno, non riesco ad accedere"},
	{"it", "Grazie, adesso funziona"},
	{"it", "Potete reimpostare la mia password?"},
	{"pt", "Minha impressora não funciona."},
	{"pt", "Bom dia, não consigo entrar no sistema"},
	{"pt", "Obrigado, agora funciona"},
	{"pt", "Podem repor a minha senha?"},
	{"nl", "Mijn printer werkt niet meer."},
	{"nl", "Ik kan niet inloggen sinds vanochtend"},
	{"nl", "Bedankt, het werkt nu weer"},
	{"nl", "Kunnen jullie mijn wachtwoord opnieuw instellen?"},
	{"sv", "Min skrivare fungerar inte."},
	{"sv", "Hej, jag kan inte logga in"},
	{"sv", "Tack, nu fungerar det"},
	{"da", "Min printer virker ikke."},
	{"da", "Hej, jeg kan ikke logge ind"},
	{"da", "Tak, nu virker det igen"},
	{"no", "Skriveren min virker ikke."},
	{"no", "Hei, jeg får ikke logget inn"},
	{"no", "Takk, nå fungerer det"},
	{"fi", "Tulostimeni ei toimi."},
	{"fi", "Hei, en pääse kirjautumaan sisään"},
	{"fi", "Kiitos, nyt se toimii"},
	{"pl", "Moja drukarka nie działa."},
	{"pl", "Dzień dobry, nie mogę się zalogować"},
	{"pl", "Dziękuję, już działa"},
	{"cs", "Moje tiskárna nefunguje."},
	{"cs", "Dobrý den, nemohu se přihlásit"},
	{"cs", "Děkuji, už to funguje"},
	{"sk", "Moja tlačiareň nefunguje."},
	{"sk", "Dobrý deň, neviem sa prihlásiť"},
	{"sk", "Ďakujem, už to funguje"},
	{"hu", "Nem működik a nyomtatóm."},
	{"hu", "Jó napot, nem tudok bejelentkezni"},
	{"hu", "Köszönöm, most már jó"},
	{"ro", "Imprimanta mea nu funcționează."},
	{"ro", "Bună ziua, nu mă pot conecta"},
	{"ro", "Mulțumesc, acum merge"},
	{"tr", "Yazıcım çalışmıyor."},
	{"tr", "Merhaba, bu sabahtan beri giriş yapamıyorum"},
	{"tr", "Teşekkürler, şimdi çalışıyor"},
	{"ru", "Мой принтер не работает."},
	{"ru", "Спасибо, теперь работает"},
	{"uk", "Мій принтер не працює."},
	{"uk", "Дякую, тепер усе гаразд, принтер друкує"},
	{"bg", "Принтерът ми не работи."},
	{"bg", "Благодаря, сега всичко е наред"},
	{"el", "Ο εκτυπωτής μου δεν λειτουργεί."},
	{"he", "המדפסת שלי לא עובדת."},
	{"ar", "الطابعة لا تعمل."},
	{"ja", "プリンターが動きません。"},
	{"ko", "프린터가 작동하지 않습니다."},
	{"zh", "我的打印机坏了。"},
	{"vi", "Máy in của tôi không hoạt động."},
	{"vi", "Cảm ơn, bây giờ đã được rồi"},
	{"hr", "Moj pisač ne radi, možete li mi pomoći?"},
	{"ca", "La meva impressora no funciona, em podeu ajudar?"},
}

// unsure texts must not be given a language that they are not in.
var unsureTexts = []string{"", "OK", "ERROR 0x80070005", "10.0.0.1", "https://example.com/a", "Ann Miller", "SAP", "PC-1234 VPN", "1234", "asap"}

func TestScoreLanguage(t *testing.T) {
	s := score{name: "language of short lines", floor: 95}
	wrong := score{name: "short lines not taken for another", floor: 97}
	for _, c := range deskLines {
		got := guessLanguage(c.text)
		s.check(got == c.lang, fmt.Sprintf("%s %q: got %q", c.lang, c.text, got))
		wrong.check(got == c.lang || got == "", fmt.Sprintf("%s %q: got %q", c.lang, c.text, got))
	}
	for _, text := range unsureTexts {
		wrong.check(guessLanguage(text) == "", fmt.Sprintf("%q: got %q", text, guessLanguage(text)))
	}
	s.report(t)
	wrong.report(t)
}

var markdownMarks = regexp.MustCompile("(?s)```.*?```|<[^>]*>|\\[[^\\]]*\\]\\([^)]*\\)|https?://\\S+|[#*`_|>\\[\\]{}]")

// TestScoreLanguageOfArticles reads the paragraphs of articles whose language is known.
func TestScoreLanguageOfArticles(t *testing.T) {
	root := corpus(t, "kb")
	for set, lang := range map[string]string{"18f-handbook": "en", "hbghelp": "en", "srcf": "en", "alias-fr": "fr", "openhsr-de": "de"} {
		s := score{name: "language of articles: " + set, floor: 88}
		err := filepath.WalkDir(filepath.Join(root, set), func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			text := string(readFile(t, path))
			if strings.HasPrefix(text, "---") {
				if _, rest, ok := strings.Cut(text[3:], "\n---"); ok {
					text = rest
				}
			}
			for paragraph := range strings.SplitSeq(markdownMarks.ReplaceAllString(text, " "), "\n\n") {
				if words := strings.Fields(paragraph); len(words) >= 8 && len(words) <= 80 {
					got := guessLanguage(paragraph)
					s.check(got == lang, fmt.Sprintf("%s: %q: got %q", filepath.Base(path), cut(paragraph), got))
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		s.report(t)
	}
}
