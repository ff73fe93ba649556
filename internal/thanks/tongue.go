package thanks

import (
	"regexp"
	"strings"
	"sync"
)

// tongue is how thanks are said in a language: whole sentences or clauses, in lower case, without names and without signs at their end.
type tongue struct {
	thanks *regexp.Regexp // says thanks
	polite *regexp.Regexp // goes with it and says no trouble: a wish, a close, that it works
	hello  *regexp.Regexp // begins a text
}

// grammar writes sentences down: a line each, where <name> stands for a part that is told below it as "name = …".
func grammar(thanks, polite, hello, parts string) tongue {
	table := map[string]string{}
	for line := range strings.Lines(parts) {
		if name, is, ok := strings.Cut(strings.TrimSpace(line), " = "); ok {
			table[name] = "(?:" + is + ")"
		}
	}
	fill := func(text string) *regexp.Regexp {
		var all []string
		for line := range strings.Lines(text) {
			if line = strings.TrimSpace(line); line != "" {
				all = append(all, line)
			}
		}
		whole := strings.Join(all, "|")
		for range 4 { // parts are made of parts
			for name, is := range table {
				whole = strings.ReplaceAll(whole, "<"+name+">", is)
			}
		}
		return regexp.MustCompile(`^(?:` + whole + `)$`)
	}
	return tongue{fill(thanks), fill(polite), fill(hello)}
}

// tongues are built when they are first needed.
var tongues = sync.OnceValue(func() []tongue {
	return []tongue{english(), german(), french(), spanish(), dutch()}
})

