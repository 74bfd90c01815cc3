package eval

import (
	"os"
	"strconv"
	"strings"
)

// residentMB is the memory that this process holds, where /proc tells.
func residentMB() float64 {
	raw, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(raw)) {
		rest, ok := strings.CutPrefix(line, "VmRSS:")
		if !ok {
			continue
		}
		kb, err := strconv.Atoi(strings.Fields(rest)[0])
		if err != nil {
			return 0
		}
		return float64(kb) / 1024
	}
	return 0
}
