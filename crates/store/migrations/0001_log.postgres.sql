-- What is true and cannot be computed from anything else, and the tiles over it. Every table bears the organisation it belongs to, and
-- shows nothing of another one: `vouch.organisation` and `vouch.origin` are set once for each connection. Foreign keys are left out
-- where the writer, who holds the head row, could only break them by a mistake that `vouch ledger fsck` finds.
-- Columns that hold content keep no statistics: the planner's samples would outlive an erasure.

-- The head of each log. Whoever writes holds the lock of this row until the commit.
CREATE TABLE log (
    org     BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    origin  TEXT COLLATE "C" NOT NULL UNIQUE,
    size    BIGINT NOT NULL DEFAULT 0,
    root    BYTEA NOT NULL CHECK (octet_length(root) = 32),
    time_ms BIGINT NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE leaf (
    org      BIGINT NOT NULL,
    seq      BIGINT NOT NULL CHECK (seq >= 0),
    id       TEXT COLLATE "C" NOT NULL,
    envelope BYTEA NOT NULL,
    PRIMARY KEY (org, seq)
);
CREATE INDEX leaf_by_id ON leaf (org, id, seq);

-- Key and fields of a leaf; absent once erased.
CREATE TABLE body (
    org  BIGINT NOT NULL,
    seq  BIGINT NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (org, seq)
);
ALTER TABLE body ALTER COLUMN body SET STATISTICS 0;

-- Up to 256 hashes of 32 bytes; the last tile of a level grows. Hashes do not compress.
CREATE TABLE tile (
    org      BIGINT NOT NULL,
    level    SMALLINT NOT NULL,
    position BIGINT NOT NULL,
    hashes   BYTEA NOT NULL,
    PRIMARY KEY (org, level, position)
);
ALTER TABLE tile ALTER COLUMN hashes SET STORAGE EXTERNAL;

-- One row for each commit that added leaves; `time_ms` is the time of its last leaf.
CREATE TABLE checkpoint (
    org     BIGINT NOT NULL,
    size    BIGINT NOT NULL,
    root    BYTEA NOT NULL CHECK (octet_length(root) = 32),
    time_ms BIGINT NOT NULL,
    note    BYTEA NOT NULL,
    PRIMARY KEY (org, size)
);

-- Bytes that were taken in, in pieces; those that no file names are swept.
CREATE TABLE content (
    org       BIGINT NOT NULL,
    content   BIGINT GENERATED ALWAYS AS IDENTITY,
    staged_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    PRIMARY KEY (org, content)
);
CREATE TABLE piece (
    org      BIGINT NOT NULL,
    content  BIGINT NOT NULL,
    position INTEGER NOT NULL,
    bytes    BYTEA NOT NULL,
    PRIMARY KEY (org, content, position)
);
ALTER TABLE piece ALTER COLUMN bytes SET STORAGE EXTERNAL;
ALTER TABLE piece ALTER COLUMN bytes SET STATISTICS 0;

-- Files that are kept, by their hash.
CREATE TABLE file (
    org     BIGINT NOT NULL,
    sha256  BYTEA NOT NULL CHECK (octet_length(sha256) = 32),
    size    BIGINT NOT NULL,
    content BIGINT NOT NULL,
    PRIMARY KEY (org, sha256)
);

-- Work that a crash must not make forgotten, by name.
CREATE TABLE upkeep (
    org  BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (org, name)
);

ALTER TABLE log ENABLE ROW LEVEL SECURITY;
ALTER TABLE log FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON log USING (origin = current_setting('vouch.origin', true));

DO $$
DECLARE
    name TEXT;
BEGIN
    FOREACH name IN ARRAY ARRAY['leaf', 'body', 'tile', 'checkpoint', 'content', 'piece', 'file', 'upkeep'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY own ON %I USING (org = nullif(current_setting(''vouch.organisation'', true), '''')::bigint)', name);
    END LOOP;
END
$$;
