package wire

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/anjie-desk/anjie/bot/evidence"
	"github.com/anjie-desk/anjie/bot/redisdb"
	"github.com/anjie-desk/anjie/bot/telegram"
	"github.com/anjie-desk/anjie/cmd/internal/config"
	"github.com/anjie-desk/anjie/knowledge"
)

// Check is one thing that `anjie doctor` looks at: what it says when it is in
// order, or an error that says what to mend.
type Check struct {
	Name string
	Do   func(ctx context.Context) (string, error)
}

// Checks lists what must be in order for a desk with these settings.
func Checks(s config.Settings) []Check {
	return []Check{
		{"data", func(context.Context) (string, error) { return checkData(s) }},
		{"files", func(context.Context) (string, error) { return checkFiles(s) }},
		{"content", func(context.Context) (string, error) { return checkContent(s) }},
		{"index", func(ctx context.Context) (string, error) { return checkIndex(ctx, s) }},
		{"redis", func(ctx context.Context) (string, error) { return checkRedis(ctx, s) }},
		{"telegram", func(ctx context.Context) (string, error) { return checkTelegram(ctx, s) }},
	}
}

func checkData(s config.Settings) (string, error) {
	return s.Data + " is writable", prepareData(s)
}

// roomNeeded is how much room there must be in the data folder, in bytes: less
// takes no photograph any more.
const roomNeeded = 1 << 20

// prepareData makes the data folder and proves that it can be written.
func prepareData(s config.Settings) error {
	err := os.MkdirAll(s.Data, 0o700)
	if err == nil {
		var f *os.File
		if f, err = os.CreateTemp(s.Data, "try-*"); err == nil {
			_, err = f.Write(make([]byte, roomNeeded)) // a full disk still takes empty files
			err = errors.Join(err, f.Sync(), f.Close(), os.Remove(f.Name()))
		}
	}
	if err != nil {
		return fmt.Errorf("data folder: %w; make it writable, make room on its disk, or choose another with --data or ANJIE_DATA", err)
	}
	return nil
}

// fewLeft is the part of the room for files without a case at which doctor
// warns, before residents are refused.
const fewLeft = 0.8

func checkFiles(s config.Settings) (string, error) {
	n, bytes, err := evidence.Waiting(filesFolder(s))
	if err != nil {
		return "", err
	}
	says := fmt.Sprintf("%d files without a case take up %d of %d MB", n, bytes>>20, s.Files.Waiting)
	if float64(bytes) >= fewLeft*float64(int64(s.Files.Waiting)<<20) {
		return "", fmt.Errorf("%s; residents are refused at the end of it: look who sends so much, or set files.waiting_mb higher if the disk has room", says)
	}
	return says, nil
}

func checkContent(s config.Settings) (string, error) {
	c, err := OpenContent(s)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%d FAQs, %d guides, %d publicity items; version %s",
		len(c.Library.FAQs), len(c.Library.Guides), len(c.Library.Items), c.Version), nil
}

func checkIndex(ctx context.Context, s config.Settings) (string, error) {
	c, err := OpenContent(s)
	if err != nil {
		return "", err
	}
	k, err := OpenKnowledge(ctx, s, c, func(string, int, int) {})
	if err != nil {
		return "", fmt.Errorf("%w; run 'anjie statutes import FOLDER' again", err)
	}
	defer k.Close()
	if k.Set == nil {
		return "content only; 'anjie statutes import FOLDER' adds full statutes", nil
	}
	return fmt.Sprintf("%d articles; version %s", k.Index.Size()[knowledge.Article], k.Index.Version()), nil
}

func checkRedis(ctx context.Context, s config.Settings) (string, error) {
	if s.Trial() {
		if _, err := os.Stat(filepath.Join(s.Data, "trial")); err == nil {
			return "trial, in this process; set REDIS_URL for real reports", nil
		}
		return "trial, not started yet; set REDIS_URL for real reports", nil
	}
	key, err := secret(s.Secret)
	if err != nil {
		return "", err
	}
	db, err := redisdb.Open(ctx, s.Redis.URL, redisdb.Options{Tenant: s.Tenant, Secret: key, Replicas: s.Redis.Replicas, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return "", err
	}
	defer db.Close()
	if err := errors.Join(db.CheckDurability(ctx), db.CheckWaiting(ctx), db.Ready(ctx)); err != nil {
		return "", err
	}
	return "answers, and keeps every acknowledged report", nil
}

const telegramTimeout = 10 * time.Second

func checkTelegram(ctx context.Context, s config.Settings) (string, error) {
	if s.Telegram.Token == "" {
		return "off; set ANJIE_TELEGRAM_TOKEN to turn it on", nil
	}
	ctx, cancel := context.WithTimeout(ctx, telegramTimeout)
	defer cancel()
	name, waiting, err := telegram.Check(ctx, s.Telegram.Token, telegram.Options{Endpoint: s.Telegram.Endpoint})
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("@%s answers; %d updates wait", name, waiting), nil
}
