//! The statement of applicability: complete for the scope, not overtaken, signed, true, and known to the certification body.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::approval::ApprovalPurpose;
use vouch_record::kind::generated::certificate::Certificate;
use vouch_record::kind::generated::communication::Communication;
use vouch_record::kind::generated::scope::Scope;
use vouch_record::kind::generated::statement_of_applicability::StatementOfApplicability;
use vouch_record::time::days_between;

use crate::check::independence::defect;
use crate::check::presence::{scope_dates, scopes};
use crate::check::wording::called;
use crate::derived::approved::approved_at;
use crate::derived::statement_of_applicability::{complete, older_than, rows_true};
use crate::shape::{Judgement, Lapse, Verdicts, breakpoints, each};
use crate::view::{Entry, View, Window};

/// How long a statement may speak of a scope that another has replaced.
const SCOPE_DAYS: i64 = 30;
/// How old a statement may be.
const FROZEN_DAYS: i64 = 200;
/// How long something that happened may be missing from it.
const EVENT_DAYS: i64 = 30;
/// How long the certification body may wait to hear of another statement.
const TOLD_DAYS: i64 = 30;

/// 6.1.3-D1
pub(super) fn statement_is_complete_for_the_scope(view: &View) -> Verdicts {
    let Some(scope) = view.scope() else { return Verdicts::holds() };
    let version = Scope(scope.content()).version().get().unwrap_or("without number");
    let Some(statement) = view.statement() else {
        return Verdicts::failed(Lapse::of_organisation().value("version", version).value("defect", "there is none"));
    };
    each([statement], |statement| {
        Judgement::needing(statement, &["rows", "scope"], || {
            let mut defects = Vec::new();
            if !complete(statement) {
                defects.push("it does not have one row from an approved decision for each of the 38 controls");
            }
            if !is_for_the_scope(statement) {
                defects.push("it was made for another version of the scope");
            }
            let lapse = || Lapse::of(statement).value("version", version).value("defect", defects.join(", and "));
            Judgement::when(defects.is_empty(), lapse)
        })
    })
}

/// Whether it names the scope in force today, or one that was in force until at most thirty days ago, in a revision since which no field
/// that its approval covers changed.
fn is_for_the_scope(statement: Entry<'_>) -> bool {
    let view = statement.view();
    let content = StatementOfApplicability(statement.content());
    let named = content.scope().get().map(|link| link.id);
    let revision = content.scope_revision().get().and_then(|revision| u32::try_from(revision).ok());
    let since = view.today().saturating_sub(SCOPE_DAYS.days());
    let before =
        scope_dates(view).into_iter().map(|day| day.saturating_sub(1.day())).filter(|day| (since..view.today()).contains(day));
    [view.today(), since].into_iter().chain(before).any(|day| {
        let scope = view.on(day).scope().filter(|scope| Some(scope.id()) == named);
        scope.is_some_and(|scope| revision.is_some_and(|revision| scope.covers(revision, scope.revision())))
    })
}

/// 6.1.3-O3
pub(super) fn statement_is_not_overtaken(view: &View) -> Verdicts {
    each(view.statement(), |statement| {
        Judgement::needing(statement, &["frozen_at", "rows"], || {
            let Some(frozen) = StatementOfApplicability(statement.content()).frozen_at().get().map(|at| view.day(at)) else {
                return Judgement::Fail(Lapse::of(statement));
            };
            let lapse = |defect: String| Lapse::of(statement).value("frozen_at", frozen).value("defect", defect);
            let mut lapses = Vec::new();
            let age = days_between(frozen, view.today());
            if age > FROZEN_DAYS {
                lapses.push(lapse(format!("that is {age} days ago")));
            }
            for (id, on) in older_than(statement).into_iter().filter_map(|id| Some((id, happened_on(statement, frozen, id)?))) {
                if days_between(on, view.today()) > EVENT_DAYS {
                    lapses.push(lapse(format!("what happened to {} on {on} is not in it", called(view, Some(id)))));
                }
            }
            Judgement::of(lapses)
        })
    })
}

/// The first day after freezing on which this record made the statement older than what is.
fn happened_on(statement: Entry<'_>, frozen: Date, id: Id) -> Option<Date> {
    let view = statement.view();
    let since = Window { from: frozen, to: view.today() };
    let days = breakpoints(since, view.find(id).into_iter().chain(scopes(view)), scope_dates(view));
    days.into_iter().find(|day| statement.on(*day).is_some_and(|then| older_than(then).contains(&id)))
}

/// 6.1.3-P2
pub(super) fn signed_true_and_told(view: &View) -> Verdicts {
    each(view.statement(), |statement| {
        Judgement::needing(statement, &["rows", "frozen_by", "frozen_at"], || {
            let Some(are_true) = rows_true(statement) else {
                return Judgement::Undecided("the rules of a control are being judged".to_owned());
            };
            let mut defects: Vec<String> = unsigned(statement).into_iter().collect();
            if !are_true {
                defects.push("says of a control what was not so when it was frozen".to_owned());
            }
            defects.extend(view.all(Certificate::KIND).filter_map(|certificate| untold(statement, certificate)));
            Judgement::when(defects.is_empty(), || Lapse::of(statement).value("defect", defects.join(", and ")))
        })
    })
}

/// Why it was not signed by somebody of top management who did not freeze it.
fn unsigned(statement: Entry<'_>) -> Option<String> {
    let view = statement.view();
    let froze: Vec<Id> = StatementOfApplicability(statement.content()).frozen_by().get().map(|link| link.id).into_iter().collect();
    let signatures = statement.approvals(ApprovalPurpose::Sign);
    let mut why = "was signed by nobody".to_owned();
    for given in signatures {
        let by = called(view, given.by());
        match defect(&given, &[(&froze, "froze it")]) {
            Some(defect) => why = format!("was signed by {by}, who {defect}"),
            None if !given.by().is_some_and(|by| view.directed_on(by, given.on())) => {
                why = format!("was signed by {by}, who was not top management");
            }
            None => return None,
        }
    }
    Some(why)
}

/// Why the certification body of an issued certificate that names another statement does not know of this one.
fn untold(statement: Entry<'_>, certificate: Entry<'_>) -> Option<String> {
    let view = statement.view();
    let content = Certificate(certificate.content());
    let named = content.statement_of_applicability().get().map(|link| link.id);
    if !certificate.is("issued") || named == Some(statement.id()) {
        return None;
    }
    let until = view.day(approved_at(statement)?).saturating_add(TOLD_DAYS.days());
    let body = content.certification_body().get().map(|link| link.id);
    let told = statement.incoming(Communication::KIND, "about").any(|message| {
        let about = |id: Id| Communication(message.content()).about().any(|link| link.id == id);
        let sent = Communication(message.content()).sent_at().get().map(|at| view.day(at));
        let to_body = about(certificate.id()) || body.is_some_and(about);
        message.is("sent") && to_body && sent.is_some_and(|on| on <= until)
    });
    let version = named.and_then(|id| view.find(id)).and_then(|other| other.text("version").map(str::to_owned));
    let version = version.unwrap_or_else(|| "without number".to_owned());
    (!told && until < view.today())
        .then(|| format!("is not version {version} that {} names, and nobody told its body by {until}", certificate.id()))
}
