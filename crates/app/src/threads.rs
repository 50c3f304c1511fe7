//! A second thread for what the pure crates can share out.

use vouch_conform::readiness::Beside;

/// Runs one piece of work in a thread of its own, beside the other.
#[derive(Clone, Copy, Debug, Default)]
pub struct Threads;

impl Beside for Threads {
    fn both(&self, here: &mut dyn FnMut(), there: &mut (dyn FnMut() + Send)) {
        std::thread::scope(|scope| {
            scope.spawn(there);
            here();
        });
    }
}
