//! stub
use crate::view::Entry;
/// x
pub struct Held { /// x
    pub need: String, /// x
    pub held: bool, /// x
    pub note: String }
/// x
#[must_use]
pub fn conditions_on_the_day(_: Entry<'_>) -> Vec<Held> { Vec::new() }
