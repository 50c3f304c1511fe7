//! Somebody who may do anything in a PostgreSQL database changes rows of it.

use std::sync::Arc;

use postgres::Client;
use vouch_store::contract::server::Server;
use vouch_store::{Postgres, Settings, Store};

use super::{Key, ORIGIN, Shelf, export, fill, key, told};
use crate::Dice;

/// What stands in a table: its rows by key, and the columns of bytes that can be changed.
struct Table {
    name: &'static str,
    key: &'static str,
    bytes: &'static [&'static str],
}

/// Every table that an export is made from.
const TABLES: [Table; 7] = [
    Table { name: "leaf", key: "seq", bytes: &["envelope"] },
    Table { name: "body", key: "seq", bytes: &["body"] },
    Table { name: "tile", key: "level * 1000 + position", bytes: &["hashes"] },
    Table { name: "checkpoint", key: "size", bytes: &["note", "root"] },
    Table { name: "log", key: "size", bytes: &["root"] },
    Table { name: "file", key: "size", bytes: &["sha256"] },
    Table { name: "piece", key: "position", bytes: &["bytes"] },
];

/// Changes rows so many times. How many changes altered the log and were not told, and how many left the log as it was.
pub(super) fn change(edits: u64, dice: &mut Dice) -> (u64, u64) {
    let server = Server::start_new();
    let address = server.database();
    let database = address.rsplit('/').next().unwrap();
    fill(&Postgres::open(&address, ORIGIN, Arc::new(Key(key())), Settings::default()).unwrap());
    let reader = Postgres::open_for_reading(&address, ORIGIN, Settings::default()).unwrap();
    let whole = read(&reader).unwrap();
    let mut client = server.administrator(database);
    client.batch_execute("SET search_path = vouch; CREATE SCHEMA kept").unwrap();
    for Table { name, .. } in TABLES {
        client.batch_execute(&format!("CREATE TABLE kept.{name} AS TABLE {name}")).unwrap();
    }
    let (mut silent, mut outside) = (0, 0);
    for _ in 0..edits {
        let table = &TABLES[usize::try_from(dice.below(TABLES.len() as u64)).unwrap()];
        let what = edit(&mut client, table, dice);
        match read(&reader) {
            Err(_) => {}
            Ok(shelf) if shelf == whole => outside += 1,
            Ok(shelf) => silent += u64::from(!told(&shelf, &what)),
        }
        let back = format!("DELETE FROM {0}; INSERT INTO {0} OVERRIDING SYSTEM VALUE SELECT * FROM kept.{0}", table.name);
        client.batch_execute(&back).unwrap();
    }
    assert!(read(&reader).unwrap() == whole, "what was changed was put back");
    (silent, outside)
}

fn read(store: &Postgres) -> Result<Shelf, String> {
    export(&*store.snapshot().map_err(|error| error.to_string())?)
}

/// Changes a bit of a row, replaces its bytes by another row's, swaps them, cuts them, or takes the row away.
fn edit(client: &mut Client, table: &Table, dice: &mut Dice) -> String {
    let Table { name, key, bytes } = table;
    let column = bytes[usize::try_from(dice.below(bytes.len() as u64)).unwrap()];
    let rows: i64 = client.query_one(&format!("SELECT count(*) FROM {name}"), &[]).unwrap().get(0);
    let mut row = || {
        let at = dice.below(rows.unsigned_abs());
        format!("(SELECT ctid FROM {name} ORDER BY {key} OFFSET {at} LIMIT 1)")
    };
    let (one, other) = (row(), row());
    let (how, at) = (dice.below(5), dice.below(1 << 20));
    let sql = match how {
        0 => format!(
            "UPDATE {name} SET {column} = set_bit({column}, {at} % (8 * length({column})), \
             1 - get_bit({column}, {at} % (8 * length({column})))) WHERE ctid = {one}"
        ),
        1 => format!("UPDATE {name} SET {column} = (SELECT {column} FROM {name} WHERE ctid = {other}) WHERE ctid = {one}"),
        2 => format!(
            "WITH held AS (SELECT ctid AS place, {column} AS bytes FROM {name} WHERE ctid IN ({one}, {other})) \
             UPDATE {name} SET {column} = held.bytes FROM held WHERE {name}.ctid IN ({one}, {other}) AND {name}.ctid <> held.place"
        ),
        3 => format!("UPDATE {name} SET {column} = substr({column}, 1, {at} % length({column})) WHERE ctid = {one}"),
        _ => format!("DELETE FROM {name} WHERE ctid = {one}"),
    };
    // A change that the table itself refuses changes nothing.
    let refused = client.batch_execute(&sql).is_err();
    format!("{}{sql}", if refused { "refused: " } else { "" })
}
