//! The published inventories, imported into an organisation again and again (FORMATS §12).

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod inventory;

use std::collections::BTreeMap;

use inventory::{Inventory, import, try_import};
use serde_json::{Value, json};
use vouch_app::ErrorKind;
use vouch_app::import::{Mode, Report};
use vouch_app::query::{self, Where};
use vouch_record::Id;
use vouch_record::kind::{FieldSpec, Required};
use vouch_testkit::{TestApp, fields};

const PURPOSE: &str = "What is the intended purpose";

fn id(text: &str) -> Id {
    text.parse().unwrap()
}

fn size(app: &TestApp) -> u64 {
    app.vouch.state().size()
}

fn field(app: &TestApp, record: &str, name: &str) -> Value {
    let view = app.vouch.view(None).unwrap();
    query::show(&view, id(record).into()).unwrap().record.fields.get(name).cloned().unwrap_or(Value::Null)
}

/// The fields of every record that an import made, by kind, without the file they came from.
fn records(app: &TestApp) -> BTreeMap<String, Vec<Value>> {
    let view = app.vouch.view(None).unwrap();
    let mut all = BTreeMap::new();
    for kind in view.kinds().iter().filter(|kind| !matches!(kind.name.as_str(), "organisation" | "person" | "role" | "approval")) {
        let listed = query::list(&view, &kind.name, &[]).unwrap();
        let plain = listed.records.into_iter().map(|record| {
            let fields: serde_json::Map<String, Value> = record.fields.into_iter().filter(|(name, _)| name != "files").collect();
            json!({"id": record.id, "state": record.state, "fields": fields})
        });
        all.insert(kind.name.clone(), plain.collect());
    }
    all.retain(|_, records: &mut Vec<Value>| !records.is_empty());
    all
}

/// As JSON, to compare reports.
fn told(report: &Report) -> Value {
    serde_json::to_value(report).unwrap()
}

#[test]
fn both_inventories_are_taken_whole_and_again_without_a_leaf() {
    for (file, rows, impacting) in [("dhs-2024.csv", 183, 34), ("doe-2024.csv", 79, 3)] {
        let app = TestApp::founded();
        let before = size(&app);
        let bytes = Inventory::read(file).csv(b',');
        let (dry, wrote) = import(&app, bytes.clone(), Mode::DryRun);
        assert_eq!((size(&app), wrote), (before, false), "a dry run writes nothing");

        let (report, wrote) = import(&app, bytes.clone(), Mode::Whole);
        assert!(wrote);
        assert_eq!(told(&dry), told(&report), "{file}: the dry run says what the import does");
        assert_eq!((report.rows, report.created["ai-system"], report.unchanged), (rows, rows, 0));
        assert!(
            report.rejected.is_empty() && report.conflicts.is_empty() && report.updated.is_empty() && report.vanished.is_empty()
        );
        let created: usize = report.created.values().sum();
        assert_eq!(size(&app) - before, created as u64, "one leaf for each record");

        let view = app.vouch.view(None).unwrap();
        let found = |value: &str| {
            query::list(&view, "ai-system", &[Where { name: "presumed_impact".into(), value: value.into() }]).unwrap()
        };
        let mut systems: Vec<String> =
            ["rights", "safety"].iter().flat_map(|value| found(value).records).map(|record| record.id).collect();
        systems.sort();
        systems.dedup();
        assert_eq!(systems.len(), impacting, "{file}");

        let after = size(&app);
        app.clock.pass_days(1);
        let (again, _) = import(&app, bytes, Mode::Whole);
        assert_eq!((again.rows, again.unchanged, size(&app)), (rows, rows, after), "the same file again changes nothing");
        assert!(again.created.is_empty() && again.updated.is_empty() && again.rejected.is_empty() && again.conflicts.is_empty());
    }
}

