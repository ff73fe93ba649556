package redact

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"goodturn/internal/search"
)

// Known are the names that are to be taken out wherever they stand.
type Known struct {
	parts   map[string]bool // of names of people, folded
	weak    map[string]bool // those of them that only seem to be names: they are taken out where they begin with a capital
	phrases [][]string      // names of organisations, as folded words
}

// Know makes Known of names of people, as they are called ("Hana Moss", "Moss, Hana", "hana.moss@example.com"), and of names of
// organisations and of their domains. Words that are no names ("Support Team") are left out.
func Know(people, organisations []string) *Known {
	k := &Known{parts: map[string]bool{}, weak: map[string]bool{}}
	for _, p := range people {
		k.person(p)
	}
	for _, o := range organisations {
		words := search.Words(o)
		for len(words) > 1 && legal[words[len(words)-1]] {
			k.phrases = append(k.phrases, words)
			words = words[:len(words)-1]
		}
		if joined := strings.Join(words, " "); utf8.RuneCountInString(joined) >= 3 && !role[joined] {
			k.phrases = append(k.phrases, words)
		}
	}
	return k
}

// legal are the forms of companies, which stand behind their names.
var legal = setOf(`gmbh ag kg ohg ug ev e v inc llc ltd limited plc corp corporation co company sa sas sarl bv nv ab as oy spa srl group gruppe holding`)

// role are words in the names of mailboxes and programs, which are nobody's.
var role = setOf(`support service services help helpdesk desk team info office admin administrator administration it mail mailer daemon postmaster webmaster sales billing customer customers
	no reply noreply not do system user users test tester notification notifications alert alerts list news newsletter security facilities human resources hr accounting finance marketing
	contact hello dev devel development developers bugs bug ticket tickets request requests via the and von der für group gruppe kunde kunden rechnung bestellung verwaltung buchhaltung empfang
	reception printer scanner backup server monitoring nagios zabbix jira github gitlab google microsoft windows linux com org net www example localhost unknown guest anonymous nobody root me`)

// also are names that are words, too: they are taken for a name where they begin with a capital.
var also = setOf(`will mark bill rose may april june august grace hope faith joy page young long short king cook baker brown white black green gray grey grant frank rich art sue pat drew chase miles price power
	field hill lane wood woods stone bush park parks day moon star banks bell best case close cross house gates key keys lock port bridge rob don max dean dale glen penny ruby amber crystal dawn sky summer
	autumn van ray sandy robin jack nick gene guy hunter mason carter carpenter fisher fox wolf bird swan lamb hand hands foot head love lord prince pope knight abbot major sergeant bishop law laws little
	small large good goodman true wise smart sharp strong stark rust cotton cash bond coin sterling silver golden gold steel irons pole post rice berry cherry olive basil sage ginger pepper curry
	klein gross lang kurz weiss schwarz braun koch bauer mueller müller sommer winter kaiser könig konig ernst sonntag freitag mai neu fuchs vogel berg bach stein jung alt frei schnell richter kraft roth rot
	schmidt weber wagner zimmermann schneider fischer meister hahn horn busch baum blum blume brand brandt engel schatz lieb linde herz graf herzog ritter bischof pfeiffer sauer süß süss suess beck link links
	linda carol iris viola miller smith turner walker potter porter page sawyer archer barber butler clerk read reader rider driver see lee may mays so an do le in on to by
	order orders current change changes form forms print file files line lines point points rule rules sign state stark table time times type value view views web work works yes`)

func (k *Known) person(name string) {
	local, domain, mail := strings.Cut(name, "@")
	if mail {
		if strings.ContainsAny(domain, " ") {
			local = name
		} else if !strings.ContainsAny(local, "._-+") && len(local) > 3 { // "hmoss": nobody is called so, but it is one's mark
			k.add(local)
			return
		}
		name = local
	}
	all := words(name)
	nobodys := slices.ContainsFunc(all, func(w word) bool { return role[search.Fold(name[w.from:w.to])] })
	for _, w := range all {
		part := search.Fold(name[w.from:w.to])
		if nobodys && !k.parts[part] { // "Night Watch (monitoring)"
			k.weak[part] = true
		} else if !nobodys {
			delete(k.weak, part)
		}
		k.add(part)
	}
}

