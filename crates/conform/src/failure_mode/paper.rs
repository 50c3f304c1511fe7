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
use vouch_record::time::{days_between, parse_date, read_instant};

use super::Limits;
use crate::check;
use crate::derived::{ai_system, document, evidence};
use crate::framework::{ISO42001, Item};
use crate::readiness::{Depth, ItemRun};
use crate::shape::{Lapse, breakpoints};
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
    let listed = regulated(view, limits.number("standing_days"));
    let items: Vec<&Item> =
        listed.iter().filter_map(|item| view.frameworks().item(item)).filter(|item| applies(view, item)).collect();
    let works = |record: &Entry<'_>| !ABOUT_WORK.contains(&record.kind().name.as_str());
    let at_work =
        |item: &Item| shown(view, item).into_iter().filter(works).any(|record| record.changed_on().any(|day| window.has(day)));
    let idle: Vec<&str> = items.iter().filter(|item| !at_work(item)).map(|item| item.id.as_str()).collect();
    let working = items.len() - idle.len();
    if items.len() < limits.count("items_at_least") || !limits.falls_short("share_with_records", working, items.len()) {
        return Vec::new();
    }
    let lapse = Lapse::of_organisation().value("n", idle.len()).value("total", items.len()).value("since", window.from);
    vec![lapse.value("items", idle.join(", "))]
}

/// The items that one procedure has listed while in force on each of the last `days` days.
fn regulated(view: &View, days: i64) -> BTreeSet<String> {
    let stretch = Window { from: view.today().saturating_sub(days.days()), to: view.today() };
    let listed = |id: Id, day: Date| -> BTreeSet<String> {
        let then = view.on(day).get(id).filter(|then| document::in_force(*then).is_some());
        let named = then.into_iter().flat_map(|then| Document(then.content()).requirements());
        named.filter(|link| link.framework == ISO42001).map(|link| link.item.to_owned()).collect()
    };
    let standing = |entry: Entry<'_>| {
        let days = breakpoints(stretch, [entry], Document(entry.content()).effective_from().get());
        let lists = days.into_iter().chain([view.today()]).map(|day| listed(entry.id(), day));
        lists.reduce(|all, day| all.intersection(&day).cloned().collect()).unwrap_or_default()
    };
    let procedures = view.all(Document::KIND).filter(|entry| Document(entry.content()).type_().is(DocumentType::Procedure));
    procedures.flat_map(standing).collect()
}

/// Whether an item asks for records at all: a clause, or a control that is neither excluded nor without anything to speak about.
fn applies(view: &View, item: &Item) -> bool {
    ItemRun::of(view, item, check::find(&item.id)).applies.is_judged()
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
        let Some(then) = first_in(statement, "frozen").map(|on| view.on(on)) else { return false };
        let approved = |id: Id| then.find(id).and_then(|applicability| applicability.entered("approved"));
        let rows = StatementOfApplicability(statement.content()).rows();
        let days: Option<BTreeSet<Date>> = rows.map(|row| row.applicability().and_then(|link| approved(link.id))).collect();
        days.is_some_and(|days| !days.is_empty() && days.into_iter().all(|on| unready(view.on(on), limits).is_none()))
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
    from: Date,
    to: Date,
    written: Date,
}

/// Kinds whose records speak of days, with the fields that hold the first and the last of them.
const DATED: [(&str, &str, &str); 6] = [
    ("evidence", "covers_from", "covers_to"),
    ("training-record", "from", "to"),
    ("acknowledgement", "confirmed_at", "confirmed_at"),
    ("meeting", "held_from", "held_from"),
    ("risk", "assessed_on", "assessed_on"),
    ("measurement", "covers_from", "covers_to"),
];

impl<'v> Made<'v> {
    fn of(entry: Entry<'v>) -> Option<Self> {
        let (_, first, last) = DATED.iter().find(|(kind, ..)| *kind == entry.kind().name)?;
        let day = |field: &str| {
            let text = entry.text(field)?;
            read_instant(text).map(|at| entry.view().day(at)).or_else(|| parse_date(text))
        };
        let (to, value) = (day(last)?, entry.value(last).get()?);
        let holds = |leaf: &&vouch_record::state::Leaf| {
            leaf.body.get(last) == Some(value) || leaf.set().iter().any(|(name, set)| name.as_ref() == *last && set == value)
        };
        let written = entry.view().day(entry.leaves().iter().find(holds)?.time);
        Some(Self { entry, from: day(first).unwrap_or(to), to, written })
    }

    fn is_evidence(&self) -> bool {
        self.entry.kind().name == Evidence::KIND
    }

    /// Days from the end of what it shows to the day it was brought or written.
    fn lag(&self) -> i64 {
        let lag = evidence::lag(self.entry).map_or(0, |span| i64::from(span.get_days()));
        lag.max(days_between(self.to, self.written))
    }
}

