//! The inventory: imported by the AIMS lead, then registered system by system.

use std::io::Cursor;

use serde_json::{Value as Json, json};
use vouch_record::Id;
use vouch_store::StagedFile;

use super::agenda::Title;
use super::profile::{System, Tier, has_begun};
use super::scene::Scene;
use crate::error::{Error, Result};
use crate::import::Source;
use crate::import::mapping::Mapping;
use crate::import::preset::Preset;
use crate::import::table::{Options, Table};
use crate::installation::{Vouch, store_error};

/// The inventory as it was published.
const INVENTORY: &[u8] = include_bytes!("dhs-2024.csv");
/// The name under which records name it.
const FILE: &str = "dhs-2024.csv";
/// What a system built here and one taken over look like (the agency has one drawing for each), and what the auditors wrote.
const PAPERS: [(&str, &str); 3] = [
    ("reference-architecture-built.svg", include_str!("drawing-built.svg")),
    ("reference-architecture-adopted.svg", include_str!("drawing-adopted.svg")),
    ("internal-audit-report.md", include_str!("audit-report.md")),
];

/// Files beside the database.
pub(super) struct Staged {
    inventory: Option<StagedFile>,
    papers: Vec<(&'static str, StagedFile)>,
}

/// Takes the files in that records will name.
pub(super) fn stage(vouch: &Vouch) -> Result<Staged> {
    let stage = |mut bytes: &[u8]| vouch.store.stage(&mut bytes, crate::files::LARGEST_FILE).map_err(store_error);
    let papers = PAPERS.iter().map(|(name, text)| Ok((*name, stage(text.as_bytes())?))).collect::<Result<_>>()?;
    Ok(Staged { inventory: Some(stage(INVENTORY)?), papers })
}

/// The analyst imports the inventory for the AIMS lead, who may so decide about it; then it is clear what there is to do.
pub(super) fn import(scene: &mut Scene<'_, '_>) -> Result<()> {
    scene.by("analyst")?;
    let unread =
        |error: std::io::Error| Error::new(crate::ErrorKind::Corrupt, format!("the embedded inventory cannot be read: {error}"));
    let source = Source::of(FILE, &mut Cursor::new(INVENTORY)).map_err(unread)?;
    let mapping = Preset::named("omb-2024").and_then(|preset| preset.mapping()).map_err(crate::import::table_failure)?;
    let table = open(&mapping)?;
    let report = scene.work.import(table, &mapping, &source, &mut |_| Ok(()))?;
    if report.blocked {
        return Err(Error::invalid("the embedded inventory has rows that are rejected"));
    }
    if let Some(staged) = scene.world.staged.inventory.take() {
        scene.work.append().put_file(staged).map_err(store_error)?;
    }
    draw(scene)?;
    choose(scene);
    dismiss(scene)
}

impl Staged {
    /// The paper of a name.
    pub(super) fn take(&mut self, name: &str) -> Option<StagedFile> {
        let at = self.papers.iter().position(|(of, _)| *of == name)?;
        Some(self.papers.swap_remove(at).1)
    }
}

/// The chief engineer's drawings become evidence; records of systems name them.
fn draw(scene: &mut Scene<'_, '_>) -> Result<()> {
    let organisation = scene.world.named("organisation")?.to_string();
    let fields = json!({
        "title": "Reference architectures", "source": "upload", "covers_from": scene.in_days(-10).to_string(), "covers_to": scene.today().to_string(),
        "about": [organisation], "shows": "neutral", "summary": "How systems built here and systems taken over are put together.",
        "collected_by": scene.world.person("engineering")?.to_string(), "collected_at": scene.now(), "confidentiality": "internal",
    });
    let drawings = scene.by("engineering")?.create("evidence", fields)?;
    for (name, _) in &PAPERS[..2] {
        scene.attach(drawings, "files", name)?;
    }
    scene.by("security")?.approve(drawings, "review", "fits what runs", json!({}))?;
    scene.world.drawings = scene.field(drawings, "files").and_then(|files| files.as_array().cloned()).unwrap_or_default();
    scene.world.drawings.sort_by_key(|file| std::cmp::Reverse(file["name"].to_string()));
    Ok(())
}

fn open(mapping: &Mapping) -> Result<Table<Cursor<&'static [u8]>>> {
    let names = mapping.known_names();
    let known = |name: &str| names.contains(name);
    Table::open(Cursor::new(INVENTORY), &Options { known: Some(&known), ..Options::default() })
        .map_err(crate::import::table_failure)
}

