// The limit of durable writes: the recorded statements of one change, prepared, in transactions of GROUP changes, and nothing else.
//
//     replay SCRIPT WRITERS GROUP SECONDS DATABASE…
//
// SCRIPT has the statements in the recorder's shape (record.c), without an address: first those of an opening (PRAGMA …),
// then those of one change. Values may be wanted anew for each change: `r` is the row that is changed, or that the last
// RETURNING gave; `T` the time in milliseconds; `N` the number of a new entry in the activity; `H` so many random bytes,
// as a hash has. In texts and blobs 0x01 is the id of that row, 0x02 seven digits that were never used before, 0x03 a new
// random id, 0x04 the user name of that row, 0x05 its employee number. Writers take the databases in turn, one transaction
// each. Prints JSON.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

// FIRST_DIGITS: above those of everybody who is in the databases.
enum { LENGTH = 1 << 16, STATEMENTS = 128, PARAMETERS = 64, CHECKPOINT_PAGES = 4000, BUSY_MILLISECONDS = 2000, FIRST_DIGITS = 5000000 };

struct value {
    char kind;
    char *bytes;
    int count;
};

struct line {
    char *sql;
    struct value values[PARAMETERS];
    int count;
    int returns;
};

struct subject {
    sqlite3_int64 row;
    char id[64], name[128], employee[64];
};

struct file {
    sqlite3 *database;
    sqlite3_stmt *begin, *commit;
    sqlite3_stmt *statements[STATEMENTS];
    struct subject *subjects;
    size_t subject_count, next;
    sqlite3_int64 entries;
    uint64_t random;
    pthread_mutex_t taken;
};

// What one change puts into its statements.
struct change {
    struct subject subject;
    sqlite3_int64 time, entry;
    char digits[8], id[37];
};

static struct line opening[STATEMENTS], script[STATEMENTS];
static int opening_count, script_count, group;
static struct file *files;
static size_t file_count;
static atomic_size_t turn, changes, digits = FIRST_DIGITS;
static atomic_int stop;

// The reason first: a statement may be long.
static void fail(const char *reason, const char *where) {
    fprintf(stderr, "replay: %s: %s\n", reason, where);
    exit(1);
}

