//! `vouch ledger key`

use std::path::PathBuf;

use clap::Subcommand;
use vouch_app::Error;

use crate::failure::{Failure, Outcome};
use crate::output::{GOOD, line, styled};
use crate::session::Common;
use crate::system::{new_passphrase, read_passphrase};

/// The signing key of the log
#[derive(Subcommand, Debug)]
pub(crate) enum KeyCommand {
    /// Print the keys of the log, oldest first, with their fingerprints, and how the present one is kept
    Show {},
    /// Put the signing key under a passphrase; commands that write want it in VOUCH_KEY_PASSPHRASE, or in the file that
    /// VOUCH_KEY_PASSPHRASE_FILE names, from then on
    Protect {
        /// File whose first line is the new passphrase; that of the environment if not given
        #[arg(long, value_name = "FILE")]
        passphrase: Option<PathBuf>,
    },
    /// Keep the signing key without a passphrase again
    Unprotect {},
    /// Hand the log over to a new signing key, by a leaf that both keys sign; the old one goes
    ///
    /// Whoever trusts the old key follows that leaf to the new one. A `vouch witness` follows when it is next asked; other witnesses of this log must be told the new
    /// key.
    Rotate {},
}

impl KeyCommand {
    pub(crate) fn run(self, common: &Common) -> Result<Outcome, Failure> {
        match self {
            Self::Show {} => show(common)?,
            Self::Protect { passphrase } => {
                let folder = common.folder("vouch")?;
                let key = folder.keys()?.signing()?;
                let given =
                    passphrase.as_deref().map(read_passphrase).transpose()?.map_or_else(new_passphrase, |new| Ok(Some(new)))?;
                let Some(given) = given else {
                    let hint = "name a file with `--passphrase FILE`, or set VOUCH_KEY_PASSPHRASE";
                    return Err(Failure::invalid("there is no passphrase", hint));
                };
                folder.keys()?.put(&key, Some(&given))?;
                line(format!(
                    "{}: the signing key lies under the passphrase; whoever loses it can add nothing to this log",
                    styled(GOOD, "ok")
                ));
            }
            Self::Unprotect {} => {
                let folder = common.folder("vouch")?;
                let key = folder.keys()?.signing()?;
                folder.keys()?.put(&key, None)?;
                line(format!("{}: the signing key lies as it is, for its owner only", styled(GOOD, "ok")));
            }
            Self::Rotate {} => rotate(common)?,
        }
        Ok(Outcome::Done)
    }
}

fn show(common: &Common) -> Result<(), Failure> {
    let session = common.read()?;
    let policy = session.vouch.policy_from(&session.folder.policy()?)?;
    for key in policy.log_keys(session.vouch.origin()) {
        line(format!("{key}"));
        line(format!("  fingerprint: {}", key.fingerprint()));
    }
    line(if session.folder.keys()?.is_protected()? {
        "The last one lies under a passphrase."
    } else {
        "The last one lies without a passphrase; `vouch ledger key protect` puts it under one."
    });
    Ok(())
}

fn rotate(common: &Common) -> Result<(), Failure> {
    let session = common.write()?;
    let keys = session.folder.keys()?;
    let acting = session.acting()?;
    let old = keys.signing()?;
    let new = keys.prepare()?;
    let key = new.verifier();
    let outcome = session.vouch.rotate(acting, old, new);
    // Whatever came of it: the log says which key counts, and a later command would end what was begun.
    keys.settle(session.vouch.last_key()?.as_ref())?;
    let seq = outcome.map_err(|error| Error {
        hint: error.hint.or_else(|| Some("the log goes on with the key that it had".to_owned())),
        ..error
    })?;
    line(format!("{}: leaf {seq} hands the log over, signed by both keys", styled(GOOD, "ok")));
    line(format!("new key:     {key}"));
    line(format!("fingerprint: {}", key.fingerprint()));
    line(
        "Keep both fingerprints: whoever trusts the old one follows to the new one. Backups from before need the old key, as they have it sealed.",
    );
    if !session.folder.policy()?.witnesses.is_empty() {
        line("Tell the witnesses of this log the new key, or they refuse its checkpoints.");
    }
    Ok(())
}
