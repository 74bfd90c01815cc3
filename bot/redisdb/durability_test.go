package redisdb_test

import (
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot/redisdb"
	"github.com/anjie-desk/anjie/bot/redisdb/redistest"
)

func TestASettingThatCantBeReadIsSaidSo(t *testing.T) {
	noConfig := redistest.Start(t, "--rename-command", "CONFIG", "")
	limited := redistest.Start(t)
	must(t, client(t, limited.URL()).Do(t.Context(), "ACL", "SETUSER", "desk", "on", ">pw", "~*", "+@all", "-config").Err())
	for name, rdb := range map[string]redis.UniversalClient{
		"CONFIG was taken away": client(t, noConfig.URL()),
		"a user without CONFIG": redistest.NewClient(&redis.Options{Addr: limited.Addr(), Username: "desk", Password: "pw"}),
	} {
		err := redistest.On(t, rdb, redisdb.Options{Log: quiet}).CheckDurability(t.Context())
		if err == nil || !strings.Contains(err.Error(), "allow CONFIG GET") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOpeningWhatIsNotThereIsOneClearError(t *testing.T) {
	_, err := redisdb.Open(t.Context(), "redis://u:geheim@127.0.0.1:1/0", redisdb.Options{Log: quiet})
	if err == nil || !strings.Contains(err.Error(), "does not answer") || strings.Contains(err.Error(), "geheim") {
		t.Errorf("error %v", err)
	}
	db, err := redisdb.Open(t.Context(), redistest.Address(t), redisdb.Options{Log: quiet})
	must(t, err)
	must(t, db.Ping(t.Context()))
	must(t, db.Close())
}
