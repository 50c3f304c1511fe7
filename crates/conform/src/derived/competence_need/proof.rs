//! What shows a competence, and who lacks it.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::competence_need::{CompetenceNeed, CompetenceNeedAcceptedProofRow};
use vouch_record::kind::generated::evidence::Evidence;
use vouch_record::kind::generated::shared::CompetenceBasis;
use vouch_record::kind::generated::training_record::TrainingRecord;
use vouch_record::time::after;

use super::holders;
use crate::derived::{evidence, is_true};
use crate::view::Entry;

/// Something in date that shows a competence of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proof {
    /// training record
    pub record: Id,
    /// what sort of proof it is
    pub basis: CompetenceBasis,
    /// last day it counts; none where nothing ends it
    pub until: Option<Date>,
}

/// Confirmed training records of the person for the need, of an accepted basis (and course, where one is named) and in date.
#[must_use]
pub fn proofs(entry: Entry<'_>, person: Id) -> Vec<Proof> {
    let all: &BTreeMap<Id, Vec<Proof>> = entry.view().keep(Some(entry.id()), "competence-need.met_by", || {
        let mut all: BTreeMap<Id, Vec<Proof>> = BTreeMap::new();
        for record in entry.incoming(TrainingRecord::KIND, "needs") {
            let whom = TrainingRecord(record.content()).person().get().map(|link| link.id);
            if let Some((whom, proof)) = whom.zip(proof(entry, record)) {
                all.entry(whom).or_default().push(proof);
            }
        }
        all
    });
    all.get(&person).cloned().unwrap_or_default()
}

fn proof(entry: Entry<'_>, record: Entry<'_>) -> Option<Proof> {
    let content = TrainingRecord(record.content());
    let basis = content.basis().get()?;
    let accepted = CompetenceNeed(entry.content()).accepted_proof().find(|row| accepts(*row, content, basis))?;
    let by_need = accepted.valid_for().zip(content.to().get()).map(|(valid, to)| after(to, &valid));
    let until = [content.valid_until().get(), by_need].into_iter().flatten().min();
    let in_date = until.is_none_or(|until| until >= entry.view().today());
    (is_true(record, "in_date") && in_date).then_some(Proof { record: record.id(), basis, until })
}

fn accepts(row: CompetenceNeedAcceptedProofRow<'_>, record: TrainingRecord<'_>, basis: CompetenceBasis) -> bool {
    let course = row.course().map(|link| link.id);
    row.basis() == Some(basis) && course.is_none_or(|course| record.course().get().is_some_and(|taken| taken.id == course))
}

/// Whether proofs of at least `least_proofs` different bases are there (one where the need says nothing), or reviewed evidence in date
/// that is about the person and the need.
#[must_use]
pub fn is_met(entry: Entry<'_>, person: Id) -> bool {
    bases(entry, person) >= least(entry) || shown_by_evidence(entry, person)
}

fn least(entry: Entry<'_>) -> usize {
    CompetenceNeed(entry.content()).least_proofs().get().and_then(|least| usize::try_from(least).ok()).unwrap_or(1).max(1)
}

fn bases(entry: Entry<'_>, person: Id) -> usize {
    let mut bases: Vec<CompetenceBasis> = proofs(entry, person).into_iter().map(|proof| proof.basis).collect();
    bases.sort_unstable();
    bases.dedup();
    bases.len()
}

fn shown_by_evidence(entry: Entry<'_>, person: Id) -> bool {
    let shown = entry.incoming(Evidence::KIND, "about").filter(|one| one.is("reviewed") && evidence::in_date(*one));
    shown.into_iter().any(|one| one.names(person, "about"))
}

/// A person who needs a competence and does not show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// the person
    pub person: Id,
    /// since when it is needed
    pub since: Date,
    /// what is missing
    pub missing: String,
    /// whether a training record for it is assigned or done
    pub planned: bool,
}

/// Holders whose time to show it has passed (since plus within; its last day counts) and who are not met.
#[must_use]
pub fn gaps(entry: Entry<'_>) -> Vec<Gap> {
    let within = CompetenceNeed(entry.content()).within().get().unwrap_or_default();
    let late =
        holders(entry).iter().filter(|holder| after(holder.since, &within) < entry.view().today() && !is_met(entry, holder.person));
    late.map(|holder| {
        let missing = least(entry) - bases(entry, holder.person);
        let missing = format!("{missing} of {} proofs", least(entry));
        Gap { person: holder.person, since: holder.since, missing, planned: is_planned(entry, holder.person) }
    })
    .collect()
}

fn is_planned(entry: Entry<'_>, person: Id) -> bool {
    let open = entry.incoming(TrainingRecord::KIND, "needs").filter(|record| record.is_any(&["assigned", "done"]));
    open.into_iter().any(|record| TrainingRecord(record.content()).person().get().is_some_and(|link| link.id == person))
}

/// Holders who are met today and will not be in ninety days, if nothing comes.
#[must_use]
pub fn runs_out(entry: Entry<'_>) -> Vec<Id> {
    let then = entry.view().today().saturating_add(90.days());
    let lasting = |person: Id| {
        let mut bases: Vec<CompetenceBasis> = proofs(entry, person)
            .into_iter()
            .filter(|proof| proof.until.is_none_or(|until| until > then))
            .map(|proof| proof.basis)
            .collect();
        bases.sort_unstable();
        bases.dedup();
        bases.len()
    };
    let met = holders(entry).iter().map(|holder| holder.person).filter(|person| bases(entry, *person) >= least(entry));
    met.filter(|person| lasting(*person) < least(entry)).collect()
}
