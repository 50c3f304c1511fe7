//! Whether the manual describes the processes and how they hang together.

use jiff::ToSpan;
use vouch_record::kind::generated::approval::ApprovalPurpose;
use vouch_record::kind::generated::document::DocumentProcessRow;
use vouch_record::kind::generated::role::Role;

use super::manual::{manual, name, processes};
use crate::check::process_row::{kind, listed};
use crate::derived;
use crate::framework::ISO42001;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// Items that a process has to serve.
const SERVED: [&str; 11] = ["6.1.2", "6.1.3", "6.1.4", "7.5.3", "8.1", "8.2", "8.4", "9.1", "9.2.1", "9.3.1", "10.2"];
/// How long ago the manual may have been reviewed.
const REVIEW_DAYS: i64 = 365;

/// 4.4-D1
pub(super) fn processes_are_described(view: &View) -> Verdicts {
    let Some(manual) = manual(view) else {
        return Verdicts::failed(Lapse::of_organisation().value("defect", "no manual is in force"));
    };
    each([manual], |manual| {
        Judgement::needing(manual, &["processes"], || {
            let rows = processes(view);
            let serves = |item: &str| {
                rows.iter().any(|row| row.requirements().any(|named| named.framework == ISO42001 && named.item == item))
            };
            let unserved = SERVED.into_iter().filter(|item| !serves(item)).map(|item| format!("no process covers {item}"));
            let by_top = manual
                .approvals(ApprovalPurpose::Approve)
                .into_iter()
                .any(|given| given.is_independent(manual, &[]) && given.by().is_some_and(|by| view.directed_on(by, given.on())));
            let unapproved = (!by_top).then(|| "top management did not approve the manual".to_owned());
            Judgement::of(unapproved.into_iter().chain(unserved).map(|defect| Lapse::of(manual).value("defect", defect)).collect())
        })
    })
}

/// Judges each row of the processes; what is wrong with it becomes a lapse of the manual.
fn each_process<'v>(view: &'v View, field: &'static str, wrong: impl Fn(DocumentProcessRow<'v>) -> Option<String>) -> Verdicts {
    let rows = processes(view);
    let judged = each(manual(view), |manual| {
        Judgement::needing(manual, &["processes"], || {
            let lapse =
                |row: &DocumentProcessRow<'v>| Some(Lapse::of(manual).value("process", name(*row)).value(field, wrong(*row)?));
            Judgement::of(rows.iter().filter_map(lapse).collect())
        })
    });
    judged.among(rows.len())
}

/// 4.4-D2
pub(super) fn rows_are_complete(view: &View) -> Verdicts {
    each_process(view, "missing", |row| {
        let owner = row.owner().and_then(|link| view.get(link.id));
        let held = owner.is_some_and(|role| role.is("approved") && !derived::role::holders_on(role).is_empty());
        let unknown: Vec<&str> = listed(row.kinds()).filter(|word| kind(view, word).is_none()).collect();
        let wanted = [
            (held, "an owner in an approved role that somebody holds".to_owned()),
            (row.inputs().is_some(), "inputs".to_owned()),
            (row.outputs().is_some(), "outputs".to_owned()),
            (listed(row.kinds()).next().is_some(), "kinds of record".to_owned()),
            (unknown.is_empty(), format!("kinds of record that exist instead of {}", unknown.join(", "))),
        ];
        let missing: Vec<String> = wanted.into_iter().filter(|(there, _)| !there).map(|(_, what)| what).collect();
        (!missing.is_empty()).then(|| missing.join(", "))
    })
}

/// 4.4-D3
pub(super) fn processes_feed_each_other(view: &View) -> Verdicts {
    let rows = processes(view);
    let codes = || rows.iter().filter_map(|row| row.code());
    each_process(view, "defect", |row| {
        let own = row.code().unwrap_or_default();
        let other = |code: &str| code != own && codes().any(|known| known == code);
        if let Some(code) = listed(row.feeds()).find(|code| !other(code)) {
            return Some(format!("feeds `{code}`, which is no other process"));
        }
        let feeds = listed(row.feeds()).next().is_some();
        let fed = rows.iter().any(|from| from.code() != row.code() && listed(from.feeds()).any(|code| code == own));
        (!feeds && !fed).then(|| "is connected with nothing".to_owned())
    })
}

/// 4.4-O4
pub(super) fn manual_was_reviewed(view: &View) -> Verdicts {
    let since = view.today().saturating_sub(REVIEW_DAYS.days());
    each(manual(view), |manual| {
        let on = derived::document::last_reviewed(manual).map(|at| view.day(at));
        Judgement::when(on.is_some_and(|on| on >= since), || Lapse::of(manual).maybe("date", on))
    })
}

/// The persons who held the owner role of a process on the view's day.
pub(super) fn process_owners(view: &View) -> Vec<vouch_record::Id> {
    let roles = processes(view)
        .into_iter()
        .filter_map(|row| view.get(row.owner()?.id))
        .filter(|entry: &Entry<'_>| entry.kind().name == Role::KIND);
    roles.flat_map(derived::role::holders_on).collect()
}
