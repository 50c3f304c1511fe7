//! Time, randomness and environment, taken from the system here and nowhere else.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use jiff::Timestamp;
use vouch_app::{Clock, Entropy};

use crate::failure::Failure;

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

/// The passphrase of the signing key, if one is given: VOUCH_KEY_PASSPHRASE, or the first line of the file that
/// VOUCH_KEY_PASSPHRASE_FILE names.
#[allow(clippy::disallowed_methods)]
pub(crate) fn key_passphrase() -> Result<Option<String>, Failure> {
    let given = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    if let Some(passphrase) = given("VOUCH_KEY_PASSPHRASE") {
        return Ok(Some(passphrase.to_string_lossy().into_owned()));
    }
    given("VOUCH_KEY_PASSPHRASE_FILE").map(|path| read_passphrase(Path::new(&path))).transpose()
}

/// The same, or what a person types where this runs on a terminal; asked for once.
pub(crate) fn known_passphrase() -> Result<Option<String>, Failure> {
    static TYPED: OnceLock<String> = OnceLock::new();
    if let Some(given) = key_passphrase()? {
        return Ok(Some(given));
    }
    if let Some(typed) = TYPED.get() {
        return Ok(Some(typed.clone()));
    }
    let typed = typed("passphrase of the signing key: ")?;
    Ok(typed.map(|typed| TYPED.get_or_init(|| typed).clone()))
}

/// The same for a passphrase that is new, typed twice.
///
/// # Errors
/// Refused when what is typed differs.
pub(crate) fn new_passphrase() -> Result<Option<String>, Failure> {
    if let Some(given) = key_passphrase()? {
        return Ok(Some(given));
    }
    let Some(first) = typed("new passphrase: ")? else { return Ok(None) };
    if typed("the same again: ")?.as_deref() != Some(&first) {
        return Err(Failure::invalid("the two passphrases differ", "type the same twice"));
    }
    Ok(Some(first))
}

/// What a person types, unseen; nothing where nobody sits at a terminal.
fn typed(prompt: &str) -> Result<Option<String>, Failure> {
    if !(std::io::stdin().is_terminal() && std::io::stderr().is_terminal()) {
        return Ok(None);
    }
    let read = rpassword::prompt_password(prompt).map_err(|error| {
        Failure::invalid(format!("the passphrase cannot be read: {error}"), "name a file with VOUCH_KEY_PASSPHRASE_FILE")
    })?;
    Ok(Some(read).filter(|read| !read.is_empty()))
}

/// The first line of a file.
pub(crate) fn read_passphrase(path: &Path) -> Result<String, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| Failure::file(path, "read", error))?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

/// How this program was called, for commands that a person may paste.
pub(crate) fn program() -> String {
    std::env::args_os().next().map_or_else(|| "vouch".to_owned(), |program| program.to_string_lossy().into_owned())
}
