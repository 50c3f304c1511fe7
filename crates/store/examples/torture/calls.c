/* Stands between a worker and the system: writes down, in order, what is written, synced, moved and removed below one folder, and what is
 * said on standard output; lets chosen calls fail. Loaded with LD_PRELOAD.
 *
 * CALLS_FOLDER  what is watched
 * CALLS_LOG     where it is written down; without it nothing is
 * CALLS_FAIL    full, write or sync: which calls are counted and fail
 * CALLS_FIRST   number of the first call that fails, from 1
 * CALLS_COUNT   how many fail from there on
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static int log_fd = -1;
static const char *folder;
static char fail_kind;
static long fail_first, fail_count, seen;

static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static int (*real_fsync)(int), (*real_fdatasync)(int), (*real_ftruncate)(int, off_t);
static int (*real_open)(const char *, int, ...);
static int (*real_unlink)(const char *), (*real_rename)(const char *, const char *);

__attribute__((constructor)) static void begin(void) {
    real_write = dlsym(RTLD_NEXT, "write");
    real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
    real_fsync = dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    real_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
    real_open = dlsym(RTLD_NEXT, "open64");
    real_unlink = dlsym(RTLD_NEXT, "unlink");
    real_rename = dlsym(RTLD_NEXT, "rename");
    folder = getenv("CALLS_FOLDER");
    const char *path = getenv("CALLS_LOG"), *kind = getenv("CALLS_FAIL");
    const char *first = getenv("CALLS_FIRST"), *count = getenv("CALLS_COUNT");
    if (path) log_fd = real_open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    fail_kind = kind ? kind[0] : 0;
    fail_first = first ? atol(first) : 0;
    fail_count = count ? atol(count) : 0;
}

static void put(const char *head, const void *bytes, size_t length) {
    if (log_fd < 0) return;
    /* One call for the head and one for the bytes; the turn keeps them together. */
    if (real_write(log_fd, head, strlen(head)) < 0 || (length && real_write(log_fd, bytes, length) != (ssize_t)length)) abort();
}

/* Whether the path lies below the folder; the shared memory of the write-ahead log is no file that outlives a power cut. */
static int is_watched(const char *path) {
    size_t length = strlen(path);
    if (!folder || strncmp(path, folder, strlen(folder)) != 0) return 0;
    return length < 4 || strcmp(path + length - 4, "-shm") != 0;
}

static int watched(int fd, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, 4095);
    if (length <= 0) return 0;
    path[length] = 0;
    return is_watched(path);
}

/* Counts a call of a kind; whether it is to fail. */
static int fails(char class) {
    if (!fail_kind || !(fail_kind == class || (fail_kind == 'f' && class == 'w'))) return 0;
    seen += 1;
    return seen >= fail_first && seen < fail_first + fail_count;
}

static int fail_write(void) {
    errno = fail_kind == 'f' ? ENOSPC : EIO;
    return -1;
}

static void note_write(const char *path, const void *bytes, size_t length, long offset) {
    char head[4400];
    snprintf(head, sizeof head, "W %ld %zu %s\n", offset, length, path);
    put(head, bytes, length);
}

ssize_t write(int fd, const void *bytes, size_t length) {
    char path[4096], head[64];
    if (fd == 1) {
        pthread_mutex_lock(&turn);
        ssize_t done = real_write(fd, bytes, length);
        snprintf(head, sizeof head, "A 0 %zu -\n", length);
        put(head, bytes, length);
        pthread_mutex_unlock(&turn);
        return done;
    }
    if (!watched(fd, path)) return real_write(fd, bytes, length);
    pthread_mutex_lock(&turn);
    ssize_t done = -1;
    if (fails('w')) {
        done = fail_write();
    } else {
        off_t at = lseek(fd, 0, SEEK_CUR);
        done = real_write(fd, bytes, length);
        if (done > 0) note_write(path, bytes, done, at);
    }
    pthread_mutex_unlock(&turn);
    return done;
}

