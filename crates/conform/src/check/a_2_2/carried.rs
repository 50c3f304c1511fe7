//! The rules of the AI policy and the records that carry them into work.

use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::document::{Document, DocumentRuleKind, DocumentRuleRow};

use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, Subject, View};

/// Rules that ask for something or rule it out.
const BINDING: [DocumentRuleKind; 3] = [DocumentRuleKind::Must, DocumentRuleKind::MustNot, DocumentRuleKind::NeedsConsent];

fn has_rule(policy: Entry<'_>, kinds: &[DocumentRuleKind]) -> bool {
    Document(policy.content()).rules().any(|row| row.kind().is_some_and(|kind| kinds.contains(&kind)))
}

/// A.2.2-D1
pub(super) fn holds_rules_and_a_way_out(view: &View) -> Verdicts {
    each(view.policy(), |policy| {
        Judgement::needing(policy, &["rules", "exceptions"], || {
            let binding = has_rule(policy, &[DocumentRuleKind::Must, DocumentRuleKind::MustNot]);
            let way_out = Document(policy.content()).exceptions().is_filled();
            let wanted = [(binding, "rule on what must or must not be done"), (way_out, "way to an exception")];
            let missing: Vec<&str> = wanted.into_iter().filter(|(there, _)| !there).map(|(_, what)| what).collect();
            Judgement::when(missing.is_empty(), || Lapse::of(policy).value("missing", missing.join(" and no ")))
        })
    })
}

/// A.2.2-D2
pub(super) fn rules_uses_out(view: &View) -> Verdicts {
    each(view.policy(), |policy| {
        Judgement::needing(policy, &["rules"], || {
            let wanted = [(DocumentRuleKind::MustNot, "is ruled out"), (DocumentRuleKind::NeedsConsent, "needs consent")];
            let missing: Vec<&str> =
                wanted.into_iter().filter(|(kind, _)| !has_rule(policy, &[*kind])).map(|(_, what)| what).collect();
            Judgement::when(missing.is_empty(), || Lapse::of(policy).value("missing", missing.join(" or ")))
        })
    })
}

/// What people call a rule.
fn name(row: DocumentRuleRow<'_>) -> &str {
    row.code().or(row.rule()).unwrap_or("without a code")
}

/// Judges each rule of the policy: what shows it, or what is wrong with it.
fn each_rule<'v>(
    view: &'v View,
    asked: impl Fn(DocumentRuleRow<'v>) -> bool,
    judge: impl Fn(DocumentRuleRow<'v>) -> Result<Vec<Subject>, Option<String>>,
) -> Verdicts {
    let Some(policy) = view.policy() else { return Verdicts::holds() };
    if policy.value("rules").is_erased() {
        return each([policy], |_| Judgement::Undecided("`rules` was erased".to_owned()));
    }
    let rows: Vec<DocumentRuleRow<'v>> = Document(policy.content()).rules().filter(|row| asked(*row)).collect();
    let things = rows.len();
    let mut verdicts = Verdicts::default();
    for row in rows {
        match judge(row) {
            Ok(shown) => verdicts.passed.extend(shown),
            Err(defect) => {
                let lapse = Lapse::of(policy).value("rule", name(row));
                verdicts.failed.push(defect.into_iter().fold(lapse, |lapse, defect| lapse.value("defect", defect)));
            }
        }
    }
    verdicts.passed.sort_unstable();
    verdicts.passed.dedup();
    verdicts.among(things)
}

fn carriers<'v>(view: &'v View, row: DocumentRuleRow<'v>) -> impl Iterator<Item = Entry<'v>> {
    row.done_through().filter_map(|link| view.get(link.id))
}

/// A.2.2-D3
pub(super) fn carried_by_something(view: &View) -> Verdicts {
    each_rule(
        view,
        |_| true,
        |row| {
            let shown: Vec<Subject> = carriers(view, row).map(|entry| entry.subject()).collect();
            if shown.is_empty() { Err(None) } else { Ok(shown) }
        },
    )
}

/// A.2.2-O1
pub(super) fn left_a_trace(view: &View) -> Verdicts {
    let (Some(window), Some(policy)) = (view.window(), view.policy().map(|policy| policy.id())) else { return Verdicts::holds() };
    let binding = |row: DocumentRuleRow<'_>| row.kind().is_some_and(|kind| BINDING.contains(&kind));
    // What nothing carries is the lapse of A.2.2-D3.
    let carried = |row: DocumentRuleRow<'_>| carriers(view, row).next().is_some();
    each_rule(
        view,
        |row| binding(row) && carried(row),
        |row| {
            let live: Vec<(Date, Entry<'_>)> =
                carriers(view, row).filter(Entry::is_live).map(|entry| (touched_on(entry, policy), entry)).collect();
            let used: Vec<Subject> = live.iter().filter(|(on, _)| window.has(*on)).map(|(_, entry)| entry.subject()).collect();
            if !used.is_empty() {
                return Ok(used);
            }
            Err(Some(match live.iter().max_by_key(|(on, entry)| (*on, entry.id())) {
                Some((on, entry)) => format!("{} was last touched on {on}", entry.label()),
                None => {
                    let names: Vec<String> = carriers(view, row).map(|entry| entry.label()).collect();
                    format!("{} is not in force", names.join(", "))
                }
            }))
        },
    )
}

/// The last day on which a record was made, revised or reviewed, or another one was made that links to it; the policy itself does not
/// count.
fn touched_on(entry: Entry<'_>, policy: Id) -> Date {
    let view = entry.view();
    let revised = entry.revisions().next_back().map(|leaf| view.day(leaf.time));
    let sources = entry.linking_any().filter(|source| ![entry.id(), policy].contains(&source.id()));
    let linked = sources.filter(|source| source.names(entry.id(), ""));
    linked.map(|source| source.created_on()).chain(revised).max().unwrap_or_else(|| entry.created_on())
}
