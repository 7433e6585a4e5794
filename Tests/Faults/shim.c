/* Stands between a program and the files of one database (LD_PRELOAD): records what is written, or
 * lets the n-th write, sync or read fail.
 *
 *   FAULTS_DATABASE  the database's path; its "-wal" is watched as well, its "-shm" never
 *   FAULTS_RECORD    a file to append to: what is done, in the order of the effects
 *   FAULTS_FAIL      OPERATION:FILE:N:COUNT:HOW: from the N-th OPERATION on FILE on, COUNT of them
 *                    fail (0 = all)
 *                      OPERATION  write, sync, read
 *                      FILE       database, log
 *                      HOW        EIO, ENOSPC; short: half is done, and said so; torn: half is
 *                                 done, then EIO
 *   FAULTS_HIT       a file that is made when the first one fails
 *
 * A record is 24 bytes in the machine's order (kind, length, inode, offset) and `length` bytes of
 * data. Kinds: 'O'pen (the path), 'W'rite, 'T'runcate (to the offset), 'U'nlink (the path),
 * 'B'egin and 'E'nd of a sync of a file, 'b' and 'e' of one of the folder. Who ends a write has
 * its record behind it; a sync covers what stands before its 'B', from its 'E' on.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { NOTHING, DATABASE, LOG, FOLDER };
enum { DESCRIPTORS_MAX = 65536, PATH_SIZE_MAX = 4096 };

static unsigned char roles[DESCRIPTORS_MAX];
static uint64_t inodes[DESCRIPTORS_MAX];
static char database[PATH_SIZE_MAX], wal[PATH_SIZE_MAX], folder[PATH_SIZE_MAX];
static int record_descriptor = -1;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static struct {
  char operation[16], file[16], how[16];
  long first, count;
} fault;
static long seen;

__attribute__((constructor)) static void begin(void) {
  const char *path = getenv("FAULTS_DATABASE");
  if (path == NULL) return;
  snprintf(database, sizeof database, "%s", path);
  snprintf(wal, sizeof wal, "%s-wal", path);
  snprintf(folder, sizeof folder, "%s", path);
  *strrchr(folder, '/') = 0;
  const char *record = getenv("FAULTS_RECORD");
  if (record != NULL) {
    int opened = syscall(SYS_openat, AT_FDCWD, record, O_WRONLY | O_APPEND | O_CREAT, 0600);
    record_descriptor = fcntl(opened, F_DUPFD_CLOEXEC, 900);
    syscall(SYS_close, opened);
  }
  const char *fail = getenv("FAULTS_FAIL");
  if (fail != NULL &&
      sscanf(fail, "%15[^:]:%15[^:]:%ld:%ld:%15s", fault.operation, fault.file, &fault.first,
             &fault.count, fault.how) != 5) {
    abort();
  }
}

static int role_of_path(const char *path) {
  if (database[0] == 0) return NOTHING;
  if (strcmp(path, database) == 0) return DATABASE;
  if (strcmp(path, wal) == 0) return LOG;
  if (strcmp(path, folder) == 0) return FOLDER;
  return NOTHING;
}

static int role_of(int descriptor) {
  return descriptor >= 0 && descriptor < DESCRIPTORS_MAX ? roles[descriptor] : NOTHING;
}

static void record(char kind, uint64_t inode, uint64_t offset, const void *data, size_t length) {
  if (record_descriptor < 0) return;
  struct { uint32_t kind, length; uint64_t inode, offset; } head = {kind, length, inode, offset};
  struct iovec parts[2] = {{&head, sizeof head}, {(void *)data, length}};
  if (syscall(SYS_writev, record_descriptor, parts, 2) != (long)(sizeof head + length)) abort();
}

/* Whether this operation is one that fails. */
static int fails(const char *operation, int role) {
  if (fault.operation[0] == 0 || strcmp(operation, fault.operation) != 0) return 0;
  if (strcmp(fault.file, role == DATABASE ? "database" : role == LOG ? "log" : "") != 0) return 0;
  pthread_mutex_lock(&mutex);
  long number = ++seen;
  pthread_mutex_unlock(&mutex);
  if (number < fault.first) return 0;
  if (fault.count > 0 && number >= fault.first + fault.count) return 0;
  if (number == fault.first && getenv("FAULTS_HIT") != NULL) {
    int hit = syscall(SYS_openat, AT_FDCWD, getenv("FAULTS_HIT"), O_WRONLY | O_CREAT, 0600);
    syscall(SYS_close, hit);
  }
  return 1;
}

static int failed(void) {
  errno = strcmp(fault.how, "ENOSPC") == 0 ? ENOSPC : EIO;
  return -1;
}

static int opened(int descriptor, const char *path) {
  int role = role_of_path(path);
  if (descriptor < 0 || descriptor >= DESCRIPTORS_MAX || role == NOTHING) return descriptor;
  struct stat status;
  if (fstat(descriptor, &status) != 0) return descriptor;
  pthread_mutex_lock(&mutex);
  roles[descriptor] = role;
  inodes[descriptor] = status.st_ino;
  if (role != FOLDER) record('O', status.st_ino, status.st_size, path, strlen(path));
  pthread_mutex_unlock(&mutex);
  return descriptor;
}

