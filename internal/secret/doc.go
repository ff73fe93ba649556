// Package secret holds what must not be guessed, forged or shown: passwords, tokens, signatures, sealed values, second factors.
//
// It exists so that cryptography is chosen once and named by its job. Callers never pick an algorithm.
//
//	hash, err := secret.HashPassword(ctx, typed)              // argon2id, for the database
//	ok, rehash, err := secret.VerifyPassword(ctx, hash, typed)
//
//	token := secret.Token()                                   // goes into a link, once
//	stored := secret.Hash(token)                              // goes into the database
//
//	key, err := secret.OpenKey(filepath.Join(data, "key"))    // made at the first start
//	tag := key.Sign("reply address", []byte("4711"))          // fits a mail's local part
//	sealed := key.Seal("mailbox 3 imap", []byte(password))    // safe to store
//
// Invariants: no secret is stored that can be stored as a hash; every comparison takes constant time; every purpose has
// a key of its own, so what is signed for one is worth nothing for another; a Redacted prints as "[secret]" wherever it is printed.
//
// Whoever loses the key file loses the sealed mailbox passwords and the validity of addresses already sent, and nothing else.
package secret