#[test]
fn what_came_from_a_file_is_a_claim_of_origin_imported_in_its_first_state_and_approved_by_nobody() {
    let app = TestApp::founded();
    import(&app, Inventory::read("dhs-2024.csv").csv(b','), Mode::Whole);
    let view = app.vouch.view(None).unwrap();
    let kinds = view.kinds();
    for (kind, records) in records(&app) {
        let first = kinds.get(&kind).unwrap().beginning(Some("imported")).to_owned();
        assert!(records.iter().all(|record| record["state"] == json!(first)), "{kind} is in its first state");
    }
    assert_eq!(query::list(&view, "approval", &[]).unwrap().total, 2, "only the approvals of the founding");
    let systems = query::list(&view, "ai-system", &[]).unwrap();
    assert!(systems.records.iter().all(|system| system.fields["origin"] == json!("imported")));
    let mut lacking = 0;
    for kind in kinds.iter() {
        for record in query::list(&view, &kind.name, &[]).unwrap().records.iter().filter(|record| record.kind != "organisation") {
            let missing = query::show(&view, id(&record.id).into()).unwrap().missing;
            let empty = |field: &&FieldSpec| field.required == Required::Always && !record.fields.contains_key(&field.name);
            let wanted: Vec<&String> = kind.fields.iter().filter(empty).map(|field| &field.name).collect();
            assert!(wanted.iter().all(|name| missing.contains(name)), "{} lists {missing:?}, and lacks {wanted:?}", record.id);
            lacking += usize::from(!wanted.is_empty());
        }
    }
    assert!(lacking > 0, "an import leaves what it does not know empty");
    let assessments = query::list(&view, "impact-assessment", &[]).unwrap();
    assert!(assessments.total > 0 && assessments.records.iter().all(|record| record.fields.contains_key("claimed")));
    assert!(systems.records.iter().any(|system| system.fields.contains_key("claims")));
}

#[test]
fn nothing_moves_an_imported_record_on_until_it_is_filled() {
    let app = TestApp::founded();
    import(&app, Inventory::read("doe-2024.csv").first(1).csv(b','), Mode::Whole);
    app.act_as("PER-1").try_revise(id("SYS-1"), 1, fields(json!({"owner": "PER-2"}))).unwrap();
    app.act_as("PER-2");
    let error = app.try_decide(id("SYS-1"), "approve", "approved").unwrap_err();
    assert_eq!(error.kind, ErrorKind::Invalid, "{error}");
    assert!(error.problems.iter().any(|problem| problem.reason.contains("needed")), "{error}");
    assert_eq!(app.state(id("SYS-1")), "draft");
}

#[test]
fn a_changed_row_revises_exactly_what_it_changes() {
    let app = TestApp::founded();
    let mut inventory = Inventory::read("doe-2024.csv").first(6);
    import(&app, inventory.csv(b','), Mode::Whole);
    let before = records(&app);
    *inventory.cell(3, PURPOSE) = "Another purpose".to_owned();
    let leaves = size(&app);
    let (report, wrote) = import(&app, inventory.csv(b','), Mode::Whole);
    assert!(wrote);
    assert_eq!((told(&report)["updated"].clone(), report.unchanged), (json!({"ai-system": 1}), 5));
    assert!(report.created.is_empty() && report.conflicts.is_empty());
    assert_eq!(size(&app), leaves + 1);
    let view = app.vouch.view(None).unwrap();
    let event = query::history(&view, id("SYS-3")).unwrap().pop().unwrap();
    let differences = query::diff(&view, id("SYS-3"), 1, 2).unwrap();
    assert_eq!((event.action, event.revision), ("revise", 2));
    assert_eq!(event.changed, differences.iter().map(|difference| difference.field.clone()).collect::<Vec<_>>());
    assert_eq!(event.changed, ["purpose"]);
    assert_eq!(field(&app, "SYS-3", "purpose"), json!("Another purpose"));
    let after = records(&app);
    let changed = before["ai-system"].iter().zip(&after["ai-system"]).filter(|(one, two)| one != two).count();
    assert_eq!(changed, 1);
}

