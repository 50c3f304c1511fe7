//! The words of Vouch and of the standard, in our words.

use maud::{Markup, html};

/// Word and meaning, in the order of the alphabet.
const WORDS: &[(&str, &str)] = &[
    ("Acceptance", "A decision to live with a risk or a lapse, with a reason and an end date, by somebody who may."),
    ("Acknowledgement", "A person's word that they have read a document, take a role or follow a rule."),
    ("AI system", "A system with AI in it, with its purpose, roles, stage and owner. Everything else hangs on it."),
    ("Annex A control", "One of 38 controls that the standard lists. Each is applied, or its exclusion is justified."),
    ("As of", "The organisation as it was known at the end of a past day."),
    ("Bound", "Lying under a signed checkpoint that verified, with body and files."),
    ("Bundle", "What a room shows, as a file that is verified without a network."),
    ("Cadence", "How often something is to run or be renewed."),
    ("Check", "The rules that are asked about one requirement."),
    ("Checkpoint", "A signed note of the size and root of the log at one moment."),
    ("Competence", "That a person can do what their role asks, shown by training, experience or a test."),
    ("Concern", "A worry about AI that anybody may report, also without a name."),
    ("Correction", "What is done at once about a nonconformity."),
    ("Corrective action", "What is done so that a nonconformity does not come back; somebody else verifies it."),
    ("Depth", "How far a requirement is met: documented, operating, proven."),
    ("Documented information", "What the standard wants written down: policies, procedures, records."),
    ("Evidence", "A file or figure that shows something, with the period that it covers."),
    ("Finding", "What an auditor would write: a rule that fails, with the records where it does."),
    ("Fingerprint", "The hash of a record or file. It changes when a single byte does."),
    ("Gate", "Checks that a system must pass before its next stage."),
    ("In date", "Not older than its cadence allows, counted from what it covers and not from when it was entered."),
    ("In force", "Approved, valid today, and not replaced."),
    ("Inherent and residual risk", "The risk before treatment, and what is left after it."),
    ("Interested party", "Somebody who has a say or a stake: customers, persons concerned, regulators, staff."),
    ("Kind", "A type of record, such as risk or release."),
    ("Ledger", "The log in which every revision and decision lies in order. Nothing can be changed in it unseen."),
    ("Life cycle", "The stages of a system, from concept to retirement."),
    ("Nonconformity", "A requirement that is not met, with its correction, cause and action."),
    ("Operating", "Records show that it ran at its cadence over the window."),
    ("Population", "The records that a rule looks at, and from which an auditor draws a sample."),
    ("Proven", "In date, sealed, made by somebody named, and checked by somebody else."),
    ("Record", "One thing that was written down, with all its revisions."),
    ("Requirement", "A clause item or a control that an auditor asks about; there are 70."),
    ("Revision", "One version of a record; it never changes."),
    ("Room", "What an auditor is given to see: scope, window, people, end date."),
    ("Scope", "What the management system covers, with the systems in it and those left out and why."),
    ("Sealed", "Under a signed checkpoint."),
    ("Set aside", "Taken out with a reason and the approval of another person. It stays readable."),
    ("Stage 1, Stage 2", "The two parts of a certification audit: what is written, and whether it runs."),
    ("Statement of Applicability", "The list of controls: applied or excluded, and why, each with its proof."),
    ("Surveillance, recertification", "The yearly audits of a certificate, and its renewal after three years."),
    ("Tier", "How much can go wrong with a system: low, moderate, high, critical."),
    ("Treatment", "What is done about a risk: modify, share, avoid or accept."),
    ("Verified", "Computed again from the bytes and found to hold."),
    ("Window", "The period that an auditor looks at: six months unless the organisation says otherwise."),
];

/// The glossary.
pub(super) fn card() -> Markup {
    html! {
        section.card id="glossary" {
            div.card-head { h2 { "Glossary" } span { (WORDS.len()) " words" } }
            dl.facts { @for (word, means) in WORDS { dt { (word) } dd { (means) } } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::WORDS;

    #[test]
    fn words_stand_in_the_order_of_the_alphabet_and_once() {
        assert!(WORDS.windows(2).all(|pair| pair[0].0.to_lowercase() < pair[1].0.to_lowercase()));
    }
}
