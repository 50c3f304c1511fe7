//! What is written down: the criteria, risks of the management system, and what relevant issues led to.

use vouch_record::Id;
use vouch_record::kind::generated::context_issue::{ContextIssue, ContextIssueRelevant};
use vouch_record::kind::generated::risk::{Risk, RiskConcerns, RiskType};
use vouch_record::kind::generated::risk_method::RiskMethod;
use vouch_record::kind::generated::shared::RiskTier;

use crate::check::scoring::scored;
use crate::derived::is_over;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// 6.1.1-D1
pub(super) fn method_says_what_is_acceptable(view: &View) -> Verdicts {
    let Some(method) = view.risk_method() else {
        return Verdicts::failed(Lapse::of_organisation().value("missing", "there is none"));
    };
    each([method], |method| {
        Judgement::needing(method, &["appetite", "acceptance_limit", "opportunities_rule", "levels"], || {
            let missing = missing(RiskMethod(method.content()));
            Judgement::when(missing.is_empty(), || Lapse::of(method).value("missing", missing.join(", ")))
        })
    })
}

fn missing(method: RiskMethod<'_>) -> Vec<String> {
    let filled = [
        ("the appetite", method.appetite().is_filled()),
        ("the acceptance limit", method.acceptance_limit().is_filled()),
        ("the rule for chances", method.opportunities_rule().is_filled()),
    ];
    let mut missing: Vec<String> = filled.into_iter().filter(|(_, there)| !there).map(|(what, _)| what.to_owned()).collect();
    for level in RiskTier::ALL {
        let rows: Vec<_> = method.levels().filter(|row| row.level() == Some(level)).collect();
        match rows.as_slice() {
            [row] => {
                missing.extend(row.accepted_by().is_none().then(|| format!("who accepts level {}", level.id())));
                missing.extend(row.review_every().is_none().then(|| format!("how often level {} is looked at", level.id())));
            }
            [] => missing.push(format!("a row for level {}", level.id())),
            _ => missing.push(format!("one single row for level {}", level.id())),
        }
    }
    missing
}

/// 6.1.1-D2
pub(super) fn register_looks_at_the_management_system(view: &View) -> Verdicts {
    let mut verdicts = Verdicts::holds();
    let chance = |risk: Risk<'_>| risk.type_().is(RiskType::Opportunity);
    let own = |risk: Risk<'_>| risk.concerns().is(RiskConcerns::Aims);
    verdicts = verdicts.and(one_is_there(view, "opportunity", chance));
    verdicts.and(one_is_there(view, "risk of the management system", own))
}

fn one_is_there(view: &View, kind: &'static str, wanted: impl Fn(Risk<'_>) -> bool) -> Verdicts {
    let found: Vec<Entry<'_>> = scored(view).filter(|risk| wanted(Risk(risk.content()))).collect();
    crate::shape::at_least_one(found, || Lapse::of_organisation().value("kind", kind))
}

/// 6.1.1-D3
pub(super) fn relevant_issues_lead_somewhere(view: &View) -> Verdicts {
    const READ: &[&str] = &["risks", "objectives", "obligations", "changes", "no_consequence_because"];
    let relevant =
        |issue: &Entry<'_>| issue.is("assessed") && ContextIssue(issue.content()).relevant().is(ContextIssueRelevant::Yes);
    each(view.all(ContextIssue::KIND).filter(relevant), |issue| {
        Judgement::needing(issue, READ, || {
            let content = ContextIssue(issue.content());
            let named = content.risks().chain(content.objectives()).chain(content.obligations()).chain(content.changes());
            let stays = |id: Id| view.get(id).is_some_and(|record| !is_over(record));
            let led = named.into_iter().any(|link| stays(link.id)) || content.no_consequence_because().is_filled();
            Judgement::when(led, || Lapse::of(issue))
        })
    })
}
