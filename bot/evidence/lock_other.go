//go:build !unix || aix || solaris

package evidence

import "context"

// lockFolder does nothing where the system has no flock: see [Store.claim].
func lockFolder(context.Context, string) (unlock func() error, err error) {
	return func() error { return nil }, nil
}
