package search

import "strings"

// idle are words that hold a sentence together and say nothing of what it is about, in the languages that a desk is spoken to in,
// folded. A question that has no others is looked for with them.
var idle = func() map[string]bool {
	all := map[string]bool{}
	for w := range strings.FieldsSeq(idleWords) {
		all[w] = true
	}
	return all
}()

// Idle tells that a word holds sentences together and says nothing of what they are about. It is folded, as Words gives it.
func Idle(word string) bool { return idle[word] }

const idleWords = `
a an the and or but nor if then else than as of at by for from in into on onto to with without within about over under up down out off through
am is are was were be been being do does did doing done have has had having can could may might must shall should will would
i me my mine myself you your yours yourself he him his she her hers it its itself we us our ours they them their theirs
this that these those there here where when why how what which who whom whose whether not no so such too very just only also again
any some all both each every either d ll m re s t ve don doesn didn isn aren wasn weren cannot couldn won wouldn shouldn haven hasn hadn id im
is possible way like want need please get
der die das den dem des ein eine einen einem einer eines und oder aber sondern denn wenn weil dass ob als wie so
zu zum zur von vom bei beim aus auf an am ans in im ins fur fuer mit ohne nach vor seit bis uber ueber unter durch gegen um
ich mich mir mein meine meinen meinem meiner meines du dich dir dein deine deinen er ihn ihm sein seine seinen sie ihr ihre ihren ihnen es
wir uns unser unsere unseren euch euer eure man sich dieser diese dieses diesen diesem jede jeder jedes jeden
ist sind war waren bin bist sei wird werden wurde wurden worden hat haben habe hatte hatten hatt kann konnen koennen konnte konnten
soll sollen sollte muss mussen muessen musste darf durfen duerfen will wollen wollte mochte moechte mag
was wer wen wem wo wohin woher wann warum wieso weshalb welche welcher welches welchen nicht kein keine keinen keinem auch noch schon nur sehr
hier dort da dann mal doch moglich moeglich bitte brauche`
