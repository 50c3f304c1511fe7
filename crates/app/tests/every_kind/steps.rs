//! Takes each way between states that people may take, once for each kind, answering what a refusal names.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use serde_json::{Map, Value};
use vouch_app::{Decision, Error};
use vouch_record::Id;
use vouch_record::kind::{FieldType, Kind, PersonTerm, Required, Scalar, Target, Transition};
use vouch_record::validate::Problem;

use super::walker::{PERSONS, Walker, acting};

/// Most rounds of answering refusals of one step.
const ROUNDS: usize = 24;

/// Why a way is not tried again within itself.
const LOOP: &str = "it leads back to itself";

/// What became of the ways of all kinds.
#[derive(Default)]
pub(crate) struct Walked {
    /// kind and way, with what the last refusal said
    pub(crate) unreached: BTreeMap<(String, String), String>,
    /// ways that were taken
    pub(crate) taken: BTreeSet<(String, String)>,
    pool: HashMap<(String, String), Vec<Id>>,
    trying: BTreeSet<(String, usize)>,
}

/// A way as the lists of this test name it.
pub(crate) fn named(way: &Transition) -> String {
    format!("{} → {}", way.from.join("/"), way.to)
}

impl Walked {
    /// Takes every way of a kind that people may take.
    pub(crate) fn all(&mut self, walker: &mut Walker, kind: &Arc<Kind>) {
        for (at, way) in kind.transitions.iter().enumerate().filter(|(_, way)| way.who != "machine") {
            if self.taken.contains(&(kind.name.clone(), named(way))) {
                continue;
            }
            if let Err(why) = self.take(walker, kind, at) {
                self.unreached.insert((kind.name.clone(), named(way)), why);
            }
        }
        // A way of the same name that was taken later counts for both.
        self.unreached.retain(|key, _| !self.taken.contains(key));
    }

    /// The organisation and an approval, which are begun by verbs of their own.
    pub(crate) fn founder(&mut self, walker: &mut Walker) {
        for (kind, id) in [("organisation", "ORG-1"), ("approval", "APV-1")] {
            let kind = walker.kind(kind);
            for (at, way) in kind.transitions.iter().enumerate().filter(|(_, way)| way.who != "machine") {
                let step = Step { kind: &kind, way: &kind.transitions[at], id: id.parse().unwrap() };
                match step.make(self, walker) {
                    Ok(()) => drop(self.taken.insert((kind.name.clone(), named(way)))),
                    Err(why) => drop(self.unreached.insert((kind.name.clone(), named(way)), why)),
                }
            }
        }
    }

    /// A record of a kind in a state, made by taking the ways that lead there.
    pub(crate) fn in_state(&mut self, walker: &mut Walker, kind: &Arc<Kind>, state: &str) -> Result<Id, String> {
        let pooled = self.pool.get_mut(&(kind.name.clone(), state.to_owned())).and_then(Vec::pop);
        if let Some(id) = pooled.filter(|id| walker.app.state(*id) == state) {
            return Ok(id);
        }
        if kind.beginning(None) == state {
            return walker.create(&kind.name).map_err(|error| error.to_string());
        }
        if kind.first_state() == state {
            // Where `draft` is not the first state, a record begins in that one when its origin says so.
            let mut fields = super::recipes::of(&kind.name);
            fields.insert("origin".to_owned(), Value::from(state));
            return walker.create_with(&kind.name, fields).map_err(|error| error.to_string());
        }
        let mut why = format!("no way leads to {state}");
        for at in 0..kind.transitions.len() {
            let way = &kind.transitions[at];
            if way.to != state || way.who == "machine" || way.from.iter().any(|from| from == state) {
                continue;
            }
            match self.take(walker, kind, at) {
                Ok(id) => return Ok(id),
                Err(said) if said != LOOP => why = said,
                Err(_) => {}
            }
        }
        Err(why)
    }

    /// Takes one way with a record of its own, which comes back in the new state.
    fn take(&mut self, walker: &mut Walker, kind: &Arc<Kind>, at: usize) -> Result<Id, String> {
        let way = &kind.transitions[at];
        let key = (kind.name.clone(), named(way));
        if let Some(why) = self.unreached.get(&key) {
            return Err(why.clone());
        }
        if !self.trying.insert((kind.name.clone(), at)) {
            return Err(LOOP.to_owned());
        }
        let mut outcome = Err(String::new());
        for from in &way.from {
            outcome = self.in_state(walker, kind, from).and_then(|id| Step { kind, way, id }.make(self, walker).map(|()| id));
            if outcome.is_ok() {
                break;
            }
        }
        self.trying.remove(&(kind.name.clone(), at));
        match &outcome {
            Ok(id) => {
                self.taken.insert(key);
                self.pool.entry((kind.name.clone(), way.to.clone())).or_default().push(*id);
            }
            Err(why) => {
                self.unreached.insert(key, why.clone());
            }
        }
        outcome
    }

