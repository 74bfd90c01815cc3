package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"strings"
)

//go:embed static
var staticFiles embed.FS

// assets maps a file's name to its name with its hash, by which it is served
// and may be kept for ever. It is filled once and never changes.
var assets = hashAssets()

func hashAssets() map[string]string {
	names := map[string]string{}
	entries, _ := fs.ReadDir(staticFiles, "static") // embedded
	for _, e := range entries {
		b, _ := staticFiles.ReadFile("static/" + e.Name()) // just listed
		sum := sha256.Sum256(b)
		ext := path.Ext(e.Name())
		names[e.Name()] = strings.TrimSuffix(e.Name(), ext) + "." + hex.EncodeToString(sum[:5]) + ext
	}
	return names
}

func asset(name string) string { return "/static/" + assets[name] }

var contentTypes = map[string]string{
	".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml",
}

// serveStatic serves a file by its hashed name; any other name is not found.
func (s *Server) serveStatic(w http.ResponseWriter, r *http.Request) {
	for name, hashed := range assets {
		if hashed == r.PathValue("file") {
			serveFile(w, name, "public, max-age=31536000, immutable")
			return
		}
	}
	http.NotFound(w, r)
}

func (s *Server) serveFavicon(w http.ResponseWriter, _ *http.Request) {
	serveFile(w, "favicon.svg", "public, max-age=86400")
}

func serveFile(w http.ResponseWriter, name, cache string) {
	b, _ := staticFiles.ReadFile("static/" + name) // embedded
	w.Header().Set("Content-Type", contentTypes[path.Ext(name)])
	w.Header().Set("Cache-Control", cache)
	_, _ = w.Write(b) // who went away needs no file
}

const robots = "User-agent: *\nDisallow: /console\nDisallow: /events\nAllow: /column\n"

func (s *Server) serveRobots(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte(robots))
}
