//! Decisions about exact revisions: approve, refuse, return, withdraw (FORMATS §2).

use std::sync::Arc;

use serde_json::{Map, Value as Json, json};
use vouch_conform::Entry;
use vouch_conform::view::Asker;
use vouch_record::condition::Truth;
use vouch_record::kind::{ApprovalNeed, FieldType, Kind};
use vouch_record::state::Action;
use vouch_record::validate::{Handed, Problem, encode};
use vouch_record::{Id, Value};

use crate::error::{self, Error, Result};
use crate::people::{Allowed, label, may_approve, named};
use crate::record::{Completeness, unknown};
use crate::transition::{Step, starting_states};
use crate::work::{Draft, Work, body};

/// Purposes that stand by themselves: they look at a record without moving it.
const WITHOUT_WAY: [&str; 2] = ["review", "verify"];

/// A decision to be written.
#[derive(Clone, Debug, Default)]
pub struct Decision {
    /// what kind of decision
    pub purpose: String,
    /// `approved`, `rejected` or `returned`
    pub decision: String,
    /// why
    pub reason: String,
    /// the revision decided about; the head if absent
    pub revision: Option<u32>,
    /// the state it leads to; where absent, the first one that waits for such a decision
    pub to: Option<String>,
    /// fields that go with the transition it makes
    pub set: Map<String, Json>,
    /// further fields of the approval: capacity, conditions, valid_until, on_behalf_of, meeting, votes, override and its reason
    pub more: Map<String, Json>,
}

/// What a decision did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// the approval record
    pub approval: Id,
    /// the state the subject is in now
    pub state: String,
    /// whether it moved by this decision
    pub moved: bool,
    /// approvals that are still wanted
    pub wanted: Vec<String>,
}

/// A way that a decision belongs to.
struct Route {
    way: usize,
    allowed: Allowed,
}

