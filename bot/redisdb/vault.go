package redisdb

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"strconv"
	"strings"
	"sync"
)

const (
	masterBytes = 32
	keyBytes    = 32
	saltBytes   = 16
	macBytes    = 16
)

// vault holds the keys made from the master key. It seals personal data with
// AES-256-GCM, one key a case, and links the audit trail by HMAC-SHA-256.
type vault struct {
	master []byte
	id     string // first bytes of a hash of the master key: says which key sealed a field
	trail  *keyed
	blind  *keyed
}

// keyed makes hashes under one key; it keeps what a key costs to set up.
type keyed struct{ pool sync.Pool }

func newKeyed(key []byte) *keyed {
	return &keyed{sync.Pool{New: func() any { return hmac.New(sha256.New, key) }}}
}

func (k *keyed) sum(text []byte) []byte {
	h, _ := k.pool.Get().(hash.Hash)
	defer k.pool.Put(h)
	h.Reset()
	h.Write(text)
	return h.Sum(nil)
}

func newVault(master []byte) (*vault, error) {
	if len(master) != masterBytes {
		return nil, fmt.Errorf("master key has %d bytes, it needs %d", len(master), masterBytes)
	}
	v := &vault{master: master}
	for use, into := range map[string]**keyed{"anjie trail": &v.trail, "anjie blind": &v.blind} {
		key, err := hkdf.Key(sha256.New, master, nil, use, keyBytes)
		if err != nil {
			return nil, err
		}
		*into = newKeyed(key)
	}
	id, err := hkdf.Key(sha256.New, master, nil, "anjie key id", 4)
	v.id = hex.EncodeToString(id)
	return v, err
}

// newSalt makes the salt of a case's own key. Whoever destroys it destroys the
// case's personal data, in backups too that lack it.
func newSalt() string {
	b := make([]byte, saltBytes)
	_, _ = rand.Read(b) // never fails, see crypto/rand
	return string(b)
}

// sealer seals and opens the fields of one case.
type sealer struct {
	aead   cipher.AEAD
	prefix string
	name   string
}

// sealer returns the sealer of the thing called name (a case) with its salt.
func (v *vault) sealer(name, salt string) (sealer, error) {
	key, err := hkdf.Key(sha256.New, v.master, []byte(salt), "anjie field "+name, keyBytes)
	if err != nil {
		return sealer{}, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return sealer{}, err
	}
	aead, err := cipher.NewGCM(block)
	return sealer{aead: aead, prefix: "v1:" + v.id + ":", name: name}, err
}

// seal returns "v1:<key id>:" and nonce and ciphertext as raw bytes, bound to
// the case and the field's name.
func (s sealer) seal(field, plain string) string {
	if plain == "" {
		return ""
	}
	out := make([]byte, len(s.prefix)+s.aead.NonceSize(), len(s.prefix)+s.aead.NonceSize()+len(plain)+s.aead.Overhead())
	copy(out, s.prefix)
	nonce := out[len(s.prefix):]
	_, _ = rand.Read(nonce) // never fails, see crypto/rand
	return string(s.aead.Seal(out, nonce, []byte(plain), s.aad(field)))
}

// open reverses seal. The error says which field, never what is in it.
func (s sealer) open(field, sealed string) (string, error) {
	if sealed == "" {
		return "", nil
	}
	body, ok := strings.CutPrefix(sealed, s.prefix)
	if !ok {
		return "", fmt.Errorf("field %s of %s: sealed by another key than this desk's", field, s.name)
	}
	n := s.aead.NonceSize()
	if len(body) < n {
		return "", fmt.Errorf("field %s of %s: sealed text cut short", field, s.name)
	}
	plain, err := s.aead.Open(nil, []byte(body[:n]), []byte(body[n:]), s.aad(field))
	if err != nil {
		return "", fmt.Errorf("field %s of %s: %w", field, s.name, errors.New("sealed text was changed or belongs elsewhere"))
	}
	return string(plain), nil
}

func (s sealer) aad(field string) []byte { return []byte(s.name + "\x00" + field) }

// mac is a keyed hash over parts, each preceded by its length, so that no two
// lists of parts look the same.
func mac(key *keyed, parts ...string) []byte {
	size := 0
	for _, p := range parts {
		size += len(p) + len("12345678:")
	}
	text := make([]byte, 0, size)
	for _, p := range parts {
		text = append(strconv.AppendInt(text, int64(len(p)), 10), ':')
		text = append(text, p...)
	}
	return key.sum(text)
}

// link is the audit trail's hash over the link before and an event.
func (v *vault) link(before string, event ...string) string {
	sum := mac(v.trail, append([]string{before}, event...)...)
	return base64.RawURLEncoding.EncodeToString(sum[:macBytes])
}

// stamp is a keyed hash over a case's fields, kept with them.
func (v *vault) stamp(parts ...string) string {
	return base64.RawURLEncoding.EncodeToString(mac(v.trail, parts...)[:macBytes])
}
