//! `vouch gaps`

use clap::Args;
use jiff::civil::Date;
use serde_json::json;
use vouch_app::sheet;
use vouch_conform::gap::{Gap, gaps};
use vouch_conform::statement::Statement;

use crate::failure::{Failure, Outcome};
use crate::output::{FAINT, GOOD, STRONG, csv, json, line, short, styled, table};
use crate::session::Common;

/// What is missing for each of the 70 requirements: at which depth, who answers, by when, in how many steps
#[derive(Args, Debug)]
pub(crate) struct Gaps {
    /// As of a past day
    #[arg(long, value_name = "DATE", value_parser = super::day)]
    as_of: Option<Date>,
    /// Only one requirement, with every step
    #[arg(long, value_name = "REQUIREMENT")]
    requirement: Option<String>,
    /// End with 1 when something is missing
    #[arg(long)]
    check: bool,
    /// Print JSON
    #[arg(long, conflicts_with = "csv")]
    pub(crate) json: bool,
    /// Print comma-separated values, one line per step
    #[arg(long)]
    csv: bool,
}

impl Gaps {
    pub(crate) fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let session = common.read()?;
        let view = session.view(self.as_of)?;
        if let Some(item) = self.requirement.as_deref().filter(|item| view.frameworks().item(item).is_none()) {
            return Err(Failure::invalid(format!("ISO/IEC 42001 has no item `{item}`"), "see `vouch gaps`"));
        }
        let readiness = session.vouch.readiness(self.as_of)?;
        let mut gaps = gaps(&view, &readiness, &Statement::of(&view, &readiness));
        gaps.retain(|gap| self.requirement.as_ref().is_none_or(|item| gap.requirement == *item));
        match (self.json, self.csv) {
            (true, _) => json(&json!({"as_of": readiness.as_of.to_string(), "gaps": gaps})),
            (_, true) => csv(&sheet::gaps(&gaps))?,
            _ if self.requirement.is_some() => gaps.iter().for_each(whole),
            _ => print(&gaps, readiness.as_of),
        }
        let missing = gaps.iter().any(|gap| !gap.missing.is_empty());
        Ok(if self.check && missing { Outcome::Found } else { Outcome::Done })
    }
}

fn owner(gap: &Gap) -> String {
    gap.owner.person.as_ref().map_or_else(|| format!("role {}", gap.owner.role), ToString::to_string)
}

fn due(gap: &Gap) -> String {
    gap.due.as_ref().map(|due| due.on.to_string()).unwrap_or_default()
}

fn print(gaps: &[Gap], as_of: Date) {
    let mut rows = Vec::new();
    for gap in gaps {
        let met = match (gap.applies, gap.met) {
            (false, _) => styled(FAINT, "n/a"),
            (true, Some(depth)) => styled(GOOD, depth.word()),
            (true, None) => styled(FAINT, "-"),
        };
        let steps = if gap.missing.is_empty() { String::new() } else { format!("{} steps", gap.steps) };
        let why = short(gap.reason.as_deref().unwrap_or_default(), 70);
        rows.push(vec![gap.requirement.clone(), short(&gap.title, 38), met, steps, short(&owner(gap), 24), due(gap), why]);
    }
    table(&rows);
    let open = gaps.iter().filter(|gap| !gap.missing.is_empty());
    let (items, steps) = open.fold((0, 0), |(items, steps), gap| (items + 1, steps + gap.steps));
    line("");
    line(format!("As of {as_of}: {items} of {} requirements want {steps} steps", gaps.len()));
}

fn whole(gap: &Gap) {
    line(format!("{} {}", styled(STRONG, &gap.requirement), gap.title));
    line(format!("  met: {}", gap.met.map_or("at no depth", |depth| depth.word())));
    line(format!(
        "  owner {}{}",
        owner(gap),
        gap.due.as_ref().map(|due| format!(", due {} ({})", due.on, due.by)).unwrap_or_default()
    ));
    for step in &gap.missing {
        line(format!("  {} {} {}", super::readiness::grade(step.grade), step.depth, styled(FAINT, &step.check)));
        line(format!("    {}", step.message));
        line(format!("    → {}", step.remedy));
        if !step.records.is_empty() {
            let records: Vec<String> = step.records.iter().map(ToString::to_string).collect();
            line(styled(FAINT, format!("    {}", short(&records.join(" "), 100))));
        }
    }
    if gap.missing.is_empty() {
        line(format!("  {}", gap.reason.as_deref().unwrap_or("nothing is missing")));
    }
}
