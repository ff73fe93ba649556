package notice

import (
	"encoding/json"
	"strings"
)

// said is a message for a chat.
type said struct {
	lines    []saidLine
	more     string // "and 12 more"; "" for none
	moreLink string
}

// saidLine is one thing in it: what it is about, which is a link, and what happened.
type saidLine struct{ about, link, text string }

// body writes a message in the form of a program.
//
// Slack: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks and the escaping of formatting-message-text.
// Mattermost takes the same form and reads it as Markdown. Teams: the Adaptive Card of "Post to a channel when a webhook request is received".
func (s said) body(p Program) ([]byte, error) {
	if p == Teams {
		return json.Marshal(s.card())
	}
	escape := escapeSlack
	if p == Mattermost {
		escape = escapeMattermost
	}
	var b strings.Builder
	for i, l := range s.lines {
		if i > 0 {
			b.WriteByte('\n')
		}
		switch {
		case l.link == "":
			b.WriteString(escape(l.text))
		case l.about == "":
			b.WriteString("<" + escapeLink(l.link) + "|" + escape(l.text) + ">")
		default:
			b.WriteString("<" + escapeLink(l.link) + "|" + escape(l.about) + ">: " + escape(l.text))
		}
	}
	if s.more != "" {
		b.WriteString("\n<" + escapeLink(s.moreLink) + "|" + escape(s.more) + ">")
	}
	return json.Marshal(map[string]string{"text": b.String()})
}

// Slack gives a meaning to these three, and to a bar within a link.
var slackEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "|", "¦", "\n", " ", "\r", " ")

func escapeSlack(text string) string { return slackEscapes.Replace(text) }

// Mattermost reads Markdown and takes every @name for a call, so that a subject could wake a whole channel.
var mattermostEscapes = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "~", `\~`, "#", `\#`, "[", `\[`, "]", `\]`, "(", `\(`, ")", `\)`, "!", `\!`, "|", "¦",
	"&", "&amp;", "<", "&lt;", ">", "&gt;", "@", "@\u200b", ":", ":\u200b", "\n", " ", "\r", " ")

func escapeMattermost(text string) string { return mattermostEscapes.Replace(text) }

func escapeLink(link string) string {
	return strings.NewReplacer("&", "&amp;", "<", "%3C", ">", "%3E", "|", "%7C", " ", "%20").Replace(link)
}

// card is the message as an Adaptive Card. Its runs are plain text: nothing in them is read as Markdown.
func (s said) card() any {
	type m = map[string]any
	run := func(text, link string) m {
		r := m{"type": "TextRun", "text": text}
		if link != "" {
			r["selectAction"] = m{"type": "Action.OpenUrl", "url": link}
			r["color"] = "accent"
		}
		return r
	}
	var blocks []m
	add := func(runs ...m) { blocks = append(blocks, m{"type": "RichTextBlock", "inlines": runs}) }
	for _, l := range s.lines {
		switch {
		case l.about == "":
			add(run(l.text, l.link))
		default:
			add(run(l.about, l.link), run(": "+l.text, ""))
		}
	}
	if s.more != "" {
		add(run(s.more, s.moreLink))
	}
	content := m{"$schema": "http://adaptivecards.io/schemas/adaptive-card.json", "type": "AdaptiveCard", "version": "1.4", "body": blocks}
	return m{"type": "message", "attachments": []m{{"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": nil, "content": content}}}
}
