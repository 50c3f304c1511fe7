//! The pack as a download, in pieces: it may be larger than what the server would hold at once.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as Waker, Poll};

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use http_body::{Frame, SizeHint};
use tokio::sync::mpsc::{Receiver, channel};
use vouch_app::{Error, Result, pack};

use super::job;
use crate::answer::{self, Answer};
use crate::packing::{Built, Job, Stage};
use crate::request::Context;

/// Pieces read ahead.
const AHEAD: usize = 2;

/// What the file is called: the organisation, the day.
pub(super) fn name(context: &Context<'_>, job: &Job) -> String {
    let organisation = context.view.organisation().and_then(|one| one.text("name")).unwrap_or_default();
    let words: String =
        organisation.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { ' ' }).collect();
    let mut name: Vec<&str> = words.split_whitespace().collect();
    let day = pack::name(job.day);
    name.push(&day);
    format!("{}.zip", name.join("-"))
}

/// `GET /pack/{job}/file`
pub(crate) fn fetch(context: &Context<'_>) -> Result<Answer> {
    let job = job(context)?;
    let Stage::Ready(built) = job.stage() else {
        return Err(Error::not_found("this pack is not ready").hint("see how far it is, or build it again"));
    };
    let mut response = answer::file(Some(&name(context, &job)), "application/zip", Vec::new());
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(built.size));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    *response.body_mut() = Body::new(Pieces::of(built));
    Ok(Answer::Whole(Box::new(response)))
}

/// A file, piece by piece, read on a thread that may wait for the disk.
struct Pieces {
    read: Receiver<io::Result<Vec<u8>>>,
    left: u64,
}

impl Pieces {
    fn of(built: Arc<Built>) -> Self {
        let (send, read) = channel(AHEAD);
        let left = built.size;
        tokio::task::spawn_blocking(move || {
            let mut at = 0;
            while at < built.size {
                let piece = built.chunk(at).and_then(|piece| {
                    at += piece.len() as u64;
                    if piece.is_empty() { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(piece) }
                });
                let is_wrong = piece.is_err();
                // Whoever fetched it may have gone away.
                if send.blocking_send(piece).is_err() || is_wrong {
                    return;
                }
            }
        });
        Self { read, left }
    }
}

impl http_body::Body for Pieces {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, waker: &mut Waker<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let polled = self.read.poll_recv(waker);
        if let Poll::Ready(Some(Ok(piece))) = &polled {
            self.left = self.left.saturating_sub(piece.len() as u64);
        }
        polled.map(|piece| piece.map(|piece| piece.map(|piece| Frame::data(Bytes::from(piece)))))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
