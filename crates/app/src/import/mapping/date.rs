//! Days as people write them in tables.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::super::text::even;

/// Which number comes first in a day like `3/4/2024`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DateOrder {
    /// Month, day, year.
    #[default]
    Mdy,
    /// Day, month, year.
    Dmy,
}

/// How days are written in a table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DateStyle {
    /// Order of numbers with slashes or dashes; with dots the day is always first.
    pub order: DateOrder,
    /// Month in which a fiscal year begins, in the calendar year before it unless it is January.
    pub fiscal_year_begins: i8,
}

/// What a cell says where a day belongs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum DateReading {
    /// A day; a month, quarter or year counts from its first day.
    Day(Date),
    /// Words: no day, and no mistake either.
    Words,
    /// Numbers that look like a day and are none.
    Wrong,
}

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
/// Serial numbers of spreadsheet programs from 1954 to 2119; shorter ones are years, longer ones no days.
const SERIALS: std::ops::RangeInclusive<i64> = 20_000..=80_000;

/// Reads a day.
#[must_use]
pub fn read_date(text: &str, style: DateStyle) -> DateReading {
    let head = text.split_once('T').filter(|(day, _)| day.len() == 10).map_or(text, |(day, _)| day);
    let head = without_time(head);
    let evened = even(head);
    let words: Vec<&str> = evened.split(' ').filter(|word| !word.is_empty()).collect();
    if head.chars().all(|c| c.is_ascii_digit() || "/-. ".contains(c)) && !words.is_empty() {
        let numbers: Option<Vec<i64>> = words.iter().map(|word| word.parse().ok()).collect();
        let found = numbers.and_then(|numbers| by_numbers(&numbers, &words, head.contains('.'), style));
        return found.map_or(DateReading::Wrong, DateReading::Day);
    }
    let found = by_fiscal_words(&words, style).or_else(|| by_month_name(&words));
    found.map_or(DateReading::Words, DateReading::Day)
}

/// `10/1/2024 0:00` without its time.
fn without_time(text: &str) -> &str {
    match text.split_once(' ') {
        Some((day, time)) if time.contains(':') && day.len() >= 6 && day.bytes().all(|b| !b.is_ascii_alphabetic()) => day,
        _ => text,
    }
}

fn by_numbers(numbers: &[i64], words: &[&str], dots: bool, style: DateStyle) -> Option<Date> {
    match *numbers {
        [serial] if SERIALS.contains(&serial) => {
            let epoch = Date::new(1899, 12, 30).ok()?;
            epoch.checked_add(jiff::Span::new().days(serial)).ok()
        }
        [year] => day(long_year(year, words[0])?, 1, 1),
        [first, second] if words[0].len() == 4 => day(first, second, 1),
        [first, second] if words[1].len() == 4 => day(second, first, 1),
        [year, month, of_month] if words[0].len() == 4 => day(year, month, of_month),
        [first, second, year] => {
            let year = if words[2].len() == 2 { short_year(year) } else { long_year(year, words[2])? };
            let day_first = dots || style.order == DateOrder::Dmy;
            if day_first { day(year, second, first) } else { day(year, first, second) }
        }
        _ => None,
    }
}

/// `Q3 2022`, `FY2022`, `FY22 Q3`, `3rd quarter of fiscal year 2022`.
fn by_fiscal_words(words: &[&str], style: DateStyle) -> Option<Date> {
    let (mut quarter, mut year, mut fiscal) = (None, None, false);
    for word in words {
        let number = |text: &str| text.parse::<i64>().ok();
        if let Some(rest) = word.strip_prefix("fy") {
            fiscal = true;
            year = year.or(if rest.is_empty() { None } else { Some((number(rest)?, rest.len())) });
        } else if let Some(one) = word.strip_prefix('q').and_then(number) {
            quarter = Some(one);
        } else if let Some(one) = ["1st", "2nd", "3rd", "4th"].iter().position(|name| name == word) {
            quarter = Some(i64::try_from(one).ok()? + 1);
        } else if let Some(value) = number(word) {
            year = Some((value, word.len()));
        } else {
            match *word {
                "fiscal" => fiscal = true,
                "year" | "quarter" | "of" => {}
                _ => return None,
            }
        }
    }
    let (value, digits) = year?;
    if !fiscal && quarter.is_none() {
        return None;
    }
    let year = if digits == 2 { short_year(value) } else { long_year(value, "0000")? };
    let first = if fiscal { i64::from(style.fiscal_year_begins) } else { 1 };
    let months = quarter.map_or(Some(0), |quarter| (1..=4).contains(&quarter).then_some((quarter - 1) * 3))?;
    let from_january = first - 1 + months - if fiscal && first > 1 { 12 } else { 0 };
    day(year + from_january.div_euclid(12), from_january.rem_euclid(12) + 1, 1)
}

