package wire

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

const secretBytes = 32

// secret reads the master key, 32 bytes in base64. A missing file is made: the
// first start has none. One that is there but damaged is an error, since a new
// key could not read the names that the old one sealed.
func secret(file string) ([]byte, error) {
	raw, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return newSecret(file)
	}
	if err != nil {
		return nil, fmt.Errorf("secret: %w", err)
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(raw)))
	if err != nil || len(key) != secretBytes {
		return nil, fmt.Errorf("secret: %s does not hold %d bytes in base64; put the right file back", file, secretBytes)
	}
	return key, nil
}

func newSecret(file string) ([]byte, error) {
	key := make([]byte, secretBytes)
	if _, err := rand.Read(key); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return nil, fmt.Errorf("secret: %w", err)
	}
	// O_EXCL: of two that start at once only one makes the key.
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return secret(file)
	}
	if err != nil {
		return nil, fmt.Errorf("secret: %w", err)
	}
	_, err = f.WriteString(base64.StdEncoding.EncodeToString(key) + "\n")
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, fmt.Errorf("secret: %w", err)
	}
	return key, nil
}
