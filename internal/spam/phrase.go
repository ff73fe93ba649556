package spam

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// phrase is a group of sayings that spam is known for, in the tongues it mostly comes in. However many of a group are
// found, the group counts once. A saying begins where a word does; "#" stands for a number.
type phrase struct {
	weight  float64
	sayings string // parted by "|"
}

var phrases = []phrase{
	{1.5, `viagra|cialis|levitra|herbal supplement|herbal remed|weight loss|weight-loss|lose # pounds|lose up to # pounds|lose # lbs|human growth hormone|online pharmacy|online-apotheke|penis|erectile|erection|erektion|diet pill`},
	{1.5, `adult site|adult content|adult entertainment|porn|live sex|hot singles|hot girls|hot teens|horny|singles in your area|singles community|dating site|sexy|einsame frauen`},
	{1.5, `casino|jackpot|lottery|lotterie|you have won|you've won|you have been selected|you've been selected|winning notification|sweepstake|sie haben gewonnen|vous avez gagn|ha ganado`},
	{2, `next of kin|beneficiary of|inheritance fund|unclaimed fund|unclaimed deposit|unclaimed money|million us dollars|million united states dollars|million usd|million euro|million pounds sterling|strictly confidential|transfer of the fund|transfer of fund|transfer of the sum|transfer of the money|modalities|barrister|erbschaft von|herencia de`},
	{1.2, `make money|make $#|earn $#|earn extra|earn money|earn up to|earn thousands|work from home|work at home|home based business|home-based business|be your own boss|financial freedom|extra income|multi-level|multilevel|$# per day|$# a day|$# per week|$# a week|$# per month|$# a month|geld verdienen|nebenverdienst|gagner de l'argent|gane dinero`},
	{1.2, `refinanc|mortgage rate|lowest rate|bad credit|credit repair|eliminate your debt|eliminate debt|consolidate your|pre-approved|preapproved|life insurance quote|kredit ohne schufa|stock alert|penny stock|strong buy|bitcoin profit|bitcoin invest|double your bitcoin|double your money|double your investment`},
	{0.9, `risk free|risk-free|no obligation|#% free|#% guarantee|#% satisf|money back guarantee|money-back guarantee|satisfaction guaranteed|act now|limited time|while supplies last|order now|order today|buy now|buy direct|call now|call today|call toll|special offer|absolutely free|free gift|free trial|free quote|free sample|nur heute|jetzt bestellen|offre spéciale|oferta especial`},
	{0.9, `removed from our|removed from this|removed from future|removed from the|remove from our|unsubscribe from our|you are receiving this e-mail|you are receiving this email|you are receiving this message|you are receiving this special|you received this e-mail|you received this email|opt-in|opted in|opt in |opt-out|opt out |further mailings|type remove|remove in the subject|this is not spam|not unsolicited|not an unsolicited|section #|title s.#|bulk email|bulk e-mail|million email|# email addresses|fresh email`},
	{1.2, `verify your account|verify your identity|verify your e-mail|verify your email|verify your mailbox|verify your password|account will be suspended|account has been suspended|account has been limited|account will be terminated|account will be closed|account will be deactivated|update your billing|update your payment|confirm your bank|confirm your account|confirm your billing|confirm your password|unusual sign-in|bestätigen sie ihre daten|bestätigen sie ihr konto|bestätigen sie ihre identität|konto wurde gesperrt|konto wird gesperrt|konto wurde eingeschränkt|compte a été suspendu|compte sera suspendu|compte a été bloqué|cuenta ha sido suspendida|cuenta será bloqueada`},
	{0.5, `click here|click below|click on the link|visit our web|visit our site|klicken sie hier|cliquez ici|haga clic aquí|dear friend|dear sir/madam|dear valued customer|dear beneficiary|dear account`},
	{1.2, `代开发票|开发票|发票代开|兼职|贷款|未承諾広告|出会い|заработок|заработать в|рассылка|рассылки|광고|대출`},
}

// keyed is how many bytes of a saying it is looked up by.
const keyed = 3

// saying is one of a group.
type saying struct {
	text  string
	group int
}

var sayings = func() map[string][]saying {
	all := map[string][]saying{}
	for i, p := range phrases {
		for text := range strings.SplitSeq(p.sayings, "|") {
			all[text[:keyed]] = append(all[text[:keyed]], saying{text, i})
		}
	}
	return all
}()

// phrasesIn adds up the groups of sayings in a mail and names the first few that were found.
func phrasesIn(m Mail) (points float64, named string) {
	text := smooth(m.Subject + "\n" + cut(m.Text, maxRead))
	var found [16]bool
	var all []string
	before := ' '
	for i, r := range text {
		starts := !unicode.IsLetter(before) || r >= 0x2e80
		before = r
		if !starts || i+keyed > len(text) {
			continue
		}
		for _, s := range sayings[text[i:i+keyed]] {
			if found[s.group] || !strings.HasPrefix(text[i:], s.text) {
				continue
			}
			found[s.group] = true
			points += phrases[s.group].weight
			if len(all) < 4 {
				all = append(all, strings.TrimSpace(s.text))
			}
		}
	}
	return points, strings.Join(all, ", ")
}

// smooth is a text in lower case with single spaces, and with "#" for each number.
func smooth(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	space, number := false, false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			space, number = true, false
			continue
		case r >= '0' && r <= '9', number && (r == ',' || r == '.'):
			if !number {
				r = '#'
				break
			}
			continue
		}
		if space && b.Len() > 0 {
			b.WriteByte(' ')
		}
		space, number = false, r == '#'
		if r < utf8.RuneSelf {
			if 'A' <= r && r <= 'Z' {
				r += 'a' - 'A'
			}
			b.WriteByte(byte(r))
			continue
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
