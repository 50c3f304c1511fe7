-- What the system works without after losing it: sessions, jobs, drafts. Bytes, since a text here cannot hold every key.
CREATE TABLE desk (
    org   BIGINT NOT NULL,
    space BYTEA NOT NULL,
    key   BYTEA NOT NULL,
    value BYTEA NOT NULL,
    PRIMARY KEY (org, space, key)
);
ALTER TABLE desk ALTER COLUMN key SET STATISTICS 0;
ALTER TABLE desk ALTER COLUMN value SET STATISTICS 0;

ALTER TABLE desk ENABLE ROW LEVEL SECURITY;
ALTER TABLE desk FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON desk USING (org = nullif(current_setting('vouch.organisation', true), '')::bigint);
