//! Words for values: dates, ages, counts. Dates are absolute and in the organisation's zone; an age stands where freshness matters.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use vouch_record::words::in_words;

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The short name of a month.
pub(crate) fn month(date: Date) -> &'static str {
    MONTHS.get(usize::try_from(date.month() - 1).unwrap_or(0)).copied().unwrap_or("")
}

/// `19 Jan 2027`
pub(crate) fn date(date: Date) -> String {
    format!("{} {} {}", date.day(), month(date), date.year())
}

/// `19 Jan`, with the year where it is another than that of `today`.
pub(crate) fn near_date(day: Date, today: Date) -> String {
    if day.year() == today.year() { format!("{} {}", day.day(), month(day)) } else { date(day) }
}

/// `18 Nov 2026 09:41`, in the organisation's zone.
pub(crate) fn instant(at: Timestamp, zone: &TimeZone) -> String {
    let local = at.to_zoned(zone.clone());
    format!("{} {:02}:{:02}", date(local.date()), local.hour(), local.minute())
}

/// Whole days from one to the other; negative when `to` lies before.
pub(crate) fn days_between(from: Date, to: Date) -> i64 {
    i64::from((to - from).get_days())
}

/// `in 12 days`, `today`, `12 days ago`
pub(crate) fn distance(day: Date, today: Date) -> String {
    match days_between(today, day) {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        -1 => "yesterday".to_owned(),
        ahead @ 1.. => format!("in {ahead} days"),
        past => format!("{} days ago", -past),
    }
}

/// `1 record`, `12 records`; thousands are set apart.
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{} {}", thousands(number), if number == 1 { one } else { many })
}

/// `12,481`
pub(crate) fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A name of the program as words: `rights_impacting` as `Rights impacting`, `ai_system` as `AI system`.
pub(crate) fn words(name: &str) -> String {
    capital(&in_words(name))
}

/// The same text with a capital first letter.
pub(crate) fn capital(text: &str) -> String {
    let mut text = text.to_owned();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

/// A text of the tables with names of fields as words: `tier_floor` as `tier floor`.
pub(crate) fn plain(text: &str) -> String {
    let is_name = |word: &str| {
        word.contains('_') && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "_.,;:()".contains(c))
    };
    let words = text.split(' ').map(|word| if is_name(word) { word.replace('_', " ") } else { word.replace('`', "") });
    words.collect::<Vec<_>>().join(" ")
}

/// The same as a sentence: a capital in front, a full stop behind.
pub(crate) fn sentence(text: &str) -> String {
    let mut said = capital(&plain(text.trim()));
    if !said.is_empty() && !said.ends_with(['.', '?', ':']) {
        said.push('.');
    }
    said
}

/// A title inside a sentence: `Incident` as `incident`, `AI system` as it is.
pub(crate) fn inside(title: &str) -> String {
    if title.starts_with("AI ") { title.to_owned() } else { title.to_lowercase() }
}

/// Two letters for a person: the first of the first and of the last name.
pub(crate) fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphabetic()));
    let first = words.next();
    first.into_iter().chain(words.next_back()).flat_map(char::to_uppercase).collect()
}

/// A share in whole percent, rounded down, so that 100% means all.
pub(crate) fn percent(part: usize, whole: usize) -> usize {
    (part * 100).checked_div(whole).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date as day;

    use super::*;

    #[test]
    fn dates_and_ages_read_as_people_write_them() {
        let today = day(2026, 11, 18);
        assert_eq!(date(day(2027, 1, 19)), "19 Jan 2027");
        assert_eq!(near_date(day(2026, 11, 24), today), "24 Nov");
        assert_eq!(near_date(day(2027, 1, 19), today), "19 Jan 2027");
        assert_eq!(distance(today, today), "today");
        assert_eq!(distance(day(2026, 11, 30), today), "in 12 days");
        assert_eq!(distance(day(2026, 11, 12), today), "6 days ago");
    }

    #[test]
    fn texts_of_the_tables_read_as_sentences() {
        assert_eq!(sentence("the tier lies below tier_floor; raise it"), "The tier lies below tier floor; raise it.");
        assert_eq!(sentence("`2026` is no day."), "2026 is no day.");
        assert_eq!(sentence(""), "");
    }

    #[test]
    fn numbers_and_names_read_as_people_write_them() {
        assert_eq!(thousands(12_481), "12,481");
        assert_eq!(thousands(481), "481");
        assert_eq!(count(1, "record", "records"), "1 record");
        assert_eq!(words("rights_impacting"), "Rights impacting");
        assert_eq!(words("no_ai_reason"), "No AI reason");
        assert_eq!((inside("Incident"), inside("AI system")), ("incident".to_owned(), "AI system".to_owned()));
        assert_eq!(initials("Ada Maria Founder"), "AF");
        assert_eq!(initials(""), "");
        assert_eq!(percent(69, 70), 98);
        assert_eq!(percent(0, 0), 0);
    }
}
