//! References to code that cannot change.

/// Whether a reference names a commit (seven hexadecimal digits or more, not all of them letters) or a version such as `v1.4.2`.
pub(super) fn is_fixed(reference: &str) -> bool {
    let words = reference.split(|c: char| !c.is_ascii_alphanumeric() && c != '.');
    words.map(|word| word.trim_matches('.')).any(|word| is_commit(word) || is_version(word))
}

fn is_commit(word: &str) -> bool {
    (7..=64).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_hexdigit()) && word.bytes().any(|b| b.is_ascii_digit())
}

fn is_version(word: &str) -> bool {
    let numbers: Vec<&str> = word.strip_prefix(['v', 'V']).unwrap_or(word).split('.').collect();
    numbers.len() >= 2 && numbers.iter().all(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(reference: &str, fixed: bool) {
        assert_eq!(is_fixed(reference), fixed, "{reference}");
    }

    #[test]
    fn commits_and_versions_are_fixed_and_names_that_move_are_not() {
        check("git@host:data/claims.git@4f2a9c1", true);
        check("https://host/data/claims/commit/9c1de0a4b7", true);
        check("claims-clean v1.4.2", true);
        check("claims-clean:2026.3", true);
        check("https://host/data/claims/tree/main", false);
        check("claims-clean:latest", false);
        check("feedface", false);
        check("step 2", false);
    }
}
