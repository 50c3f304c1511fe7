//! Conditions over made-up facts about one AI system and its risks.

use std::borrow::Cow;
use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::{Date, date};

use super::{Condition, Facts, Scopes, Truth, Val};
use crate::id::Id;
use crate::kind::tests::all;
use crate::kind::{FieldType, Kinds};
use crate::value::Value;

struct Made {
    kinds: Kinds,
    records: HashMap<Id, HashMap<&'static str, Value>>,
}

fn id(text: &str) -> Id {
    text.parse().unwrap()
}

fn value(json: &str) -> Value {
    serde_json::from_str(json).unwrap()
}

impl Made {
    fn new() -> Self {
        let system: HashMap<&str, Value> = [
            ("name", value(r#""Sorter""#)),
            ("risk_tier", value(r#""high""#)),
            ("owner", value(r#""PER-1""#)),
            ("confirm_every", value(r#""P3M""#)),
            ("techniques", value(r#"["agent","language_model"]"#)),
            ("decisions", value(r#"[{"decision":"a","effect":"safety","share":"decides"},{"decision":"b","effect":"legal"}]"#)),
            ("retire_on", value(r#""2027-01-31""#)),
        ]
        .into();
        let risk = |level: i64| {
            [("title", value(r#""r""#)), ("ai_systems", value(r#"["SYS-1"]"#)), ("residual_likelihood", Value::Int(level))].into()
        };
        let person = [("name", value(r#""Ada""#)), ("top_management", Value::Bool(true))].into();
        let records = [(id("SYS-1"), system), (id("RSK-1"), risk(2)), (id("RSK-2"), risk(4)), (id("PER-1"), person)].into();
        Self { kinds: all(), records }
    }
}

impl Facts for Made {
    fn value<'a>(&'a self, record: Id, name: &str) -> Val<'a> {
        let kind = self.kinds.of(record).unwrap();
        match name {
            "id" => return Val::Record(record),
            "state" => return Val::Choice(Cow::Borrowed("draft"), kind.state_rank("draft").unwrap_or(0)),
            "disposal" => return Val::Undecided("`disposal` was erased".into()),
            _ => {}
        }
        let none = FieldType::One(crate::kind::Scalar::Text);
        let of_type = kind.field(name).map_or(&none, |field| &field.kind);
        self.records.get(&record).and_then(|fields| fields.get(name)).map_or(Val::Empty, |value| Val::stored(value, of_type))
    }

    fn records(&self, kind: &str) -> Vec<Id> {
        let mut ids: Vec<Id> = self.records.keys().copied().filter(|id| self.kinds.of(*id).unwrap().name == kind).collect();
        ids.sort();
        ids
    }

    fn today(&self) -> Date {
        date(2026, 11, 21)
    }

    fn now(&self) -> Timestamp {
        "2026-11-21T12:00:00Z".parse().unwrap()
    }

    fn actor(&self) -> Option<Id> {
        Some(id("PER-1"))
    }

    fn approved<'a>(&'a self, _: Id, purpose: &str) -> Val<'a> {
        Val::Bool(purpose == "review")
    }

    fn entered<'a>(&'a self, _: Id, _: &str) -> Val<'a> {
        Val::Date(date(2026, 11, 1))
    }
}

fn check(text: &str, expected: Truth) {
    let made = Made::new();
    let kind = made.kinds.get("ai-system").unwrap().clone();
    let condition = Condition::parse(text, &Scopes { kinds: &made.kinds, kind: &kind }).unwrap_or_else(|why| panic!("{why}"));
    assert_eq!(condition.holds(id("SYS-1"), &made), expected, "{text}");
}

fn refused(text: &str, words: &str) {
    let kinds = all();
    let kind = kinds.get("ai-system").unwrap().clone();
    let why = Condition::parse(text, &Scopes { kinds: &kinds, kind: &kind }).expect_err(text);
    assert!(why.contains(words), "{why}");
}

#[test]
fn enums_compare_in_their_declared_order_and_sets_by_member() {
    check("risk_tier = high", Truth::Yes);
    check("risk_tier >= moderate and risk_tier < critical", Truth::Yes);
    check("risk_tier in (low, critical)", Truth::No);
    check("techniques has agent", Truth::Yes);
    check("techniques has any (vision, speech)", Truth::No);
}

#[test]
fn what_is_empty_equals_nothing_and_has_no_place_in_an_order() {
    check("empty(deputy)", Truth::Yes);
    check("deputy = 'PER-2'", Truth::No);
    check("deputy != 'PER-2'", Truth::Yes);
    check("review_by < today", Truth::No);
    check("not (review_by < today)", Truth::Yes);
}

#[test]
fn rows_links_and_records_are_quantified() {
    check("any(decisions, effect = safety and share = decides)", Truth::Yes);
    check("all(decisions, filled(share))", Truth::No);
    check("count(decisions, effect = legal) = 1 and count(decisions) = 2", Truth::Yes);
    check("none(records(risk), ai_systems has this.id and residual_likelihood > 4)", Truth::Yes);
    check("any(records(risk), ai_systems has this.id and residual_likelihood > 3)", Truth::Yes);
    check("owner.top_management", Truth::Yes);
    check("decisions.effect = legal", Truth::Yes);
}

#[test]
fn days_durations_and_numbers_are_computed_with() {
    check("retire_on >= today + P60D", Truth::Yes);
    check("retire_on <= today + P2M", Truth::No);
    check("confirm_every <= P3M", Truth::Yes);
    check("days(today, retire_on) = 71", Truth::Yes);
    check("length(name) * 2 = 12", Truth::Yes);
    check("entered(draft) = 2026-11-01 and approved(review) and not approved(sign)", Truth::Yes);
    check("actor = owner", Truth::Yes);
}

#[test]
fn what_rests_on_an_erased_value_cannot_be_decided_unless_the_rest_decides() {
    let erased = || Truth::Undecided("`disposal` was erased".into());
    check("any(disposal, filled(fate))", erased());
    check("risk_tier = high and any(disposal, filled(fate))", erased());
    check("risk_tier = low and any(disposal, filled(fate))", Truth::No);
    check("risk_tier = high or any(disposal, filled(fate))", Truth::Yes);
    check("filled(disposal)", Truth::Yes);
}

#[test]
fn a_misspelt_name_value_or_sign_is_refused_when_the_file_is_read() {
    refused("risk_teir = high", "names no field");
    refused("risk_tier = hihg", "no value of the enum");
    refused("state = registred", "no state");
    refused("owner.nmae = 'x'", "has no `nmae`");
    refused("records(robot)", "no kind");
    refused("any(decisions)", "wants a list and a condition");
    refused("risk_tier = high and", "missing at the end");
    refused("risk_tier = high )", "after the end");
    refused("name = 'open", "quote is not closed");
    refused(&"not (".repeat(60), "too deep");
}
