package mailmsg

func guessLanguage(s string) string { return "" }
