//! How many tests ran, read from what the runners print at their end.

use std::fmt;
use std::ops::AddAssign;

/// Tests by outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    pub(crate) skipped: usize,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

impl Counts {
    /// Adds up the closing lines of nextest (`Summary [ 0.1s] 3 tests run: 2 passed, 1 failed, 4 skipped`) and of the standard
    /// runner (`test result: ok. 2 passed; 0 failed; 1 ignored; …`).
    pub(crate) fn read(lines: &[String]) -> Self {
        let mut counts = Self::default();
        for line in lines {
            let line = line.trim();
            let tail = match line.strip_prefix("test result: ") {
                Some(tail) => tail.split_once(". ").map(|(_, counts)| counts),
                None => line.strip_prefix("Summary ").and_then(|tail| tail.split_once(" run: ")).map(|(_, counts)| counts),
            };
            let Some(tail) = tail else { continue };
            for part in tail.split([',', ';']) {
                let mut words = part.split_whitespace();
                let (Some(number), Some(outcome)) = (words.next().and_then(|word| word.parse::<usize>().ok()), words.next()) else {
                    continue;
                };
                match outcome {
                    "passed" => counts.passed += number,
                    "failed" | "timed" => counts.failed += number,
                    "skipped" | "ignored" => counts.skipped += number,
                    _ => {}
                }
            }
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(lines: &[&str], expected: &str) {
        let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        assert_eq!(Counts::read(&lines).to_string(), expected);
    }

    #[test]
    fn closing_lines_of_both_runners_are_read() {
        check(
            &["     Summary [   0.034s] 13 tests run: 10 passed (1 slow), 2 failed, 1 timed out, 4 skipped"],
            "10 passed, 3 failed, 4 skipped",
        );
        check(
            &[
                "test result: ok. 13 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s",
                "test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s",
            ],
            "14 passed, 2 failed, 1 skipped",
        );
        check(&["running 3 tests", "test a ... ok"], "0 passed, 0 failed, 0 skipped");
    }
}
