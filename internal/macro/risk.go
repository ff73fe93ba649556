package macro

import "strings"

// Risk says whether a macro asks for a backup and for consent before it is used.
type Risk string

// What an author may say of the risk.
const (
	ByWords Risk = "words" // its words decide
	Yes     Risk = "yes"
	No      Risk = "no"
)

// riskyWords are what announces that something may be lost. Each begins a word.
var riskyWords = []string{
	"reinstall", "re-install", "wipe", "wiping", "erase", "reformat", "format the", "format your", "reset your", "reset the", "factory", "delete your profile", "delete the profile", "new profile", "reimage", "re-image", "start from scratch",
	"neu aufsetz", "neu aufgesetzt", "neuinstall", "neu install", "formatier", "lösch", "gelöscht", "zurücksetz", "zurückgesetzt", "werkseinstellung", "neues profil", "überschreib",
}

// RiskyWord gives the first word that says that something may be lost, or "".
func RiskyWord(m Macro) string {
	all := m.Name
	for _, t := range m.Texts {
		all += "\n" + t
	}
	for _, a := range m.Actions {
		all += "\n" + a.Value
	}
	all = strings.ToLower(all)
	for _, w := range riskyWords {
		if begins(all, w) {
			return w
		}
	}
	return ""
}

// Risky tells whether a backup and consent are asked for before this is used.
func (m Macro) Risky() bool {
	switch m.Risk {
	case Yes:
		return true
	case No:
		return false
	}
	return RiskyWord(m) != ""
}
