//! What rules speak of as being in force (`terms.yaml`, nothing in force).

use crate::view::View;

/// Something that has to be in force before a rule can speak of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InForce {
    /// the scope
    Scope,
    /// the AI policy
    Policy,
    /// the risk method
    RiskMethod,
    /// the statement of applicability
    Statement,
    /// the manual
    Manual,
    /// the audit programme
    AuditProgramme,
    /// a document of this template, or a procedure that lists the item; the first rule of the item asks for it
    Procedure {
        /// template of the document, `""` for any
        template: &'static str,
        /// item of ISO/IEC 42001
        item: &'static str,
    },
}

impl InForce {
    /// Whether there is one on the view's day.
    #[must_use]
    pub fn exists(self, view: &View) -> bool {
        match self {
            Self::Scope => view.scope().is_some(),
            Self::Policy => view.policy().is_some(),
            Self::RiskMethod => view.risk_method().is_some(),
            Self::Statement => view.statement().is_some(),
            Self::Manual => view.documents("T-MANUAL").next().is_some(),
            Self::AuditProgramme => view.live("audit-programme").next().is_some(),
            Self::Procedure { template, item } => view.procedures(template, item).next().is_some(),
        }
    }

    /// What it is called.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Scope => "scope",
            Self::Policy => "AI policy",
            Self::RiskMethod => "risk method",
            Self::Statement => "statement of applicability",
            Self::Manual => "manual",
            Self::AuditProgramme => "audit programme",
            Self::Procedure { .. } => "procedure",
        }
    }

    /// The rule that asks for it.
    #[must_use]
    pub fn asked_by(self) -> String {
        match self {
            Self::Scope => "4.3-D1".to_owned(),
            Self::Policy => "5.2-D1".to_owned(),
            Self::RiskMethod => "6.1.1-D1".to_owned(),
            Self::Statement => "6.1.3-D1".to_owned(),
            Self::Manual => "4.4-D1".to_owned(),
            Self::AuditProgramme => "9.2.2-D1".to_owned(),
            Self::Procedure { item, .. } => format!("{item}-D1"),
        }
    }
}
