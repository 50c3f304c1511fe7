//! How Vouch judges, and who may do what.

use maud::{Markup, html};
use vouch_conform::readiness::{Depth, Grade};

use crate::format::words;
use crate::part::badge;

/// What the three depths mean, and what a finding is.
pub(super) fn depths() -> Markup {
    let means = |depth: Depth| match depth {
        Depth::Documented => {
            "The document or record that is asked for exists, is approved, and is in its review date. Stage 1 reads this."
        }
        Depth::Operating => {
            "Records show that it ran, at its cadence, over the window and without a hole longer than allowed. Stage 2 reads this."
        }
        Depth::Proven => {
            "What shows it is in date, sealed in the ledger, made by somebody who is named, and checked by somebody else."
        }
    };
    let grades = [
        (Grade::Major, "the management system fails to do what it is for"),
        (Grade::Minor, "a lapse; many of them together weigh as a major one"),
        (Grade::Opportunity, "worth bettering, no nonconformity"),
    ];
    html! {
        section.card id="depths" { div.prose {
            h2 { "Three depths" }
            p { "Nobody types a status. For each of the 70 requirements Vouch asks rules of the records as they stood on a day, and shows how deep it is met. Each depth includes the ones before it." }
            dl.facts { @for depth in Depth::ALL { dt { (badge::depth(Some(depth))) } dd { (means(depth)) } } }
            p { "A rule that fails is a finding. Each names the rule, the records it looked at and what to do. They are graded as an auditor would grade them:" }
            dl.facts { @for (grade, means) in grades { dt { (badge::status(badge::tone_of(grade), &words(grade.word()))) } dd { (means) } } }
            p { "What cannot be asked yet, because a period has not passed or nothing is in force, is no pass and no finding: the requirement says from which day it is asked." }
            p { "Every page can be looked at as of a past day, with “As of” at the top. What was written later is then not seen." }
        } }
    }
}

/// Roles, and the rule that nobody checks own work.
pub(super) fn people() -> Markup {
    let rules = [
        ("Author and approver differ", "Who last changed a field of a revision does not approve that revision."),
        ("Owner and verifier differ", "Who did a corrective action or a treatment does not judge whether it worked."),
        (
            "Auditors do not audit their own work",
            "A member of the team who owns, wrote or approved a sampled record is shown as a conflict.",
        ),
        ("An approval is of one revision", "When a field that it covers changes, it no longer stands and is asked for again."),
        (
            "Nobody else left",
            "Where a rule excludes everybody who could decide, top management decides, and where that is the author too, the override shows.",
        ),
        (
            "Nothing is deleted",
            "A record ends in a state of its kind, or is set aside with a reason and the approval of another person.",
        ),
    ];
    let roles = [
        ("AIMS lead", "keeps the management system together; stands in for a role that nobody holds, except the auditor's"),
        ("Top management", "signs the policy, decides in the management review, accepts what is above the line"),
        ("System, risk or record owner", "answers for what bears that name in its field"),
        ("Reviewer", "checks what somebody else made"),
        ("Internal auditor", "plans, samples and reports, and audits nothing of their own"),
    ];
    html! {
        section.card id="roles" { div.prose {
            h2 { "Roles and rules" }
            p { "What you may do follows from the roles that you hold in approved role records, and from the fields that name you. A button that you may not use says why, and who could." }
            dl.facts { @for (role, does) in roles { dt { (role) } dd { (does) } } }
            h3 { "Nobody checks their own work" }
            dl.facts { @for (rule, means) in rules { dt { (rule) } dd { (means) } } }
        } }
    }
}
