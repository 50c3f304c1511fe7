//! From text to an expression whose names are not resolved yet. `not` binds tighter than comparison's neighbours `and`, `or`.

use rust_decimal::Decimal;

use super::lex::{Token, tokens};
use super::{Arithmetic, Compare, Expr, Literal, Quantifier, Span2};
use crate::time::{parse_date, parse_duration};

/// Deeper nesting than this is refused rather than followed.
const DEEPEST: usize = 40;

pub(super) fn parse(text: &str) -> Result<Expr, String> {
    let mut parser = Parser { tokens: tokens(text)?, at: 0, depth: 0 };
    let expression = parser.or()?;
    match parser.tokens.get(parser.at) {
        None => Ok(expression),
        Some(token) => Err(format!("{token:?} comes after the end")),
    }
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn sign(&mut self, sign: &str) -> bool {
        let found = matches!(self.tokens.get(self.at), Some(Token::Sign(s)) if *s == sign);
        self.at += usize::from(found);
        found
    }

    fn word(&mut self, word: &str) -> bool {
        let found = matches!(self.tokens.get(self.at), Some(Token::Word(w)) if w == word);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, sign: &str) -> Result<(), String> {
        if self.sign(sign) { Ok(()) } else { Err(format!("`{sign}` is missing before {:?}", self.tokens.get(self.at))) }
    }

    fn or(&mut self) -> Result<Expr, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("nested too deep".into());
        }
        let mut parts = vec![self.and()?];
        while self.word("or") {
            parts.push(self.and()?);
        }
        self.depth -= 1;
        Ok(if parts.len() == 1 { parts.remove(0) } else { Expr::Or(parts) })
    }

    fn and(&mut self) -> Result<Expr, String> {
        let mut parts = vec![self.not()?];
        while self.word("and") {
            parts.push(self.not()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Expr::And(parts) })
    }

    fn not(&mut self) -> Result<Expr, String> {
        if self.word("not") {
            self.depth += 1;
            if self.depth > DEEPEST {
                return Err("nested too deep".into());
            }
            let inner = self.not()?;
            self.depth -= 1;
            return Ok(Expr::Not(Box::new(inner)));
        }
        self.comparison()
    }

    fn comparison(&mut self) -> Result<Expr, String> {
        let left = self.sum()?;
        for (sign, compare) in [
            ("!=", Compare::NotEqual),
            ("<=", Compare::LessOrEqual),
            (">=", Compare::GreaterOrEqual),
            ("=", Compare::Equal),
            ("<", Compare::Less),
            (">", Compare::Greater),
        ] {
            if self.sign(sign) {
                return Ok(Expr::Compare(compare, Box::new(left), Box::new(self.sum()?)));
            }
        }
        if self.word("in") {
            return Ok(Expr::In(Box::new(left), self.list()?));
        }
        if self.word("has") {
            let members = if self.word("any") { self.list()? } else { vec![self.sum()?] };
            return Ok(Expr::Has(Box::new(left), members));
        }
        Ok(left)
    }

    fn list(&mut self) -> Result<Vec<Expr>, String> {
        self.expect("(")?;
        let mut members = vec![self.sum()?];
        while self.sign(",") {
            members.push(self.sum()?);
        }
        self.expect(")")?;
        Ok(members)
    }

    fn sum(&mut self) -> Result<Expr, String> {
        let mut left = self.product()?;
        loop {
            let operation = if self.sign("+") {
                Arithmetic::Add
            } else if self.sign("-") {
                Arithmetic::Subtract
            } else {
                return Ok(left);
            };
            left = Expr::Arithmetic(operation, Box::new(left), Box::new(self.product()?));
        }
    }

    fn product(&mut self) -> Result<Expr, String> {
        let mut left = self.term()?;
        loop {
            let operation = if self.sign("*") {
                Arithmetic::Multiply
            } else if self.sign("/") {
                Arithmetic::Divide
            } else {
                return Ok(left);
            };
            left = Expr::Arithmetic(operation, Box::new(left), Box::new(self.term()?));
        }
    }

    fn term(&mut self) -> Result<Expr, String> {
        if self.sign("(") {
            let inner = self.or()?;
            self.expect(")")?;
            return Ok(inner);
        }
        let token = self.tokens.get(self.at).cloned().ok_or("something is missing at the end")?;
        self.at += 1;
        match token {
            Token::Quoted(text) => Ok(Expr::Literal(Literal::Text(text))),
            Token::Number(text) => match parse_date(&text) {
                Some(date) => Ok(Expr::Literal(Literal::Date(date))),
                None => {
                    text.parse::<Decimal>().map(|n| Expr::Literal(Literal::Number(n))).map_err(|_| format!("`{text}` is no number"))
                }
            },
            Token::Word(word) if matches!(self.tokens.get(self.at), Some(Token::Sign("("))) => self.call(&word),
            Token::Word(word) => self.name(word),
            Token::Sign(sign) => Err(format!("`{sign}` has no place here")),
        }
    }

    fn name(&mut self, word: String) -> Result<Expr, String> {
        let fixed = match word.as_str() {
            "true" => Some(Expr::Literal(Literal::Bool(true))),
            "false" => Some(Expr::Literal(Literal::Bool(false))),
            "today" => Some(Expr::Today),
            "now" => Some(Expr::Now),
            "actor" => Some(Expr::Actor),
            _ => None,
        };
        if let Some(fixed) = fixed {
            return Ok(fixed);
        }
        if word.starts_with('P')
            && let Some(span) = parse_duration(&word)
        {
            return Ok(Expr::Literal(Literal::Span(Span2(span))));
        }
        let mut path = vec![word];
        while self.sign(".") {
            match self.tokens.get(self.at) {
                Some(Token::Word(next)) => path.push(next.clone()),
                other => return Err(format!("a name is missing after `.`, before {other:?}")),
            }
            self.at += 1;
        }
        Ok(Expr::Name(path))
    }

    fn call(&mut self, function: &str) -> Result<Expr, String> {
        self.expect("(")?;
        let expression = match function {
            "filled" => Expr::Filled(Box::new(self.or()?)),
            "empty" => Expr::Not(Box::new(Expr::Filled(Box::new(self.or()?)))),
            "any" => self.quantified(Quantifier::Any)?,
            "all" => self.quantified(Quantifier::All)?,
            "none" => self.quantified(Quantifier::None)?,
            "count" => self.quantified(Quantifier::Count)?,
            "length" => Expr::Length(Box::new(self.or()?)),
            "days" => {
                let from = self.or()?;
                self.expect(",")?;
                Expr::Days(Box::new(from), Box::new(self.or()?))
            }
            "records" => Expr::Records(self.argument()?),
            "approved" => Expr::Approved(self.argument()?),
            "entered" => Expr::Entered(self.argument()?),
            other => return Err(format!("there is no function `{other}`")),
        };
        self.expect(")")?;
        Ok(expression)
    }

    fn quantified(&mut self, quantifier: Quantifier) -> Result<Expr, String> {
        let list = self.or()?;
        let condition = if self.sign(",") { Some(Box::new(self.or()?)) } else { None };
        if condition.is_none() && quantifier != Quantifier::Count {
            return Err("a quantifier wants a list and a condition".into());
        }
        Ok(Expr::Quantified(quantifier, Box::new(list), condition))
    }

    fn argument(&mut self) -> Result<String, String> {
        match self.tokens.get(self.at).cloned() {
            Some(Token::Word(word) | Token::Quoted(word)) => {
                self.at += 1;
                Ok(word)
            }
            other => Err(format!("a word is wanted, not {other:?}")),
        }
    }
}
