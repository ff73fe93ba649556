package care

import (
	"regexp"
	"slices"
	"strings"
)

// The sentences that threaten people, by language. Each names a person, or says of a weapon, a fire or a bomb that its writer has to do with it: what is killed, shot or
// hit in computing has no person behind it. Words between are few, and of one sentence.
// threatRule finds one kind of them. A sentence without any of its needles has none, and needs no closer look.
type threatRule struct {
	needles []string // in small letters
	pattern *regexp.Regexp
	mild    *regexp.Regexp // what follows that makes it none; nil for nothing
}

func rule(needles, pattern string) threatRule {
	return threatRule{needles: strings.Fields(needles), pattern: regexp.MustCompile(`(?i)(?:^|[^\pL])(` + pattern + `)`)}
}

// but has rules find nothing where words follow that make it mild.
func but(mild string, rules ...threatRule) []threatRule {
	for i := range rules {
		rules[i].mild = regexp.MustCompile(`(?i)^\s*(?:` + mild + `)(?:[^\pL]|$)`)
	}
	return rules
}

const (
	some = `(?:[\pL'’]+,? ){0,8}?` // words between
	few  = `(?:[\pL'’]+ ){0,3}?`
	ends = `(?:[^\pL-]|$)`

	enWill = `(?:'ll|’ll| will| would| could| might| am going to|'m going to|’m going to| are going to| gonna|'m gonna|’m gonna| want to)`
	enWhom = `(?:you|him|her|them|all of you|(?:one|any|each|every one|the (?:whole )?lot) of you|you (?:people|all|guys)|somebody|someone|everybody|everyone|whoever|your (?:boss|colleagues?|family|children|kids|wife|husband|technicians?|team)|(?:that|this|the) (?:guy|man|woman|technician|idiot|bastard))`
	enHurt = `(?:kill|murder|shoot|stab|strangle|choke|hurt|beat up|beat the (?:crap|shit|hell) out of|punch|slap|hit|knife)`
	enBody = `(?:neck|legs?|bones?|face|head|nose|teeth|arms?|skull|jaw|fingers?|knees?)`

	deWhom = `(?:dich|euch|sie|ihn|alle|jemanden|einen von (?:euch|ihnen)|den (?:kollegen|techniker|idioten|typen))`
	deWho3 = `(?:dir|euch|ihnen|ihm|ihr|dem (?:kollegen|techniker|idioten|typen))`
	deKill = `(?:umbringen|töten|erschießen|erschiessen|abknallen|abstechen|erwürgen|verprügeln|zusammenschlagen|totschlagen|kaltmachen|vermöbeln|schlagen)`
	deBody = `(?:knochen|genick|hals|arme?|beine?|finger|nase|kiefer|schädel)`
	deFist = `(?:die zähne|die fresse|in die fresse|ins gesicht|den schädel|den kopf|die nase|(?:eine|eins)(?: rein| runter| auf| in|[.!,]|$))`

	frKill = `(?:tuer|frapper|buter|crever|casser la (?:gueule|figure|tête)|péter la gueule|étrangler|égorger|massacrer|démolir|défoncer|poignarder|mettre mon poing)`

	esKill = `(?:matar|partir la (?:cara|boca)|romper (?:la cara|las piernas|los huesos|los dientes|el cuello)|dar una (?:paliza|hostia)|disparar|reventar|rajar|apuñalar|estrangular|degollar|pegar (?:un (?:tiro|puñetazo)|una (?:paliza|hostia|patada)))`
)