    /// A record of a kind that is in force, if one can be had.
    fn settled(&mut self, walker: &mut Walker, kind: &str) -> Option<Id> {
        let kind = walker.kind(kind);
        kind.settled.iter().find_map(|state| {
            let id = self.in_state(walker, &kind, state).ok()?;
            self.pool.entry((kind.name.clone(), state.clone())).or_default().push(id);
            Some(id)
        })
    }
}

/// One way to be taken by one record.
struct Step<'s> {
    kind: &'s Arc<Kind>,
    way: &'s Transition,
    id: Id,
}

impl Step<'_> {
    fn make(&self, walked: &mut Walked, walker: &mut Walker) -> Result<(), String> {
        let mut set = Map::new();
        let mut said = String::new();
        self.prepare(walker, &mut set);
        for round in 0..ROUNDS {
            match self.attempt(walker, &set) {
                Ok(()) => return Ok(()),
                Err(error) => {
                    said = error.problems.first().map_or_else(|| error.to_string(), |problem| problem.reason.clone());
                    let mut moved = error.problems.is_empty() && self.ask_others(walker, &mut set, round);
                    for problem in &error.problems {
                        moved |= self.answer(walked, walker, problem, &mut set, round);
                    }
                    if !moved {
                        break;
                    }
                }
            }
        }
        Err(said)
    }

    /// Fills what the new state asks for, before anybody is asked to decide about it.
    fn prepare(&self, walker: &mut Walker, set: &mut Map<String, Value>) {
        for (name, value) in super::recipes::before(&self.kind.name, &named(self.way)) {
            self.give(walker, &name, value, set);
        }
        for field in &self.kind.fields {
            let wanted = field.required == Required::From(self.way.to.clone());
            let there = field.program || set.contains_key(&field.name) || walker.has(self.id, &field.name);
            if wanted
                && !there
                && let Some(value) = walker.value(field, 0)
            {
                self.give(walker, &field.name, value, set);
            }
        }
    }

    /// Names other persons where nobody may act, or changes what decides who may.
    fn ask_others(&self, walker: &mut Walker, set: &mut Map<String, Value>, round: usize) -> bool {
        let approvals = || self.way.approvals.iter();
        let terms = self.way.by.iter().chain(&self.way.not_by).chain(approvals().flat_map(|need| need.by.iter().chain(&need.not)));
        let mut names: Vec<String> = Vec::new();
        for term in terms {
            if let PersonTerm::Path(path) = term {
                names.extend(path.first().filter(|name| self.kind.field(name).is_some()).cloned());
            }
        }
        names.extend(approvals().filter_map(|need| need.when.as_ref()).flat_map(|when| fields_in(self.kind, when.text())));
        names.dedup();
        let Some(name) = names.get(round % names.len().max(1)) else { return false };
        let attempt = walker.bump(&self.id.to_string(), name);
        let field = self.kind.field(name).unwrap();
        walker.value(field, attempt).is_some_and(|value| self.give(walker, name, value, set)) || round < names.len()
    }

    /// Tries each person; the most telling refusal comes back: one that names fields.
    fn attempt(&self, walker: &mut Walker, set: &Map<String, Value>) -> Result<(), Error> {
        let mut refusal: Option<Error> = None;
        for person in PERSONS {
            let (id, to, set) = (self.id, self.way.to.clone(), set.clone());
            match walker.tried(|app| app.vouch.perform(acting(person), move |work| work.transition(id, &to, &set, "for the test")))
            {
                Ok(()) => return Ok(()),
                Err(error) if error.message.contains("by an approval") => break,
                Err(error) => keep(&mut refusal, error),
            }
        }
        for need in &self.way.approvals {
            for person in PERSONS {
                let decision = Decision {
                    purpose: need.purposes[0].clone(),
                    decision: need.decision.clone(),
                    reason: "for the test".to_owned(),
                    to: Some(self.way.to.clone()),
                    set: set.clone(),
                    ..Decision::default()
                };
                let id = self.id;
                walker.tick();
                match walker.tried(|app| app.vouch.perform(acting(person), move |work| work.approve(id, &decision))) {
                    Ok(decided) if decided.moved => return Ok(()),
                    Ok(_) => {}
                    Err(error) => keep(&mut refusal, error),
                }
            }
        }
        Err(refusal.unwrap_or_else(|| Error::refused("more approvals are wanted than these persons can give")))
    }

    /// Answers a problem: fills or changes the fields it names, or those that its condition looks at. Whether anything changed.
    fn answer(
        &self,
        walked: &mut Walked,
        walker: &mut Walker,
        problem: &Problem,
        set: &mut Map<String, Value>,
        round: usize,
    ) -> bool {
        if problem.field != "state" {
            let place = self.id.to_string();
            let answers = walker.answer(self.kind, &place, problem);
            return answers.into_iter().fold(false, |moved, (name, value)| self.give(walker, &name, value, set) || moved);
        }
        let Some(requirement) = self.way.requires.iter().find(|requirement| problem.reason.starts_with(&requirement.say)) else {
            return false;
        };
        if round == 0 && self.accompany(walked, walker, requirement.condition.text()) {
            return true;
        }
        let names = fields_in(self.kind, requirement.condition.text());
        if names.is_empty() {
            return false;
        }
        let name = &names[round % names.len()];
        let field = self.kind.field(name).unwrap();
        if let FieldType::One(Scalar::Link(Target::Kind(kind))) | FieldType::Set(Scalar::Link(Target::Kind(kind))) = &field.kind
            && kind != "person"
            && round < names.len()
            && let Some(id) = walked.settled(walker, kind)
        {
            return self.give(walker, name, Value::from(id.to_string()), set);
        }
        let attempt = walker.bump(&self.id.to_string(), name) - 1;
        if let Some(value) = walker.value(field, attempt) {
            self.give(walker, name, value, set);
        }
        // What did not help is followed by the next field or value.
        true
    }

    /// Makes the record that a condition looks for: `any(records(KIND), FIELD = this.id and state in (STATE, …))`.
    fn accompany(&self, walked: &mut Walked, walker: &mut Walker, text: &str) -> bool {
        let Some((kind, rest)) = text.strip_prefix("any(records(").and_then(|rest| rest.split_once("), ")) else { return false };
        let mut words = rest.split(' ');
        let (Some(field), Some(_), Some("this.id")) = (words.next(), words.next(), words.next()) else { return false };
        let kind = walker.kind(kind);
        let mut fields = super::recipes::of(&kind.name);
        fields.insert(field.to_owned(), Value::from(self.id.to_string()));
        let Ok(id) = walker.create_with(&kind.name, fields) else { return false };
        let wanted: Vec<&str> =
            rest.split("state ").nth(1).unwrap_or_default().split(|c: char| !(c.is_ascii_lowercase() || c == '_')).collect();
        let meant = |state: &str| wanted.is_empty() || wanted.contains(&state);
        for _ in 0..kind.states.len() {
            let state = walker.app.state(id);
            if meant(&state) {
                return true;
            }
            let onward = kind.transitions.iter().filter(|way| {
                way.who != "machine" && way.from.contains(&state) && kind.state_rank(&way.to) > kind.state_rank(&state)
            });
            if !onward.into_iter().any(|way| Step { kind: &kind, way, id }.make(walked, walker).is_ok()) {
                return false;
            }
        }
        false
    }

    /// Gives a field with the step where it goes with it, else revises the record.
    fn give(&self, walker: &mut Walker, name: &str, value: Value, set: &mut Map<String, Value>) -> bool {
        if self.way.set.iter().any(|field| field == name) {
            return set.insert(name.to_owned(), value.clone()) != Some(value);
        }
        if self.kind.field(name).is_none_or(|field| field.program) {
            return false;
        }
        let fields: Map<String, Value> = [(name.to_owned(), value)].into_iter().collect();
        walker.revise(self.id, fields).is_ok_and(|changed| changed)
    }
}

fn keep(refusal: &mut Option<Error>, error: Error) {
    let telling = |error: &Error| !error.problems.is_empty();
    if refusal.as_ref().is_none_or(|kept| telling(&error) && !telling(kept)) {
        *refusal = Some(error);
    }
}

/// The fields of a kind that a condition speaks of.
fn fields_in(kind: &Kind, text: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for word in text.split(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')) {
        if kind.field(word).is_some() && !names.iter().any(|name| name == word) {
            names.push(word.to_owned());
        }
    }
    names
}
