package mailmsg

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"goodturn/internal/testserver/guard"
)

// tool runs a program with standard input and gives what it prints.
func tool(t *testing.T, dir, stdin, name string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		guard.Missing(t, name, "scripts/install-test-deps")
	}
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Stdin = dir, strings.NewReader(stdin)
	cmd.Env = append(os.Environ(), "GNUPGHOME="+dir)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, errs.String())
	}
	return out.String()
}

const cryptoHead = "From: Ann <ann@example.com>\r\nTo: desk@example.com\r\nSubject: signed\r\nMIME-Version: 1.0\r\n"

func TestPGP(t *testing.T) {
	home, err := os.MkdirTemp("", "gpg") // the agent's socket needs a short path
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(home)
	gpg := func(stdin string, args ...string) string {
		t.Helper()
		return tool(t, home, stdin, "gpg", append([]string{"--batch", "--quiet", "--yes", "--pinentry-mode", "loopback", "--passphrase", ""}, args...)...)
	}
	gpg("", "--quick-gen-key", "Ann <ann@example.com>", "ed25519", "sign", "never")
	defer func() { _ = exec.Command("gpgconf", "--homedir", home, "--kill", "all").Run() }()
	var keys Keys
	if err := keys.Add([]byte(gpg("", "--armor", "--export"))); err != nil {
		t.Fatal(err)
	}
	part := "Content-Type: text/plain; charset=utf-8\r\n\r\nHello,\r\n- this is signed.\r\n"
	detached := func(signed, shown string) string {
		return cryptoHead + "Content-Type: multipart/signed; micalg=pgp-sha256; protocol=\"application/pgp-signature\"; boundary=s\r\n\r\n--s\r\n" + shown + "\r\n--s\r\nContent-Type: application/pgp-signature\r\n\r\n" + gpg(signed, "--armor", "--detach-sign") + "\r\n--s--\r\n"
	}
	clear := cryptoHead + "\r\n" + gpg("Hello,\n- this is signed.\n", "--clearsign")
	opaque := cryptoHead + "\r\n" + gpg("Hello,\n- this is signed.\n", "--armor", "--sign")
	for _, c := range []struct {
		name, raw string
		keys      Keys
		want      Signature
	}{
		{"beside", detached(part, part), keys, Signature{Kind: CryptoPGP, State: SignatureGood, By: "ann@example.com"}},
		{"beside, bare line ends", strings.ReplaceAll(detached(part, part), "\r\n", "\n"), keys, Signature{Kind: CryptoPGP, State: SignatureGood, By: "ann@example.com"}},
		{"changed", detached(part, strings.Replace(part, "this", "that", 1)), keys, Signature{Kind: CryptoPGP, State: SignatureBad}},
		{"unknown", detached(part, part), Keys{}, Signature{Kind: CryptoPGP, State: SignatureUnknownKey}},
		{"another sender", strings.Replace(detached(part, part), "ann@example.com", "boss@example.com", 1), keys, Signature{Kind: CryptoPGP, State: SignatureGood, By: "ann@example.com", Other: true}},
		{"in the text", clear, keys, Signature{Kind: CryptoPGP, State: SignatureGood, By: "ann@example.com"}},
		{"in the text, changed", strings.Replace(clear, "this is", "this was", 1), keys, Signature{Kind: CryptoPGP, State: SignatureBad}},
		{"in a part of the text", strings.Replace(clear, "\r\n\r\n", "\r\n\r\nPay this first.\n", 1), keys, Signature{Kind: CryptoPGP, State: SignatureGood, By: "ann@example.com", Partial: true}},
		{"a list's footer", cryptoHead + "Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n" + strings.TrimPrefix(detached(part, part), cryptoHead) + "\r\n--m\r\n\r\nfooter\r\n--m--\r\n", keys, Signature{Kind: CryptoPGP, State: SignatureGood, By: "ann@example.com", Partial: true}},
		{"none", cryptoHead + "\r\nHello\r\n", keys, Signature{}},
	} {
		got := CheckSignature([]byte(c.raw), c.keys)
		if c.want.By == "" && len(got.By) == 16 { // the id of the key
			got.By = ""
		}
		if got != c.want {
			t.Errorf("%s: got %+v, want %+v", c.name, got, c.want)
		}
	}
	for _, raw := range []string{clear, opaque, detached(part, part)} {
		if m := Parse([]byte(raw)); m.Text != "Hello,\n- this is signed." || !m.Signed || m.Encrypted || m.Crypto != CryptoPGP {
			t.Errorf("text %q, signed %v, encrypted %v", m.Text, m.Signed, m.Encrypted)
		}
	}
}

