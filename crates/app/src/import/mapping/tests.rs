use super::*;

const SMALL: &str = r#"
source = "register"
key = { name = "name", bureau = "unit" }
columns.name = { headers = ["System name"], required = true }
columns.unit.headers = ["Business unit"]
columns.why.headers = ["Why is the system needed and who asked for it?"]
columns.why_else = { headers = ["If other, please explain."], after = "why" }
columns.unit_else = { headers = ["If other, please explain."], after = "unit" }
values.yes.to.true = ["yes"]

[[records]]
key = "system"
kind = "ai-system"
fields.name = "name"
fields.purpose = { column = "why", and = [{ column = "why_else" }], join = " " }
fields.datasets = [{ cells = { dataset = { link = "data" } } }]

[[records]]
key = "data"
kind = "dataset"
when = { column = "why", filled = true }
fields.name = { text = "Data of {name}" }
"#;

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn a_mapping_comes_back_from_toml() {
    let mapping = Mapping::from_toml(SMALL).unwrap();
    let written = mapping.to_toml().unwrap();
    assert_eq!(Mapping::from_toml(&written).unwrap(), mapping);
    assert!(written.contains("name = \"name\""), "{written}");
}

fn check_error(change: (&str, &str), part: &str) {
    assert!(SMALL.contains(change.0), "{}", change.0);
    let error = Mapping::from_toml(&SMALL.replacen(change.0, change.1, 1)).unwrap_err();
    assert!(error.message.contains(part), "{error}");
    assert!(!error.hint.is_empty());
}

#[test]
fn a_mapping_that_does_not_hold_together_is_refused_with_its_place() {
    check_error(("source = \"register\"", "sauce = \"register\""), "line 2 of the mapping: unknown field `sauce`");
    check_error(("source = \"register\"", "source = \" \""), "`source` is empty");
    check_error(("source", "fiscal_year_begins = 13\nsource"), "no month");
    check_error(("bureau = \"unit\"", "bureau = \"office\""), "no column `office`");
    check_error(("after = \"why\"", "after = \"why_else\""), "`columns.why_else` comes after `why_else`");
    check_error(("fields.name = \"name\"", "fields.name = \"title\""), "`records.system.fields.name`: there is no column `title`");
    check_error(("Data of {name}", "Data of {nam}"), "there is no column `nam`");
    check_error(("link = \"data\"", "link = \"date\""), "links to `date`");
    check_error(("link = \"data\"", "part = true"), "only in a row with `each`");
    check_error(("{ text = \"Data of {name}\" }", "{ text = \"x\", column = \"why\" }"), "in one way");
    check_error(("{ text = \"Data of {name}\" }", "{ as = \"date\" }"), "in one way");
    check_error(("{ text = \"Data of {name}\" }", "{ column = \"why\", values = \"no\" }"), "no value table `no`");
    check_error(("{ text = \"Data of {name}\" }", "{ column = \"why\", values = \"yes\", as = \"date\" }"), "not days or numbers");
    check_error(("filled = true", "is = ['?']"), "neither letter nor digit");
    check_error((", filled = true", ""), "asks nothing");
    check_error(("when = {", "when = { made = \"data\","), "none above it");
    check_error(("key = \"system\"", "key = \"data\""), "used twice");
    check_error(("key = \"system\"", "key = \"The System\""), "no word of small letters");
    check_error(("[\"yes\"]", "[\"-\"]"), "`values.yes`: `-`");
    check_error(("{ link = \"data\" }", "[{ cells = {} }]"), "takes one value");
    check_error(("{ link = \"data\" }", "{ fill = \"file\" }"), "`fill` stands only at a field");
}

fn check_columns(header: &[&str], expected: &[(&str, usize, How)], unmatched: &[&str]) {
    let found = Mapping::from_toml(SMALL).unwrap().recognise(&names(header)).unwrap();
    let read: Vec<_> = found.columns.iter().map(|(id, column)| (id.as_str(), column.index, column.how)).collect();
    assert_eq!(read, expected, "{header:?}");
    assert_eq!(found.unmatched, unmatched, "{header:?}");
}

