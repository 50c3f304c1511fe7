//! Ways that the generic walk does not take: those that the sample organisation takes, since they rest on much that belongs together,
//! and those that nobody takes here, each with the reason. Both lists only shrink: an entry that is not needed any more fails a test.

/// What stands behind several entries.
const DEPTH: &str = "wants what the depth of the assessment asks for, which is computed from the screening and the tier";
const DECIDED: &str = "wants a risk or impact assessment approved on an earlier day";
const RETIRED: &str = "wants a decided stage review towards retired";
const MACHINE: &str = "begins in a state that time alone brings";
const CONTROLS: &str = "wants an approved applicability of each of the 38 controls";

/// Kind, way: taken in the year of the sample organisation.
pub(crate) const IN_THE_SAMPLE: &[(&str, &str)] = &[
    ("audit-programme", "draft → approved"),
    ("communication", "approved → sent"),
    ("control-applicability", "draft → submitted"),
    ("control-applicability", "submitted → approved"),
    ("impact-assessment", "draft → submitted"),
    ("impact-assessment", "submitted → approved"),
    ("management-review", "planned → prepared"),
    ("management-review", "prepared → held"),
    ("management-review", "held → signed"),
    ("oversight-plan", "draft → approved"),
    ("stage-review", "prepared → held"),
    ("stage-review", "held → decided"),
    ("statement-of-applicability", "draft → frozen"),
    ("statement-of-applicability", "frozen → approved"),
    ("test", "run → reviewed"),
    ("training-record", "done → confirmed"),
];

/// Kind, way, reason: taken by neither.
pub(crate) const UNREACHED: &[(&str, &str, &str)] = &[
    ("ai-system", "registered → retired", RETIRED),
    ("ai-system", "suspended → retired", RETIRED),
    ("audit-programme", "running → closed", MACHINE),
    ("certificate", "issued → replaced", "wants a later certificate of the same standard that is issued"),
    ("control-applicability", "approved → replaced", DECIDED),
    ("control-applicability", "submitted → draft", DECIDED),
    ("dataset", "blocked → disposed", "wants a disposal row of exactly each version"),
    ("dataset", "registered → disposed", "wants a disposal row of exactly each version"),
    ("impact-assessment", "submitted → rejected", DEPTH),
    ("impact-assessment", "submitted/rejected → draft", DEPTH),
    ("measure", "in_force → retired", MACHINE),
    ("milestone", "planned → reached", "wants proof records that are approved or reviewed"),
    ("nonconformity", "acting → verifying", "wants the action of the way before done, with proof"),
    ("nonconformity", "verifying → closed", "wants the action of the way before verified as effective"),
    ("release", "deployed → deployed", "wants a release that went live late, with its acceptance"),
    ("statement-of-applicability", "frozen → rejected", CONTROLS),
    ("statement-of-applicability", "frozen/rejected → draft", CONTROLS),
    ("user-information", "approved/published → withdrawn", "wants a later text that is published"),
];
