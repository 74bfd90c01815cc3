package access

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"strings"
	"time"
)

// Accounts keeps staff accounts, one-time sign-in codes and sessions. Codes
// and session tokens are kept hashed; each has at least 80 bits.
type Accounts interface {
	Account(ctx context.Context, id string) (Account, error) // fault.NotFound
	ByTelegram(ctx context.Context, chat string) (Account, error)
	List(ctx context.Context) ([]Account, error)
	// Any tells whether one of them is as asked. Unlike List it copies nothing:
	// what is asked must not change an account.
	Any(ctx context.Context, is func(Account) bool) (bool, error)
	Save(ctx context.Context, a Account) error
	// NewCode makes a one-use code for purpose ("sign-in", "telegram") that
	// Redeem takes until ttl is over.
	NewCode(ctx context.Context, account, purpose string, ttl time.Duration) (code string, err error)
	// Redeem uses a code up and returns its account; fault.Denied if it is
	// unknown, used or over. Peek tells without using it up.
	Redeem(ctx context.Context, code, purpose string) (Account, error)
	Peek(ctx context.Context, code, purpose string) (Account, error)
	NewSession(ctx context.Context, account string, ttl time.Duration) (token string, err error)
	Session(ctx context.Context, token string) (Account, error) // fault.Denied
	EndSession(ctx context.Context, token string) error
}

// Roles lists every role of the staff.
func Roles() []Role {
	return []Role{GridWorker, Mediator, Adviser, Clerk, Editor, Director}
}

// NewID makes an account id that was never used: "a" and 16 letters and digits.
func NewID() string {
	const bytes = 10
	var raw [bytes]byte
	_, _ = rand.Read(raw[:]) // never fails, see crypto/rand
	return "a" + strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw[:]))
}
