package mailmsg

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"regexp"
	"strings"
	"unicode"
)

// attach keeps a part as a file.
func (c *collector) attach(e *entity) { c.attachData(e, c.decode(e)) }

func (c *collector) attachData(e *entity, data []byte) {
	disposition, dparams := parseParams(e.header.get("Content-Disposition"))
	a := Attachment{Type: e.typ, ContentID: contentID(e.header), Data: data}
	for _, name := range []string{dparams["filename"], e.params["name"], dparams["name"], e.params["filename"]} {
		if a.Name == "" {
			a.Name = undouble(fileName(name), 1)
		}
	}
	a.Inline = disposition == "inline" && strings.HasPrefix(e.typ, "image/")
	if e.typ == "application/ms-tnef" || e.typ == "application/vnd.ms-tnef" || strings.EqualFold(a.Name, "winmail.dat") {
		if c.unpackTNEF(data) {
			return
		}
	}
	if a.Name == "" {
		a.Name = described(e)
	}
	if a.Name == "" {
		a.Name = c.inventName(e, data)
	}
	if e.typ == "application/octet-stream" || e.typ == "" {
		a.Type = typeByName(a.Name)
	}
	if typ := orElse(pgpType(data), binaryPGP(a.Name, data)); typ != "" {
		a.Type = typ
		c.m.Encrypted = c.m.Encrypted || typ == "application/pgp-encrypted"
		c.m.Crypto = CryptoPGP
	}
	c.add(a)
	c.unpackOutlook(a)
}

// add completes an attachment and keeps it.
func (c *collector) add(a Attachment) {
	if a.Name = fileName(a.Name); a.Name == "" {
		a.Name = fmt.Sprintf("attachment-%d", len(c.m.Attachments)+1)
	}
	sum := sha256.Sum256(a.Data)
	a.SHA256 = hex.EncodeToString(sum[:])
	a.Size = len(a.Data)
	c.m.Attachments = append(c.m.Attachments, a)
}

func contentID(h header) string {
	id := strings.TrimSpace(decodeIfEncoded(h.plain("Content-ID")))
	return strings.Trim(id, "<> \t")
}

// fileName makes a name safe to show and to store: no folders, no control
// characters, at most 255 bytes with the extension kept.
func fileName(name string) string {
	name = strings.Map(func(r rune) rune {
		if r == '\t' {
			return ' '
		}
		if unicode.IsControl(r) || r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 {
			return -1 // direction marks can hide an extension
		}
		return r
	}, name)
	name = strings.TrimSpace(name)
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	if name == "." || name == ".." {
		return ""
	}
	if len(name) > 255 {
		ext := path.Ext(name)
		if len(ext) > 20 {
			ext = ""
		}
		name = strings.ToValidUTF8(name[:255-len(ext)], "") + ext
	}
	return name
}

// namedExtension tells "report.pdf" from the end of a sentence.
var namedExtension = regexp.MustCompile(`\.[A-Za-z0-9]{1,5}$`)

// described makes a name of a short Content-Description.
func described(e *entity) string {
	text := strings.TrimSpace(decodeWords(e.header.get("Content-Description"), ""))
	if text == "" || len(text) > 60 || strings.ContainsAny(text, "/\\:*?<>|") {
		return ""
	}
	if namedExtension.MatchString(text) {
		return fileName(text)
	}
	switch e.typ {
	case "message/rfc822", "message/global":
		return fileName(text + ".eml")
	case "message/delivery-status", "text/rfc822-headers", "text/plain", "message/feedback-report":
		return fileName(text + ".txt")
	}
	return fileName(text + extension(e.typ, nil))
}

