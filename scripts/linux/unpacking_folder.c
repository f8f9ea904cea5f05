/* Finds a folder in which the one file for Linux can unpack itself, and names it in TMPDIR.
 *
 * PyInstaller's loader unpacks into $TMPDIR, $TEMP, $TMP or /tmp, and just ends where that is full or mounted
 * noexec. linux/loader.py links this into it; it runs before the loader's main(). Where no folder serves, it says
 * so on stderr, and in a dialog of the desktop to somebody who sees no terminal.
 */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/wait.h>
#include <unistd.h>

#define TITLE "Hearth"
#define GROWTH 3 /* how many times its own size the program is once it is unpacked, at most; it is 2.2 */
#define CANNOT_START 3 /* the exit status for that, as in hub/errors.py */

/* Gives why libraries of `needed` bytes cannot be unpacked into `folder` and loaded there, or NULL if they can. */
static const char *fault_of(const char *folder, off_t needed)
{
    const char *fault = NULL;
    char name[PATH_MAX];
    struct statfs at = {0};
    int file;

    if (snprintf(name, sizeof name, "%s/hearth-XXXXXX", folder) >= (int) sizeof name)
        return strerror(ENAMETOOLONG);
    if ((file = mkostemp(name, O_CLOEXEC)) < 0)
        return strerror(errno);
    unlink(name);
    if (fstatfs(file, &at) == 0 && at.f_blocks != 0 /* which has a limit */
        && at.f_bavail * (fsblkcnt_t) at.f_frsize < (fsblkcnt_t) needed)
        fault = "full";
    else if (at.f_type != TMPFS_MAGIC /* where it takes 20 ms */
             && fallocate(file, FALLOC_FL_KEEP_SIZE, 0, needed) != 0 && (errno == ENOSPC || errno == EDQUOT))
        fault = "full";
    else if (mmap(NULL, 1, PROT_READ | PROT_EXEC, MAP_PRIVATE, file, 0) == MAP_FAILED)
        fault = "no program may run there";
    close(file);
    return fault;
}

/* Runs a program until it ends, and says whether it is there. */
static int runs(char *const command[])
{
    int status = 0;
    pid_t child = fork();

    if (child == 0) {
        execvp(command[0], command);
        _exit(127);
    }
    return child > 0 && waitpid(child, &status, 0) == child && !(WIFEXITED(status) && WEXITSTATUS(status) == 127);
}

/* Says why Hearth does not start where whoever started it sees it, as hub/desktop/failure.py does, and ends.
 * On stderr that is one line. */
static void tell_and_end(char *reason)
{
    char text[8192], line[8192], *at;
    char *const dialogs[][6] = {
        {"zenity", "--error", "--no-markup", "--title=" TITLE, text, NULL},
        {"kdialog", "--title", TITLE, "--error", reason, NULL},
        {"xmessage", "-center", "-title", TITLE, reason, NULL},
        {"notify-send", "--urgency=critical", TITLE, reason, NULL},
    };
    size_t each;

    snprintf(text, sizeof text, "--text=%s", reason);
    snprintf(line, sizeof line, "%s", reason);
    while ((at = strchr(line, '\n')))
        *at = ' ';
    fprintf(stderr, "%s\n", line);
    if (!isatty(STDERR_FILENO) && (getenv("DISPLAY") || getenv("WAYLAND_DISPLAY")))
        for (each = 0; each < sizeof dialogs / sizeof *dialogs && !runs(dialogs[each]); each++)
            continue;
    _exit(CANNOT_START);
}

/* Writes the user's folder for what can be made again into `folder`; it is made if need be. */
static void write_cache_folder(char folder[PATH_MAX])
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    struct passwd *user;

    if (cache && *cache == '/') {
        snprintf(folder, PATH_MAX, "%s", cache);
    } else {
        if (!home || *home != '/')
            home = (user = getpwuid(getuid())) ? user->pw_dir : "";
        snprintf(folder, PATH_MAX, "%s/.cache", home);
    }
    mkdir(folder, 0700);
}

/* Whether the first `count` of these folders have that one. */
static int is_among(const char *const folders[], size_t count, const char *folder)
{
    while (count-- > 0)
        if (folders[count] && strcmp(folders[count], folder) == 0)
            return 1;
    return 0;
}

__attribute__((constructor)) static void name_unpacking_folder(void)
{
    char cache[PATH_MAX], *reason = NULL;
    const char *folders[] = {getenv("TMPDIR"), getenv("TEMP"), getenv("TMP"), "/tmp", "/var/tmp", cache};
    const char *fault, *between = " ";
    struct stat program;
    size_t each, size;
    off_t needed;
    FILE *text;

    if (getenv("_PYI_PARENT_PROCESS_LEVEL") || stat("/proc/self/exe", &program) != 0)
        return; /* the second of the program's two processes: it is unpacked */
    needed = program.st_size * GROWTH;
    if (!(text = open_memstream(&reason, &size)))
        return;
    fprintf(text, "Hearth cannot start: it found no folder to unpack %ld MB in.\nTried were", needed / 1000000);
    for (each = 0; each < sizeof folders / sizeof *folders; each++) {
        if (folders[each] == cache)
            write_cache_folder(cache);
        if (!folders[each] || !*folders[each] || is_among(folders, each, folders[each]))
            continue;
        if (!(fault = fault_of(folders[each], needed))) {
            if (*between == ',') /* the loader would take one before it */
                setenv("TMPDIR", folders[each], 1);
            fclose(text);
            free(reason);
            return;
        }
        fprintf(text, "%s%s (%s)", between, folders[each], fault);
        between = ",\n";
    }
    fputs(".\nMake room there, or name another folder in TMPDIR.", text);
    fclose(text);
    tell_and_end(reason);
}
