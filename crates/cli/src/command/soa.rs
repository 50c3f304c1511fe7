//! `vouch soa`

use clap::Args;
use jiff::civil::Date;
use serde_json::json;
use vouch_app::sheet;
use vouch_conform::statement::{Changed, Decision, Row, Statement, Version, compare};
use vouch_record::Id;

use crate::failure::{Failure, Outcome};
use crate::output::{ATTENTION, BAD, FAINT, GOOD, STRONG, csv, json, line, short, styled, table};
use crate::session::Common;

/// Statement of Applicability: each control, why it applies or not, who answers, and how far it is carried out
#[derive(Args, Debug)]
pub(crate) struct Soa {
    /// As of a past day
    #[arg(long, value_name = "DATE", value_parser = super::day)]
    as_of: Option<Date>,
    /// Only this control, with all reasons, procedures and proof
    #[arg(long, value_name = "CONTROL")]
    control: Option<String>,
    /// Where two frozen versions differ, for example SOA-1 SOA-2
    #[arg(long, num_args = 2, value_names = ["EARLIER", "LATER"], conflicts_with_all = ["control", "csv"])]
    compare: Option<Vec<Id>>,
    /// Print JSON
    #[arg(long, conflicts_with = "csv")]
    pub(crate) json: bool,
    /// Print comma-separated values
    #[arg(long)]
    csv: bool,
}

impl Soa {
    pub(crate) fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let session = common.read()?;
        let view = session.view(self.as_of)?;
        if let Some(versions) = &self.compare {
            return self.compared(&view, versions);
        }
        let readiness = session.vouch.readiness(self.as_of)?;
        let mut statement = Statement::of(&view, &readiness);
        if let Some(control) = &self.control {
            statement.rows.retain(|row| row.control == *control);
            if statement.rows.is_empty() {
                let hint = "write one such as A.6.2.4; see `vouch soa`";
                return Err(Failure::invalid(format!("there is no control `{control}`"), hint));
            }
        }
        match (self.json, self.csv) {
            (true, _) => json(&statement),
            (_, true) => csv(&sheet::statement(&statement))?,
            _ => print(&statement, self.control.is_some()),
        }
        Ok(Outcome::Done)
    }

    fn compared(&self, view: &vouch_conform::View, versions: &[Id]) -> Result<Outcome, Failure> {
        let find = |id: &Id| {
            let found = view.find(*id).filter(|entry| entry.kind().name == "statement-of-applicability");
            found.ok_or_else(|| {
                Failure::invalid(format!("`{id}` is no Statement of Applicability"), "see `vouch list statement-of-applicability`")
            })
        };
        let (earlier, later) = (find(&versions[0])?, find(&versions[1])?);
        let changed = compare(earlier, later);
        if self.json {
            json(&json!({"earlier": Version::of(earlier), "later": Version::of(later), "changed": changed}));
            return Ok(Outcome::Done);
        }
        line(format!("{} → {}", earlier.label(), later.label()));
        for Changed { control, what, before, now } in &changed {
            let said = |side: &Option<String>| short(side.as_deref().unwrap_or("no row"), 100);
            line(format!("{} {what}", styled(STRONG, control)));
            line(format!("  - {}", said(before)));
            line(format!("  + {}", said(now)));
        }
        line(format!("{} differences", changed.len()));
        Ok(Outcome::Done)
    }
}

fn print(statement: &Statement, whole: bool) {
    match &statement.version {
        Some(version) => line(in_force(version)),
        None => line("No Statement of Applicability is in force; what follows is what is decided so far."),
    }
    if whole {
        statement.rows.iter().for_each(control);
        return;
    }
    let rows: Vec<Vec<String>> = statement.rows.iter().map(shown).collect();
    table(&rows);
    let counts = statement.counts;
    line("");
    line(format!(
        "As of {}: {} applied ({} documented, {} operating, {} proven), {} excluded, {} undecided",
        statement.as_of, counts.applied, counts.documented, counts.operating, counts.proven, counts.excluded, counts.undecided
    ));
}

