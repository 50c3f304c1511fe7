//! The technical texts about live systems: one for each reader, whole, of the running version, in date, approved by another person.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::ai_system::{AiSystem, AiSystemOfferedTo};
use vouch_record::kind::generated::approval::{ApprovalDecision, ApprovalPurpose};
use vouch_record::kind::generated::customer_commitment::CustomerCommitment;
use vouch_record::kind::generated::interested_party::{InterestedParty, InterestedPartyType};
use vouch_record::kind::generated::obligation::Obligation;
use vouch_record::kind::generated::release::Release;
use vouch_record::kind::generated::role::{Role, RoleKey};
use vouch_record::kind::generated::user_information::{
    UserInformation, UserInformationAudience as Audience, UserInformationCover as Topic, UserInformationPurpose as Purpose,
};
use vouch_record::view::Read;

use crate::check::independence::{authors_then, defect};
use crate::check::information::of;
use crate::check::wording::{called, words};
use crate::derived::user_information::limits_not_told;
use crate::derived::{ai_system, customer_commitment, obligation, release};
use crate::framework::ISO42001;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, Given, View};

/// What each technical text covers.
const TOPICS: [Topic; 7] =
    [Topic::Purpose, Topic::Limits, Topic::Performance, Topic::Data, Topic::Resources, Topic::Updates, Topic::Contact];
/// How long after a release its text may be approved and delivered.
pub(super) const AFTER_DAYS: i64 = 30;
/// How long a text may go without a look.
const LOOK_DAYS: i64 = 365;

/// The approved technical texts about a system.
pub(super) fn technical(system: Entry<'_>) -> impl Iterator<Item = Entry<'_>> {
    of(system).filter(|text| text.is_settled() && is_technical(*text))
}

/// Whether a text is a system card or a technical file.
fn is_technical(text: Entry<'_>) -> bool {
    matches!(UserInformation(text.content()).purpose().get(), Some(Purpose::SystemCard | Purpose::TechnicalFile))
}

/// Every technical text of a live system.
pub(super) fn all(view: &View) -> impl Iterator<Item = Entry<'_>> {
    view.live_systems().flat_map(technical)
}

/// Who has to read about a system, each with those who are to get a text.
pub(super) fn readers(system: Entry<'_>) -> Vec<(Audience, Vec<Id>)> {
    let view = system.view();
    let of_type = |id: Id, of| view.get(id).is_some_and(|party| InterestedParty(party.content()).type_().is(of));
    let offered = AiSystem(system.content()).offered_to().get();
    let promised = system.incoming(CustomerCommitment::KIND, "ai_systems").filter(|one| customer_commitment::in_force(*one));
    let parties = promised.filter_map(|one| CustomerCommitment(one.content()).party().get()).map(|link| link.id);
    let customers: Vec<Id> = parties.filter(|party| of_type(*party, InterestedPartyType::Customer)).collect();
    let partners = system.incoming(InterestedParty::KIND, "ai_systems").filter(Entry::is_live).map(|party| party.id());
    let partners: Vec<Id> = partners.filter(|party| of_type(*party, InterestedPartyType::Partner)).collect();
    let duties = ai_system::duties(system).into_iter().filter_map(|duty| view.get(duty.obligation));
    let duties = duties.filter(|duty| obligation::binds(*duty) && asks_for_a_file(*duty));
    let told = duties.flat_map(|duty| Obligation(duty.content()).recipients()).map(|link| link.id);
    let mut authorities: Vec<Id> = told.filter(|party| of_type(*party, InterestedPartyType::Authority)).collect();
    authorities.sort_unstable();
    authorities.dedup();
    let mut readers = vec![(Audience::Overseer, Vec::new())];
    if offered == Some(AiSystemOfferedTo::Customers) {
        readers.push((Audience::Customer, customers));
    }
    if offered == Some(AiSystemOfferedTo::Partners) {
        readers.push((Audience::Partner, partners));
    }
    if !authorities.is_empty() {
        readers.push((Audience::Authority, authorities));
    }
    readers
}

/// Whether an obligation asks for a technical document: it names the control, or such a text meets it. A duty to report incidents does
/// not.
fn asks_for_a_file(duty: Entry<'_>) -> bool {
    let named = Obligation(duty.content()).requirements().any(|named| named.framework == ISO42001 && named.item == "A.6.2.7");
    named || duty.links("met_by").any(|text| text.kind().name == UserInformation::KIND && is_technical(text))
}

/// Whether a text is for this reader.
pub(super) fn is_for(text: Entry<'_>, audience: Audience) -> bool {
    UserInformation(text.content()).audience().is(audience)
}

/// A.6.2.7-D1
pub(super) fn each_audience_has_one(view: &View) -> Verdicts {
    each(view.live_systems(), |system| {
        Judgement::needing(system, &["offered_to"], || {
            let texts: Vec<Entry<'_>> = technical(system).collect();
            let open = readers(system).into_iter().filter(|(audience, _)| !texts.iter().any(|text| is_for(*text, *audience)));
            let lapses: Vec<Lapse> = open.map(|(audience, _)| Lapse::of(system).value("audience", words(audience.id()))).collect();
            if lapses.is_empty() {
                Judgement::Shown(texts.iter().map(Entry::subject).collect())
            } else {
                Judgement::FailAll(lapses)
            }
        })
    })
}

