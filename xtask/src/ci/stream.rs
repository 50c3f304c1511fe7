//! Runs a program, shows what it prints as it prints it, and keeps it.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

/// How a program ended and what it printed.
pub(crate) struct Ended {
    pub(crate) status: ExitStatus,
    pub(crate) lines: Vec<String>,
}

/// Runs a command to its end; one that takes longer than `most` is ended, and that is an error.
pub(crate) fn run(mut command: Command, most: Duration) -> Result<Ended> {
    let called = format!("{command:?}");
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {called}"))?;
    let (sender, receiver) = mpsc::channel();
    let stdout = child.stdout.take().context("its output was piped")?;
    let stderr = child.stderr.take().context("its errors were piped")?;
    let readers = [forward(stdout, sender.clone()), forward(stderr, sender)];
    let end = Instant::now() + most;
    let mut lines = Vec::new();
    let ended_in_time = loop {
        match receiver.recv_timeout(end.saturating_duration_since(Instant::now())) {
            Ok(line) => {
                println!("  {line}");
                lines.push(line);
            }
            Err(mpsc::RecvTimeoutError::Disconnected) => break true,
            Err(mpsc::RecvTimeoutError::Timeout) => break false,
        }
    };
    if !ended_in_time {
        child.kill().with_context(|| format!("cannot end {called}"))?;
        child.wait()?;
        bail!("{called} did not end within {} s", most.as_secs());
    }
    for reader in readers {
        reader.join().map_err(|_| anyhow::anyhow!("the reader of {called} broke"))?;
    }
    let status = child.wait().with_context(|| format!("cannot wait for {called}"))?;
    Ok(Ended { status, lines })
}

fn forward(from: impl Read + Send + 'static, to: mpsc::Sender<String>) -> std::thread::JoinHandle<()> {
    std::thread::spawn(move || {
        let mut from = BufReader::new(from);
        let mut line = Vec::new();
        // A program may print bytes that are no text; they are shown as well as can be.
        while from.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
            let text = String::from_utf8_lossy(&line).trim_end().to_owned();
            line.clear();
            if to.send(text).is_err() {
                return;
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn both_outputs_and_the_exit_code_are_kept() {
        let ended = run(shell("echo one; echo two >&2; exit 3"), Duration::from_secs(20)).unwrap();
        let mut lines = ended.lines;
        lines.sort();
        assert_eq!(lines, ["one", "two"]);
        assert_eq!(ended.status.code(), Some(3));
    }

    #[test]
    fn a_program_that_does_not_end_is_ended() {
        let error = run(shell("exec sleep 60"), Duration::from_millis(50)).map(|ended| ended.lines).unwrap_err();
        assert!(error.to_string().contains("did not end"), "{error}");
    }
}
