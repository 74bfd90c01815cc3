package trial

import (
	"context"
	"errors"

	"github.com/redis/go-redis/v9"
)

// stream is a stream with its consumer groups.
type stream struct {
	Entries []streamEntry `json:"e,omitempty"`
	Groups  []group       `json:"g,omitempty"`
}

type streamEntry struct {
	ID     string            `json:"id"`
	Values map[string][]byte `json:"v"`
}

type group struct {
	Name      string    `json:"n"`
	Last      string    `json:"last"` // last entry given to any consumer
	Consumers []string  `json:"c,omitempty"`
	Pending   []pending `json:"p,omitempty"`
}

// pending is an entry given to a consumer and not yet acknowledged.
type pending struct {
	ID       string `json:"id"`
	Consumer string `json:"c"`
	Given    int64  `json:"at"` // Unix ms
	Times    int64  `json:"n"`
}

func readStream(ctx context.Context, rdb *redis.Client, key string) (*stream, error) {
	s := &stream{}
	msgs, err := rdb.XRange(ctx, key, "-", "+").Result()
	if err != nil {
		return nil, err
	}
	for _, m := range msgs {
		e := streamEntry{ID: m.ID, Values: map[string][]byte{}}
		for f, v := range m.Values {
			text, _ := v.(string)
			e.Values[f] = []byte(text)
		}
		s.Entries = append(s.Entries, e)
	}
	groups, err := rdb.XInfoGroups(ctx, key).Result()
	if err != nil {
		return nil, err
	}
	for _, g := range groups {
		read, err := readGroup(ctx, rdb, key, g)
		if err != nil {
			return nil, err
		}
		s.Groups = append(s.Groups, read)
	}
	return s, nil
}

func readGroup(ctx context.Context, rdb *redis.Client, key string, g redis.XInfoGroup) (group, error) {
	out := group{Name: g.Name, Last: g.LastDeliveredID}
	consumers, err := rdb.XInfoConsumers(ctx, key, g.Name).Result()
	if err != nil {
		return out, err
	}
	for _, c := range consumers {
		out.Consumers = append(out.Consumers, c.Name)
	}
	if g.Pending == 0 {
		return out, nil
	}
	now, err := rdb.Time(ctx).Result()
	if err != nil {
		return out, err
	}
	list, err := rdb.XPendingExt(ctx, &redis.XPendingExtArgs{Stream: key, Group: g.Name, Start: "-", End: "+", Count: g.Pending}).Result()
	for _, p := range list {
		out.Pending = append(out.Pending, pending{p.ID, p.Consumer, now.Add(-p.Idle).UnixMilli(), p.RetryCount})
	}
	return out, err
}

func restoreStream(ctx context.Context, rdb *redis.Client, key string, s *stream) error {
	if s == nil {
		return errors.New("a stream without its part")
	}
	for _, e := range s.Entries {
		vals := make([]any, 0, 2*len(e.Values))
		for f, v := range e.Values {
			vals = append(vals, f, v)
		}
		if err := rdb.XAdd(ctx, &redis.XAddArgs{Stream: key, ID: e.ID, Values: vals}).Err(); err != nil {
			return err
		}
	}
	for _, g := range s.Groups {
		if err := restoreGroup(ctx, rdb, key, g); err != nil {
			return err
		}
	}
	return nil
}

func restoreGroup(ctx context.Context, rdb *redis.Client, key string, g group) error {
	if err := rdb.XGroupCreateMkStream(ctx, key, g.Name, g.Last).Err(); err != nil {
		return err
	}
	for _, c := range g.Consumers {
		if err := rdb.XGroupCreateConsumer(ctx, key, g.Name, c).Err(); err != nil {
			return err
		}
	}
	for _, p := range g.Pending {
		args := []any{"XCLAIM", key, g.Name, p.Consumer, 0, p.ID, "TIME", p.Given, "RETRYCOUNT", p.Times, "FORCE", "JUSTID"}
		if err := rdb.Do(ctx, args...).Err(); err != nil {
			return err
		}
	}
	return nil
}
