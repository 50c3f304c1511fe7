//! `vouch init`

use clap::Args;
use vouch_app::Founding;

use crate::failure::{Failure, Outcome};
use crate::output::{STRONG, line, styled};
use crate::session::Common;

/// Begin an organisation: folder, signing key, organisation, first person and founding roles
#[derive(Args, Debug)]
pub(crate) struct Init {
    /// Name of the organisation
    #[arg(long, value_name = "NAME")]
    organisation: String,
    /// Name of the person who begins it; top management and AIMS lead from then on
    #[arg(long, value_name = "NAME")]
    person: String,
    /// E-mail address of that person
    #[arg(long, value_name = "ADDRESS")]
    email: Option<String>,
    /// Zone in which days are counted
    #[arg(long, value_name = "ZONE", default_value = "UTC")]
    time_zone: String,
    /// Language in which the organisation works
    #[arg(long, value_name = "LANGUAGE", default_value = "en")]
    language: String,
}

impl Init {
    pub(crate) fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let folder = common.folder("vouch")?;
        let Self { organisation, person, email, time_zone, language } = self;
        let founding = Founding { organisation, person, email, time_zone, language };
        let (vouch, key) = folder.begin(folder.tables()?, &founding)?;
        let first = vouch.view(None)?.all("person").next().map(|person| person.label()).unwrap_or_default();
        line(format!("{} begun in {}", styled(STRONG, &founding.organisation), folder.path().display()));
        line(format!("acting person: {first}"));
        line(format!("log:           {}", vouch.origin()));
        line(format!("fingerprint:   {}", key.fingerprint()));
        line("Keep the fingerprint somewhere else: whoever verifies this log trusts that key and nothing else.");
        line("Next: `vouch import FILE --preset omb-2024`, or `vouch put organisation --id ORG-1 --expect 1 --file FILE`.");
        Ok(Outcome::Done)
    }
}
