//go:build unix

package store

import (
	"fmt"
	"syscall"
)

// freeSpace is what a file system has left for others than root, in words.
func freeSpace(dir string) string {
	var stat syscall.Statfs_t
	if err := syscall.Statfs(dir, &stat); err != nil {
		return "an unknown amount"
	}
	return fmt.Sprintf("%.1f MB", float64(stat.Bavail)*float64(stat.Bsize)/1e6)
}