fn in_force(version: &Version) -> String {
    let on = version.frozen_on.map(|on| format!(", frozen on {on}")).unwrap_or_default();
    let scope = version.scope.as_ref().map_or_else(String::new, |scope| {
        let bound = if version.scope_in_force { "in force" } else { "no longer in force" };
        format!(", for {scope} revision {} ({bound})", version.scope_revision.unwrap_or_default())
    });
    let stale = match version.older_than.len() {
        0 => String::new(),
        n => styled(ATTENTION, format!("; {n} records changed since in a way that asks for a new version")),
    };
    format!("In force: version {} ({}){on}{scope}{stale}", version.version, version.record.id)
}

fn shown(row: &Row) -> Vec<String> {
    let decision = match row.decision {
        Decision::Applied => "applied".to_owned(),
        Decision::Excluded => styled(FAINT, "excluded"),
        Decision::Undecided => styled(BAD, "undecided"),
    };
    let implementation = match row.implementation {
        "proven" | "operating" => styled(GOOD, row.implementation),
        other => styled(FAINT, other),
    };
    let why = match (&row.exclusion, row.reasons.first()) {
        (Some(exclusion), _) => exclusion.reason.clone(),
        (None, Some(reason)) => reason.why.clone(),
        (None, None) => String::new(),
    };
    let failing = match row.failing.len() {
        0 => String::new(),
        n => styled(BAD, format!("{n} of {} fail", row.systems)),
    };
    let owner = row.owner.as_ref().map_or_else(|| "-".to_owned(), |owner| owner.id.to_string());
    vec![row.control.clone(), short(&row.title, 40), decision, implementation, owner, failing, short(&why, 70)]
}

/// Most records named per list.
const MOST: usize = 12;

fn control(row: &Row) {
    line(format!("{} {}", styled(STRONG, &row.control), row.title));
    line(format!("  {}{}", row.decision.word(), if row.approved { "" } else { ", not approved" }));
    for reason in &row.reasons {
        let by = if reason.stated { "" } else { " (from the records)" };
        let record = reason.record.map(|id| format!(" {id}")).unwrap_or_default();
        line(format!("  because of {}{record}: {}{by}", reason.source, reason.why));
    }
    if let Some(exclusion) = &row.exclusion {
        line(format!("  left out, {}: {}", exclusion.ground.unwrap_or("no ground"), exclusion.reason));
        exclusion.back_when.iter().for_each(|event| line(format!("  comes back when: {event}")));
        if exclusion.contradicted {
            line(styled(BAD, "  records speak against the exclusion"));
        }
    }
    line(format!("  owner {}", row.owner.as_ref().map_or_else(|| "nobody".to_owned(), ToString::to_string)));
    row.procedures.iter().for_each(|procedure| line(format!("  carried out by {procedure}")));
    line(format!("  {}{}", row.implementation, row.next.as_ref().map(|next| format!("; next: {next}")).unwrap_or_default()));
    if !row.failing.is_empty() {
        let failing: Vec<String> = row.failing.iter().take(MOST).map(Id::to_string).collect();
        line(styled(BAD, format!("  {} of {} systems fail it: {}", row.failing.len(), row.systems, failing.join(", "))));
    }
    for evidence in row.proof.iter().take(MOST) {
        line(format!("  {} {}@{}", evidence.depth, evidence.id, evidence.revision));
    }
    if row.proof.len() > MOST {
        line(styled(FAINT, format!("  {} more records; `--json` lists all", row.proof.len() - MOST)));
    }
    if let Some(drift) = row.frozen.as_ref().and_then(|frozen| frozen.drift.as_ref()) {
        line(styled(ATTENTION, format!("  differs from the version in force: {drift}")));
    }
}
