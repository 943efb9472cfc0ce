-- A control database as version 1 made it: a connection, a token of it, and one that was revoked.
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
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
INSERT INTO connections VALUES(1,'acme','head-office','Head office','head-office','entra','learner',NULL,1780000000000);
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
INSERT INTO tokens VALUES(1,'AAAAAAAA',X'0707070707070707070707070707070707070707070707070707070707070707','acme','head-office',1780000000000,1811536000000,NULL,NULL);
INSERT INTO tokens VALUES(2,'BBBBBBBB',X'0808080808080808080808080808080808080808080808080808080808080808','acme','head-office',1780000000000,1811536000000,1790000000000,NULL);
PRAGMA user_version=1;
COMMIT;
