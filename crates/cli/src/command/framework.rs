//! `vouch framework`

use clap::Args;
use jiff::civil::Date;
use serde_json::json;
use vouch_app::{Error, ErrorKind};
use vouch_conform::coverage::{Coverage, Duty, Reach, Reached, duties, milestones};
use vouch_conform::framework::FrameworkError;

use crate::failure::{Failure, Outcome};
use crate::output::{ATTENTION, FAINT, GOOD, STRONG, json, line, short, styled, table};
use crate::session::Common;

/// Other frameworks through the crosswalk: what live evidence covers, what it covers in part, what remains
#[derive(Args, Debug)]
pub(crate) struct FrameworkCommand {
    /// Key of a framework, for example nist_ai_rmf; without one all are listed
    key: Option<String>,
    /// As of a past day
    #[arg(long, value_name = "DATE", value_parser = super::day)]
    as_of: Option<Date>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Said with every answer about another framework.
const NO_CLAIM: &str = "This shows where evidence can be used again; it is no claim of conformity with a law or another standard.";

impl FrameworkCommand {
    pub(crate) fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let session = common.read()?;
        let view = session.view(self.as_of)?;
        let readiness = session.vouch.readiness(self.as_of)?;
        let frameworks = view.frameworks();
        let of = |key: &str| Coverage::of(frameworks, &readiness, key).map_err(broken);
        let Some(key) = &self.key else {
            let others = frameworks.others().map_err(broken)?;
            let all: Vec<Coverage<'_>> =
                others.iter().map(|framework| of(&framework.key)).collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
            if self.json {
                json(&all.iter().map(summary).collect::<Vec<_>>());
            } else {
                list(&all);
            }
            return Ok(Outcome::Done);
        };
        let Some(coverage) = of(key)? else {
            return Err(Failure::invalid(format!("there is no framework `{key}`"), "see `vouch framework`"));
        };
        let duties = duties(&view, &coverage).map_err(broken)?;
        if self.json {
            let milestones = milestones(&duties, readiness.as_of);
            json(&json!({"coverage": coverage, "duties": duties, "milestones": milestones, "note": NO_CLAIM}));
        } else {
            print(&coverage);
            law(&duties, readiness.as_of);
            line(styled(FAINT, NO_CLAIM));
        }
        Ok(Outcome::Done)
    }
}

fn broken(error: FrameworkError) -> Failure {
    Failure(Error::new(ErrorKind::Unavailable, error.to_string()).hint("correct the file, or take it out of the data folder"))
}

fn summary(coverage: &Coverage<'_>) -> serde_json::Value {
    json!({"framework": coverage.framework, "title": coverage.title, "certifiable": coverage.certifiable, "counts": coverage.counts})
}

fn list(all: &[Coverage<'_>]) {
    let row = |coverage: &Coverage<'_>| {
        let counts = coverage.counts;
        vec![
            styled(STRONG, coverage.framework),
            short(coverage.title, 60),
            styled(GOOD, format!("{} covered", counts.covered)),
            styled(ATTENTION, format!("{} partly", counts.partly)),
            styled(FAINT, format!("{} not covered", counts.not)),
            format!("of {}", counts.of),
        ]
    };
    table(&all.iter().map(row).collect::<Vec<_>>());
    line("");
    line(styled(FAINT, NO_CLAIM));
}

fn print(coverage: &Coverage<'_>) {
    line(styled(STRONG, coverage.title));
    let row = |reached: &Reached<'_>| {
        let reach = match reached.reach {
            Reach::Covered => styled(GOOD, "covered"),
            Reach::Partly => styled(ATTENTION, "partly"),
            Reach::Not => styled(FAINT, "not covered"),
        };
        let by: Vec<String> = reached.by.iter().take(4).map(|by| format!("{} {}", by.item, by.strength.word())).collect();
        vec![
            reached.id.to_owned(),
            short(reached.title, 44),
            reach,
            short(&by.join(", "), 56),
            short(reached.remainder.first().map_or("", String::as_str), 80),
        ]
    };
    table(&coverage.requirements.iter().map(row).collect::<Vec<_>>());
    let counts = coverage.counts;
    line("");
    line(format!(
        "As of {}: {} of {} covered by live evidence, {} partly, {} not",
        coverage.as_of, counts.covered, counts.of, counts.partly, counts.not
    ));
    coverage.certifiable.iter().for_each(|certifiable| line(format!("Certification: {certifiable}")));
    if !coverage.still_to_do.is_empty() {
        line("Remains to be done, whatever the evidence is:");
        coverage.still_to_do.iter().for_each(|what| line(format!("  - {what}")));
    }
}

fn law(duties: &[Duty<'_>], today: Date) {
    if duties.is_empty() {
        return;
    }
    line("Duties that bind AI systems in scope, by the roles and tiers decided for them:");
    for milestone in milestones(duties, today) {
        let when = if milestone.binds { styled(ATTENTION, "binds since") } else { "binds from".to_owned() };
        line(format!("  {when} {}: {} duties, {} systems", milestone.on, milestone.duties.len(), milestone.ai_systems.len()));
        for duty in duties.iter().filter(|duty| duty.from == milestone.on) {
            let who = format!("{}; {}", duty.roles.join(", "), duty.tiers.join(", "));
            line(format!("    {} {} ({who}), {}", duty.id, short(duty.title, 60), duty.reach.word()));
        }
    }
}