#[test]
fn columns_are_recognised_by_name_place_and_likeness() {
    check_columns(&["business unit ", "NAME"], &[("name", 1, How::Name), ("unit", 0, How::Name)], &[]);
    check_columns(
        &[
            "System Name",
            "Who asked for it and why is this system needed?",
            "If Other, please explain",
            "x",
            "Business Unit",
            "If other please explain.",
        ],
        &[
            ("name", 0, How::Name),
            ("unit", 4, How::Name),
            ("unit_else", 5, How::Place),
            ("why", 1, How::Likeness),
            ("why_else", 2, How::Place),
        ],
        &["x"],
    );
    check_columns(&["name", "why_else", "name"], &[("name", 0, How::Name), ("why_else", 1, How::Name)], &["name"]);
    check_columns(&["name", "if other please explain"], &[("name", 0, How::Name)], &["if other please explain"]);
}

#[test]
fn a_required_column_that_is_missing_is_named_with_a_remedy() {
    let error = Mapping::from_toml(SMALL).unwrap().recognise(&names(&["Business unit", "Purpose"])).unwrap_err();
    assert_eq!(error.message, "the table has no column `System name`");
    assert!(error.hint.contains("`columns.name`") && error.hint.contains("`Purpose`"), "{}", error.hint);
}

fn guess_fields() -> Vec<GuessField> {
    let choices = |ids: &[&str]| ids.iter().map(|id| ((*id).to_owned(), id.replace('_', " "))).collect::<Vec<_>>();
    let field = |name: &str, of_type| GuessField { name: name.to_owned(), of_type };
    vec![
        field("name", GuessType::Text),
        field("origin", GuessType::One(choices(&["imported", "registered"]))),
        field("purpose", GuessType::Text),
        field("unit", GuessType::Text),
        field("informs_public", GuessType::Bool),
        field("ai_roles", GuessType::Set(choices(&["developer", "user"]))),
        field("personal_data", GuessType::Set(choices(&["identity", "financial"]))),
        field("risk_tier", GuessType::One(choices(&["low", "high"]))),
        field("stages.stage", GuessType::One(choices(&["operation", "verification_validation"]))),
        field("stages.entered_on", GuessType::Date),
        field("stages.basis", GuessType::One(choices(&["imported"]))),
        field("external_ids.source", GuessType::One(choices(&["inventory"]))),
        field("external_ids.id", GuessType::Text),
        field("claims.column", GuessType::Text),
        field("claims.said", GuessType::Text),
    ]
}

#[test]
fn a_mapping_is_guessed_from_names_and_says_what_it_leaves() {
    let header = names(&[
        "system_name",
        "owner_email",
        "Purpose",
        "lifecycle",
        "role",
        "risk_tier",
        "go_live",
        "Does it informs the public?",
        "",
        "Purpose",
    ]);
    let mapping = Mapping::guess("register", &header, "ai-system", &guess_fields()).unwrap();
    let fields = &mapping.records[0].fields;
    let fed: Vec<&str> = fields.keys().map(String::as_str).collect();
    assert_eq!(fed, ["ai_roles", "external_ids", "informs_public", "name", "origin", "purpose", "risk_tier", "stages"]);
    assert_eq!(fields["purpose"], FieldFeed::One(Box::new(Feed::of_column("purpose"))));
    assert!(mapping.values["stages_stage"].to["operation"].iter().any(|pattern| pattern.written() == "production"));
    let left: Vec<String> = mapping.unfed_columns().into_iter().map(|(_, header)| header).collect();
    assert_eq!(left, ["owner_email", "Purpose"]);
    assert_eq!(Mapping::from_toml(&mapping.to_toml().unwrap()).unwrap(), mapping);
}

#[test]
fn without_a_name_nothing_is_guessed() {
    let error = Mapping::guess("register", &names(&["x", "y"]), "ai-system", &guess_fields()).unwrap_err();
    assert!(error.message.contains("name of a system"));
}