/// FM-10
pub(super) fn made_before_the_audit(view: &View, limits: &Limits<'_>) -> Vec<Lapse> {
    let Some(window) = view.window() else { return Vec::new() };
    let at_hand = audit_at_hand(view, limits);
    let all: Vec<Made<'_>> = DATED.iter().flat_map(|(kind, ..)| view.all(kind)).filter_map(Made::of).collect();
    let about = at_hand.map_or_else(Lapse::of_organisation, |(audit, _)| Lapse::of(audit));
    let lapse = |share: String, when: String, of: &[&Made<'_>]| {
        let (from, to) = (of.iter().map(|made| made.from).min()?, of.iter().map(|made| made.to).max()?);
        Some(about.clone().value("share", share).value("when", when).value("from", from).value("to", to))
    };
    let mut lapses = Vec::new();
    if let Some((audit, first)) = at_hand {
        let days = limits.number("days_before");
        let before = Window { from: first.saturating_sub(days.days()), to: first.saturating_sub(1.day()) };
        let recent: Vec<&Made<'_>> = all.iter().filter(|made| window.has(made.from) && window.has(made.to)).collect();
        let late: Vec<&Made<'_>> = recent.iter().copied().filter(|made| before.has(made.written)).collect();
        if recent.len() >= limits.count("records_at_least") && limits.exceeds("share_before", late.len(), recent.len()) {
            let share = format!("{} of {} records of work since {}", late.len(), recent.len(), window.from);
            lapses.extend(lapse(share, format!("in the {days} days before {}", audit.label()), &late));
        }
    }
    let evidences: Vec<&Made<'_>> = all.iter().filter(|made| made.is_evidence() && window.has(made.to)).collect();
    let lagging: Vec<&Made<'_>> = evidences.iter().copied().filter(|made| made.lag() > limits.number("lag_days")).collect();
    if evidences.len() >= limits.count("evidence_at_least") && limits.exceeds("share_late", lagging.len(), evidences.len()) {
        let share = format!("{} of {} items of evidence since {}", lagging.len(), evidences.len(), window.from);
        lapses.extend(lapse(share, format!("more than {} days late", limits.number("lag_days")), &lagging));
    }
    for item in view.frameworks().items() {
        let made = shown(view, item).into_iter().filter_map(Made::of).filter(|made| window.has(made.to));
        // A round of measures is taken on one day, the day its period ends: what is written in time is work, on however few days.
        let made: Vec<Made<'_>> = made.filter(|made| days_between(made.to, made.written) > limits.number("prompt_days")).collect();
        if made.len() < limits.count("cluster_records") {
            continue;
        }
        let (few, days) = of_fewest_days(&made, limits.count("cluster_days"));
        let (from, to) = (few.iter().map(|made| made.from).min(), few.iter().map(|made| made.to).max());
        let spread = from.zip(to).is_some_and(|(from, to)| days_between(from, to) > limits.number("spread_days"));
        if spread && !limits.falls_short("cluster_share", few.len(), made.len()) {
            let share = format!("{} of {} records for {}", few.len(), made.len(), item.id);
            lapses.extend(lapse(share, if days == 1 { "on one day".to_owned() } else { format!("on {days} days") }, &few));
        }
    }
    lapses
}

/// The records of the (at most) so many days on which most of them were written, and how many days these are.
fn of_fewest_days<'m, 'v>(made: &'m [Made<'v>], days: usize) -> (Vec<&'m Made<'v>>, usize) {
    let mut on: BTreeMap<Date, Vec<&Made<'v>>> = BTreeMap::new();
    made.iter().for_each(|made| on.entry(made.written).or_default().push(made));
    let mut groups: Vec<Vec<&Made<'v>>> = on.into_values().collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.len()));
    groups.truncate(days);
    let n = groups.len();
    (groups.into_iter().flatten().collect(), n)
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
    let mut by_file: BTreeMap<&str, Vec<Entry<'_>>> = BTreeMap::new();
    for entry in view.all(Evidence::KIND).filter(|entry| entry.is("reviewed")) {
        let content = Evidence(entry.content());
        let (requirements, about) = (content.requirements().count(), content.about().count());
        let days = content.covers_from().get().zip(content.covers_to().get()).map_or(0, |(from, to)| Window { from, to }.days());
        let long = days > limits.number("covers_days") && content.files().count() == 1 && !stands_long(entry);
        let mut parts = Vec::new();
        if requirements > limits.count("requirements") {
            parts.push(format!("is shown for {requirements} requirements"));
        }
        if about > limits.count("records") {
            parts.push(format!("is shown for {about} records"));
        }
        if long {
            parts.push(format!("is one file for {days} days"));
        }
        if !parts.is_empty() {
            lapses.push(Lapse::of(entry).value("evidence", entry.label()).value("defect", parts.join(" and ")));
        }
        let digests: BTreeSet<&str> = content.files().map(|file| file.sha256).collect();
        digests.into_iter().for_each(|digest| by_file.entry(digest).or_default().push(entry));
    }
    for entries in by_file.values().filter(|entries| entries.len() >= limits.count("same_file")) {
        let period =
            |entry: &Entry<'_>| (Evidence(entry.content()).covers_from().get(), Evidence(entry.content()).covers_to().get());
        let periods: BTreeSet<_> = entries.iter().map(period).collect();
        if periods.len() >= limits.count("same_file") {
            let defect = format!("is a file that {} records show for {} periods", entries.len(), periods.len());
            lapses.push(Lapse::of(entries[0]).value("evidence", entries[0].label()).value("defect", defect));
        }
    }
    lapses
}

/// Whether evidence is of what rightly holds for years: a licence, a contract or a certificate. No field says so, but what it is about does.
fn stands_long(entry: Entry<'_>) -> bool {
    const KINDS: [&str; 5] = ["supplier", "certificate", "customer-commitment", "certification-body", "dataset"];
    entry.links("about").any(|record| KINDS.contains(&record.kind().name.as_str()))
}
