//! The records that most rules speak about.

use jiff::civil::Date;
use vouch_record::condition::Val;
use vouch_record::kind::generated::ai_system::{AiSystem, AiSystemAcquired};
use vouch_record::kind::generated::document::{Document, DocumentType};
use vouch_record::kind::generated::organisation::Organisation;
use vouch_record::kind::generated::shared::{AiRole, ControlDecision};
use vouch_record::kind::generated::statement_of_applicability::{StatementOfApplicability, StatementOfApplicabilityRowRow};
use vouch_record::{Field, Id};

use super::{Entry, Subject, View};
use crate::derived;
use crate::framework::ISO42001;

/// A control that the statement of applicability in force leaves out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exclusion {
    /// the statement
    pub statement: Subject,
    /// why, as the statement says
    pub reason: String,
    /// the applicability that the facts contradict, if they do
    pub contradicted_by: Option<Id>,
}

impl Entry<'_> {
    /// Whether an AI system is of path adopt (`terms.yaml`): a product, embedded in one, or a free service.
    #[must_use]
    pub fn is_adopted(&self) -> bool {
        let acquired = AiSystem(self.content()).acquired().get();
        acquired.is_some_and(|way| {
            matches!(way, AiSystemAcquired::Product | AiSystemAcquired::Embedded | AiSystemAcquired::FreeService)
        })
    }

    /// Whether an AI system is of path build: made in house, contracted or mixed.
    #[must_use]
    pub fn is_built(&self) -> bool {
        AiSystem(self.content()).acquired().is_filled() && !self.is_adopted()
    }
}

