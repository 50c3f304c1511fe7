//! How a value is taken.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Instant, SystemTime};

use anyhow::{Context as _, Result, bail};

use super::web::{self, Figure};
use crate::manifest::Manifests;
use crate::project::Project;

/// Ways to take a value.
pub(crate) enum Take {
    /// a bench target that prints lines `measure LABEL VALUE`
    Printed { package: &'static str, target: &'static str, arguments: &'static [&'static str], label: &'static str },
    /// a divan bench that counts items; the value is items per second at the median
    Rate { package: &'static str, target: &'static str, bench: &'static str },
    /// the program in a new data folder; the value is the median of the wall times in seconds
    Command { arguments: &'static [&'static str], runs: usize },
    /// pages of a large organisation, served by the release build
    Web(Figure),
    /// the program in a data folder that the program made before, started anew each time; the value is the same in milliseconds
    Started { made_by: &'static [&'static str], arguments: &'static [&'static str], runs: usize },
    /// a release build into an empty folder, in seconds
    CleanBuild,
    /// a release build after one rule was changed, in seconds
    RebuildAfterCheck,
}

impl Take {
    /// The value.
    pub(crate) fn value(&self, project: &Project) -> Result<f64> {
        match *self {
            Self::Printed { package, target, arguments, label } => {
                let bench = ["bench", "--quiet", "--package", package, "--bench", target, "--"];
                labelled(&project.output("cargo", &[&bench[..], arguments].concat())?, label)
            }
            Self::Rate { package, target, bench } => {
                rate(&project.output("cargo", &["bench", "--quiet", "--package", package, "--bench", target, "--", bench])?, bench)
            }
            Self::Command { arguments, runs } => command(project, arguments, runs),
            Self::Web(figure) => web::value(project, figure),
            Self::Started { made_by, arguments, runs } => started(project, made_by, arguments, runs),
            Self::CleanBuild => {
                let folder = build_folder(project)?;
                if folder.exists() {
                    std::fs::remove_dir_all(&folder)?;
                }
                build(project, &folder)
            }
            Self::RebuildAfterCheck => {
                let folder = build_folder(project)?;
                build(project, &folder)?;
                let changed = Changed::rule(project)?;
                let seconds = build(project, &folder);
                changed.put_back()?;
                seconds
            }
        }
    }
}

/// A file that a measure changed, and what it held before.
struct Changed {
    path: PathBuf,
    before: String,
}

impl Changed {
    /// Gives the first rule of the first check one more step, as an edit would: a newer date alone would only
    /// show that the compiler finds nothing to do.
    fn rule(project: &Project) -> Result<Self> {
        let check = |file: &&String| file.starts_with("crates/conform/src/check/") && file.ends_with(".rs");
        let nanoseconds = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.subsec_nanos();
        for file in project.tracked()?.iter().filter(check) {
            let path = project.path(file);
            let before = std::fs::read_to_string(&path)?;
            let Some(changed) = with_step(&before, nanoseconds) else { continue };
            std::fs::write(&path, changed)?;
            println!("changed `{file}` for this measure");
            return Ok(Self { path, before });
        }
        bail!("there is no rule to change")
    }

    fn put_back(self) -> Result<()> {
        std::fs::write(&self.path, self.before).with_context(|| format!("cannot put `{}` back", self.path.display()))
    }
}

/// The source of a check with one more step at the head of its first rule; none where it holds no rule.
fn with_step(source: &str, number: u32) -> Option<String> {
    let rule = source.find("(view: &View) -> Verdicts {\n")?;
    let (head, tail) = source.split_at(rule + source[rule..].find('\n')? + 1);
    let step = format!("    if std::hint::black_box({number}u32) == 1 {{\n        return Verdicts::default();\n    }}\n");
    Some(format!("{head}{step}{tail}"))
}

/// The value in the line `measure LABEL VALUE`.
fn labelled(printed: &str, label: &str) -> Result<f64> {
    let values = printed.lines().filter_map(|line| line.trim().strip_prefix("measure ")?.trim().split_once(' '));
    let value = values.into_iter().find(|(name, _)| *name == label).map(|(_, value)| value.trim());
    let value = value.with_context(|| format!("the bench printed no line `measure {label} VALUE`"))?;
    value.parse().with_context(|| format!("`{value}` behind `measure {label}` is no number"))
}

/// Items per second at the median, from divan's table: the row below that of the bench, third column.
fn rate(printed: &str, bench: &str) -> Result<f64> {
    // The branches of the tree are drawn with the stroke that also parts the columns.
    let mut rows = printed.lines().map(|line| line.trim_start_matches(['│', '├', '╰', '─', ' ']));
    let row = rows.find(|row| row.split_whitespace().next() == Some(bench)).and_then(|_| rows.next());
    let row = row.with_context(|| format!("the bench target printed no `{bench}`"))?;
    let median = row.split('│').nth(2).unwrap_or_default().trim();
    let (value, unit) = median.split_once(' ').with_context(|| format!("`{bench}` counts no items"))?;
    let factor = match unit {
        "item/s" => 1.0,
        "Kitem/s" => 1e3,
        "Mitem/s" => 1e6,
        "Gitem/s" => 1e9,
        _ => bail!("`{bench}` counts `{unit}`, not items"),
    };
    let value: f64 = value.parse().with_context(|| format!("`{value}` is no number"))?;
    Ok(value * factor)
}

