//! Sending what was gathered: few statements, whatever the number of rows.

use std::collections::{BTreeMap, BTreeSet};

use vouch_ledger::tree::TileWrite;

use crate::Result;
use crate::leaf::{Head, LinkRow};
use crate::postgres::buffer::{RecordWrite, Write};
use crate::postgres::rows::signed;
use crate::postgres::session::{Session, Sql, Values};

/// Desk entries by space and key; None where one is removed.
type Desk = BTreeMap<(Vec<u8>, Vec<u8>), Option<Vec<u8>>>;

/// Writes sorted by the table they go to; of two for one row the later counts.
#[derive(Default)]
struct Sorted {
    seqs: Vec<i64>,
    ids: Vec<String>,
    envelopes: Vec<Vec<u8>>,
    body_seqs: Vec<i64>,
    bodies: Vec<Vec<u8>>,
    numbers: BTreeMap<String, i64>,
    records: BTreeMap<String, (RecordWrite, Option<String>)>,
    links: BTreeMap<String, Vec<LinkRow>>,
    desk: Desk,
}

impl Sorted {
    fn take(&mut self, write: Write) {
        match write {
            Write::Leaf { seq, id, envelope, body } => {
                self.seqs.push(seq);
                self.ids.push(id);
                self.envelopes.push(envelope);
                if let Some(body) = body {
                    self.body_seqs.push(seq);
                    self.bodies.push(body);
                }
            }
            Write::Number { kind, number } => {
                let last = self.numbers.entry(kind).or_default();
                *last = number.max(*last);
            }
            Write::Record { row, words } => {
                let earlier = self.records.remove(&row.id).and_then(|(_, words)| words);
                self.records.insert(row.id.clone(), (row, words.or(earlier)));
            }
            Write::Links { id, links } => drop(self.links.insert(id, links)),
            Write::Desk { space, key, value } => drop(self.desk.insert((space.into_bytes(), key.into_bytes()), value)),
        }
    }
}

/// Sends writes: one statement for what stands alone, one for links, which come after those that they replace have gone.
pub(super) fn send(session: &Session, writes: Vec<Write>) -> Result<()> {
    let mut sorted = Sorted::default();
    writes.into_iter().for_each(|write| sorted.take(write));
    if !sorted.seqs.is_empty() || !sorted.records.is_empty() || !sorted.links.is_empty() {
        send_rows(session, &sorted)?;
    }
    send_links(session, &sorted.links)?;
    if !sorted.desk.is_empty() {
        send_desk(session, sorted.desk)?;
    }
    Ok(())
}

/// Sends leaves, bodies, numbers and records, and takes away the links of records whose links are to be written.
fn send_rows(session: &Session, sorted: &Sorted) -> Result<()> {
    // Whoever waits for the head row waits for each way to the server and back, so this is one. Links go row by row through the key, which
    // `OFFSET 0` holds the planner to: before a table was first analysed it takes an organisation for a small part of it, and would
    // read all links for each group.
    const ROWS: Sql = Sql::new(
        "WITH leaves AS (
             INSERT INTO leaf (org, seq, id, envelope) SELECT $1, * FROM unnest($2::bigint[], $3::text[], $4::bytea[])),
         bodies AS (
             INSERT INTO body (org, seq, body) SELECT $1, * FROM unnest($5::bigint[], $6::bytea[])),
         numbers AS (
             INSERT INTO series (org, kind, last) SELECT $1, * FROM unnest($7::text[], $8::bigint[])
             ON CONFLICT (org, kind) DO UPDATE SET last = excluded.last WHERE excluded.last > series.last),
         records AS (
             INSERT INTO record (org, id, kind, number, revision, state, in_force, title, fields, seq, words)
             SELECT $1, id, kind, number, revision, state, in_force, title, fields, seq, words::tsvector
             FROM unnest($9::text[], $10::text[], $11::bigint[], $12::bigint[], $13::text[], $14::bigint[], $15::bytea[], $16::bytea[],
                         $17::bigint[], $18::text[])
                  AS row (id, kind, number, revision, state, in_force, title, fields, seq, words)
             ON CONFLICT (org, id) DO UPDATE SET revision = excluded.revision, state = excluded.state, in_force = excluded.in_force,
                 title = excluded.title, fields = excluded.fields, seq = excluded.seq, words = coalesce(excluded.words, record.words))
         DELETE FROM link WHERE org = $1 AND ctid = ANY (ARRAY(
             SELECT held.ctid FROM unnest($19::text[]) AS gone (id),
                 LATERAL (SELECT ctid FROM link WHERE org = $1 AND from_id = gone.id OFFSET 0) AS held))",
    );
    let (kinds, lasts): (Vec<&String>, Vec<i64>) = sorted.numbers.iter().map(|(kind, last)| (kind, *last)).unzip();
    let records: Vec<&(RecordWrite, Option<String>)> = sorted.records.values().collect();
    let column = |pick: fn(&RecordWrite) -> i64| records.iter().map(|(row, _)| pick(row)).collect::<Vec<_>>();
    let texts = |pick: fn(&RecordWrite) -> &str| records.iter().map(|(row, _)| pick(row)).collect::<Vec<_>>();
    let bytes = |pick: fn(&RecordWrite) -> &[u8]| records.iter().map(|(row, _)| pick(row)).collect::<Vec<_>>();
    let in_force: Vec<Option<i64>> = records.iter().map(|(row, _)| row.in_force).collect();
    let words: Vec<Option<&str>> = records.iter().map(|(_, words)| words.as_deref()).collect();
    let values: Values<'_> = &[
        &sorted.seqs,
        &sorted.ids,
        &sorted.envelopes,
        &sorted.body_seqs,
        &sorted.bodies,
        &kinds,
        &lasts,
        &texts(|row| &row.id),
        &texts(|row| &row.kind),
        &column(|row| row.number),
        &column(|row| row.revision),
        &texts(|row| &row.state),
        &in_force,
        &bytes(|row| &row.title),
        &bytes(|row| &row.fields),
        &column(|row| row.seq),
        &words,
        &sorted.links.keys().collect::<Vec<_>>(),
    ];
    session.execute(ROWS, values).map(drop)
}

