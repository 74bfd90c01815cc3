//go:build !unix || aix || solaris

package trial

import "os"

// folderLock keeps a second process out of a folder. Where the system has no
// flock, the file itself is the lock: Windows refuses to remove it while
// another process has it open.
type folderLock struct{ f *os.File }

func lockFolder(path string) (*folderLock, error) {
	if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	return &folderLock{f}, nil
}

func (l *folderLock) release() error { return l.f.Close() }

// syncFolder does nothing: folders can't be synced here.
func syncFolder(string) error { return nil }
