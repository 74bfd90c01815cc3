// Package config reads the settings: defaults, then the settings file, then
// the environment, then flags. It is strict: an unknown key or variable is an
// error, so that a misspelt setting never silently does nothing.
package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/caarlos0/env/v11"
	"go.yaml.in/yaml/v3"
)

// Settings is everything that an operator may set. The zero value of a field
// means its default, named beside it.
type Settings struct {
	Listen    string   `yaml:"listen" env:"ANJIE_LISTEN"`         // address of the web server; 127.0.0.1:8080
	Data      string   `yaml:"data" env:"ANJIE_DATA"`             // data folder; the user's data folder + /anjie
	PublicURL string   `yaml:"public_url" env:"ANJIE_PUBLIC_URL"` // how residents reach the site; http:// + listen
	Tenant    string   `yaml:"tenant" env:"ANJIE_TENANT"`         // key of the sub-district in Redis; chengqu
	Register  string   `yaml:"register" env:"ANJIE_REGISTER"`     // village register file; the built-in one
	Content   string   `yaml:"content" env:"ANJIE_CONTENT"`       // content folder; the built-in content
	Secret    string   `yaml:"secret" env:"ANJIE_SECRET"`         // file that holds the 32-byte master key, base64; data/secret.key, made at first start
	Redis     Redis    `yaml:"redis"`
	Telegram  Telegram `yaml:"telegram"`
	Archive   Archive  `yaml:"archive"`
	Files     Files    `yaml:"files"`

	// RequestDays is how many working days the desk gives itself to settle what
	// somebody asks of their own data; 15.
	RequestDays int `yaml:"request_days" env:"ANJIE_REQUEST_DAYS"`

	Log     Log     `yaml:"log"`
	Metrics Metrics `yaml:"metrics"`
	Proxy   bool    `yaml:"behind_proxy" env:"ANJIE_BEHIND_PROXY"` // trust X-Forwarded-For and -Proto of the peer
}

// Redis says where the desk's state is kept.
type Redis struct {
	URL    string `yaml:"url" env:"REDIS_URL"`             // empty: trial mode, in-process Redis
	Unsafe bool   `yaml:"unsafe" env:"ANJIE_REDIS_UNSAFE"` // start on a Redis that may lose acknowledged reports

	// Replicas is how many replicas must hold a report before the resident is
	// told that it is kept; 0. Set it where Sentinel or a Cluster fails over.
	Replicas int `yaml:"replicas" env:"ANJIE_REDIS_REPLICAS"`
}

// Telegram sets the Telegram channel. Without a token it is off.
type Telegram struct {
	Token     string `yaml:"token" env:"ANJIE_TELEGRAM_TOKEN"`
	TokenFile string `yaml:"token_file" env:"ANJIE_TELEGRAM_TOKEN_FILE"` // read instead of token
	Endpoint  string `yaml:"endpoint" env:"ANJIE_TELEGRAM_ENDPOINT"`     // https://api.telegram.org/bot%s/%s
	Webhook   bool   `yaml:"webhook" env:"ANJIE_TELEGRAM_WEBHOOK"`       // webhook at PublicURL/telegram instead of long poll
	Secret    string `yaml:"webhook_secret" env:"ANJIE_TELEGRAM_WEBHOOK_SECRET"`
	Channel   string `yaml:"channel" env:"ANJIE_TELEGRAM_CHANNEL"` // @name or id that publicity goes to; empty: none
	Reports   bool   `yaml:"reports" env:"ANJIE_TELEGRAM_REPORTS"` // take reports over Telegram, see docs/PRIVACY.md; off
}

// Archive says where archived cases go that leave Redis, and when.
type Archive struct {
	Folder string `yaml:"folder" env:"ANJIE_ARCHIVE"`    // data/archive; replicas on several machines share it
	Days   int    `yaml:"days" env:"ANJIE_ARCHIVE_DAYS"` // after a case was archived; 30
}