// add keeps a part of a name. What is shorter than three letters is no use: it stands in too many texts.
func (k *Known) add(part string) {
	folded := search.Fold(part)
	if utf8.RuneCountInString(folded) < 3 || role[folded] || particle[folded] || strings.ContainsFunc(folded, unicode.IsDigit) {
		return
	}
	k.parts[folded] = true
}

// particle are little words within names.
var particle = setOf(`van von der den de del della di da dos du la le el al bin ibn zu zum zur ter ten mac mc st jr sr iii dr prof mr mrs ms herr frau und and`)

// word is a word of letters; within it may be an apostrophe or a hyphen.
type word struct{ from, to int }

func words(text string) (out []word) {
	start := -1
	end := func(to int) {
		if start >= 0 {
			out = append(out, word{start, to})
			start = -1
		}
	}
	for i, r := range text {
		switch {
		case unicode.IsLetter(r) || unicode.Is(unicode.Mn, r) || unicode.IsDigit(r) || r == '_':
			if start < 0 {
				start = i
			}
		default:
			end(i)
		}
	}
	end(len(text))
	return out
}

// find gives what rules and names take out of a text, the stronger first.
func (k *Known) find(text string) (all []span) {
	for _, r := range rules {
		for _, m := range r.re.FindAllStringSubmatchIndex(text, -1) {
			from, to := m[2*r.group], m[2*r.group+1]
			if from < 0 {
				continue
			}
			if r.fits != nil {
				var ok bool
				if from, to, ok = r.fits(text, from, to); !ok {
					continue
				}
			}
			all = append(all, span{from, to, r.kind})
		}
	}
	firms := k.organisations(text)
	all = append(all, firms[true]...)
	all = append(all, k.names(text, k.told(text))...)
	return append(all, firms[false]...)
}

// organisations finds the phrases, in any writing: those of several words under true. A single word may be somebody's name, too.
func (k *Known) organisations(text string) map[bool][]span {
	if len(k.phrases) == 0 {
		return nil
	}
	out := map[bool][]span{}
	all := words(text)
	folded := make([]string, len(all))
	for i, w := range all {
		folded[i] = search.Fold(text[w.from:w.to])
	}
	for _, p := range k.phrases {
		for i := 0; i+len(p) <= len(all); i++ {
			match := true
			for n, want := range p {
				if folded[i+n] != want && !(n == len(p)-1 && (folded[i+n] == want+"s")) || n > 0 && len(strings.TrimSpace(text[all[i+n-1].to:all[i+n].from])) > 1 {
					match = false
					break
				}
			}
			if match && (len(p) > 1 || !also[p[0]] || capital(text[all[i].from:])) && len(p) > 0 {
				out[len(p) > 1] = append(out[len(p) > 1], span{all[i].from, all[i+len(p)-1].to, Organisation})
			}
		}
	}
	return out
}

func capital(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r)
}

var nameForm = `(?-i:\p{Lu}[\p{L}'’-]+(?:[ \t]+(?:van|von|der|de|den|del|di|da|la|le|zu|bin|\p{Lu}[\p{L}'’-]+|\p{Lu}\.?)){0,3})`

