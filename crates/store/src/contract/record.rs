//! Projections, links, numbers, search, desk.

use crate::contract::Place;
use crate::contract::story::{Text, open, system};
use crate::{Append, ErrorKind, LinkQuery, RecordQuery, Snapshot, Store};

fn ids(snapshot: &dyn Snapshot, query: RecordQuery<'_>) -> Vec<String> {
    snapshot.records(query).unwrap().into_iter().map(|record| record.id).collect()
}

pub fn records_come_in_the_order_of_their_numbers(place: &dyn Place) {
    let store = open(place);
    for id in ["SYS-10", "SYS-2", "SYS-1"] {
        system(id, id).write(&*store);
    }
    Text { kind: "risk", id: "RSK-1", ..Text::default() }.write(&*store);
    let approved = |append: &mut dyn Append| {
        let mut leaf = system("SYS-2", "two").leaf(append.tip().size);
        leaf.projection.as_mut().unwrap().state = "approved".to_owned();
        Ok(append.append(leaf)?)
    };
    store.write(Box::new(approved)).unwrap();
    let snapshot = store.snapshot().unwrap();
    let all = RecordQuery { kind: "ai-system", limit: 9, ..RecordQuery::default() };
    assert_eq!(ids(&*snapshot, all), ["SYS-1", "SYS-2", "SYS-10"]);
    assert_eq!(ids(&*snapshot, RecordQuery { limit: 2, ..all }), ["SYS-1", "SYS-2"]);
    assert_eq!(ids(&*snapshot, RecordQuery { after: Some("SYS-2"), ..all }), ["SYS-10"]);
    assert_eq!(ids(&*snapshot, RecordQuery { state: Some("draft"), ..all }), ["SYS-1", "SYS-10"]);
    assert_eq!(ids(&*snapshot, RecordQuery { state: Some("approved"), ..all }), ["SYS-2"]);
    assert_eq!(ids(&*snapshot, RecordQuery { kind: "nothing", ..all }), [""; 0]);
    let error = snapshot.records(RecordQuery { after: Some("no id"), ..all }).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
}

pub fn a_projection_is_replaced_and_dropped(place: &dyn Place) {
    let store = open(place);
    system("SYS-1", "first").write(&*store);
    system("SYS-1", "second").write(&*store);
    let record = store.snapshot().unwrap().record("SYS-1").unwrap().unwrap();
    assert_eq!((record.kind.as_str(), record.seq), ("ai-system", 1));
    assert_eq!(Some(record.projection), system("SYS-1", "second").leaf(1).projection);
    store.write(Box::new(|append| Ok(append.drop_projection("SYS-1")?))).unwrap();
    assert!(store.snapshot().unwrap().record("SYS-1").unwrap().is_none());
    // Dropping what is not there is no error.
    store.write(Box::new(|append| Ok(append.drop_projection("SYS-1")?))).unwrap();
}

pub fn numbers_are_never_given_twice(place: &dyn Place) {
    let store = open(place);
    let last = |store: &dyn Store| store.snapshot().unwrap().last_number("ai-system").unwrap();
    assert_eq!(last(&*store), 0);
    system("SYS-4", "x").write(&*store);
    system("SYS-2", "y").write(&*store);
    assert_eq!(last(&*store), 4);
    store.write(Box::new(|append| Ok(append.drop_projection("SYS-4")?))).unwrap();
    assert_eq!(last(&*store), 4);
}

pub fn links_are_asked_both_ways(place: &dyn Place) {
    let store = open(place);
    let risk = |id, links| Text { kind: "risk", id, links, ..Text::default() }.write(&*store);
    risk("RSK-1", &["SYS-1", "SYS-2@3", "SYS-1", "iso42001:A.5.2"]);
    risk("RSK-2", &["SYS-1", "SYS-1@2"]);
    let shown = |query, limit| {
        let snapshot = store.snapshot().unwrap();
        let links = snapshot.links(query, None, limit).unwrap();
        let row = |link: &crate::Link| format!("{} {} {:?}", link.from_id, link.link.to_id, link.link.to_revision);
        links.iter().map(row).collect::<Vec<_>>()
    };
    // The same link twice in a list is one link.
    let from_first = ["RSK-1 SYS-1 None", "RSK-1 SYS-2 Some(3)", "RSK-1 iso42001:A.5.2 None"];
    assert_eq!(shown(LinkQuery::From("RSK-1"), 9), from_first);
    let to_system = ["RSK-1 SYS-1 None", "RSK-2 SYS-1 None", "RSK-2 SYS-1 Some(2)"];
    assert_eq!(shown(LinkQuery::To("SYS-1"), 9), to_system);
    assert_eq!(shown(LinkQuery::To("iso42001:A.5.2"), 9).len(), 1);
    let snapshot = store.snapshot().unwrap();
    for (query, all) in [(LinkQuery::To("SYS-1"), 3), (LinkQuery::From("RSK-1"), 3)] {
        let whole = snapshot.links(query, None, 9).unwrap();
        assert_eq!(whole.len(), all);
        for at in 0..all {
            assert_eq!(
                snapshot.links(query, Some(&whole[at]), 1).unwrap(),
                whole[at + 1..].iter().take(1).cloned().collect::<Vec<_>>()
            );
        }
    }
    drop(snapshot);
    risk("RSK-1", &["SYS-9"]);
    assert_eq!(shown(LinkQuery::From("RSK-1"), 9), ["RSK-1 SYS-9 None"]);
    assert_eq!(shown(LinkQuery::To("SYS-1"), 9), to_system[1..]);
    store.write(Box::new(|append| Ok(append.drop_projection("RSK-2")?))).unwrap();
    assert_eq!(shown(LinkQuery::To("SYS-1"), 9), [""; 0]);
}

