/// The tables of a tenant's database, as the migrations that made them.
///
/// Text in look-up columns is folded by us where the attribute's case does not matter, and compares by bytes.
/// Times are milliseconds since 1970, UTC.
enum TenantSchema {
    /// All migrations.
    ///
    /// Append; never change one that was released.
    static let history = SchemaHistory(name: "tenant database", migrations: [version1])

    /// Resources, names per connection, members, and the records of what was deleted.
    ///
    /// - `resources.type`: 1 User, 2 Group. `attribute_set`: 1 learner, 2 full.
    /// - `shown_name`: what others show of it: a group's `displayName`; a learner's given and family name, else user name.
    /// - `manager_sent`: `manager.value` as sent, for ids and external ids; `manager_value`: the same, folded.
    private static let version1: StaticString = """
        CREATE TABLE resources (
            row INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            type INTEGER NOT NULL CHECK (type IN (1, 2)),
            version INTEGER NOT NULL CHECK (version > 0),
            created INTEGER NOT NULL,
            last_modified INTEGER NOT NULL,
            attribute_set INTEGER NOT NULL CHECK (attribute_set IN (1, 2)),
            managed_by TEXT,
            target_group TEXT,
            user_name TEXT,
            active INTEGER,
            display_name TEXT,
            employee_number TEXT,
            manager_value TEXT,
            manager_sent TEXT,
            shown_name TEXT,
            splice_external_id INTEGER NOT NULL,
            splice_manager INTEGER,
            splice_groups INTEGER NOT NULL,
            splice_location INTEGER NOT NULL,
            document BLOB NOT NULL
        ) STRICT;
        CREATE INDEX resources_by_type ON resources (type);
        CREATE UNIQUE INDEX resources_by_user_name ON resources (user_name) WHERE user_name IS NOT NULL;
        CREATE UNIQUE INDEX resources_by_target_group ON resources (target_group) WHERE target_group IS NOT NULL;
        CREATE INDEX resources_by_display_name ON resources (display_name) WHERE display_name IS NOT NULL;
        CREATE INDEX resources_by_employee_number ON resources (employee_number) WHERE employee_number IS NOT NULL;
        CREATE INDEX resources_by_manager ON resources (manager_value) WHERE manager_value IS NOT NULL;
        CREATE INDEX resources_by_owner ON resources (managed_by) WHERE managed_by IS NOT NULL;

        CREATE TABLE external_ids (
            connection TEXT NOT NULL,
            external_id TEXT NOT NULL,
            resource INTEGER NOT NULL REFERENCES resources (row) ON DELETE CASCADE,
            PRIMARY KEY (connection, external_id)
        ) STRICT, WITHOUT ROWID;
        CREATE UNIQUE INDEX external_ids_by_resource ON external_ids (resource, connection);

        CREATE TABLE emails (
            value TEXT NOT NULL,
            resource INTEGER NOT NULL REFERENCES resources (row) ON DELETE CASCADE,
            PRIMARY KEY (value, resource)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX emails_by_resource ON emails (resource);

        CREATE TABLE members (
            group_row INTEGER NOT NULL REFERENCES resources (row) ON DELETE CASCADE,
            member_row INTEGER NOT NULL REFERENCES resources (row) ON DELETE CASCADE,
            PRIMARY KEY (group_row, member_row)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX members_by_member ON members (member_row);

        CREATE TABLE tombstones (
            id TEXT PRIMARY KEY,
            deleted_at INTEGER NOT NULL,
            type INTEGER NOT NULL,
            version INTEGER NOT NULL,
            created INTEGER NOT NULL,
            last_modified INTEGER NOT NULL,
            attribute_set INTEGER NOT NULL,
            managed_by TEXT,
            user_name TEXT,
            splice_external_id INTEGER NOT NULL,
            splice_manager INTEGER,
            splice_groups INTEGER NOT NULL,
            splice_location INTEGER NOT NULL,
            document BLOB NOT NULL
        ) STRICT;
        CREATE INDEX tombstones_by_time ON tombstones (deleted_at);
        CREATE INDEX tombstones_by_user_name ON tombstones (user_name) WHERE user_name IS NOT NULL;
        CREATE TABLE tombstone_external_ids (
            id TEXT NOT NULL REFERENCES tombstones (id) ON DELETE CASCADE,
            connection TEXT NOT NULL,
            external_id TEXT NOT NULL,
            PRIMARY KEY (id, connection)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE tombstone_groups (
            id TEXT NOT NULL REFERENCES tombstones (id) ON DELETE CASCADE,
            group_id TEXT NOT NULL,
            PRIMARY KEY (id, group_id)
        ) STRICT, WITHOUT ROWID;

        PRAGMA user_version = 1;
        """
}
