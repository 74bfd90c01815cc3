package redisdb

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

const forms = "write redis://[user:password@]host:6379/0, rediss://… for TLS, unix:///path/to.sock, " +
	"redis+sentinel://host:26379,host:26379/master?db=0 or redis+cluster://host:6379,host:6379"

// ParseURL reads the address of a Redis:
//
//	redis://user:password@host:6379/0       one server; rediss:// with TLS
//	unix:///run/redis.sock?db=0             a socket
//	redis+sentinel://h1:26379,h2:26379/mymaster?db=0&sentinel_password=…
//	redis+cluster://h1:7000,h2:7001
//
// rediss+sentinel and rediss+cluster are the same with TLS. No error repeats
// the address, which may hold a password.
func ParseURL(address string) (*redis.UniversalOptions, error) {
	scheme, rest, ok := strings.Cut(address, "://")
	if !ok {
		return nil, errors.New("redis address: no scheme; " + forms)
	}
	kind, secure := strings.CutPrefix(scheme, "rediss")
	if !secure {
		kind = strings.TrimPrefix(scheme, "redis")
	}
	var o *redis.UniversalOptions
	var err error
	switch {
	case scheme == "unix":
		o, err = parseOne(address)
	case kind == "":
		o, err = parseOne(address)
	case kind == "+sentinel":
		o, err = parseMany(rest, "26379")
		err = errors.Join(err, sentinel(o))
	case kind == "+cluster":
		o, err = parseMany(rest, "6379")
		err = errors.Join(err, cluster(o))
	default:
		return nil, fmt.Errorf("redis address: unknown scheme %q; %s", scheme, forms)
	}
	if err != nil {
		return nil, fmt.Errorf("redis address: %w; %s", err, forms)
	}
	if secure && o.TLSConfig == nil {
		o.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	return tuned(o), nil
}

// tuned sets what every form shares. Contexts end a wait, retries stay few so
// that a Redis that is away is told to people within seconds.
func tuned(o *redis.UniversalOptions) *redis.UniversalOptions {
	o.ContextTimeoutEnabled = true
	o.ClientName = "anjie"
	o.DialTimeout = 3 * time.Second
	o.ReadTimeout = 3 * time.Second
	o.WriteTimeout = 3 * time.Second
	o.MaxRetries = 3
	o.PoolSize = 32
	o.MinIdleConns = 1
	o.ConnMaxIdleTime = 5 * time.Minute
	o.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	return o
}

func parseOne(address string) (*redis.UniversalOptions, error) {
	one, err := redis.ParseURL(address)
	if err != nil {
		return nil, unnamed(err)
	}
	if one.Network != "unix" {
		if _, err := addresses(one.Addr, "6379"); err != nil {
			return nil, err
		}
	}
	return &redis.UniversalOptions{
		Addrs: []string{one.Addr}, DB: one.DB, Username: one.Username, Password: one.Password, TLSConfig: one.TLSConfig,
		Dialer: socketDialer(one),
	}, nil
}

// unnamed drops the address from an error of net/url.
func unnamed(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// parseMany reads [user:password@]h1:p,h2:p[/path][?query]. url.Parse takes
// only one host, so the list is cut out before.
func parseMany(rest, port string) (*redis.UniversalOptions, error) {
	end := strings.IndexAny(rest, "/?")
	if end < 0 {
		end = len(rest)
	}
	hosts, tail := rest[:end], rest[end:]
	user := ""
	if at := strings.LastIndex(hosts, "@"); at >= 0 {
		user, hosts = hosts[:at+1], hosts[at+1:]
	}
	u, err := url.Parse("redis://" + user + "host" + tail)
	if err != nil {
		return nil, unnamed(err)
	}
	o := &redis.UniversalOptions{Username: u.User.Username(), MasterName: strings.Trim(u.Path, "/")}
	o.Password, _ = u.User.Password()
	if o.Addrs, err = addresses(hosts, port); err != nil {
		return nil, err
	}
	return o, queryInto(o, u.Query())
}

func addresses(hosts, port string) ([]string, error) {
	var all []string
	for h := range strings.SplitSeq(hosts, ",") {
		if _, _, err := net.SplitHostPort(h); err != nil {
			h = net.JoinHostPort(strings.Trim(h, "[]"), port)
		}
		host, p, err := net.SplitHostPort(h)
		if n, perr := strconv.Atoi(p); err != nil || perr != nil || n < 1 || n > 65535 || host == "" {
			return nil, errors.New("a host is missing or has no valid port")
		}
		all = append(all, h)
	}
	return all, nil
}

func queryInto(o *redis.UniversalOptions, q url.Values) (err error) {
	for key := range q {
		switch v := q.Get(key); key {
		case "db":
			if o.DB, err = strconv.Atoi(v); err != nil || o.DB < 0 {
				return errors.New("db is not a number")
			}
		case "sentinel_username":
			o.SentinelUsername = v
		case "sentinel_password":
			o.SentinelPassword = v
		default:
			return fmt.Errorf("unknown parameter %q", key)
		}
	}
	return nil
}

func sentinel(o *redis.UniversalOptions) error {
	if o != nil && o.MasterName == "" {
		return errors.New("the master's name is missing after the hosts")
	}
	return nil
}

func cluster(o *redis.UniversalOptions) error {
	if o == nil {
		return nil
	}
	o.IsClusterMode = true
	if o.MasterName != "" || o.DB != 0 {
		return errors.New("a cluster has neither a database number nor a master's name")
	}
	return nil
}
