//! One value for many controls: an owner, the day of the next review, a risk that they treat. Previewed, then written in one unit of
//! work.

use maud::{Markup, html};
use serde_json::{Map, Value as Json, json};
use vouch_app::{Error, Result};
use vouch_conform::Entry;
use vouch_record::Id;
use vouch_record::kind::FieldSpec;
use vouch_record::kind::generated::control_applicability::ControlApplicability;

use crate::answer::Answer;
use crate::bulk::{self, Bulk, Verdict};
use crate::format::{count, date};
use crate::part::input::{Entered, Inputs, Step, read};
use crate::part::person::name_of;
use crate::part::value;
use crate::request::Context;

/// Most controls that are changed at once.
const MOST: usize = 200;

/// Fields that may be set for many at once, with what their buttons say.
pub(super) const FIELDS: [(&str, &str); 3] = [("owner", "Set owner"), ("review_by", "Set review"), ("reasons", "Link risks")];

/// The decisions that a list of controls names as `id`.
///
/// # Errors
/// Invalid where it names none.
pub(super) fn chosen<'c, 'q>(
    context: &'c Context<'_>,
    named: impl Iterator<Item = &'q (String, String)>,
) -> Result<Vec<Entry<'c>>> {
    let named = named.filter(|(name, _)| name == "id").take(MOST);
    let decided: Vec<Entry<'_>> = named.filter_map(|(_, text)| applicability(context, text)).collect();
    if decided.is_empty() {
        return Err(Error::invalid("no control is selected").hint("tick controls in the list first"));
    }
    Ok(decided)
}

/// What is set.
enum Value {
    /// one value of a field, with how it reads
    One(Json, String),
    /// risks that the control brings down, and how
    Risks(Vec<Id>, String),
}

/// `POST /soa/bulk`: without a value asks for one, with a value previews it, confirmed writes it.
pub(crate) fn edit(context: &Context<'_>) -> Result<Answer> {
    let (field, word) = field(context)?;
    let decided = chosen(context, context.request.form.iter())?;
    let ids: Vec<Id> = decided.iter().map(Entry::id).collect();
    let to = if field == "reasons" { "to" } else { "of" };
    let bulk = bulk(context, field, format!("{word} {to} {}", count(ids.len(), "control", "controls")));
    let asks = context.form("confirm").is_none() && (context.form("asked").is_none() || Step::of(context).is_some());
    if asks {
        return Ok(bulk.choose(&ids, &input(context, field), None).into());
    }
    let set = match value(context, field) {
        Ok(set) => set,
        Err(error) if context.request.wants_json => return Err(error),
        Err(error) => return Ok(bulk.choose(&ids, &input(context, field), Some(&error)).into()),
    };
    if context.form("confirm").is_some() {
        return confirmed(&bulk, &set);
    }
    let verdicts: Vec<Verdict> =
        decided.iter().map(|entry| bulk.tried(*entry, set.read(context, *entry, field), set.fields(*entry, field))).collect();
    let sent: Vec<(&str, &str)> = context
        .request
        .form
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .filter(|(name, _)| ["value", "risks", "why"].contains(name))
        .collect();
    Ok(bulk.preview(&verdicts, &sent).into())
}

fn bulk<'b>(context: &'b Context<'b>, field: &'static str, title: String) -> Bulk<'b> {
    Bulk {
        context,
        nav: "/soa",
        title,
        list: "/soa".to_owned(),
        address: "/soa/bulk".to_owned(),
        undo: "/soa/bulk/undo",
        called: ("control", "controls"),
        column: "Control",
        named: |control| format!("{} {}", item(&control), value::name(control)),
        field,
    }
}

fn field(context: &Context<'_>) -> Result<(&'static str, &'static str)> {
    let name = context.form("field").unwrap_or_default();
    let known = FIELDS.into_iter().find(|(field, _)| *field == name);
    known.ok_or_else(|| {
        Error::invalid(format!("`{name}` cannot be set for many controls at once"))
            .hint("choose a button of the list, or edit each control")
    })
}

/// Writes what was previewed, in the revisions that were previewed.
fn confirmed(bulk: &Bulk<'_>, set: &Value) -> Result<Answer> {
    let mut changes = Vec::new();
    for link in bulk::named(bulk.context, "expect", "APP")? {
        let entry = applicability(bulk.context, &link.id.to_string())
            .ok_or_else(|| Error::not_found(format!("there is no control `{link}`")))?;
        changes.push((link, set.fields(entry, bulk.field)?));
    }
    Ok(bulk.done(&bulk::write(bulk.context, changes)?).into())
}

/// `POST /soa/bulk/undo`: gives each control the value that it had in the revision before.
pub(crate) fn undo(context: &Context<'_>) -> Result<Answer> {
    bulk::undo(context, field(context)?.0, "APP")?;
    Ok(Answer::Go("/soa".to_owned()))
}

