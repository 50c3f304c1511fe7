//! Sizes of files and functions, held by limits and a ratchet: an exception may only shrink.

use std::collections::BTreeMap;

use super::Problem;
use super::settings::Settings;
use super::source::{Function, Source};

/// Something counted, with the limits of EXAMPLES §4.
struct Measure {
    /// what is counted
    what: &'static str,
    /// most places stay at or below it
    aim: usize,
    /// how many of 100 may lie beyond the aim
    beyond: usize,
    /// none goes beyond it without an exception
    limit: usize,
    /// place → count
    found: BTreeMap<String, usize>,
}

/// Checks all sizes against limits and exceptions, and says how they stand.
pub(crate) fn check(sources: &[Source], tracked: &[String], settings: &Settings) -> (Vec<Problem>, Vec<String>) {
    let measures = measures(sources, tracked);
    let exceptions = [&settings.lines, &settings.functions, &settings.parameters, &settings.checks];
    let problems = measures.iter().zip(exceptions).flat_map(|(measure, exceptions)| measure.against(exceptions)).collect();
    (problems, measures.iter().map(Measure::summary).collect())
}

fn measures(sources: &[Source], tracked: &[String]) -> [Measure; 4] {
    let written = || sources.iter().filter(|source| !source.generated());
    let functions = |count: fn(&Function) -> usize| {
        let mut found = BTreeMap::new();
        for source in written() {
            for function in source.functions() {
                let place = format!("{}: {}", source.path, function.name);
                let most = found.entry(place).or_insert(0);
                *most = (*most).max(count(&function));
            }
        }
        found
    };
    let files = written().filter(|source| !source.for_tests);
    let lines: BTreeMap<String, usize> = files.map(|source| (source.path.clone(), source.lines_without_tests())).collect();
    // A check is what has its texts beside it.
    let is_check = |path: &str| path.starts_with("crates/conform/src/check/") && tracked.contains(&path.replace(".rs", ".yaml"));
    let checks = lines.iter().filter(|(path, _)| is_check(path)).map(|(path, lines)| (path.clone(), *lines)).collect();
    let long = functions(|function| function.lines);
    let wide = functions(|function| function.parameters);
    [
        Measure { what: "lines", aim: 350, beyond: 5, limit: 600, found: lines },
        Measure { what: "lines of a function", aim: 55, beyond: 5, limit: 70, found: long },
        Measure { what: "parameters", aim: 3, beyond: 10, limit: 5, found: wide },
        Measure { what: "lines of a check", aim: 60, beyond: 50, limit: 150, found: checks },
    ]
}

impl Measure {
    /// How many of 100 keep the aim, and the largest.
    fn summary(&self) -> String {
        let keep = self.found.values().filter(|count| **count <= self.aim).count();
        let share = if self.found.is_empty() { 100.0 } else { keep as f64 * 100.0 / self.found.len() as f64 };
        let largest = self.found.values().max().copied().unwrap_or_default();
        format!("{}: {share:.1}% of {} at most {}, largest {largest}", self.what, self.found.len(), self.aim)
    }

    fn against(&self, exceptions: &BTreeMap<String, usize>) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (place, &count) in self.found.iter().filter(|(_, count)| **count > self.limit) {
            if exceptions.get(place).is_none_or(|&allowed| allowed < count) {
                problems.push(Problem::new(place, format!("{count} {}, the limit is {}; split it by noun", self.what, self.limit)));
            }
        }
        for (place, &allowed) in exceptions {
            match self.found.get(place) {
                Some(&count) if count > self.limit && allowed > count => problems.push(Problem::new(
                    place,
                    format!("has only {count} {} now; shrink its exception in `xtask/tidy.toml` from {allowed}", self.what),
                )),
                Some(&count) if count > self.limit => {}
                _ => problems.push(Problem::new(place, format!("needs no exception for {}; remove it", self.what))),
            }
        }
        let beyond = self.found.values().filter(|count| **count > self.aim).count();
        if beyond * 100 > self.found.len() * self.beyond {
            let (all, aim, what) = (self.found.len(), self.aim, self.what);
            let message = format!("{beyond} of {all} have more than {aim} {what}; at most {} of 100 may", self.beyond);
            problems.push(Problem::new(&format!("all: {}", self.what), message));
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(counts: &[(&str, usize)], exceptions: &[(&str, usize)], expected: &[&str]) {
        let map = |entries: &[(&str, usize)]| entries.iter().map(|(place, count)| ((*place).to_owned(), *count)).collect();
        let mut found: BTreeMap<String, usize> = map(counts);
        found.extend((0..100).map(|index| (format!("small {index}"), 1)));
        let measure = Measure { what: "lines", aim: 5, beyond: 5, limit: 10, found };
        let found: Vec<String> = measure.against(&map(exceptions)).iter().map(ToString::to_string).collect();
        assert_eq!(found.len(), expected.len(), "{found:?}");
        for (found, expected) in found.iter().zip(expected) {
            assert!(found.contains(expected), "{found} / {expected}");
        }
    }

    #[test]
    fn beyond_the_limit_wants_an_exception_that_is_not_larger_than_needed() {
        check(&[("a", 10)], &[], &[]);
        check(&[("a", 11)], &[], &["a: 11 lines"]);
        check(&[("a", 11)], &[("a", 11)], &[]);
        check(&[("a", 12)], &[("a", 11)], &["a: 12 lines"]);
        check(&[("a", 11)], &[("a", 12)], &["shrink its exception"]);
        check(&[("a", 10)], &[("a", 11)], &["remove it"]);
        check(&[], &[("gone", 11)], &["remove it"]);
    }

    #[test]
    fn more_than_five_of_a_hundred_beyond_the_aim_are_too_many() {
        let five: Vec<(String, usize)> = (0..6).map(|index| (format!("big {index}"), 6)).collect();
        let six: Vec<(&str, usize)> = five.iter().map(|(place, count)| (place.as_str(), *count)).collect();
        check(&six[..5], &[], &[]);
        check(&six, &[], &["6 of 106 have more than 5 lines"]);
    }
}
