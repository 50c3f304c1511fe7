//! Command lines that cannot be read, said in the form of every other failure: message, hint, exit code 2.

use std::error::Error as _;
use std::num::ParseIntError;
use std::process::ExitCode;

use clap::CommandFactory as _;
use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

use crate::command::Cli;
use crate::failure::Failure;

/// Answers a command line that is no command: help and version where they were asked for, else what is wrong with it.
pub(crate) fn answer(error: &Error, arguments: &[String]) -> ExitCode {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        // Nobody reads an answer that cannot be written.
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    let failure = Failure::invalid(message(error), hint(error, arguments));
    failure.report(arguments.iter().any(|argument| argument == "--json"));
    failure.code()
}

fn message(error: &Error) -> String {
    let argument = named(error, ContextKind::InvalidArg);
    let value = named(error, ContextKind::InvalidValue);
    match error.kind() {
        ErrorKind::ValueValidation => format!("`{value}` does not fit {argument}{}", because(error)),
        ErrorKind::InvalidValue if value.is_empty() => format!("{argument} wants a value"),
        ErrorKind::InvalidValue => format!("`{value}` does not fit {argument}; it takes {}", named(error, ContextKind::ValidValue)),
        ErrorKind::InvalidSubcommand => format!("there is no command `{}`", named(error, ContextKind::InvalidSubcommand)),
        ErrorKind::UnknownArgument => format!("{argument} is nothing that this command takes"),
        ErrorKind::MissingRequiredArgument => format!("{argument} is missing"),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => "a command is missing".to_owned(),
        ErrorKind::ArgumentConflict => format!("{argument} cannot stand beside {}", named(error, ContextKind::PriorArg)),
        _ => plain(&error.to_string()),
    }
}

/// Why a value does not fit, in the words of whatever read it.
fn because(error: &Error) -> String {
    match error.source() {
        Some(source) if source.is::<ParseIntError>() => "; a whole number is wanted".to_owned(),
        Some(source) => format!("; {source}"),
        None => String::new(),
    }
}

fn hint(error: &Error, arguments: &[String]) -> String {
    for near in [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg] {
        let near = named(error, near);
        if !near.is_empty() {
            return format!("perhaps {near} is meant");
        }
    }
    format!("see `{} --help`", command_of(arguments))
}

/// The command that a command line names as far as it can be read, with the commands below it.
fn command_of(arguments: &[String]) -> String {
    let (mut named, mut command) = ("vouch".to_owned(), Cli::command());
    for argument in arguments {
        if let Some(below) = command.find_subcommand(argument).cloned() {
            named = format!("{named} {argument}");
            command = below;
        }
    }
    named
}

/// What the error tells under this heading, each in backticks unless it is a value, which the message sets in them itself.
fn named(error: &Error, kind: ContextKind) -> String {
    let bare = matches!(kind, ContextKind::InvalidValue | ContextKind::InvalidSubcommand);
    let quoted = |text: &str| if bare { text.to_owned() } else { format!("`{text}`") };
    match error.get(kind) {
        Some(ContextValue::String(text)) => quoted(text),
        Some(ContextValue::Strings(texts)) => texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", "),
        _ => String::new(),
    }
}

/// The first line of what the reader of command lines says itself.
fn plain(text: &str) -> String {
    text.lines().next().unwrap_or_default().trim_start_matches("error: ").trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;

    fn check(arguments: &[&str], message_wanted: &str, hint_wanted: &str) {
        let arguments: Vec<String> = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        let error = Cli::try_parse_from(std::iter::once("vouch".to_owned()).chain(arguments.clone())).unwrap_err();
        assert_eq!((message(&error).as_str(), hint(&error, &arguments).as_str()), (message_wanted, hint_wanted), "{arguments:?}");
    }

    #[test]
    fn what_cannot_be_read_is_named_with_what_to_do() {
        check(&["frobnicate"], "there is no command `frobnicate`", "see `vouch --help`");
        check(&["lst", "risk"], "there is no command `lst`", "perhaps `list` is meant");
        check(&[], "a command is missing", "see `vouch --help`");
        check(&["list"], "`<KIND>` is missing", "see `vouch list --help`");
        check(&["list", "risk", "--colour"], "`--colour` is nothing that this command takes", "see `vouch list --help`");
        check(
            &["show", "RSK-1", "--as-of", "2026-13-01"],
            "`2026-13-01` does not fit `--as-of <DATE>`; write a day like 2026-11-21",
            "see `vouch show --help`",
        );
        check(&["diff", "RSK-1", "a", "2"], "`a` does not fit `<ONE>`; a whole number is wanted", "see `vouch diff --help`");
        check(
            &["show", "rsk-1"],
            "`rsk-1` does not fit `<RECORD>`; `rsk-1` is not an id such as `RSK-19` or `DOC-4@2`",
            "see `vouch show --help`",
        );
        check(
            &["import", "a.csv", "--preset", "omb-2024", "--mapping", "m.toml"],
            "`--preset <NAME>` cannot stand beside `--mapping <FILE>`",
            "see `vouch import --help`",
        );
        check(&["ledger", "prove"], "`<RECORD>` is missing", "see `vouch ledger prove --help`");
    }
}
