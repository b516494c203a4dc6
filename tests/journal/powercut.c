/* A disk that loses what was not synchronised: after every fsync and fdatasync the file's content is copied to
 * POWERCUT_COPIES. What lies there is all that a power cut at that moment would have left.
 * Build: cc -shared -fPIC -o powercut.so powercut.c -ldl; use: LD_PRELOAD=powercut.so
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void copy(int fd) {
    const char *folder = getenv("POWERCUT_COPIES");
    char link[64], source[PATH_MAX], fresh[PATH_MAX], target[PATH_MAX], buffer[65536];
    struct stat about;
    if (!folder || fstat(fd, &about) || !S_ISREG(about.st_mode)) return;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, source, sizeof source - 1);
    if (length < 0) return;
    source[length] = 0;
    const char *name = strrchr(source, '/');
    snprintf(target, sizeof target, "%s%s", folder, name);
    snprintf(fresh, sizeof fresh, "%s%s.fresh", folder, name);
    int out = open(fresh, O_CREAT | O_WRONLY | O_TRUNC, 0600);
    if (out < 0) abort();
    off_t place = 0;
    ssize_t got;
    while ((got = pread(fd, buffer, sizeof buffer, place)) > 0) {
        if (write(out, buffer, got) != got) abort();
        place += got;
    }
    close(out);
    /* Renamed into place, so that a kill in the middle of the copy leaves the content synchronised before. */
    if (rename(fresh, target)) abort();
}

int fsync(int fd) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    int result = real(fd);
    copy(fd);
    return result;
}

int fdatasync(int fd) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    int result = real(fd);
    copy(fd);
    return result;
}
