//go:build unix && !aix && !solaris

package trial

import (
	"os"
	"syscall"
)

// folderLock keeps a second process out of a folder; it ends with the process.
type folderLock struct{ f *os.File }

func lockFolder(path string) (*folderLock, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		return nil, err
	}
	return &folderLock{f}, nil
}

func (l *folderLock) release() error { return l.f.Close() }

// syncFolder makes a rename in dir outlast a power cut.
func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	_ = d.Close()
	return err
}
