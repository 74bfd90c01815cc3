package redisdb

import (
	"context"
	"net"

	"github.com/redis/go-redis/v9"
)

// socketDialer dials a Unix socket; a UniversalClient on its own only knows
// TCP. It is nil for TCP.
func socketDialer(one *redis.Options) func(context.Context, string, string) (net.Conn, error) {
	if one.Network != "unix" {
		return nil
	}
	return func(ctx context.Context, _, addr string) (net.Conn, error) {
		d := net.Dialer{Timeout: one.DialTimeout}
		return d.DialContext(ctx, "unix", addr)
	}
}
