//! Paper without work: procedures without records, choices before reasons, proof made for the audit.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::audit::{Audit, AuditType};
use vouch_record::kind::generated::control_applicability::ControlApplicability;
use vouch_record::kind::generated::document::{Document, DocumentType};
use vouch_record::kind::generated::evidence::Evidence;
use vouch_record::kind::generated::impact_assessment::{ImpactAssessment, ImpactAssessmentDepth};
use vouch_record::kind::generated::shared::Stage;
use vouch_record::kind::generated::statement_of_applicability::StatementOfApplicability;
use vouch_record::time::{days_between, parse_date};

use super::Limits;
use crate::check;
use crate::derived::{ai_system, document, evidence};
use crate::framework::{ISO42001, Item};
use crate::readiness::{Depth, ItemRun};
use crate::shape::Lapse;
use crate::view::{Entry, View, Window};

/// Kinds that say something about work and are none.
const ABOUT_WORK: [&str; 5] = ["document", "approval", "acknowledgement", "task", "comment"];

/// The records that passed the operating rules of an item.
fn shown<'v>(view: &'v View, item: &'v Item) -> Vec<Entry<'v>> {
    let run = ItemRun::of(view, item, check::find(&item.id));
    let mut ids: Vec<Id> =
        run.at(Depth::Operating).filter_map(|rule| rule.verdicts).flat_map(|verdicts| &verdicts.passed).map(|one| one.id).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.into_iter().filter_map(|id| view.get(id)).collect()
}

/// FM-1
pub(super) fn documents_without_operation(view: &View, limits: &Limits<'_>) -> Vec<Lapse> {
    let Some(window) = view.window() else { return Vec::new() };
    let then = view.on(view.today().saturating_sub(limits.number("standing_days").days()));
    let listed = |on: &View| -> BTreeSet<String> {
        let standing = on.all(Document::KIND).filter(|entry| Document(entry.content()).type_().is(DocumentType::Procedure));
        let named = standing
            .filter(|entry| document::in_force(*entry).is_some())
            .flat_map(|entry| Document(entry.content()).requirements());
        named.filter(|link| link.framework == ISO42001).map(|link| link.item.to_owned()).collect()
    };
    let before = listed(then);
    let wanted = listed(view).into_iter().filter(|item| before.contains(item) && !view.is_excluded(item));
    let items: Vec<&Item> = wanted.filter_map(|item| view.frameworks().item(&item)).collect();
    let at_work = |item: &&&Item| {
        shown(view, item).into_iter().any(|record| {
            let works = !ABOUT_WORK.contains(&record.kind().name.as_str());
            works && record.changed_on().any(|day| window.has(day))
        })
    };
    let working = items.iter().filter(at_work).count();
    if items.len() < limits.count("items_at_least") || !limits.falls_short("share_with_records", working, items.len()) {
        return Vec::new();
    }
    vec![Lapse::of_organisation().value("n", items.len() - working).value("total", items.len())]
}

/// FM-4
pub(super) fn controls_before_risks(view: &View, limits: &Limits<'_>) -> Vec<Lapse> {
    let mut approvals: Vec<Date> = view.all(ControlApplicability::KIND).filter_map(|entry| first_in(entry, "approved")).collect();
    approvals.sort_unstable();
    let tenth = limits.count("controls_chosen").checked_sub(1).and_then(|at| approvals.get(at).copied());
    let frozen = view.all(StatementOfApplicability::KIND).filter_map(|entry| first_in(entry, "frozen")).min();
    let Some(chosen) = [tenth, frozen].into_iter().flatten().min() else { return Vec::new() };
    let Some(defect) = unready(view.on(chosen), limits) else { return Vec::new() };
    let decided_later = |statement: Entry<'_>| {
        let mut rows = StatementOfApplicability(statement.content()).rows().peekable();
        rows.peek().is_some()
            && rows.all(|row| {
                let applicability = row.applicability().and_then(|link| view.find(link.id));
                let approved = applicability.and_then(|entry| entry.entered("approved"));
                approved.is_some_and(|on| unready(view.on(on), limits).is_none())
            })
    };
    let later = view.all(StatementOfApplicability::KIND).filter(|entry| entry.is_any(&["approved", "superseded"]));
    if later.into_iter().any(decided_later) {
        return Vec::new();
    }
    let about = view.statement().map_or_else(Lapse::of_organisation, Lapse::of);
    vec![about.value("date", chosen).value("defect", defect)]
}

