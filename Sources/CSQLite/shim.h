// The system SQLite (Debian: libsqlite3-dev), and what Swift cannot import from it.
#pragma once
#include <sqlite3.h>

// sqlite3_config is variadic. Counting memory takes a global mutex at every allocation, and nobody reads the count.
static inline int csqlite_config_without_memory_status(void) {
    return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

// sqlite3_db_config is variadic. Sets a switch and confirms that it took the value.
static inline int csqlite_db_switch(sqlite3 *database, int which, int value) {
    int now = -1;
    int code = sqlite3_db_config(database, which, value, &now);
    if (code != SQLITE_OK) return code;
    return now == value ? SQLITE_OK : SQLITE_ERROR;
}

// SQLITE_TRANSIENT is a cast of -1 to a function pointer: SQLite copies what is bound.
static inline int csqlite_bind_text(sqlite3_stmt *statement, int index, const char *bytes, int count) {
    return sqlite3_bind_text(statement, index, bytes, count, SQLITE_TRANSIENT);
}

static inline int csqlite_bind_blob(sqlite3_stmt *statement, int index, const void *bytes, int count) {
    return sqlite3_bind_blob(statement, index, bytes, count, SQLITE_TRANSIENT);
}

// SQLITE_STATIC is a cast, too: SQLite reads what is bound where it is, until something else is bound or nothing.
static inline int csqlite_bind_kept_text(sqlite3_stmt *statement, int index, const void *bytes, int count) {
    return sqlite3_bind_text(statement, index, (const char *)bytes, count, SQLITE_STATIC);
}

static inline int csqlite_bind_kept_blob(sqlite3_stmt *statement, int index, const void *bytes, int count) {
    return sqlite3_bind_blob(statement, index, bytes, count, SQLITE_STATIC);
}
