package telegram

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/fault"
)

// maxDownload is the Bot API's own limit for files.
const maxDownload = 20 << 20

// fetch turns what Telegram holds into files that the desk keeps. What can't
// be taken, or is gone, is counted; trouble on the way is an error, and the
// update comes again.
func (c *Channel) fetch(ctx context.Context, chat string, files []bot.File) (kept []bot.File, not missed, err error) {
	for _, f := range files {
		if c.opt.Files == nil || f.Size > maxDownload {
			not.lost++
			continue
		}
		k, err := c.download(ctx, chat, f)
		switch {
		case bot.Crowded(err):
			not.crowded++
		case err == nil:
			kept = append(kept, k)
		case fault.Of(err) == fault.Invalid || errors.Is(err, errGone):
			not.lost++
		default:
			return nil, missed{}, err
		}
	}
	return kept, not, nil
}

// missed counts files that were not kept: for what they are, and for want of room.
type missed struct{ lost, crowded int }

// errGone says that Telegram doesn't give a file out, now or ever.
var errGone = errors.New("telegram does not give the file")

func (c *Channel) download(ctx context.Context, chat string, f bot.File) (bot.File, error) {
	var info tgbotapi.File
	if err := c.api.call(ctx, "getFile", tgbotapi.Params{"file_id": f.Ref}, &info); err != nil {
		if n := code(err); n >= 400 && n < 500 && n != http.StatusTooManyRequests {
			return bot.File{}, errGone
		}
		return bot.File{}, err
	}
	body, err := c.api.open(ctx, info.FilePath)
	if err != nil {
		return bot.File{}, err
	}
	k, err := c.opt.Files.KeepFrom(ctx, Name+":"+chat, f.Name, io.LimitReader(body, maxDownload+1))
	return k, errors.Join(err, body.Close())
}

// open reads a file from the host that the settings name, and from no other:
// its path is part of an address of ours, and redirects are not followed.
func (c *client) open(ctx context.Context, path string) (io.ReadCloser, error) {
	if path == "" || strings.Contains(path, "..") || strings.ContainsAny(path, "?#\\") {
		return nil, errGone
	}
	host, _, ok := strings.Cut(c.endpoint, "/bot%s/")
	if !ok {
		return nil, fmt.Errorf("telegram getFile: no files behind the endpoint of the settings")
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, host+"/file/bot"+c.token+"/"+strings.TrimPrefix(path, "/"), nil)
	if err != nil {
		return nil, errGone
	}
	resp, err := c.http.Do(req) //nolint:gosec // the address is the operator's setting
	if err != nil {
		return nil, c.redact("file", err)
	}
	if resp.StatusCode == http.StatusOK {
		return resp.Body, nil
	}
	_ = resp.Body.Close()
	if resp.StatusCode < 500 { // a redirect, too: it would lead to another host
		return nil, errGone
	}
	return nil, c.redact("file", statusError(resp.StatusCode))
}
