//! The table in docs/PERFORMANCE.md: one row a measure, rewritten when it is taken again; the prose around it stays.

use anyhow::{Context as _, Result};

use crate::project::Project;

const PATH: &str = "docs/PERFORMANCE.md";
const HEAD: &str = "| work | bar | measured | method | machine | commit |\n|---|--:|--:|---|---|---|\n";
const INTRODUCTION: &str = "# Performance\n\n`cargo xtask bench [NAME]…` takes these measures and writes their rows.\n\n";

/// A row.
pub(crate) struct Row<'a> {
    pub(crate) work: &'a str,
    pub(crate) bar: String,
    pub(crate) measured: String,
    pub(crate) method: &'a str,
    pub(crate) machine: &'a str,
    pub(crate) commit: &'a str,
}

/// Writes the row into the page.
pub(crate) fn write(project: &Project, row: &Row<'_>) -> Result<()> {
    let path = project.path(PATH);
    let present = if path.is_file() { project.read(PATH)? } else { INTRODUCTION.to_owned() };
    std::fs::write(&path, with_row(&present, row)).with_context(|| format!("cannot write `{PATH}`"))
}

/// The page with this row in place of the one for the same work, or behind the last.
fn with_row(page: &str, row: &Row<'_>) -> String {
    let cells = [row.work, &row.bar, &row.measured, row.method, row.machine, row.commit].map(|cell| cell.replace('|', "/"));
    let line = format!("| {} |\n", cells.join(" | "));
    let Some(table) = page.find(HEAD) else {
        let gap = if page.ends_with("\n\n") { "" } else { "\n" };
        return format!("{page}{gap}{HEAD}{line}");
    };
    let (before, rest) = page.split_at(table + HEAD.len());
    let length: usize = rest.split_inclusive('\n').take_while(|row| row.starts_with('|')).map(str::len).sum();
    let (rows, after) = rest.split_at(length);
    let same = format!("| {} |", cells[0]);
    let mut written = String::from(before);
    let mut placed = false;
    for old in rows.split_inclusive('\n') {
        if old.starts_with(&same) {
            written.push_str(&line);
            placed = true;
        } else {
            written.push_str(old.trim_end());
            written.push('\n');
        }
    }
    if !placed {
        written.push_str(&line);
    }
    written + after
}

/// A number for people: thousands apart, three digits that count.
pub(crate) fn number(value: f64) -> String {
    let decimals = match value.abs() {
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        _ => 2,
    };
    let written = format!("{value:.decimals$}");
    let (whole, part) = written.split_once('.').unwrap_or((&written, ""));
    let mut apart = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) && whole.as_bytes()[index - 1] != b'-' {
            apart.push(',');
        }
        apart.push(digit);
    }
    let part = part.trim_end_matches('0');
    if part.is_empty() { apart } else { format!("{apart}.{part}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row<'a>(work: &'a str, measured: &str) -> Row<'a> {
        Row { work, bar: "≤ 5 s".into(), measured: measured.into(), method: "m", machine: "c", commit: "abc" }
    }

    #[test]
    fn a_row_replaces_the_one_for_the_same_work_and_prose_stays() {
        let first = with_row(INTRODUCTION, &row("demo", "4 s"));
        let second = with_row(&first, &row("demo more", "1 s")) + "\nWords behind.\n";
        let third = with_row(&second, &row("demo", "3 s"));
        let expected = format!(
            "{INTRODUCTION}{HEAD}| demo | ≤ 5 s | 3 s | m | c | abc |\n| demo more | ≤ 5 s | 1 s | m | c | abc |\n\nWords behind.\n"
        );
        assert_eq!(third, expected);
    }

    #[test]
    fn numbers_are_readable() {
        for (value, written) in
            [(1_234_567.8, "1,234,568"), (5.0, "5"), (4.567, "4.57"), (31.98, "32"), (123.4, "123"), (0.1, "0.1")]
        {
            assert_eq!(number(value), written);
        }
    }
}
