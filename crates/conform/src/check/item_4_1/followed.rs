//! What issues led to, and whether that still stands.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Leaf;
use vouch_record::kind::generated::context_issue::ContextIssue;
use vouch_record::kind::generated::management_review::{ManagementReview, ManagementReviewInputInput};
use vouch_record::kind::generated::objective::Objective;

use super::noted::{assessed, is_relevant};
use crate::derived::context_issue::{last_reviewed, traced};
use crate::shape::{Judgement, Lapse, Verdicts, at_least_one, each};
use crate::view::{Entry, View, Window};

/// Fields in which an issue names what it led to.
const LED_TO: [&str; 4] = ["risks", "objectives", "obligations", "changes"];

/// 4.1-O3
pub(super) fn relevant_issues_led_to_something(view: &View) -> Verdicts {
    each(assessed(view).filter(|issue| is_relevant(*issue)), |issue| {
        Judgement::needing(issue, &["no_consequence_because"], || {
            let said = ContextIssue(issue.content()).no_consequence_because().is_filled();
            Judgement::when(said || traced(issue), || Lapse::of(issue).value("issue", issue.label()))
        })
    })
}

/// 4.1-P2
pub(super) fn what_they_lean_on_stands(view: &View) -> Verdicts {
    each(assessed(view).filter(|issue| is_relevant(*issue)), |issue| {
        let reviewed = last_reviewed(issue).map(|at| view.day(at));
        let named = || LED_TO.into_iter().flat_map(|field| linked(issue, field));
        let mut leans = named().peekable();
        if leans.peek().is_none() {
            return Judgement::Skip("it names nothing".to_owned());
        }
        let lapses = leans.filter(|record| !record.is_live()).filter_map(|record| {
            let defect = match ended(record) {
                None => "is not in force".to_owned(),
                Some((on, true)) if reviewed.is_none_or(|reviewed| reviewed <= on) => return None,
                Some((on, _)) => format!("ended on {on}"),
            };
            Some(Lapse::of(issue).value("issue", issue.label()).value("record", record.label()).value("defect", defect))
        });
        Judgement::of(lapses.collect())
    })
}

/// The records that a field names, also those that were set aside; what is not bound is not there at depth proven.
fn linked<'v>(issue: Entry<'v>, field: &str) -> impl Iterator<Item = Entry<'v>> {
    let view = issue.view();
    let items = issue.value(field).get().map_or(&[][..], vouch_record::Value::items);
    items.iter().filter_map(move |item| view.find(item.as_text()?.parse::<vouch_record::Link>().ok()?.id))
}

/// The day on which a record that had been in force ended, and whether somebody said why.
fn ended(record: Entry<'_>) -> Option<(Date, bool)> {
    let view = record.view();
    let kind = record.kind();
    let settled = |leaf: &Leaf| kind.is_settled(&leaf.state);
    let stood = record.leaves().iter().rposition(settled)?;
    let Some(after) = record.leaves().get(stood + 1) else {
        // Nobody ended it: its last day has passed.
        let due = (kind.name == Objective::KIND).then(|| Objective(record.content()).due().get()).flatten()?;
        return Some((due.saturating_add(1.day()), true));
    };
    let why = after.reason().or_else(|| after.body.get("reason").and_then(vouch_record::Value::as_text));
    Some((view.day(after.time), why.is_some_and(|why| !why.trim().is_empty())))
}

/// 4.1-P3
pub(super) fn context_moves(view: &View) -> Verdicts {
    let Some(year) = view.last_days(365) else { return Verdicts::holds() };
    let moved = view.all(ContextIssue::KIND).filter(|issue| has_moved(*issue, year));
    let held = |review: &Entry<'_>| ManagementReview(review.content()).held_on().get().filter(|on| year.has(*on));
    let reviews = view.all(ManagementReview::KIND).filter(|review| review.is_any(&["held", "signed"]));
    let latest = reviews.filter_map(|review| Some((held(&review)?, review))).max_by_key(|(on, review)| (*on, review.id()));
    let concluded = latest.map(|(_, review)| review).filter(|review| {
        let mut rows = ManagementReview(review.content()).inputs();
        rows.any(|row| row.input() == Some(ManagementReviewInputInput::Context) && row.conclusion().is_some())
    });
    at_least_one(moved.chain(concluded), Lapse::of_organisation)
}

/// Whether an issue was added, closed or changed in what it says in a period.
fn has_moved(issue: Entry<'_>, period: Window) -> bool {
    let within = |leaf: &Leaf| period.has(issue.view().day(leaf.time));
    if period.has(issue.created_on()) || issue.entry_into("closed").is_some_and(within) {
        return true;
    }
    let said = ["description", "relevant", "effect"];
    let revisions: Vec<&Leaf> = issue.revisions().collect();
    let changed = |pair: &[&Leaf]| said.iter().any(|field| pair[0].body.get(field) != pair[1].body.get(field)) && within(pair[1]);
    let decided = issue
        .entry_into("assessed")
        .is_some_and(|leaf| within(leaf) && leaf.set().iter().any(|(name, _)| said.contains(&name.as_ref())));
    decided || revisions.windows(2).any(changed)
}
