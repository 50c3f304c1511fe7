//! What freezing a statement of applicability would write today.

use std::collections::{BTreeMap, BTreeSet};

use vouch_record::kind::generated::control_applicability::ControlApplicability;
use vouch_record::kind::generated::risk::Risk;
use vouch_record::kind::generated::risk_method::RiskMethod;
use vouch_record::kind::generated::shared::{ControlDecision, ControlOrigin, RiskTier, Stage};
use vouch_record::kind::generated::statement_of_applicability::StatementOfApplicability;
use vouch_record::kind::generated::treatment::Treatment;
use vouch_record::view::RequirementLink;
use vouch_record::{Id, Value};

use super::{applicability, controls, said};
use crate::derived::ai_system;
use crate::derived::control_applicability::{Implementation, implementation};
use crate::framework::ISO42001;
use crate::view::{Entry, View};

/// The applicabilities that count: neither set aside nor replaced.
fn applicabilities(view: &View) -> impl Iterator<Item = Entry<'_>> {
    view.all(ControlApplicability::KIND).filter(|entry| !entry.is("replaced"))
}

/// Each control of Annex A, and each control of another framework or own one, has exactly one applicability, in state approved.
#[must_use]
pub fn freezable(view: &View) -> bool {
    let mut of_control: BTreeMap<String, Vec<bool>> = BTreeMap::new();
    for entry in applicabilities(view) {
        let key = ControlApplicability(entry.content()).control().get().map_or_else(|| entry.id().to_string(), named);
        of_control.entry(key).or_default().push(entry.is("approved"));
    }
    let annex = controls(view).map(|control| named(RequirementLink { framework: ISO42001, item: control }));
    annex.into_iter().all(|control| of_control.contains_key(&control)) && of_control.values().all(|approved| approved == &[true])
}

fn named(control: RequirementLink<'_>) -> String {
    format!("{}:{}", control.framework, control.item)
}

/// Why a control applies or does not, in one text.
pub(super) fn reason(content: ControlApplicability<'_>) -> String {
    if content.decision().is(ControlDecision::Excluded) {
        return content.exclusion_reason().get().unwrap_or_default().to_owned();
    }
    content.reasons().filter_map(|row| row.why()).collect::<Vec<_>>().join("; ")
}

/// A row as freezing would write it.
#[derive(Clone, Debug, PartialEq)]
pub struct FrozenRow {
    /// the control, `iso42001:A.5.2`
    pub control: String,
    /// its applicability
    pub applicability: Id,
    /// revision of the applicability
    pub revision: u32,
    /// where the control comes from
    pub origin: Option<ControlOrigin>,
    /// applied or excluded
    pub decision: Option<ControlDecision>,
    /// why
    pub reason: String,
    /// records that carry it out, or on which the exclusion rests
    pub records: Vec<Id>,
    /// who answers for it
    pub owner: Option<Id>,
    /// how far it is carried out
    pub implementation: Implementation,
    /// systems it holds for
    pub systems_n: usize,
}

impl FrozenRow {
    /// The stored form.
    #[must_use]
    pub fn to_row(self) -> Value {
        row! {
            control: self.control,
            applicability: self.applicability,
            revision: self.revision,
            origin: self.origin.map(ControlOrigin::id),
            decision: self.decision.map(ControlDecision::id),
            reason: self.reason,
            records: self.records,
            owner: self.owner,
            implementation: self.implementation.id(),
            systems_n: self.systems_n,
        }
    }
}

/// Rows as freezing would write them: one per applicability in state approved, in the order of the standard, then by name. Nothing
/// while rules of a control are being judged.
#[must_use]
pub fn rows_now(view: &View) -> Option<Vec<FrozenRow>> {
    let rows: Option<Vec<FrozenRow>> = applicabilities(view).filter(|entry| entry.is("approved")).map(row).collect();
    let mut rows = rows?;
    let place = |row: &FrozenRow| view.frameworks().place(row.control.strip_prefix("iso42001:").unwrap_or_default());
    rows.sort_by(|a, b| (place(a), &a.control).cmp(&(place(b), &b.control)));
    Some(rows)
}