pub fn links_need_a_projection(place: &dyn Place) {
    let store = open(place);
    let unit = |append: &mut dyn Append| {
        let leaf = Text { links: &["SYS-2"], ..system("SYS-1", "x") }.leaf(0);
        Ok(append.append(crate::Leaf { projection: None, ..leaf })?)
    };
    let error = store.write(Box::new(unit)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert!(error.message().contains("SYS-1"), "{error}");
}

fn found(store: &dyn Store, words: &str) -> Vec<String> {
    let hits = store.snapshot().unwrap().search(words, 9).unwrap();
    hits.into_iter().map(|hit| hit.id).collect()
}

pub fn search_finds_by_all_words_and_the_beginning_of_the_last(place: &dyn Place) {
    let store = open(place);
    let say = |id, title, text| Text { text, ..system(id, title) }.write(&*store);
    say("SYS-1", "Face matching at gates", "compares a photo with a gallery");
    say("SYS-2", "Cargo screening", "a face is never seen; Überwachung of parcels");
    say("SYS-12", "Translation", "speech of travellers");
    assert_eq!(found(&*store, "face"), ["SYS-1", "SYS-2"], "a title says more than a text");
    assert_eq!(found(&*store, "face photo"), ["SYS-1"]);
    assert_eq!(found(&*store, "PHOTO Fac"), ["SYS-1"]);
    assert_eq!(found(&*store, "Fac photo"), [""; 0], "only the last word may be a beginning");
    assert_eq!(found(&*store, "uberwach"), ["SYS-2"]);
    assert_eq!(found(&*store, "SYS-12"), ["SYS-12"]);
    let snapshot = store.snapshot().unwrap();
    let hits = snapshot.search("face", 9).unwrap();
    assert!(hits[0].score > hits[1].score);
    assert_eq!((hits[0].kind.as_str(), hits[0].title.as_str()), ("ai-system", "Face matching at gates"));
    assert_eq!(snapshot.search("face", 1).unwrap().len(), 1);
    drop(snapshot);
    say("SYS-1", "Gate control", "opens gates");
    assert_eq!(found(&*store, "face"), ["SYS-2"]);
    store.write(Box::new(|append| Ok(append.drop_projection("SYS-2")?))).unwrap();
    assert_eq!(found(&*store, "face"), [""; 0]);
}

pub fn search_takes_whatever_is_typed_as_words(place: &dyn Place) {
    let store = open(place);
    Text { text: "alpha AND beta NEAR gamma title", ..system("SYS-1", "x") }.write(&*store);
    for (typed, is_found) in [
        ("alpha AND", true),
        ("alpha NOT", false),
        ("NEAR", true),
        ("NEAR(alpha beta)", false),
        ("title:alpha", false),
        ("alpha*", true),
        ("\"alpha", true),
        ("alpha\" OR \"zeta", false),
        ("-alpha", true),
        ("(alpha", true),
        ("^alpha", true),
        ("al%", true),
        ("*", false),
        ("'; DROP TABLE record; --", false),
        ("alpha\0beta", true),
        ("", false),
    ] {
        assert_eq!(!found(&*store, typed).is_empty(), is_found, "{typed:?}");
    }
    assert_eq!(found(&*store, &"alpha ".repeat(10_000)), ["SYS-1"]);
}

pub fn desk_entries_are_kept_apart_and_scanned_in_order(place: &dyn Place) {
    let store = open(place);
    store
        .write(Box::new(|append| {
            for key in ["b/2", "a", "b/10", "b/1", "c", "bé"] {
                append.desk_put("job", key, key.as_bytes())?;
            }
            append.desk_put("session", "b/3", b"other")?;
            append.desk_put("job", "c", b"changed")?;
            append.desk_delete("job", "never there")?;
            Ok(append.desk_delete("job", "a")?)
        }))
        .unwrap();
    let snapshot = store.snapshot().unwrap();
    assert_eq!(snapshot.desk_spaces().unwrap(), ["job", "session"]);
    let keys = |prefix: &str, after: Option<&str>, limit| {
        let entries = snapshot.desk_scan("job", prefix, after, limit).unwrap();
        entries.into_iter().map(|(key, _)| key).collect::<Vec<_>>()
    };
    assert_eq!(keys("", None, 9), ["b/1", "b/10", "b/2", "bé", "c"]);
    assert_eq!(keys("b/", None, 9), ["b/1", "b/10", "b/2"]);
    assert_eq!(keys("b/", Some("b/1"), 9), ["b/10", "b/2"]);
    assert_eq!(keys("b/", Some("b/2"), 9), [""; 0]);
    assert_eq!(keys("b", None, 2), ["b/1", "b/10"]);
    assert_eq!(keys("z", None, 9), [""; 0]);
    assert_eq!(snapshot.desk_get("job", "c").unwrap().unwrap(), b"changed");
    assert!(snapshot.desk_get("job", "a").unwrap().is_none());
    assert!(snapshot.desk_get("session", "c").unwrap().is_none());
}
