-- What is true and cannot be computed from anything else, and the tiles over it.

-- One row once the first leaf is written: the `org` that every envelope of this database bears.
CREATE TABLE log (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    origin   TEXT NOT NULL
) STRICT;

-- The envelope is kept as bytes; `id` is read from it, for histories.
CREATE TABLE leaf (
    seq      INTEGER PRIMARY KEY CHECK (seq >= 0),
    id       TEXT NOT NULL,
    envelope BLOB NOT NULL
) STRICT;
CREATE INDEX leaf_by_id ON leaf (id, seq);

-- Key and fields of a leaf; absent once erased.
CREATE TABLE body (
    seq  INTEGER PRIMARY KEY REFERENCES leaf (seq),
    body BLOB NOT NULL
) STRICT;

-- Up to 256 hashes of 32 bytes; the last tile of a level grows.
CREATE TABLE tile (
    level    INTEGER NOT NULL,
    position INTEGER NOT NULL,
    hashes   BLOB NOT NULL,
    PRIMARY KEY (level, position)
) STRICT;

-- One row for each commit that added leaves; `time_ms` is the time of its last leaf.
CREATE TABLE checkpoint (
    size    INTEGER PRIMARY KEY,
    root    BLOB NOT NULL CHECK (length(root) = 32),
    time_ms INTEGER NOT NULL,
    note    BLOB NOT NULL
) STRICT;

-- Files that are kept beside the database under their hash.
CREATE TABLE file (
    sha256 BLOB PRIMARY KEY CHECK (length(sha256) = 32),
    size   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Files whose removal is decided and may not have reached the folder yet.
CREATE TABLE file_removal (
    sha256 BLOB PRIMARY KEY CHECK (length(sha256) = 32)
) STRICT, WITHOUT ROWID;

-- Work that a crash must not make forgotten, by name.
CREATE TABLE upkeep (
    name TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
