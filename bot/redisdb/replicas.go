package redisdb

import (
	"context"
	"errors"
	"fmt"

	"github.com/redis/go-redis/v9"
)

// ErrUnsure says that a change was made, but that too few replicas hold it yet:
// it would be lost with the master. Nobody must be told that it is kept. The
// same call made again finds it made, and waits anew.
var ErrUnsure = errors.New("kept by the master alone: too few replicas hold it yet")

// keep runs a script whose result people are told, and waits until
// Options.Replicas replicas hold all that was written before.
func (d *DB) keep(ctx context.Context, s *redis.Script, keys []string, args ...any) *redis.Cmd {
	if d.replicas == 0 {
		return d.run(ctx, s, keys, args...)
	}
	cmd, err := d.keepOn(ctx, s, keys, args...)
	for range maxMoves {
		if !moved(err) {
			break
		}
		cmd, err = d.keepOn(ctx, s, keys, args...)
	}
	if err != nil {
		failed := redis.NewCmd(ctx)
		failed.SetErr(err)
		return failed
	}
	return cmd
}

// maxMoves is how often a script follows its slot to another node of a Cluster
// or a new master.
const maxMoves = 3

func moved(err error) bool {
	_, isMoved := redis.IsMovedError(err)
	return isMoved || redis.IsReadOnlyError(err)
}

// keepOn sends script, beat and WAIT down one connection, since WAIT speaks of
// what its own connection wrote. The beat is a write of its own: a call that
// finds its work done before writes nothing, but must wait all the same.
func (d *DB) keepOn(ctx context.Context, s *redis.Script, keys []string, args ...any) (*redis.Cmd, error) {
	conn, err := d.conn(ctx, keys[0])
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	cmd, held, err := d.pipe(ctx, conn, func(p redis.Pipeliner) *redis.Cmd { return s.EvalSha(ctx, p, keys, args...) })
	if redis.HasErrorPrefix(err, "NOSCRIPT") { // its text goes along: what is loaded may be flushed before it is called
		cmd, held, err = d.pipe(ctx, conn, func(p redis.Pipeliner) *redis.Cmd { return s.Eval(ctx, p, keys, args...) })
	}
	if err != nil {
		return nil, err
	}
	if held < int64(d.replicas) {
		return nil, fmt.Errorf("%w: %d of %d after %v", ErrUnsure, held, d.replicas, d.wait)
	}
	return cmd, nil
}

func (d *DB) pipe(ctx context.Context, conn *redis.Conn, call func(redis.Pipeliner) *redis.Cmd) (*redis.Cmd, int64, error) {
	p := conn.Pipeline()
	cmd := call(p)
	p.Incr(ctx, d.k.beat())
	held := p.Do(ctx, "WAIT", d.replicas, d.wait.Milliseconds())
	_, err := p.Exec(ctx)
	if e := cmd.Err(); e != nil && !errors.Is(e, redis.Nil) {
		return nil, 0, e
	}
	if err != nil && !errors.Is(err, redis.Nil) {
		return nil, 0, err
	}
	n, err := held.Int64()
	return cmd, n, err
}

// conn takes a connection to the master that holds key. The caller closes it.
func (d *DB) conn(ctx context.Context, key string) (*redis.Conn, error) {
	switch c := d.rdb.(type) {
	case *redis.Client:
		return c.Conn(), nil
	case *redis.ClusterClient:
		node, err := c.MasterForKey(ctx, key)
		if err != nil {
			return nil, err
		}
		return node.Conn(), nil
	}
	return nil, fmt.Errorf("replicas can't be waited for over a %T", d.rdb)
}
