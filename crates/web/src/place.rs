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

/// The address of the form for a new record of a kind.
pub(crate) fn new(kind: &str) -> String {
    format!("/kinds/{kind}/new")
}

/// The address of a requirement.
pub(crate) fn of_requirement(requirement: &str) -> String {
    format!("/requirements/{requirement}")
}

/// Where a finding is acted upon: the form of a kind (`act` names it), of a record of that kind, or a page (`page:name`).
pub(crate) fn of_act(act: &str, record: Option<Id>, requirement: &str) -> String {
    match act.strip_prefix("page:") {
        Some("statement_of_applicability" | "soa") => "/soa".to_owned(),
        Some("systems") => "/systems".to_owned(),
        Some("ledger" | "evidence") => "/evidence".to_owned(),
        Some(_) => of_requirement(requirement),
        None => match record {
            Some(id) => format!("{}?from={id}&requirement={requirement}", new(act)),
            None => format!("{}?requirement={requirement}", new(act)),
        },
    }
}
