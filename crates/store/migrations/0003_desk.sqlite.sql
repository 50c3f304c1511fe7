-- What the system works without after losing it: sessions, jobs, drafts.
CREATE TABLE desk (
    space TEXT NOT NULL,
    key   TEXT NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (space, key)
) STRICT, WITHOUT ROWID;