fn row(entry: Entry<'_>) -> Option<FrozenRow> {
    let content = ControlApplicability(entry.content());
    let excluded = content.decision().is(ControlDecision::Excluded);
    let links = if excluded { content.exclusion_basis() } else { content.carried_by() };
    let left_out: BTreeSet<Id> = content.not_for().filter_map(|row| row.ai_system()).map(|link| link.id).collect();
    let of_systems: BTreeSet<Id> = content.ai_systems().map(|link| link.id).collect();
    let holds =
        |system: &Entry<'_>| (of_systems.is_empty() || of_systems.contains(&system.id())) && !left_out.contains(&system.id());
    Some(FrozenRow {
        control: content.control().get().map_or_else(|| entry.label(), named),
        applicability: entry.id(),
        revision: entry.revision(),
        origin: content.origin().get(),
        decision: content.decision().get(),
        reason: reason(content),
        records: links.map(|link| link.id).collect(),
        owner: content.owner().get().map(|link| link.id),
        implementation: implementation(entry)?,
        systems_n: if excluded { 0 } else { entry.view().systems().filter(holds).count() },
    })
}

/// A system as freezing would write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrozenSystem {
    /// the system
    pub ai_system: Id,
    /// its revision
    pub revision: u32,
    /// its tier
    pub tier: Option<RiskTier>,
    /// its stage
    pub stage: Stage,
}

/// AI systems in scope today, with revision, tier and stage.
#[must_use]
pub fn systems_now(view: &View) -> Vec<FrozenSystem> {
    let row = |entry: Entry<'_>| FrozenSystem {
        ai_system: entry.id(),
        revision: entry.revision(),
        tier: ai_system::tier(entry),
        stage: ai_system::stage(entry),
    };
    view.systems().map(row).collect()
}

/// The risk method in force, and those that the risks behind the decisions were scored with: risks named in reasons, and risks of
/// treatments that name the control.
#[must_use]
pub fn methods_now(view: &View) -> BTreeSet<Id> {
    let mut methods: BTreeSet<Id> = view.risk_method().map(|method| method.id()).into_iter().collect();
    for entry in applicabilities(view) {
        let named =
            ControlApplicability(entry.content()).reasons().filter_map(|row| row.record()).filter_map(|link| view.get(link.id));
        let treated = entry
            .incoming(Treatment::KIND, "controls")
            .filter(|treatment| !treatment.is("cancelled"))
            .flat_map(|treatment| treatment.links("risks"));
        let risks = named.filter(|record| record.kind().name == Risk::KIND).chain(treated);
        methods.extend(
            risks
                .filter_map(|risk| risk.linked("method"))
                .filter(|method| method.kind().name == RiskMethod::KIND)
                .map(|method| method.id()),
        );
    }
    methods
}

/// A row that reads differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// the control
    pub control: String,
    /// how it read
    pub before: String,
    /// how it reads
    pub now: String,
    /// the record that changed
    pub because: Option<Id>,
}

/// `rows_now` beside rows of `replaces`, as a list of what differs, with the record that changed; empty for a first version.
/// Nothing while rules of a control are being judged.
#[must_use]
pub fn differences_now(entry: Entry<'_>) -> Option<Vec<Difference>> {
    let Some(before) = entry.linked("replaces") else { return Some(Vec::new()) };
    let full = |decision: Option<&str>, reason: Option<&str>, implementation: Option<&str>| {
        let carried = implementation.map(|of| format!(" ({of})")).unwrap_or_default();
        format!("{}{carried}", said(decision, reason))
    };
    let mut old: BTreeMap<String, (String, Option<Id>)> = BTreeMap::new();
    for row in StatementOfApplicability(before.content()).rows() {
        let Some(control) = row.control() else { continue };
        let text = full(row.decision().map(ControlDecision::id), row.reason(), row.implementation().map(|of| of.id()));
        old.insert(named(control), (text, applicability(before, row).map(|found| found.id())));
    }
    let mut found = Vec::new();
    for row in rows_now(entry.view())? {
        let now = full(row.decision.map(ControlDecision::id), Some(&row.reason), Some(row.implementation.id()));
        let before = old.remove(&row.control).map(|(text, _)| text).unwrap_or_default();
        if now != before {
            found.push(Difference { control: row.control, before, now, because: Some(row.applicability) });
        }
    }
    found.extend(old.into_iter().map(|(control, (before, because))| Difference { control, before, now: String::new(), because }));
    Some(found)
}