static double seconds(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

// -- the script -------------------------------------------------------------------------------------
static struct value read_value(char *text, const char *sql) {
    struct value value = {.kind = text[0], .bytes = text + 1, .count = (int)strlen(text + 1)};
    if (value.kind != 't' && value.kind != 'b') return value;
    // In place: two digits become one byte.
    value.count /= 2;
    for (int at = 0; at < value.count; at += 1) {
        unsigned byte;
        if (sscanf(text + 1 + 2 * at, "%2x", &byte) != 1) fail("a text or blob is not in hexadecimal", sql);
        value.bytes[at] = (char)byte;
    }
    return value;
}

static void read_script(const char *path) {
    FILE *in = fopen(path, "r");
    if (!in) fail(strerror(errno), path);
    char *record = NULL;
    size_t room = 0;
    ssize_t count;
    while ((count = getdelim(&record, &room, 0x1e, in)) > 1) {
        record[count - 1] = 0;
        char *rest = strdup(record);
        struct line line = {.sql = strsep(&rest, "\x1f")};
        while (rest && line.count < PARAMETERS) line.values[line.count++] = read_value(strsep(&rest, "\x1f"), line.sql);
        if (rest) fail("more values than PARAMETERS", line.sql);
        line.returns = strstr(line.sql, "RETURNING") != NULL;
        if (opening_count == STATEMENTS || script_count == STATEMENTS) fail("more than STATEMENTS statements", path);
        if (strncmp(line.sql, "PRAGMA", 6) == 0) opening[opening_count++] = line;
        else script[script_count++] = line;
    }
    free(record);
    fclose(in);
}

// -- databases --------------------------------------------------------------------------------------
static sqlite3_stmt *prepared(sqlite3 *database, const char *sql) {
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v3(database, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK) fail(sqlite3_errmsg(database), sql);
    return statement;
}

static void read_subjects(struct file *file) {
    sqlite3_stmt *rows = prepared(file->database, "SELECT row, id, user_name, employee_number FROM resources WHERE type = 1");
    while (sqlite3_step(rows) == SQLITE_ROW) {
        file->subjects = realloc(file->subjects, (file->subject_count + 1) * sizeof *file->subjects);
        struct subject *subject = &file->subjects[file->subject_count++];
        subject->row = sqlite3_column_int64(rows, 0);
        snprintf(subject->id, sizeof subject->id, "%s", sqlite3_column_text(rows, 1));
        snprintf(subject->name, sizeof subject->name, "%s", sqlite3_column_text(rows, 2));
        const unsigned char *employee = sqlite3_column_text(rows, 3);
        snprintf(subject->employee, sizeof subject->employee, "%s", employee ? (const char *)employee : "");
    }
    sqlite3_finalize(rows);
    if (!file->subject_count) fail("no learner is there", sqlite3_db_filename(file->database, "main"));
    sqlite3_stmt *newest = prepared(file->database, "SELECT max(number) FROM activity");
    if (sqlite3_step(newest) == SQLITE_ROW) file->entries = sqlite3_column_int64(newest, 0);
    sqlite3_finalize(newest);
}

static void open_file(struct file *file, const char *path) {
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
    if (sqlite3_open_v2(path, &file->database, flags, NULL) != SQLITE_OK) fail(sqlite3_errmsg(file->database), path);
    sqlite3_busy_timeout(file->database, BUSY_MILLISECONDS);
    for (int at = 0; at < opening_count; at += 1) {
        sqlite3_stmt *pragma = prepared(file->database, opening[at].sql);
        while (sqlite3_step(pragma) == SQLITE_ROW) {}
        sqlite3_finalize(pragma);
    }
    sqlite3_wal_autocheckpoint(file->database, CHECKPOINT_PAGES);
    read_subjects(file);
    file->begin = prepared(file->database, "BEGIN IMMEDIATE");
    file->commit = prepared(file->database, "COMMIT");
    for (int at = 0; at < script_count; at += 1) file->statements[at] = prepared(file->database, script[at].sql);
    file->random = (uint64_t)(file - files) * 0x9e3779b97f4a7c15u + 1;
    pthread_mutex_init(&file->taken, NULL);
}

// -- changes ----------------------------------------------------------------------------------------
// SplitMix64, so that ids fall on random pages of their index, as they do in life.
static uint64_t drawn(struct file *file) {
    uint64_t mixed = file->random += 0x9e3779b97f4a7c15u;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9u;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
    return mixed ^ (mixed >> 31);
}

static struct change next_change(struct file *file) {
    struct change change = {.subject = file->subjects[file->next++ % file->subject_count], .entry = ++file->entries,
                            .time = (sqlite3_int64)(seconds(CLOCK_REALTIME) * 1000)};
    uint64_t high = drawn(file), low = drawn(file);
    snprintf(change.id, sizeof change.id, "%08x-%04x-4%03x-a%03x-%012llx", (unsigned)(high >> 32), (unsigned)(high >> 16 & 0xffff),
             (unsigned)(high & 0xfff), (unsigned)(low >> 52), (unsigned long long)(low & 0xffffffffffff));
    snprintf(change.digits, sizeof change.digits, "%07zu", atomic_fetch_add(&digits, 1) % 10000000);
    return change;
}

// The value with what stands for something else filled in; its length.
static int filled(char *text, const struct value *value, const struct change *change) {
    const char *pieces[] = {NULL, change->subject.id, change->digits, change->id, change->subject.name, change->subject.employee};
    enum { PIECES = sizeof pieces / sizeof *pieces };
    char *end = text;
    for (int at = 0; at < value->count; at += 1) {
        unsigned char byte = (unsigned char)value->bytes[at];
        if (byte == 0 || byte >= PIECES) *end++ = (char)byte;
        else end = stpcpy(end, pieces[byte]);
        if (end - text > LENGTH - 128) fail("a value is longer than LENGTH", change->subject.id);
    }
    return (int)(end - text);
}

static int bind_random(sqlite3_stmt *statement, int index, int count, struct file *file) {
    uint64_t bytes[8];
    if (count < 1 || count > (int)sizeof bytes) return SQLITE_MISUSE;
    for (int at = 0; at * (int)sizeof *bytes < count; at += 1) bytes[at] = drawn(file);
    return sqlite3_bind_blob(statement, index, bytes, count, SQLITE_TRANSIENT);
}

static int bind(sqlite3_stmt *statement, int index, const struct value *value, const struct change *change, struct file *file) {
    char text[LENGTH];
    int count;
    switch (value->kind) {
    case 'n': return sqlite3_bind_null(statement, index);
    case 'i': return sqlite3_bind_int64(statement, index, atoll(value->bytes));
    case 'r': return sqlite3_bind_int64(statement, index, change->subject.row);
    case 'T': return sqlite3_bind_int64(statement, index, change->time);
    case 'N': return sqlite3_bind_int64(statement, index, change->entry);
    case 'H': return bind_random(statement, index, atoi(value->bytes), file);
    case 't': count = filled(text, value, change); return sqlite3_bind_text(statement, index, text, count, SQLITE_TRANSIENT);
    case 'b': count = filled(text, value, change); return sqlite3_bind_blob(statement, index, text, count, SQLITE_TRANSIENT);
    default: return SQLITE_MISUSE;
    }
}

static void make_change(struct file *file) {
    struct change change = next_change(file);
    for (int at = 0; at < script_count; at += 1) {
        sqlite3_stmt *statement = file->statements[at];
        for (int index = 0; index < script[at].count; index += 1) {
            if (bind(statement, index + 1, &script[at].values[index], &change, file) != SQLITE_OK) fail("a value cannot be bound", script[at].sql);
        }
        int code;
        while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
            if (script[at].returns) change.subject.row = sqlite3_column_int64(statement, 0);
        }
        if (code != SQLITE_DONE) fail(sqlite3_errmsg(file->database), script[at].sql);
        sqlite3_reset(statement);
    }
}

