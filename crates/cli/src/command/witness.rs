//! `vouch witness`

use std::fs;

use clap::{Args, Subcommand};
use vouch_app::{Entropy, Error};
use vouch_ledger::{KeyType, Policy, SignerKey, VerifierKey};

use crate::durable::{private_file, private_folder, replace_file};
use crate::failure::{Failure, Outcome};
use crate::keys;
use crate::output::{FAINT, STRONG, line, styled};
use crate::serving;
use crate::session::Common;
use crate::system::SystemEntropy;
use crate::witnessing::{POLICY, Witness};

/// Name of the file with the witness's key.
const KEY: &str = "witness.key";

/// Be a witness for logs of others (C2SP tlog-witness): whoever holds their keys cannot take back what you have cosigned
#[derive(Args, Debug)]
pub(crate) struct WitnessCommand {
    #[command(subcommand)]
    command: Step,
}

#[derive(Subcommand, Debug)]
enum Step {
    /// Make the witness's key, in a folder of its own; print what logs put into their policies
    Init {
        /// Name of the witness, as verifiers will read it: witness.example.org/one
        #[arg(long, value_name = "NAME")]
        name: String,
    },
    /// Watch a log: from now on its checkpoints are cosigned, as long as it only grows
    Watch {
        /// Verifier key of the log, got from its holder by a way that you trust
        key: String,
    },
    /// Answer on this machine until told to stop
    Serve {
        /// Where to listen: host and port of this machine; others reach it through a proxy or a tunnel
        #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8043")]
        listen: String,
    },
}

impl WitnessCommand {
    pub(crate) fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let folder = common.folder("vouch-witness")?.path().to_path_buf();
        let (key, policy) = (folder.join(KEY), folder.join(POLICY));
        match self.command {
            Step::Init { name } => {
                if key.exists() {
                    let message = format!("a witness was begun in `{}` already", folder.display());
                    return Err(Failure(Error::refused(message).hint("name another folder with `--data DIR`")));
                }
                let signer = SignerKey::cosigner(&name, &SystemEntropy.bytes())?;
                private_folder(&folder).map_err(|error| Failure::file(&folder, "make", error))?;
                replace_file(&policy, &Policy::of_log([]).to_bytes())?;
                private_file(&key, signer.to_text().as_bytes())?;
                line(styled(STRONG, "A log that wants to be watched puts this into its policy, with your address and its quorum:"));
                line(format!("witness {} {} http://127.0.0.1:8043", word(&name), signer.verifier()));
            }
            Step::Watch { key } => {
                let log = VerifierKey::parse(&key)?;
                if log.key_type() != KeyType::Ed25519 {
                    return Err(Failure::invalid(format!("`{key}` is not the key of a log"), "see `vouch ledger key show`"));
                }
                let bytes = fs::read(&policy).map_err(|error| Failure::file(&policy, "read", error))?;
                let text = format!("log {log}\n{}", String::from_utf8_lossy(&bytes));
                let added = Policy::parse(text.as_bytes())?;
                replace_file(&policy, &added.to_bytes())?;
                line(format!("`{}` is watched", log.name()));
            }
            Step::Serve { listen } => {
                let signer = keys::read(&key)?;
                let listener = serving::listen(Some(&listen))?;
                let at = listener.local_addr().map_err(|error| Failure::file(&folder, "serve", error))?;
                let witness = Witness::open(&folder, signer.clone())?;
                line(format!("witness {} {} http://{at}", word(signer.verifier().name()), signer.verifier()));
                line(styled(FAINT, "Stop with Ctrl C; what was cosigned is kept."));
                return witness.serve(listener);
            }
        }
        Ok(Outcome::Done)
    }
}

/// A name inside a policy that follows from the witness's: the last part of it.
fn word(name: &str) -> &str {
    name.rsplit('/').next().filter(|part| !part.is_empty() && *part != "none").unwrap_or("witness")
}
