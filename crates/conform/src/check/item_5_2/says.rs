//! What the AI policy says, what rests on it, and who can read it.

use vouch_record::kind::generated::document::{Document, DocumentCommitment};
use vouch_record::kind::generated::interested_party::{InterestedParty, InterestedPartyType};
use vouch_record::kind::generated::objective::Objective;

use crate::check::wording::words;
use crate::derived;
use crate::shape::{Judgement, Lapse, Verdicts, at_least_one, each};
use crate::view::{Entry, Subject, View};

/// What every AI policy commits to.
const COMMITMENTS: [DocumentCommitment; 4] = [
    DocumentCommitment::Requirements,
    DocumentCommitment::Improvement,
    DocumentCommitment::Purpose,
    DocumentCommitment::Objectives,
];
/// Parties outside who must be able to get it.
const READERS: [InterestedPartyType; 3] =
    [InterestedPartyType::Customer, InterestedPartyType::Supplier, InterestedPartyType::AffectedPerson];

/// 5.2-D2
pub(super) fn commits(view: &View) -> Verdicts {
    each(view.policy(), |policy| {
        Judgement::needing(policy, &["commitments"], || {
            let missing: Vec<String> = COMMITMENTS
                .into_iter()
                .filter(|wanted| !Document(policy.content()).commitments().has(*wanted))
                .map(|wanted| words(wanted.id()))
                .collect();
            Judgement::when(missing.is_empty(), || Lapse::of(policy).value("missing", missing.join(", ")))
        })
    })
}

/// 5.2-D3
pub(super) fn carries_an_objective(view: &View) -> Verdicts {
    let Some(policy) = view.policy() else { return Verdicts::holds() };
    let named = Document(policy.content()).rules().filter_map(|row| view.get(row.objective()?.id));
    let mut objectives: Vec<Entry<'_>> =
        policy.incoming(Objective::KIND, "policy").chain(named).filter(|objective| derived::in_force(*objective)).collect();
    objectives.sort_unstable_by_key(Entry::id);
    objectives.dedup_by_key(|objective| objective.id());
    at_least_one(objectives, || Lapse::of(policy))
}

/// 5.2-D4
pub(super) fn names_others_and_readers(view: &View) -> Verdicts {
    each(view.policy(), |policy| {
        Judgement::needing(policy, &["related", "public_url", "not_public_because"], || {
            let content = Document(policy.content());
            let related = content.related().next().is_some();
            let readers = content.public_url().is_filled() || content.not_public_because().is_filled();
            let wanted = [(related, "names no other policy that it touches"), (readers, "is not public and does not say why")];
            let missing: Vec<&str> = wanted.into_iter().filter(|(there, _)| !there).map(|(_, what)| what).collect();
            Judgement::when(missing.is_empty(), || Lapse::of(policy).value("missing", missing.join(" and ")))
        })
    })
}

/// 5.2-O3
pub(super) fn parties_can_get_it(view: &View) -> Verdicts {
    let Some(policy) = view.policy() else { return Verdicts::holds() };
    let content = Document(policy.content());
    if let Some(field) =
        ["public_url", "distribution", "not_public_because"].into_iter().find(|field| policy.value(field).is_erased())
    {
        return each([policy], |_| Judgement::Undecided(format!("`{field}` was erased")));
    }
    let open = content.public_url().is_filled() || content.not_public_because().is_filled();
    let reached: Vec<InterestedPartyType> = content.distribution().filter_map(|row| type_of(view.get(row.party()?.id)?)).collect();
    let mut verdicts = Verdicts::default();
    let mut things = 0;
    for reader in READERS {
        let parties: Vec<Subject> =
            assessed(view).filter(|party| type_of(*party) == Some(reader)).map(|party| party.subject()).collect();
        if parties.is_empty() {
            continue;
        }
        things += 1;
        if open || reached.contains(&reader) {
            verdicts.passed.extend(parties);
        } else {
            verdicts.failed.push(Lapse::of(policy).value("type", words(reader.id())));
        }
    }
    verdicts.among(things)
}

fn assessed(view: &View) -> impl Iterator<Item = Entry<'_>> {
    view.all(InterestedParty::KIND).filter(|party| party.is("assessed"))
}

fn type_of(party: Entry<'_>) -> Option<InterestedPartyType> {
    if party.kind().name == InterestedParty::KIND { InterestedParty(party.content()).type_().get() } else { None }
}
