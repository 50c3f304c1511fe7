//! Where things are: the address of every record and kind, for links from anywhere.

use vouch_record::Id;

/// Kinds that people live in have addresses of their own: (kind, prefix of ids, path).
pub(crate) const PLACES: [(&str, &str, &str); 8] = [
    ("ai-system", "SYS", "/systems"),
    ("risk", "RSK", "/risks"),
    ("impact-assessment", "IMP", "/impact"),
    ("document", "DOC", "/documents"),
    ("incident", "INC", "/incidents"),
    ("nonconformity", "NCR", "/nonconformities"),
    ("supplier", "SUP", "/suppliers"),
    ("evidence", "EVD", "/evidence"),
];

/// The address of a record.
pub(crate) fn of(id: Id) -> String {
    match PLACES.iter().find(|(_, prefix, _)| *prefix == id.prefix()) {
        Some((_, _, path)) => format!("{path}/{id}"),
        None => format!("/records/{id}"),
    }
}

/// The address of the list of a kind.
pub(crate) fn of_kind(kind: &str) -> String {
    match PLACES.iter().find(|(name, _, _)| *name == kind) {
        Some((_, _, path)) => (*path).to_owned(),
        None => format!("/kinds/{kind}"),
    }
}

/// The entry of the sidebar under which the pages of a kind stand.
pub(crate) fn entry_of(kind: &str) -> &'static str {
    if let Some((_, _, path)) = PLACES.iter().find(|(name, _, _)| *name == kind) {
        return path;
    }
    match kind {
        "scope" | "context-issue" | "interested-party" | "obligation" | "organisation" => "/context",
        "role" | "committee" | "meeting" => "/policy",
        "acknowledgement" => "/documents",
        "risk-method" | "treatment" | "acceptance" => "/risks",
        "control-applicability" | "statement-of-applicability" => "/soa",
        "milestone" | "task" => "/roadmap",
        "person" | "competence-need" | "training-record" | "course" | "communication" => "/people",
        "dataset" | "model" | "data-assessment" | "resource" => "/data",
        "customer-commitment" => "/suppliers",
        "change" | "release" | "stage-review" | "test" | "specification" => "/changes",
        "concern" => "/incidents",
        "oversight-plan" | "user-information" => "/systems",
        "objective" | "measure" | "measurement" | "monitoring-plan" => "/measures",
        "audit" | "audit-programme" | "finding" => "/audits",
        "management-review" => "/reviews",
        "improvement" | "corrective-action" => "/nonconformities",
        "certificate" | "certification-body" => "/certification",
        "room" | "auditor-request" => "/rooms",
        _ => "/evidence",
    }
}

/// The address of the form for a new record of a kind.
pub(crate) fn new(kind: &str) -> String {
    format!("/kinds/{kind}/new")
}

/// The address of a requirement.
pub(crate) fn of_requirement(requirement: &str) -> String {
    format!("/requirements/{requirement}")
}

/// Where a finding is acted upon: the form of a kind (`act` names it), of a record of that kind (`is_own`), or a page (`page:name`).
pub(crate) fn of_act(act: &str, record: Option<Id>, is_own: bool, requirement: &str) -> String {
    let with = |start: &str| if requirement.is_empty() { String::new() } else { format!("{start}requirement={requirement}") };
    if let Some(page) = act.strip_prefix("page:") {
        return match (page, record) {
            ("statement_of_applicability" | "soa", _) => "/soa".to_owned(),
            ("systems", _) => "/systems".to_owned(),
            ("ledger" | "evidence", _) => "/evidence".to_owned(),
            ("gaps", _) => "/gaps".to_owned(),
            ("people", _) => "/people".to_owned(),
            ("tasks", _) => of_kind("task"),
            ("overrides", _) => of_kind("approval"),
            (_, Some(id)) => of(id),
            (_, None) => of_requirement(requirement),
        };
    }
    match record {
        Some(id) if act == "approval" => format!("/records/{id}/approval"),
        Some(id) if is_own => format!("/records/{id}/edit{}", with("?")),
        Some(id) => format!("{}?from={id}{}", new(act), with("&")),
        None => format!("{}{}", new(act), with("?")),
    }
}
