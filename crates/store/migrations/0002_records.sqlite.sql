-- What is computed from leaves and bodies, and recreated by a rebuild.

-- The record as lists show it. `seq` is the leaf that wrote the row; `number` is the end of the id, so that RSK-2 comes before RSK-10.
CREATE TABLE record (
    key       INTEGER PRIMARY KEY,
    id        TEXT NOT NULL UNIQUE,
    kind      TEXT NOT NULL,
    number    INTEGER NOT NULL,
    revision  INTEGER NOT NULL,
    state     TEXT NOT NULL,
    in_force  INTEGER,
    title     TEXT NOT NULL,
    fields    BLOB NOT NULL,
    seq       INTEGER NOT NULL REFERENCES leaf (seq)
) STRICT;
CREATE INDEX record_by_number ON record (kind, number);
CREATE INDEX record_by_state ON record (kind, state, number);

-- `to_revision` is 0 where the link names no revision.
CREATE TABLE link (
    from_id     TEXT NOT NULL REFERENCES record (id) ON DELETE CASCADE,
    field       TEXT NOT NULL,
    to_id       TEXT NOT NULL,
    to_revision INTEGER NOT NULL,
    PRIMARY KEY (from_id, field, to_id, to_revision)
) STRICT, WITHOUT ROWID;
CREATE INDEX link_by_target ON link (to_id, from_id, field, to_revision);

-- Highest number ever used in the ids of a kind.
CREATE TABLE series (
    kind TEXT PRIMARY KEY,
    last INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- `rowid` is `record.key`.
CREATE VIRTUAL TABLE search USING fts5 (id, title, text, tokenize = 'unicode61 remove_diacritics 2');
