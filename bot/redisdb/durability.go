package redisdb

import (
	"context"
	"fmt"
	"strings"

	"github.com/redis/go-redis/v9"
)

// durable is how a Redis must be set so that an acknowledged report survives a
// kill and a power cut.
var durable = []struct{ name, want string }{
	{"appendonly", "yes"},
	{"appendfsync", "always"},
	{"maxmemory-policy", "noeviction"},
}

// CheckDurability asks the server, every master of a Cluster, for the settings
// on which the promise rests that no acknowledged report is lost. The error is
// one line that names each wrong setting and the right one.
func (d *DB) CheckDurability(ctx context.Context) error {
	cluster, ok := d.rdb.(*redis.ClusterClient)
	if !ok {
		return checkServer(ctx, d.rdb)
	}
	return cluster.ForEachMaster(ctx, func(ctx context.Context, c *redis.Client) error {
		if err := checkServer(ctx, c); err != nil {
			return fmt.Errorf("%s: %w", c.Options().Addr, err)
		}
		return nil
	})
}

func checkServer(ctx context.Context, c redis.Cmdable) error {
	var wrong []string
	for _, s := range durable {
		got, err := c.ConfigGet(ctx, s.name).Result()
		if err != nil {
			return fmt.Errorf("redis does not tell its settings (CONFIG GET %s: %w); allow CONFIG GET to this user", s.name, err)
		}
		if got[s.name] != s.want {
			wrong = append(wrong, fmt.Sprintf("%s is %q and must be %q", s.name, got[s.name], s.want))
		}
	}
	if len(wrong) > 0 {
		return fmt.Errorf("redis may lose acknowledged reports: %s", strings.Join(wrong, ", "))
	}
	return nil
}