/// A.6.2.7-D2
pub(super) fn topics_are_covered(view: &View) -> Verdicts {
    each(all(view), |text| {
        Judgement::needing(text, &["covers"], || {
            let covers = UserInformation(text.content()).covers();
            let open: Vec<String> =
                TOPICS.into_iter().filter(|topic| !covers.clone().has(*topic)).map(|topic| words(topic.id())).collect();
            Judgement::when(open.is_empty(), || lapse(text).value("topic", open.join(", ")))
        })
    })
}

/// A lapse of a text, which sentences call `{text}`.
pub(super) fn lapse(text: Entry<'_>) -> Lapse {
    Lapse::of(text).value("text", text.label())
}

/// A.6.2.7-O1
pub(super) fn running_version_is_described(view: &View) -> Verdicts {
    each(all(view), |text| {
        Judgement::needing(text, &["system_version"], || {
            let running = text.linked("ai_system").and_then(ai_system::running_release);
            let Some((release, on)) = running.and_then(|release| Some((release, went_live(release)?))) else {
                return Judgement::Skip("no release runs; see A.6.2.5-D3".to_owned());
            };
            let version = Release(release.content()).version().get().unwrap_or("none");
            let documented = UserInformation(text.content()).system_version().get().unwrap_or("no version");
            let due = on.saturating_add(AFTER_DAYS.days());
            let first = approved_with(text, version);
            let described = match (documented == version, first) {
                (true, Some(first)) if first <= due || release::before_first_scope(release) => return Judgement::Pass,
                (true, Some(first)) => format!("{documented} only since {first}"),
                (true, None) => format!("{documented} without an approval"),
                (false, _) => documented.to_owned(),
            };
            if view.today() <= due {
                return Judgement::Skip(format!("in time until {due}"));
            }
            Judgement::Fail(lapse(text).value("documented_version", described).value("running_version", version).value("date", on))
        })
    })
}

/// The day on which a release went live.
pub(super) fn went_live(release: Entry<'_>) -> Option<Date> {
    Release(release.content()).deployed_at().get().map(|at| release.view().day(at))
}

/// The day on which a revision of a text that speaks of this version was first approved.
fn approved_with(text: Entry<'_>, version: &str) -> Option<Date> {
    let speaks = |given: &Given<'_>| {
        let leaf = text.revisions().find(|leaf| leaf.revision == given.revision());
        leaf.and_then(|leaf| leaf.body.get("system_version")).and_then(<&str>::read) == Some(version)
    };
    approvals(text).into_iter().filter(speaks).map(|given| given.on()).min()
}

/// The approvals of a text, of whatever revision.
fn approvals(text: Entry<'_>) -> Vec<Given<'_>> {
    let approves = |given: &Given<'_>| {
        given.approval.purpose().is(ApprovalPurpose::Approve) && given.approval.decision().is(ApprovalDecision::Approved)
    };
    text.given().into_iter().filter(approves).collect()
}

/// A.6.2.7-O2
pub(super) fn looked_at_each_year(view: &View) -> Verdicts {
    each(all(view), |text| {
        Judgement::needing(text, &["review_by"], || {
            let late = UserInformation(text.content()).review_by().get().filter(|by| *by < view.today());
            if let Some(by) = late {
                return Judgement::Fail(lapse(text).value("defect", format!("should have been reviewed on {by}")));
            }
            let last = text.last_given(&[ApprovalPurpose::Approve, ApprovalPurpose::Review]);
            let Some(given) = last else { return Judgement::Fail(lapse(text).value("defect", "was never approved")) };
            if given.on() < view.today().saturating_sub(LOOK_DAYS.days()) {
                return Judgement::Fail(lapse(text).value("defect", format!("was last looked at on {}", given.on())));
            }
            Judgement::Shown(vec![text.subject(), given.entry.subject()])
        })
    })
}

/// A.6.2.7-P1
pub(super) fn limits_are_told(view: &View) -> Verdicts {
    each(all(view), |text| {
        let untold = limits_not_told(text).into_iter().filter_map(|id| view.get(id));
        Judgement::of(
            untold
                .map(|found| {
                    let since = found.entered("reviewed").or_else(|| found.entered("approved"));
                    let since = since.map_or_else(|| "no known day".to_owned(), |on| on.to_string());
                    lapse(text).value("limit", format!("what {} found", found.label())).value("date", since)
                })
                .collect(),
        )
    })
}

/// A.6.2.7-P2
pub(super) fn approved_by_another(view: &View) -> Verdicts {
    each(all(view), |text| {
        let given = text.approvals(ApprovalPurpose::Approve);
        let mut wrong = "has no approval that stands".to_owned();
        let mut shown = None;
        for approval in &given {
            let authors = authors_then(text, approval);
            match defect(approval, &[(authors.as_slice(), "wrote it")]) {
                None => shown = Some(approval.entry.subject()),
                Some(why) => wrong = format!("was approved by {}, who {why}", called(view, approval.by())),
            }
        }
        let Some(approval) = shown else { return Judgement::Fail(lapse(text).value("defect", wrong)) };
        let legal = text.approvals(ApprovalPurpose::Review).iter().chain(&given).any(in_legal_capacity);
        if is_for(text, Audience::Authority) && !legal {
            return Judgement::Fail(lapse(text).value("defect", "was approved by nobody in a legal capacity"));
        }
        Judgement::Shown(vec![text.subject(), approval])
    })
}

/// Whether an approval was given in a role for legal questions.
fn in_legal_capacity(given: &Given<'_>) -> bool {
    let role = given.entry.linked("capacity");
    role.is_some_and(|role| Role(role.content()).key().is(RoleKey::Legal))
}
