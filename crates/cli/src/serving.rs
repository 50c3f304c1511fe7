//! Serving pages: on this machine only, until the program is told to stop.

use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use vouch_app::demo::Story;
use vouch_app::{Error, ErrorKind, Vouch};
use vouch_ledger::Policy;
use vouch_web::{Settings, Site};

use crate::cosigning::ask_witnesses;
use crate::failure::{Failure, Outcome};
use crate::folder::Folder;
use crate::output::{FAINT, STRONG, line, styled};
use crate::system::{SystemClock, SystemEntropy};

/// Where pages are served when nothing else is said.
const PLACE: &str = "127.0.0.1:8042";

/// Listens at an address of this machine; without one at the usual place, or at any free port when that is taken.
pub(crate) fn listen(asked: Option<&str>) -> Result<TcpListener, Failure> {
    let text = asked.unwrap_or(PLACE);
    let address: SocketAddr = text.replace("localhost:", "127.0.0.1:").parse().map_err(|error| {
        let wrong =
            Error::invalid(format!("`{text}` is no address to listen at")).hint("write host and port, such as 127.0.0.1:8042");
        Failure(wrong.because(error))
    })?;
    if !address.ip().is_loopback() {
        let message =
            format!("`{text}` can be reached from other machines, and there are no accounts yet that would say who may look");
        return Err(Failure(
            Error::refused(message).hint("use 127.0.0.1 or [::1]; reach it from elsewhere through a tunnel such as `ssh -L`"),
        ));
    }
    let bound = TcpListener::bind(address);
    let bound = if asked.is_none() { bound.or_else(|_| TcpListener::bind((address.ip(), 0))) } else { bound };
    bound.map_err(|error| {
        let taken = Error::new(ErrorKind::Unavailable, format!("nothing can listen at `{text}`: {error}"));
        Failure(taken.hint("stop what listens there, or name another port with `--listen 127.0.0.1:0` for any free one"))
    })
}

/// Serves an installation until the program is interrupted or asked to end; requests under way are answered first.
pub(crate) fn serve(folder: &Folder, vouch: Vouch, listener: TcpListener) -> Result<Outcome, Failure> {
    let first = vouch.view(None)?.all("person").next().map(|person| person.id());
    let owner =
        first.ok_or_else(|| Failure(Error::refused("nobody is in this organisation").hint("begin it with `vouch init`")))?;
    let at = listener.local_addr().map_err(unavailable)?;
    let host = match at.ip() {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => format!("[{ip}]"),
    };
    let settings = Settings {
        key: folder.first_key()?,
        policy: folder.policy()?,
        spool: folder.path().to_path_buf(),
        owner,
        sample: vouch.origin().starts_with(Story::ORIGINS),
        authority: format!("{host}:{}", at.port()),
    };
    let vouch = Arc::new(vouch);
    ask_by_and_by(vouch.clone(), folder.policy()?);
    let site = Arc::new(Site::new(vouch, Arc::new(SystemClock), Arc::new(SystemEntropy), settings));
    line(styled(STRONG, "Open this link; it signs you in, once"));
    line(format!("  {}", site.sign_in_address()));
    line(styled(FAINT, "Pages answer on this machine only. Stop with Ctrl C; what was acknowledged is kept."));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().map_err(unavailable)?;
    runtime.block_on(vouch_web::serve(site, listener, told_to_stop())).map_err(unavailable)?;
    line("Stopped.");
    Ok(Outcome::Done)
}

/// How often witnesses are asked, at most.
const BETWEEN: Duration = Duration::from_secs(60);

/// Asks the witnesses that the policy names with an address, whenever the log has grown, for as long as the program runs.
fn ask_by_and_by(vouch: Arc<Vouch>, policy: Policy) {
    if policy.witnesses.iter().all(|(_, known)| known.url.is_none()) {
        return;
    }
    std::thread::spawn(move || {
        let mut complained = 0;
        loop {
            match ask_witnesses(&vouch, &policy) {
                Ok(asked) => {
                    let refusals: Vec<_> = asked.witnesses.iter().filter_map(|(_, why)| why.as_ref()).collect();
                    // Each checkpoint is complained of once.
                    if complained != asked.size {
                        refusals.iter().for_each(|failure| failure.report(false));
                        complained = if refusals.is_empty() { complained } else { asked.size };
                    }
                }
                Err(failure) => failure.report(false),
            }
            std::thread::sleep(BETWEEN);
        }
    });
}

/// Ends when the program is interrupted, or asked to end by whoever runs it.
pub(crate) async fn told_to_stop() {
    let interrupted = async {
        // Where signals cannot be waited for, the program ends as any other does.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    {
        let ended = async {
            match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
                Ok(mut signal) => {
                    signal.recv().await;
                }
                Err(_) => std::future::pending().await,
            }
        };
        tokio::pin!(interrupted, ended);
        tokio::select! { () = &mut interrupted => {}, () = &mut ended => {} }
    }
    #[cfg(not(unix))]
    interrupted.await;
}

fn unavailable(error: std::io::Error) -> Failure {
    Failure(Error::new(ErrorKind::Unavailable, "pages cannot be served").because(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_others_reach_is_refused() {
        for text in ["0.0.0.0:8042", "192.0.2.1:80", "[::]:8042"] {
            assert_eq!(listen(Some(text)).expect_err("it is refused").0.kind, ErrorKind::Refused, "{text}");
        }
        assert_eq!(listen(Some("nowhere")).expect_err("it is no address").0.kind, ErrorKind::Invalid);
    }

    #[test]
    fn a_free_port_of_this_machine_is_taken() {
        let listener = listen(Some("localhost:0")).expect("a free port");
        assert!(listener.local_addr().is_ok_and(|at| at.ip().is_loopback() && at.port() > 0));
    }
}
