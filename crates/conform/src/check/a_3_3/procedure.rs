//! The procedure for concerns, its address, and who answers.

use vouch_record::Id;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::document::Document;
use vouch_record::kind::generated::organisation::Organisation;
use vouch_record::kind::generated::role::{Role, RoleActivityActivity, RoleActivityPart, RoleHolderCapacity};

use crate::check::specified::holds;
use crate::check::wording::called;
use crate::derived::document::template_gap;
use crate::derived::role::holding;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// The procedures in force that say how a concern is raised.
pub(super) fn procedures(view: &View) -> impl Iterator<Item = Entry<'_>> {
    view.procedures("T-CONCERNS", "A.3.3")
}

/// A.3.3-D1
pub(super) fn says_how(view: &View) -> Verdicts {
    let mut missing = "how to raise one".to_owned();
    let mut verdicts = Verdicts::default();
    for procedure in procedures(view) {
        let gap = template_gap(procedure);
        let known = Document(procedure.content()).acknowledged_by_all().is(true);
        match (gap.is_empty(), known) {
            (true, true) => verdicts.passed.push(procedure.subject()),
            (true, false) => missing = "that everybody confirms it".to_owned(),
            (false, _) => missing = gap.join(", "),
        }
    }
    if verdicts.passed.is_empty() {
        verdicts.failed.push(Lapse::of_organisation().value("missing", missing));
    }
    verdicts
}

/// A.3.3-D2
pub(super) fn names_the_address(view: &View) -> Verdicts {
    let Some(organisation) = view.organisation() else { return Verdicts::holds() };
    each([organisation], |organisation| {
        Judgement::needing(organisation, &["concern_channel"], || {
            let Some(address) = Organisation(organisation.content()).concern_channel().get() else {
                return Judgement::Fail(Lapse::of(organisation));
            };
            let mut unread = false;
            for procedure in procedures(view) {
                match Document(procedure.content()).body().get() {
                    Some(text) if holds(text, address) => {
                        return Judgement::Shown(vec![organisation.subject(), procedure.subject()]);
                    }
                    Some(_) => {}
                    None => unread = true,
                }
            }
            if unread {
                return Judgement::Undecided("the text of the procedure is kept as a file, or was erased".to_owned());
            }
            Judgement::Fail(Lapse::of(organisation))
        })
    })
}

/// A.3.3-D3
pub(super) fn somebody_without_a_stake_answers(view: &View) -> Verdicts {
    let live: Vec<Entry<'_>> = view.live_systems().collect();
    let stake = |person: &Id| {
        let owns = |system: &&Entry<'_>| {
            let content = AiSystem(system.content());
            [content.owner(), content.technical_owner()]
                .into_iter()
                .filter_map(vouch_record::Field::get)
                .any(|link| link.id == *person)
        };
        live.iter().filter(owns).count() * 2 > live.len()
    };
    let mut defect = "no approved role answers for concerns".to_owned();
    let mut verdicts = Verdicts::default();
    for role in view.all(Role::KIND).filter(|role| role.is("approved") && answers_for_concerns(*role)) {
        let of = |deputy: bool| -> Vec<Id> {
            let rows = holding(role).filter(|row| (row.capacity() == Some(RoleHolderCapacity::Deputy)) == deputy);
            rows.filter_map(|row| row.person()).map(|link| link.id).collect()
        };
        let (holders, deputies) = (of(false), of(true));
        let interested = holders.iter().chain(&deputies).find(|person| stake(person));
        match (holders.is_empty(), deputies.is_empty(), interested) {
            (false, false, None) => verdicts.passed.push(role.subject()),
            (true, ..) => defect = format!("{} has no holder today", role.label()),
            (_, true, _) => defect = format!("{} has no deputy today", role.label()),
            (.., Some(person)) => {
                defect = format!("they go to {}, who owns the systems they are about", called(view, Some(*person)));
            }
        }
    }
    if verdicts.passed.is_empty() {
        verdicts.failed.push(Lapse::of_organisation().value("defect", defect));
    }
    verdicts
}

fn answers_for_concerns(role: Entry<'_>) -> bool {
    Role(role.content())
        .activities()
        .any(|row| row.activity() == Some(RoleActivityActivity::Concerns) && row.part() == Some(RoleActivityPart::Accountable))
}
