//! Names to fields, columns, derived values and literals.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::{Base, Expr, Literal, Quantifier, Scopes};
use crate::kind::{Choice, Column, FieldType, Kind, Scalar, Target};

/// What is known of an expression before it is evaluated.
#[derive(Clone)]
enum Type<'k> {
    Record(&'k Kind),
    AnyRecord,
    Row(&'k [Column]),
    Value(&'k FieldType),
    /// states of a kind: compared like an enum
    State(&'k [String]),
    Other,
}

struct Resolver<'k> {
    scopes: Scopes<'k>,
    items: Vec<Type<'k>>,
}

pub(super) fn resolve(expression: Expr, scopes: &Scopes<'_>) -> Result<Expr, String> {
    let mut resolver = Resolver { scopes: *scopes, items: Vec::new() };
    let (resolved, _) = resolver.expression(expression)?;
    Ok(resolved)
}

impl<'k> Resolver<'k> {
    fn expression(&mut self, expression: Expr) -> Result<(Expr, Type<'k>), String> {
        Ok(match expression {
            Expr::Name(path) => {
                let name = path.join(".");
                self.path(path)?.ok_or_else(|| format!("`{name}` names no field, column or derived value"))?
            }
            Expr::Not(a) => (Expr::Not(Box::new(self.expression(*a)?.0)), Type::Other),
            Expr::And(all) => (Expr::And(self.all(all)?), Type::Other),
            Expr::Or(all) => (Expr::Or(self.all(all)?), Type::Other),
            Expr::Compare(op, a, b) => {
                let (a, b) = self.pair(*a, *b)?;
                (Expr::Compare(op, Box::new(a), Box::new(b)), Type::Other)
            }
            Expr::In(a, list) => {
                let (a, kind) = self.expression(*a)?;
                let list = list.into_iter().map(|member| self.against(member, &kind)).collect::<Result<_, _>>()?;
                (Expr::In(Box::new(a), list), Type::Other)
            }
            Expr::Has(a, list) => {
                let (a, kind) = self.expression(*a)?;
                let list = list.into_iter().map(|member| self.against(member, &kind)).collect::<Result<_, _>>()?;
                (Expr::Has(Box::new(a), list), Type::Other)
            }
            Expr::Filled(a) => (Expr::Filled(Box::new(self.expression(*a)?.0)), Type::Other),
            Expr::Length(a) => (Expr::Length(Box::new(self.expression(*a)?.0)), Type::Other),
            Expr::Days(a, b) => {
                let (a, b) = (self.expression(*a)?.0, self.expression(*b)?.0);
                (Expr::Days(Box::new(a), Box::new(b)), Type::Other)
            }
            Expr::Arithmetic(op, a, b) => {
                let (a, kind) = self.expression(*a)?;
                let b = self.expression(*b)?.0;
                (Expr::Arithmetic(op, Box::new(a), Box::new(b)), kind)
            }
            Expr::Quantified(quantifier, list, condition) => self.quantified(quantifier, *list, condition)?,
            Expr::Records(kind) => {
                let known = self.scopes.kinds.get(&kind).ok_or_else(|| format!("`{kind}` is no kind"))?;
                (Expr::Records(kind), Type::Record(known))
            }
            Expr::Entered(state) => {
                if !self.scopes.kind.states.contains(&state) {
                    return Err(format!("`{state}` is no state"));
                }
                (Expr::Entered(state), Type::Other)
            }
            done => (done, Type::Other),
        })
    }

    fn all(&mut self, all: Vec<Expr>) -> Result<Vec<Expr>, String> {
        all.into_iter().map(|e| self.expression(e).map(|(e, _)| e)).collect()
    }

    fn quantified(&mut self, quantifier: Quantifier, list: Expr, condition: Option<Box<Expr>>) -> Result<(Expr, Type<'k>), String> {
        let (list, kind) = self.expression(list)?;
        let item = match kind {
            Type::Value(FieldType::List(columns)) => Type::Row(columns),
            Type::Value(FieldType::Set(Scalar::Link(target)) | FieldType::One(Scalar::Link(target))) => self.target(target),
            Type::Record(kind) => Type::Record(kind),
            _ => Type::Other,
        };
        self.items.push(item);
        let condition = condition.map(|c| self.expression(*c).map(|(c, _)| Box::new(c))).transpose();
        self.items.pop();
        Ok((Expr::Quantified(quantifier, Box::new(list), condition?), Type::Other))
    }

    fn target(&self, target: &'k Target) -> Type<'k> {
        match target {
            Target::Any => Type::AnyRecord,
            Target::Requirement => Type::Other,
            Target::Kind(kind) => self.scopes.kinds.get(kind).map_or(Type::AnyRecord, |kind| Type::Record(kind)),
        }
    }

    fn pair(&mut self, a: Expr, b: Expr) -> Result<(Expr, Expr), String> {
        match self.expression(a.clone()) {
            Ok((a, kind)) => Ok((a, self.against(b, &kind)?)),
            Err(why) => {
                // A literal may stand on the left: `high <= risk_tier`.
                let (b, kind) = self.expression(b).map_err(|_| why)?;
                Ok((self.against(a, &kind)?, b))
            }
        }
    }

    /// An operand beside one of a known type: a bare word that names nothing is a literal of that type.
    fn against(&mut self, operand: Expr, beside: &Type<'k>) -> Result<Expr, String> {
        let Expr::Name(path) = &operand else {
            let resolved = self.expression(operand)?.0;
            return Ok(if let Expr::Literal(Literal::Text(text)) = &resolved { literal(text, beside)? } else { resolved });
        };
        let word = path.join(".");
        let any = matches!(self.items.last(), Some(Type::AnyRecord)) && path.len() == 1;
        let is_value = path.len() == 1 && choice(&word, beside).is_some();
        if !is_value
            && !any
            && let Some((path, _)) = self.path(path.clone())?
        {
            return Ok(path);
        }
        literal(&word, beside)
    }

    /// The path a dotted name stands for, innermost scope first; nothing when the first word is unknown everywhere.
    fn path(&self, path: Vec<String>) -> Result<Option<(Expr, Type<'k>)>, String> {
        if path[0] == "this" {
            let this = Type::Record(self.scopes.kind);
            if path.len() == 1 {
                return Ok(Some((Expr::Path(Base::This, vec!["id".into()]), this)));
            }
            let kind = self.walk(this, &path[1..])?.ok_or_else(|| format!("the record has no `{}`", path[1..].join(".")))?;
            return Ok(Some((Expr::Path(Base::This, path[1..].to_vec()), kind)));
        }
        for (depth, item) in self.items.iter().enumerate().rev() {
            if path.len() == 1 && path[0] == "item" {
                return Ok(Some((Expr::Path(Base::Item(depth), Vec::new()), item.clone())));
            }
            if let Some(kind) = self.walk(item.clone(), &path)? {
                return Ok(Some((Expr::Path(Base::Item(depth), path), kind)));
            }
        }
        Ok(self.walk(Type::Record(self.scopes.kind), &path)?.map(|kind| (Expr::Path(Base::This, path), kind)))
    }

    fn walk(&self, from: Type<'k>, path: &[String]) -> Result<Option<Type<'k>>, String> {
        let mut at = from;
        for (step, name) in path.iter().enumerate() {
            match self.step(&at, name) {
                Some(next) => at = next,
                None if step == 0 => return Ok(None),
                None => return Err(format!("`{}` has no `{name}`", path[..step].join("."))),
            }
        }
        Ok(Some(at))
    }

    fn step(&self, from: &Type<'k>, name: &str) -> Option<Type<'k>> {
        match from {
            Type::Record(kind) => match name {
                "state" => Some(Type::State(&kind.states)),
                "id" | "revision" | "made_by" | "made_at" => Some(Type::Other),
                _ => {
                    let field = kind.field(name).map(|field| &field.kind);
                    field.or_else(|| kind.derived(name).map(|derived| &derived.kind)).map(Type::Value)
                }
            },
            Type::AnyRecord => {
                let fixed = matches!(name, "state" | "id" | "revision" | "made_by" | "made_at" | "kind");
                let known = |kind: &Kind| kind.field(name).is_some() || kind.derived(name).is_some();
                (fixed || self.scopes.kinds.iter().any(|kind| known(kind))).then_some(Type::Other)
            }
            Type::Row(columns) => columns.iter().find(|column| column.name == name).map(|column| Type::Value(&column.kind)),
            Type::Value(FieldType::List(columns)) => columns.iter().find(|c| c.name == name).map(|c| Type::Value(&c.kind)),
            Type::Value(FieldType::One(scalar) | FieldType::Set(scalar)) => match scalar {
                Scalar::Link(target) => {
                    let target = self.target(target);
                    self.step(&target, name)
                }
                Scalar::Money => matches!(name, "amount" | "currency").then_some(Type::Other),
                Scalar::Period => matches!(name, "from" | "to").then_some(Type::Other),
                Scalar::File => matches!(name, "name" | "sha256" | "size").then_some(Type::Other),
                _ => None,
            },
            Type::State(_) | Type::Other => None,
        }
    }
}

fn choice(word: &str, beside: &Type<'_>) -> Option<(String, usize)> {
    let found = |choices: &Arc<[Choice]>| choices.iter().position(|c| c.id == word);
    let rank = match beside {
        Type::Value(kind) => found(kind.choices()?)?,
        Type::State(states) => states.iter().position(|state| state == word)?,
        _ => return None,
    };
    Some((word.to_owned(), rank))
}

fn literal(word: &str, beside: &Type<'_>) -> Result<Expr, String> {
    if let Some((id, rank)) = choice(word, beside) {
        return Ok(Expr::Literal(Literal::Choice(id, rank)));
    }
    match beside {
        Type::Value(kind) if kind.choices().is_some() => Err(format!("`{word}` is no value of the enum it is compared with")),
        Type::State(_) => Err(format!("`{word}` is no state")),
        Type::Value(FieldType::One(Scalar::Int | Scalar::Decimal)) if word.parse::<Decimal>().is_err() => {
            Err(format!("`{word}` is no number"))
        }
        _ => Ok(Expr::Literal(Literal::Text(word.to_owned()))),
    }
}
