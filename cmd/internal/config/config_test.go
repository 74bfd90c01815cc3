package config_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/anjie-desk/anjie/cmd/internal/config"
)

func load(t *testing.T, yaml string, environ ...string) (config.Settings, error) {
	t.Helper()
	dir := t.TempDir()
	if yaml != "" {
		if err := os.WriteFile(filepath.Join(dir, "anjie.yaml"), []byte(yaml), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return config.Load("", environ, config.Settings{Data: dir})
}

func TestNothingSetIsTheTrial(t *testing.T) {
	s, err := load(t, "")
	if err != nil {
		t.Fatal(err)
	}
	if !s.Trial() || s.Listen != "127.0.0.1:8080" || s.PublicURL != "http://127.0.0.1:8080" {
		t.Fatalf("got %+v", s)
	}
}

func TestFileThenEnvironmentThenFlags(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "my.yaml")
	if err := os.WriteFile(file, []byte("listen: 0.0.0.0:1\ntenant: fromfile\nlog: {level: warn}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := config.Load(file, []string{"ANJIE_LISTEN=0.0.0.0:2", "ANJIE_LOG_LEVEL=error"}, config.Settings{Data: dir, Listen: "0.0.0.0:3"})
	if err != nil {
		t.Fatal(err)
	}
	if s.Listen != "0.0.0.0:3" || s.Tenant != "fromfile" || s.Log.Level != "error" {
		t.Fatalf("got listen %s, tenant %s, level %s", s.Listen, s.Tenant, s.Log.Level)
	}
}

func TestMistakesAreNamedInOneLine(t *testing.T) {
	for name, tc := range map[string]struct {
		yaml    string
		environ []string
		want    string
	}{
		"unknown key":           {yaml: "lissen: x", want: "lissen"},
		"broken yaml":           {yaml: "listen: [", want: "anjie.yaml"},
		"unknown variable":      {environ: []string{"ANJIE_LISEN=x"}, want: "ANJIE_LISEN"},
		"no port":               {yaml: "listen: localhost", want: "HOST:PORT"},
		"public address":        {yaml: "public_url: anjie", want: "https://"},
		"level":                 {yaml: "log: {level: loud}", want: "debug, info"},
		"webhook, no secret":    {yaml: "telegram: {webhook: true}", want: "webhook_secret"},
		"endpoint without %s":   {environ: []string{"ANJIE_TELEGRAM_ENDPOINT=http://x"}, want: "twice"},
		"token file is missing": {yaml: "telegram: {token_file: /nonexistent}", want: "token file"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := load(t, tc.yaml, tc.environ...)
			if err == nil {
				t.Fatal("taken without a word")
			}
			if msg := err.Error(); !strings.Contains(msg, tc.want) || strings.Contains(msg, "\n") {
				t.Fatalf("got %q, want one line with %q", msg, tc.want)
			}
		})
	}
}

func TestRedactedHoldsNoSecret(t *testing.T) {
	const canary = "s3cr3t-canary"
	s := config.Settings{
		Redis:    config.Redis{URL: "redis://user:" + canary + "@h:6379/0"},
		Telegram: config.Telegram{Token: canary, Secret: canary},
		Metrics:  config.Metrics{Token: canary},
	}
	if got := fmt.Sprintf("%+v", s.Redacted()); strings.Contains(got, canary) {
		t.Fatalf("the log would hold a secret: %s", got)
	}
}
