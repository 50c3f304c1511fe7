//! Hearing of what other processes commit.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use postgres::fallible_iterator::FallibleIterator;

use crate::postgres::rows::ReadView;
use crate::postgres::session::{Doorway, Session};
use crate::writer::Listeners;
use crate::{Error, ErrorKind, Result};

/// How long the thread listens before it looks whether it should end.
const TURN: Duration = Duration::from_millis(250);
/// How long it waits before it tries to reach a lost server again.
const PAUSE: Duration = Duration::from_secs(1);
/// How long it waits for a reader.
const PATIENCE: Duration = Duration::from_secs(10);

/// A thread that listens. It ends by itself soon after this is dropped.
pub(super) struct Follower(Arc<AtomicBool>);

impl Follower {
    /// Begins to listen, and tells listeners once what is there by then.
    pub(super) fn start(doorway: &Arc<Doorway>, listeners: &Arc<Listeners>) -> Result<Self> {
        let over = Arc::new(AtomicBool::new(false));
        let session = listen(doorway)?;
        let (ending, doorway, listeners) = (Arc::clone(&over), Arc::clone(doorway), Arc::clone(listeners));
        let thread = thread::Builder::new().name("vouch-follow".to_owned());
        let started = thread.spawn(move || {
            let mut session = Some(session);
            while !ending.load(Ordering::Relaxed) {
                session = follow(session.take(), &doorway, &listeners, &ending).ok().or_else(|| {
                    thread::sleep(PAUSE);
                    listen(&doorway).ok()
                });
            }
        });
        started.map_err(|error| Error::new(ErrorKind::Io, "cannot start the follower").with_source(error))?;
        Ok(Self(over))
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn listen(doorway: &Doorway) -> Result<Session> {
    let session = doorway.session()?;
    session.control(&format!("LISTEN vouch_{}", session.org()))?;
    Ok(session)
}

/// Tells listeners what is there, then waits for news, until it is over or the connection is lost.
fn follow(session: Option<Session>, doorway: &Doorway, listeners: &Listeners, over: &AtomicBool) -> Result<Session> {
    let session = session.ok_or_else(|| Error::new(ErrorKind::Unreachable, "the connection is lost"))?;
    // Whatever was committed before the connection listened is seen now.
    tell(doorway, listeners);
    while !over.load(Ordering::Relaxed) {
        let heard = session.with_client(|client| {
            let mut heard = 0;
            let mut notifications = client.notifications();
            if notifications.timeout_iter(TURN).next()?.is_some() {
                heard += 1;
                // Many commits at once are one piece of news.
                while notifications.iter().next()?.is_some() {
                    heard += 1;
                }
            }
            Ok(heard)
        })?;
        if heard > 0 {
            tell(doorway, listeners);
        } else if session.is_closed() {
            return Err(Error::new(ErrorKind::Unreachable, "the connection is lost"));
        }
    }
    Ok(session)
}

fn tell(doorway: &Doorway, listeners: &Listeners) {
    let told = catch_unwind(AssertUnwindSafe(|| {
        // A snapshot that cannot be had now comes with the next news.
        if let Ok(view) = ReadView::begin(doorway, PATIENCE) {
            let _ = listeners.tell(|listener| listener.overtaken(&view));
        }
    }));
    drop(told);
}
