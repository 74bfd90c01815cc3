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

type keyedHash struct {
	hash.Hash
	text []byte
}

func newKeyed(key []byte) *keyed {
	return &keyed{sync.Pool{New: func() any { return &keyedHash{Hash: hmac.New(sha256.New, key)} }}}
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
	return s.sealBytes(field, []byte(plain))
}

func (s sealer) sealBytes(field string, plain []byte) string {
	out := make([]byte, len(s.prefix)+s.aead.NonceSize(), len(s.prefix)+s.aead.NonceSize()+len(plain)+s.aead.Overhead())
	copy(out, s.prefix)
	nonce := out[len(s.prefix):]
	_, _ = rand.Read(nonce) // never fails, see crypto/rand
	return string(s.aead.Seal(out, nonce, plain, s.aad(field)))
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
func mac(key *keyed, parts ...string) (sum [sha256.Size]byte) {
	h, _ := key.pool.Get().(*keyedHash)
	defer key.pool.Put(h)
	h.text = h.text[:0]
	for _, p := range parts {
		h.text = append(strconv.AppendInt(h.text, int64(len(p)), 10), ':')
		h.text = append(h.text, p...)
	}
	h.Reset()
	_, _ = h.Write(h.text) // never fails, see hash.Hash
	h.text = h.Sum(h.text[:0])
	copy(sum[:], h.text)
	return sum
}

// shortMac is the beginning of mac, as text.
func shortMac(key *keyed, parts ...string) string {
	sum := mac(key, parts...)
	return base64.RawURLEncoding.EncodeToString(sum[:macBytes])
}

// link is the audit trail's hash over the link before and an event.
func (v *vault) link(before string, event ...string) string {
	return shortMac(v.trail, append([]string{before}, event...)...)
}

// stamp is a keyed hash over a case's fields, kept with them.
func (v *vault) stamp(parts ...string) string {
	return shortMac(v.trail, parts...)
}