static ssize_t write_at(int fd, const void *bytes, size_t length, off_t at) {
    char path[4096];
    if (!watched(fd, path)) return real_pwrite(fd, bytes, length, at);
    pthread_mutex_lock(&turn);
    ssize_t done = -1;
    if (fails('w')) {
        done = fail_write();
    } else {
        done = real_pwrite(fd, bytes, length, at);
        if (done > 0) note_write(path, bytes, done, at);
    }
    pthread_mutex_unlock(&turn);
    return done;
}
ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) { return write_at(fd, bytes, length, at); }
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) { return write_at(fd, bytes, length, at); }

static int sync_one(int fd, int (*call)(int)) {
    char path[4096], head[4400];
    struct stat of;
    if (!watched(fd, path)) return call(fd);
    pthread_mutex_lock(&turn);
    int failed = fails('s');
    int is_folder = fstat(fd, &of) == 0 && S_ISDIR(of.st_mode);
    int done = failed ? -1 : call(fd);
    snprintf(head, sizeof head, "%c 0 0 %s\n", done != 0 ? 'F' : is_folder ? 'D' : 'S', path);
    put(head, 0, 0);
    pthread_mutex_unlock(&turn);
    if (failed) errno = EIO;
    return done;
}
int fsync(int fd) { return sync_one(fd, real_fsync); }
int fdatasync(int fd) { return sync_one(fd, real_fdatasync); }

static int cut(int fd, off_t length) {
    char path[4096], head[4400];
    if (!watched(fd, path)) return real_ftruncate(fd, length);
    pthread_mutex_lock(&turn);
    int done = fails('w') ? fail_write() : real_ftruncate(fd, length);
    if (done == 0) {
        snprintf(head, sizeof head, "T %ld 0 %s\n", (long)length, path);
        put(head, 0, 0);
    }
    pthread_mutex_unlock(&turn);
    return done;
}
int ftruncate64(int fd, off64_t length) { return cut(fd, length); }
int ftruncate(int fd, off_t length) { return cut(fd, length); }

static int open_one(const char *path, int flags, mode_t mode) {
    char head[4400];
    struct stat of;
    if (!(flags & O_CREAT) || !is_watched(path)) return real_open(path, flags, mode);
    pthread_mutex_lock(&turn);
    int is_new = stat(path, &of) != 0;
    int done = is_new && fails('w') ? fail_write() : real_open(path, flags, mode);
    if (done >= 0 && (is_new || (flags & O_TRUNC))) {
        snprintf(head, sizeof head, "%c 0 0 %s\n", is_new ? 'C' : 'T', path);
        put(head, 0, 0);
    }
    pthread_mutex_unlock(&turn);
    return done;
}

#define OPEN(name)                                              \
    int name(const char *path, int flags, ...) {                \
        va_list rest;                                           \
        va_start(rest, flags);                                  \
        mode_t mode = flags & O_CREAT ? va_arg(rest, int) : 0;  \
        va_end(rest);                                           \
        return open_one(path, flags, mode);                     \
    }
OPEN(open)
OPEN(open64)

int unlink(const char *path) {
    char head[4400];
    if (!is_watched(path)) return real_unlink(path);
    pthread_mutex_lock(&turn);
    int done = real_unlink(path);
    if (done == 0) {
        snprintf(head, sizeof head, "U 0 0 %s\n", path);
        put(head, 0, 0);
    }
    pthread_mutex_unlock(&turn);
    return done;
}

int rename(const char *from, const char *to) {
    char head[8800];
    if (!is_watched(from)) return real_rename(from, to);
    pthread_mutex_lock(&turn);
    int done = real_rename(from, to);
    if (done == 0) {
        snprintf(head, sizeof head, "R 0 %zu %s\n", strlen(to), from);
        put(head, to, strlen(to));
    }
    pthread_mutex_unlock(&turn);
    return done;
}