var (
	titled   = regexp.MustCompile(`\b(?:Mr|Mrs|Ms|Miss|Mister|Dr|Prof|Professor|Herr|Herrn|Frau|Hr|Fr|Mme|Mlle|Monsieur|Madame|Sig|Sr|Sra)\b\.?[ \t]+(?:Dr\.?[ \t]+|Prof\.?[ \t]+)*(` + nameForm + `)`)
	called   = regexp.MustCompile(`(?:\b[Mm]y name is|\b[Tt]he name is|\b[Ii]ch hei(?:ße|sse)|\b[Mm]ein Name ist|\b[Jj]e m'appelle|\b[Mm]on nom est|\b[Tt]his is|\b[Hh]ier ist|\b[Hh]ier spricht|\b[Hh]ier schreibt)[ \t]+(` + nameForm + `)`)
	greeted  = regexp.MustCompile(`(?im)^[ \t>*]*(?:hi|hello|hey|hallo|dear|good (?:morning|afternoon|evening|day)|morning|guten (?:morgen|tag|abend)|moin|servus|liebe[rs]?|sehr geehrte[rs]?|werte[rs]?|bonjour|salut|cher|chère|hola|ciao|thanks|thank you|many thanks|danke|vielen dank|merci)[ \t]+(?:again[ \t]+|there[ \t]+|to[ \t]+|an[ \t]+)?((?-i:\p{Lu})[\p{L}'’-]+(?:[ \t]+(?-i:\p{Lu})[\p{L}'’.-]+){0,3})[ \t]*(?:[,!.:;–-]|\r?$)`)
	quoted   = regexp.MustCompile(`(?m)^[ \t>*_]*(?:From|To|Cc|Sent by|Von|An|De|À|Received from|Caller|Anrufer|Name|Contact|Ansprechpartner|Reported by|Gemeldet von|Requested by|Requester|User|Benutzer|Mitarbeiter|Employee)[ \t]*\*?:\*?[ \t]*(` + nameForm + `)`)
	wrote    = regexp.MustCompile(`(?:,|\bam|\bAm|\bOn)[^\n,]{0,40}?[\d:]+[^\n]{0,12}?[ ,]+(` + nameForm + `)[^\n]{0,60}?(?:wrote|schrieb|a écrit)[ \t]*:`)
	parting  = regexp.MustCompile(`(?im)^[ \t>*]*(?:(?:best|kind|warm|many|with kind|with best)?[ \t]*(?:regards|wishes)|best|cheers|sincerely|yours[ \t\w]*|thanks?(?:[ \t]+(?:and regards|again|you|in advance|so much|a lot))*|thx|rgds|br|greetings|mit (?:freundlichen|besten|lieben|herzlichen) gr(?:ü|ue)(?:ß|ss)en|(?:viele|beste|liebe|freundliche|herzliche|schöne) gr(?:ü|ue)(?:ß|ss)e|gr(?:u|ü|ue)(?:ß|ss)e?|mfg|vg|lg|danke(?: und gruß)?|vielen dank(?: im voraus)?|cordialement|merci|saludos)[ \t]*[,.!–-]*[ \t]*\r?\n(?:[ \t]*\r?\n){0,2}[ \t>*-]*(` + nameForm + `|(?-i:\p{Ll}{3,12}(?:[ \t]+\p{Ll}{3,12})?))[ \t]*[,.]?[ \t]*(?:\r?\n|\z)`)
	lastLine = regexp.MustCompile(`(?i)(?:regards|wishes|cheers|grüße|gruß|gruss|thanks|danke|best)[ \t]*[,.–-]?[ \t]+(` + `(?-i:\p{Lu})[\p{L}'’-]+(?:[ \t]+(?-i:\p{Lu})[\p{L}'’.-]+){0,2})[ \t]*[.]?[ \t]*(?:\n|\z)`)
	posed    = regexp.MustCompile(`(?:\b[Cc]olleague|\b[Mm]anager|\b[Bb]oss|\b[Ss]upervisor|\bKolleg(?:e|in|en)|\bChef(?:in)?|\b[Aa]sk|\b[Cc]all|\b[Cc]ontact|\b[Ff]ragen Sie)[ \t]+((?:\p{Lu}\p{Ll}+)[ \t]+(?:\p{Lu}\.[ \t]+)?\p{Lu}\p{Ll}+)`)
	beside   = regexp.MustCompile(`(` + nameForm + `)[ \t"]*[<(\[][ \t]*` + hole) // a mail address, which is gone already
	dashed   = regexp.MustCompile(`(?m)^--[ \t]*\r?\n[ \t]*(` + nameForm + `)[ \t]*[,.]?[ \t]*\r?$`)
)