func TestSMIME(t *testing.T) {
	dir := t.TempDir()
	openssl := func(stdin string, args ...string) string {
		t.Helper()
		return tool(t, dir, stdin, "openssl", args...)
	}
	write := func(name, content string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	openssl("", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=Example CA")
	openssl("", "req", "-newkey", "rsa:2048", "-nodes", "-keyout", "ann.key", "-out", "ann.csr", "-subj", "/CN=Ann Ask")
	write("ann.ext", "subjectAltName=email:ann@example.com\nextendedKeyUsage=emailProtection\n")
	openssl("", "x509", "-req", "-in", "ann.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "ann.ext", "-out", "ann.pem")
	ca, err := os.ReadFile(filepath.Join(dir, "ca.pem"))
	if err != nil {
		t.Fatal(err)
	}
	var keys Keys
	if err := keys.Add(ca); err != nil {
		t.Fatal(err)
	}
	part := "Content-Type: text/plain; charset=utf-8\r\n\r\nHello, this is signed.\r\n"
	sign := func(args ...string) string {
		return strings.TrimSuffix(cryptoHead, "MIME-Version: 1.0\r\n") + openssl(part, append([]string{"cms", "-sign", "-signer", "ann.pem", "-inkey", "ann.key"}, args...)...)
	}
	beside, opaque := sign(), sign("-nodetach", "-binary")
	good := Signature{Kind: CryptoSMIME, State: SignatureGood, By: "ann@example.com", Issuer: "Example CA"}
	with := func(change func(*Signature)) Signature {
		s := good
		change(&s)
		return s
	}
	for _, c := range []struct {
		name, raw string
		keys      Keys
		want      Signature
	}{
		{"beside", beside, keys, good},
		{"opaque", opaque, keys, good},
		{"changed", strings.Replace(beside, "this is", "this was", 1), keys, with(func(s *Signature) { s.State = SignatureBad })},
		{"unknown issuer", beside, Keys{}, with(func(s *Signature) { s.State = SignatureUnknownKey })},
		{"another sender", strings.Replace(beside, "ann@example.com", "boss@example.com", 1), keys, with(func(s *Signature) { s.Other = true })},
	} {
		if got := CheckSignature([]byte(c.raw), c.keys); got != c.want {
			t.Errorf("%s: got %+v, want %+v", c.name, got, c.want)
		}
	}
	for _, raw := range []string{beside, opaque} {
		if m := Parse([]byte(raw)); m.Text != "Hello, this is signed." || !m.Signed || m.Encrypted || m.Crypto != CryptoSMIME {
			t.Errorf("text %q, signed %v, encrypted %v, %q", m.Text, m.Signed, m.Encrypted, m.Warnings)
		}
	}
	encrypted := cryptoHead + openssl(part, "cms", "-encrypt", "-aes128", "ann.pem")
	if m := Parse([]byte(encrypted)); m.Text != "" || m.Signed || !m.Encrypted || attachmentNames(m) != "smime.p7m" {
		t.Errorf("encrypted: text %q, signed %v, encrypted %v, files %q", m.Text, m.Signed, m.Encrypted, attachmentNames(m))
	}
}

// TestCryptoCorpus: what is readable is shown, the rest is kept and named.
func TestCryptoCorpus(t *testing.T) {
	s := score{name: "PGP and S/MIME", floor: 100}
	err := filepath.WalkDir(corpus(t, "mail", "rt-crypt"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw := readFile(t, path)
		m := Parse(raw)
		sig := CheckSignature(raw, Keys{})
		t.Logf("%-46s signed %-5v encrypted %-5v %-12s %-12s %3d bytes, %s", filepath.Base(path), m.Signed, m.Encrypted, sig.State, sig.By, len(m.Text), attachmentNames(m))
		hidden := m.Encrypted && m.Text == "" && len(m.Attachments) > 0
		s.check((hidden || strings.TrimSpace(m.Text) != "") && !strings.HasPrefix(m.Text, "-----BEGIN") && !m.Broken && sig.State != SignatureGood && (sig.State != "") == m.Signed, path)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	s.report(t)
}

// TestDeepBER: nesting that would exhaust the stack is not followed.
func TestDeepBER(t *testing.T) {
	if !shallowBER(bytes.Repeat([]byte{0x30, 0x80}, 20)) || shallowBER(bytes.Repeat([]byte{0x30, 0x80}, 1<<20)) {
		t.Error("the depth is not seen")
	}
	raw := append([]byte(cryptoHead+"Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\r\n\r\n"), bytes.Repeat([]byte{0x30, 0x80}, 1<<20)...)
	if m := Parse(raw); len(m.Attachments) != 1 || CheckSignature(raw, Keys{}).State == SignatureGood {
		t.Errorf("files %v", m.Attachments)
	}
}

func FuzzCheckSignature(f *testing.F) {
	f.Add([]byte(cryptoHead + "Content-Type: multipart/signed; boundary=s\r\n\r\n--s\r\n\r\nx\r\n--s\r\nContent-Type: application/pgp-signature\r\n\r\n" + pgpSignature + "\r\n\r\niHUEABYKAB0=\r\n" + pgpSigEnd + "\r\n--s--\r\n"))
	f.Add([]byte(cryptoHead + "\r\n" + pgpSigned + "\r\nHash: SHA256\r\n\r\nx\r\n" + pgpSignature + "\r\n\r\niHUEABYKAB0=\r\n" + pgpSigEnd + "\r\n"))
	f.Add([]byte(cryptoHead + "Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: base64\r\n\r\nMIAGCSqGSIb3DQEHAqCAMIACAQExAA==\r\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if CheckSignature(raw, Keys{}).State == SignatureGood {
			t.Error("good without any key")
		}
	})
}
