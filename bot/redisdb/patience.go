package redisdb

import (
	"context"
	"time"

	"github.com/redis/go-redis/v9"
)

// mostWait is how long anything that people wait for may wait for Redis, all
// tries together: a server that neither answers nor refuses would hold each try
// for its whole time-out.
const mostWait = 4 * time.Second

// patience ends commands after a while. A subscription isn't one.
type patience time.Duration

var _ redis.Hook = patience(0)

// DialHook implements [redis.Hook].
func (p patience) DialHook(next redis.DialHook) redis.DialHook { return next }

// ProcessHook implements [redis.Hook].
func (p patience) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		ctx, cancel := context.WithTimeout(ctx, time.Duration(p))
		defer cancel()
		return next(ctx, cmd)
	}
}

// ProcessPipelineHook implements [redis.Hook].
func (p patience) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		ctx, cancel := context.WithTimeout(ctx, time.Duration(p))
		defer cancel()
		return next(ctx, cmds)
	}
}
