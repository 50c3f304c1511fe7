//! Names of the tables as people read them.

/// Words that are written in capitals: as a name of the tables has them, as people do.
const CAPITALS: [(&str, &str); 8] =
    [("ai", "AI"), ("aims", "AIMS"), ("ci", "CI"), ("eu", "EU"), ("id", "ID"), ("kpi", "KPI"), ("soa", "SoA"), ("url", "URL")];

/// A name of the tables as it stands within a sentence: `aims_lead` as `AIMS lead`, `rights_impacting` as `rights impacting`.
#[must_use]
pub fn in_words(name: &str) -> String {
    let written = |word| CAPITALS.iter().find(|(small, _)| *small == word).map_or(word, |(_, capitals)| *capitals);
    name.split(['_', '-']).map(written).collect::<Vec<&str>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::in_words;

    fn check(name: &str, expected: &str) {
        assert_eq!(in_words(name), expected);
    }

    #[test]
    fn a_name_reads_as_within_a_sentence() {
        check("rights_impacting", "rights impacting");
        check("aims_lead", "AIMS lead");
        check("ai-system", "AI system");
        check("", "");
    }
}