/// What takes the value. Risks are found as in the form of a treatment, which brings them down by the same words.
fn input(context: &Context<'_>, field: &str) -> Markup {
    let entered = Entered::of(&context.request.form);
    let pressed = Step::of(context);
    let find = pressed.as_ref().map(Step::field);
    let inputs = Inputs { context, entered: &entered, problems: &[], find, preview: None, needed: &["risks"] };
    html! {
        input type="hidden" name="asked" value="1";
        @match field {
            "owner" => div.field { label for="value" { "Owner" } (bulk::people(context, "value")) },
            "review_by" => div.field {
                label for="value" { "Next review" }
                input.input.short id="value" type="date" name="value" required min=(context.view.today()) value=(entered.value("value")) aria-describedby="value-help";
                p.help id="value-help" { "The day on which the decision is looked at again, at most two hundred days on. How often proof is renewed stands in the framework." }
            },
            _ => {
                @if let Some(spec) = risks(context) { (inputs.field(spec)) }
                div.field {
                    label for="why" { "Why" }
                    input.input id="why" name="why" required maxlength="500" value=(entered.value("why")) aria-describedby="why-help";
                    p.help id="why-help" { "How the control brings them down. It stands as a reason beside each risk." }
                }
            }
        }
    }
}

fn risks<'c>(context: &'c Context<'_>) -> Option<&'c FieldSpec> {
    context.view.kind("treatment").field("risks")
}

/// The value as the form has it.
fn value(context: &Context<'_>, field: &str) -> Result<Value> {
    let text = context.form("value").unwrap_or_default().trim();
    match field {
        "owner" => {
            let person = text.parse::<Id>().ok().filter(|id| context.view.is_active(*id));
            let person = person
                .ok_or_else(|| Error::invalid(format!("`{text}` is not an active person here")).hint("choose one of the list"))?;
            Ok(Value::One(person.to_string().into(), name_of(&context.view, person)))
        }
        "review_by" => {
            let day = text
                .parse()
                .map_err(|error| Error::invalid(format!("`{text}` is no day")).hint("write it as 2026-08-31").because(error))?;
            Ok(Value::One(text.into(), date(day)))
        }
        _ => {
            let read = read::fields(&context.view, risks(context), &Entered::of(&context.request.form));
            let named = read.get("risks").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str);
            let named: Vec<Id> = named.filter_map(|text| text.parse().ok()).filter(|id| is_risk(context, *id)).collect();
            let why = context.form("why").unwrap_or_default().trim().to_owned();
            if named.is_empty() {
                return Err(Error::invalid("no risk is chosen").hint("find one by its name"));
            }
            if why.is_empty() {
                return Err(Error::invalid("it is not said why").hint("say how the control brings the risk down"));
            }
            Ok(Value::Risks(named, why))
        }
    }
}

fn is_risk(context: &Context<'_>, id: Id) -> bool {
    context.view.find(id).is_some_and(|entry| entry.kind().name == "risk" && !entry.is_set_aside())
}

impl Value {
    /// The fields that a control gets.
    fn fields(&self, control: Entry<'_>, field: &str) -> Result<Map<String, Json>> {
        let value = match self {
            Self::One(value, _) => value.clone(),
            Self::Risks(risks, why) => {
                if control.head().value("decision").get().and_then(vouch_record::Value::as_text) == Some("excluded") {
                    let message = "it is excluded; a risk that it treats would speak against that";
                    return Err(Error::refused(message).hint("decide that it applies first"));
                }
                let mut rows = reasons(control);
                let new = risks.iter().filter(|risk| !rows.iter().any(|row| row["record"] == risk.to_string()));
                let new: Vec<Json> = new.map(|risk| json!({"source": "risk", "record": risk.to_string(), "why": why})).collect();
                rows.extend(new);
                Json::Array(rows)
            }
        };
        Ok(Map::from_iter([(field.to_owned(), value)]))
    }

    /// What stands there now and would then, for reading.
    fn read(&self, context: &Context<'_>, control: Entry<'_>, field: &str) -> [String; 2] {
        match self {
            Self::One(_, then) => {
                let now = control.head().value(field).get().map_or_else(String::new, |value| value::line(&value.to_json()));
                let now = match now.parse::<Id>() {
                    Ok(id) => name_of(&context.view, id),
                    Err(_) => now.parse().map_or(now, date),
                };
                [now, then.clone()]
            }
            Self::Risks(risks, _) => {
                let now: Vec<String> = reasons(control)
                    .iter()
                    .filter_map(|row| row["record"].as_str().filter(|id| id.starts_with("RSK-")).map(str::to_owned))
                    .collect();
                let new: Vec<String> = risks.iter().map(Id::to_string).filter(|id| !now.contains(id)).collect();
                let then: Vec<String> = now.iter().cloned().chain(new).collect();
                [now.join(", "), then.join(", ")]
            }
        }
    }
}

/// The control that a decision is about, as the lists call it.
pub(super) fn item<'e>(control: &Entry<'e>) -> &'e str {
    control.text("control").unwrap_or_default().trim_start_matches("iso42001:")
}

/// Why a control applies, as its latest revision says.
fn reasons(control: Entry<'_>) -> Vec<Json> {
    let rows = control.head().value("reasons").get().map(|value| value.to_json());
    rows.and_then(|rows| rows.as_array().cloned()).unwrap_or_default()
}

fn applicability<'c>(context: &'c Context<'_>, text: &str) -> Option<Entry<'c>> {
    let id: Id = text.parse().ok()?;
    context.view.get(id).filter(|entry| entry.kind().name == ControlApplicability::KIND)
}
