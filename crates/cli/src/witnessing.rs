//! Being a witness for logs of others: the last checkpoint of each is kept durably before a later one is cosigned.

use std::fs::{self, File};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use sha2::{Digest as _, Sha256};
use vouch_app::{Clock, Error, ErrorKind};
use vouch_ledger::witness::{MAX_REQUEST, Refusal, Request, follow, judge};
use vouch_ledger::{Policy, SignedCheckpoint, SignerKey, hex};

use crate::durable::{private_folder, replace_file};
use crate::failure::{Failure, Outcome};
use crate::output::line;
use crate::serving::told_to_stop;
use crate::system::SystemClock;

/// Name of the file with the logs that are watched, as `log KEY` lines.
pub(crate) const POLICY: &str = "policy";

/// A witness at work.
pub(crate) struct Witness {
    folder: PathBuf,
    key: SignerKey,
    clock: Box<dyn Clock>,
    /// Whoever compares with the last checkpoint and keeps the next one does both under it.
    turn: Mutex<()>,
    _lock: File,
}

/// Why a request has no cosignature.
enum NoAnswer {
    Malformed(String),
    Refused(Refusal),
    Failed(Failure),
}

impl Witness {
    /// Opens the folder of a witness; only one process at a time may.
    pub(crate) fn open(folder: &Path, key: SignerKey) -> Result<Self, Failure> {
        let failed = |error| Failure::file(folder, "write to", error);
        private_folder(&folder.join("seen")).map_err(failed)?;
        let lock = File::create(folder.join("witness.lock")).map_err(failed)?;
        lock.try_lock().map_err(|_| {
            let message = format!("another witness works in `{}`", folder.display());
            Failure(Error::new(ErrorKind::Unavailable, message).hint("stop it first, or name another folder with `--data DIR`"))
        })?;
        Ok(Self { folder: folder.to_path_buf(), key, clock: Box::new(SystemClock), turn: Mutex::new(()), _lock: lock })
    }

    /// Answers requests until the program is told to stop.
    pub(crate) fn serve(self, listener: TcpListener) -> Result<Outcome, Failure> {
        let failed = |error: std::io::Error| Failure(Error::new(ErrorKind::Unavailable, "nothing can be served").because(error));
        listener.set_nonblocking(true).map_err(failed)?;
        let routes = Router::new()
            .route("/add-checkpoint", post(add_checkpoint))
            .route("/follow-key", post(follow_key))
            .layer(DefaultBodyLimit::max(MAX_REQUEST))
            .with_state(Arc::new(self));
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().map_err(failed)?;
        runtime
            .block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener)?;
                axum::serve(listener, routes).with_graceful_shutdown(told_to_stop()).await
            })
            .map_err(failed)?;
        line("Stopped.");
        Ok(Outcome::Done)
    }

    /// The signature line for a request, after its checkpoint was kept as the last of its log.
    fn cosign(&self, body: &[u8]) -> Result<Vec<u8>, NoAnswer> {
        let request = Request::parse(body).map_err(|error| NoAnswer::Malformed(error.to_string()))?;
        let policy = self.policy().map_err(NoAnswer::Failed)?;
        let path = self.folder.join("seen").join(hex(&Sha256::digest(&request.checkpoint.checkpoint().origin).into()));
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let last = seen(&path).map_err(NoAnswer::Failed)?;
        judge(&policy, last.as_ref().map(SignedCheckpoint::checkpoint), &request).map_err(NoAnswer::Refused)?;
        replace_file(&path, &request.checkpoint.to_bytes()).map_err(NoAnswer::Failed)?;
        let now = u64::try_from(self.clock.now().as_second()).unwrap_or_default();
        request.checkpoint.cosignature(&self.key, now).map_err(|error| NoAnswer::Failed(error.into()))
    }

    /// Takes in that a watched log has handed over to another key, by a proof that the keys trusted so far bear out. The specification has no
    /// word for it; a witness elsewhere is told by its holder.
    fn follow(&self, proof: &[u8]) -> Result<(), NoAnswer> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let mut policy = self.policy().map_err(NoAnswer::Failed)?;
        if follow(&mut policy, proof).map_err(|error| NoAnswer::Malformed(error.to_string()))? {
            replace_file(&self.folder.join(POLICY), &policy.to_bytes()).map_err(NoAnswer::Failed)?;
        }
        Ok(())
    }

    /// The logs that are watched, read for each request: a log is added without a restart.
    fn policy(&self) -> Result<Policy, Failure> {
        let path = self.folder.join(POLICY);
        let bytes = fs::read(&path).map_err(|error| Failure::file(&path, "read", error))?;
        Ok(Policy::parse(&bytes)?)
    }
}

/// The last checkpoint of a log. One that cannot be read is never taken for none.
fn seen(path: &Path) -> Result<Option<SignedCheckpoint>, Failure> {
    match fs::read(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::file(path, "read", error)),
        Ok(bytes) => Ok(Some(SignedCheckpoint::parse(&bytes)?)),
    }
}

async fn add_checkpoint(State(witness): State<Arc<Witness>>, body: Bytes) -> Response {
    // It waits for the disk.
    answer(tokio::task::spawn_blocking(move || witness.cosign(&body)).await)
}

async fn follow_key(State(witness): State<Arc<Witness>>, body: Bytes) -> Response {
    answer(tokio::task::spawn_blocking(move || witness.follow(&body)).await)
}

fn answer(answered: Result<Result<impl IntoResponse, NoAnswer>, tokio::task::JoinError>) -> Response {
    match answered {
        Ok(Ok(line)) => line.into_response(),
        Ok(Err(NoAnswer::Malformed(why))) => (StatusCode::BAD_REQUEST, format!("{why}\n")).into_response(),
        Ok(Err(NoAnswer::Refused(Refusal::Conflict { size }))) => {
            (StatusCode::CONFLICT, [(header::CONTENT_TYPE, "text/x.tlog.size")], format!("{size}\n")).into_response()
        }
        Ok(Err(NoAnswer::Refused(refusal))) => {
            let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::BAD_REQUEST);
            (status, format!("{refusal}\n")).into_response()
        }
        Ok(Err(NoAnswer::Failed(failure))) => {
            failure.report(false);
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
