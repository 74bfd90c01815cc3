package wire

import (
	"os"
	"strconv"
	"strings"
)

// RSS is the memory that the process has in use, in MiB; 0 where the operating
// system does not tell (/proc/self/statm is Linux's).
func RSS() float64 {
	raw, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(raw))
	if len(fields) < 2 {
		return 0
	}
	pages, err := strconv.Atoi(fields[1])
	if err != nil {
		return 0
	}
	return float64(pages*os.Getpagesize()) / (1 << 20)
}
