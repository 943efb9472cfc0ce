-- A control database as version 5 made it: a connection, a token of it, and one that was revoked.
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
    revoked INTEGER
, name TEXT, replaces TEXT, overlap INTEGER, allow_from TEXT) STRICT;
INSERT INTO tokens VALUES(1,'AAAAAAAA',X'0707070707070707070707070707070707070707070707070707070707070707','acme','head-office',1780000000000,1811536000000,NULL,NULL,NULL,NULL,NULL);
INSERT INTO tokens VALUES(2,'BBBBBBBB',X'0808080808080808080808080808080808080808080808080808080808080808','acme','head-office',1780000000000,1811536000000,1790000000000,'rotation','AAAAAAAA',1209600000,'203.0.113.0/28');
CREATE TABLE token_uses (
    id TEXT PRIMARY KEY,
    first_used INTEGER NOT NULL,
    last_used INTEGER NOT NULL,
    network TEXT,
    client TEXT
) STRICT, WITHOUT ROWID;
INSERT INTO token_uses VALUES('AAAAAAAA',1780000001000,1780000002000,'203.0.113.0/24','AzureAD/1.0');
CREATE TABLE token_warnings (
    id TEXT PRIMARY KEY,
    ends INTEGER NOT NULL,
    days INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO token_warnings VALUES('AAAAAAAA',1811536000000,60);
CREATE TABLE network_lists (
    tag TEXT PRIMARY KEY,
    cloud TEXT NOT NULL,
    change_number INTEGER NOT NULL,
    issued INTEGER NOT NULL,
    networks TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO network_lists VALUES('AzureActiveDirectory','Public',412,1780000000000,'203.0.113.0/24');
PRAGMA user_version=5;
COMMIT;