fn command(project: &Project, arguments: &[&str], runs: usize) -> Result<f64> {
    let program = built(project)?;
    let mut seconds = Vec::new();
    for run in 0..runs {
        let folder = data_folder(run);
        let took = timed(&program, arguments, &folder);
        remove(&folder)?;
        seconds.push(took?);
    }
    median(&mut seconds).context("no run was asked for")
}

fn started(project: &Project, made_by: &[&str], arguments: &[&str], runs: usize) -> Result<f64> {
    let (program, folder) = (built(project)?, data_folder(0));
    let taken = timed(&program, made_by, &folder).and_then(|_| (0..runs).map(|_| timed(&program, arguments, &folder)).collect());
    remove(&folder)?;
    let mut seconds: Vec<f64> = taken?;
    median(&mut seconds).map(|seconds| seconds * 1000.0).context("no run was asked for")
}

/// The release build of the program.
fn built(project: &Project) -> Result<PathBuf> {
    project.output("cargo", &["build", "--quiet", "--release", "--package", "vouch"])?;
    Ok(Manifests::read(project)?.target_folder().join("release/vouch"))
}

fn data_folder(run: usize) -> PathBuf {
    std::env::temp_dir().join(format!("vouch-bench-{}-{run}", std::process::id()))
}

fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    Ok(())
}

/// How many seconds the program runs over a data folder.
fn timed(program: &Path, arguments: &[&str], folder: &Path) -> Result<f64> {
    let begun = Instant::now();
    let ended = Command::new(program).args(arguments).arg("--data").arg(folder).stdin(Stdio::null()).output();
    let took = begun.elapsed().as_secs_f64();
    let ended = ended.with_context(|| format!("cannot start `{}`", program.display()))?;
    if !ended.status.success() {
        bail!("`vouch {}` ended with {}: {}", arguments.join(" "), ended.status, String::from_utf8_lossy(&ended.stderr).trim());
    }
    Ok(took)
}

/// The middle of some values; none of none.
pub(super) fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => None,
        length if length % 2 == 1 => Some(values[middle]),
        _ => Some(f64::midpoint(values[middle - 1], values[middle])),
    }
}

fn build_folder(project: &Project) -> Result<PathBuf> {
    Ok(Manifests::read(project)?.target_folder().join("bench-build"))
}

fn build(project: &Project, folder: &Path) -> Result<f64> {
    let begun = Instant::now();
    let mut command = project.command("cargo", &["build", "--quiet", "--release", "--locked"]);
    let status = command.env("CARGO_TARGET_DIR", folder).status().context("cannot start cargo")?;
    if !status.success() {
        bail!("`cargo build --release` ended with {status}");
    }
    Ok(begun.elapsed().as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_printed_measure_is_found_by_its_label() {
        let printed = "running\nmeasure peak_10 3\n  measure peak_1000 12.5\n";
        assert!((labelled(printed, "peak_1000").unwrap() - 12.5).abs() < 1e-9);
        assert!(labelled(printed, "peak").is_err());
        assert!(labelled("measure peak many", "peak").is_err());
    }

    const TABLE: &str = "\
verify                     fastest       │ slowest       │ median        │ mean          │ samples │ iters
├─ leaves_and_tree         1.321 µs      │ 2.884 µs      │ 1.381 µs      │ 1.506 µs      │ 100     │ 200
│                          3.782 Gitem/s │ 1.733 Gitem/s │ 3.618 Gitem/s │ 3.318 Gitem/s │         │
╰─ inner                                 │               │               │               │         │
   ├─ bodies_of_12_fields  128.7 µs      │ 4.185 ms      │ 134.7 µs      │ 226.9 µs      │ 100     │ 100
   │                       38.82 Kitem/s │ 1.194 Kitem/s │ 37.1 Kitem/s  │ 22.02 Kitem/s │         │
   ╰─ other                130.3 µs      │ 4.185 ms      │ 133.5 µs      │ 218.7 µs      │ 100     │ 100
";

    #[test]
    fn a_rate_is_the_median_of_its_row() {
        assert!((rate(TABLE, "leaves_and_tree").unwrap() - 3.618e9).abs() < 1.0);
        assert!((rate(TABLE, "bodies_of_12_fields").unwrap() - 37_100.0).abs() < 1e-3);
        for none in ["other", "leaves", "inner"] {
            assert!(rate(TABLE, none).is_err(), "{none}");
        }
    }

    #[test]
    fn a_rule_is_given_a_step_and_what_is_no_rule_is_left_alone() {
        let source = "fn other() {\n}\n\nfn rule(view: &View) -> Verdicts {\n    all(view)\n}\n";
        let changed = with_step(source, 7).unwrap();
        let step =
            "-> Verdicts {\n    if std::hint::black_box(7u32) == 1 {\n        return Verdicts::default();\n    }\n    all(view)";
        assert!(changed.contains(step), "{changed}");
        assert_eq!(with_step("fn other() {\n}\n", 7), None);
    }

    #[test]
    fn the_median_is_the_middle() {
        assert_eq!(median(&mut [3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&mut [4.0, 1.0]), Some(2.5));
        assert_eq!(median(&mut []), None);
    }
}
