package redisdb

import (
	"context"
	"fmt"
	"strings"

	"github.com/redis/go-redis/v9"
)

// throwaway begins the names of tenants that a measurement makes for itself.
const throwaway = "bench-"

// Erase deletes every key of the tenant, which must be one that a measurement
// made for itself ("bench-…"): a real sub-district's keys are never erased.
func (d *DB) Erase(ctx context.Context) error {
	if !strings.HasPrefix(string(d.k), throwaway) {
		return fmt.Errorf("tenant %q is no measurement's own", string(d.k))
	}
	if cluster, ok := d.rdb.(*redis.ClusterClient); ok {
		return cluster.ForEachMaster(ctx, func(ctx context.Context, c *redis.Client) error { return erase(ctx, c, d.k.of("*")) })
	}
	return erase(ctx, d.rdb, d.k.of("*"))
}

func erase(ctx context.Context, c redis.Cmdable, pattern string) error {
	const batch = 500
	keys := c.Scan(ctx, 0, pattern, batch).Iterator()
	for keys.Next(ctx) {
		if err := c.Del(ctx, keys.Val()).Err(); err != nil {
			return fmt.Errorf("erase: %w", err)
		}
	}
	return keys.Err()
}