// inventName names a part that has no name.
func (c *collector) inventName(e *entity, data []byte) string {
	if location := e.header.plain("Content-Location"); location != "" {
		location, _, _ = strings.Cut(location, "?")
		if name := fileName(location); name != "" && strings.Contains(name, ".") && len(name) < 100 {
			return name
		}
	}
	switch e.typ {
	case "message/rfc822", "message/global":
		h, _ := readHeader(prepare(data), func(string) {}, nil)
		subject := strings.Trim(decodeWords(h.get("Subject"), ""), " .")
		subject = strings.NewReplacer("/", "-", `\`, "-").Replace(subject)
		if subject == "" {
			subject = "message"
		}
		return fileName(subject + ".eml")
	case "message/delivery-status":
		return "delivery-status.txt"
	case "message/feedback-report":
		return "feedback-report.txt"
	case "message/disposition-notification":
		return "disposition-notification.txt"
	case "message/news":
		return "message.eml"
	case "message/partial", "message/external-body":
		return strings.TrimPrefix(e.typ, "message/") + ".txt"
	case "text/rfc822-headers":
		return "headers.txt"
	case "text/calendar":
		return "invite.ics"
	case "text/plain":
		return fmt.Sprintf("attachment-%d.txt", len(c.m.Attachments)+1)
	case "application/pgp-signature":
		return "signature.asc"
	case "application/pgp-encrypted":
		return "version.txt"
	}
	return fmt.Sprintf("attachment-%d%s", len(c.m.Attachments)+1, extension(e.typ, data))
}

var extensions = map[string]string{
	"image/jpeg": ".jpg", "image/jpg": ".jpg", "image/pjpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/bmp": ".bmp", "image/tiff": ".tif", "image/webp": ".webp", "image/svg+xml": ".svg",
	"application/pdf": ".pdf", "application/zip": ".zip", "text/html": ".html", "text/csv": ".csv", "text/vcard": ".vcf", "text/x-vcard": ".vcf", "text/xml": ".xml", "application/xml": ".xml",
	"application/json": ".json", "application/msword": ".doc", "application/vnd.ms-excel": ".xls", "application/rtf": ".rtf", "text/rtf": ".rtf", "audio/mpeg": ".mp3", "audio/x-wav": ".wav", "audio/wav": ".wav", "video/mp4": ".mp4",
	"application/pkcs7-signature": ".p7s", "application/x-pkcs7-signature": ".p7s", "application/pkcs7-mime": ".p7m", "application/x-pkcs7-mime": ".p7m",
}

func extension(typ string, data []byte) string {
	if ext, ok := extensions[typ]; ok {
		return ext
	}
	switch {
	case bytes.HasPrefix(data, []byte("%PDF-")):
		return ".pdf"
	case bytes.HasPrefix(data, []byte("\x89PNG")):
		return ".png"
	case bytes.HasPrefix(data, []byte("\xff\xd8\xff")):
		return ".jpg"
	case bytes.HasPrefix(data, []byte("GIF8")):
		return ".gif"
	}
	return ".bin"
}

var types = map[string]string{
	".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".gif": "image/gif", ".bmp": "image/bmp", ".tif": "image/tiff", ".tiff": "image/tiff", ".webp": "image/webp", ".heic": "image/heic",
	".pdf": "application/pdf", ".zip": "application/zip", ".html": "text/html", ".htm": "text/html", ".txt": "text/plain", ".log": "text/plain", ".csv": "text/csv", ".vcf": "text/vcard", ".xml": "application/xml",
	".json": "application/json", ".doc": "application/msword", ".xls": "application/vnd.ms-excel", ".ppt": "application/vnd.ms-powerpoint", ".rtf": "application/rtf", ".ics": "text/calendar", ".eml": "message/rfc822",
	".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation", ".mp3": "audio/mpeg", ".wav": "audio/wav", ".mp4": "video/mp4", ".mov": "video/quicktime",
	".gz": "application/gzip", ".msg": "application/vnd.ms-outlook", ".asc": "application/pgp-signature", ".p7s": "application/pkcs7-signature", ".p7m": "application/pkcs7-mime",
}

// typeByName tells a media type from the name of a file whose sender gave none.
func typeByName(name string) string {
	if typ, ok := types[strings.ToLower(path.Ext(name))]; ok {
		return typ
	}
	return "application/octet-stream"
}
