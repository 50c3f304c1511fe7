//! `vouch readiness`

use clap::Args;
use jiff::civil::Date;
use vouch_conform::readiness::{Depth, Grade, Readiness};

use crate::failure::{Failure, Outcome};
use crate::output::{ATTENTION, BAD, FAINT, GOOD, STRONG, json, line, short, styled, table};
use crate::session::Common;

/// What is documented, what operates and what is proven, requirement by requirement
#[derive(Args, Debug)]
pub(crate) struct ReadinessCommand {
    /// As of a past day
    #[arg(long, value_name = "DATE", value_parser = super::day)]
    as_of: Option<Date>,
    /// Only one depth: documented, operating or proven
    #[arg(long, value_parser = depth)]
    depth: Option<Depth>,
    /// End with 1 when a requirement is not met at that depth (proven if none is given)
    #[arg(long)]
    check: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

fn depth(text: &str) -> Result<Depth, String> {
    Depth::ALL.into_iter().find(|depth| depth.word() == text).ok_or_else(|| "use documented, operating or proven".to_owned())
}

impl ReadinessCommand {
    pub(crate) fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let session = common.read()?;
        let readiness = session.vouch.readiness(self.as_of)?;
        if self.json {
            json(&readiness);
        } else {
            print(&session.view(self.as_of)?, &readiness, self.depth);
        }
        let wanted = self.depth.unwrap_or(Depth::Proven);
        let unmet = readiness.requirements.iter().any(|answer| !answer.met(wanted));
        Ok(if self.check && unmet { Outcome::Found } else { Outcome::Done })
    }
}

fn print(view: &vouch_conform::View, readiness: &Readiness, only: Option<Depth>) {
    let depths: Vec<Depth> = only.map_or_else(|| Depth::ALL.to_vec(), |depth| vec![depth]);
    let mut rows = Vec::new();
    for answer in &readiness.requirements {
        let title = view.frameworks().item(&answer.id).map(|item| item.title.clone()).unwrap_or_default();
        let mut row = vec![answer.id.clone(), short(&title, 46)];
        for depth in &depths {
            let met = answer.met(*depth);
            row.push(match (answer.applies, met) {
                (false, _) => styled(FAINT, "n/a"),
                (true, true) => styled(GOOD, depth.word()),
                (true, false) => styled(FAINT, "-"),
            });
        }
        row.push(short(answer.reason.as_deref().unwrap_or_default(), 90));
        rows.push(row);
    }
    table(&rows);
    line("");
    summary(readiness);
}

/// The three numbers and the notes; also what the sample organisation ends with.
pub(super) fn summary(readiness: &Readiness) {
    line(format!("As of {}, {} leaves:", readiness.as_of, readiness.head.size));
    for (word, count) in [
        ("documented", readiness.depths.documented),
        ("operating", readiness.depths.operating),
        ("proven", readiness.depths.proven),
    ] {
        line(format!("  {word:<11} {} of {}", styled(STRONG, format!("{:>2}", count.met)), count.of));
    }
    for note in &readiness.notes {
        line(styled(FAINT, format!("  {note}")));
    }
}

/// A grade as shown.
pub(super) fn grade(grade: Grade) -> String {
    match grade {
        Grade::Major => styled(BAD, "major"),
        Grade::Minor => styled(ATTENTION, "minor"),
        Grade::Opportunity => styled(FAINT, "opportunity"),
    }
}