var threatRules = slices.Concat(but(`an?|the|over|up|back|off|in (?:the )?(?:task|list|queue|process)|by|to|if it|one|another|some|processes|process|sessions?|jobs?|tasks?|all in|\d+|(?:with )?kindness`,
	// "hit you up", "kill them in the task manager"
	rule("kill murder shoot stab strangle choke hurt beat punch slap hit knife", `(?:i|we)`+enWill+` `+some+enHurt+` `+enWhom),
	rule("swear", `(?:i|we) swear `+some+enHurt+` `+enWhom),
	rule("should ought needs", `(?:somebody|someone) (?:should|ought to|needs to) `+enHurt+` `+enWhom),
	rule("should ought deserve need", `(?:you|they|he|she)(?: all| people)? (?:should|ought to|deserve to|need to) (?:all )?(?:be (?:shot|hanged|killed|beaten|stabbed)|die)`),
	rule("hope", `i hope you(?: all)? die|hope (?:you|he|she|they) (?:all )?(?:die|get killed)`),
	rule("break smash crush cut rip", `(?:i|we)(?:['’]\pL+)? `+some+`(?:break|smash|crush|cut off|rip off) (?:your|his|her|their|every|each)(?: single)? `+enBody),
	rule("bleed suffer pay", `(?:i|we)`+enWill+` (?:make|have) (?:you|him|her|them) (?:bleed|suffer)|i make (?:you|him|her|them) bleed|pay for (?:this|that|it) with (?:your|his|her|their) (?:blood|life|lives)`),
	rule("fist kick bullet knife boot", `(?:fist|kick|bullet|knife|boot) (?:in|into|to|through|between) (?:the|your|his|her|their) (?:face|teeth|head|mouth|jaw|guts|stomach|throat|eyes)`),
	rule("where", `(?:i|we) know where (?:you|he|she|they|your (?:kids|children|family|wife|husband)) (?:lives?|sleeps?|goes? to school|parks? (?:your|his|her|their) (?:car|bike))`),
	rule("watch", `watch your back`+ends),
	rule("dead", `(?:you|he|she|they)(?:'re|’re| are|'s|’s| is| will be) (?:so )?dead(?: meat)?[.!]|(?:are|is|'re|’re|'s|’s) (?:all |a )?dead (?:man|woman|men|meat)`+ends),
	rule("burn blow torch", `(?:burn|blow) (?:your|the|this|their) (?:office|building|house|place|desk) (?:down|up)|(?:burn|torch) (?:your|his|her|their) (?:office|building|house|place|car)`),
	rule("bomb", `(?:there is|i have|i put|we have put|we put|i(?:'ve|’ve| have) (?:put|planted|hidden)) a bomb|bomb in (?:the|your) (?:building|office)`),
	rule("gun knife rifle pistol machete axe bat", `(?:i|we)(?:'ve|’ve)? `+some+`(?:have|got|bring|bringing|brought|buy|take) (?:a|my) (?:gun|knife|rifle|pistol|shotgun|machete|axe|baseball bat)(?: (?:and|with me|to|here|in my)|[.,!]|$)`),
	rule("beat", `(?:i|we)`+enWill+` beat (?:you|him|her|them) up`),
), but(`\d+|halb|viertel|die|den|der|das|zu|es`,
	// "bringe sie um neun"
	rule("um", `(?:ich bringe?|bringe? ich) `+deWhom+` (?:alle |noch |eigenhändig )*um|`+deWhom+` bringe? ich (?:alle |noch )*um`),
	rule("mach", `ich mache? (?:dich|euch|ihn) (?:kalt|fertig|alle)`),
	rule("bringen töten schie knallen stechen würgen prügeln schlagen machen möbeln", `(?:werde|will|könnte|würde|möchte) `+few+deWhom+` `+few+deKill+ends),
	rule("verprüg erschie erste erwürg schlag", `ich `+few+`(?:verprügel|verprügle|erschieße|erschiesse|ersteche|erwürge|schlage?) `+deWhom+ends),
	rule("schlag hau tret", `ich `+some+`(?:schlage?|haue?|trete?) `+deWho3+` (?:mal |gleich |noch )?`+deFist),
	rule("schlag hau tret", `(?:schlage?|haue?|trete?) ich `+few+deFist),
	rule("brech", `breche? (?:ich )?`+deWho3+` (?:\pL+ ){0,2}?`+deBody),
	rule("gehör sollte", `(?:ihr gehört|du gehörst|sie gehören|der gehört|die gehören) (?:\pL+ ){0,2}?(?:erschossen|aufgehängt|erschlagen|verprügelt|abgeknallt|umgebracht)|(?:euch|dich|sie|die) (?:alle )?sollte man (?:alle )?(?:erschießen|erschiessen|aufhängen|erschlagen|abknallen)`),
	rule("wo", `ich (?:weiß|weiss),? wo (?:du wohnst|ihr wohnt|sie wohnen|er wohnt|deine (?:frau|kinder|familie))`),
	rule("krieg", `(?:dich|euch) kriege? ich noch`),
	rule("pass", `passt? (?:bloß|bloss|nur|ja) auf,? wenn (?:du|ihr)|passt? (?:gut )?auf,? wenn (?:du|ihr) `+few+`nach hause`),
	rule("tot", `(?:du bist|ihr seid) (?:alle )?(?:so gut wie )?tot[.!,]|(?:sie sind|er ist) (?:so gut wie )?tot[.!]`),
	rule("messer pistole waffe knarre gewehr axt baseball", `ich `+few+`(?:habe?|hole?|bringe|nehme|komme mit) (?:ein|mein|einem|meinem|eine|meine|einer|meiner) (?:messer|pistole|waffe|knarre|gewehr|axt|baseballschläger)`),
	rule("zünd fack steck", `(?:zünde?|fackle?|stecke?) (?:ich )?(?:`+deWho3+` )?(?:die|den|das|eure|euren|euer|deine?n?|ihre?n?) (?:bude|büro|haus|laden|auto|firma|gebäude|hütte) (?:an|ab|in brand)`),
	rule("gibt setzt krieg", `(?:gibt es|gibt's|setzt es) (?:gleich )?(?:schläge|prügel|eins auf die|was auf die fresse)|(?:kriegst du|du kriegst|kriegt ihr|ihr kriegt) (?:gleich )?(?:schläge|prügel|auf die fresse|eine rein)`),
	rule("bombe", `(?:habe?|haben|liegt|ist|gibt es) (?:eine )?bombe (?:im|in|gelegt|unter|bei)`),
), []threatRule{
	// French
	rule("tuer frapper buter crever casser péter étrangler égorger massacrer démolir défoncer poignarder poing", `(?:je|on) (?:vais|va|veux|pourrais) `+some+`(?:te |vous |le |la |les |lui |leur |l['’])`+frKill+ends),
	rule("descendre", `(?:je|on) (?:vais|va) `+some+`(?:te|vous) descendre[.!,]`),
	rule("tue bute crève frapper massacre tua", `(?:je|on) (?:te|vous) (?:tue|bute|crève|tuerai|buterai|frapperai|crèverai|massacrerai|tuera|butera)|je (?:le|la|les) (?:tuerai|buterai|massacrerai)`+ends),
	rule("où", `(?:je sais|on sait) où (?:tu habites|vous habitez|il habite|elle habite|tu vis|vous vivez|tu gares|vous garez)`),
	rule("crever mourir", `(?:tu vas|vous allez) (?:tous |toutes )?(?:crever|mourir)`+ends),
	rule("mort", `(?:tu es|t['’]es|vous êtes) (?:tous )?morts?[.!]|(?:êtes|es|est|sont) (?:un homme|une femme|des hommes) morte?s?`+ends),
	rule("couteau flingue fusil pistolet arme", `(?:j['’]ai|je (?:viens|vais venir|ramène|apporte|prends) (?:avec )?) ?(?:un|mon|une) (?:couteau|flingue|fusil|pistolet|arme)`+ends),
	rule("brûler incendier sauter cramer", `(?:je vais|on va) `+few+`(?:brûler|incendier|faire sauter|cramer) (?:ton|ta|tes|votre|vos|le|la) (?:bureaux?|maison|voiture|immeuble|bâtiment|boîte)`),
	rule("peau", `(?:te|vous|lui|leur) faire la peau`),
	rule("gaffe attention", `fai(?:s|tes) (?:bien )?(?:gaffe|attention) (?:à toi|à vous|en (?:sortant|rentrant) (?:ce soir|du bureau|du travail))`),
	rule("mérite espère", `mérite(?:s|z|nt)? (?:tous )?de (?:mourir|crever)|méritez de (?:mourir|crever)|espère que (?:tu vas|vous allez) (?:tous )?(?:mourir|crever)`),
	rule("bombe", `(?:j['’]ai (?:mis|posé|placé|caché)|il y a|nous avons (?:mis|posé)) une bombe`),

	// Spanish
	rule("matar partir romper dar disparar reventar rajar apuñalar estrangular degollar pegar", `(?:te|os|le|les|lo|la|los|las) (?:voy|vamos) a `+few+esKill+`|(?:te|os) (?:voy|vamos) a pegar(?:[.,!]|$)`),
	rule("matar pegar estrangular rajar reventar partir romper", `voy a `+few+`(?:matarte|mataros|matarle|matarlo|matarla|pegarte|pegaros|estrangularte|rajarte|reventarte|partirte la (?:cara|boca)|romperte la cara)`),
	rule("matar partir romper dar disparar reventar rajar apuñalar estrangular degollar pegar", `(?:voy|vamos) a `+esKill+` a (?:alguien|uno|todos|ese|esa|esos|tu|tus|vuestr[oa]s?|ti|el|la)`+ends),
	rule("matar rajar reventar estrangular", `(?:te|os|le|les|lo|la) (?:mataré|mataremos|rajaré|reventaré|estrangularé)`),
	rule("dónde", `(?:sé|sabemos) dónde (?:vives|vivís|vive|viven|aparcas)`),
	rule("muert", `(?:estás|estáis) muert[oa]s?[.!,]|(?:eres|es) (?:un )?hombre muerto`),
	rule("morir", `(?:vas|vais) a morir`),
	rule("cuchillo pistola navaja arma escopeta", `(?:tengo|llevo|traigo|traeré|voy a traer) (?:un|una|mi) (?:cuchillo|pistola|navaja|arma|escopeta)`),
	rule("quemar prender volar", `(?:voy|vamos) a (?:quemar|prender fuego a|volar) (?:la|vuestra|tu|el|vuestro|su|esta) (?:oficina|casa|coche|edificio|despacho)`),
	rule("ojalá", `ojalá (?:os |te |le |les |se )?(?:maten|mueran|mueras|muráis|muera|peguen un tiro)`),
	rule("cuidado", `ten(?:ed)? cuidado (?:cuando (?:salgas|salgáis)|al salir) (?:esta noche|de la oficina|del trabajo|a la calle)`),
	rule("bomba", `hay una bomba|(?:he|hemos) puesto una bomba`),
	rule("merec", `merec(?:es|éis|e|en) (?:una (?:paliza|bala)|morir)`),
})

// toy are verbs that also say what is done with messages and numbers; with may follow them, "hit you with a question".
var toy = regexp.MustCompile(`(?i)(?:hit|shoot|slap|punch|beat) \pL+$`)

var with = regexp.MustCompile(`(?i)^\s*with(?:[^\pL]|$)`)

// denied is somebody saying that they do not.
var denied = regexp.MustCompile(`(?i)[^\pL](?:not|never|nicht|nie|niemals|keine?n?|pas|jamais|nunca)[^\pL]`)
