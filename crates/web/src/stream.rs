//! Long work told while it runs: an event stream where a script runs, and about how long is left.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context as Waker, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, Response, header};
use http_body::Frame;
use jiff::Timestamp;
use maud::Markup;
use tokio::time::{Interval, interval};

use crate::answer::Answer;

/// How often it is told.
const STEP: Duration = Duration::from_millis(400);
/// Seconds up to which nothing is said of how long is left.
const SOON: i64 = 30;

/// What is told of long work.
pub(crate) enum Told {
    /// how far it is
    More(Markup),
    /// it is over: what leads on
    Last(Markup),
}

/// A stream that asks `tell` until it is over.
pub(crate) fn stream(tell: impl FnMut() -> Told + Send + 'static) -> Answer {
    let events = Events { tell: Box::new(tell), tick: interval(STEP), is_over: false };
    let mut response = Response::new(Body::new(events));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Answer::Whole(Box::new(response))
}

/// Seconds that are left, judged by how long it took so far; nothing where that is too soon to say, or soon over.
pub(crate) fn seconds_left(since: Timestamp, now: Timestamp, done: u64, all: u64) -> Option<i64> {
    let (rest, done) = (i64::try_from(all.checked_sub(done)?).ok()?, i64::try_from(done).ok().filter(|done| *done > 0)?);
    let left = (now.as_second() - since.as_second()).checked_mul(rest)? / done;
    (left > SOON).then_some(left)
}

/// A message each step, and a last one that takes the page on.
struct Events {
    tell: Box<dyn FnMut() -> Told + Send>,
    tick: Interval,
    is_over: bool,
}

impl http_body::Body for Events {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, waker: &mut Waker<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.is_over {
            return Poll::Ready(None);
        }
        ready!(self.tick.poll_tick(waker));
        let markup = match (self.tell)() {
            Told::More(markup) => markup,
            Told::Last(markup) => {
                self.is_over = true;
                markup
            }
        };
        let message = format!("data: {}\n\n", markup.into_string().replace('\n', " "));
        Poll::Ready(Some(Ok(Frame::data(Bytes::from(message)))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_long_is_left_is_judged_by_how_long_it_took() {
        let check = |seconds: i64, done: u64, all: u64, expected: Option<i64>| {
            let since = Timestamp::UNIX_EPOCH;
            let now = Timestamp::from_second(seconds).expect("a moment");
            assert_eq!(seconds_left(since, now, done, all), expected, "{seconds} s, {done} of {all}");
        };
        check(10, 100, 1_000, Some(90));
        check(10, 0, 1_000, None);
        check(10, 900, 1_000, None);
        check(10, 1_000, 900, None);
        check(i64::from(i32::MAX), 1, u64::MAX, None);
    }
}