fn send_links(session: &Session, links: &BTreeMap<String, Vec<LinkRow>>) -> Result<()> {
    const LINKS: Sql = Sql::new(
        "INSERT INTO link (org, from_id, field, to_id, to_revision)
         SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[])",
    );
    // Two rows of a list may hold the same link; it is one link of the field.
    let rows: BTreeSet<(&str, &LinkRow)> =
        links.iter().flat_map(|(id, links)| links.iter().map(move |link| (&**id, link))).collect();
    if rows.is_empty() {
        return Ok(());
    }
    let from: Vec<&str> = rows.iter().map(|(id, _)| *id).collect();
    let fields: Vec<&str> = rows.iter().map(|(_, link)| &*link.field).collect();
    let to: Vec<&str> = rows.iter().map(|(_, link)| &*link.to_id).collect();
    let revisions: Vec<i64> = rows.iter().map(|(_, link)| signed(link.to_revision.unwrap_or(0))).collect();
    session.execute(LINKS, &[&from, &fields, &to, &revisions]).map(drop)
}

fn send_desk(session: &Session, desk: Desk) -> Result<()> {
    const PUT: Sql = Sql::new(
        "INSERT INTO desk (org, space, key, value) SELECT $1, * FROM unnest($2::bytea[], $3::bytea[], $4::bytea[])
         ON CONFLICT (org, space, key) DO UPDATE SET value = excluded.value",
    );
    const DELETE: Sql = Sql::new(
        "DELETE FROM desk WHERE org = $1 AND ctid = ANY (ARRAY(
             SELECT held.ctid FROM unnest($2::bytea[], $3::bytea[]) AS gone (space, key),
                 LATERAL (SELECT ctid FROM desk WHERE org = $1 AND space = gone.space AND key = gone.key OFFSET 0) AS held))",
    );
    let (mut spaces, mut keys, mut values) = (Vec::new(), Vec::new(), Vec::new());
    let (mut gone_spaces, mut gone_keys) = (Vec::new(), Vec::new());
    for ((space, key), value) in desk {
        match value {
            Some(value) => {
                spaces.push(space);
                keys.push(key);
                values.push(value);
            }
            None => {
                gone_spaces.push(space);
                gone_keys.push(key);
            }
        }
    }
    if !keys.is_empty() {
        session.execute(PUT, &[&spaces, &keys, &values])?;
    }
    if !gone_keys.is_empty() {
        session.execute(DELETE, &[&gone_spaces, &gone_keys])?;
    }
    Ok(())
}

/// Sends tiles that are new or have grown, the signed checkpoint, and the head.
pub(super) fn send_head(session: &Session, tiles: &[TileWrite], head: &Head, note: &[u8]) -> Result<()> {
    // The news reaches other processes when the commit does.
    const HEAD: Sql = Sql::new(
        "WITH tiles AS (
             INSERT INTO tile (org, level, position, hashes) SELECT $1, * FROM unnest($2::smallint[], $3::bigint[], $4::bytea[])
             ON CONFLICT (org, level, position) DO UPDATE SET hashes = excluded.hashes),
         noted AS (
             INSERT INTO checkpoint (org, size, root, time_ms, note) VALUES ($1, $5, $6, $7, $8))
         UPDATE log SET size = $5, root = $6, time_ms = $7 WHERE org = $1 RETURNING pg_notify('vouch_' || org, pg_backend_pid()::text)",
    );
    let Tiles { levels, positions, hashes } = Tiles::of(tiles);
    let (size, root) = (signed(head.size), &head.root[..]);
    session.execute(HEAD, &[&levels, &positions, &hashes, &size, &root, &head.time_ms, &note]).map(drop)
}

/// Sends tiles that are new or have grown.
pub(super) fn send_tiles(session: &Session, tiles: &[TileWrite]) -> Result<()> {
    const TILES: Sql = Sql::new(
        "INSERT INTO tile (org, level, position, hashes) SELECT $1, * FROM unnest($2::smallint[], $3::bigint[], $4::bytea[])
         ON CONFLICT (org, level, position) DO UPDATE SET hashes = excluded.hashes",
    );
    if tiles.is_empty() {
        return Ok(());
    }
    let Tiles { levels, positions, hashes } = Tiles::of(tiles);
    session.execute(TILES, &[&levels, &positions, &hashes]).map(drop)
}

/// Tiles as columns.
struct Tiles<'t> {
    levels: Vec<i16>,
    positions: Vec<i64>,
    hashes: Vec<&'t [u8]>,
}

impl<'t> Tiles<'t> {
    fn of(tiles: &'t [TileWrite]) -> Self {
        let levels = tiles.iter().map(|tile| i16::from(tile.level)).collect();
        let positions = tiles.iter().map(|tile| signed(tile.index)).collect();
        let hashes = tiles.iter().map(|tile| &*tile.hashes).collect();
        Self { levels, positions, hashes }
    }
}
