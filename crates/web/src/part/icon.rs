//! Icons: drawn here, 16 units wide, in the colour of their text. They never carry a meaning alone.

use maud::{Markup, PreEscaped};

/// An icon that text beside it explains.
pub(crate) fn icon(name: &str) -> Markup {
    let inside = match name {
        "check" => {
            r#"<circle cx="8" cy="8" r="7" fill="currentColor" stroke="none"/><path d="m5 8.2 2.1 2.1L11 6.2" stroke="var(--surface)"/>"#
        }
        "alert" => {
            r#"<path d="M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1z" fill="currentColor" stroke="none"/><path d="M8 4.5v4.2M8 11.3v.1" stroke="var(--surface)"/>"#
        }
        "warning" => {
            r#"<path d="M8 1.3 15.3 14H.7z" fill="currentColor" stroke="none"/><path d="M8 6v3.6M8 11.8v.1" stroke="var(--surface)"/>"#
        }
        "half" => r#"<circle cx="8" cy="8" r="6.2"/><path d="M8 1.8a6.2 6.2 0 0 1 0 12.4z" fill="currentColor" stroke="none"/>"#,
        "open" => r#"<circle cx="8" cy="8" r="6.2" stroke-dasharray="2.6 2.3"/>"#,
        "idea" => r#"<circle cx="8" cy="8" r="6.2"/><path d="M8 7.4v4M8 4.7v.1"/>"#,
        "clock" => r#"<circle cx="8" cy="8" r="6.2"/><path d="M8 4.5V8l2.4 1.6"/>"#,
        "search" => r#"<circle cx="7" cy="7" r="4.6"/><path d="m10.5 10.5 3.3 3.3"/>"#,
        "moon" => r#"<path d="M13.4 9.6A6 6 0 0 1 6.4 2.6a6 6 0 1 0 7 7z"/>"#,
        "help" => r#"<circle cx="8" cy="8" r="6.2"/><path d="M6.2 6.3a1.9 1.9 0 1 1 2.6 1.8c-.5.2-.8.5-.8 1v.3M8 11.5v.1"/>"#,
        "check-line" => r#"<path d="m3.5 8.5 3 3 6-7"/>"#,
        "plus" => r#"<path d="M8 3v10M3 8h10"/>"#,
        "down" => r#"<path d="M8 2.5v7.6M4.8 7.2 8 10.4l3.2-3.2M2.8 13.4h10.4"/>"#,
        "chevron" => r#"<path d="m4.5 6.3 3.5 3.5 3.5-3.5"/>"#,
        "chevron-up" => r#"<path d="m4.5 9.7 3.5-3.5 3.5 3.5"/>"#,
        "cross" => r#"<path d="m4 4 8 8M12 4l-8 8"/>"#,
        "file" => r#"<path d="M4 1.8h5.2L12.6 5v9.2H4zM9 2v3.4h3.4"/>"#,
        "link" => {
            r#"<path d="M6.6 9.4a2.6 2.6 0 0 0 3.7 0l2.4-2.4a2.6 2.6 0 0 0-3.7-3.7l-.8.8M9.4 6.6a2.6 2.6 0 0 0-3.7 0L3.3 9A2.6 2.6 0 0 0 7 12.7l.8-.8"/>"#
        }
        "tray" => r#"<path d="M2 9.5 4 3h8l2 6.5v3.7H2zM2 9.5h3.6l1 1.7h2.8l1-1.7H14"/>"#,
        "lock" => r#"<path d="M3.8 7.2h8.4v6.4H3.8zM5.4 7V5a2.6 2.6 0 0 1 5.2 0v2"/>"#,
        "menu" => r#"<path d="M2.5 4.5h11M2.5 8h11M2.5 11.5h11"/>"#,
        "arrow" => r#"<path d="M3 8h9.4M9 4.6 12.4 8 9 11.4"/>"#,
        _ => r#"<circle cx="8" cy="8" r="2" fill="currentColor"/>"#,
    };
    PreEscaped(format!(r#"<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">{inside}</svg>"#))
}
