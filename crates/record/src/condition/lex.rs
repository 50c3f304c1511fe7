//! Words and signs of a condition.

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Word(String),
    Quoted(String),
    Number(String),
    Sign(&'static str),
}

const SIGNS: [&str; 14] = ["!=", "<=", ">=", "=", "<", ">", "(", ")", ",", ".", "+", "-", "*", "/"];

pub(super) fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, length) = if first == '\'' {
            quoted(rest)?
        } else if first.is_ascii_digit() {
            number_or_date(rest)
        } else if first.is_ascii_alphabetic() {
            word(rest)
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            (Token::Sign(sign), sign.len())
        } else {
            return Err(format!("`{first}` has no place here"));
        };
        tokens.push(token);
        rest = rest[length..].trim_start();
    }
    Ok(tokens)
}

fn quoted(text: &str) -> Result<(Token, usize), String> {
    let end = text[1..].find('\'').ok_or("a quote is not closed")?;
    Ok((Token::Quoted(text[1..=end].to_owned()), end + 2))
}

fn number_or_date(text: &str) -> (Token, usize) {
    let bytes = text.as_bytes();
    let is_date =
        bytes.len() >= 10 && bytes[4] == b'-' && bytes[7] == b'-' && bytes[8].is_ascii_digit() && bytes[9].is_ascii_digit();
    let length = if is_date {
        10
    } else {
        let whole = text.bytes().take_while(u8::is_ascii_digit).count();
        let fraction = text[whole..].strip_prefix('.').map_or(0, |rest| rest.bytes().take_while(u8::is_ascii_digit).count());
        if fraction > 0 { whole + 1 + fraction } else { whole }
    };
    (Token::Number(text[..length].to_owned()), length)
}

/// A word may hold `-` between letters (`ai-system`); a `-` before a digit or a space is a sign.
fn word(text: &str) -> (Token, usize) {
    let bytes = text.as_bytes();
    let mut length = 1;
    while length < bytes.len() {
        let inner = bytes[length].is_ascii_alphanumeric() || bytes[length] == b'_';
        let hyphen = bytes[length] == b'-' && bytes.get(length + 1).is_some_and(u8::is_ascii_alphabetic);
        if !inner && !hyphen {
            break;
        }
        length += 1;
    }
    (Token::Word(text[..length].to_owned()), length)
}