/// Which systems people will register in this story: all that touch rights or safety, and a share of those in use besides.
fn choose(scene: &mut Scene<'_, '_>) {
    let ids: Vec<(Id, bool, bool, bool)> = {
        let view = scene.work.view();
        let systems = view.all("ai-system").map(|entry| {
            let head = |name: &str| entry.head().value(name).get().map(vouch_record::Value::to_json);
            let impacting = head("presumed_impact")
                .is_some_and(|kinds| kinds.as_array().is_some_and(|kinds| kinds.iter().any(|kind| kind != "neither")));
            let rows = head("stages").and_then(|rows| rows.as_array().cloned()).unwrap_or_default();
            let in_stage = |stage: &str| rows.iter().any(|row| row["stage"] == stage && has_begun(row));
            (entry.id(), impacting, in_stage("retired"), in_stage("operation"))
        });
        systems.collect()
    };
    let share = scene.world.chance.between(10, 15);
    let mut others: Vec<Id> =
        ids.iter().filter(|(_, impacting, retired, used)| !impacting && !retired && *used).map(|(id, ..)| *id).collect();
    scene.world.chance.shuffle(&mut others);
    others.truncate(usize::try_from(share).unwrap_or_default());
    for (id, impacting, retired, _) in ids {
        if retired {
            scene.world.retired.push(id);
        } else if impacting || others.contains(&id) {
            let system = System { place: scene.world.systems.len(), ..System::read(scene, id, impacting) };
            scene.world.systems.push(system);
        }
    }
}

/// What was over before the management system began is dismissed.
fn dismiss(scene: &mut Scene<'_, '_>) -> Result<()> {
    for id in scene.world.retired.clone() {
        let set = json!({"dismissed_reason": "Its use had ended before the management system began; the published inventory lists it as retired."});
        scene.by("lead")?.approve_to(id, "dismissed", "over before the first scope", set)?;
    }
    Ok(())
}

/// What no unit carries on is dismissed before the scope is drawn: what remains has an owner.
pub(super) fn decide_about_the_rest(scene: &mut Scene<'_, '_>) -> Result<()> {
    let waiting: Vec<(Id, bool)> = {
        let view = scene.work.view();
        let drafts = view.all("ai-system").filter(|system| system.is("draft"));
        drafts.map(|system| (system.id(), system.text("stage").is_some_and(|stage| stage == "operation"))).collect()
    };
    for (id, used) in waiting {
        let reason = if used {
            "It runs as part of another system of the inventory, which was registered with it; the unit confirmed that it has no use of its own."
        } else {
            "Planned or tried out and not carried on; the unit confirmed that nothing of it runs. A new start is a new request."
        };
        scene.by("lead")?.approve_to(
            id,
            "dismissed",
            "asked the unit; nobody needs it as a system of its own",
            json!({"dismissed_reason": reason}),
        )?;
    }
    Ok(())
}

/// Each system is registered on its day, those of the highest tier first; its own story begins there.
pub(super) fn register(scene: &mut Scene<'_, '_>) -> Result<()> {
    let mut order: Vec<(Tier, usize)> = scene.world.systems.iter().map(|system| (system.tier, system.place)).collect();
    order.sort_unstable_by_key(|(tier, place)| (std::cmp::Reverse(*tier), *place));
    let mut wait = 0;
    for (at, (_, place)) in order.into_iter().enumerate() {
        let system = scene.world.systems[place].clone();
        wait += i64::from(at % 2 == 0);
        let title: Title = ("register a system", &system).into();
        scene.later(wait, title, move |scene| begin(scene, system));
    }
    Ok(())
}

