//! Whether technical texts reached those who are to have them.

use jiff::ToSpan;
use vouch_record::kind::generated::user_information::UserInformation;

use super::texts::{AFTER_DAYS, all, is_for, lapse, readers, technical, went_live};
use crate::check::wording::called;
use crate::derived::ai_system;
use crate::derived::user_information::version_gap;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// A.6.2.7-O3
pub(super) fn recipients_have_it(view: &View) -> Verdicts {
    each(view.live_systems(), |system| {
        let running = ai_system::running_release(system).and_then(|release| Some((release, went_live(release)?)));
        let Some((release, on)) = running else {
            return Judgement::Skip("no release runs; see A.6.2.5-D3".to_owned());
        };
        let due = on.saturating_add(AFTER_DAYS.days());
        let current: Vec<Entry<'_>> = technical(system).filter(|text| !version_gap(*text)).collect();
        if let Some(text) = current.iter().find(|text| text.value("delivered").is_erased()) {
            return Judgement::Undecided(format!("`delivered` of {} was erased", text.id()));
        }
        let mut shown = Vec::new();
        let mut lapses: Vec<Lapse> = Vec::new();
        for (audience, recipients) in readers(system) {
            let texts: Vec<Entry<'_>> = current.iter().copied().filter(|text| is_for(*text, audience)).collect();
            let Some(first) = texts.first() else { continue };
            for recipient in recipients {
                let has = |text: &&Entry<'_>| {
                    let mut rows = UserInformation(text.content()).delivered();
                    rows.any(|row| row.to().is_some_and(|to| to.id == recipient) && row.at().is_some_and(|at| at <= due))
                };
                match texts.iter().find(has) {
                    Some(text) => shown.push(text.subject()),
                    None => lapses.push(
                        Lapse::of(*first).value("recipient", called(view, Some(recipient))).value("release", release.label()),
                    ),
                }
            }
        }
        match (lapses.is_empty(), shown.is_empty()) {
            (false, _) if view.today() <= due => Judgement::Skip(format!("in time until {due}")),
            (false, _) => Judgement::FailAll(lapses),
            (true, true) => Judgement::Skip("nobody outside is to have one".to_owned()),
            (true, false) => Judgement::Shown(shown),
        }
    })
}

/// A.6.2.7-P3
pub(super) fn receipts_are_kept(view: &View) -> Verdicts {
    let Some(year) = view.back(&12.months()) else { return Verdicts::holds() };
    each(all(view), |text| {
        Judgement::needing(text, &["delivered"], || {
            let rows = UserInformation(text.content()).delivered().filter(|row| row.at().is_some_and(|at| year.has(at)));
            let mut shown = Vec::new();
            let mut lapses: Vec<Lapse> = Vec::new();
            for row in rows {
                match row.receipt().and_then(|link| view.get(link.id)).filter(|receipt| receipt.is("reviewed")) {
                    Some(receipt) => shown.push(receipt.subject()),
                    None => lapses.push(lapse(text).value("recipient", called(view, row.to().map(|to| to.id)))),
                }
            }
            match (lapses.is_empty(), shown.is_empty()) {
                (false, _) => Judgement::FailAll(lapses),
                (true, true) => Judgement::Skip("it was delivered to nobody in the last twelve months".to_owned()),
                (true, false) => Judgement::Shown(shown),
            }
        })
    })
}
