-- What is computed from leaves and bodies, and recreated by a rebuild.

-- The record as lists show it. `seq` is the leaf that wrote the row; `number` is the end of the id, so that RSK-2 comes before RSK-10.
-- `title` is bytes because a text here cannot hold every character that a title can. `words` is what search looks in; it has no index
-- of its own, since the engine uses none for it under row-level security.
CREATE TABLE record (
    org      BIGINT NOT NULL,
    id       TEXT COLLATE "C" NOT NULL,
    kind     TEXT COLLATE "C" NOT NULL,
    number   BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    state    TEXT COLLATE "C" NOT NULL,
    in_force BIGINT,
    title    BYTEA NOT NULL,
    fields   BYTEA NOT NULL,
    seq      BIGINT NOT NULL,
    words    TSVECTOR,
    PRIMARY KEY (org, id)
);
CREATE INDEX record_by_number ON record (org, kind, number);
CREATE INDEX record_by_state ON record (org, kind, state, number);
ALTER TABLE record ALTER COLUMN title SET STATISTICS 0;
ALTER TABLE record ALTER COLUMN fields SET STATISTICS 0;
ALTER TABLE record ALTER COLUMN words SET STATISTICS 0;

-- `to_revision` is 0 where the link names no revision.
CREATE TABLE link (
    org         BIGINT NOT NULL,
    from_id     TEXT COLLATE "C" NOT NULL,
    field       TEXT COLLATE "C" NOT NULL,
    to_id       TEXT COLLATE "C" NOT NULL,
    to_revision BIGINT NOT NULL,
    PRIMARY KEY (org, from_id, field, to_id, to_revision)
);
CREATE INDEX link_by_target ON link (org, to_id, from_id, field, to_revision);

-- Highest number ever used in the ids of a kind.
CREATE TABLE series (
    org  BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (org, kind)
);

DO $$
DECLARE
    name TEXT;
BEGIN
    FOREACH name IN ARRAY ARRAY['record', 'link', 'series'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY own ON %I USING (org = nullif(current_setting(''vouch.organisation'', true), '''')::bigint)', name);
    END LOOP;
END
$$;