/// The first days of a system in the management system, and what will follow.
fn begin(scene: &mut Scene<'_, '_>, system: System) -> Result<()> {
    super::parts::of_system(scene, &system)?;
    let fields = fields(scene, &system)?;
    scene.by("analyst")?.revise(system.id, fields)?;
    let set = scene.review_in(365);
    scene.by(system.owner)?.approve(system.id, "approve", "this is my system and this is what it does", set.clone())?;
    if system.tier == Tier::Low {
        scene.by("lead")?.approve(system.id, "review", "nobody outside is touched, the low tier is right", set)?;
    }
    let plan = |scene: &mut Scene<'_, '_>, days: i64, name: &'static str, event: fn(&mut Scene<'_, '_>, &System) -> Result<()>| {
        let title: Title = (name, &system).into();
        let system = system.clone();
        scene.later(days, title, move |scene| event(scene, &system));
    };
    plan(scene, 5, "assess data", super::data::assess);
    plan(scene, 24, "assess risks", super::risks::assess);
    plan(scene, 10, "specify", super::plans::specify);
    plan(scene, 13, "running release", super::releases::running);
    plan(scene, 14, "plan the watch", super::plans::watch);
    plan(scene, 16, "plan a test", super::releases::plan_test);
    plan(scene, 36, "inform", super::plans::inform);
    plan(scene, 40, "assess impact", super::assessments::assess);
    if !system.is_built() && system.tier == Tier::High {
        plan(scene, 118, "specify again", super::plans::specify_again);
    }
    plan(scene, 40, "observe parts", super::parts::observe);
    plan(scene, 45, "agree on who does what", super::parts::agree);
    plan(scene, 13, "begin a log", super::logs::begin);
    plan(scene, 24, "plan trials", super::trials::plan);
    plan(scene, 128, "review the stage", super::gates::go_on);
    confirm_again(scene, &system);
    Ok(())
}

/// The owner confirms the record at its rhythm.
fn confirm_again(scene: &mut Scene<'_, '_>, system: &System) {
    let wait = if system.tier == Tier::High { 78 } else { 150 };
    let again = system.clone();
    scene.each(wait, ("confirm a system", system), move |scene| {
        if scene.state(again.id) == "registered" {
            scene.by(again.owner)?.approve(again.id, "review", "read through, still true", json!({}))?;
        }
        Ok(())
    });
}

fn fields(scene: &Scene<'_, '_>, system: &System) -> Result<Json> {
    let person = |function: &str| Ok::<_, Error>(scene.world.person(function)?.to_string());
    let high = system.tier == Tier::High;
    let mut fields = json!({
        "is_ai": "yes",
        "purpose": scene.text(system.id, "purpose").unwrap_or_else(|| format!("{} supports officers of {}.", system.name, system.unit)),
        "not_for": "Deciding without a person; any use outside the unit; training of models of others.",
        "topic": scene.text(system.id, "topic").unwrap_or_else(|| "law_justice".to_owned()),
        "intended_users": [{"group": "Officers and analysts", "count": 120, "inside": true, "needs": "a result with its confidence and a way to set it aside"}],
        "affected": affected(scene, system)?,
        "affected_none_because": if system.tier == Tier::Low { "It works inside the agency on things and text; no outcome concerns a person." } else { "" },
        "offered_to": "internal",
        "ai_roles": if system.is_built() { json!(["developer", "user"]) } else { json!(["user"]) },
        "ai_roles_reason": if system.is_built() { "Built for and by the agency, used by its officers." } else { "Used as the maker offers it." },
        "acquired": system.acquired, "owner": person(system.owner)?, "deputy": person(system.deputy)?, "risk_owner": person(system.risk_owner)?,
        "technical_owner": person("engineer")?, "unit": system.unit,
        "places": [{"country": "US", "why": ["used", "people_affected", "hosted", "data_stored"]}],
        "stages": stages(scene, system), "techniques": [system.work.technique()],
        "description": scene.text(system.id, "description").unwrap_or_else(|| "Input is taken from the unit's case system, a model computes the result, an officer sees it with its confidence and decides.".to_owned()),
        "learns_in_use": "no",
        "inputs": [{"input": "records of the unit's case system", "from": system.unit, "personal": system.personal}],
        "outputs": outputs(scene, system), "decisions": decisions(system),
        "autonomy": if high { "proposes" } else { "assists" }, "oversight": oversight(system.tier),
        "personal_data": personal_data(system), "presumed_impact": scene.field(system.id, "presumed_impact").unwrap_or_else(|| json!(["neither"])),
        "transparency_cases": match system.work { super::profile::Work::Matching => json!(["biometric"]), super::profile::Work::Language => json!(["makes_content"]), _ => json!(["none"]) },
        "risk_tier": system.tier.word(), "risk_tier_reason": if high { "The inventory says that it touches rights or safety." } else { "Neither rights nor safety depend on it." },
        "content_storage": "none", "confirm_every": if high { "P3M" } else { "P6M" },
    });
    super::parts::name_in(scene, system, &mut fields)?;
    Ok(fields)
}

