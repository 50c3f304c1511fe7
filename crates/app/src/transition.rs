//! Moving a record from state to state. A transition that wants an approval is made by the approval (FORMATS §2).

use std::sync::Arc;

use serde_json::{Map, Value as Json};
use vouch_conform::Entry;
use vouch_conform::view::{Asker, val_to_json};
use vouch_record::condition::Truth;
use vouch_record::kind::{FieldSpec, FieldType, Kind, Transition, Written};
use vouch_record::state::{Action, Standing};
use vouch_record::validate::{Handed, Problem, encode};
use vouch_record::{Id, Value};

use crate::effect;
use crate::error::{Error, Result};
use crate::people::{Asked, may};
use crate::record::{Completeness, unknown};
use crate::work::{Draft, Work, body};

/// A transition to be made.
pub(crate) struct Step<'s> {
    pub(crate) id: Id,
    pub(crate) to: &'s str,
    pub(crate) reason: &'s str,
    pub(crate) set: &'s Map<String, Json>,
    pub(crate) cause: Vec<Id>,
}

impl Work<'_> {
    /// Moves a record into a state, for a reason; `set` holds the fields that go with the new state.
    ///
    /// # Errors
    /// Invalid or refused, naming what is missing and who could do it; refused where an approval makes the transition.
    pub fn transition(&mut self, id: Id, to: &str, set: &Map<String, Json>, reason: &str) -> Result<()> {
        let kind = self.kind_of(id)?;
        if reason.trim().is_empty() {
            return Err(Error::invalid("a transition has a reason").hint("add `--reason TEXT`"));
        }
        if id.prefix() == "APV" && to == "withdrawn" {
            return self.withdraw(id, reason);
        }
        let ways = self.ways(&kind, id, to)?;
        let step = Step { id, to, reason, set, cause: Vec::new() };
        let mut refusal = None;
        for way in &ways {
            match self.try_way(&kind, way, &step) {
                Ok(()) => return self.make(&kind, way, step),
                Err(error) => refusal = Some(refusal.unwrap_or(error)),
            }
        }
        Err(refusal.unwrap_or_else(|| Error::refused(format!("nothing leads {id} to `{to}`"))))
    }

    /// The indices of the ways that lead a record to a state and that people may take.
    fn ways(&self, kind: &Kind, id: Id, to: &str) -> Result<Vec<usize>> {
        if kind.state_rank(to).is_none() {
            return Err(Error::invalid(format!("`{to}` is no state of {}", kind.name))
                .hint(format!("its states are {}", kind.states.join(", "))));
        }
        let view = self.view();
        let entry = view.find(id).ok_or_else(|| unknown(id))?;
        if entry.is_set_aside() {
            return Err(Error::refused(format!("{id} was set aside")).hint("it stays readable; create a new record in its place"));
        }
        let machine = matches!(self.acting().actor, vouch_record::state::Actor::Machine(_));
        let from = starting_states(entry.standing(), entry);
        let mut ways = Vec::new();
        for state in &from {
            let fits = |way: &Transition| way.to == to && way.from.iter().any(|s| s == state) && (way.who == "machine") == machine;
            ways.extend(kind.transitions.iter().enumerate().filter(|(_, way)| fits(way)).map(|(at, _)| at));
            if !ways.is_empty() {
                return Ok(ways);
            }
        }
        let open: Vec<&str> = kind
            .transitions
            .iter()
            .filter(|way| way.from.iter().any(|s| from.contains(s)) && way.who != "machine")
            .map(|way| way.to.as_str())
            .collect();
        let state = entry.standing().state.clone();
        let hint = if open.is_empty() {
            format!("nothing leaves `{state}`")
        } else {
            format!("from `{state}` it goes to {}", open.join(", "))
        };
        Err(Error::refused(format!("{id} is {state} and cannot become {to}")).hint(hint))
    }

    /// Whether the actor may take this way now.
    fn try_way(&self, kind: &Kind, way: &usize, step: &Step<'_>) -> Result<()> {
        let way = &kind.transitions[*way];
        let view = self.view();
        let entry = view.find(step.id).ok_or_else(|| unknown(step.id))?;
        let asker = Asker::new(&view, self.acting().actor.person()).of_head(step.id);
        let needed = |need: &&vouch_record::kind::ApprovalNeed| {
            need.when.as_ref().is_none_or(|when| when.holds(step.id, &asker) != Truth::No)
        };
        if let Some(need) = way.approvals.iter().find(needed) {
            let purpose = need.purposes.first().map_or("approve", String::as_str);
            let hint = format!(
                "use `vouch approve {} --purpose {purpose} --decision {} --to {} --reason TEXT`",
                step.id, need.decision, step.to
            );
            return Err(Error::refused(format!("{} becomes {} by an approval: {}", step.id, step.to, way.needs)).hint(hint));
        }
        if way.who == "machine" {
            return Ok(());
        }
        let person = self.person()?;
        may(entry, way, &Asked { by: &way.by, not: &way.not_by, who: &way.who }, person).map(|_| ())
    }

    /// Writes a transition and judges what comes of it.
    pub(crate) fn make(&mut self, kind: &Arc<Kind>, way: &usize, step: Step<'_>) -> Result<()> {
        let way = &kind.transitions[*way];
        let from = {
            let view = self.view();
            let entry = view.find(step.id).ok_or_else(|| unknown(step.id))?;
            let states = starting_states(entry.standing(), entry);
            states.into_iter().find(|state| way.from.contains(state)).unwrap_or_else(|| entry.standing().state.to_string())
        };
        self.write_content(kind, way, &step)?;
        let set = self.set_of(kind, way, &step)?;
        self.check_links(kind, &set)?;
        let revision = self.head_revision(step.id)?;
        let mut members = vec![("from", Value::text(from)), ("to", Value::text(step.to)), ("reason", Value::text(step.reason))];
        if !step.cause.is_empty() {
            members.push(("cause", Value::List(step.cause.iter().map(|id| Value::text(id.to_string())).collect())));
        }
        if !set.is_empty() {
            members.push(("set", Value::map(set)));
        }
        let draft = Draft { id: step.id, action: Action::Transition, revision, state: Arc::from(step.to), body: body(members) };
        self.write(draft)?;
        self.judge_way(way, step.id, step.to)?;
        effect::after(self, kind, step.id, step.to)
    }

    /// What the transition writes: fields given with it, and those that the program writes.
    fn set_of(&self, kind: &Kind, way: &Transition, step: &Step<'_>) -> Result<Handed> {
        if let Some(name) = step.set.keys().find(|name| !way.set.contains(name)) {
            let may: Vec<&str> = way.set.iter().map(String::as_str).collect();
            let hint = if may.is_empty() {
                "nothing is given with it; revise the record first".to_owned()
            } else {
                format!("with it go {}", may.join(", "))
            };
            let problem = Problem::of(name, "", format!("it does not go with the step to `{}`", step.to), hint);
            return Err(Error::fields(format!("{} does not become {}", step.id, step.to), vec![problem]));
        }
        let mut set = encode(kind, step.set, false)
            .map_err(|problems| Error::fields(format!("{} does not become {}", step.id, step.to), problems))?;
        set.retain(|(_, value)| !value.is_empty());
        let written = self.written(kind, way, step, |field, written| !is_content(field, written))?;
        set.extend(written.into_iter().filter(|(_, value)| !value.is_empty()));
        Ok(set)
    }

    /// What the program writes and an approver decides about (frozen rows, say) stands in a revision of its own before the
    /// transition, so that the signature covers it.
    fn write_content(&mut self, kind: &Arc<Kind>, way: &Transition, step: &Step<'_>) -> Result<()> {
        let content = self.written(kind, way, step, is_content)?;
        if content.is_empty() {
            return Ok(());
        }
        self.revise_encoded(kind, step.id, content, Completeness::Imported).map(|_| ())
    }

    /// The fields that the program writes with a way, encoded.
    fn written(
        &self,
        kind: &Kind,
        way: &Transition,
        step: &Step<'_>,
        wanted: impl Fn(&FieldSpec, &Written) -> bool,
    ) -> Result<Handed> {
        let view = self.view();
        let asker = Asker::new(&view, self.acting().actor.person()).of_head(step.id);
        let mut fields = Map::new();
        for (name, written) in &way.writes {
            let Some(field) = kind.field(name).filter(|field| wanted(field, written)) else { continue };
            let json = match written {
                Written::Today => Json::from(view.today().to_string()),
                Written::Now => Json::from(vouch_record::time::format_instant(self.at())),
                Written::Actor => self.acting().actor.person().map_or(Json::Null, |id| Json::from(id.to_string())),
                Written::Empty => Json::Null,
                Written::SignIn => Json::from(self.acting().sign_in),
                Written::Value(expression) => val_to_json(&expression.value(step.id, &asker)),
            };
            fields.insert(field.name.clone(), json);
        }
        encode(kind, &fields, true).map_err(|problems| Error::fields(format!("{} does not become {}", step.id, step.to), problems))
    }

    /// The needs of a way, looked at as the record would be after it.
    fn judge_way(&mut self, way: &Transition, id: Id, to: &str) -> Result<()> {
        let what = format!("{id} does not become {to}");
        let view = self.view();
        let asker = Asker::new(&view, self.acting().actor.person()).of_head(id);
        let mut problems = Vec::new();
        for requirement in &way.requires {
            match requirement.condition.holds(id, &asker) {
                Truth::Yes => {}
                Truth::No => problems.push(Problem::of("state", to, requirement.say.as_str(), way.needs.as_str())),
                Truth::Undecided(why) => {
                    problems.push(Problem::of(
                        "state",
                        to,
                        format!("{}: it cannot be decided, {why}", requirement.say),
                        way.needs.as_str(),
                    ));
                }
            }
        }
        if !problems.is_empty() {
            return Err(Error::fields(what, problems));
        }
        drop(view);
        // Ways out of work that is given up do not ask for what it lacks.
        self.judge(id, &what)
    }

    /// Refuses when a link names another revision than the head.
    ///
    /// # Errors
    /// Conflict with both numbers; not found for an unknown record.
    pub fn expect_head(&self, link: vouch_record::Link) -> Result<()> {
        let head = self.head_revision(link.id)?;
        match link.revision {
            Some(revision) if revision != head => {
                let message = format!("{link} is not the head; the head is {}@{head}", link.id);
                Err(Error::new(crate::error::Kind::Conflict, message).hint("read the head and decide about it"))
            }
            _ => Ok(()),
        }
    }

    /// Number of the head revision.
    pub(crate) fn head_revision(&self, id: Id) -> Result<u32> {
        let view = self.view();
        let entry = view.find(id).ok_or_else(|| unknown(id))?;
        Ok(entry.standing().head.leaf(entry.record()).revision)
    }
}

/// Whether what the program writes is content that is decided about, and not a date or a name that goes with the new state.
fn is_content(field: &FieldSpec, written: &Written) -> bool {
    match written {
        Written::Today | Written::Now | Written::Actor | Written::SignIn => false,
        Written::Empty => true,
        Written::Value(_) => !matches!(field.kind, FieldType::One(_)),
    }
}

/// The states a transition may start from: that of the head, then, while the head is proposed, that of the revision in force.
pub(crate) fn starting_states(standing: &Standing, entry: Entry<'_>) -> Vec<String> {
    let mut states = vec![standing.state.to_string()];
    if standing.is_proposed() {
        states.push(standing.shown_state(entry.record()).to_owned());
    }
    states
}