impl Work<'_> {
    /// Decides about a record's revision and makes the transition that needs it, in the same unit of work.
    ///
    /// # Errors
    /// Refused when the person may not decide, nothing waits for the purpose, or the revision is not the head's.
    pub fn approve(&mut self, subject: Id, decision: &Decision) -> Result<Decided> {
        let person = self.person()?;
        let kind = self.kind_of(subject)?;
        self.check_decision(&kind, subject, decision)?;
        let route = match decision.decision.as_str() {
            "returned" => self.route_returned(&kind, subject, decision, person)?,
            _ => self.route(&kind, subject, decision, person)?,
        };
        let overridden = route.as_ref().is_some_and(|route| route.allowed == Allowed::NobodyElse);
        let approval = self.write_approval(subject, decision, person, overridden)?;
        let Some(route) = route else { return self.without_way(&kind, subject, decision, approval) };
        let wanted = if decision.decision == "approved" { self.still_wanted(&kind, route.way, subject)? } else { Vec::new() };
        if wanted.is_empty() {
            let to = kind.transitions[route.way].to.clone();
            let cause = self.causes(&kind, route.way, subject, approval);
            let step = Step { id: subject, to: &to, reason: &decision.reason, set: &decision.set, cause };
            self.make(&kind, &route.way, step)?;
        }
        Ok(Decided { approval, state: self.state_of(subject)?, moved: wanted.is_empty(), wanted })
    }

    fn check_decision(&self, kind: &Kind, subject: Id, decision: &Decision) -> Result<()> {
        if decision.reason.trim().is_empty() {
            return Err(Error::invalid("a decision has a reason, also a yes").hint("add `--reason TEXT`"));
        }
        let head = self.head_revision(subject)?;
        if let Some(revision) = decision.revision.filter(|revision| *revision != head) {
            let message = format!("{subject}@{revision} is not the head; the head is {subject}@{head}");
            return Err(Error::new(error::Kind::Conflict, message).hint("read the head and decide about it"));
        }
        if kind.name == "approval" {
            return Err(Error::refused("an approval is not approved").hint("it can be withdrawn with `vouch move`"));
        }
        let view = self.view();
        let set_aside = view.find(subject).is_some_and(|entry| entry.is_set_aside());
        if set_aside {
            Err(Error::refused(format!("{subject} was set aside")).hint("it stays readable; create a new record in its place"))
        } else {
            Ok(())
        }
    }

    /// The way this decision belongs to; none for a review or verification that moves nothing.
    fn route(&self, kind: &Kind, subject: Id, decision: &Decision, person: Id) -> Result<Option<Route>> {
        let view = self.view();
        let entry = view.find(subject).ok_or_else(|| unknown(subject))?;
        let asker = Asker::new(&view, Some(person)).of_head(subject);
        let mut refusal = None;
        // A decision that could lead to several states leads to the first, never to another because the person may not do that:
        // who approves a plan shall not void it.
        let mut meant = decision.to.as_deref();
        for state in starting_states(entry.standing(), entry) {
            for (way, spec) in kind.transitions.iter().enumerate() {
                if !spec.from.contains(&state) || !fits(spec.to.as_str(), &state, decision) || meant.is_some_and(|to| to != spec.to)
                {
                    continue;
                }
                for wanted in &spec.approvals {
                    let applies = wanted.when.as_ref().is_none_or(|when| when.holds(subject, &asker) != Truth::No);
                    if !applies || wanted.decision != decision.decision || !wanted.purposes.contains(&decision.purpose) {
                        continue;
                    }
                    meant = Some(spec.to.as_str());
                    match may_approve(entry, spec, wanted, person) {
                        Ok(allowed) => return Ok(Some(Route { way, allowed })),
                        Err(error) => refusal = Some(refusal.unwrap_or(error)),
                    }
                }
            }
        }
        if let Some(refusal) = refusal {
            return Err(refusal);
        }
        if WITHOUT_WAY.contains(&decision.purpose.as_str()) {
            return Ok(None);
        }
        Err(nothing_waits(kind, entry, decision))
    }

    /// A returned decision may be given by whoever could have approved.
    fn route_returned(&self, kind: &Kind, subject: Id, decision: &Decision, person: Id) -> Result<Option<Route>> {
        let approving = Decision { decision: "approved".to_owned(), ..decision.clone() };
        self.route(kind, subject, &approving, person).map(|_| None)
    }

    fn write_approval(&mut self, subject: Id, decision: &Decision, person: Id, nobody_else: bool) -> Result<Id> {
        let kind = self.kind("approval")?;
        let (revision, commitment, shown) = self.shown(subject)?;
        let mut fields = decision.more.clone();
        fields.insert("subject".into(), json!(subject.to_string()));
        fields.insert("subject_revision".into(), json!(revision));
        fields.insert("subject_commitment".into(), json!(commitment));
        fields.insert("shown".into(), json!(shown));
        fields.insert("purpose".into(), json!(decision.purpose));
        fields.insert("decision".into(), json!(decision.decision));
        fields.insert("by".into(), json!(person.to_string()));
        fields.insert("at".into(), json!(vouch_record::time::format_instant(self.at())));
        fields.insert("reason".into(), json!(decision.reason));
        fields.insert("sign_in".into(), json!(self.acting().sign_in));
        if nobody_else {
            fields.insert("override".into(), json!("own_work"));
            fields.insert("override_reason".into(), json!("nobody else is there who could decide"));
        }
        let handed = encode(&kind, &fields, true).map_err(|problems| Error::fields("the approval is not kept", problems))?;
        self.create_encoded(&kind, handed, Completeness::Whole)
    }

    /// Head revision, its commitment, and the computed values that the approver sees.
    fn shown(&self, subject: Id) -> Result<(u32, String, String)> {
        let view = self.view();
        let entry = view.find(subject).ok_or_else(|| unknown(subject))?;
        let head = entry.standing().head.leaf(entry.record());
        let mut shown = Vec::new();
        // A list is never among them, so none is computed: those of a statement ask the rules of every requirement.
        let is_one = |name: &str| matches!(entry.kind().derived(name).map(|spec| &spec.kind), Some(FieldType::One(_)));
        for derived in vouch_conform::derived::table(&entry.kind().name).iter().filter(|derived| is_one(derived.name)) {
            let text = vouch_conform::derived::value(entry, derived.name).map(|value| vouch_conform::view::val_to_json(&value));
            match text {
                Some(Json::String(text)) if text.len() <= 60 => shown.push(format!("{}: {text}", derived.name)),
                Some(Json::Bool(truth)) => shown.push(format!("{}: {truth}", derived.name)),
                Some(Json::Number(number)) => shown.push(format!("{}: {number}", derived.name)),
                _ => {}
            }
        }
        Ok((head.revision, vouch_ledger::hex(&head.commitment), shown.join("; ")))
    }

    /// Approvals of a way that are still wanted, in words.
    fn still_wanted(&self, kind: &Kind, way: usize, subject: Id) -> Result<Vec<String>> {
        let view = self.view();
        let entry = view.find(subject).ok_or_else(|| unknown(subject))?;
        let spec = &kind.transitions[way];
        let asker = Asker::new(&view, self.acting().actor.person()).of_head(subject);
        let mut wanted = Vec::new();
        for need in &spec.approvals {
            if need.decision != "approved" || need.when.as_ref().is_some_and(|when| when.holds(subject, &asker) == Truth::No) {
                continue;
            }
            let given: Vec<Id> = givers(entry, need).into_iter().filter(|by| may_approve(entry, spec, need, *by).is_ok()).collect();
            if need.every {
                let persons = need.by.iter().flat_map(|term| named(entry, term, spec));
                wanted.extend(persons.filter(|person| !given.contains(person)).map(|person| label(&view, person)));
            } else if given.is_empty() {
                wanted.push(format!("purpose {}: {}", need.purposes.join(" or "), spec.needs));
            }
        }
        Ok(wanted)
    }

    /// Every standing approval that the way rests on, the one just given last.
    fn causes(&self, kind: &Kind, way: usize, subject: Id, last: Id) -> Vec<Id> {
        let view = self.view();
        let Some(entry) = view.find(subject) else { return vec![last] };
        let purposes: Vec<&String> = kind.transitions[way].approvals.iter().flat_map(|need| &need.purposes).collect();
        let head = entry.standing().head.leaf(entry.record()).revision;
        let since = entry.transitions().next_back().map_or(0, |leaf| leaf.seq);
        let counts = |given: &vouch_conform::view::Given<'_>| {
            given.revision() == head
                && given.entry.made().seq > since
                && purposes.iter().any(|p| given.entry.text("purpose") == Some(p))
        };
        let mut causes: Vec<Id> = entry.given().into_iter().filter(counts).map(|given| given.entry.id()).collect();
        causes.retain(|id| *id != last);
        causes.push(last);
        causes
    }

    /// A returned decision leads to draft. A review that changes nothing is a transition from the state to itself with the new
    /// day in `set`, where the kind has one; else a review or verification moves nothing.
    fn without_way(&mut self, kind: &Arc<Kind>, subject: Id, decision: &Decision, approval: Id) -> Result<Decided> {
        let before = self.state_of(subject)?;
        if decision.decision == "returned" && before != kind.first_state() {
            let to = kind.draft().unwrap_or_else(|| kind.first_state()).to_owned();
            self.write_step(subject, (&before, &to), &decision.reason, approval, Vec::new())?;
        } else if !decision.set.is_empty() {
            let set = review_set(kind, subject, decision)?;
            self.write_step(subject, (&before, &before), &decision.reason, approval, set)?;
            self.judge(subject, &format!("the review of {subject} is not kept"))?;
        }
        let state = self.state_of(subject)?;
        Ok(Decided { approval, moved: state != before, state, wanted: Vec::new() })
    }

    /// Writes a transition that an approval caused.
    fn write_step(&mut self, id: Id, (from, to): (&str, &str), reason: &str, cause: Id, set: Handed) -> Result<()> {
        let revision = self.head_revision(id)?;
        let cause = Value::List([Value::text(cause.to_string())].into());
        let mut members =
            vec![("from", Value::text(from)), ("to", Value::text(to)), ("reason", Value::text(reason)), ("cause", cause)];
        if !set.is_empty() {
            members.push(("set", Value::map(set)));
        }
        self.write(Draft { id, action: Action::Transition, revision, state: Arc::from(to), body: body(members) })?;
        Ok(())
    }

    fn state_of(&self, id: Id) -> Result<String> {
        let view = self.view();
        view.find(id).map(|entry| entry.standing().state.to_string()).ok_or_else(|| unknown(id))
    }

    /// Withdraws an approval and undoes the transition it made, if the subject is still in that state.
    pub(crate) fn withdraw(&mut self, approval: Id, reason: &str) -> Result<()> {
        let person = self.person()?;
        let (subject, undo) = {
            let view = self.view();
            let entry = view.find(approval).ok_or_else(|| unknown(approval))?;
            if !entry.is("given") {
                return Err(Error::refused(format!("{approval} is {} already", entry.state())));
            }
            let giver = entry.text("by").and_then(|by| by.parse::<Id>().ok());
            if giver != Some(person) && !view.top_management().contains(&person) {
                let hint = giver.map_or_else(
                    || "ask top management".to_owned(),
                    |giver| format!("ask {} or top management", label(&view, giver)),
                );
                return Err(Error::refused("an approval is withdrawn by who gave it, or by top management").hint(hint));
            }
            let subject = entry.text("subject").and_then(|id| id.parse::<Id>().ok()).ok_or_else(|| unknown(approval))?;
            let made = view.find(subject).and_then(|entry| {
                let last = entry.transitions().next_back()?;
                (last.causes().any(|id| id == approval) && last.state == entry.standing().state)
                    .then(|| (last.from().map(str::to_owned), last.state.clone()))
            });
            (subject, made)
        };
        let revision = self.head_revision(approval)?;
        let members = [("from", Value::text("given")), ("to", Value::text("withdrawn")), ("reason", Value::text(reason))];
        self.write(Draft {
            id: approval,
            action: Action::Transition,
            revision,
            state: Arc::from("withdrawn"),
            body: body(members),
        })?;
        if let Some((Some(back), now)) = undo {
            self.write_step(subject, (&now, &back), reason, approval, Vec::new())?;
        }
        Ok(())
    }
}

