package redisdb

import "strings"

// keys makes every key of one tenant. All carry the hash tag {tenant}, so that
// a tenant's scripts stay on one shard of a Cluster.
type keys string

func (k keys) of(parts ...string) string {
	return "anjie:{" + string(k) + "}:" + strings.Join(parts, ":")
}

// Publicity: a year's slots and their versions, a slot's releases, an outlet's
// slots by release time, the lock of a slot being published.
func (k keys) slots(year string) string        { return k.of("slots", year) }
func (k keys) slotVersions(year string) string { return k.of("slots", year, "versions") }
func (k keys) releases(slot string) string     { return k.of("releases", slot) }
func (k keys) released(outlet string) string   { return k.of("released", outlet) }
func (k keys) slotLock(slot string) string     { return k.of("publishing", slot) }

// cron is the last slot taken of each job.
func (k keys) cron() string { return k.of("cron") }

// inbox holds what a channel received: parts are "ready", "kept", "seen"+id,
// "chat"+chat.
func (k keys) inbox(channel string, parts ...string) string {
	return k.of(append([]string{"inbox", channel}, parts...)...)
}

// chat is a conversation's lines, its salt and the marks of what came already;
// chats is the name under which news of conversations is told.
func (k keys) chat(id string) string            { return k.of("chat", id) }
func (k keys) chatSalt(id string) string        { return k.of("chat", id, "salt") }
func (k keys) chatSeen(id, token string) string { return k.of("chat", id, "seen", token) }
func (k keys) chats() string                    { return k.of("chats") }
