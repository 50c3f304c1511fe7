//! Milliseconds since 1970 and their one spelling, `YYYY-MM-DDTHH:MM:SS.mmmZ`.
//!
//! The calendar arithmetic follows the proleptic Gregorian calendar in eras of 400 years that begin on the first of March.

use crate::{Error, Result};

const DAY: i64 = 86_400_000;
/// First moment that has four digits of year: 0001-01-01T00:00:00.000Z, in milliseconds.
pub const FIRST: i64 = -62_135_596_800_000;
/// Last moment that has four digits of year: 9999-12-31T23:59:59.999Z, in milliseconds.
pub const LAST: i64 = 253_402_300_799_999;

/// Writes `millis` (UTC, since 1970) as RFC 3339 with milliseconds and `Z`.
///
/// # Errors
/// Refused outside the years 1 to 9999.
pub fn format(millis: i64) -> Result<String> {
    if !(FIRST..=LAST).contains(&millis) {
        return Err(Error::refused(format!("time `{millis}` ms is outside the years 1 to 9999")));
    }
    let (year, month, day) = civil(millis.div_euclid(DAY));
    let of_day = millis.rem_euclid(DAY);
    let (hour, minute, second, milli) = (of_day / 3_600_000, of_day / 60_000 % 60, of_day / 1000 % 60, of_day % 1000);
    Ok(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z"))
}

/// Reads `YYYY-MM-DDTHH:MM:SS.mmmZ` as milliseconds since 1970.
///
/// # Errors
/// Malformed for any other spelling, a day that does not exist, and a leap second.
pub fn parse(text: &[u8]) -> Result<i64> {
    let bad = || Error::malformed(format!("`{}` is not a time like 2026-01-31T12:00:00.000Z", String::from_utf8_lossy(text)));
    let text: &[u8; 24] = text.try_into().map_err(|_| bad())?;
    let marks = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':'), (19, b'.'), (23, b'Z')];
    if marks.iter().any(|&(at, mark)| text[at] != mark) {
        return Err(bad());
    }
    let number = |from: usize, to: usize| {
        text[from..to].iter().try_fold(0_i64, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + i64::from(digit - b'0')))
    };
    let part = |from, to| number(from, to).ok_or_else(bad);
    let (year, month, day) = (part(0, 4)?, part(5, 7)?, part(8, 10)?);
    let (hour, minute, second, milli) = (part(11, 13)?, part(14, 16)?, part(17, 19)?, part(20, 23)?);
    let exists = year >= 1 && (1..=12).contains(&month) && day >= 1 && day <= days_in(year, month);
    if !exists || hour > 23 || minute > 59 || second > 59 {
        return Err(bad());
    }
    Ok(days(year, month, day) * DAY + hour * 3_600_000 + minute * 60_000 + second * 1000 + milli)
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970-01-01 to a date.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The date that is `days` after 1970-01-01.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_moments_read_and_write_alike() {
        for (millis, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_400_123, "2000-02-29T00:00:00.123Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
            (FIRST, "0001-01-01T00:00:00.000Z"),
            (LAST, "9999-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(format(millis).unwrap(), text);
            assert_eq!(parse(text.as_bytes()).unwrap(), millis);
        }
    }

    #[test]
    fn other_spellings_are_refused() {
        for bad in [
            "2025-02-29T00:00:00.000Z",
            "1900-02-29T00:00:00.000Z",
            "2025-13-01T00:00:00.000Z",
            "2025-00-01T00:00:00.000Z",
            "2025-01-01T24:00:00.000Z",
            "2025-01-01T00:00:60.000Z",
            "2025-01-01T00:00:00Z",
            "2025-01-01t00:00:00.000Z",
            "2025-01-01T00:00:00.000+00:00",
            "0000-01-01T00:00:00.000Z",
            "2025-01-01T00:00:00.00aZ",
        ] {
            assert!(parse(bad.as_bytes()).is_err(), "{bad}");
        }
        assert!(format(LAST + 1).is_err());
        assert!(format(FIRST - 1).is_err());
    }

    proptest! {
        #[test]
        fn every_moment_comes_back(millis in FIRST..=LAST) {
            prop_assert_eq!(parse(format(millis).unwrap().as_bytes()).unwrap(), millis);
        }
    }
}
