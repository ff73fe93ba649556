package care

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// threats are sentences that threaten people. What is killed, shot or hit in computing has no person behind it.
var threats = regexp.MustCompile(`(?i)(?:^|[^\pL])(` + strings.Join([]string{
	// English
	`(?:i|we)(?:'ll|’ll| will| am going to|'m going to|’m going to| are going to| gonna|'m gonna|’m gonna| swear i(?:'ll|’ll| will)) (?:personally |really |fucking |have to |come (?:over |down )?(?:there )?and )?(?:kill|murder|shoot|stab|strangle|hurt|beat up|punch|slap|hit) (?:you|him|her|them|all of you|every one of you|your (?:boss|colleague|colleagues|family|children|kids|wife|husband|technician|team))`,
	`(?:i|we)(?:'ll|’ll| will| am going to|'m going to|’m going to| gonna) (?:break|smash) (?:your|his|her|their) (?:neck|legs|bones|face|head|nose|teeth|arms|skull)`,
	`i(?:'ll|’ll| will| am going to|'m going to|’m going to)? (?:make|have) (?:you|him|her|them) (?:bleed|suffer)`,
	`(?:i|we) know where (?:you|he|she|they) lives?`,
	`(?:you|he|she|they)(?:'re|’re| are|'s|’s| is| will be) (?:so )?dead(?: meat)?(?: man)?[.!]`,
	`you deserve to die|i hope you die|hope (?:you|he|she|they) (?:all )?(?:die|get killed)`,
	`(?:burn|blow) (?:your|the|this) (?:office|building|house|place) (?:down|up)`,
	`(?:there is|i have|i put|we have put|we put) a bomb|bomb in (?:the|your) (?:building|office)`,
	`(?:i|we)(?:'ll|’ll| will| am going to|'m going to|’m going to|'m gonna|’m gonna| gonna) beat (?:you|him|her|them|the shit out of (?:you|him|her|them)) up`,
	// German
	`ich (?:bring|bringe) (?:dich|euch|sie|ihn|alle) (?:alle )?um|(?:dich|euch|sie|ihn) bring(?:e)? ich (?:alle )?um`,
	`ich (?:mach|mache) (?:dich|euch|ihn) (?:kalt|fertig|alle)`,
	`ich (?:schlag|schlage|hau|haue) (?:dir|euch|ihnen|ihm|ihr) (?:die zähne|die fresse|den schädel|eine|eins|den kopf)|ich (?:schlag|schlage|verprügel|verprügle|erschieße|erschiesse|ersteche|erwürge) (?:dich|euch|sie|ihn|alle)`,
	`ich (?:weiß|weiss), wo (?:du wohnst|ihr wohnt|sie wohnen|er wohnt)`,
	`(?:du bist|ihr seid|sie sind|er ist) (?:so gut wie )?tot[.!]`,
	`ich (?:werde|will) (?:dich|euch|sie|ihn) (?:umbringen|töten|erschießen|erschiessen|abstechen|verprügeln|schlagen|kaltmachen)`,
	// French
	`je vais (?:te|vous|le|la|les) (?:tuer|frapper|buter|crever|casser la gueule|étrangler|descendre)|je (?:te|vous) (?:tue|bute|crève)|je sais où (?:tu habites|vous habitez)`,
	// Spanish
	`(?:te|os|le|les|lo|la) voy a (?:matar|pegar|partir la cara|romper la cara|dar una paliza|disparar)|voy a (?:matarte|mataros|matarle|matarlo|pegarte)|sé dónde (?:vives|vivís|vive|viven)`,
}, "|") + `)`)

// mildly are words after a threat that make it none: "I'll shoot you a mail", "hit you up", "kill them in the task manager".
var mildly = regexp.MustCompile(`(?i)^\s*(?:an?|the|over|up|back|off|with (?:a|an|my|the|some)|in (?:the|task)|by|to|if it|one|another|some|processes|process|sessions?|jobs?|tasks?|all in|\d+|halb|viertel|die|den|der)(?:[^\pL]|$)`)

// stems are in every threat that is known; most texts have none of them, and need no closer look.
var stems = []string{
	"kill", "murder", "shoot", "stab", "strangle", "hurt", "beat", "punch", "slap", "hit", "break", "smash", "bleed", "suffer", "where", "dead", "die", "burn", "blow", "bomb",
	"bring", "mach", "schlag", "hau", "verprügel", "erschie", "erstech", "erwürg", "wo ", "tot", "umbringen", "töten", "abstechen", "kaltmachen",
	"tue", "frapper", "bute", "crev", "crève", "étrangler", "descendre", "casser", "où", "matar", "pegar", "partir", "romper", "paliza", "disparar", "dónde",
}

// longestThreat is how much of a threat is told, in letters.
const longestThreat = 160

// threat gives the sentence of a text that threatens somebody, or "".
func threat(text string) string {
	low := strings.ToLower(text)
	if !slices.ContainsFunc(stems, func(s string) bool { return strings.Contains(low, s) }) {
		return ""
	}
	for _, at := range threats.FindAllStringSubmatchIndex(text, 8) {
		begin, end := at[2], at[3]
		if mildly.MatchString(text[end:]) {
			continue
		}
		from := strings.LastIndexAny(text[:begin], ".!?\n") + 1
		to := len(text)
		if i := strings.IndexAny(text[end:], ".!?\n"); i >= 0 {
			to = end + i + 1
		}
		words := strings.Join(strings.Fields(text[from:to]), " ")
		if utf8.RuneCountInString(words) > longestThreat {
			words = cut(strings.Join(strings.Fields(text[begin:to]), " "))
		}
		return words
	}
	return ""
}

// cut leaves the beginning of a long sentence.
func cut(words string) string {
	if letters := []rune(words); len(letters) > longestThreat {
		return string(letters[:longestThreat]) + "…"
	}
	return words
}