#[test]
fn what_a_person_wrote_is_kept_and_listed_each_time_it_differs() {
    let app = TestApp::founded();
    let mut inventory = Inventory::read("doe-2024.csv").first(4);
    import(&app, inventory.csv(b','), Mode::Whole);
    app.act_as("PER-2").try_revise(id("SYS-2"), 1, fields(json!({"purpose": "what a person says"}))).unwrap();

    let (unchanged, _) = import(&app, inventory.csv(b','), Mode::Whole);
    assert_eq!((unchanged.unchanged, unchanged.conflicts.len()), (4, 0), "the row did not change, so nothing is offered");

    for said in ["second edition", "third edition"] {
        *inventory.cell(2, PURPOSE) = said.to_owned();
        let (report, _) = import(&app, inventory.csv(b','), Mode::Whole);
        assert_eq!(report.conflicts.len(), 1, "{said}");
        let conflict = &report.conflicts[0];
        assert_eq!((conflict.row, conflict.record.as_str(), conflict.field.as_str()), (3, "SYS-2", "purpose"));
        assert_eq!((&conflict.kept, &conflict.offered), (&json!("what a person says"), &json!(said)));
        assert_eq!(field(&app, "SYS-2", "purpose"), json!("what a person says"));
    }
    // Another field of the same row goes through beside the one that is kept.
    *inventory.cell(2, "Use Case Topic Area") = "Government Services".to_owned();
    *inventory.cell(2, PURPOSE) = "fourth edition".to_owned();
    let (report, _) = import(&app, inventory.csv(b','), Mode::Whole);
    assert_eq!((report.conflicts.len(), told(&report)["updated"].clone()), (1, json!({"ai-system": 1})));
    assert_eq!(field(&app, "SYS-2", "purpose"), json!("what a person says"));
}

#[test]
fn a_row_that_vanished_changes_nothing_and_is_listed() {
    let app = TestApp::founded();
    let inventory = Inventory::read("doe-2024.csv").first(5);
    import(&app, inventory.csv(b','), Mode::Whole);
    let (leaves, before) = (size(&app), records(&app));
    let mut shorter = inventory.clone();
    shorter.rows.remove(2);
    let (report, _) = import(&app, shorter.csv(b','), Mode::Whole);
    assert_eq!((size(&app), report.unchanged, report.vanished.len()), (leaves, 4, 1));
    assert_eq!(report.vanished[0].record.as_deref(), Some("SYS-2"));
    assert_eq!(records(&app), before);
    let (back, _) = import(&app, inventory.csv(b','), Mode::Whole);
    assert_eq!((size(&app), back.unchanged, back.vanished.len()), (leaves, 5, 0), "it is known when it comes back");
}

#[test]
fn a_repeated_row_is_listed_under_rejected_and_does_not_keep_the_rest_out() {
    let app = TestApp::founded();
    let mut inventory = Inventory::read("doe-2024.csv").first(3);
    inventory.rows.push(inventory.rows[2].clone());
    let (report, wrote) = import(&app, inventory.csv(b','), Mode::Whole);
    assert!(wrote);
    assert_eq!((report.rows, report.created["ai-system"], report.rejected.len()), (4, 3, 1));
    let rejected = &report.rejected[0];
    assert_eq!((rejected.row, rejected.reason.as_str()), (5, "duplicate of row 3"));
    assert!(!rejected.remedy.is_empty());
}

