package redisdb

import "strings"

// keys makes every key of one tenant. All carry the hash tag {tenant}, so that
// a tenant's scripts stay on one shard of a Cluster.
type keys string

func (k keys) of(parts ...string) string {
	return "anjie:{" + string(k) + "}:" + strings.Join(parts, ":")
}
