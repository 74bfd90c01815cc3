package redisdb

// keys makes every key of one tenant. All carry the hash tag {tenant}, so that
// a tenant's scripts stay on one shard of a Cluster.
type keys string

func (k keys) of(parts ...string) string {
	var room [128]byte // most keys are shorter: one copy makes the string
	b := append(append(append(room[:0], "anjie:{"...), k...), '}')
	for _, p := range parts {
		b = append(append(b, ':'), p...)
	}
	return string(b)
}

// Publicity: a year's slots and their versions, a slot's releases, an outlet's
// slots by release time, the lock of a slot being published.
func (k keys) slots(year string) string        { return k.of("slots", year) }
func (k keys) slotVersions(year string) string { return k.of("slots", year, "versions") }
func (k keys) releases(slot string) string     { return k.of("releases", slot) }
func (k keys) released(outlet string) string   { return k.of("released", outlet) }
func (k keys) slotLock(slot string) string     { return k.of("publishing", slot) }

// beat is written after a change that replicas must hold, see [DB.keep].
func (k keys) beat() string { return k.of("beat") }

// probe is written to learn whether anything can be, see [DB.Ready].
func (k keys) probe() string { return k.of("probe") }

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

// A case: its plain fields, its sealed fields, its audit trail.
func (k keys) caseHash(id string) string { return k.of("case", id) }
func (k keys) sealed(id string) string   { return k.of("sealed", id) }
func (k keys) events(id string) string   { return k.of("events", id) }

// Cases by territory and state, the same within a type of dispute, by owner (part is "open" or "done") and by
// reporter, all ordered by filing time; by year and serial number.
func (k keys) byPlace(territory, state string) string { return k.of("ix", "at", territory, state) }

func (k keys) byType(category, territory, state string) string {
	return k.of("ix", "type", category, territory, state)
}

// typesIndexed is there once every case stands in the index by its type.
func (k keys) typesIndexed() string { return k.of("ix", "types") }

func (k keys) byOwner(owner, part string) string { return k.of("ix", "owner", owner, part) }
func (k keys) byReporter(reporter string) string { return k.of("ix", "reporter", reporter) }
func (k keys) byNumber(year string) string       { return k.of("number", year) }

// What people ask of their own data: requests by id, their versions, those that
// are open by due time, those that are settled.
func (k keys) requests(part ...string) string { return k.of(append([]string{"requests"}, part...)...) }

// The archive: what is known of each year's file, and the lock of who writes there.
func (k keys) shelves() string  { return k.of("archive") }
func (k keys) shelving() string { return k.of("archive", "lock") }

// Cases by who helps with them, and by a trait of both sides, which stands there
// as a keyed hash; ordered by filing time.
func (k keys) byHelper(account string) string { return k.of("ix", "helper", account) }
func (k keys) byTrait(hash string) string     { return k.of("ix", "trait", hash) }

// What waits in a territory, the deadlines of all cases, a year's last serial
// number of cases and of agreements, the latter's cases by serial, and what a
// token did.
func (k keys) queue(territory string) string  { return k.of("queue", territory) }
func (k keys) timers() string                 { return k.of("timers") }
func (k keys) series(year string) string      { return k.of("series", year) }
func (k keys) agreements(year string) string  { return k.of("series", "agreement", year) }
func (k keys) byAgreement(year string) string { return k.of("number", "agreement", year) }
func (k keys) idem(token string) string       { return k.of("idem", token) }

// The times set aside for a mediator's meetings, by case.
func (k keys) meetings(mediator string) string { return k.of("meetings", mediator) }

// The outbox: entries by the time from which they may be sent, their bodies,
// how often and whether they were tried, what became doubtful or was dropped.
func (k keys) outbox() string       { return k.of("outbox") }
func (k keys) outboxBodies() string { return k.of("outbox", "body") }
func (k keys) outboxTries() string  { return k.of("outbox", "tries") }
func (k keys) outboxDoubts() string { return k.of("outbox", "doubts") }

// A person's session, the reply to a message, a button's handle, what was
// thought of entries; a question passed on, and those that wait for an answer.
func (k keys) dialog(person string) string { return k.of("dialog", person) }
func (k keys) seen(message string) string  { return k.of("seen", message) }
func (k keys) handle(id string) string     { return k.of("handle", id) }
func (k keys) opinions() string            { return k.of("opinions") }
func (k keys) handover(id string) string   { return k.of("handover", id) }
func (k keys) handovers() string           { return k.of("handovers") }

// The staff: accounts by id, ids by Telegram chat, who changed what of whose;
// codes and sessions by hash.
func (k keys) accounts() string                { return k.of("accounts") }
func (k keys) accountTrail() string            { return k.of("accounts", "trail") }
func (k keys) accountChats() string            { return k.of("accounts", "telegram") }
func (k keys) code(hash string) string         { return k.of("code", hash) }
func (k keys) staffSession(hash string) string { return k.of("session", hash) }

// The list of needs by id, their ids by when they last came up, and a week's
// figures.
func (k keys) needs() string                  { return k.of("needs") }
func (k keys) needsByTime() string            { return k.of("needs", "last") }
func (k keys) needFigures(week string) string { return k.of("needs", "week", week) }

// The desk's own entries: drafts and editions by id, the version of all
// editions, the last number given, an entry's history.
func (k keys) entryDrafts() string           { return k.of("entries", "drafts") }
func (k keys) entries() string               { return k.of("entries") }
func (k keys) entriesVersion() string        { return k.of("entries", "version") }
func (k keys) entrySeries() string           { return k.of("entries", "series") }
func (k keys) entryHistory(id string) string { return k.of("entries", "history", id) }
