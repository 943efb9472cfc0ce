/// The tables of a tenant's database, as the migrations that made them.
///
/// Text in look-up columns is folded by us where the attribute's case does not matter, and compares by bytes.
/// Times are milliseconds since 1970, UTC.
enum TenantSchema {
    /// All migrations.
    ///
    /// Append; never change one that was released.
    static let history = SchemaHistory(name: "tenant database", migrations: [version1, version2, version3])

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

    /// What happened: an entry for each write, in its own transaction, and what else is worth telling.
    ///
    /// - `activity.number`: rises with each commit, and so with time. `outcome`: ``ActivityOutcome``; problems have an
    ///   index of their own, which ordinary writes do not touch.
    /// - `changed`, `notes`: names, a line each.
    /// - `activity_reads`: requests counted per minute, by the minute's first millisecond.
    private static let version2: StaticString = """
        CREATE TABLE activity (
            number INTEGER PRIMARY KEY,
            time INTEGER NOT NULL,
            kind TEXT NOT NULL,
            outcome INTEGER NOT NULL,
            actor TEXT NOT NULL,
            connection TEXT,
            target_group TEXT,
            token_id TEXT,
            request_id TEXT,
            operation TEXT,
            client_address TEXT,
            http_version TEXT,
            user_agent TEXT,
            resource_type INTEGER,
            resource_id TEXT,
            changed TEXT,
            notes TEXT,
            status INTEGER,
            scim_type TEXT,
            reason TEXT,
            explanation TEXT,
            milliseconds INTEGER,
            count INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX activity_problems ON activity (number) WHERE outcome <> 1;

        CREATE TABLE activity_reads (
            minute INTEGER NOT NULL,
            connection TEXT NOT NULL,
            kind TEXT NOT NULL,
            count INTEGER NOT NULL,
            last INTEGER NOT NULL,
            PRIMARY KEY (minute, connection, kind)
        ) STRICT, WITHOUT ROWID;

        PRAGMA user_version = 2;
        """

    /// The chain of what happened, and more of whom and from where.
    ///
    /// - `activity.hash`: ``ActivityChain``; NULL in entries of before there was a chain.
    /// - `activity.user_name`, `external_id`: words (``NameHashing``), never the names.
    /// - `activity_chain`: one row: the place after which the chain begins. It moves when old entries are removed.
    ///   `name_key`: the key of those words, made when it is first needed.
    private static let version3: StaticString = """
        ALTER TABLE activity ADD COLUMN network TEXT;
        ALTER TABLE activity ADD COLUMN tls_version TEXT;
        ALTER TABLE activity ADD COLUMN quirks TEXT;
        ALTER TABLE activity ADD COLUMN user_name TEXT;
        ALTER TABLE activity ADD COLUMN external_id TEXT;
        ALTER TABLE activity ADD COLUMN hash BLOB CHECK (length(hash) = 32);

        CREATE TABLE activity_chain (
            row INTEGER PRIMARY KEY CHECK (row = 1),
            number INTEGER NOT NULL,
            hash BLOB NOT NULL CHECK (length(hash) = 32),
            name_key BLOB CHECK (length(name_key) = 32)
        ) STRICT;
        INSERT INTO activity_chain SELECT 1, ifnull(max(number), 0), zeroblob(32), NULL FROM activity;

        PRAGMA user_version = 3;
        """
}
