package redisdb

import (
	"context"
	"embed"

	"github.com/redis/go-redis/v9"
)

//go:embed lua/*.lua
var lua embed.FS

// script loads lua/<name>.lua. A file that isn't there is our own bug, found
// when the program starts.
func script(name string) *redis.Script {
	src, err := lua.ReadFile("lua/" + name + ".lua")
	if err != nil {
		panic(err)
	}
	return redis.NewScript(string(src))
}

// run calls a script by its digest, and sends its text only to a server that
// doesn't know it yet. Every key that the script touches is in keys.
func (d *DB) run(ctx context.Context, s *redis.Script, keys []string, args ...any) *redis.Cmd {
	return s.Run(ctx, d.rdb, keys, args...)
}