#[test]
fn a_broken_row_keeps_the_file_out_until_it_may_be_left_out() {
    let app = TestApp::founded();
    let mut inventory = Inventory::read("doe-2024.csv").first(4);
    *inventory.cell(2, "Date Implemented") = "13/45/2024".to_owned();
    *inventory.cell(4, "Use Case Name") = String::new();
    let leaves = size(&app);
    let (dry, _) = import(&app, inventory.csv(b','), Mode::DryRun);
    let (whole, wrote) = import(&app, inventory.csv(b','), Mode::Whole);
    assert_eq!((wrote, size(&app)), (false, leaves), "nothing is written");
    assert_eq!(told(&dry), told(&whole));
    let rows: Vec<usize> = whole.rejected.iter().map(|rejection| rejection.row).collect();
    assert_eq!(rows, [3, 5]);
    let date = &whole.rejected[0];
    assert_eq!((date.column.as_deref(), date.value.as_str()), (Some("Date Implemented"), "13/45/2024"));
    assert!(!date.reason.is_empty() && !date.remedy.is_empty(), "{date:?}");
    assert_eq!(whole.rejected[1].column.as_deref(), Some("Use Case Name"));

    let (partial, wrote) = import(&app, inventory.csv(b','), Mode::Partial);
    assert!(wrote);
    assert_eq!((partial.created["ai-system"], partial.rejected.len()), (2, 2));
    // Mended, the row comes in; the others are known.
    *inventory.cell(2, "Date Implemented") = "1/2/2024".to_owned();
    inventory.rows.pop();
    let (mended, _) = import(&app, inventory.csv(b','), Mode::Whole);
    assert_eq!((mended.created["ai-system"], mended.unchanged, mended.rejected.len()), (1, 2, 0));
}

#[test]
fn encoding_delimiter_and_workbook_make_no_difference() {
    let inventory = Inventory::read("doe-2024.csv").first(12);
    let forms = [inventory.csv(b','), inventory.csv(b';'), inventory.csv(b'\t'), inventory.utf_16(), inventory.xlsx()];
    let mut first: Option<BTreeMap<String, Vec<Value>>> = None;
    for (place, bytes) in forms.into_iter().enumerate() {
        let app = TestApp::founded();
        let (report, wrote) = import(&app, bytes, Mode::Whole);
        assert!(wrote && report.rejected.is_empty(), "form {place}: {:?}", report.rejected);
        let records = records(&app);
        match &first {
            None => first = Some(records),
            Some(first) => assert_eq!(&records, first, "form {place}"),
        }
    }
    // One form after the other finds the same rows.
    let app = TestApp::founded();
    import(&app, inventory.csv(b','), Mode::Whole);
    let leaves = size(&app);
    let (again, _) = import(&app, inventory.xlsx(), Mode::Whole);
    assert_eq!((again.unchanged, size(&app)), (12, leaves));
}

#[test]
fn two_systems_of_one_name_are_possible_duplicates_and_stay_two() {
    let app = TestApp::founded();
    let mut inventory = Inventory::read("doe-2024.csv").first(3);
    let mut twin = inventory.rows[1].clone();
    let column = inventory.rows[0].iter().position(|name| name.starts_with(PURPOSE)).unwrap();
    twin[column] = "the same name, another purpose".to_owned();
    inventory.rows.push(twin);
    let (report, _) = import(&app, inventory.csv(b','), Mode::Whole);
    assert_eq!((report.created["ai-system"], report.rejected.len()), (4, 0));
    assert_eq!(report.possible_duplicates, [["SYS-1", "SYS-4"]]);
    let (again, _) = import(&app, inventory.csv(b','), Mode::Whole);
    assert_eq!(again.unchanged, 4, "each keeps its place among those alike");
}

#[test]
fn what_is_no_table_of_the_preset_is_refused_with_what_to_do() {
    let app = TestApp::founded();
    let leaves = size(&app);
    for bytes in [b"".to_vec(), b"Colour,Size\nred,4\n".to_vec(), vec![0x50, 0x4b, 3, 4, 0, 0, 0]] {
        let error = try_import(&app, bytes, Mode::Whole).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Invalid, "{error}");
        assert!(error.hint.is_some(), "{error}");
    }
    assert_eq!(size(&app), leaves);
}