impl View {
    /// The organisation's own record.
    #[must_use]
    pub fn organisation(&self) -> Option<Entry<'_>> {
        self.all("organisation").next()
    }

    /// A limit of a failure mode that the organisation set otherwise than the product; of two rows for one limit the later counts.
    #[must_use]
    pub fn limit(&self, mode: &str, name: &str) -> Option<i64> {
        let id = format!("{}_{name}", mode.to_lowercase().replace('-', "_"));
        let rows = Organisation(self.organisation()?.content()).limits();
        rows.filter(|row| row.limit().is_some_and(|limit| limit.id() == id)).filter_map(|row| row.value()).last()
    }

    /// The scope in force.
    #[must_use]
    pub fn scope(&self) -> Option<Entry<'_>> {
        derived::scope::in_force_one(self)
    }

    /// The day on which the first scope was approved.
    #[must_use]
    pub fn first_scope_on(&self) -> Option<Date> {
        *self.keep(None, "first_scope_on", || {
            let approved =
                |entry: Entry<'_>| entry.leaves().iter().find(|leaf| leaf.state.as_ref() == "approved").map(|leaf| leaf.time);
            let first = self.ever("scope").filter_map(approved).min();
            first.map(|at| self.day(at))
        })
    }

    /// The risk method in force.
    #[must_use]
    pub fn risk_method(&self) -> Option<Entry<'_>> {
        derived::risk_method::in_force_one(self)
    }

    /// The statement of applicability in force.
    #[must_use]
    pub fn statement(&self) -> Option<Entry<'_>> {
        derived::statement_of_applicability::in_force_one(self)
    }

    /// Documents of a template of which a revision is in force.
    pub fn documents<'v>(&'v self, template: &'v str) -> impl Iterator<Item = Entry<'v>> + use<'v> {
        self.all("document").filter(move |entry| entry.text("template") == Some(template) && derived::in_force(*entry))
    }

    /// Documents in force of a template (`""` for any), or of type procedure that list the item in requirements.
    pub fn procedures<'v>(&'v self, template: &'v str, item: &'v str) -> impl Iterator<Item = Entry<'v>> + use<'v> {
        let serves = move |entry: &Entry<'_>| {
            let document = Document(entry.content());
            let listed = || document.requirements().any(|named| named.framework == ISO42001 && named.item == item);
            document.template().get().is_some_and(|named| named.id() == template)
                || (document.type_().is(DocumentType::Procedure) && listed())
        };
        self.all("document").filter(move |entry| serves(entry) && derived::in_force(*entry))
    }

    /// The AI policy in force (`terms.yaml`): the document of template T-AI-POLICY that is no translation.
    #[must_use]
    pub fn policy(&self) -> Option<Entry<'_>> {
        self.documents("T-AI-POLICY").find(|entry| !Document(entry.content()).translation_of().is_filled())
    }

    /// Whether the statement of applicability in force excludes this control and nothing contradicts that: rules of clauses do
    /// not ask for what only such a control calls for (`terms.yaml`, excluded).
    #[must_use]
    pub fn is_excluded(&self, control: &str) -> bool {
        matches!(self.exclusion(control), Some(exclusion) if exclusion.contradicted_by.is_none())
    }

    /// The exclusion of a control by the statement of applicability in force.
    #[must_use]
    pub fn exclusion(&self, control: &str) -> Option<Exclusion> {
        let statement = self.statement()?;
        let excludes = |row: &StatementOfApplicabilityRowRow<'_>| {
            row.control().is_some_and(|named| named.framework == ISO42001 && named.item == control)
                && row.decision() == Some(ControlDecision::Excluded)
        };
        let row = StatementOfApplicability(statement.content()).rows().find(excludes)?;
        let decision = row.applicability().and_then(|link| self.get(link.id));
        let contradicted = |entry: &Entry<'_>| derived::value(*entry, "contradicted") == Some(Val::Bool(true));
        Some(Exclusion {
            statement: statement.subject(),
            reason: row.reason().unwrap_or_default().to_owned(),
            contradicted_by: decision.filter(contradicted).map(|entry| entry.id()),
        })
    }

    /// Every AI system in scope (`terms.yaml`): registered or suspended and placed; before the first scope every registered or
    /// suspended one and every imported draft.
    pub fn systems(&self) -> impl Iterator<Item = Entry<'_>> {
        self.ids("systems", |entry| derived::ai_system::in_scope(*entry))
    }

    /// Every live AI system: in scope and used.
    pub fn live_systems(&self) -> impl Iterator<Item = Entry<'_>> {
        self.ids("live_systems", |entry| derived::ai_system::live(*entry))
    }

    /// Whether no system in scope has one of these roles. A system whose roles are not stated, or were erased, may have any of
    /// them: what is unknown leaves no control out.
    #[must_use]
    pub fn nobody_plays(&self, roles: &[AiRole]) -> bool {
        let plays = |system: Entry<'_>| {
            !matches!(system.value("ai_roles"), Field::Present(_)) || AiSystem(system.content()).ai_roles().has_any(roles)
        };
        !self.systems().any(plays)
    }

    fn ids(&self, name: &'static str, wanted: impl Fn(&Entry<'_>) -> bool) -> impl Iterator<Item = Entry<'_>> {
        let ids: &Vec<Id> = self.keep(None, name, || self.all(AiSystem::KIND).filter(wanted).map(|entry| entry.id()).collect());
        ids.iter().filter_map(|id| self.get(*id))
    }

    /// Active persons who hold an approved role of this key on the day, as holder, deputy or acting.
    #[must_use]
    pub fn holders(&self, key: &str) -> Vec<Id> {
        derived::role::holders_of(self, key)
    }

    /// Whether the person directed the organisation on a day: active, with `top_management`.
    #[must_use]
    pub fn directed_on(&self, person: Id, day: Date) -> bool {
        self.on(day).directing().contains(&person)
    }

    /// Whether the person is active on the day.
    #[must_use]
    pub fn is_active(&self, person: Id) -> bool {
        self.get(person).is_some_and(|entry| entry.is("active"))
    }

    /// Persons in state active whose `top_management` is true on the day.
    #[must_use]
    pub fn top_management(&self) -> Vec<Id> {
        self.directing().to_vec()
    }

    fn directing(&self) -> &[Id] {
        self.keep(None, "top_management", || {
            let directs = |entry: &Entry<'_>| {
                entry.is("active") && entry.value("top_management").get().and_then(vouch_record::Value::as_bool) == Some(true)
            };
            self.all("person").filter(directs).map(|entry| entry.id()).collect::<Vec<Id>>()
        })
    }
}