// Files bounds what files take up in the data folder that people sent before
// there is a case for them. What the staff keeps is in no bound.
type Files struct {
	Waiting int `yaml:"waiting_mb" env:"ANJIE_FILES_WAITING_MB"` // all together, in MB; 2048
	Share   int `yaml:"share_mb" env:"ANJIE_FILES_SHARE_MB"`     // of it from one address or Telegram chat, in MB; 300
}

// Log sets what is logged.
type Log struct {
	Level  string `yaml:"level" env:"ANJIE_LOG_LEVEL"`   // debug, info, warn, error; info
	Format string `yaml:"format" env:"ANJIE_LOG_FORMAT"` // text, json; text
}

// Metrics guards /metrics.
type Metrics struct {
	Token string `yaml:"token" env:"ANJIE_METRICS_TOKEN"` // bearer token; empty: loopback only
}

// Trial tells whether the desk runs without a Redis of its own.
func (s Settings) Trial() bool { return s.Redis.URL == "" }

// Load reads file (or data/anjie.yaml if file is empty and that exists), then
// environ, a list of KEY=value. flags overrides both where it is set.
func Load(file string, environ []string, flags Settings) (Settings, error) {
	s := Settings{Data: flags.Data}
	vars, err := variables(environ)
	if err != nil {
		return s, err
	}
	if s.Data == "" {
		s.Data = vars["ANJIE_DATA"]
	}
	if s.Data == "" {
		s.Data = defaultData(vars)
	}
	if err := s.readFile(file); err != nil {
		return s, err
	}
	if err := env.ParseWithOptions(&s, env.Options{Environment: vars}); err != nil {
		return s, fmt.Errorf("environment: %w", err)
	}
	if flags.Data != "" {
		s.Data = flags.Data
	}
	if flags.Listen != "" {
		s.Listen = flags.Listen
	}
	if err := s.complete(); err != nil {
		return s, err
	}
	return s, s.check()
}

func (s *Settings) readFile(file string) error {
	named := file != ""
	if !named {
		file = filepath.Join(s.Data, "anjie.yaml")
	}
	raw, err := os.ReadFile(file)
	if !named && errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("settings file: %w; name another with --config, or another data folder with --data", err)
	}
	dec := yaml.NewDecoder(bytes.NewReader(raw))
	dec.KnownFields(true)
	if err := dec.Decode(s); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("settings file %s: %s; mend that line or move the file away", file, oneLine(err))
	}
	return nil
}

// oneLine squeezes yaml's list of errors into a line that still names each.
func oneLine(err error) string {
	var lines []string
	for l := range strings.Lines(err.Error()) {
		if l = strings.TrimSpace(l); l != "" && l != "yaml: unmarshal errors:" {
			lines = append(lines, strings.TrimPrefix(l, "yaml: "))
		}
	}
	return strings.Join(lines, "; ")
}

func (s *Settings) complete() error {
	def := func(p *string, v string) {
		if *p == "" {
			*p = v
		}
	}
	def(&s.Listen, "127.0.0.1:8080")
	def(&s.Tenant, "chengqu")
	def(&s.Log.Level, "info")
	def(&s.Log.Format, "text")
	def(&s.Archive.Folder, filepath.Join(s.Data, "archive"))
	if s.RequestDays == 0 {
		s.RequestDays = 15
	}
	if s.Archive.Days == 0 {
		s.Archive.Days = 30
	}
	if s.Files.Waiting == 0 {
		s.Files.Waiting = 2048
	}
	if s.Files.Share == 0 {
		s.Files.Share = min(300, s.Files.Waiting)
	}
	def(&s.Secret, filepath.Join(s.Data, "secret.key"))
	def(&s.Telegram.Endpoint, "https://api.telegram.org/bot%s/%s")
	def(&s.PublicURL, "http://"+s.Listen)
	s.PublicURL = strings.TrimRight(s.PublicURL, "/")
	if s.Telegram.TokenFile == "" {
		return nil
	}
	raw, err := os.ReadFile(s.Telegram.TokenFile)
	if err != nil {
		return fmt.Errorf("telegram token file: %w", err)
	}
	s.Telegram.Token = strings.TrimSpace(string(raw))
	return nil
}

