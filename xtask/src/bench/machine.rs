//! What a measure was taken on.

use anyhow::Result;

use crate::project::Project;

/// Processor, cores, memory and compiler, in one line; never a name that tells one machine from another.
pub(crate) fn describe(project: &Project) -> Result<String> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let processor = std::fs::read_to_string("/proc/cpuinfo").ok().and_then(|text| value(&text, "model name"));
    let memory = std::fs::read_to_string("/proc/meminfo").ok().and_then(|text| gibibytes(&value(&text, "MemTotal")?));
    let compiler = project.output("rustc", &["--version"])?;
    let compiler = compiler.split(" (").next().unwrap_or_default().trim();
    let processor = processor.unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    let memory = memory.map(|memory| format!(", {memory} GiB")).unwrap_or_default();
    Ok(format!("{processor}, {cores} cores{memory}, {}, {compiler}", std::env::consts::OS))
}

/// The commit, with a plus sign if the work tree holds more.
pub(crate) fn commit(project: &Project) -> Result<String> {
    let commit = project.output("git", &["rev-parse", "--short", "HEAD"])?;
    let changed = !project.output("git", &["status", "--porcelain", "--untracked-files=no"])?.trim().is_empty();
    Ok(format!("{}{}", commit.trim(), if changed { "+" } else { "" }))
}

/// The text behind `key` in a list of `key : text` lines.
fn value(text: &str, key: &str) -> Option<String> {
    let lines = text.lines().filter_map(|line| line.split_once(':'));
    lines.into_iter().find(|(name, _)| name.trim() == key).map(|(_, value)| value.trim().to_owned())
}

/// `25165824 kB` → 24.
fn gibibytes(written: &str) -> Option<u64> {
    let kibibytes: u64 = written.strip_suffix("kB")?.trim().parse().ok()?;
    Some((kibibytes + (1 << 19)) >> 20)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn system_files_are_read() {
        let text = "processor\t: 0\nmodel name\t: Some CPU @ 2.0GHz\n";
        assert_eq!(value(text, "model name").as_deref(), Some("Some CPU @ 2.0GHz"));
        assert_eq!(value(text, "model"), None);
        assert_eq!(gibibytes("25165824 kB"), Some(24));
        assert_eq!(gibibytes("25 MB"), None);
    }
}
