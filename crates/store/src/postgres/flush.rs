//! Sending what was gathered: one statement for each table, whatever the number of rows.

use std::collections::{BTreeMap, BTreeSet};

use vouch_ledger::tree::TileWrite;

use crate::Result;
use crate::leaf::LinkRow;
use crate::postgres::buffer::{RecordWrite, Write};
use crate::postgres::rows::signed;
use crate::postgres::session::{Session, Sql};

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

/// Sends writes in the order of their tables.
pub(super) fn send(session: &Session, writes: Vec<Write>) -> Result<()> {
    let mut sorted = Sorted::default();
    writes.into_iter().for_each(|write| sorted.take(write));
    send_leaves(session, &sorted)?;
    if !sorted.records.is_empty() {
        send_records(session, sorted.records.into_values().collect())?;
    }
    if !sorted.links.is_empty() {
        send_links(session, &sorted.links)?;
    }
    if !sorted.desk.is_empty() {
        send_desk(session, sorted.desk)?;
    }
    Ok(())
}

fn send_leaves(session: &Session, sorted: &Sorted) -> Result<()> {
    const LEAVES: Sql =
        Sql::new("INSERT INTO leaf (org, seq, id, envelope) SELECT $1, * FROM unnest($2::bigint[], $3::text[], $4::bytea[])");
    const BODIES: Sql = Sql::new("INSERT INTO body (org, seq, body) SELECT $1, * FROM unnest($2::bigint[], $3::bytea[])");
    const NUMBERS: Sql = Sql::new(
        "INSERT INTO series (org, kind, last) SELECT $1, * FROM unnest($2::text[], $3::bigint[])
         ON CONFLICT (org, kind) DO UPDATE SET last = excluded.last WHERE excluded.last > series.last",
    );
    if !sorted.seqs.is_empty() {
        session.execute(LEAVES, &[&sorted.seqs, &sorted.ids, &sorted.envelopes])?;
    }
    if !sorted.bodies.is_empty() {
        session.execute(BODIES, &[&sorted.body_seqs, &sorted.bodies])?;
    }
    if !sorted.numbers.is_empty() {
        let (kinds, lasts): (Vec<&String>, Vec<i64>) = sorted.numbers.iter().map(|(kind, last)| (kind, *last)).unzip();
        session.execute(NUMBERS, &[&kinds, &lasts])?;
    }
    Ok(())
}

fn send_records(session: &Session, records: Vec<(RecordWrite, Option<String>)>) -> Result<()> {
    const RECORDS: Sql = Sql::new(
        "INSERT INTO record (org, id, kind, number, revision, state, in_force, title, fields, seq, words)
         SELECT $1, id, kind, number, revision, state, in_force, title, fields, seq, words::tsvector
         FROM unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::text[], $7::bigint[], $8::bytea[], $9::bytea[],
                     $10::bigint[], $11::text[])
              AS row (id, kind, number, revision, state, in_force, title, fields, seq, words)
         ON CONFLICT (org, id) DO UPDATE SET revision = excluded.revision, state = excluded.state, in_force = excluded.in_force,
             title = excluded.title, fields = excluded.fields, seq = excluded.seq, words = coalesce(excluded.words, record.words)",
    );
    let column = |pick: fn(&RecordWrite) -> i64| records.iter().map(|(row, _)| pick(row)).collect::<Vec<_>>();
    let texts = |pick: fn(&RecordWrite) -> &str| records.iter().map(|(row, _)| pick(row)).collect::<Vec<_>>();
    let bytes = |pick: fn(&RecordWrite) -> &[u8]| records.iter().map(|(row, _)| pick(row)).collect::<Vec<_>>();
    let in_force: Vec<Option<i64>> = records.iter().map(|(row, _)| row.in_force).collect();
    let words: Vec<Option<&str>> = records.iter().map(|(_, words)| words.as_deref()).collect();
    session.execute(
        RECORDS,
        &[
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
        ],
    )?;
    Ok(())
}

fn send_links(session: &Session, links: &BTreeMap<String, Vec<LinkRow>>) -> Result<()> {
    // Row by row through the key, which `OFFSET 0` holds the planner to: before a table was first analysed it takes an organisation for
    // a small part of it, and would read all links for each group.
    const CLEAR: Sql = Sql::new(
        "DELETE FROM link WHERE org = $1 AND ctid = ANY (ARRAY(
             SELECT held.ctid FROM unnest($2::text[]) AS gone (id),
                 LATERAL (SELECT ctid FROM link WHERE org = $1 AND from_id = gone.id OFFSET 0) AS held))",
    );
    const LINKS: Sql = Sql::new(
        "INSERT INTO link (org, from_id, field, to_id, to_revision)
         SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[])",
    );
    session.execute(CLEAR, &[&links.keys().collect::<Vec<_>>()])?;
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

/// Sends tiles that are new or have grown.
pub(super) fn send_tiles(session: &Session, tiles: &[TileWrite]) -> Result<()> {
    const TILES: Sql = Sql::new(
        "INSERT INTO tile (org, level, position, hashes) SELECT $1, * FROM unnest($2::smallint[], $3::bigint[], $4::bytea[])
         ON CONFLICT (org, level, position) DO UPDATE SET hashes = excluded.hashes",
    );
    if tiles.is_empty() {
        return Ok(());
    }
    let levels: Vec<i16> = tiles.iter().map(|tile| i16::from(tile.level)).collect();
    let positions: Vec<i64> = tiles.iter().map(|tile| signed(tile.index)).collect();
    let hashes: Vec<&[u8]> = tiles.iter().map(|tile| &*tile.hashes).collect();
    session.execute(TILES, &[&levels, &positions, &hashes]).map(drop)
}