/// The day a record first entered a state.
fn first_in(entry: Entry<'_>, state: &str) -> Option<Date> {
    entry.leaves().iter().find(|leaf| leaf.state.as_ref() == state).map(|leaf| entry.view().day(leaf.time))
}

/// Why controls could not be chosen by risk and impact on the view's day.
fn unready(view: &View, limits: &Limits<'_>) -> Option<String> {
    if view.risk_method().is_none() {
        return Some("no risk method was in force".to_owned());
    }
    let grown: Vec<Entry<'_>> = view.systems().filter(|system| ai_system::stage(*system) > Stage::Concept).collect();
    let decided = |system: &&Entry<'_>| {
        let mut risks = system.incoming("risk", "ai_systems");
        risks.any(|risk| risk.leaves().iter().any(|leaf| leaf.state.as_ref() == "decided"))
    };
    let assessed = grown.iter().filter(decided).count();
    if limits.falls_short("share_decided", assessed, grown.len()) {
        return Some(format!("{assessed} of {} systems had decided risks", grown.len()));
    }
    let deep = |entry: &Entry<'_>| {
        let depth = ImpactAssessment(entry.content()).depth().get();
        matches!(depth, Some(ImpactAssessmentDepth::Standard | ImpactAssessmentDepth::Full))
            && first_in(*entry, "approved").is_some()
    };
    if !view.all(ImpactAssessment::KIND).any(|entry| deep(&entry)) {
        return Some("no impact had been assessed in depth".to_owned());
    }
    None
}

/// A record of work with the days it speaks of and the day it was written.
struct Made<'v> {
    entry: Entry<'v>,
    of: Date,
    written: Date,
}

/// Kinds whose records have a day of their own, with the field that holds it.
const DATED: [(&str, &str); 6] = [
    ("evidence", "covers_to"),
    ("training-record", "to"),
    ("acknowledgement", "confirmed_at"),
    ("meeting", "held_from"),
    ("risk", "assessed_on"),
    ("measurement", "covers_to"),
];

impl<'v> Made<'v> {
    fn of(entry: Entry<'v>) -> Option<Self> {
        let (_, field) = DATED.iter().find(|(kind, _)| *kind == entry.kind().name)?;
        let value = entry.value(field).get()?;
        let of = parse_date(value.as_text()?.get(..10)?)?;
        let holds = |leaf: &&vouch_record::state::Leaf| {
            leaf.body.get(field) == Some(value) || leaf.set().iter().any(|(name, set)| name.as_ref() == *field && set == value)
        };
        let written = entry.view().day(entry.leaves().iter().find(holds)?.time);
        Some(Self { entry, of, written })
    }
}

/// FM-10
pub(super) fn made_before_the_audit(view: &View, limits: &Limits<'_>) -> Vec<Lapse> {
    let (Some(window), Some((audit, first))) = (view.window(), audit_at_hand(view, limits)) else { return Vec::new() };
    let days = limits.number("days_before");
    let made = || DATED.iter().flat_map(|(kind, _)| view.all(kind)).filter_map(Made::of).filter(|made| window.has(made.of));
    let before = Window { from: first.saturating_sub(days.days()), to: first.saturating_sub(1.day()) };
    let lapse = |share: String, subject: String, from: Date, to: Date| {
        Lapse::of(audit)
            .value("share", share)
            .value("subject", subject)
            .value("days", days)
            .value("audit", audit.label())
            .value("from", from)
            .value("to", to)
    };
    let share = |part: usize, whole: usize| format!("{part} of {whole} records");
    let mut lapses = Vec::new();
    let all: Vec<Made<'_>> = made().collect();
    let late = all.iter().filter(|made| before.has(made.written)).count();
    if all.len() >= limits.count("records_at_least") && limits.exceeds("share_before", late, all.len()) {
        lapses.push(lapse(share(late, all.len()), "the whole system".to_owned(), window.from, window.to));
    }
    let evidences: Vec<&Made<'_>> = all.iter().filter(|made| made.entry.kind().name == Evidence::KIND).collect();
    let lags = |made: &&&Made<'_>| {
        let lag = evidence::lag(made.entry).map_or(0, |span| i64::from(span.get_days()));
        lag.max(days_between(made.of, made.written)) > limits.number("lag_days")
    };
    let lagging = evidences.iter().filter(lags).count();
    if evidences.len() >= limits.count("evidence_at_least") && limits.exceeds("share_late", lagging, evidences.len()) {
        lapses.push(lapse(share(lagging, evidences.len()), "what was brought as evidence".to_owned(), window.from, window.to));
    }
    for item in view.frameworks().items() {
        let made: Vec<Made<'_>> = shown(view, item).into_iter().filter_map(Made::of).collect();
        if made.len() < limits.count("cluster_records") {
            continue;
        }
        let mut on: BTreeMap<Date, usize> = BTreeMap::new();
        made.iter().for_each(|made| *on.entry(made.written).or_default() += 1);
        let mut counts: Vec<usize> = on.into_values().collect();
        counts.sort_unstable_by_key(|n| std::cmp::Reverse(*n));
        let few: usize = counts.iter().take(limits.count("cluster_days")).sum();
        let (from, to) = (made.iter().map(|made| made.of).min(), made.iter().map(|made| made.of).max());
        let (Some(from), Some(to)) = (from, to) else { continue };
        let clustered = !limits.falls_short("cluster_share", few, made.len());
        if clustered && days_between(from, to) > limits.number("spread_days") {
            lapses.push(lapse(share(few, made.len()), item.id.clone(), from, to));
        }
    }
    lapses
}

