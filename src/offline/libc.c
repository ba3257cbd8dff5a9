/* offline/libc.c: functions of POSIX and Linux that Emscripten's C library does not have. There are
 * no extended attributes and no other processors. */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <sys/random.h>
#include <sys/xattr.h>
#include <unistd.h>

ssize_t fgetxattr(int fd, const char *name, void *value, size_t size)
{
    (void)fd;
    (void)name;
    (void)value;
    (void)size;
    errno = ENOTSUP;
    return -1;
}

int fsetxattr(int fd, const char *name, const void *value, size_t size, int flags)
{
    (void)fd;
    (void)name;
    (void)value;
    (void)size;
    (void)flags;
    errno = ENOTSUP;
    return -1;
}

ssize_t flistxattr(int fd, char *list, size_t size)
{
    (void)fd;
    (void)list;
    (void)size;
    errno = ENOTSUP;
    return -1;
}

int fremovexattr(int fd, const char *name)
{
    (void)fd;
    (void)name;
    errno = ENOTSUP;
    return -1;
}

ssize_t getrandom(void *bytes, size_t len, unsigned flags)
{
    enum { MOST = 256 /* of getentropy */ };
    (void)flags;
    for (size_t done = 0; done < len; done += MOST)
        if (getentropy((char *)bytes + done, len - done < MOST ? len - done : MOST) != 0)
            return -1;
    return (ssize_t)len;
}

int sched_getaffinity(pid_t process, size_t size, cpu_set_t *set)
{
    (void)process;
    (void)size;
    (void)set;
    errno = ENOSYS;
    return -1;
}

int __sched_cpucount(size_t size, const cpu_set_t *set)
{
    (void)size;
    (void)set;
    return 1;
}
