//! Whether results stay as they were approved.

use vouch_record::kind::generated::approval::{ApprovalDecision, ApprovalPurpose};
use vouch_record::kind::generated::model::Model;
use vouch_record::kind::generated::test::Test;
use vouch_record::{Leaf, Value};

use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, Given, View, Window};

/// What of a kind must not be overwritten: the purpose of the approval, the list, the columns by which a row is known, and those that
/// stay.
struct Guarded {
    kind: &'static str,
    purpose: ApprovalPurpose,
    list: &'static str,
    known_by: &'static [&'static str],
    stays: &'static [&'static str],
}

const GUARDED: [Guarded; 2] = [
    Guarded { kind: Model::KIND, purpose: ApprovalPurpose::Approve, list: "versions", known_by: &["version"], stays: &["digest"] },
    Guarded {
        kind: Test::KIND,
        purpose: ApprovalPurpose::Review,
        list: "results",
        known_by: &["code", "group"],
        stays: &["value", "n", "low", "high"],
    },
];

/// 7.5.3-P3
pub(super) fn results_stay_as_approved(view: &View) -> Verdicts {
    let Some(year) = view.last_days(365) else { return Verdicts::holds() };
    let judged = GUARDED.iter().map(|of| each(view.all(of.kind), |entry| stays(entry, of, year)));
    judged.fold(Verdicts::default(), Verdicts::and)
}

fn stays(entry: Entry<'_>, of: &Guarded, year: Window) -> Judgement {
    let approvals: Vec<Given<'_>> = entry
        .given()
        .into_iter()
        .filter(|given| given.approval.purpose().is(of.purpose) && given.approval.decision().is(ApprovalDecision::Approved))
        .collect();
    if !approvals.iter().any(|given| year.has(given.on())) {
        return Judgement::Skip("not approved in the last 365 days".to_owned());
    }
    Judgement::needing(entry, &[of.list], || {
        let mut lapses = Vec::new();
        let revisions: Vec<&Leaf> = entry.revisions().collect();
        for pair in revisions.windows(2) {
            let approved = approvals.iter().any(|given| given.revision() <= pair[0].revision && given.at() <= pair[1].time);
            let again = approvals.iter().any(|given| {
                given.revision() == pair[1].revision
                    && given.approval.reason().get().is_some_and(|reason| !reason.trim().is_empty())
            });
            if approved && !again {
                lapses.extend(overwritten(entry, of, pair));
            }
        }
        Judgement::of(lapses)
    })
}

/// The cells of the earlier revision that the later one no longer holds.
fn overwritten(entry: Entry<'_>, of: &Guarded, pair: &[&Leaf]) -> Vec<Lapse> {
    let rows = |leaf: &'_ Leaf| leaf.body.get(of.list).map_or_else(Vec::new, |rows| rows.items().to_vec());
    let later = rows(pair[1]);
    let mut lapses = Vec::new();
    for row in rows(pair[0]) {
        let same = |other: &&Value| of.known_by.iter().all(|column| other.get(column) == row.get(column));
        let kept = later.iter().find(same);
        let cells = of.stays.iter().filter_map(|column| Some((column, row.get(column)?)));
        for (column, before) in cells.filter(|(_, before)| !before.is_empty()) {
            if kept.and_then(|kept| kept.get(column)) != Some(before) {
                let name = of.known_by.iter().filter_map(|column| row.get(column).and_then(Value::as_text));
                let field = format!("{column} of {}", name.collect::<Vec<_>>().join(", "));
                let lapse = Lapse::of(entry).value("field", field).value("record", entry.label());
                lapses.push(lapse.value("date", entry.view().day(pair[1].time)).value("before", shown(before)));
            }
        }
    }
    lapses
}

fn shown(value: &Value) -> String {
    value.as_text().map_or_else(|| String::from_utf8_lossy(&value.to_jcs()).into_owned(), str::to_owned)
}