/// The next audit by a certification body, or the last one if it began at most so many days ago, with its first day.
fn audit_at_hand<'v>(view: &'v View, limits: &Limits<'_>) -> Option<(Entry<'v>, Date)> {
    use AuditType::{Recertification, Stage1, Stage2, Surveillance};
    let outside = |audit: &Entry<'_>| {
        matches!(Audit(audit.content()).type_().get(), Some(Stage1 | Stage2 | Surveillance | Recertification))
            && !audit.is("cancelled")
    };
    let dated = |audit: Entry<'v>| {
        let content = Audit(audit.content());
        Some((audit, content.started_on().get().or_else(|| content.planned_from().get())?))
    };
    let audits: Vec<(Entry<'v>, Date)> = view.all(Audit::KIND).filter(outside).filter_map(dated).collect();
    let last = audits.iter().filter(|(_, on)| (0..=limits.number("days_before")).contains(&days_between(*on, view.today())));
    let next = audits.iter().filter(|(_, on)| *on > view.today());
    last.max_by_key(|(_, on)| *on).or_else(|| next.min_by_key(|(_, on)| *on)).copied()
}

/// FM-27
pub(super) fn one_proof(view: &View, limits: &Limits<'_>) -> Vec<Lapse> {
    let mut lapses = Vec::new();
    let mut by_file: BTreeMap<String, Vec<Entry<'_>>> = BTreeMap::new();
    for entry in view.all(Evidence::KIND).filter(|entry| entry.is("reviewed")) {
        let content = Evidence(entry.content());
        let (requirements, about) = (content.requirements().count(), content.about().count());
        let days = content.covers_from().get().zip(content.covers_to().get()).map_or(0, |(from, to)| days_between(from, to));
        let files = content.files().count();
        let standing = entry.links("about").any(|record| {
            matches!(
                record.kind().name.as_str(),
                "supplier" | "certificate" | "customer-commitment" | "certification-body" | "dataset"
            )
        });
        let lapse = |n: usize| Lapse::of(entry).value("evidence", entry.label()).value("n", n).value("days", days);
        let long = days > limits.number("covers_days") && files == 1 && !standing;
        if requirements > limits.count("requirements") || about > limits.count("records") || long {
            lapses.push(lapse(requirements.max(1)));
        }
        for file in content.files() {
            by_file.entry(file.sha256.to_owned()).or_default().push(entry);
        }
    }
    for entries in by_file.values().filter(|entries| entries.len() >= limits.count("same_file")) {
        let period =
            |entry: &Entry<'_>| (Evidence(entry.content()).covers_from().get(), Evidence(entry.content()).covers_to().get());
        let periods: BTreeSet<_> = entries.iter().map(period).collect();
        if periods.len() == entries.len() {
            let first = entries[0];
            let days = period(&first).0.zip(period(&first).1).map_or(0, |(from, to)| days_between(from, to));
            lapses.push(Lapse::of(first).value("evidence", first.label()).value("n", entries.len()).value("days", days));
        }
    }
    lapses
}
