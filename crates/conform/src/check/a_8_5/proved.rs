//! Receipts, texts to authorities, and who judged what does not apply.

use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::approval::ApprovalPurpose;
use vouch_record::kind::generated::evidence::Evidence;
use vouch_record::kind::generated::obligation::{Obligation, ObligationApplies};
use vouch_record::kind::generated::user_information::{UserInformation, UserInformationAudience, UserInformationDeliveredRow};

use crate::check::capacity::acted_as;
use crate::check::independence::defect;
use crate::check::wording::called;
use crate::derived::ai_system::tier;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// The texts delivered in the window, each with those rows.
fn delivered(view: &View) -> Vec<(Entry<'_>, Vec<(Date, UserInformationDeliveredRow<'_>)>)> {
    let Some(window) = view.window() else { return Vec::new() };
    let mut found = Vec::new();
    for text in view.all(UserInformation::KIND) {
        let rows = UserInformation(text.content()).delivered().filter_map(|row| Some((row.at()?, row)));
        let of_window: Vec<_> = rows.filter(|(at, _)| window.has(*at)).collect();
        if !of_window.is_empty() {
            found.push((text, of_window));
        }
    }
    found
}

/// A.8.5-P1
pub(super) fn deliveries_have_a_receipt(view: &View) -> Verdicts {
    let mut verdicts = Verdicts::default();
    for (text, rows) in delivered(view) {
        let due = UserInformation(text.content()).due_on().get();
        let proved = |row: &UserInformationDeliveredRow<'_>| {
            let receipt = row.receipt().and_then(|link| view.get(link.id)).filter(|receipt| receipt.is("reviewed"));
            let on = receipt.and_then(|receipt| Evidence(receipt.content()).covers_to().get());
            on.is_some_and(|on| due.is_none_or(|due| on <= due))
        };
        let open = rows.iter().filter(|(_, row)| !proved(row)).map(|(_, row)| {
            let party = called(view, row.to().map(|link| link.id));
            Lapse::of(text).value("recipient", party).value("information", text.label())
        });
        verdicts.note(text, Judgement::of(open.collect()));
    }
    verdicts
}

/// A.8.5-P2
pub(super) fn authorities_get_the_approved_text(view: &View) -> Verdicts {
    let mut verdicts = Verdicts::default();
    for (text, rows) in delivered(view) {
        let content = UserInformation(text.content());
        if !content.audience().is(UserInformationAudience::Authority) {
            continue;
        }
        let party = called(view, rows.first().and_then(|(_, row)| row.to()).map(|link| link.id));
        let authors = text.authors();
        let others: [(&[Id], &str); 1] = [(&authors, "wrote it")];
        let legal = text.approvals(ApprovalPurpose::Approve).into_iter().find(|given| acted_as(given, "legal"));
        let wrong = match legal {
            None => Some("nobody approved it in a legal capacity".to_owned()),
            Some(given) => defect(&given, &others).map(|why| format!("{} approved it, who {why}", called(view, given.by()))),
        };
        let wrong = wrong.or_else(|| {
            let sent = rows.iter().filter_map(|(_, row)| row.receipt()).filter_map(|link| view.get(link.id));
            let other = sent.into_iter().find(|receipt| holds_other_bytes(text, *receipt));
            other.map(|receipt| format!("{} holds other files", receipt.label()))
        });
        verdicts.note(
            text,
            match wrong {
                None => Judgement::Pass,
                Some(why) => Judgement::Fail(Lapse::of(text).value("recipient", party).value("defect", why)),
            },
        );
    }
    verdicts
}

/// Whether text and receipt both hold files, and none of the same bytes.
fn holds_other_bytes(text: Entry<'_>, receipt: Entry<'_>) -> bool {
    let (approved, sent) = (digests(text), digests(receipt));
    !approved.is_empty() && !sent.is_empty() && !sent.iter().any(|digest| approved.contains(digest))
}

/// The digests of the files of a record.
fn digests(entry: Entry<'_>) -> Vec<&str> {
    let files = entry.value("files").get().map_or(&[][..], vouch_record::Value::items);
    files.iter().filter_map(|file| file.get("sha256")?.as_text()).collect()
}

/// A.8.5-P3
pub(super) fn others_judged_what_does_not_apply(view: &View) -> Verdicts {
    let live: Vec<Entry<'_>> = view.live_systems().collect();
    let doubtful = view.all(Obligation::KIND).filter(|duty| {
        let applies = Obligation(duty.content()).applies().get();
        duty.is("confirmed") && matches!(applies, Some(ObligationApplies::No | ObligationApplies::Unclear))
    });
    each(doubtful, |duty| {
        Judgement::needing(duty, &["judged_by", "ai_systems", "ai_roles", "risk_tiers"], || {
            let content = Obligation(duty.content());
            let touched: Vec<Entry<'_>> = live.iter().copied().filter(|system| touches(duty, *system)).collect();
            let Some(first) = touched.first() else { return Judgement::Skip("it touches no system in use".to_owned()) };
            let owners: Vec<Id> =
                touched.iter().filter_map(|system| AiSystem(system.content()).owner().get().map(|link| link.id)).collect();
            let given = duty.approved(ApprovalPurpose::Approve);
            let by = given.and_then(|given| given.by()).or_else(|| content.owner().get().map(|link| link.id));
            let independent = given.is_some_and(|given| defect(&given, &[(&owners, "owns such a system")]).is_none());
            Judgement::when(content.judged_by().is_filled() && independent, || {
                Lapse::of(duty).in_system(*first).value("person", called(view, by))
            })
        })
    })
}

/// Whether a duty would touch a system: named, or of one of its roles and tiers.
fn touches(duty: Entry<'_>, system: Entry<'_>) -> bool {
    let (content, of) = (Obligation(duty.content()), AiSystem(system.content()));
    if content.ai_systems().next().is_some() {
        return content.ai_systems().any(|link| link.id == system.id());
    }
    let role = content.ai_roles().next().is_none() || of.ai_roles().any(|role| content.ai_roles().has(role));
    role && (content.risk_tiers().next().is_none() || tier(system).is_some_and(|tier| content.risk_tiers().has(tier)))
}
