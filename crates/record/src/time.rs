//! Days and instants as the formats write them (FORMATS §1, §9). Nothing here reads a clock or an environment.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};

/// `2026-11-21T12:00:00.000Z`: UTC, milliseconds.
#[must_use]
pub fn format_instant(at: Timestamp) -> String {
    let t = TimeZone::UTC.to_datetime(at);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
        t.year(),
        t.month(),
        t.day(),
        t.hour(),
        t.minute(),
        t.second(),
        t.millisecond()
    )
}

/// Reads exactly the form that [`format_instant`] writes.
#[must_use]
pub fn parse_instant(text: &str) -> Option<Timestamp> {
    let bytes = text.as_bytes();
    let marks = [(10, b'T'), (13, b':'), (16, b':'), (19, b'.'), (23, b'Z')];
    if bytes.len() != 24 || marks.iter().any(|(at, mark)| bytes[*at] != *mark) {
        return None;
    }
    let day = parse_date(text.get(..10)?)?;
    let number = |from: usize, to: usize| {
        bytes[from..to].iter().try_fold(0i64, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + i64::from(digit - b'0')))
    };
    let (hour, minute, second, milli) = (number(11, 13)?, number(14, 16)?, number(17, 19)?, number(20, 23)?);
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let days = days_between(Date::constant(1970, 1, 1), day);
    Timestamp::from_millisecond(((days * 24 + hour) * 60 + minute) * 60_000 + second * 1_000 + milli).ok()
}

/// Reads an instant a person or a program may write (any RFC 3339 offset and precision) and cuts it to milliseconds.
#[must_use]
pub fn read_instant(text: &str) -> Option<Timestamp> {
    let at: Timestamp = text.parse().ok()?;
    Timestamp::from_millisecond(at.as_millisecond()).ok()
}

/// Reads `YYYY-MM-DD`, nothing else.
#[must_use]
pub fn parse_date(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let digits = |range: std::ops::Range<usize>| {
        bytes[range].iter().try_fold(0i16, |sum, b| b.is_ascii_digit().then(|| sum * 10 + i16::from(b - b'0')))
    };
    Date::new(digits(0..4)?, i8::try_from(digits(5..7)?).ok()?, i8::try_from(digits(8..10)?).ok()?).ok()
}

/// Reads an ISO 8601 duration such as `P6M` or `PT4H`.
#[must_use]
pub fn parse_duration(text: &str) -> Option<Span> {
    let span: Span = text.starts_with('P').then(|| text.parse().ok()).flatten()?;
    (!span.is_negative()).then_some(span)
}

/// The first instant after day `day` in `zone`: what lies before it belongs to the view as of that day.
#[must_use]
pub fn end_of_day(day: Date, zone: &TimeZone) -> Timestamp {
    let next = day.saturating_add(1.day());
    zone.to_ambiguous_timestamp(next.at(0, 0, 0, 0)).compatible().unwrap_or(Timestamp::MAX)
}

/// The day of an instant in `zone`.
#[must_use]
pub fn day_of(at: Timestamp, zone: &TimeZone) -> Date {
    zone.to_datetime(at).date()
}

/// The day `span` after `day`; months end on their last day (`P1M` from 31 January is the last of February). Hours count as
/// whole days begun, so that a term of `PT36H` is kept until the second day.
#[must_use]
pub fn after(day: Date, span: &Span) -> Date {
    let days = day.saturating_add(span.hours(0).minutes(0).seconds(0).milliseconds(0).microseconds(0).nanoseconds(0));
    let seconds = i64::from(span.get_hours()) * 3600 + span.get_minutes() * 60 + span.get_seconds();
    days.saturating_add(((seconds + 86_399) / 86_400).days())
}

/// The day `span` before `day`, months as in [`after`].
#[must_use]
pub fn before(day: Date, span: &Span) -> Date {
    let back = span.negate();
    let days = day.saturating_add(back.hours(0).minutes(0).seconds(0).milliseconds(0).microseconds(0).nanoseconds(0));
    let seconds = i64::from(span.get_hours()) * 3600 + span.get_minutes() * 60 + span.get_seconds();
    days.saturating_sub(((seconds + 86_399) / 86_400).days())
}

/// Whole days from `from` to `to`; negative when `to` lies before.
#[must_use]
pub fn days_between(from: Date, to: Date) -> i64 {
    i64::from((to - from).get_days())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn an_instant_has_one_written_form() {
        let at = read_instant("2026-03-01T10:00:00.123456+02:00").unwrap();
        assert_eq!(format_instant(at), "2026-03-01T08:00:00.123Z");
        assert_eq!(parse_instant("2026-03-01T08:00:00.123Z"), Some(at));
        for bad in ["2026-03-01T08:00:00Z", "2026-03-01T08:00:00.123+00:00", "2026-03-01 08:00:00.123Z", "2026-02-30T08:00:00.123Z"]
        {
            assert_eq!(parse_instant(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_month_ends_on_its_last_day() {
        assert_eq!(after(date(2026, 1, 31), &parse_duration("P1M").unwrap()), date(2026, 2, 28));
        assert_eq!(before(date(2026, 3, 31), &parse_duration("P1M").unwrap()), date(2026, 2, 28));
        assert_eq!(after(date(2026, 1, 31), &parse_duration("PT36H").unwrap()), date(2026, 2, 2));
        assert_eq!(days_between(date(2026, 1, 31), date(2026, 3, 1)), 29);
    }

    #[test]
    fn dates_are_read_strictly() {
        assert_eq!(parse_date("2026-02-28"), Some(date(2026, 2, 28)));
        for bad in ["2026-2-28", "2026-02-29", "2026-02-28 ", "+026-02-28", "20260228"] {
            assert_eq!(parse_date(bad), None, "{bad}");
        }
    }
}
