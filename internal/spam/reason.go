package spam

import "goodturn/internal/i18n"

// Code names a kind of reason.
type Code string

// Reason is why a mail looks like spam.
type Reason struct {
	Code   Code   `json:"code"`
	Detail string `json:"detail,omitempty"` // words of the mail, hostile
}

const (
	phraseReason   Code = "phrases"
	wordReason     Code = "words"
	dmarcReason    Code = "dmarc"
	unwantedReason Code = "unwanted"
	flagReason     Code = "flag"
)

// Text says a reason in words, for the people who look the mail over.
func (r Reason) Text() i18n.Text {
	switch r.Code {
	case phraseReason:
		return i18n.M("It says what spam often says: {{.Words}}", "Words", r.Detail)
	case wordReason:
		if r.Detail == "" {
			return i18n.M("Its words are mostly those of spam")
		}
		return i18n.M("Its words are mostly those of spam: {{.Words}}", "Words", r.Detail)
	case dmarcReason:
		return i18n.M("The sender's domain says that this mail is not from there")
	case unwantedReason:
		return i18n.M("An earlier mail of this sender was spam")
	case flagReason:
		return i18n.M("Our mail server takes it for spam")
	case "no_message_id":
		return i18n.M("It has no Message-ID, which every mail program gives")
	case "no_date":
		return i18n.M("It has no date")
	case "no_recipient":
		return i18n.M("It does not say whom it is for")
	case "only_html":
		return i18n.M("It has no plain text beside the formatted one")
	case "raw_letters":
		return i18n.M("Its head is in letters of a kind that no mail program writes there")
	case "advertisement":
		return i18n.M("Its subject says that it is an advertisement")
	case "shouting":
		return i18n.M("Its subject is in capitals")
	case "padded_subject":
		return i18n.M("Its subject ends in a code behind a gap")
	case "marks":
		return i18n.M("Its subject has many exclamation marks or dollar signs")
	case "other_name":
		return i18n.M("The sender's name is another address")
	case "other_answer":
		return i18n.M("Answers are to go to a free address elsewhere")
	case "numeric_link":
		return i18n.M("A link leads to a number and not to a name")
	case "other_link":
		return i18n.M("A link leads elsewhere than it says: {{.Link}}", "Link", r.Detail)
	case "split_words":
		return i18n.M("Its words are cut by invisible marks")
	case "hidden_text":
		return i18n.M("It has text too small to read")
	case "only_picture":
		return i18n.M("It is a picture with hardly any text")
	}
	return i18n.M("Something about it is unusual")
}
