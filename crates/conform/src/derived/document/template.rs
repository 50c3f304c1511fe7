//! What the text lacks of its template.

use std::collections::HashSet;

use vouch_record::kind::generated::document::Document;

use crate::derived::evened;
use crate::view::Entry;

/// Headings of the template that the body does not hold, compared without numbering, case and punctuation.
///
/// Of a text kept as a file or elsewhere nothing can be said, so nothing is missed; a translation follows its original.
#[must_use]
pub fn template_gap(entry: Entry<'_>) -> Vec<String> {
    let document = Document(entry.content());
    let template = document.template().get().and_then(|template| entry.view().frameworks().template(template.id()));
    let (Some(template), Some(body)) = (template, document.body().get()) else { return Vec::new() };
    if document.translation_of().is_filled() {
        return Vec::new();
    }
    let there: HashSet<String> = headings(body).map(heading).collect();
    template.headings.iter().filter(|wanted| !there.contains(&heading(wanted))).cloned().collect()
}

/// The headings of a Markdown text: lines that begin with one to six `#`, and lines underlined with `=` or `-`. Lines in fenced code
/// are none.
fn headings(body: &str) -> impl Iterator<Item = &str> {
    let lines: Vec<&str> = body.lines().map(str::trim).collect();
    let mut found = Vec::new();
    let mut fenced = false;
    for (at, line) in lines.iter().enumerate() {
        if line.starts_with("```") || line.starts_with("~~~") {
            fenced = !fenced;
        } else if !fenced {
            let marks = line.bytes().take_while(|b| *b == b'#').count();
            let under = |mark: char| lines.get(at + 1).is_some_and(|next| next.len() >= 2 && next.chars().all(|c| c == mark));
            if (1..=6).contains(&marks) {
                found.push(line[marks..].trim().trim_end_matches('#'));
            } else if !line.is_empty() && (under('=') || under('-')) {
                found.push(*line);
            }
        }
    }
    found.into_iter()
}

fn heading(text: &str) -> String {
    evened(text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.' || c == ')' || c.is_whitespace()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, expected: &[&str]) {
        assert_eq!(headings(body).map(heading).collect::<Vec<_>>(), expected, "{body:?}");
    }

    #[test]
    fn headings_are_found_in_either_form_and_not_in_code() {
        check("# 1. Purpose and scope\ntext\n## Review ##", &["purposeandscope", "review"]);
        check("Purpose\n=======\n\nLimits\n------\n", &["purpose", "limits"]);
        check("```\n# no heading\n```\n#### 2.3.1 Über uns", &["überuns"]);
        check("#", &[""]);
        check("plain\n-\ntext", &[]);
    }
}
