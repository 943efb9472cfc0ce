// Writes down what a program asks of SQLite: each statement as it is run by a connection that may write, with what is bound.
//
//     SCIM_RECORD=FILE LD_PRELOAD=record.so scim-gateway serve …
//
// A record is: the connection's address, the SQL, and the parameters, each after a 0x1F; 0x1E ends it. A parameter is `n` for
// NULL, `i` and an integer, or `t` or `b` (text, blob) and its bytes in hexadecimal: a hash may hold any byte, and so an end.
// Values are kept over a reset, as SQLite keeps them.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PARAMETERS = 64, STATEMENTS = 1 << 15 };

struct text {
    char *bytes;
    size_t count;
};

// What is bound to a statement, and whether it has begun.
struct noted {
    sqlite3_stmt *statement;
    struct text bound[PARAMETERS];
    int running;
};

static struct noted table[STATEMENTS];
static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;

// The library's own function of that name.
#define ORIGINAL(name) \
    static __typeof__(&name) original; \
    if (!original) original = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

static struct noted *noted(sqlite3_stmt *statement) {
    for (size_t at = (size_t)statement / 16 % STATEMENTS;; at = (at + 1) % STATEMENTS) {
        if (!table[at].statement) table[at].statement = statement;
        if (table[at].statement == statement) return &table[at];
    }
}

static void keep(sqlite3_stmt *statement, int index, char kind, const void *bytes, int count) {
    if (index < 1 || index > PARAMETERS) {
        fprintf(stderr, "record: parameter %d, and PARAMETERS is %d: %s\n", index, PARAMETERS, sqlite3_sql(statement));
        abort();
    }
    if (count < 0) count = (int)strlen(bytes);
    pthread_mutex_lock(&guard);
    struct text *text = &noted(statement)->bound[index - 1];
    text->bytes = realloc(text->bytes, (size_t)count + 1);
    text->bytes[0] = kind;
    memcpy(text->bytes + 1, bytes, (size_t)count);
    text->count = (size_t)count + 1;
    pthread_mutex_unlock(&guard);
}

static void write_down(sqlite3_stmt *statement, struct noted *noted) {
    static int file = -1;
    const char *path = getenv("SCIM_RECORD");
    if (file < 0 && path) file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0) return;
    char *record = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&record, &size);
    fprintf(out, "%p\x1f%s", (void *)sqlite3_db_handle(statement), sqlite3_sql(statement));
    for (int index = 0; index < sqlite3_bind_parameter_count(statement); index += 1) {
        struct text *text = &noted->bound[index];
        char kind = text->count ? text->bytes[0] : 'n';
        fprintf(out, "\x1f%c", kind);
        for (size_t at = 1; at < text->count; at += 1) {
            fprintf(out, kind == 'i' ? "%c" : "%02x", (unsigned char)text->bytes[at]);
        }
    }
    fputc(0x1e, out);
    fclose(out);
    if (write(file, record, size) != (ssize_t)size) abort();
    free(record);
}

// A statement may stand where one stood that the library finalized by itself.
int sqlite3_prepare_v3(sqlite3 *database, const char *sql, int count, unsigned flags, sqlite3_stmt **statement, const char **rest) {
    ORIGINAL(sqlite3_prepare_v3);
    int code = original(database, sql, count, flags, statement, rest);
    if (code == SQLITE_OK && *statement) {
        pthread_mutex_lock(&guard);
        struct noted *of = noted(*statement);
        of->running = 0;
        for (int index = 0; index < PARAMETERS; index += 1) of->bound[index].count = 0;
        pthread_mutex_unlock(&guard);
    }
    return code;
}

int sqlite3_bind_null(sqlite3_stmt *statement, int index) {
    ORIGINAL(sqlite3_bind_null);
    keep(statement, index, 'n', "", 0);
    return original(statement, index);
}

int sqlite3_bind_int64(sqlite3_stmt *statement, int index, sqlite3_int64 number) {
    ORIGINAL(sqlite3_bind_int64);
    char digits[24];
    keep(statement, index, 'i', digits, snprintf(digits, sizeof digits, "%lld", number));
    return original(statement, index, number);
}

int sqlite3_bind_int(sqlite3_stmt *statement, int index, int number) {
    return sqlite3_bind_int64(statement, index, number);
}

int sqlite3_bind_text(sqlite3_stmt *statement, int index, const char *bytes, int count, void (*done)(void *)) {
    ORIGINAL(sqlite3_bind_text);
    keep(statement, index, 't', bytes, count);
    return original(statement, index, bytes, count, done);
}

int sqlite3_bind_blob(sqlite3_stmt *statement, int index, const void *bytes, int count, void (*done)(void *)) {
    ORIGINAL(sqlite3_bind_blob);
    keep(statement, index, 'b', bytes, count);
    return original(statement, index, bytes, count, done);
}

int sqlite3_bind_zeroblob(sqlite3_stmt *statement, int index, int count) {
    ORIGINAL(sqlite3_bind_zeroblob);
    void *zeros = calloc(1, (size_t)(count > 0 ? count : 1));
    keep(statement, index, 'b', zeros, count > 0 ? count : 0);
    free(zeros);
    return original(statement, index, count);
}

int sqlite3_step(sqlite3_stmt *statement) {
    ORIGINAL(sqlite3_step);
    // The library's own statements have no text.
    if (sqlite3_sql(statement) && sqlite3_db_readonly(sqlite3_db_handle(statement), "main") == 0) {
        pthread_mutex_lock(&guard);
        struct noted *of = noted(statement);
        if (!of->running) write_down(statement, of);
        of->running = 1;
        pthread_mutex_unlock(&guard);
    }
    return original(statement);
}

int sqlite3_reset(sqlite3_stmt *statement) {
    ORIGINAL(sqlite3_reset);
    pthread_mutex_lock(&guard);
    noted(statement)->running = 0;
    pthread_mutex_unlock(&guard);
    return original(statement);
}

int sqlite3_clear_bindings(sqlite3_stmt *statement) {
    ORIGINAL(sqlite3_clear_bindings);
    pthread_mutex_lock(&guard);
    struct noted *of = noted(statement);
    for (int index = 0; index < PARAMETERS; index += 1) of->bound[index].count = 0;
    pthread_mutex_unlock(&guard);
    return original(statement);
}
