//! Stretches of days and holes in them.

use jiff::civil::Date;
use jiff::{Span, ToSpan};
use vouch_record::time::{after, before, days_between, parse_duration};

use super::{Entry, View};

/// Days from `from` to `to`, both inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// first day
    pub from: Date,
    /// last day
    pub to: Date,
}

/// Days without what was wanted, both inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hole {
    /// last day on which it was there, or the day before the stretch begins
    pub from: Date,
    /// day on which it was there again, or the last day of the stretch
    pub to: Date,
}

impl Window {
    /// Whether the day lies inside.
    #[must_use]
    pub fn has(&self, day: Date) -> bool {
        self.from <= day && day <= self.to
    }

    /// How many days it has.
    #[must_use]
    pub fn days(&self) -> i64 {
        (days_between(self.from, self.to) + 1).max(0)
    }

    /// The part from `day` on; nothing when that is empty.
    #[must_use]
    pub fn from_day(&self, day: Date) -> Option<Self> {
        let from = self.from.max(day);
        (from <= self.to).then_some(Self { from, to: self.to })
    }

    /// The days it shares with another stretch; nothing if there are none.
    #[must_use]
    pub fn and(&self, other: Self) -> Option<Self> {
        let shared = Self { from: self.from.max(other.from), to: self.to.min(other.to) };
        (shared.from <= shared.to).then_some(shared)
    }

    /// The calendar months that lie wholly inside.
    #[must_use]
    pub fn whole_months(&self) -> Vec<Self> {
        let whole = |month: &Self| month.from.day() == 1 && month.to == month.to.last_of_month();
        self.months().into_iter().filter(whole).collect()
    }

    /// Its calendar months, each cut to the window.
    #[must_use]
    pub fn months(&self) -> Vec<Self> {
        let mut months = Vec::new();
        let mut from = self.from;
        while from <= self.to {
            let to = from.last_of_month().min(self.to);
            months.push(Self { from, to });
            from = to.saturating_add(1.day());
        }
        months
    }

    /// The stretches longer than `longest` days between two events, before the first and after the last. Events are days, in
    /// any order; those outside the window count for its edges.
    #[must_use]
    pub fn holes(&self, events: impl IntoIterator<Item = Date>, longest: i64) -> Vec<Hole> {
        let mut days: Vec<Date> = events.into_iter().filter(|day| *day <= self.to).collect();
        days.sort_unstable();
        let first = days.iter().rposition(|day| *day < self.from).map_or(self.from, |at| days[at]);
        let mut last = first.max(self.from.saturating_sub(longest.days()));
        let mut holes = Vec::new();
        for day in days.into_iter().filter(|day| self.has(*day)).chain([self.to]) {
            if days_between(last, day) > longest {
                holes.push(Hole { from: last, to: day });
            }
            last = last.max(day);
        }
        holes
    }
}

impl Hole {
    /// How many days lie between.
    #[must_use]
    pub fn days(&self) -> i64 {
        days_between(self.from, self.to)
    }
}

impl Entry<'_> {
    /// The days on which it stood in one of these states at their end, by the log: what was read then, so that a proposal beside a
    /// revision in force changes nothing. Days of what time alone does are not in it.
    #[must_use]
    pub fn periods(&self, states: &[&str]) -> Vec<Window> {
        let view = self.view();
        let mut periods: Vec<Window> = Vec::new();
        let mut since: Option<Date> = None;
        for leaf in self.leaves() {
            let Some(standing) = self.record().standing(self.kind(), leaf.seq + 1) else { continue };
            let inside = states.contains(&standing.shown_state(self.record()));
            let day = view.day(leaf.time);
            match since {
                None if inside => since = Some(day),
                Some(from) if !inside => {
                    since = None;
                    let to = day.saturating_sub(1.day());
                    periods.extend((from <= to).then_some(Window { from, to }));
                }
                _ => {}
            }
        }
        periods.extend(since.map(|from| Window { from, to: view.today() }));
        periods
    }
}

impl View {
    /// From today minus the organisation's window (six months if empty) to today; days before the first approved scope are left
    /// out. Nothing before there is one.
    #[must_use]
    pub fn window(&self) -> Option<Window> {
        let length = self.organisation().and_then(|org| org.text("window")).and_then(parse_duration).unwrap_or_else(|| 6.months());
        self.back(&length)
    }

    /// The window, as long as the organisation has it; before the first approved scope it is not cut, so that derived values
    /// have something to show.
    #[must_use]
    pub fn period(&self) -> Window {
        let length = self.organisation().and_then(|org| org.text("window")).and_then(parse_duration).unwrap_or_else(|| 6.months());
        self.past(&length)
    }

    /// The period of this length that ends today, cut at the first approved scope if there is one.
    #[must_use]
    pub fn past(&self, length: &Span) -> Window {
        self.back(length).unwrap_or_else(|| Window { from: before(self.today(), length), to: self.today() })
    }

    /// The period of this length that ends today, cut at the first approved scope (`terms.yaml`, window).
    #[must_use]
    pub fn back(&self, length: &Span) -> Option<Window> {
        let first = self.first_scope_on()?;
        let from = before(self.today(), length).max(first);
        Some(Window { from, to: self.today() })
    }

    /// The last `days` days, today included at the end, cut at the first approved scope.
    #[must_use]
    pub fn last_days(&self, days: i64) -> Option<Window> {
        self.back(&days.days())
    }

    /// From when on a rule may want something on each day of the window for what was there before the first scope, or came into
    /// scope on `since`: ninety days later.
    #[must_use]
    pub fn settled_in(&self, since: Date) -> Date {
        after(since, &90.days())
    }
}
