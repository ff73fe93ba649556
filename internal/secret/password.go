package secret

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// params are the cost of an argon2id hash (RFC 9106 section 3.1): memory in KiB, passes, lanes.
type params struct {
	memory, time uint32
	lanes        uint8
}

// current costs about 20 ms and 19 MiB, the first of OWASP's recommendations for one lane.
var current = params{memory: 19 * 1024, time: 2, lanes: 1}

const (
	saltLength = 16
	hashLength = 32
)

// hashing lets two hashes run at once, so that a flood of sign-ins can take neither all memory nor all processors.
var hashing = make(chan struct{}, 2)

var errHash = errors.New("not an argon2id hash this program can read")

// HashPassword makes what is stored of a password: a PHC string such as "$argon2id$v=19$m=19456,t=2,p=1$salt$hash". It
// waits for its turn, and gives up with the context's error.
func HashPassword(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltLength)
	_, _ = rand.Read(salt)
	sum, err := derive(ctx, password, salt, current, hashLength)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, current.memory, current.time, current.lanes,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(sum)), nil
}

// VerifyPassword tells whether a password belongs to a stored hash. rehash is true when it does and the hash was made at
// another cost than today's: then store a new one. An empty hash, which a person without a password or an unknown person
// has, takes as long as any other and never fits, so that the time tells nothing about who exists.
func VerifyPassword(ctx context.Context, hash, password string) (ok, rehash bool, err error) {
	if hash == "" {
		_, err := derive(ctx, password, make([]byte, saltLength), current, hashLength)
		return false, false, err
	}
	p, salt, sum, err := parse(hash)
	if err != nil {
		return false, false, fmt.Errorf("verify password: %w", err)
	}
	got, err := derive(ctx, password, salt, p, uint32(len(sum)))
	if err != nil {
		return false, false, err
	}
	ok = Equal(got, sum)
	return ok, ok && (p != current || len(sum) != hashLength || len(salt) != saltLength), nil
}

// derive brings the password into one Unicode form first, because keyboards differ in how they compose an é.
func derive(ctx context.Context, password string, salt []byte, p params, length uint32) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("wait to hash: %w", err)
	}
	select {
	case hashing <- struct{}{}:
		defer func() { <-hashing }()
	case <-ctx.Done():
		return nil, fmt.Errorf("wait to hash: %w", ctx.Err())
	}
	return argon2.IDKey([]byte(norm.NFC.String(password)), salt, p.time, p.memory, p.lanes, length), nil
}

// parse reads a PHC string. The bounds keep a damaged row from asking for the machine's whole memory.
func parse(hash string) (p params, salt, sum []byte, err error) {
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != "v="+strconv.Itoa(argon2.Version) {
		return p, nil, nil, errHash
	}
	costs := strings.Split(parts[3], ",")
	if len(costs) != 3 {
		return p, nil, nil, errHash
	}
	memory, err1 := cost(costs[0], "m=", 8, 1<<20)
	time, err2 := cost(costs[1], "t=", 1, 100)
	lanes, err3 := cost(costs[2], "p=", 1, 64)
	salt, err4 := base64.RawStdEncoding.Strict().DecodeString(parts[4])
	sum, err5 := base64.RawStdEncoding.Strict().DecodeString(parts[5])
	if errors.Join(err1, err2, err3, err4, err5) != nil || len(salt) < 8 || len(salt) > 64 || len(sum) < 16 || len(sum) > 64 {
		return p, nil, nil, errHash
	}
	return params{memory: memory, time: time, lanes: uint8(lanes)}, salt, sum, nil
}

func cost(text, name string, least, most uint64) (uint32, error) {
	digits, ok := strings.CutPrefix(text, name)
	n, err := strconv.ParseUint(digits, 10, 32)
	if !ok || err != nil || n < least || n > most {
		return 0, errHash
	}
	return uint32(n), nil
}
