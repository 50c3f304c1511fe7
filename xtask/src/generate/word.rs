//! From names in kind files to names in Rust.

/// `ai-system`, `risk_tier` → `AiSystem`, `RiskTier`.
pub(crate) fn pascal(name: &str) -> String {
    name.split(['-', '_'])
        .flat_map(|part| {
            let mut letters = part.chars();
            let first = letters.next().map(|letter| letter.to_ascii_uppercase());
            first.into_iter().chain(letters)
        })
        .collect()
}

/// `ai-system` → `ai_system`.
pub(crate) fn snake(name: &str) -> String {
    name.replace('-', "_")
}

/// The name as an identifier: words of the language get an underscore behind them.
pub(crate) fn identifier(name: &str) -> String {
    const RESERVED: [&str; 50] = [
        "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn", "else", "enum",
        "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut",
        "override", "priv", "pub", "ref", "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
        "unsafe", "unsized", "use", "virtual", "where", "while",
    ];
    if RESERVED.contains(&name) || name == "yield" { format!("{name}_") } else { name.to_owned() }
}

/// One of what `plural` names many of: `ai_roles` → `ai_role`, `categories` → `category`. Only the last word changes.
pub(crate) fn singular(plural: &str) -> String {
    let cut = |letters: usize| plural[..plural.len() - letters].to_owned();
    match plural {
        _ if plural.ends_with("ies") => cut(3) + "y",
        _ if ["sses", "shes", "ches", "xes"].iter().any(|ending| plural.ends_with(ending)) => cut(2),
        _ if ["ss", "us", "is"].iter().any(|ending| plural.ends_with(ending)) => plural.to_owned(),
        _ if plural.ends_with('s') => cut(1),
        _ => plural.to_owned(),
    }
}

/// Text for a doc comment on one line: what rustdoc would take for a link or a tag is escaped.
pub(crate) fn doc(text: &str) -> String {
    let mut line = String::new();
    for letter in text.split_whitespace().collect::<Vec<_>>().join(" ").chars() {
        if matches!(letter, '[' | ']' | '<' | '>' | '*' | '`' | '\\') {
            line.push('\\');
        }
        line.push(letter);
    }
    line
}

/// The text with a full stop or another end mark.
pub(crate) fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(['.', '!', '?', ':']) { text.to_owned() } else { format!("{text}.") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_identifiers() {
        assert_eq!(pascal("ai-system"), "AiSystem");
        assert_eq!(pascal("in_the_loop"), "InTheLoop");
        assert_eq!(identifier("type"), "type_");
        assert_eq!(identifier("yield"), "yield_");
        assert_eq!(identifier("title"), "title");
    }

    #[test]
    fn plurals_become_singular_and_other_words_stay() {
        for (plural, one) in [("ai_roles", "ai_role"), ("categories", "category"), ("touches", "touch"), ("losses", "loss")] {
            assert_eq!(singular(plural), one);
        }
        for word in ["basis", "status", "access", "controls_now", "data_received"] {
            assert_eq!(singular(word), word);
        }
    }

    #[test]
    fn doc_text_links_nowhere() {
        assert_eq!(doc("see [a]\n  <b> of x_y"), r"see \[a\] \<b\> of x_y");
    }
}
