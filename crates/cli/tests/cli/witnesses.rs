//! `witness` and `ledger cosign`: one installation watches another, over HTTP on this machine

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::support::{Installation, second_verifier};

/// A witness at work, until it is dropped.
struct Witness {
    process: Child,
    /// Its line in a policy.
    line: String,
}

impl Witness {
    /// Serves the witness in a folder of `here`; it is begun there if need be.
    fn serve(here: &Installation, folder: &str) -> Self {
        let data = here.path(folder);
        if !data.exists() {
            here.ok(&["--data", folder, "witness", "init", "--name", &format!("witness.example.test/{folder}")]);
        }
        let mut command = Command::new(env!("CARGO_BIN_EXE_vouch"));
        command.env_clear().arg("--data").arg(&data).args(["witness", "serve", "--listen", "127.0.0.1:0"]);
        let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        assert!(line.starts_with("witness "), "{line}");
        Self { process, line }
    }

    fn stop(mut self) -> String {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        self.line.clone()
    }
}

impl Drop for Witness {
    fn drop(&mut self) {
        // One that was stopped is gone already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The first line of the log's policy.
fn log_line(here: &Installation) -> String {
    fs::read_to_string(here.path("data/policy")).unwrap().lines().next().unwrap().to_owned()
}

/// Lets the witnesses of `folders` watch the log of `here`, which wants `count` of them.
fn watched(here: &Installation, folders: &[&str], count: usize) -> Vec<Witness> {
    let log = log_line(here);
    let key = log.strip_prefix("log ").unwrap();
    let witnesses: Vec<Witness> = folders.iter().map(|folder| Witness::serve(here, folder)).collect();
    for folder in folders {
        here.ok(&["--data", folder, "witness", "watch", key]);
    }
    name_witnesses(here, &log, &witnesses, (folders, count));
    witnesses
}

fn name_witnesses(here: &Installation, log: &str, witnesses: &[Witness], (folders, count): (&[&str], usize)) {
    let lines: String = witnesses.iter().map(|witness| witness.line.clone()).collect();
    let policy = format!("{log}\n{lines}group enough {count} {}\nquorum enough\n", folders.join(" "));
    fs::write(here.path("data/policy"), policy).unwrap();
}

fn add(here: &Installation, name: &str) {
    let address = name.to_lowercase();
    here.put(
        "person",
        &format!(
            "{{\"name\":\"{name}\",\"email\":\"{address}@example.org\",\"relation\":\"employee\",\"joined_on\":\"2020-01-01\"}}"
        ),
    );
}

/// The policy without addresses and without the log's first key, as a stranger keeps it.
fn keep_policy(here: &Installation) -> String {
    fs::copy(here.path("data/policy"), here.path("kept-policy")).unwrap();
    here.path("kept-policy").display().to_string()
}

#[test]
fn a_policy_of_two_of_three_wants_two_and_refuses_one() {
    let here = Installation::begun();
    let mut witnesses = watched(&here, &["w1", "w2", "w3"], 2);
    let policy = keep_policy(&here);
    let early = here.run(&["ledger", "export", "early"]);
    assert!(early.code != 0 && early.err.contains("quorum"), "{early:?}");
    let said = here.ok(&["ledger", "cosign"]);
    assert_eq!(said.matches("cosigned witness.example.test/").count(), 3, "{said}");
    here.ok(&["ledger", "export", "out"]);
    here.ok(&["ledger", "prove", "PER-2", "--out", "one.proof"]);
    let courses = here.file("courses.json", here.ok(&["ledger", "courses"]));
    for path in ["out", "one.proof"] {
        let ours = here.json(&["verify", path, "--policy", &policy, "--json"]);
        let theirs = second_verifier(&here.path(path), &policy, Path::new(&courses));
        for report in [ours, theirs] {
            assert_eq!(report["ok"], true, "{report}");
            assert_eq!(report["notes"].to_string().matches("cosigned by witness").count(), 3, "{report}");
        }
    }
    // Two of three are enough when one is away, and one is not.
    witnesses.pop().unwrap().stop();
    add(&here, "Dora");
    let said = here.run(&["ledger", "cosign"]);
    assert!(said.code == 0 && said.out.contains("not cosigned witness.example.test/w3"), "{said:?}");
    here.ok(&["ledger", "export", "two"]);
    here.ok(&["verify", "two", "--policy", &policy]);
    witnesses.pop().unwrap().stop();
    add(&here, "Eve");
    assert_eq!(here.run(&["ledger", "cosign"]).code, 1);
    assert_ne!(here.run(&["ledger", "export", "one"]).code, 0);
    // Whoever takes cosignatures away from an export is told of.
    let note = fs::read_to_string(here.path("out/checkpoint")).unwrap();
    let kept: String =
        note.lines().filter(|line| !line.contains("/w1 ") && !line.contains("/w2 ")).map(|line| format!("{line}\n")).collect();
    fs::write(here.path("out/checkpoint"), kept).unwrap();
    let report = here.json(&["verify", "out", "--policy", &policy, "--json"]);
    assert_eq!((&report["ok"], &report["entries"]), (&false.into(), &0.into()), "{report}");
}

#[test]
fn a_witness_that_is_killed_remembers_and_is_asked_again() {
    let here = Installation::begun();
    let witnesses = watched(&here, &["w1"], 1);
    let log = log_line(&here);
    here.ok(&["ledger", "cosign"]);
    for witness in witnesses {
        witness.stop();
    }
    add(&here, "Dora");
    let again = vec![Witness::serve(&here, "w1")];
    name_witnesses(&here, &log, &again, (&["w1"], 1));
    here.ok(&["ledger", "cosign"]);
    // Its key is named anew, as an installation has it that forgot what the witness saw: the answer 409 says the size.
    add(&here, "Eve");
    here.ok(&["backup", "one.backup"]);
    let second = here.run(&["--data", "w1", "witness", "serve", "--listen", "127.0.0.1:0"]);
    assert!(second.code == 3 && second.err.contains("another witness works"), "{second:?}");
    here.ok(&["ledger", "cosign"]);
}

#[test]
fn whoever_holds_the_key_can_neither_roll_back_nor_fork_nor_rewrite_what_was_cosigned() {
    let here = Installation::begun();
    here.ok(&["backup", "old.backup"]);
    let _witnesses = watched(&here, &["w1"], 1);
    add(&here, "Dora");
    here.ok(&["ledger", "cosign"]);
    let policy = keep_policy(&here);
    here.ok(&["ledger", "export", "honest"]);
    here.ok(&["verify", "honest", "--policy", &policy]);
    fs::write(here.path("seen"), here.ok(&["ledger", "checkpoint"])).unwrap();

    // Rolled back, by putting the old records in place behind the program's back: the key is the right one.
    let copy = |name: &str| {
        fs::create_dir(here.path(name)).unwrap();
        for file in ["signing.key", "policy"] {
            fs::copy(here.path("data").join(file), here.path(name).join(file)).unwrap();
        }
        here.ok(&["--data", name, "restore", "old.backup"]);
    };
    copy("rolled");
    let rolled = here.run(&["--data", "rolled", "ledger", "cosign"]);
    assert!(rolled.code == 1 && rolled.out.contains("has seen a log of"), "{rolled:?}");
    assert_ne!(here.run(&["--data", "rolled", "ledger", "export", "rolled-out"]).code, 0, "the quorum is missing");

    // Forked: other leaves after the old state, as many as the witness saw, and more.
    copy("forked");
    let fields = "{\"name\":\"Mallory\",\"email\":\"m@example.org\",\"relation\":\"employee\",\"joined_on\":\"2020-01-01\"}";
    for round in 0..2 {
        let put =
            here.run_with(&["--data", "forked", "put", "person", "--file", "-"], &fields.replace("m@", &format!("m{round}@")), &[]);
        assert_eq!(put.code, 0, "{put:?}");
        let forked = here.run(&["--data", "forked", "ledger", "cosign"]);
        assert!(forked.code == 1 && forked.out.contains("forked or rewritten"), "{forked:?}");
    }

    // A verifier with the policy refuses what the holder of the key exports without the witness, and `--seen` names the reason.
    let bare = format!("{}\nquorum none\n", log_line(&here));
    fs::write(here.path("forked/policy"), bare).unwrap();
    here.ok(&["--data", "forked", "ledger", "export", "forked-out"]);
    let report = here.json(&["verify", "forked-out", "--policy", &policy, "--json"]);
    assert_eq!((&report["ok"], &report["entries"]), (&false.into(), &0.into()), "{report}");
    let seen = here.json(&["verify", "forked-out", "--policy", "forked/policy", "--seen", "seen", "--json"]);
    assert!(seen["ok"] == false && seen["faults"].to_string().contains("seen"), "{seen}");

    // The honest log goes on.
    add(&here, "Eve");
    here.ok(&["ledger", "cosign"]);
}

#[test]
fn a_witness_refuses_other_logs_and_what_is_no_request() {
    let here = Installation::begun();
    let witnesses = watched(&here, &["w1"], 1);
    let url = witnesses[0].line.split_whitespace().last().unwrap().to_owned();
    let ask = |body: &[u8]| minreq::post(format!("{url}/add-checkpoint")).with_body(body).send().unwrap();
    assert_eq!(ask(b"").status_code, 400);
    assert_eq!(ask(&[b'x'; 70_000]).status_code, 413);
    assert_eq!(minreq::get(format!("{url}/add-checkpoint")).send().unwrap().status_code, 405);
    let note = here.ok(&["ledger", "checkpoint"]);
    let request = |old: &str| format!("old {old}\n\n{note}").into_bytes();
    let first = ask(&request("0"));
    assert_eq!(first.status_code, 200, "{:?}", first.as_str());
    assert!(first.as_str().unwrap().starts_with("— witness.example.test/w1 "));
    let size = note.lines().nth(1).unwrap();
    let again = ask(&request("0"));
    assert_eq!((again.status_code, again.as_str().unwrap()), (409, format!("{size}\n").as_str()));
    assert_eq!(again.headers["content-type"], "text/x.tlog.size");
    assert_eq!(ask(&request("9999")).status_code, 400);
    assert_eq!(ask(&request(size)).status_code, 200, "the same again");
    let other = Installation::empty();
    other.ok(&["init", "--organisation", "Other", "--person", "Olga"]);
    let unknown = format!("old 0\n\n{}", other.ok(&["ledger", "checkpoint"]));
    assert_eq!(ask(unknown.as_bytes()).status_code, 404);
}

#[test]
fn a_witness_follows_a_log_that_hands_over_to_another_key() {
    let here = Installation::begun();
    let witnesses = watched(&here, &["w1"], 1);
    here.ok(&["ledger", "cosign"]);
    let policy = keep_policy(&here);
    let watched_by = || fs::read_to_string(here.path("w1/policy")).unwrap();
    assert_eq!(watched_by().matches("log ").count(), 1);
    for round in 2..4 {
        here.ok(&["ledger", "key", "rotate"]);
        let said = here.ok(&["ledger", "cosign"]);
        assert!(said.contains("cosigned witness.example.test/w1"), "{said}");
        assert_eq!(watched_by().matches("log ").count(), round);
    }
    here.ok(&["ledger", "export", "out"]);
    assert!(here.ok(&["verify", "out", "--policy", &policy]).contains("cosigned by witness"));

    // A change of keys that the watched key did not make is none.
    let other = Installation::empty();
    other.ok(&["init", "--organisation", "Other", "--person", "Olga"]);
    other.ok(&["ledger", "key", "rotate"]);
    other.ok(&["ledger", "prove", "PER-1", "--out", "other.proof"]);
    let url = witnesses[0].line.split_whitespace().last().unwrap();
    let tell = |body: &[u8]| minreq::post(format!("{url}/follow-key")).with_body(body).send().unwrap().status_code;
    assert_eq!(tell(&fs::read(other.path("other.proof")).unwrap()), 400);
    assert_eq!(tell(b"no proof"), 400);
    assert_eq!(watched_by().matches("log ").count(), 3);
}

#[test]
fn a_server_of_pages_asks_the_witnesses_by_itself() {
    let here = Installation::begun();
    let _witnesses = watched(&here, &["w1"], 1);
    assert_ne!(here.run(&["ledger", "export", "early"]).code, 0, "the quorum is missing");
    let mut command = Command::new(env!("CARGO_BIN_EXE_vouch"));
    command.env_clear().arg("--data").arg(here.path("data")).args(["serve", "--listen", "127.0.0.1:0"]);
    let mut pages = command.stdout(Stdio::null()).spawn().unwrap();
    let is_cosigned = |out: &str| here.run(&["ledger", "export", out]).code == 0;
    let asked = (0..600).any(|round| {
        std::thread::sleep(std::time::Duration::from_millis(50));
        is_cosigned(&format!("out-{round}"))
    });
    pages.kill().unwrap();
    pages.wait().unwrap();
    assert!(asked, "the witness was not asked within half a minute");
}