// nobody are words that stand where a name might in greetings and partings.
var nobody = setOf(`all team there everyone everybody support sir madam sirs it folks guys friends colleague colleagues help desk helpdesk service you again much very so advance for the your my and or to in we i if
	alle allerseits zusammen kollegen kolleginnen damen herren leute gemeinde ihr ihre ich wir bei im voraus und die der das tous toutes vous support-team customer user users kunde kundin nutzer
	good please could can would when after since yesterday today what how why bitte leider seit heute gestern not no yes sent von gesendet from subject windows outlook this that at on by with is are was hi hello hey dear
	tom's it's i'm i've it-support it-team service-desk computer printer network server everything something nothing error access reset microsoft google team-viewer regards best thanks thank cheers cc re fw aw wg mfg lg vg
	monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december montag dienstag mittwoch donnerstag freitag samstag sonntag`)

// told finds names that a text itself says to be names, and gives them as known.
func (k *Known) told(text string) *Known {
	more := &Known{parts: map[string]bool{}, weak: map[string]bool{}}
	for _, re := range []*regexp.Regexp{titled, called, greeted, parting, lastLine, quoted, wrote, posed, dashed, beside} {
		weak := re == quoted || re == wrote || re == posed || re == dashed || re == beside
		for _, m := range re.FindAllStringSubmatch(text, -1) {
			for _, w := range words(m[1]) {
				part := m[1][w.from:w.to]
				if folded := search.Fold(part); nobody[folded] || plain[folded] || also[folded] && re != titled && re != called && re != parting && re != quoted {
					if w.from == 0 {
						break // "Dear all" greets nobody by name
					}
					continue
				}
				if folded := search.Fold(part); weak && !more.parts[folded] {
					more.weak[folded] = true
				}
				more.add(part)
			}
		}
	}
	return more
}

// Learn keeps the names that a text says to be names, to be found in other texts of the same conversation.
func (k *Known) Learn(text string) {
	told := k.told(text)
	for part := range told.parts {
		if told.weak[part] && !k.parts[part] {
			k.weak[part] = true
		}
		k.parts[part] = true
	}
}

// joins are what stands between the parts of one name.
var joins = regexp.MustCompile(`^(?:[ \t]+|[ \t]*,[ \t]*|-|'|’|\.|[ \t]+\p{Lu}\.?[ \t]+|[ \t]+(?:van|von|der|de|den|del|di|da|la|le|zu|bin)(?:[ \t]+(?:der|den|la))?[ \t]+)$`)

// names finds the known names; those that stand beside each other are one.
func (k *Known) names(text string, told *Known) (out []span) {
	last := -1
	for _, w := range words(text) {
		if !k.isName(text, w) && !told.isName(text, w) {
			continue
		}
		if last >= 0 && joins.MatchString(text[out[last].to:w.from]) {
			out[last].to = w.to
			continue
		}
		out = append(out, span{w.from, w.to, Name})
		last = len(out) - 1
	}
	return out
}

func (k *Known) isName(text string, w word) bool {
	s := text[w.from:w.to]
	folded := search.Fold(s)
	if !k.parts[folded] {
		if cut := strings.TrimSuffix(folded, "s"); cut != folded && utf8.RuneCountInString(cut) >= 4 && k.parts[cut] && capital(s) { // Hanas
			folded = cut
		} else {
			return false
		}
	}
	return capital(s) || !k.weak[folded] && !also[folded] && !nobody[folded] && !plain[folded]
}