static int open_at(int at, const char *path, int flags, va_list arguments) {
  mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
  return opened(syscall(SYS_openat, at, path, flags, mode), path);
}

int open(const char *path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  int descriptor = open_at(AT_FDCWD, path, flags, arguments);
  va_end(arguments);
  return descriptor;
}
int open64(const char *, int, ...) __attribute__((alias("open")));

int openat(int at, const char *path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  int descriptor = open_at(at, path, flags, arguments);
  va_end(arguments);
  return descriptor;
}
int openat64(int, const char *, int, ...) __attribute__((alias("openat")));

int close(int descriptor) {
  if (role_of(descriptor) != NOTHING) roles[descriptor] = NOTHING;
  return syscall(SYS_close, descriptor);
}

static ssize_t write_at(int descriptor, const void *data, size_t length, off_t offset, int moves) {
  int role = role_of(descriptor);
  if (role == DATABASE || role == LOG) {
    int spoils = 0;
    if (fails("write", role)) {
      int is_short = strcmp(fault.how, "short") == 0;
      if (!is_short && strcmp(fault.how, "torn") != 0) return failed();
      if (length > 1) length /= 2;
      spoils = !is_short;
    }
    if (moves) offset = lseek(descriptor, 0, SEEK_CUR);
    pthread_mutex_lock(&mutex);
    ssize_t done = syscall(SYS_pwrite64, descriptor, data, length, offset);
    if (done > 0) record('W', inodes[descriptor], offset, data, done);
    pthread_mutex_unlock(&mutex);
    if (moves && done > 0) lseek(descriptor, done, SEEK_CUR);
    return spoils ? failed() : done;
  }
  return moves ? syscall(SYS_write, descriptor, data, length)
               : syscall(SYS_pwrite64, descriptor, data, length, offset);
}

ssize_t write(int descriptor, const void *data, size_t length) {
  return write_at(descriptor, data, length, 0, 1);
}
ssize_t pwrite(int descriptor, const void *data, size_t length, off_t offset) {
  return write_at(descriptor, data, length, offset, 0);
}
ssize_t pwrite64(int, const void *, size_t, off_t) __attribute__((alias("pwrite")));

static ssize_t read_at(int descriptor, void *data, size_t length, off_t offset, int moves) {
  int role = role_of(descriptor);
  if ((role == DATABASE || role == LOG) && fails("read", role)) {
    if (strcmp(fault.how, "short") != 0) return failed();
    if (length > 1) length /= 2;
  }
  return moves ? syscall(SYS_read, descriptor, data, length)
               : syscall(SYS_pread64, descriptor, data, length, offset);
}

ssize_t read(int descriptor, void *data, size_t length) {
  return read_at(descriptor, data, length, 0, 1);
}
ssize_t pread(int descriptor, void *data, size_t length, off_t offset) {
  return read_at(descriptor, data, length, offset, 0);
}
ssize_t pread64(int, void *, size_t, off_t) __attribute__((alias("pread")));

static int synced(int descriptor, int number) {
  int role = role_of(descriptor);
  if (role == NOTHING) return syscall(number, descriptor);
  if (role != FOLDER && fails("sync", role)) return failed();
  pthread_mutex_lock(&mutex);
  record(role == FOLDER ? 'b' : 'B', inodes[descriptor], 0, NULL, 0);
  pthread_mutex_unlock(&mutex);
  int result = syscall(number, descriptor);
  pthread_mutex_lock(&mutex);
  if (result == 0) record(role == FOLDER ? 'e' : 'E', inodes[descriptor], 0, NULL, 0);
  pthread_mutex_unlock(&mutex);
  return result;
}

int fsync(int descriptor) { return synced(descriptor, SYS_fsync); }
int fdatasync(int descriptor) { return synced(descriptor, SYS_fdatasync); }

int ftruncate(int descriptor, off_t length) {
  int role = role_of(descriptor);
  if (role != DATABASE && role != LOG) return syscall(SYS_ftruncate, descriptor, length);
  pthread_mutex_lock(&mutex);
  int result = syscall(SYS_ftruncate, descriptor, length);
  if (result == 0) record('T', inodes[descriptor], length, NULL, 0);
  pthread_mutex_unlock(&mutex);
  return result;
}
int ftruncate64(int, off_t) __attribute__((alias("ftruncate")));

int unlink(const char *path) {
  int role = role_of_path(path);
  if (role == NOTHING) return syscall(SYS_unlink, path);
  pthread_mutex_lock(&mutex);
  int result = syscall(SYS_unlink, path);
  if (result == 0) record('U', 0, 0, path, strlen(path));
  pthread_mutex_unlock(&mutex);
  return result;
}
