//! Who looks: sessions begun by a one-time link, kept in memory, for people of this machine until there are accounts.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use vouch_app::Entropy;
use vouch_ledger::hex;
use vouch_record::Id;

/// Name of the cookie.
pub(crate) const COOKIE: &str = "vouch-session";
/// Most sessions kept; the oldest goes.
const MOST: usize = 64;

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    /// the secret of the cookie
    pub(crate) token: String,
    /// who signed in
    pub(crate) person: Id,
    /// as whom that person acts
    pub(crate) acting: Id,
}

#[derive(Default)]
struct Kept {
    invited: HashMap<String, Id>,
    sessions: Vec<Session>,
}

/// Links that were given out and sessions that run.
pub(crate) struct Sessions {
    entropy: Arc<dyn Entropy>,
    kept: Mutex<Kept>,
}

impl Sessions {
    pub(crate) fn new(entropy: Arc<dyn Entropy>) -> Self {
        Self { entropy, kept: Mutex::default() }
    }

    /// A name that nobody can guess, for what belongs to one person.
    pub(crate) fn fresh(&self) -> String {
        self.secret()[..24].to_owned()
    }

    fn secret(&self) -> String {
        hex(&self.entropy.bytes())
    }

    fn with<T>(&self, act: impl FnOnce(&mut Kept) -> T) -> T {
        act(&mut self.kept.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A secret that signs a person in, once.
    pub(crate) fn invite(&self, person: Id) -> String {
        let secret = self.secret();
        self.with(|kept| kept.invited.insert(secret.clone(), person));
        secret
    }

    /// Begins a session with a secret that was given out and not used.
    pub(crate) fn begin(&self, secret: &str) -> Option<Session> {
        let token = self.secret();
        self.with(|kept| {
            let person = kept.invited.remove(secret)?;
            let session = Session { token, person, acting: person };
            if kept.sessions.len() == MOST {
                kept.sessions.remove(0);
            }
            kept.sessions.push(session.clone());
            Some(session)
        })
    }

    /// The session of a cookie.
    pub(crate) fn find(&self, token: &str) -> Option<Session> {
        self.with(|kept| kept.sessions.iter().find(|session| session.token == token).cloned())
    }

    /// Lets a session act as somebody from here on.
    pub(crate) fn act_as(&self, token: &str, person: Id) {
        self.with(|kept| {
            if let Some(session) = kept.sessions.iter_mut().find(|session| session.token == token) {
                session.acting = person;
            }
        });
    }

    /// Ends a session.
    pub(crate) fn end(&self, token: &str) {
        self.with(|kept| kept.sessions.retain(|session| session.token != token));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU8, Ordering};

    use super::*;

    struct Count(AtomicU8);

    impl Entropy for Count {
        fn bytes(&self) -> [u8; 32] {
            [self.0.fetch_add(1, Ordering::SeqCst); 32]
        }
    }

    fn sessions() -> (Sessions, Id) {
        (Sessions::new(Arc::new(Count(AtomicU8::new(1)))), Id::new("PER", 1).expect("PER-1 is an id"))
    }

    #[test]
    fn a_link_signs_in_once() {
        let (sessions, person) = sessions();
        let secret = sessions.invite(person);
        let session = sessions.begin(&secret).expect("the link is fresh");
        assert_eq!(sessions.find(&session.token).map(|found| found.acting), Some(person));
        assert!(sessions.begin(&secret).is_none());
    }

    #[test]
    fn a_session_that_ended_is_nobody() {
        let (sessions, person) = sessions();
        let session = sessions.begin(&sessions.invite(person)).expect("the link is fresh");
        sessions.end(&session.token);
        assert!(sessions.find(&session.token).is_none());
    }

    #[test]
    fn the_oldest_session_goes_when_there_are_too_many() {
        let (sessions, person) = sessions();
        let begun: Vec<Session> = (0..=MOST).filter_map(|_| sessions.begin(&sessions.invite(person))).collect();
        assert!(begun.first().is_some_and(|first| sessions.find(&first.token).is_none()));
        assert!(begun.last().is_some_and(|last| sessions.find(&last.token).is_some()));
    }
}
