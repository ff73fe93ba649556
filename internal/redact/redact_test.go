package redact_test

import (
	"strings"
	"testing"

	"goodturn/internal/redact"
)

func TestWhatIsTakenOut(t *testing.T) {
	k := redact.Know([]string{"Hana Moss", "Mark Page", "o.hara@example.com", "IT Support Team", "Jürgen Weiß", "Night Watch (monitoring)"}, []string{"Moss & Sons GmbH", "dale.example"})
	for _, c := range []struct{ text, want string }{
		{"Hana's PIN 4711 is blocked, call +49 30 1234567.", "[name]'s PIN [secret] is blocked, call [phone]."},
		{"hana and Hanas Drucker", "[name] and [name] Drucker"},
		{"HANA MOSS (moss, hana)", "[name] ([name])"},
		{"mark the page, Mark. Page two is on the next page.", "mark the page, [name]. [name] two is on the next page."},
		{"The support team of Moss & Sons in the moss", "The support team of [organisation] in the [name]"},
		{"write to hana.moss@dale.example, or to bob (at) example (dot) com", "write to [mail address], or to [mail address]"},
		{"my password: hunter2", "my password: [secret]"},
		{"The password is wrong. Password expired. The password is required. Passwort: bitte ändern", "The password is wrong. Password expired. The password is required. Passwort: bitte ändern"},
		{"The new password is Sommer2024! please", "The new password is [secret] please"},
		{"Kennwort lautet „geheim“", "Kennwort lautet „[secret]“"},
		{"error code 80070005, exit code: 137, code: 493021", "error code 80070005, exit code: 137, code: [secret]"},
		{"pin code 1234; the TAN 998877", "pin code [secret]; the TAN [secret]"},
		{"https://user:pass@example.com/x and https://example.com/reset?token=abc123", "[secret] and [link]"},
		{"See https://support.example.com/kb/vpn.html.", "See https://support.example.com/kb/vpn.html."},
		{"10.20.30.40 and 10.20.30.40:8080, version 10.0.0.1, 127.0.0.1, at 12:30:45", "[computer] and [computer], version 10.0.0.1, 127.0.0.1, at 12:30:45"},
		{"fe80::1ff:fe23:4567:890a and 00:1B:44:11:3A:B7", "[computer] and [computer]"},
		{`Log in as CORP\hmoss on \\fileserver\share, C:\Users\hmoss\Desktop, HKLM\Software\X, C:\Windows\System32`, `Log in as [user name] on \\[computer]\share, C:\Users\[user name]\Desktop, HKLM\Software\X, C:\Windows\System32`},
		{"username: jdoe, user ID is x4711, Benutzername: müller", "username: [user name], user ID is [user name], Benutzername: [user name]"},
		{"ping @hana and root@server1", "ping [user name] and [user name]"},
		{"INC0012345, #1042, ticket 4711, asset tag: NB-0042, serial number 5CG1234XYZ", "[number], [number], ticket [number], asset tag: [number], serial number [number]"},
		{"Room 204 on floor 3, the MFC-J5330DW, KB5005565, Office 365, UTF-8, 0x80070005", "Room 204 on floor 3, the MFC-J5330DW, KB5005565, Office 365, UTF-8, 0x80070005"},
		{"In 2024-05-06 or 06.05.2024 at 10:30", "In 2024-05-06 or 06.05.2024 at 10:30"},
		{"030 / 123 45 67, (555) 123-4567, 555-123-4567 x12, ext. 4711, Durchwahl 23456", "[phone], [phone], [phone], ext. [phone], Durchwahl [phone]"},
		{"12 Long Acre Street, Berlin", "[address], Berlin"},
		{"Hauptstraße 12, 10115 Berlin", "[address], [address]"},
		{"XQ2PD-8HT4M-V9KRC-33WW7", "[key]"},
		{"Key GUID 6B29FC40-CA47-1067-B31D-00DD010662DA", "Key GUID [key]"},
		{"Dear Sabine,\nplease ask Sabine.", "Dear [name],\nplease ask [name]."},
		{"Please help.\n\nBest regards,\nTerry Gillan\nGillan's phone", "Please help.\n\nBest regards,\n[name]\n[name]'s phone"},
		{"Hello all,\nthanks Team", "Hello all,\nthanks Team"},
		{"Herr Dr. Schröder und Frau Weiß", "Herr Dr. [name] und Frau [name]"},
		{"my name is Ottokar Domma and I", "my name is [name] and I"},
		{"IBAN DE89 3704 0044 0532 0130 00, card 4111 1111 1111 1111", "IBAN [number], card [number]"},
		{"The O'Hara folder", "The O'[name] folder"},
		{"[name] stays, [secret] too", "[name] stays, [secret] too"},
		{"It failed last night. Night told me.", "It failed last night. [name] told me."},
		{"", ""},
	} {
		got := k.Redact(c.text, redact.English)
		if got.Text != c.want {
			t.Errorf("%q\n got %q\nwant %q", c.text, got.Text, c.want)
		}
		for _, cut := range got.Cuts {
			if !strings.HasPrefix(got.Text[cut.At:], cut.Word) || !strings.Contains(c.text, cut.Was) {
				t.Errorf("%q: the cut %+v is not where it says", c.text, cut)
			}
		}
	}
}

func TestWhatStandsAround(t *testing.T) {
	r := redact.Know([]string{"Hana"}, nil).Redact("First line\nAsk Hana about it.", redact.English)
	if before, after := r.Around(r.Cuts[0], 7); before != "Ask " || after != " about " {
		t.Errorf("around it stand %q and %q", before, after)
	}
}

func TestNamesAreLearned(t *testing.T) {
	k := redact.Know(nil, nil)
	k.Learn("Hi Berta,\nit works.\n\nRegards\nOskar Matz")
	if got := k.Redact("As Berta told Matz", redact.English).Text; got != "As [name] told [name]" {
		t.Error(got)
	}
}

func FuzzRedact(f *testing.F) {
	for _, s := range []string{"Hana's PIN 4711", "password: password: a:b@c", "Hi Bob,\nBob\n--\nBob", "::1:2:3 \\\\a\\b @x 1.2.3.4", "[name]: [secret]", "pw=[name", "tel 12 34\x00\xff", "ß ẞ İ Straße 1"} {
		f.Add(s)
	}
	k := redact.Know([]string{"Hana Moss", "Bob"}, []string{"Moss & Sons"})
	f.Fuzz(func(t *testing.T, text string) {
		once := k.Redact(text, redact.English)
		if most := len(text) + 16*(len(once.Cuts)+1); len(once.Text) > most {
			t.Errorf("%d bytes became %d", len(text), len(once.Text))
		}
		if len(once.Cuts) > len(text) {
			t.Error("more was taken out than there was")
		}
		for _, c := range once.Cuts {
			if !strings.HasPrefix(once.Text[c.At:], c.Word) {
				t.Errorf("%+v is not there", c)
			}
		}
		if twice := k.Redact(once.Text, redact.English); twice.Text != once.Text {
			t.Errorf("again it is another: %q, %q", once.Text, twice.Text)
		}
	})
}
