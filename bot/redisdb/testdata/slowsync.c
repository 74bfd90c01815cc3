/* Makes every sync to the disk take as long as SLOWSYNC_MS says, as on a busy
 * disk. Loaded into redis-server by LD_PRELOAD. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

int fdatasync(int fd) {
	const char *ms = getenv("SLOWSYNC_MS");
	if (ms) usleep((useconds_t)atoi(ms) * 1000);
	return (int)syscall(SYS_fdatasync, fd);
}
