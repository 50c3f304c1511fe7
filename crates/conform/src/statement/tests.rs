//! Tests of the statement over the base organisation of the cases.

use crate::check::cases::{Fixed, Lives, build};
use crate::readiness::Readiness;
use crate::view::View;

use super::{Decision, Statement};

fn organisation(patch: &str) -> View {
    let fixed = Fixed::load();
    let built = build(&Lives::base().with(patch).unwrap(), &fixed.kinds).unwrap();
    built.view(fixed, built.today)
}

/// The statement of the base organisation as a case patches it, as JSON.
fn statement(patch: &str) -> Statement {
    let view = organisation(patch);
    Statement::of(&view, &Readiness::of(&view))
}

#[test]
fn each_control_has_one_row_with_who_answers_and_what_carries_it_out() {
    let statement = statement("{}");
    assert_eq!(statement.rows.len(), 38);
    assert_eq!((statement.counts.applied, statement.counts.excluded, statement.counts.undecided), (38, 0, 0));
    let row = statement.row("A.9.2").unwrap();
    assert_eq!(row.decision, Decision::Applied);
    assert!(row.approved && row.owner.is_some() && !row.reasons.is_empty());
    assert!(row.procedures.iter().any(|procedure| procedure.label.starts_with("Rules for using AI")), "{:?}", row.procedures);
    assert_eq!(row.implementation, "proven", "{:?}", row.next);
    assert!(row.proof.first().is_some_and(|evidence| evidence.depth == crate::readiness::Depth::Proven));
    assert_eq!(row.systems, 2);
    assert!(row.failing.is_empty());
}

#[test]
fn a_control_says_which_of_all_its_systems_fail_it() {
    let statement = statement("change: {OVS-10: {stop_means: null}}");
    let row = statement.row("A.9.2").unwrap();
    assert_eq!(row.implementation, "none");
    assert_eq!(row.failing.iter().map(ToString::to_string).collect::<Vec<_>>(), ["SYS-2"]);
    assert!(row.next.as_deref().is_some_and(|next| next.contains("oversees")), "{:?}", row.next);
}

#[test]
fn what_nobody_decided_is_undecided_and_still_shows_how_far_it_is_carried_out() {
    // The day before anybody decided about controls.
    let statement = statement("today: 2026-09-20");
    let row = statement.row("A.9.2").unwrap();
    assert_eq!((row.decision, row.owner.is_none(), row.implementation), (Decision::Undecided, true, "proven"));
    assert_eq!((statement.counts.undecided, statement.version.is_none()), (38, true));
}

#[test]
fn reasons_are_drawn_from_linked_records_that_nobody_stated() {
    let statement = statement("{}");
    let drawn: Vec<_> =
        statement.rows.iter().flat_map(|row| &row.reasons).filter(|reason| !reason.stated).map(|reason| reason.source).collect();
    assert!(drawn.contains(&"risk"), "{drawn:?}");
    for row in &statement.rows {
        let mut records: Vec<_> = row.reasons.iter().filter_map(|reason| reason.record).collect();
        let named = records.len();
        records.sort_unstable();
        records.dedup();
        let stated = row.reasons.iter().filter(|reason| reason.stated).count();
        assert!(records.len() + stated >= named, "{}: a record is named again by what is drawn: {:?}", row.control, row.reasons);
    }
}

#[test]
fn an_exclusion_shows_its_ground_and_what_speaks_against_it() {
    let excluded = "change: {APP-187: {decision: excluded, reasons: null, exclusion_ground: role_absent, exclusion_reason: Nobody outside buys or gets an AI system from the mutual; both systems are used by its own people only., exclusion_basis: [SYS-1], back_when: a system is offered to somebody}}";
    let row = statement(excluded).row("A.10.4").cloned().unwrap();
    assert_eq!(row.decision, Decision::Excluded);
    let exclusion = row.exclusion.unwrap();
    assert_eq!((exclusion.ground, exclusion.basis.len()), (Some("role_absent"), 1));
    assert!(exclusion.back_when.is_some() && row.reasons.is_empty());
}
