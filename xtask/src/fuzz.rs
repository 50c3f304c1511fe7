//! Fuzzing of every parser of bytes from outside: `cargo xtask fuzz [NAME]… [--seconds N] [--runs N] [--keep]`.
//!
//! Targets are the tests of `crates/*/tests/fuzz.rs`. As plain tests they replay the inputs beside them; here they are built so that
//! libFuzzer, which comes with `bolero`, sees which inputs reach something new, keeps those and changes them further. It ends an input
//! that panics, takes too long or too much memory, and leaves it in `target/fuzz/found`.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

use crate::manifest::Manifests;
use crate::project::Project;

/// What a whole run of a target is: so many inputs, or so many seconds, whichever is first.
const RUNS: u64 = 10_000_000;
const SECONDS: u64 = 20 * 60;
/// What one input may take: seconds, and mebibytes of the whole process.
const MOST_SECONDS: u64 = 5;
const MOST_MEBIBYTES: u64 = 512;
/// Longest input in bytes.
const LONGEST: u64 = 8_192;
/// What is kept of a target in the source tree: so many inputs, none longer than so many bytes.
const KEPT: usize = 48;
const KEPT_BYTES: u64 = 2_048;

/// Counts what an input reaches. These passes are in every compiler, and overflow is to be told as a panic.
const FLAGS: [&str; 10] = [
    "--cfg=fuzzing",
    "--cfg=fuzzing_libfuzzer",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Ccodegen-units=1",
    "-Cdebug-assertions",
    "-Coverflow-checks",
];

/// What was asked for.
struct Order {
    names: Vec<String>,
    runs: u64,
    seconds: u64,
    keep: bool,
}

/// A parser that is given inputs.
#[derive(Debug, PartialEq, Eq)]
struct Target {
    /// crate whose tests hold it
    package: String,
    name: String,
    /// where its inputs lie
    corpus: String,
}

/// Gives inputs to each target named, or to all.
pub(crate) fn run(project: &Project, words: &[String]) -> Result<()> {
    let order = order(words)?;
    let targets = targets(project)?;
    if let Some(unknown) = order.names.iter().find(|name| targets.iter().all(|target| target.name != **name)) {
        let known: Vec<&str> = targets.iter().map(|target| &*target.name).collect();
        bail!("no target is called `{unknown}`; there are {}", known.join(", "));
    }
    let folder = Manifests::read(project)?.target_folder().join("fuzz");
    let mut failed = Vec::new();
    for target in targets.iter().filter(|target| order.names.is_empty() || order.names.contains(&target.name)) {
        if !fuzz(project, &folder, target, &order)? {
            failed.push(&*target.name);
        }
    }
    if failed.is_empty() {
        Ok(())
    } else {
        bail!("an input broke {}; it lies in {}", failed.join(", "), folder.join("found").display())
    }
}

fn order(words: &[String]) -> Result<Order> {
    let mut order = Order { names: Vec::new(), runs: RUNS, seconds: SECONDS, keep: false };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let mut number = || words.next().and_then(|word| word.parse().ok()).with_context(|| format!("`{word}` wants a number"));
        match word.as_str() {
            "--runs" => order.runs = number()?,
            "--seconds" => order.seconds = number()?,
            "--keep" => order.keep = true,
            name if !name.starts_with('-') => order.names.push(name.to_owned()),
            other => bail!("`{other}` is not understood; say `cargo xtask fuzz [NAME]… [--seconds N] [--runs N] [--keep]`"),
        }
    }
    Ok(order)
}

/// All targets, as the tests name them.
fn targets(project: &Project) -> Result<Vec<Target>> {
    let mut targets = Vec::new();
    for path in project.tracked()?.iter().filter(|path| path.ends_with("/tests/fuzz.rs")) {
        let folder = path.trim_end_matches("/fuzz.rs");
        let package = folder.trim_start_matches("crates/").trim_end_matches("/tests");
        let target =
            |name: String| Target { package: format!("vouch-{package}"), corpus: format!("{folder}/__fuzz__/{name}/corpus"), name };
        targets.extend(names(&project.read(path)?).into_iter().map(target));
    }
    Ok(targets)
}

/// The names that a file of targets gives them.
fn names(text: &str) -> Vec<String> {
    let begun = text.split("check!(name = \"").skip(1);
    begun.filter_map(|rest| rest.split_once('"')).map(|(name, _)| name.to_owned()).collect()
}

