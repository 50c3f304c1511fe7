//! What a form begins with: what the address says (`field=value`, `from=ID`, `requirement=R`), who fills it, and when.

use vouch_record::kind::{FieldSpec, FieldType, Required, Scalar, Target};
use vouch_record::{Id, Link, Value};

use super::Subject;
use crate::part::input::Entered;
use crate::request::Context;

/// Most names that an address may give.
const MOST: usize = 200;
/// Persons that a record names from its first day: who enters it is the likely one.
const WRITERS: [&str; 8] =
    ["owner", "raised_by", "requested_by", "assessed_by", "collected_by", "taken_by", "performed_by", "made_by_person"];

/// Days of what happens as the form is filled.
const TODAY: [&str; 1] = ["raised_at"];

/// What a new form begins with.
pub(super) fn of(context: &Context<'_>, subject: &Subject<'_>) -> Entered {
    let mut entered = Entered::default();
    let from = context.query("from").and_then(|text| text.parse::<Link>().ok());
    if let Some((link, field)) = from.and_then(|link| Some((link, field_for(context, subject, link.id)?))) {
        entered.put(field.name.as_str(), link.to_string());
    }
    if let Some(link) = from {
        shared(context, subject, link.id, &mut entered);
    }
    let requirement = context.query("requirement").filter(|item| context.view.frameworks().item(item).is_some());
    let about = subject.fields().find(|field| field.kind.target() == Some(&Target::Requirement));
    if let (Some(item), Some(field)) = (requirement, about) {
        entered.put(field.name.as_str(), format!("iso42001:{item}"));
    }
    over(context, subject, &mut entered);
    let person = |field: &&FieldSpec| {
        let is_person = field.kind == FieldType::One(Scalar::Link(Target::Kind("person".to_owned())));
        is_person && field.required == Required::Always && WRITERS.contains(&field.name.as_str())
    };
    for field in subject.fields().filter(person) {
        if !entered.is_filled(&field.name) {
            entered.put(field.name.as_str(), context.session.acting.to_string());
        }
    }
    for field in subject.fields().filter(|field| field.required == Required::Always && TODAY.contains(&field.name.as_str())) {
        if !entered.is_filled(&field.name) {
            entered.put(field.name.as_str(), context.view.today().to_string());
        }
    }
    entered
}

/// Systems that the record is about from which this one begins: this one is about them too, unless somebody says otherwise.
fn shared(context: &Context<'_>, subject: &Subject<'_>, from: Id, entered: &mut Entered) {
    let Some(entry) = context.view.get(from) else { return };
    let systems = FieldType::Set(Scalar::Link(Target::Kind("ai-system".to_owned())));
    for field in subject.fields().filter(|field| field.kind == systems) {
        if entered.is_filled(&field.name) || entry.kind().field(&field.name).is_none_or(|own| own.kind != systems) {
            continue;
        }
        for link in entry.head().value(&field.name).get().map_or(&[][..], Value::items) {
            entered.put(field.name.as_str(), link.to_json().as_str().unwrap_or_default());
        }
    }
}

/// Puts what the address says of fields in the place of what stands there.
pub(super) fn over(context: &Context<'_>, subject: &Subject<'_>, entered: &mut Entered) {
    let mut cleared: Vec<&str> = Vec::new();
    for (name, value) in context.request.query.iter().take(MOST) {
        let field = name.split('.').next().unwrap_or_default();
        let Some(spec) = subject.fields().find(|spec| spec.name == field) else { continue };
        if field == "from" && value.parse::<Link>().is_ok() || field == "requirement" {
            continue;
        }
        if !cleared.contains(&spec.name.as_str()) {
            entered.clear(&spec.name);
            cleared.push(&spec.name);
        }
        entered.put(name.as_str(), value.as_str());
    }
}

/// The field that a record belongs into: one for its kind, else one for any record; people are named by their role alone.
fn field_for<'c>(context: &Context<'_>, subject: &Subject<'c>, id: Id) -> Option<&'c FieldSpec> {
    let kind = context.view.kinds().of(id).filter(|kind| kind.name != "person")?;
    let exact = |field: &&FieldSpec| matches!(field.kind.target(), Some(Target::Kind(name)) if *name == kind.name);
    subject.fields().find(exact).or_else(|| subject.fields().find(|field| field.kind.target() == Some(&Target::Any)))
}