/// How people stand to results.
pub(super) const fn oversight(tier: Tier) -> &'static str {
    match tier {
        Tier::High => "in_the_loop",
        Tier::Moderate => "on_the_loop",
        Tier::Low => "over_the_loop",
    }
}

fn affected(scene: &Scene<'_, '_>, system: &System) -> Result<Json> {
    if system.tier == Tier::Low {
        return Ok(json!([]));
    }
    let (party, group) = super::assessments::group_of(system);
    let party = scene.world.named(&format!("party:{party}"))?.to_string();
    let how = if system.tier == Tier::High { "decided_about" } else { "data_used" };
    Ok(json!([{"group": group, "party": party, "how": how, "count": 250_000, "vulnerable": system.tier == Tier::High}]))
}

/// What the inventory says about stages; a stage without a day began before the management system.
fn stages(scene: &Scene<'_, '_>, system: &System) -> Json {
    let mut rows = scene.field(system.id, "stages").and_then(|rows| rows.as_array().cloned()).unwrap_or_default();
    if rows.is_empty() {
        rows.push(json!({"stage": "concept"}));
    }
    let before = scene.world.days_before(super::world::LENGTH + 400).to_string();
    for row in &mut rows {
        if has_begun(row) && row["entered_on"].is_null() {
            row["entered_on"] = json!(before);
            row["basis"] = json!("before");
        }
    }
    Json::Array(rows)
}

fn outputs(scene: &Scene<'_, '_>, system: &System) -> Json {
    let mut rows = scene.field(system.id, "outputs").and_then(|rows| rows.as_array().cloned()).unwrap_or_default();
    if rows.is_empty() {
        rows.push(json!({"output": format!("Result of {}", system.name)}));
    }
    for row in &mut rows {
        row["type"] = json!(system.work.output());
        row["goes_to"] = json!("officers of the unit");
    }
    Json::Array(rows)
}

fn decisions(system: &System) -> Json {
    match system.tier {
        Tier::High => {
            json!([{"decision": "whether an officer looks closer", "about": "persons", "share": "informs", "effect": "significant", "reversible": true, "contest": true}])
        }
        Tier::Moderate => {
            json!([{"decision": "which case comes first", "about": "cases", "share": "informs", "effect": "none", "reversible": true, "contest": true}])
        }
        Tier::Low => json!([]),
    }
}

fn personal_data(system: &System) -> Json {
    match (system.personal, system.work) {
        (false, _) => json!(["none"]),
        (true, super::profile::Work::Matching) => json!(["identity", "special"]),
        (true, super::profile::Work::Language) => json!(["identity", "content"]),
        (true, _) => json!(["identity", "behaviour"]),
    }
}
