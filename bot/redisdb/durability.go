package redisdb

import (
	"context"
	"errors"
	"fmt"
	"strconv"
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
//
// With Options.Replicas it asks for as many replicas that are online, and that
// the master refuses writes without them: Sentinel has been seen to promote one
// that had not finished its first copy.
func (d *DB) CheckDurability(ctx context.Context) error {
	cluster, ok := d.rdb.(*redis.ClusterClient)
	if !ok {
		return d.checkServer(ctx, d.rdb)
	}
	return cluster.ForEachMaster(ctx, func(ctx context.Context, c *redis.Client) error {
		if err := d.checkServer(ctx, c); err != nil {
			return fmt.Errorf("%s: %w", c.Options().Addr, err)
		}
		return nil
	})
}

func (d *DB) checkServer(ctx context.Context, c redis.Cmdable) error {
	return errors.Join(checkServer(ctx, c), checkReplicas(ctx, c, d.replicas))
}

func checkReplicas(ctx context.Context, c redis.Cmdable, want int) error {
	if want == 0 {
		return nil
	}
	got, err := c.ConfigGet(ctx, "min-replicas-to-write").Result()
	if err != nil {
		return fmt.Errorf("redis does not tell its settings (CONFIG GET min-replicas-to-write: %w)", err)
	}
	if n, err := strconv.Atoi(got["min-replicas-to-write"]); err != nil || n < want {
		return fmt.Errorf("redis may lose acknowledged reports: min-replicas-to-write is %q and must be at least %d", got["min-replicas-to-write"], want)
	}
	info, err := c.Info(ctx, "replication").Result()
	if err != nil {
		return fmt.Errorf("redis does not tell its replicas: %w", err)
	}
	if online := strings.Count(info, "state=online"); online < want {
		return fmt.Errorf("redis may lose acknowledged reports: %d replicas are online, %d are needed", online, want)
	}
	return nil
}

// CheckWaiting tells whether a failover may lose what was acknowledged: where
// Sentinel or Cluster may promote a replica, but no replica is waited for.
func (d *DB) CheckWaiting(ctx context.Context) error {
	if !d.failsOver || d.replicas > 0 {
		return nil
	}
	count := func(ctx context.Context, c redis.Cmdable) error {
		info, err := c.Info(ctx, "replication").Result()
		if err != nil {
			return fmt.Errorf("redis does not tell its replicas: %w", err)
		}
		if strings.Contains(info, "role:master") && strings.Contains(info, "\nslave0:") {
			return errors.New("redis may lose acknowledged reports when it fails over: its replicas are not waited for; set redis.replicas to 1")
		}
		return nil
	}
	if cluster, ok := d.rdb.(*redis.ClusterClient); ok {
		return cluster.ForEachMaster(ctx, func(ctx context.Context, c *redis.Client) error { return count(ctx, c) })
	}
	return count(ctx, d.rdb)
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