/// Whether a way fits a decision: a review of what stays as it is leads to the same state; a yes leads elsewhere unless the kind
/// says so.
fn fits(to: &str, state: &str, decision: &Decision) -> bool {
    decision.decision != "returned" && (to != state || decision.decision == "approved")
}

/// Who gave an approval that counts for a need, on the head as it is since the last transition.
fn givers(entry: Entry<'_>, need: &ApprovalNeed) -> Vec<Id> {
    let head = entry.standing().head.leaf(entry.record()).revision;
    let since = entry.transitions().next_back().map_or(0, |leaf| leaf.seq);
    entry
        .given()
        .into_iter()
        .filter(|given| given.revision() == head && given.entry.made().seq > since)
        .filter(|given| given.entry.text("decision") == Some("approved"))
        .filter(|given| need.purposes.iter().any(|purpose| given.entry.text("purpose") == Some(purpose)))
        .filter_map(|given| given.by())
        .collect()
}

/// What a review may set: the next day on which the record is looked at.
fn review_set(kind: &Kind, subject: Id, decision: &Decision) -> Result<Handed> {
    let other = decision.set.keys().find(|name| *name != "review_by" || kind.field("review_by").is_none());
    if let Some(name) = other {
        let problem = Problem::of(
            name,
            "",
            "a review that changes nothing sets only the next review day",
            "revise the record for anything else",
        );
        return Err(Error::fields(format!("the review of {subject} is not kept"), vec![problem]));
    }
    encode(kind, &decision.set, false).map_err(|problems| Error::fields(format!("the review of {subject} is not kept"), problems))
}

fn nothing_waits(kind: &Kind, entry: Entry<'_>, decision: &Decision) -> Error {
    let states = starting_states(entry.standing(), entry);
    let waits: Vec<String> = kind
        .transitions
        .iter()
        .filter(|way| way.from.iter().any(|state| states.contains(state)))
        .flat_map(|way| {
            way.approvals
                .iter()
                .map(move |need| format!("purpose {} decision {} ({})", need.purposes.join("/"), need.decision, way.to))
        })
        .collect();
    let hint = if waits.is_empty() {
        "move it on with `vouch move` first".to_owned()
    } else {
        format!("it waits for {}", waits.join("; "))
    };
    let message = format!(
        "{} is {}; nothing there waits for purpose {} decision {}",
        entry.id(),
        states[0],
        decision.purpose,
        decision.decision
    );
    Error::refused(message).hint(hint)
}