/// `October 2022`, `Oct-22`, `1 Oct 2022`, `October 1st, 2022`.
fn by_month_name(words: &[&str]) -> Option<Date> {
    let (mut month, mut numbers) = (None, Vec::new());
    for word in words {
        let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let ending = &word[digits.len()..];
        if let (Ok(number), true) = (digits.parse::<i64>(), matches!(ending, "" | "st" | "nd" | "rd" | "th")) {
            numbers.push((number, digits.len()));
        } else if let Some(one) = month_number(word) {
            if month.replace(one).is_some() {
                return None;
            }
        } else if *word != "of" {
            return None;
        }
    }
    let year_of = |(number, digits): (i64, usize)| if digits == 2 { Some(short_year(number)) } else { long_year(number, "0000") };
    match numbers[..] {
        [year] => day(year_of(year)?, month?, 1),
        [year, of_month] if year.1 == 4 => day(year.0, month?, of_month.0),
        [of_month, year] => day(year_of(year)?, month?, of_month.0),
        _ => None,
    }
}

fn month_number(word: &str) -> Option<i64> {
    let names =
        ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];
    let at = names.iter().position(|name| *name == word).or_else(|| MONTHS.iter().position(|name| *name == word));
    let at = at.or((word == "sept").then_some(8));
    at.and_then(|at| i64::try_from(at + 1).ok())
}

const fn short_year(year: i64) -> i64 {
    if year < 70 { 2000 + year } else { 1900 + year }
}

fn long_year(year: i64, written: &str) -> Option<i64> {
    (written.len() == 4 && (1900..=2199).contains(&year)).then_some(year)
}

fn day(year: i64, month: i64, of_month: i64) -> Option<Date> {
    let year = i16::try_from(year).ok().filter(|year| (1900..=2199).contains(year))?;
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(of_month).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const US: DateStyle = DateStyle { order: DateOrder::Mdy, fiscal_year_begins: 10 };

    fn check(text: &str, expected: &str) {
        let read = match read_date(text, US) {
            DateReading::Day(day) => day.to_string(),
            DateReading::Words => "words".to_owned(),
            DateReading::Wrong => "wrong".to_owned(),
        };
        assert_eq!(read, expected, "{text:?}");
    }

    #[test]
    fn days_are_read_in_the_ways_people_write_them() {
        for text in [
            "10/1/2022",
            "10-01-2022",
            "2022-10-01",
            "2022/10/1",
            "1.10.2022",
            "10/1/22",
            "Oct 1, 2022",
            "1 October 2022",
            "October 1st 2022",
            "2022-10-01T00:00:00",
            "10/1/2022 0:00",
            "44835",
        ] {
            check(text, "2022-10-01");
        }
    }

    #[test]
    fn months_quarters_and_years_count_from_their_first_day() {
        for text in
            ["10/2022", "2022-10", "Oct-22", "October 2022", "Q4 2022", "FY2023", "FY23 Q1", "1st quarter of fiscal year 2023"]
        {
            check(text, "2022-10-01");
        }
        check("2022", "2022-01-01");
        check("FY2022 Q3", "2022-04-01");
        check("FY2022 Q2", "2022-01-01");
        check("sept 2021", "2021-09-01");
    }

    #[test]
    fn words_are_no_mistake_and_impossible_numbers_are_one() {
        for text in [
            "N/A -Consolidated into another use case.",
            "Ongoing",
            "May",
            "in use since 2019 at two sites",
            "=1+1",
            "---",
            "FY",
            "Q5 2022",
        ] {
            check(text, "words");
        }
        for text in ["13/45/2024", "2/30/2024", "2024-13-01", "99999", "1/2/3/4", "3"] {
            check(text, "wrong");
        }
    }

    #[test]
    fn the_order_of_numbers_is_a_setting() {
        let style = DateStyle { order: DateOrder::Dmy, fiscal_year_begins: 1 };
        assert_eq!(read_date("3/4/2024", style), DateReading::Day(Date::new(2024, 4, 3).unwrap()));
        assert_eq!(read_date("FY2024 Q2", style), DateReading::Day(Date::new(2024, 4, 1).unwrap()));
    }
}
