/// The tables of a profile's control database, as the migrations that made them.
enum ControlSchema {
    /// All migrations.
    ///
    /// Append; never change one that was released.
    static let history = SchemaHistory(
        name: "control database",
        migrations: [version1, version2, version3, version4, version5, version6]
    )

    /// Connections that a command made, and the digests of tokens.
    ///
    /// Times are milliseconds since 1970, UTC.
    private static let version1: StaticString = """
        CREATE TABLE connections (
            row INTEGER PRIMARY KEY,
            tenant TEXT NOT NULL,
            connection TEXT NOT NULL,
            display_name TEXT NOT NULL,
            target_group TEXT,
            dialect TEXT NOT NULL,
            attributes TEXT NOT NULL,
            allow_from TEXT,
            created INTEGER NOT NULL,
            UNIQUE (tenant, connection)
        ) STRICT;
        CREATE TABLE tokens (
            row INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            digest BLOB NOT NULL CHECK (length(digest) = 32),
            tenant TEXT NOT NULL,
            connection TEXT NOT NULL,
            created INTEGER,
            expires INTEGER,
            revoked INTEGER,
            last_used INTEGER
        ) STRICT;

        PRAGMA user_version = 1;
        """

    /// The uses of tokens, to the second; those of files have no row in `tokens`.
    private static let version2: StaticString = """
        ALTER TABLE tokens DROP COLUMN last_used;
        CREATE TABLE token_uses (
            id TEXT PRIMARY KEY,
            first_used INTEGER NOT NULL,
            last_used INTEGER NOT NULL,
            network TEXT,
            client TEXT
        ) STRICT, WITHOUT ROWID;

        PRAGMA user_version = 2;
        """

    /// What people call a token, and the token in whose place it steps: `overlap` milliseconds after its first use.
    private static let version3: StaticString = """
        ALTER TABLE tokens ADD COLUMN name TEXT;
        ALTER TABLE tokens ADD COLUMN replaces TEXT;
        ALTER TABLE tokens ADD COLUMN overlap INTEGER;

        PRAGMA user_version = 3;
        """

    /// The end of a token that was told last, and how near it was then.
    private static let version4: StaticString = """
        CREATE TABLE token_warnings (
            id TEXT PRIMARY KEY,
            ends INTEGER NOT NULL,
            days INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        PRAGMA user_version = 4;
        """

    /// From which addresses a token may be used, and the networks that `entra` stands for, with spaces between them.
    private static let version5: StaticString = """
        ALTER TABLE tokens ADD COLUMN allow_from TEXT;
        CREATE TABLE network_lists (
            tag TEXT PRIMARY KEY,
            cloud TEXT NOT NULL,
            change_number INTEGER NOT NULL,
            issued INTEGER NOT NULL,
            networks TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

        PRAGMA user_version = 5;
        """

    /// What operators did where no tenant's store can tell it.
    private static let version6: StaticString = """
        CREATE TABLE operator_activity (
            number INTEGER PRIMARY KEY,
            time INTEGER NOT NULL,
            kind TEXT NOT NULL,
            outcome INTEGER NOT NULL,
            actor TEXT NOT NULL,
            tenant TEXT,
            explanation TEXT
        ) STRICT;

        PRAGMA user_version = 6;
        """
}
