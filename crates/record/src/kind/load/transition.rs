//! Transitions and the words that name persons in them.

use std::collections::HashSet;

use crate::condition::{Condition, Scopes};

use super::super::{ApprovalNeed, Machine, PersonTerm, Requirement, Transition, Written};
use super::raw::{OneOrMany, RawTransition};

pub(super) fn transition(raw: RawTransition, scopes: &Scopes<'_>, roles: &HashSet<String>) -> Result<Transition, String> {
    let kind = scopes.kind;
    let condition = |text: &str| Condition::parse(text, scopes);
    let from = raw.from.into_vec();
    if let Some(unknown) = from.iter().chain([&raw.to]).find(|state| !kind.states.contains(state)) {
        return Err(format!("unknown state `{unknown}`"));
    }
    if let Some(unknown) = raw.set.iter().chain(raw.writes.keys()).find(|name| kind.field(name).is_none()) {
        return Err(format!("sets unknown field `{unknown}`"));
    }
    let people = |words: Vec<String>| words.iter().map(|word| person_term(word, scopes, roles)).collect::<Result<Vec<_>, _>>();
    let machine = match (raw.machine.as_deref(), raw.when) {
        (None, None) => None,
        (Some("computed"), Some(when)) => Some(Machine::Computed(condition(&when)?)),
        (Some("connector"), None) => Some(Machine::Connector),
        _ => return Err("machine is `computed` with a `when`, or `connector`".into()),
    };
    let mut approvals = Vec::new();
    for need in raw.approvals {
        approvals.push(ApprovalNeed {
            purposes: need.purpose.map_or_else(|| vec!["approve".to_owned()], OneOrMany::into_vec),
            decision: need.decision.unwrap_or_else(|| "approved".to_owned()),
            by: people(need.by)?,
            not: people(need.not)?,
            capacity: need.capacity,
            when: need.when.as_deref().map(condition).transpose()?,
            on_behalf: need.on_behalf,
            every: need.every,
        });
    }
    let mut requires = Vec::new();
    for requirement in raw.requires {
        requires.push(Requirement { condition: condition(&requirement.condition)?, say: requirement.say });
    }
    let mut writes = Vec::new();
    for (field, what) in raw.writes {
        let written = match what.as_str() {
            "today" => Written::Today,
            "now" => Written::Now,
            "actor" => Written::Actor,
            "empty" => Written::Empty,
            "sign_in" => Written::SignIn,
            expression => Written::Value(condition(expression)?),
        };
        writes.push((field, written));
    }
    Ok(Transition {
        from,
        to: raw.to,
        needs: raw.needs,
        who: raw.who,
        by: people(raw.by)?,
        not_by: people(raw.not_by)?,
        machine,
        approvals,
        requires,
        set: raw.set,
        writes,
    })
}

fn person_term(word: &str, scopes: &Scopes<'_>, roles: &HashSet<String>) -> Result<PersonTerm, String> {
    let path = |word: &str| word.split('.').map(str::to_owned).collect::<Vec<_>>();
    Ok(match word {
        "author" => PersonTerm::Author,
        "maker" => PersonTerm::Maker,
        "approver" => PersonTerm::Approver,
        "top_management" => PersonTerm::TopManagement,
        "record_owner" => PersonTerm::Path(vec!["owner".into()]),
        "committee_chair" => PersonTerm::Path(vec!["chair".into()]),
        _ => {
            if let Some(state) = word.strip_prefix("mover(").and_then(|rest| rest.strip_suffix(')')) {
                return if scopes.kind.states.iter().any(|s| s == state) {
                    Ok(PersonTerm::Mover(state.to_owned()))
                } else {
                    Err(format!("unknown state in `{word}`"))
                };
            }
            let first = word.split('.').next().unwrap_or_default();
            let known = scopes.kind.field(first).is_some() || scopes.kind.derived(first).is_some();
            match (known, roles.contains(word)) {
                (true, false) => PersonTerm::Path(path(word)),
                (false, true) | (true, true) => PersonTerm::Role(word.to_owned()),
                (false, false) if word == "certification_auditor" => PersonTerm::Role(word.to_owned()),
                (false, false) => return Err(format!("`{word}` names no person field, role or known word")),
            }
        }
    })
}
