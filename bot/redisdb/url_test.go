package redisdb_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/anjie-desk/anjie/bot/redisdb"
)

func TestAddressesOfARedis(t *testing.T) {
	for address, want := range map[string]struct {
		addrs, user, pass, master string
		db                        int
		tls, cluster, socket      bool
	}{
		"redis://localhost":                          {addrs: "localhost:6379"},
		"redis://u:p@h:1/3":                          {addrs: "h:1", user: "u", pass: "p", db: 3},
		"redis://[::1]:7":                            {addrs: "[::1]:7"},
		"rediss://:p%40ss@h":                         {addrs: "h:6379", pass: "p@ss", tls: true},
		"unix:///run/r.sock?db=2":                    {addrs: "/run/r.sock", db: 2, socket: true},
		"redis+sentinel://h1:1,h2/mymaster?db=4":     {addrs: "h1:1 h2:26379", master: "mymaster", db: 4},
		"redis+sentinel://:a%40b@h1,h2:2/m":          {addrs: "h1:26379 h2:2", master: "m", pass: "a@b"},
		"rediss+sentinel://u:p@[::1]:1,h/m":          {addrs: "[::1]:1 h:26379", master: "m", user: "u", pass: "p", tls: true},
		"redis+sentinel://h/m?sentinel_password=abc": {addrs: "h:26379", master: "m"},
		"redis+cluster://h1:7000,h2:7001":            {addrs: "h1:7000 h2:7001", cluster: true},
		"rediss+cluster://u:p@h1":                    {addrs: "h1:6379", user: "u", pass: "p", tls: true, cluster: true},
	} {
		o, err := redisdb.ParseURL(address)
		if err != nil {
			t.Errorf("%s: %v", address, err)
			continue
		}
		if got := strings.Join(o.Addrs, " "); got != want.addrs {
			t.Errorf("%s: hosts %q, want %q", address, got, want.addrs)
		}
		if o.Username != want.user || o.Password != want.pass || o.MasterName != want.master || o.DB != want.db {
			t.Errorf("%s: user %q password %q master %q db %d", address, o.Username, o.Password, o.MasterName, o.DB)
		}
		if (o.TLSConfig != nil) != want.tls || o.IsClusterMode != want.cluster || (o.Dialer != nil) != want.socket {
			t.Errorf("%s: tls %v cluster %v socket %v", address, o.TLSConfig != nil, o.IsClusterMode, o.Dialer != nil)
		}
		if !o.ContextTimeoutEnabled {
			t.Errorf("%s: contexts would not end a wait", address)
		}
	}
}

func TestABadAddressSaysWhatToWriteAndNoPassword(t *testing.T) {
	for _, address := range []string{
		"", "localhost:6379", "http://u:geheim@h", "redis://u:geheim@h:99999999", "redis://u:geheim@h:x/0", "redis://u:geheim@h/nodb",
		"redis+sentinel://u:geheim@h1,h2", "redis+sentinel://u:geheim@h/m?db=x", "redis+sentinel://u:geheim@h/m?dbb=1",
		"redis+cluster://u:geheim@h1/3", "redis+cluster://u:geheim@", "redis+cluster://u:geheim@h:0", "redis+magic://u:geheim@h",
		"redis+sentinel://u:gehe\x7fim@h1/m",
	} {
		_, err := redisdb.ParseURL(address)
		if err == nil {
			t.Errorf("%q was taken", address)
			continue
		}
		if strings.Contains(err.Error(), "geheim") || strings.Contains(err.Error(), "gehe") {
			t.Errorf("%q: the error shows the password: %v", address, err)
		}
		if !strings.Contains(err.Error(), "redis://") || slices.Contains([]byte(err.Error()), '\n') {
			t.Errorf("%q: the error does not say what to write in one line: %v", address, err)
		}
	}
}