func (s *Settings) check() error {
	if _, _, err := net.SplitHostPort(s.Listen); err != nil {
		return fmt.Errorf("listen %q: write HOST:PORT, for example 127.0.0.1:8080", s.Listen)
	}
	u, err := url.Parse(s.PublicURL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("public_url %q: write an address such as https://anjie.example.cn", s.PublicURL)
	}
	if !slices.Contains([]string{"debug", "info", "warn", "error"}, s.Log.Level) {
		return fmt.Errorf("log.level %q: write debug, info, warn or error", s.Log.Level)
	}
	if !slices.Contains([]string{"text", "json"}, s.Log.Format) {
		return fmt.Errorf("log.format %q: write text or json", s.Log.Format)
	}
	if strings.Count(s.Telegram.Endpoint, "%s") != 2 {
		return fmt.Errorf("telegram.endpoint %q: it needs %%s twice, for the token and the method", s.Telegram.Endpoint)
	}
	if s.Redis.Replicas < 0 || s.Redis.Replicas > 0 && s.Trial() {
		return fmt.Errorf("redis.replicas %d: write how many replicas the Redis of redis.url has, or leave it out", s.Redis.Replicas)
	}
	if s.RequestDays < 0 {
		return fmt.Errorf("request_days %d: write a number of days", s.RequestDays)
	}
	if s.Archive.Days < 0 {
		return fmt.Errorf("archive.days %d: write a number of days", s.Archive.Days)
	}
	if s.Files.Share < 20 || s.Files.Waiting < s.Files.Share {
		return fmt.Errorf("files.waiting_mb %d, files.share_mb %d: write at least 20, which one file may have, and no larger a share than there is for all", s.Files.Waiting, s.Files.Share)
	}
	if s.Telegram.Webhook && len(s.Telegram.Secret) < 16 {
		return errors.New("telegram.webhook_secret: a webhook needs a secret of at least 16 letters and digits")
	}
	return nil
}

// variables turns environ into a map and refuses an ANJIE_ variable that no
// setting has.
func variables(environ []string) (map[string]string, error) {
	known := map[string]bool{"ANJIE_CONFIG": true, "ANJIE_SHARED": true}
	params, err := env.GetFieldParams(&Settings{})
	if err != nil {
		return nil, err
	}
	for _, p := range params {
		known[p.Key] = true
	}
	vars := map[string]string{}
	for _, kv := range environ {
		k, v, _ := strings.Cut(kv, "=")
		if strings.HasPrefix(k, "ANJIE_") && !known[k] {
			return nil, fmt.Errorf("environment: no setting is called %s; `anjie doctor --settings` lists them", k)
		}
		if v != "" {
			vars[k] = v
		}
	}
	return vars, nil
}

// Variables lists the environment variables that Load takes.
func Variables() []string {
	params, err := env.GetFieldParams(&Settings{})
	if err != nil {
		panic(err) // the struct's own tags are broken
	}
	var keys []string
	for _, p := range params {
		keys = append(keys, p.Key)
	}
	slices.Sort(keys)
	return keys
}

// defaultData is the per-user data folder, by the XDG base directory rules.
func defaultData(vars map[string]string) string {
	if dir := vars["XDG_DATA_HOME"]; filepath.IsAbs(dir) {
		return filepath.Join(dir, "anjie")
	}
	if home := vars["HOME"]; home != "" {
		return filepath.Join(home, ".local", "share", "anjie")
	}
	return "anjie-data"
}

// Redacted returns a copy that may be logged: secrets are struck out.
func (s Settings) Redacted() Settings {
	strike := func(p *string) {
		if *p != "" {
			*p = "[redacted]"
		}
	}
	strike(&s.Telegram.Token)
	strike(&s.Telegram.Secret)
	strike(&s.Metrics.Token)
	if u, err := url.Parse(s.Redis.URL); err == nil {
		s.Redis.URL = u.Redacted()
	} else {
		strike(&s.Redis.URL)
	}
	return s
}
