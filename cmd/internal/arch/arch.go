// Package arch holds the project's import rules as a table; its test reads the
// sources and fails on any other arrow, on a package that is not in the table,
// and on a library outside the package that owns it.
package arch

// Module is the path that all our packages start with.
const Module = "github.com/anjie-desk/anjie"

// Imports says which of our own packages each package may import. A package
// that is not a key here does not exist.
var Imports = map[string][]string{
	"content": {},

	"knowledge":         {},
	"knowledge/statute": {"knowledge"},
	"knowledge/corpus":  {"knowledge", "knowledge/statute", "content"},
	"knowledge/index":   {"knowledge"},
	"knowledge/eval":    {"knowledge"},

	"bot/fault":     {},
	"bot/place":     {"bot/fault"},
	"bot/access":    {"bot/fault", "bot/place"},
	"bot/money":     {},
	"bot/dialog":    {"bot/fault", "bot/money"},
	"bot/dispute":   {"bot/fault", "bot/place", "bot/access"},
	"bot/answer":    {"bot/fault", "content", "knowledge"},
	"bot/publicity": {"bot/fault", "bot/access", "content"},
	"bot/needs":     {"bot/fault", "bot/access", "content"},
	"bot/entry":     {"bot/fault", "bot/access", "content"},
	"bot/request":   {"bot/fault", "bot/place", "bot/access", "bot/dispute"},
	"bot/bulletin":  {"bot/fault", "bot/place", "bot/access", "bot/dispute", "bot/publicity"},
	"bot":           append([]string{"content", "knowledge"}, subjects...),

	"bot/archive":       {},
	"bot/redisdb":       adapter,
	"bot/redisdb/trial": {},
	"bot/evidence":      adapter,
	"bot/telegram":      adapter,
	"bot/wechat":        adapter,
	"bot/web":           adapter,
	"bot/web/chat":      append([]string{"bot/web"}, adapter...),
	"bot/web/console":   append([]string{"bot/web", "bot/office"}, adapter...),
	"bot/web/party":     append([]string{"bot/web"}, adapter...),
	"bot/web/mydata":    append([]string{"bot/web"}, adapter...),
	"bot/web/column":    append([]string{"bot/web"}, adapter...),
	"bot/office":        adapter,
	"bot/schedule":      adapter,
	"bot/observe":       adapter,

	"cmd/anjie":           {"*"},
	"cmd/internal/config": {},
	"cmd/internal/wire":   {"*"},
	"cmd/internal/arch":   {},
}

// subjects are the packages that hold the trade's types and rules.
var subjects = []string{
	"bot/fault", "bot/place", "bot/access", "bot/dialog", "bot/dispute", "bot/answer", "bot/publicity", "bot/bulletin", "bot/needs", "bot/entry", "bot/request", "bot/money",
}

// adapter is what a package that owns one outside thing may import: the
// conversation and the subjects, never another adapter.
var adapter = append([]string{"bot", "content", "knowledge"}, subjects...)

// Owners fences libraries in: only the packages listed, and their tests, may
// import them.
var Owners = map[string][]string{
	"github.com/blevesearch/":         {"knowledge/index"},
	"github.com/redis/go-redis/":      {"bot/redisdb", "bot/redisdb/trial"},
	"github.com/alicebob/miniredis/":  {"bot/redisdb/trial"},
	"github.com/go-telegram-bot-api/": {"bot/telegram"},
	"github.com/robfig/cron/":         {"bot/schedule"},
	"github.com/prometheus/":          {"bot/observe"},
	"github.com/xuri/excelize/":       {"bot/office"},
	"rsc.io/qr":                       {"bot/web/console"},
	"github.com/spf13/cobra":          {"cmd/anjie"},
	"github.com/caarlos0/env/":        {"cmd/internal/config"},
	"github.com/schollz/progressbar/": {"cmd/anjie"},
	"github.com/mozillazg/go-pinyin":  {"knowledge/index"},
	"go.yaml.in/yaml/":                {"content", "bot/place", "cmd/internal/config"},
	"github.com/hibiken/asynq":        {"cmd/anjie"}, // the other side of bench queue
	"github.com/chromedp/":            {},
}
