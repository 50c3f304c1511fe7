//! Which versions a rule allows.
//!
//! Rules are written as package tools write them: `>=1.2, <2`, `^1.4`, `~=2.1`, `~1.2`, `1.4.x`, `==3.0`, `!=3.1`, alternatives
//! apart by `||`. A version is compared number by number, missing ones being zero; what follows a hyphen is a version before the
//! numbered one, what follows a plus sign says nothing (as in Semantic Versioning 2.0.0, §9 to §11). `^` and `~` mean what Cargo
//! means by them, `~=` what PEP 440 means.

use std::cmp::Ordering;

/// Whether the rule allows a version; nothing when one of the two cannot be read.
pub(super) fn allows(rule: &str, version: &str) -> Option<bool> {
    let version = Version::read(version)?;
    let mut allowed = false;
    for alternative in rule.split("||") {
        let mut holds = true;
        let mut parts = 0;
        for part in parts_of(alternative) {
            parts += 1;
            holds &= part_allows(&part, &version)?;
        }
        if parts == 0 {
            return None;
        }
        allowed |= holds;
    }
    Some(allowed)
}

/// The parts of a rule that must all hold, an operator joined to the version that follows it.
fn parts_of(rule: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for word in rule.split([',', ' ', '\t', '\n']).filter(|word| !word.is_empty()) {
        match parts.last_mut() {
            Some(last) if last.chars().all(|sign| OPERATOR_SIGNS.contains(sign)) => last.push_str(word),
            _ => parts.push(word.to_owned()),
        }
    }
    parts
}

const OPERATOR_SIGNS: &str = "<>=!~^";

fn part_allows(part: &str, version: &Version) -> Option<bool> {
    let at = part.find(|sign| !OPERATOR_SIGNS.contains(sign))?;
    let (operator, text) = part.split_at(at);
    if matches!(operator, "" | "=" | "==" | "!=") && text.ends_with(['x', 'X', '*']) {
        return Some(within_wildcard(text, version)? != (operator == "!="));
    }
    let named = Version::read(text)?;
    let order = version.cmp(&named);
    Some(match operator {
        "" | "=" | "==" => order.is_eq(),
        "!=" => order.is_ne(),
        ">" => order.is_gt(),
        ">=" => order.is_ge(),
        "<" => order.is_lt(),
        "<=" => order.is_le(),
        // Up to the first number that is not zero.
        "^" => {
            order.is_ge()
                && version.shares(&named, named.numbers.iter().position(|n| *n != 0).map_or(named.numbers.len(), |at| at + 1))
        }
        "~" => order.is_ge() && version.shares(&named, named.numbers.len().min(2)),
        "~=" if named.numbers.len() > 1 => order.is_ge() && version.shares(&named, named.numbers.len() - 1),
        _ => return None,
    })
}

/// `1.4.x` or `*`: the numbers before the sign are the same.
fn within_wildcard(text: &str, version: &Version) -> Option<bool> {
    let fixed = text.trim_end_matches(['x', 'X', '*']).trim_end_matches('.').trim_end_matches(['x', 'X', '*', '.']);
    if fixed.is_empty() {
        return Some(true);
    }
    let fixed = Version::read(fixed)?;
    Some(version.shares(&fixed, fixed.numbers.len()))
}

#[derive(Debug, PartialEq, Eq)]
struct Version {
    numbers: Vec<u64>,
    before: Option<String>,
}

impl Version {
    fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
        let text = text.split('+').next().unwrap_or_default();
        let (numbers, before) = text.split_once('-').map_or((text, None), |(numbers, before)| (numbers, Some(before.to_owned())));
        let numbers: Option<Vec<u64>> = numbers.split('.').map(|number| number.parse().ok()).collect();
        Some(Self { numbers: numbers?, before })
    }

    fn number(&self, at: usize) -> u64 {
        self.numbers.get(at).copied().unwrap_or(0)
    }

    fn shares(&self, other: &Self, count: usize) -> bool {
        (0..count).all(|at| self.number(at) == other.number(at))
    }

    fn cmp(&self, other: &Self) -> Ordering {
        let longest = self.numbers.len().max(other.numbers.len());
        let numbers = (0..longest).map(|at| self.number(at).cmp(&other.number(at))).find(|order| order.is_ne());
        numbers.unwrap_or_else(|| match (&self.before, &other.before) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (Some(a), Some(b)) => before_order(a, b),
        })
    }
}

/// Dotted parts one by one: numbers before words, the shorter before the longer.
fn before_order(a: &str, b: &str) -> Ordering {
    let part = |x: &str, y: &str| match (x.parse::<u64>(), y.parse::<u64>()) {
        (Ok(x), Ok(y)) => x.cmp(&y),
        (Ok(_), Err(_)) => Ordering::Less,
        (Err(_), Ok(_)) => Ordering::Greater,
        _ => x.cmp(y),
    };
    let (mut left, mut right) = (a.split('.'), b.split('.'));
    loop {
        match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(x), Some(y)) => match part(x, y) {
                Ordering::Equal => {}
                order => return order,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::allows;

    fn check(rule: &str, inside: &[&str], outside: &[&str]) {
        for version in inside {
            assert_eq!(allows(rule, version), Some(true), "{rule} {version}");
        }
        for version in outside {
            assert_eq!(allows(rule, version), Some(false), "{rule} {version}");
        }
    }

    #[test]
    fn rules_are_read_as_package_tools_write_them() {
        check(">=1.2, <2", &["1.2", "1.2.0", "v1.9.9"], &["1.1.9", "2", "2.0.1"]);
        check(">= 1.2 <2", &["1.3"], &["2.0"]);
        check("^1.4", &["1.4", "1.99"], &["1.3.9", "2.0"]);
        check("^0.3.1", &["0.3.1", "0.3.9"], &["0.4.0", "0.3.0"]);
        check("~1.2", &["1.2", "1.2.9"], &["1.3", "1.1"]);
        check("~=2.1", &["2.1", "2.9"], &["3.0", "2.0"]);
        check("1.4.x", &["1.4", "1.4.7"], &["1.5", "1.3.9"]);
        check("==3.0 || >=4", &["3", "4.1"], &["3.0.1", "3.9"]);
        check("!=3.1.*", &["3.0", "3.2"], &["3.1.0", "3.1.9"]);
        check("*", &["7"], &[]);
    }

    #[test]
    fn a_version_before_another_is_older_than_it() {
        check(">=2.0.0", &["2.0.0", "2.0.0+build.7"], &["2.0.0-rc.1"]);
        check(">2.0.0-rc.2", &["2.0.0-rc.10", "2.0.0"], &["2.0.0-rc.1", "2.0.0-alpha"]);
    }

    #[test]
    fn what_is_no_range_or_no_number_is_not_decided() {
        for (rule, version) in [("the latest", "1.0"), (">=1.0", "spring"), ("", "1.0"), ("=>1", "1"), ("~=2", "2.0")] {
            assert_eq!(allows(rule, version), None, "{rule} {version}");
        }
    }
}
