//! Prose written in Markdown, as HTML that cannot do anything: raw HTML is shown as text, links lead only to places that are safe to
//! open, images become links.

use maud::{Markup, PreEscaped};
use pulldown_cmark::{CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd, html};

/// Prose; its headings begin at `top`, so that they stand below those of the page.
pub(crate) fn prose(text: &str, top: u8) -> Markup {
    let mut drawn = String::with_capacity(text.len() + text.len() / 4);
    html::push_html(&mut drawn, safe(text, top).into_iter());
    maud::html! { div.prose { (PreEscaped(drawn)) } }
}

/// The events that are drawn. What is not known to be safe becomes text.
fn safe(text: &str, top: u8) -> Vec<Event<'_>> {
    let mut levels = Levels { top, last: top - 1, stack: Vec::new() };
    let mut open = Vec::new();
    let mut events = Vec::new();
    for event in Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Html(raw) | Event::InlineHtml(raw) => events.push(Event::Text(raw)),
            Event::Start(Tag::HtmlBlock) => events.push(Event::Start(Tag::Paragraph)),
            Event::End(TagEnd::HtmlBlock) => events.push(Event::End(TagEnd::Paragraph)),
            Event::Start(Tag::Heading { level, .. }) => {
                let level = levels.of(level);
                events.push(Event::Start(Tag::Heading { level, id: None, classes: Vec::new(), attrs: Vec::new() }));
            }
            Event::End(TagEnd::Heading(_)) => events.push(Event::End(TagEnd::Heading(step(levels.last)))),
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                let address = address(&dest_url);
                open.push(address.is_some());
                events.extend(address.map(|dest_url| {
                    let (title, id) = (CowStr::Borrowed(""), CowStr::Borrowed(""));
                    Event::Start(Tag::Link { link_type: LinkType::Inline, dest_url, title, id })
                }));
            }
            Event::End(TagEnd::Link | TagEnd::Image) => {
                if open.pop() == Some(true) {
                    events.push(Event::End(TagEnd::Link));
                }
            }
            other => events.push(other),
        }
    }
    events
}

/// Heading levels without a gap: a text may begin with any and leave some out.
struct Levels {
    top: u8,
    last: u8,
    stack: Vec<HeadingLevel>,
}

impl Levels {
    fn of(&mut self, asked: HeadingLevel) -> HeadingLevel {
        self.stack.retain(|above| *above < asked);
        let depth = u8::try_from(self.stack.len()).unwrap_or(u8::MAX);
        self.stack.push(asked);
        self.last = self.top.saturating_add(depth).min(6);
        step(self.last)
    }
}

const fn step(level: u8) -> HeadingLevel {
    match level {
        ..=2 => HeadingLevel::H2,
        3 => HeadingLevel::H3,
        4 => HeadingLevel::H4,
        5 => HeadingLevel::H5,
        _ => HeadingLevel::H6,
    }
}

/// An address that may be opened: of the web, of mail, or of this site.
fn address<'t>(asked: &CowStr<'t>) -> Option<CowStr<'t>> {
    is_safe(asked).then(|| asked.clone())
}

/// Whether an address may be opened from a page: `http`, `https`, `mailto`, or a path of this site.
pub(crate) fn is_safe(address: &str) -> bool {
    let lower = address.trim_start().to_ascii_lowercase();
    let scheme = ["http://", "https://", "mailto:"].iter().any(|scheme| lower.starts_with(scheme));
    let own = lower.starts_with('#') || (lower.starts_with('/') && !lower.starts_with("//") && !lower.starts_with("/\\"));
    (scheme || own) && !address.contains(|c: char| c.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, wanted: &str) {
        assert_eq!(prose(text, 3).into_string(), format!("<div class=\"prose\">{wanted}</div>"));
    }

    #[test]
    fn what_people_write_is_drawn() {
        check("**Why** _now_", "<p><strong>Why</strong> <em>now</em></p>\n");
        check("[the list](/systems)", "<p><a href=\"/systems\">the list</a></p>\n");
        check(
            "a|b\n-|-\n1|2",
            "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody>\n<tr><td>1</td><td>2</td></tr>\n</tbody></table>\n",
        );
    }

    #[test]
    fn markup_of_others_is_shown_and_not_drawn() {
        check("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n");
        check("a <img src=x onerror=alert(1)> b", "<p>a &lt;img src=x onerror=alert(1)&gt; b</p>\n");
    }

    #[test]
    fn addresses_that_run_or_leave_unseen_are_no_links() {
        for bad in
            ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "//evil.example", "/\\evil.example", "vbscript:x"]
        {
            check(&format!("[x](<{bad}>)"), "<p>x</p>\n");
            check(&format!("![x](<{bad}>)"), "<p>x</p>\n");
        }
    }

    #[test]
    fn headings_leave_no_level_out() {
        check("# a\n### b\n## c\n# d", "<h3>a</h3>\n<h4>b</h4>\n<h4>c</h4>\n<h3>d</h3>\n");
    }
}
