//! Full-text search by the engine's text vectors. What counts as a word is decided here, so that both engines find the same.

use std::collections::BTreeMap;
use std::fmt::Write;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::Result;
use crate::postgres::session::{Session, Sql};
use crate::snapshot::SearchHit;

/// Words of a query beyond these are left out; nobody types more.
const MAX_WORDS: usize = 32;
/// Longest word that the engine takes, in bytes.
const MAX_WORD_BYTES: usize = 2_000;
/// Largest vector that the engine takes is 1 MiB; what of a text lies beyond this many bytes of words and places is not found.
const MAX_VECTOR_BYTES: usize = 900_000;
/// Places in a vector end here, and begin again: two words that stand side by side mostly still do.
const MAX_PLACE: usize = 16_000;
/// Places of one word that are kept; the engine takes 256.
const MAX_PLACES: usize = 200;

/// Lower case, without accents: what the words of texts and queries are compared as.
fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    let plain: String = text.nfkd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase).collect();
    let split: Vec<String> = plain
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty() && word.len() <= MAX_WORD_BYTES)
        .map(str::to_owned)
        .collect();
    split.into_iter()
}

/// The vector of a record, as text that the engine reads: id and title count most.
pub(super) fn vector(id: &str, title: &str, text: &str) -> String {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let (mut place, mut bytes) = (0, 0);
    'parts: for (part, weight) in [(id, "A"), (title, "B"), (text, "")] {
        for word in words(part) {
            place += 1;
            bytes += 4;
            let known = places.contains_key(&word);
            bytes += if known { 0 } else { word.len() + 8 };
            if bytes > MAX_VECTOR_BYTES {
                break 'parts;
            }
            let held = places.entry(word).or_default();
            if held.len() < MAX_PLACES {
                held.push(format!("{}{weight}", place % MAX_PLACE + 1));
            }
        }
        // Words of different parts do not stand side by side.
        place += 1;
    }
    let mut vector = String::with_capacity(bytes);
    for (word, held) in places {
        // Words are letters and digits, so nothing in them ends the quotes.
        let _ = write!(vector, "'{word}':{} ", held.join(","));
    }
    vector
}

/// All words, of which those typed without a space between them stand side by side; the last may be the beginning of a word.
fn query(typed: &str) -> Option<String> {
    let typed = typed.split(|letter: char| letter.is_whitespace() || letter == '\0');
    let mut phrases: Vec<Vec<String>> = typed.map(|part| words(part).collect()).collect();
    phrases.retain(|phrase: &Vec<String>| !phrase.is_empty());
    phrases.truncate(MAX_WORDS);
    let count = phrases.len();
    let phrase = |(at, words): (usize, Vec<String>)| {
        let last = words.len();
        let beginning = |place: usize| if at + 1 == count && place + 1 == last { ":*" } else { "" };
        let words: Vec<String> = words.iter().enumerate().map(|(place, word)| format!("'{word}'{}", beginning(place))).collect();
        format!("({})", words.join(" <-> "))
    };
    let query = phrases.into_iter().enumerate().map(phrase).collect::<Vec<_>>().join(" & ");
    (!query.is_empty()).then_some(query)
}

/// Records that hold all words, best first.
pub(super) fn find(session: &Session, words: &str, limit: i64) -> Result<Vec<SearchHit>> {
    // The weights are those of D, C, B and A; long texts count less.
    const FIND: Sql = Sql::new(
        "SELECT id, kind, title, ts_rank('{0.125, 0.125, 0.5, 1.0}', words, $2::text::tsquery, 1)::float8 AS rank
         FROM record WHERE org = $1 AND words @@ $2::text::tsquery ORDER BY rank DESC, kind, number LIMIT $3",
    );
    let Some(query) = query(words) else { return Ok(Vec::new()) };
    let hit = |row: postgres::Row| {
        let title: Vec<u8> = row.try_get(2)?;
        let title = String::from_utf8_lossy(&title).into_owned();
        Ok(SearchHit { id: row.try_get(0)?, kind: row.try_get(1)?, title, score: row.try_get(3)? })
    };
    session.query(FIND, &[&query, &limit])?.into_iter().map(hit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_becomes_quoted_words() {
        for (typed, expected) in [
            ("risk", Some("('risk':*)")),
            ("Face match", Some("('face') & ('match':*)")),
            ("SYS-12", Some("('sys' <-> '12':*)")),
            ("a\" OR title:\"b", Some("('a') & ('or') & ('title' <-> 'b':*)")),
            ("' & ! | \\", None),
            ("", None),
            ("a\0b", Some("('a') & ('b':*)")),
            ("Überwachung", Some("('uberwachung':*)")),
        ] {
            assert_eq!(query(typed).as_deref(), expected, "{typed:?}");
        }
    }

    #[test]
    fn a_vector_says_where_each_word_stands_and_how_much_it_counts() {
        assert_eq!(vector("SYS-2", "A gate", "the gate, a Gate"), "'2':3A 'a':5B,10 'gate':6B,9,11 'sys':2A 'the':8 ");
    }

    #[test]
    fn a_vector_of_a_huge_text_stays_within_what_the_engine_takes() {
        let text: String = (0..400_000).map(|number| format!("word{number} ")).collect();
        assert!(vector("SYS-1", "x", &text).len() < 1_500_000);
    }
}