func english() tongue {
	return grammar(`
	(?:<glad> )*<thx>(?: <lots>)*(?: <for>)?(?: <lots>)*
	(?:<glad> )*(?:i|we) (?:just )?(?:want|wanted|would like|need) to (?:say )?(?:a )?(?:big )?<thx>(?: <lots>)*(?: <for>)?
	(?:i|we)?(?: do| really| very much| truly| greatly| so| just)* ?appreciate <it>(?: <lots>| very much| so much)?
	(?:i|we)(?: am|'m| are|'re)(?: <very>)* (?:grateful|thankful|glad|happy)(?: to you)?(?: <for>)?
	(?:much|really|very much|greatly|so|highly|very)? ?appreciated
	(?:much|very) (?:obliged|appreciated)
	(?:i|we) (?:can not|cannot|can't) thank you enough(?: <for>)?
	your (?:<adj> )*<noun> (?:is|was|are|were) (?:<very> )*appreciated
	you(?:'ve| have)? (?:been )?(?:an? )?(?:<very> |such a |such an )*(?:great|big|huge|amazing|tremendous|wonderful|real) help
	(?:you're|you are|youre) (?:<very> )*(?:the best|a star|a legend|a lifesaver|a life saver|awesome|great|amazing|kind|a hero|my hero|a gem|brilliant|wonderful)
	(?:you|that) (?:really )?(?:made|saved) my day
	i owe you one
	(?:<glad> )+<thx>
	(?:you|they) did (?:a |an )(?:<very> )*(?:great|good|amazing|excellent|fantastic|wonderful) job (?:<thx>)?
	`, `
	(?:<glad>)(?: <glad>)*
	(?:<glad> )*(?:a )?(?:<very> )*(?:great|good|nice|excellent|awesome|perfect|brilliant|super|amazing|fantastic|wonderful|lovely|fast|quick) (?:job|work|service|support|help|stuff|one|team|response)(?: as always| as usual)?
	(?:<glad> )*(?:and |all |so )*<thing> (?:now )?(?:all |both )?(?:works|is working|are working|is fixed|is solved|is sorted|is resolved|is done|is perfect|is fine|is great|is good|is ok|is okay|worked|did it|did the trick|solved it|fixed it|helped|has been fixed|has been solved|has been resolved|works again|is working again|is back)(?: now| again| well| fine| great| perfectly| nicely| like a charm| as expected| as it should| for me| a treat| beautifully)*
	(?:works|working|fixed|solved|sorted|resolved|done|all good|all set|all fine|all fixed|all sorted|all working|it's all good|that's it|that's great|that's perfect|that's all|that is all|that was it|got it|received|understood|noted)(?: now| again| fine| perfectly| great| well| like a charm)*
	(?:it's|that's|its|thats|everything's|all's) (?:now )?(?:all )?(?:working|fixed|solved|sorted|resolved|done|perfect|fine|great|good|ok|okay|helpful|very helpful)(?: now| again| fine| perfectly| great)*
	(?:that|this|it) (?:was|is) (?:<very> )*(?:helpful|kind|kind of you|nice of you|quick|fast|great|perfect)
	(?:i|we) can (?:now )?(?:log in|login|print|work|access it|see it|open it|connect|sign in)(?: now| again)+
	(?:please |you can |feel free to |you may )?close (?:the|this|my) (?:ticket|request|case|call)(?: now)?
	(?:wish(?:ing)? you |have |enjoy )(?:an? |the |your )?(?:<very> )*(?:nice|good|great|lovely|wonderful|pleasant|happy|relaxing)? ?(?:rest of (?:the|your) )?(?:day|weekend|evening|week|one|afternoon|morning|holiday|holidays|time|christmas|easter|new year)(?: too| ahead)?
	(?:you too|same to you|bye|bye bye|goodbye|see you|take care|cheerio|all the best|best|best wishes|with best wishes|love|xx|xoxo)
	(?:with )?(?:my )?(?:best|kind|kindest|warm|warmest|many|sincere)?(?: and)?(?: best| kind| warm)* ?(?:regards|greetings|rgds|wishes)
	(?:br|kr|brgds|sincerely|yours|yours sincerely|sincerely yours|yours truly|yours faithfully|respectfully)
	(?:sent|get outlook|sent from) (?:from )?(?:my |for )?(?:iphone|ipad|android|mobile|phone|samsung galaxy|ios)(?: phone| device)?
	`, `
	(?:hi|hello|hey|dear|good morning|good afternoon|good evening|morning|hiya|greetings)(?: there| all| team| everyone| everybody| guys| folks| colleagues| support| helpdesk| help desk| support team| it| it team| both| again| sir| madam| mr| mrs| ms)*
	(?:all|team|everyone|everybody|guys|folks|colleagues)
	`, `
	thx = thanks|thank you|thank u|thank ya|thankyou|thanx|thx|tks|tnx|thnx|ty|cheers|many thanks|big thanks|huge thanks|much thanks|warm thanks|million thanks|thanks a million|a big thank you|a huge thank you|big thank you|heartfelt thanks|kind thanks|ta|why thank you|i thank you|we thank you|i really thank you|let me thank you|thanks and regards|thanks and best regards|thanks and kind regards|thanks & regards|thanks & best regards
	lots = so much|so very much|very much|very very much|a lot|lots|a bunch|a ton|a million|again|once again|once more|kindly|indeed|all|guys|team|everyone|everybody|both|mate|folks|sir|madam|heaps|loads|in any case|anyway|to all|to you all|to the team|to everyone|from all of us|from us all|to all of you
	for = for <obj>(?:(?: and| &| as well as) (?:for )?<obj>)*
	very = so|very|really|truly|extremely|super|just|incredibly|quite|most
	adj = (?:<very> )*(?:quick|fast|swift|prompt|great|excellent|kind|amazing|speedy|good|wonderful|fantastic|rapid|friendly|valuable|continued|brilliant|awesome|super|perfect|efficient|professional|patient|superb|immediate|useful|helpful|clear|detailed|outstanding|nice|lovely|usual|lightning|super fast)
	det = (?:all |of |the |your |that |this |these |those |such |a |an |my |our )*
	obj = <det>(?:<adj> )*(?:(?:and|&) )?(?:<adj> )*<noun>(?: with this| with that| with it| on this| on that| on it| in this matter| in this| today| here| yesterday| this morning| again| as always| as usual)*|everything|<det>it|that|this|<doing>|all you do|all you did|all that you did|what you did|you|all of you|being (?:<very> )*(?:kind|patient|quick|helpful|fast|there)
	noun = help|assistance|support|time|patience|answer|answers|reply|replies|response|responses|info|information|update|updates|explanation|effort|efforts|work|job|kindness|service|feedback|advice|fix|solution|solutions|hard work|hint|hints|tip|tips|turnaround|turn around|attention|cooperation|co-operation|clarification|reaction|guidance|confirmation|follow up|follow-up|understanding|quick help|note
	doing = (?:so |such |<very> )*(?:quickly |promptly |kindly )?(?:helping(?: me| us| out| me out| us out)?|fixing <it>|sorting <it>(?: out)?|sorting out <it>|solving <it>|resolving <it>|letting me know|letting us know|answering(?: <it>| my question| my questions)?|getting back to me|getting back to us|getting back|coming back to me|coming back to us|looking into <it>|looking at <it>|looking after <it>|taking care of <it>|taking the time|doing <it>|explaining(?: <it>)?|confirming|responding|replying|assisting(?: me| us)?|dealing with <it>|making <it> work|arranging <it>|your help)(?: so| very| that| this)?(?: quickly| fast| promptly| soon| swiftly| today| for me| for us| again)*
	it = (?:it|that|this|everything|my problem|the problem|my issue|the issue|this issue|that issue|this problem|the help|your help|all your help|all the help|the assistance|your assistance|all of it|all this|you|you helping me|you helping us|your time|the time|what you did|your efforts|your effort|the effort|your support|the support|the quick help|the quick response|your quick response|the quick reply|the info|my question|your patience|my request|this request|the answer|that answer|your answer|the fast help|the fast response|my account|my laptop|my password|the printer|my printer)
	glad = ok|okay|oh|ah|aha|wow|great|perfect|awesome|excellent|super|brilliant|wonderful|fantastic|lovely|nice|cool|yes|yep|yay|yeah|why|sweet|good|all good|very good|marvellous|amazing|superb|splendid|hooray|hurray|hurra|great news|good news|very nice|very kind|well|right|oh sweet|oh great|oh nice|oh wow|alright|and|indeed|absolutely|fab|ace|top|magic|bravo|kudos|well done|ok great|okay great
	thing = (?:it|that|this|everything|all|both)(?: all)?
	`)
}
