package secret

import (
	"bytes"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/crypto/chacha20poly1305"
)

const keyLength = 32

// Signer signs and seals with keys derived from one key of the installation. It is safe for concurrent use.
type Signer struct{ key [keyLength]byte }

// NewSigner takes a key of at least 32 random bytes.
func NewSigner(key []byte) (*Signer, error) {
	if len(key) < keyLength {
		return nil, fmt.Errorf("the key has %d bytes and needs %d", len(key), keyLength)
	}
	s := &Signer{}
	derived, err := hkdf.Key(sha256.New, key, nil, "goodturn", keyLength)
	if err != nil {
		return nil, fmt.Errorf("derive key: %w", err)
	}
	copy(s.key[:], derived)
	return s, nil
}

// OpenKey reads the key of an installation from a file (64 hexadecimal digits), and makes it when there is none, so
// that two programs that start at once agree on one. It refuses a file that others may read or write.
func OpenKey(path string) (*Signer, error) {
	key, err := readKey(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := makeKey(path); err != nil {
			return nil, fmt.Errorf("make key file: %w", err)
		}
		key, err = readKey(path)
	}
	if err != nil {
		return nil, fmt.Errorf("read key file: %w", err)
	}
	return NewSigner(key)
}

func readKey(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return nil, fmt.Errorf("%s is open to other users (mode %04o); run: chmod 600 %s", path, mode, path)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	key, err := hex.DecodeString(string(bytes.TrimSpace(data)))
	if err != nil || len(key) != keyLength {
		return nil, fmt.Errorf("%s does not hold %d hexadecimal digits; restore it from a backup, or move it away to start with a new key", path, 2*keyLength)
	}
	return key, nil
}

// makeKey writes beside the path and links the file in place: a link fails when another program was quicker, and a
// reader never meets half a key.
func makeKey(path string) (err error) {
	var key [keyLength]byte
	_, _ = rand.Read(key[:])
	dir := filepath.Dir(path)
	f, err := os.CreateTemp(dir, ".key-*") // made with mode 0600
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.Remove(f.Name())) }()
	_, werr := fmt.Fprintf(f, "%x\n", key)
	if err := errors.Join(werr, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Link(f.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// String hides the key.
func (s *Signer) String() string { return hidden }

// GoString hides the key from %#v.
func (s *Signer) GoString() string { return hidden }

// LogValue hides the key.
func (s *Signer) LogValue() slog.Value { return slog.StringValue(hidden) }

// derive gives the key of one purpose (HKDF, RFC 5869). job keeps signing and sealing apart.
func (s *Signer) derive(job, purpose string) []byte {
	key, err := hkdf.Expand(sha256.New, s.key[:], job+"\x00"+purpose, keyLength)
	if err != nil {
		panic(err) // only for lengths over 8160 bytes
	}
	return key
}

// tagEncoding is base32 in lower case: it survives mail systems that ignore or change case.
var tagEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// tagLength is 100 bits of the HMAC: beyond trying through mail or HTTP, and short enough for a local part of 64 octets.
const tagLength = 20

// Sign gives a tag of 20 characters, a-z and 2-7, that only this installation can make for data and purpose. What data
// consists of must be unambiguous: join numbers with a separator.
func (s *Signer) Sign(purpose string, data []byte) string {
	mac := hmac.New(sha256.New, s.derive("sign", purpose))
	mac.Write(data)
	return tagEncoding.EncodeToString(mac.Sum(nil))[:tagLength]
}

// Verify tells whether tag was made by Sign for the same purpose and data; the tag's case does not matter.
func (s *Signer) Verify(purpose string, data []byte, tag string) bool {
	return Equal([]byte(s.Sign(purpose, data)), []byte(strings.ToLower(tag)))
}

// sealVersion leads every sealed value, so that another cipher can follow one day.
const sealVersion = 1

// ErrSealed means that a sealed value was made with another key or for another purpose, or is damaged.
var ErrSealed = errors.New("the sealed value does not fit this installation's key")

// Seal encrypts a value for storage (XChaCha20-Poly1305 with a random nonce, 41 bytes longer than the value). It can only
// be opened for the same purpose; one that names the row, such as "mailbox 3 imap", keeps values from being swapped.
func (s *Signer) Seal(purpose string, plain []byte) []byte {
	aead, err := chacha20poly1305.NewX(s.derive("seal", purpose))
	if err != nil {
		panic(err) // only for a key of another length
	}
	out := make([]byte, 1+aead.NonceSize(), 1+aead.NonceSize()+len(plain)+aead.Overhead())
	out[0] = sealVersion
	_, _ = rand.Read(out[1:])
	return aead.Seal(out, out[1:], plain, out[:1])
}

// Open decrypts what Seal made, or gives ErrSealed.
func (s *Signer) Open(purpose string, sealed []byte) ([]byte, error) {
	aead, err := chacha20poly1305.NewX(s.derive("seal", purpose))
	if err != nil {
		panic(err) // only for a key of another length
	}
	head := 1 + aead.NonceSize()
	if len(sealed) < head+aead.Overhead() || sealed[0] != sealVersion {
		return nil, ErrSealed
	}
	plain, err := aead.Open(nil, sealed[1:head], sealed[head:], sealed[:1])
	if err != nil {
		return nil, ErrSealed
	}
	return plain, nil
}