static void run(sqlite3_stmt *statement, sqlite3 *database) {
    if (sqlite3_step(statement) != SQLITE_DONE) fail(sqlite3_errmsg(database), sqlite3_sql(statement));
    sqlite3_reset(statement);
}

static void *write_changes(void *unused) {
    (void)unused;
    while (!atomic_load(&stop)) {
        struct file *file = &files[atomic_fetch_add(&turn, 1) % file_count];
        if (pthread_mutex_trylock(&file->taken) != 0) continue;
        run(file->begin, file->database);
        for (int made = 0; made < group; made += 1) make_change(file);
        run(file->commit, file->database);
        atomic_fetch_add(&changes, (size_t)group);
        pthread_mutex_unlock(&file->taken);
    }
    return NULL;
}

int main(int count, char **arguments) {
    if (count < 6) {
        fprintf(stderr, "usage: replay SCRIPT WRITERS GROUP SECONDS DATABASE...\n");
        return 64;
    }
    int writers = atoi(arguments[2]);
    group = atoi(arguments[3]);
    double length = atof(arguments[4]);
    if (writers < 1 || group < 1 || length <= 0) fail("WRITERS, GROUP and SECONDS are more than 0", "arguments");
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    read_script(arguments[1]);
    if (!script_count) fail("the script holds no change", arguments[1]);
    file_count = (size_t)count - 5;
    files = calloc(file_count, sizeof *files);
    for (size_t at = 0; at < file_count; at += 1) open_file(&files[at], arguments[5 + at]);

    pthread_t threads[64];
    if (writers > 64) fail("there are 64 writers at most", "arguments");
    double began = seconds(CLOCK_MONOTONIC), cpu_before = seconds(CLOCK_PROCESS_CPUTIME_ID);
    for (int at = 0; at < writers; at += 1) pthread_create(&threads[at], NULL, write_changes, NULL);
    usleep((useconds_t)(length * 1e6));
    atomic_store(&stop, 1);
    for (int at = 0; at < writers; at += 1) pthread_join(threads[at], NULL);
    double took = seconds(CLOCK_MONOTONIC) - began, cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu_before;
    double made = (double)atomic_load(&changes);
    printf("{\"changes\": %.0f, \"per_second\": %.1f, \"cpu_us\": %.2f}\n", made, made / took, cpu / made * 1e6);
    for (size_t at = 0; at < file_count; at += 1) {
        for (int of = 0; of < script_count; of += 1) sqlite3_finalize(files[at].statements[of]);
        sqlite3_finalize(files[at].begin);
        sqlite3_finalize(files[at].commit);
        sqlite3_close(files[at].database);
    }
    return 0;
}
