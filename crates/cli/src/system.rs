//! Time, randomness and environment, taken from the system here and nowhere else.

use std::path::PathBuf;

use jiff::Timestamp;
use vouch_app::{Clock, Entropy};

/// The system's clock.
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// The system's source of randomness.
pub(crate) struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn bytes(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        // A machine without randomness cannot seal anything; going on would make every commitment guessable.
        getrandom::fill(&mut bytes).expect("the system gives random bytes");
        bytes
    }
}

/// The words of the command line behind the program's name, whatever is no text made readable.
#[allow(clippy::disallowed_methods)]
pub(crate) fn arguments() -> Vec<String> {
    std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()).collect()
}

/// The folder in which an installation lies when none is named: that of the user's data.
#[allow(clippy::disallowed_methods)]
pub(crate) fn data_folder(name: &str) -> Option<PathBuf> {
    let data = std::env::var_os("XDG_DATA_HOME").filter(|path| !path.is_empty()).map(PathBuf::from);
    let home = || {
        std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE")).map(|home| PathBuf::from(home).join(".local/share"))
    };
    data.or_else(home).map(|base| base.join(name))
}

/// How this program was called, for commands that a person may paste.
pub(crate) fn program() -> String {
    std::env::args_os().next().map_or_else(|| "vouch".to_owned(), |program| program.to_string_lossy().into_owned())
}
