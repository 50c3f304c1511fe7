//! How the lapses of one rule add up (`terms.yaml`, grade).

use jiff::ToSpan;
use vouch_record::Id;
use vouch_record::kind::generated::audit::{Audit, AuditType};
use vouch_record::kind::generated::finding::{Finding as Raised, FindingGrade};
use vouch_record::kind::generated::shared::RiskTier;

use crate::check::Asks;
use crate::derived;
use crate::framework::ISO42001;
use crate::shape::Lapse;
use crate::view::{Entry, View};

use super::{Grade, ItemRun, RuleRun};

/// The grade of a rule's open lapses together, and why it is heavier than that of one.
pub(super) fn grade(view: &View, run: &ItemRun<'_>, rule: &RuleRun<'_>) -> (Grade, Option<String>) {
    let base = rule.text.grade;
    if base != Grade::Minor || rule.rule.asks != Asks::Each {
        return (base, None);
    }
    let raised =
        by_number(rule.hits()).or_else(|| in_critical_use(view, &run.item.id, rule)).or_else(|| repeated(view, &run.item.id, rule));
    raised.map_or((base, None), |why| (Grade::Major, Some(why)))
}

/// More than half of a population of at least four, all of three, or three or more being one in five of it.
fn by_number((hits, population): (usize, usize)) -> Option<String> {
    let many =
        (population >= 4 && hits * 2 > population) || (population == 3 && hits == 3) || (hits >= 3 && hits * 5 >= population);
    many.then(|| format!("{hits} of {population} fail it"))
}

/// Items without which a system of tier critical must not be used.
fn guards_use(item: &str) -> bool {
    item == "6.1" || ["6.1.", "8.", "A.5.", "A.6.2.", "A.9."].iter().any(|group| item.starts_with(group))
}

fn in_critical_use(view: &View, item: &str, rule: &RuleRun<'_>) -> Option<String> {
    if !guards_use(item) {
        return None;
    }
    let used = |lapse: &Lapse| {
        let system = view.get(lapse.system?)?;
        (lapse.tier == Some(RiskTier::Critical) && derived::ai_system::live(system)).then_some(system)
    };
    let system = rule.open.iter().find_map(|open| used(open.lapse))?;
    Some(format!("{} is of tier critical and in use", system.label()))
}

/// A finding that was verified in the three years before.
struct Verified {
    finding: Id,
    items: Vec<String>,
    systems: Vec<Id>,
}

fn repeated(view: &View, item: &str, rule: &RuleRun<'_>) -> Option<String> {
    let verified = view.keep(None, "verified_findings", || verified_findings(view));
    let repeats = |lapse: &Lapse, before: &Verified| match lapse.system {
        Some(system) => before.systems.contains(&system),
        None => before.systems.is_empty(),
    };
    let on_item = verified.iter().filter(|before| before.items.iter().any(|named| named == item));
    let found = on_item.into_iter().find(|before| rule.open.iter().any(|open| repeats(open.lapse, before)))?;
    Some(format!("it repeats {}, which was verified within three years", found.finding))
}

/// Findings of grade minor or major, of audits that count, verified in the three years before the view's day.
fn verified_findings(view: &View) -> Vec<Verified> {
    let since = view.today().saturating_sub(3.years());
    let counts = |entry: &Entry<'_>| {
        let finding = Raised(entry.content());
        let audit = entry.linked("audit").and_then(|audit| Audit(audit.content()).type_().get());
        entry.is("verified")
            && finding.verified_at().get().is_some_and(|day| since <= day && day <= view.today())
            && finding.grade().get().is_some_and(|grade| matches!(grade, FindingGrade::Major | FindingGrade::Minor))
            && audit.is_some_and(|sort| !matches!(sort, AuditType::Mock | AuditType::Supplier | AuditType::Customer))
    };
    let verified = |entry: Entry<'_>| {
        let finding = Raised(entry.content());
        let items = finding.requirements().filter(|named| named.framework == ISO42001).map(|named| named.item.to_owned()).collect();
        Verified { finding: entry.id(), items, systems: finding.ai_systems().map(|link| link.id).collect() }
    };
    view.all(Raised::KIND).filter(counts).map(verified).collect()
}
