// Package wire opens everything in order and closes it in reverse: the only
// place that sees all packages. It decides nothing; what it connects does.
package wire

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/anjie-desk/anjie/bot/place"
	"github.com/anjie-desk/anjie/cmd/internal/config"
	"github.com/anjie-desk/anjie/content"
)

// Content is everything that the desk says, loaded and checked for shape.
type Content struct {
	FS      fs.FS
	Library *content.Library
	Texts   *content.Texts
	Intake  *content.Intake
	Places  *place.Register
	Dossier *content.Dossier
	// Settling is what the end of a mediation says and looks for.
	Settling *content.Settling
	Version  string // hash over the files that are searched
}

// OpenContent loads the content that s names: the built-in one, or a folder.
func OpenContent(s config.Settings) (*Content, error) {
	c := &Content{FS: content.Shipped()}
	if s.Content != "" {
		c.FS = os.DirFS(s.Content)
	}
	var err error
	if c.Library, err = content.Load(c.FS); err != nil {
		return nil, fmt.Errorf("content: %w", err)
	}
	if c.Texts, err = content.LoadTexts(c.FS); err != nil {
		return nil, fmt.Errorf("content: %w", err)
	}
	if c.Intake, err = content.LoadIntake(c.FS); err != nil {
		return nil, fmt.Errorf("content: %w", err)
	}
	if c.Dossier, err = content.LoadDossier(c.FS); err != nil {
		return nil, fmt.Errorf("content: %w", err)
	}
	if c.Settling, err = content.LoadSettling(c.FS); err != nil {
		return nil, fmt.Errorf("content: %w", err)
	}
	if c.Places, err = openRegister(s, c.FS); err != nil {
		return nil, err
	}
	if c.Version, err = hashOf(c.FS, "faq", "guide", "lexicon", "laws"); err != nil {
		return nil, fmt.Errorf("content: %w", err)
	}
	return c, nil
}

func openRegister(s config.Settings, fsys fs.FS) (*place.Register, error) {
	raw, err := content.Register(fsys)
	if s.Register != "" {
		raw, err = os.ReadFile(s.Register)
	}
	if err != nil {
		return nil, fmt.Errorf("register: %w", err)
	}
	reg, err := place.Parse(raw, place.Options{})
	if err != nil {
		return nil, fmt.Errorf("register: %w", err)
	}
	return reg, nil
}

// hashOf names the state of some folders of fsys: same files, same name.
func hashOf(fsys fs.FS, dirs ...string) (string, error) {
	h := sha256.New()
	for _, dir := range dirs {
		err := fs.WalkDir(fsys, dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".yaml") {
				return err
			}
			raw, err := fs.ReadFile(fsys, path)
			fmt.Fprintf(h, "%s %d\n", path, len(raw))
			h.Write(raw)
			return err
		})
		if err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(h.Sum(nil))[:12], nil
}
