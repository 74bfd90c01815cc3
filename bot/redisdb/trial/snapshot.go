package trial

import (
	"bufio"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/redis/go-redis/v9"
)

const formatName = "anjie trial 1"

// dump reads every key but the streams in one step, so that a snapshot never
// shows half a change.
//
//go:embed dump.lua
var dump string

// header is the snapshot's first line, footer its last: a file without the
// footer was cut short.
type header struct {
	Format string `json:"format"`
	Saved  int64  `json:"saved"` // Unix ms
}

type footer struct {
	End int `json:"end"` // number of keys above
}

// entry is one key, a line of the snapshot.
type entry struct {
	Key     []byte   `json:"k"`
	Type    string   `json:"t"`
	Expires int64    `json:"x,omitempty"` // Unix ms; 0 means never
	Values  [][]byte `json:"v,omitempty"` // of a hash, zset: in pairs
	Stream  *stream  `json:"s,omitempty"`
}

// Save writes everything to the snapshot file, which is replaced as a whole.
func (s *Server) Save(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.opt.Now()
	entries, err := s.read(ctx, now)
	if err != nil {
		return fmt.Errorf("read for snapshot: %w", err)
	}
	if err := replace(filepath.Join(s.dir, snapshotName), func(w io.Writer) error { return write(w, now, entries) }); err != nil {
		return fmt.Errorf("write snapshot: %w", err)
	}
	return nil
}

func (s *Server) read(ctx context.Context, now time.Time) ([]entry, error) {
	rows, err := s.rdb.Eval(ctx, dump, nil).Slice()
	if err != nil {
		return nil, err
	}
	entries := make([]entry, 0, len(rows))
	for _, row := range rows {
		e, err := parse(row, now)
		if err != nil {
			return nil, err
		}
		if e.Type == "stream" {
			if e.Stream, err = readStream(ctx, s.rdb, string(e.Key)); err != nil {
				return nil, fmt.Errorf("stream %s: %w", e.Key, err)
			}
		}
		entries = append(entries, e)
	}
	return entries, nil
}

// parse turns a row of dump.lua into an entry.
func parse(row any, now time.Time) (entry, error) {
	f, ok := row.([]any)
	if !ok || len(f) != 4 {
		return entry{}, fmt.Errorf("dump row %T", row)
	}
	key, _ := f[0].(string)
	kind, _ := f[1].(string)
	ttl, _ := f[2].(int64)
	list, _ := f[3].([]any)
	e := entry{Key: []byte(key), Type: kind}
	if ttl > 0 {
		e.Expires = now.UnixMilli() + ttl
	}
	for _, v := range list {
		text, ok := v.(string)
		if !ok {
			return e, fmt.Errorf("key %s holds a %T", key, v)
		}
		e.Values = append(e.Values, []byte(text))
	}
	return e, nil
}

func write(w io.Writer, now time.Time, entries []entry) error {
	enc := json.NewEncoder(w)
	if err := enc.Encode(header{formatName, now.UnixMilli()}); err != nil {
		return err
	}
	for i := range entries {
		if err := enc.Encode(&entries[i]); err != nil {
			return err
		}
	}
	return enc.Encode(footer{len(entries)})
}

// replace writes a new file beside path and renames it over path once it is
// safely on the disk.
func replace(path string, fill func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".snapshot-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	buf := bufio.NewWriterSize(f, 1<<16)
	if err := errors.Join(fill(buf), buf.Flush(), f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// load fills the empty Redis from the snapshot, if there is one.
func (s *Server) load(ctx context.Context) error {
	path := filepath.Join(s.dir, snapshotName)
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("trial snapshot: %w", err)
	}
	defer func() { _ = f.Close() }()
	if err := s.fill(ctx, f); err != nil {
		return fmt.Errorf("trial snapshot %s is damaged (%w); move it away to start empty", path, err)
	}
	return nil
}

func (s *Server) fill(ctx context.Context, r io.Reader) error {
	dec := json.NewDecoder(bufio.NewReaderSize(r, 1<<16))
	var head header
	if err := dec.Decode(&head); err != nil || head.Format != formatName {
		return errors.New("no heading of a trial snapshot")
	}
	for n := 0; ; n++ {
		var line struct {
			entry
			End *int `json:"end"`
		}
		if err := dec.Decode(&line); err != nil {
			return fmt.Errorf("after %d keys: %w", n, err)
		}
		if line.End != nil {
			if *line.End != n {
				return fmt.Errorf("%d keys instead of %d", n, *line.End)
			}
			return nil
		}
		if err := s.restore(ctx, line.entry); err != nil {
			return fmt.Errorf("key %s: %w", line.Key, err)
		}
	}
}

// restore writes one key, unless its time is over.
func (s *Server) restore(ctx context.Context, e entry) error {
	key, left := string(e.Key), time.Duration(0)
	if e.Expires != 0 {
		left = time.UnixMilli(e.Expires).Sub(s.opt.Now())
		if left <= 0 {
			return nil
		}
	}
	var err error
	switch e.Type {
	case "stream":
		err = restoreStream(ctx, s.rdb, key, e.Stream)
	default:
		err = restoreValues(ctx, s.rdb, key, e)
	}
	if err == nil && left > 0 {
		err = s.rdb.PExpire(ctx, key, left).Err()
	}
	return err
}

func restoreValues(ctx context.Context, rdb *redis.Client, key string, e entry) error {
	vals := make([]any, len(e.Values))
	for i, v := range e.Values {
		vals[i] = v
	}
	switch e.Type {
	case "string":
		if len(vals) != 1 {
			return fmt.Errorf("%d values of a string", len(vals))
		}
		return rdb.Set(ctx, key, vals[0], 0).Err()
	case "hash":
		return rdb.HSet(ctx, key, vals...).Err()
	case "list":
		return rdb.RPush(ctx, key, vals...).Err()
	case "set":
		return rdb.SAdd(ctx, key, vals...).Err()
	case "zset":
		return restoreSorted(ctx, rdb, key, vals)
	}
	return fmt.Errorf("unknown type %q", e.Type)
}

// restoreSorted takes member and score by turns, as ZRANGE gives them.
func restoreSorted(ctx context.Context, rdb *redis.Client, key string, vals []any) error {
	args := []any{"ZADD", key}
	for i := 0; i+1 < len(vals); i += 2 {
		args = append(args, vals[i+1], vals[i])
	}
	return rdb.Do(ctx, args...).Err()
}
