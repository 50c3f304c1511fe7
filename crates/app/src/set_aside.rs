//! Setting aside: the only way to take a wrong record out (FORMATS §2).

use std::sync::Arc;

use serde_json::json;
use vouch_conform::Entry;
use vouch_record::kind::Kind;
use vouch_record::state::{Action, SET_ASIDE};
use vouch_record::validate::encode;
use vouch_record::{Id, Value};

use crate::error::{Error, Result};
use crate::people::{Allowed, label};
use crate::record::{Completeness, unknown};
use crate::work::{Draft, Work, body};

/// Kinds that close or are voided by their own transitions and are never set aside.
const NEVER: [&str; 8] = ["incident", "concern", "nonconformity", "finding", "test", "measurement", "risk", "audit"];

impl Work<'_> {
    /// Takes a record out, for a reason. Whoever does it approves it, and so must be another person than its maker.
    ///
    /// # Errors
    /// Refused for kinds that end by transitions of their own, for the maker, and for what is set aside already.
    pub fn set_aside(&mut self, id: Id, reason: &str) -> Result<Id> {
        let person = self.person()?;
        if reason.trim().is_empty() {
            return Err(Error::invalid("setting aside has a reason").hint("add `--reason TEXT`"));
        }
        refuse_never(&*self.kind_of(id)?)?;
        let (revision, commitment, own_work) = {
            let view = self.view();
            let entry = view.find(id).ok_or_else(|| unknown(id))?;
            let allowed = may_set_aside(entry, person)?;
            let head = entry.standing().head.leaf(entry.record());
            (head.revision, vouch_ledger::hex(&head.commitment), allowed == Allowed::NobodyElse)
        };
        let approval_kind = self.kind("approval")?;
        let fields = json!({
            "subject": id.to_string(), "subject_revision": revision, "subject_commitment": commitment, "purpose": "decide",
            "decision": "approved", "by": person.to_string(), "at": vouch_record::time::format_instant(self.at()), "reason": reason,
            "sign_in": self.acting().sign_in,
        });
        let mut fields = fields.as_object().cloned().unwrap_or_default();
        if own_work {
            fields.insert("override".into(), json!("own_work"));
            fields.insert("override_reason".into(), json!("nobody else is there who could decide"));
        }
        let handed =
            encode(&approval_kind, &fields, true).map_err(|problems| Error::fields("the approval is not kept", problems))?;
        let approval = self.create_encoded(&approval_kind, handed, Completeness::Whole)?;
        let cause = Value::List([Value::text(approval.to_string())].into());
        let draft = Draft {
            id,
            action: Action::SetAside,
            revision,
            state: Arc::from(SET_ASIDE),
            body: body([("reason", Value::text(reason)), ("cause", cause)]),
        };
        self.write(draft)?;
        Ok(approval)
    }
}

/// Whether a person may set a record aside.
///
/// # Errors
/// Refused for kinds that end by transitions of their own, for what is set aside already, and for its maker while there is anybody else.
pub fn may_set_aside(entry: Entry<'_>, person: Id) -> Result<Allowed> {
    let (kind, id, view) = (entry.kind(), entry.id(), entry.view());
    refuse_never(kind)?;
    if entry.is_set_aside() {
        return Err(
            Error::refused(format!("{id} was set aside already")).hint("it stays readable; create a new record in its place")
        );
    }
    let is_maker = entry.revisions().any(|leaf| leaf.actor.person() == Some(person));
    let alone = view.all("person").filter(|person| person.is("active")).count() < 2;
    if is_maker && !alone {
        let maker = label(view, person);
        return Err(Error::refused(format!("{maker} made {id} and may not set it aside alone")).hint("ask another person to do it"));
    }
    Ok(if is_maker { Allowed::NobodyElse } else { Allowed::Plainly })
}

/// Refuses kinds that end by transitions of their own.
fn refuse_never(kind: &Kind) -> Result<()> {
    if NEVER.contains(&kind.name.as_str()) {
        let ends: Vec<&str> = kind.transitions.iter().map(|way| way.to.as_str()).filter(|to| !kind.is_settled(to)).collect();
        let hint = if ends.is_empty() {
            "revise it or add what corrects it".to_owned()
        } else {
            format!("it ends by its own transitions: {}", ends.join(", "))
        };
        return Err(Error::refused(format!("a record of kind `{}` is not set aside", kind.name)).hint(hint));
    }
    Ok(())
}
