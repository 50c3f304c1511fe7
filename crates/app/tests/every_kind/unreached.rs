//! Ways that the generic walk does not take, each with the reason. The list only shrinks: an entry that is not needed any more
//! fails the test.

/// What stands behind several entries.
const GATE: &str = "wants a row for each need of a gate, which is computed from the system's stage and tier";
const DEPTH: &str = "wants what the depth of the assessment asks for, which is computed from the screening and the tier";
const CONTROLS: &str = "wants an approved applicability of each of the 38 controls";
const INPUTS: &str = "wants records for each required input of the review";
const DECIDED: &str = "wants a risk or impact assessment approved on an earlier day";
const CHECKPOINT: &str = "wants the latest checkpoint, which the view is not told yet";
const RETIRED: &str = "wants a decided stage review towards retired";
const MACHINE: &str = "begins in a state that time alone brings";

/// Kind, way, reason.
pub(crate) const UNREACHED: &[(&str, &str, &str)] = &[
    ("ai-system", "registered → retired", RETIRED),
    ("ai-system", "suspended → retired", RETIRED),
    ("audit-programme", "draft → approved", "wants each clause and applied control planned"),
    ("audit-programme", "running → closed", MACHINE),
    ("certificate", "issued → replaced", "wants a later certificate of the same standard that is issued"),
    ("communication", "approved → sent", "an approved message that is not covered by a rule changes when it is made to fit one"),
    ("control-applicability", "approved → replaced", DECIDED),
    ("control-applicability", "draft → submitted", DECIDED),
    ("control-applicability", "submitted → approved", DECIDED),
    ("control-applicability", "submitted → draft", DECIDED),
    ("dataset", "blocked → disposed", "wants a disposal row of exactly each version"),
    ("dataset", "registered → disposed", "wants a disposal row of exactly each version"),
    ("impact-assessment", "draft → submitted", DEPTH),
    ("impact-assessment", "submitted → approved", DEPTH),
    ("impact-assessment", "submitted → rejected", DEPTH),
    ("impact-assessment", "submitted/rejected → draft", DEPTH),
    ("management-review", "planned → prepared", INPUTS),
    ("management-review", "prepared → held", INPUTS),
    ("management-review", "held → signed", INPUTS),
    ("measure", "in_force → retired", MACHINE),
    ("milestone", "planned → reached", "wants proof records that are approved or reviewed"),
    ("nonconformity", "acting → verifying", "wants the action of the way before done, with proof"),
    ("nonconformity", "verifying → closed", "wants the action of the way before verified as effective"),
    ("oversight-plan", "draft → approved", "wants the confirmation of each overseer"),
    ("release", "deployed → deployed", "wants a release that went live late, with its acceptance"),
    ("room", "draft → open", CHECKPOINT),
    ("room", "open → closed", CHECKPOINT),
    ("room", "open → revoked", CHECKPOINT),
    ("stage-review", "prepared → held", GATE),
    ("stage-review", "held → decided", GATE),
    ("statement-of-applicability", "draft → frozen", CONTROLS),
    ("statement-of-applicability", "frozen → approved", CONTROLS),
    ("statement-of-applicability", "frozen → rejected", CONTROLS),
    ("statement-of-applicability", "frozen/rejected → draft", CONTROLS),
    ("test", "run → reviewed", "wants testers who are not the developers of a system of a high tier"),
    ("training-record", "done → confirmed", "wants a judge who holds a role that the need names"),
    ("user-information", "approved/published → withdrawn", "wants a later text that is published"),
];
