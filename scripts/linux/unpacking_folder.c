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
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/wait.h>
#include <unistd.h>

#define TITLE "Hearth"
#define GROWTH 2 /* how many times its own size the program is once it is unpacked, at most; it is 1.9 */
#define FILES 200 /* how many files and folders it is then, at most */
#define CANNOT_START 3 /* the exit status for that, as in hub/errors.py */

/* Gives why the program cannot be unpacked into `folder` and run there, or NULL if it can; `needed` is in bytes. */
static const char *fault_of(const char *folder, long long needed)
{
    const char *fault = NULL;
    char name[PATH_MAX];
    struct statfs at = {0};
    void *mapped;
    int file;

    if (snprintf(name, sizeof name, "%s/hearth-XXXXXX", folder) >= (int) sizeof name)
        return strerror(ENAMETOOLONG);
    if ((file = mkostemp(name, O_CLOEXEC)) < 0)
        return strerror(errno);
    unlink(name);
    if (fstatfs(file, &at) == 0 /* and where it has limits */
        && ((at.f_blocks && (long long) at.f_bavail * at.f_frsize < needed) || (at.f_files && at.f_ffree < FILES)))
        fault = "full";
    else if (at.f_type != TMPFS_MAGIC /* where to reserve it would take 20 ms */
             && fallocate(file, FALLOC_FL_KEEP_SIZE, 0, needed) != 0 && (errno == ENOSPC || errno == EDQUOT))
        fault = "full";
    else if ((mapped = mmap(NULL, 1, PROT_READ | PROT_EXEC, MAP_PRIVATE, file, 0)) != MAP_FAILED)
        munmap(mapped, 1); /* or it would keep what was reserved */
    else
        fault = errno == EPERM || errno == EACCES ? "no program may run there" : strerror(errno);
    close(file);
    return fault;
}

/* Runs a program until it ends, and says whether it is there. */
static int runs(char *const command[])
{
    int status = 0;
    pid_t child = fork();

    if (child == 0) {
        signal(SIGPIPE, SIG_DFL);
        execvp(command[0], command);
        _exit(127);
    }
    return child > 0 && waitpid(child, &status, 0) == child && !(WIFEXITED(status) && WEXITSTATUS(status) == 127);
}

/* Whether the program was asked for something that opens no window. */
static int is_without_window(char **arguments)
{
    const char *const options[] = {"--no-window", "--check", "--version", "--help", "-h"};
    size_t each;

    for (; *arguments; arguments++)
        for (each = 0; each < sizeof options / sizeof *options; each++)
            if (strcmp(*arguments, options[each]) == 0)
                return 1;
    return 0;
}

/* Says why Hearth does not start: in one line on stderr, and in a dialog, as hub/desktop/failure.py does. Ends it. */
static void tell_and_end(char *reason, char **arguments)
{
    char text[8192], line[8192], *at;
    char *const dialogs[][6] = {
        {"zenity", "--error", "--no-markup", "--title=" TITLE, text, NULL},
        {"kdialog", "--title", TITLE, "--error", reason, NULL},
        {"xmessage", "-center", "-title", TITLE, reason, NULL},
        {"notify-send", "--urgency=critical", TITLE, reason, NULL},
    };
    size_t each;

    signal(SIGPIPE, SIG_IGN); /* nobody may read stderr */
    signal(SIGCHLD, SIG_DFL); /* or nothing could be waited for */
    snprintf(text, sizeof text, "--text=%s", reason);
    snprintf(line, sizeof line, "%s", reason);
    for (at = line; *at; at++)
        if ((unsigned char) *at < ' ')
            *at = ' ';
    fprintf(stderr, "%s\n", line);
    if (!isatty(STDERR_FILENO) && (getenv("DISPLAY") || getenv("WAYLAND_DISPLAY")) && !is_without_window(arguments))
        for (each = 0; each < sizeof dialogs / sizeof *dialogs && !runs(dialogs[each]); each++)
            continue;
    _exit(CANNOT_START);
}

/* Writes the path of the user's cache folder into `folder`, and makes it if only its last part is missing. */
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

/* Whether this is the second of the program's two processes, which the loader tells by the same settings. */
static int is_unpacked(void)
{
    const char *level = getenv("_PYI_PARENT_PROCESS_LEVEL"), *archive = getenv("_PYI_ARCHIVE_FILE");
    const char *reset = getenv("PYINSTALLER_RESET_ENVIRONMENT");
    char program[PATH_MAX] = "";

    return level && *level && archive && !(reset && strcmp(reset, "1") == 0)
           && readlink("/proc/self/exe", program, sizeof program - 1) > 0 && strcmp(program, archive) == 0;
}

/* Whether the first `count` of these folders have that one. */
static int is_among(const char *const folders[], size_t count, const char *folder)
{
    while (count-- > 0)
        if (folders[count] && strcmp(folders[count], folder) == 0)
            return 1;
    return 0;
}

/* Names the folder, and leaves the TMPDIR of before in HEARTH_TMPDIR, for what the program starts. */
static void use(const char *folder)
{
    const char *before = getenv("TMPDIR");

    setenv("HEARTH_TMPDIR", before ? before : "", 1);
    setenv("TMPDIR", folder, 1);
}

/* glibc calls it with what main() is given. */
__attribute__((constructor)) static void find_unpacking_folder(int count, char **arguments)
{
    char cache[PATH_MAX], *reason = NULL;
    const char *folders[] = {getenv("TMPDIR"), getenv("TEMP"), getenv("TMP"), "/tmp", "/var/tmp", cache};
    const char *fault, *between = " ";
    struct stat program;
    size_t each, size;
    long long needed;
    FILE *text;

    (void) count;
    if (getauxval(AT_SECURE) || is_unpacked() || stat("/proc/self/exe", &program) != 0)
        return;
    needed = (long long) program.st_size * GROWTH;
    if (!(text = open_memstream(&reason, &size)))
        return;
    fprintf(text, "Hearth cannot start: it found no folder to unpack %lld MB in.\nTried were", needed / 1000000 + 1);
    for (each = 0; each < sizeof folders / sizeof *folders; each++) {
        if (folders[each] == cache)
            write_cache_folder(cache);
        if (!folders[each] || !*folders[each] || is_among(folders, each, folders[each]))
            continue;
        if (!(fault = fault_of(folders[each], needed))) {
            if (*between == ',') /* the loader would take one before it */
                use(folders[each]);
            fclose(text);
            free(reason);
            return;
        }
        fprintf(text, "%s%s (%s)", between, folders[each], fault);
        between = ",\n";
    }
    fputs(".\nMake room there, or name another folder in TMPDIR.", text);
    fclose(text);
    tell_and_end(reason, arguments);
}
