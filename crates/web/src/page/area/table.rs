//! The areas: what each is for, what it serves, which records belong to it.

/// An area.
pub(crate) struct Area {
    /// its path, that of its entry of the sidebar
    pub(crate) path: &'static str,
    /// what stands under the heading
    pub(crate) about: &'static str,
    /// items of ISO/IEC 42001 that it serves
    pub(crate) requirements: &'static [&'static str],
    /// kinds of its records, the first being the one it is about
    pub(crate) kinds: &'static [&'static str],
    /// kind that the primary action makes, and its words
    pub(crate) act: (&'static str, &'static str),
}

/// Every area, in the order of the sidebar.
pub(crate) const AREAS: &[Area] = &[
    Area {
        path: "/context",
        about: "What acts on the organisation, who has a say, which laws and promises bind it, and what the management system covers.",
        requirements: &["4.1", "4.2", "4.3", "4.4"],
        kinds: &["scope", "context-issue", "interested-party", "obligation", "customer-commitment", "organisation"],
        act: ("scope", "Propose scope"),
    },
    Area {
        path: "/policy",
        about: "What top management decided and signed, who answers for what, and that people know it.",
        requirements: &["5.1", "5.2", "5.3", "A.2.2", "A.2.3", "A.2.4", "A.3.2", "A.3.3"],
        kinds: &["role", "committee", "meeting", "document", "acknowledgement", "approval"],
        act: ("meeting", "Plan meeting"),
    },
    Area {
        path: "/roadmap",
        about: "The way to the certificate: phases, milestones, what depends on what, and how far the plan has slipped.",
        requirements: &["6.2", "6.3"],
        kinds: &["milestone", "task", "objective"],
        act: ("milestone", "Add milestone"),
    },
    Area {
        path: "/people",
        about: "Who works on AI systems, what they must know, what they were taught, and who was told what.",
        requirements: &["7.1", "7.2", "7.3", "7.4", "A.4.6"],
        kinds: &["person", "competence-need", "training-record", "course", "communication", "role"],
        act: ("training-record", "Record training"),
    },
    Area {
        path: "/data",
        about: "Where data come from, what they are fit for, which models were made from them, and on what they run.",
        requirements: &["A.4.2", "A.4.3", "A.4.4", "A.4.5", "A.7.2", "A.7.3", "A.7.4", "A.7.5", "A.7.6"],
        kinds: &["dataset", "model", "data-assessment", "resource"],
        act: ("dataset", "Register dataset"),
    },
    Area {
        path: "/changes",
        about: "What is changed and released, which checks it passed before, and who decided.",
        requirements: &["6.3", "8.1", "A.6.2.2", "A.6.2.3", "A.6.2.4", "A.6.2.5"],
        kinds: &["change", "release", "stage-review", "test", "specification"],
        act: ("change", "Request change"),
    },
    Area {
        path: "/measures",
        about: "What the organisation wants to reach with AI, how it is measured, and what followed from the figures.",
        requirements: &["6.2", "9.1", "A.6.1.2", "A.6.2.6", "A.9.3"],
        kinds: &["objective", "measure", "measurement", "monitoring-plan", "sealed-batch"],
        act: ("objective", "Add objective"),
    },
    Area {
        path: "/audits",
        about: "Which requirements were audited when, by whom, from which sample, and what was found.",
        requirements: &["9.2.1", "9.2.2"],
        kinds: &["audit", "audit-programme", "finding"],
        act: ("audit", "Plan audit"),
    },
    Area {
        path: "/reviews",
        about: "What top management looked at, what it decided, and what became of it.",
        requirements: &["9.3.1", "9.3.2", "9.3.3"],
        kinds: &["management-review", "meeting", "improvement"],
        act: ("management-review", "Prepare review"),
    },
    Area {
        path: "/certification",
        about: "The certification body, its audits and windows, and the certificate with the dates that keep it alive.",
        requirements: &[],
        kinds: &["certificate", "certification-body", "audit", "milestone"],
        act: ("certificate", "Record certificate"),
    },
    Area {
        path: "/rooms",
        about: "What an auditor or customer may see, over which window, until when, and what was opened.",
        requirements: &[],
        kinds: &["room", "auditor-request"],
        act: ("room", "Prepare room"),
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_area_has_an_entry_a_route_and_records() {
        for area in AREAS {
            assert!(crate::nav::find(area.path).is_some(), "{}", area.path);
            assert!(crate::route::ROUTES.iter().any(|route| route.path == area.path && route.get.is_some()), "{}", area.path);
            assert!(!area.kinds.is_empty(), "{}", area.path);
        }
    }
}
