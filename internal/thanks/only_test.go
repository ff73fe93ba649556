package thanks

import (
	"strings"
	"testing"
)

func TestOnlyThanks(t *testing.T) {
	names := []string{"Hana Sato", "Jonas Weber", "Amara O'Neill"}
	yes := []string{
		"Thanks", "thank you!", "Thanks a lot, Jonas!", "Hi Jonas,\n\nthank you so much for the quick help.\n\nBest regards,\nHana", "Great, it works now. Thank you!",
		"Perfect, thanks again 🙂", "Many thanks for your help and your patience.\n\nKind regards\nHana Sato", "Dear all,\nyou are the best. Thank you", "I really appreciate your help",
		"Thanks. You can close the ticket.", "ok thanks", "Cheers!", "THANK YOU!!!", "thx :)", "Thank you very much for fixing this so quickly.\nHave a nice weekend!\nHana\n\nSent from my iPhone",
		"Vielen Dank!", "Hallo Jonas,\n\nsuper, vielen Dank für die schnelle Hilfe. Es funktioniert wieder einwandfrei.\n\nViele Grüße\nHana", "Danke, klappt jetzt", "Herzlichen Dank für Ihre schnelle Unterstützung", "Perfekt, danke dir! LG Hana",
		"Merci beaucoup pour votre aide rapide.\n\nBonne journée,\nHana", "Bonjour Jonas,\nparfait, ça marche. Merci !\nCordialement", "Un grand merci à toute l'équipe",
		"Muchas gracias por la ayuda. ¡Todo funciona perfectamente!\n\nSaludos,\nHana", "Perfecto, gracias", "Hartelijk dank voor de snelle hulp!\n\nMet vriendelijke groet,\nHana", "Top, bedankt! Het werkt weer.",
	}
	for _, text := range yes {
		if !OnlyThanks(Said{Text: text, Names: names}) {
			t.Errorf("%q is thanks", text)
		}
	}
	no := []string{
		"", "Hana", "Hello Jonas,\n\nKind regards,\nHana", "It works.", "Thanks, but it still does not print.", "Thanks! Could you also reset my PIN?", "Thank you. The error is back.", "Thanks in advance", "Please help, thanks", "i need your help, thanks",
		"thanks, now the scanner is broken", "Thanks, not working", "Thank you, will test it tomorrow.", "Thanks\n+49 170 1234567", "Thanks, see https://example.com/broken", "Thanks for nothing.", "No thanks", "no, thank you", "Thanks, Bob is locked out too",
		"Danke, aber es geht nicht", "Danke im Voraus", "Vielen Dank, leider kommt der Fehler noch", "Danke! Noch eine Frage: wie drucke ich?", "hallo, bitte einmal ansehen. danke.", "Danke, es geht so",
		"Merci, mais ça ne marche pas", "Merci d'avance", "Merci de me rappeler", "Gracias, pero sigue sin funcionar", "Gracias de antemano", "Bedankt, maar het werkt niet", "Alvast bedankt", "Bij voorbaat dank", "thanks 🤬", "Thanks 👎", "thanks :(", "Thanks… for making it worse",
		"Thank you for your mail. I am out of the office until Monday.", "wow. great job. now nothing works. thanks", "Thanks a lot\n-- still broken", "help me thanks", "thank you, it works for everybody except me",
		strings.Repeat("thank you ", 60), strings.Repeat("thanks\n", 30),
	}
	for _, text := range no {
		if OnlyThanks(Said{Text: text, Names: names}) {
			t.Errorf("%q is not only thanks", text)
		}
	}
}

func TestThanksBesidesSomethingElse(t *testing.T) {
	for name, s := range map[string]Said{
		"a file":                     {Text: "Thanks", Files: true},
		"another subject":            {Text: "Thanks", Subject: "The scanner too", TicketSubject: "Printer"},
		"a subject that goes on":     {Text: "Thanks", Subject: "Re: Printer is broken again since today", TicketSubject: "Printer"},
		"a subject with more":        {Text: "Thanks", Subject: "Printer broken", TicketSubject: "Printer"},
		"a name of trouble":          {Text: "Thanks. Still broken", Names: []string{"Still Broken"}},
		"names of nobody here":       {Text: "Thanks, Bob", Names: []string{"Hana"}},
		"more names than a greeting": {Text: "Thanks Hana Sato Weber Jonas", Names: []string{"Hana Sato Weber Jonas"}},
	} {
		if OnlyThanks(s) {
			t.Errorf("%s is not only thanks", name)
		}
	}
	for name, s := range map[string]Said{
		"the ticket's subject":  {Text: "Thanks", Subject: "Re: Printer [#12]", TicketSubject: "Printer"},
		"of another language":   {Text: "Danke", Subject: "AW: WG: Printer", TicketSubject: "printer"},
		"thanks in the subject": {Text: "Thanks, Hana", Subject: "Thank you!", TicketSubject: "Printer", Names: []string{"Hana"}},
		"none":                  {Text: "Thanks", TicketSubject: "Printer"},
	} {
		if !OnlyThanks(s) {
			t.Errorf("%s: thanks were not understood", name)
		}
	}
}

func FuzzOnlyThanks(f *testing.F) {
	f.Add("Thanks a lot, Jonas!", "Re: Printer")
	f.Add("Danke\u202e ¿", "")
	f.Fuzz(func(t *testing.T, text, subject string) {
		s := Said{Text: text, Subject: subject, TicketSubject: "Printer", Names: []string{"Jonas"}}
		if OnlyThanks(s) && (strings.ContainsAny(text, "?0123456789@/") || len([]rune(strings.TrimSpace(text))) > longestThanks) {
			t.Errorf("%q was taken for thanks", text)
		}
	})
}
