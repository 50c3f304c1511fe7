//! Organisations in one database see nothing of each other.

use std::sync::Arc;

use super::Database;
use crate::contract::story::{Scribe, all_leaves};
use crate::{Append, Leaf, LinkQuery, Projection, RecordQuery, Store};

/// Writes a record, a link, a file and a desk entry of one organisation.
fn fill(store: &dyn Store, origin: &str, word: &str) -> vouch_ledger::Hash {
    let file = store.stage(&mut word.as_bytes(), 100).unwrap();
    let hash = *file.sha256();
    let (origin, word) = (origin.to_owned(), word.to_owned());
    let unit = move |append: &mut dyn Append| {
        let envelope = crate::contract::story::envelope(append.tip().size, vouch_ledger::Action::Create, "ai-system", "SYS-1");
        let envelope = String::from_utf8(envelope)?.replace(crate::contract::story::ORIGIN, &origin).into_bytes();
        let projection = Projection { revision: 1, state: "draft".to_owned(), title: word.clone(), ..Projection::default() };
        let link = crate::LinkRow { field: "about".to_owned(), to_id: "SYS-9".to_owned(), to_revision: None };
        append.append(Leaf {
            envelope,
            body: Some(word.clone().into_bytes()),
            projection: Some(projection),
            links: Some(vec![link]),
            search: Some(word.clone()),
        })?;
        append.put_file(file)?;
        Ok(append.desk_put("session", "who", word.as_bytes())?)
    };
    store.write(Box::new(unit)).unwrap();
    hash
}

#[test]
fn each_organisation_sees_its_own_rows_only() {
    let database = Database::new();
    let names = ["one.example.test", "two.example.test"];
    let stores = names.map(|name| database.open_as(name, Arc::new(Scribe)).unwrap());
    let words = ["firstword", "secondword"];
    let files: Vec<_> = (0..2).map(|at| fill(&*stores[at], names[at], words[at])).collect();
    for (own, other) in [(0, 1), (1, 0)] {
        let snapshot = stores[own].snapshot().unwrap();
        assert_eq!(snapshot.head().unwrap().size, 1);
        assert_eq!(all_leaves(&*snapshot).len(), 1);
        assert_eq!(snapshot.body(0).unwrap().unwrap(), words[own].as_bytes());
        assert_eq!(snapshot.record("SYS-1").unwrap().unwrap().projection.title, words[own]);
        let query = RecordQuery { kind: "ai-system", limit: 9, ..RecordQuery::default() };
        assert_eq!(snapshot.records(query).unwrap().len(), 1);
        assert_eq!(snapshot.links(LinkQuery::To("SYS-9"), None, 9).unwrap().len(), 1);
        assert_eq!(snapshot.search(words[own], 9).unwrap().len(), 1);
        assert!(snapshot.search(words[other], 9).unwrap().is_empty());
        assert!(snapshot.file(&files[own]).unwrap().is_some());
        assert!(snapshot.file(&files[other]).unwrap().is_none());
        assert_eq!(snapshot.desk_get("session", "who").unwrap().unwrap(), words[own].as_bytes());
    }
    stores[0].write(Box::new(|append| Ok(append.remove_body(0)?))).unwrap();
    assert!(stores[1].snapshot().unwrap().body(0).unwrap().is_some());
}

#[test]
fn the_second_wall_stands_where_a_statement_names_no_organisation() {
    let database = Database::new();
    for name in ["one.example.test", "two.example.test"] {
        fill(&*database.open_as(name, Arc::new(Scribe)).unwrap(), name, name);
    }
    let mut client = postgres::Client::connect(&database.address, postgres::NoTls).unwrap();
    let tables = ["log", "leaf", "body", "tile", "checkpoint", "content", "piece", "file", "record", "link", "series", "desk"];
    let mut counts = |setting: &str| {
        client.batch_execute(setting).unwrap();
        tables.map(|table| client.query_one(&format!("SELECT count(*) FROM vouch.{table}"), &[]).unwrap().get::<_, i64>(0))
    };
    assert_eq!(counts("SELECT 1"), [0; 12], "without an organisation nothing is seen");
    let own = "SELECT set_config('vouch.origin', 'two.example.test', false)";
    assert_eq!(counts(own)[0], 1);
    assert_eq!(counts("SELECT set_config('vouch.organisation', org::text, false) FROM vouch.log"), [1; 12]);
    // Nor can a row be written for another one.
    let org: i64 = client.query_one("SELECT org FROM vouch.log", &[]).unwrap().get(0);
    for foreign in [org - 1, org + 1] {
        let written = client.execute("INSERT INTO vouch.desk VALUES ($1, 'a', 'b', 'c')", &[&foreign]);
        let refusal = written.unwrap_err();
        assert!(refusal.as_db_error().unwrap().message().contains("row-level security"), "{foreign}: {refusal}");
        assert_eq!(client.execute("UPDATE vouch.body SET body = 'x' WHERE org = $1", &[&foreign]).unwrap(), 0);
        assert_eq!(client.execute("DELETE FROM vouch.leaf WHERE org = $1", &[&foreign]).unwrap(), 0);
    }
}