/// Whether no input broke the target.
fn fuzz(project: &Project, folder: &Path, target: &Target, order: &Order) -> Result<bool> {
    let (found, grown) = (folder.join("found"), folder.join("corpus").join(&target.name));
    for place in [&found, &grown] {
        std::fs::create_dir_all(place).with_context(|| format!("cannot make {}", place.display()))?;
    }
    let kept = project.path(&target.corpus);
    let options = format!(
        "{} {} -artifact_prefix={}/{}- -runs={} -max_total_time={} -timeout={MOST_SECONDS} -rss_limit_mb={MOST_MEBIBYTES} -max_len={LONGEST} \
         -use_value_profile=1 -print_final_stats=1 -verbosity=0",
        grown.display(),
        kept.display(),
        found.display(),
        target.name,
        order.runs,
        order.seconds,
    );
    let output = program(project, folder, target, &options)?.stdout(Stdio::null()).output().context("cannot start cargo")?;
    let said = String::from_utf8_lossy(&output.stderr);
    let Some(figures) = figures(&said) else {
        bail!("`{}` did not run: {}", target.name, said.lines().rev().take(20).collect::<Vec<_>>().join("\n"));
    };
    println!("fuzz, {}: {figures}, {}", target.name, if output.status.success() { "nothing broke it" } else { "BROKEN" });
    if !output.status.success() {
        println!("{said}");
    } else if order.keep {
        keep(&kept, &grown)?;
    }
    Ok(output.status.success())
}

/// The test of a target, built to be guided and told these options.
fn program(project: &Project, folder: &Path, target: &Target, options: &str) -> Result<Command> {
    let compiler = project.output("rustc", &["--version", "--verbose"])?;
    let host = compiler.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc names no host")?;
    // With a target named, flags are for what runs there, and not for macros and build scripts.
    let arguments = ["test", "--quiet", "--locked", "--release", "--target", host, "--package", &target.package, "--test", "fuzz"];
    let mut command = project.command("cargo", &[&arguments[..], &["--", &target.name, "--exact", "--nocapture"]].concat());
    command.env("RUSTFLAGS", FLAGS.join(" ")).env("CARGO_INCREMENTAL", "0").env("CARGO_TARGET_DIR", folder);
    command.env("BOLERO_LIBFUZZER_ARGS", options);
    Ok(command)
}

/// What libFuzzer counted; nothing when it did not begin.
fn figures(said: &str) -> Option<String> {
    let of = |name: &str| {
        said.lines().find_map(|line| line.strip_prefix("stat::")?.strip_prefix(name)?.strip_prefix(':')).map(str::trim)
    };
    let (inputs, slowest, memory) = (of("number_of_executed_units")?, of("slowest_unit_time_sec")?, of("peak_rss_mb")?);
    Some(format!("{inputs} inputs, {} reached something new, slowest {slowest} s, most {memory} MiB", of("new_units_added")?))
}

/// Takes inputs that reached something new into the source tree, spread over their lengths. libFuzzer could merge them, but starts the
/// program anew for it, which then runs every target of the file.
fn keep(kept: &Path, grown: &Path) -> Result<()> {
    let mut by_size = BTreeMap::new();
    for entry in std::fs::read_dir(grown)? {
        let entry = entry?;
        let size = entry.metadata()?.len();
        if size <= KEPT_BYTES {
            by_size.insert((size, entry.file_name()), entry.path());
        }
    }
    let room = KEPT.saturating_sub(std::fs::read_dir(kept)?.count());
    let step = by_size.len().div_ceil(room.max(1)).max(1);
    for ((_, name), path) in by_size.into_iter().step_by(step).take(room) {
        std::fs::copy(path, kept.join(name)).context("cannot keep an input")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_found_by_the_names_that_tests_give_them() {
        let text = "bolero::check!(name = \"one\").for_each(x);\n bolero::check!(name = \"two\").with_iterations(0)";
        assert_eq!(names(text), ["one", "two"]);
    }

    #[test]
    fn every_target_has_inputs_to_replay() {
        let project = Project::find().unwrap();
        let targets = targets(&project).unwrap();
        assert!(targets.len() > 15, "{targets:?}");
        for target in targets {
            let inputs = std::fs::read_dir(project.path(&target.corpus)).map(Iterator::count).unwrap_or(0);
            assert!(inputs > 0, "{target:?} has none");
        }
    }

    #[test]
    fn figures_are_those_that_libfuzzer_prints() {
        let said = "INFO: x\nstat::number_of_executed_units: 114212\nstat::average_exec_per_sec:     0\n\
                    stat::new_units_added:          218\nstat::slowest_unit_time_sec:    0\nstat::peak_rss_mb:              63\n";
        assert_eq!(figures(said).unwrap(), "114212 inputs, 218 reached something new, slowest 0 s, most 63 MiB");
        assert!(figures("error: could not compile").is_none());
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let order = order(&words("notes --runs 5 --keep")).unwrap();
        assert_eq!((order.names, order.runs, order.seconds, order.keep), (vec!["notes".to_owned()], 5, SECONDS, true));
        assert!(super::order(&words("--runs many")).is_err() && super::order(&words("--fast")).is_err());
    }
}
