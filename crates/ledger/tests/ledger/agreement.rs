//! The second implementation, `docs/verify.py`, gives the same verdict on each leaf. One Python process judges all cases of a test.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use vouch_ledger::verify::Report;
use vouch_ledger::{Action, Envelope, Fields, Show, Taken};

use crate::changes::{Random, change};
use crate::keys::{broken_chains, two_changes};
use crate::support::{Folder, ORIGIN, TestLog, bodies_path, courses, story};

/// What was judged, where it lies, and what our verifier says about it.
struct Case {
    name: String,
    path: PathBuf,
    policy: PathBuf,
    ours: Report,
}

/// Cases in a temporary folder.
struct Cases {
    folder: tempfile::TempDir,
    cases: Vec<Case>,
}

impl Cases {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), cases: Vec::new() }
    }

    fn place(&self, log: &TestLog) -> (PathBuf, PathBuf) {
        let place = self.folder.path().join(self.cases.len().to_string());
        std::fs::create_dir(&place).unwrap();
        let policy = place.join("given-policy");
        std::fs::write(&policy, log.given().to_bytes()).unwrap();
        (place, policy)
    }

    fn export(&mut self, name: impl Into<String>, log: &TestLog, folder: &Folder) {
        let (place, policy) = self.place(log);
        let path = place.join("export");
        folder.write_to(&path);
        self.cases.push(Case { name: name.into(), path, policy, ours: log.judge(folder) });
    }

    fn proof(&mut self, name: impl Into<String>, log: &TestLog, bytes: &[u8]) {
        let (place, policy) = self.place(log);
        let path = place.join("proof");
        std::fs::write(&path, bytes).unwrap();
        self.cases.push(Case { name: name.into(), path, policy, ours: log.judge_proof(bytes) });
    }

    /// Runs the second implementation over all cases and compares.
    #[track_caller]
    fn check(self) {
        let courses_file = self.folder.path().join("courses.json");
        std::fs::write(&courses_file, courses_json().to_string()).unwrap();
        let input: String = self
            .cases
            .iter()
            .map(|case| format!("{}\t{}\t\t{}\n", case.path.display(), case.policy.display(), courses_file.display()))
            .collect();
        let answers = python(&input);
        assert_eq!(answers.len(), self.cases.len());
        for (case, theirs) in self.cases.iter().zip(answers) {
            let ours = serde_json::to_value(&case.ours).unwrap();
            assert_eq!(outline(&ours), outline(&theirs), "{}\nours: {ours}\ntheirs: {theirs}", case.name);
        }
    }
}

/// What must be the same: everything but the wording, and which faults there are as long as there are some.
fn outline(report: &Value) -> Value {
    let items = report["items"].as_array().unwrap().iter();
    let items: Vec<Value> = items.map(|item| json!([item["seq"], item["id"], item["revision"], item["state"]])).collect();
    let faulty = !report["faults"].as_array().unwrap().is_empty();
    json!({
        "ok": report["ok"], "trusted": report["trusted"], "fingerprint": report["fingerprint"], "proves": report["proves"],
        "self_asserted": report["self_asserted"], "entries": report["entries"], "root": report["root"], "items": items, "faulty": faulty,
    })
}

fn courses_json() -> Value {
    let course = |((kind, schema), course): ((String, u64), vouch_ledger::verify::Course)| {
        (format!("{kind}@{schema}"), json!({"states": course.states, "settled": course.settled, "transitions": course.transitions}))
    };
    courses().into_iter().map(course).collect::<serde_json::Map<_, _>>().into()
}

/// One report per line of input: path, policy, seen, courses.
#[track_caller]
fn python(input: &str) -> Vec<Value> {
    const DRIVER: &str = "import json, sys, verify\n\
                          for line in sys.stdin: print(json.dumps(verify.verify(*line.rstrip('\\n').split('\\t'))))";
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    let mut child = Command::new("python3")
        .args(["-c", DRIVER])
        .env("PYTHONPATH", docs)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("python3 must be installed for the second implementation");
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    // From a thread of its own, so that neither side waits for the other with full pipes.
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        output.status.success(),
        "docs/verify.py failed; if a module is not found, install it: python3 -m pip install cryptography\n{complaint}"
    );
    writer.join().unwrap().unwrap();
    String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Runs the second implementation as a person does: exit code and what it prints.
fn command(arguments: &[&std::ffi::OsStr]) -> (Option<i32>, Value) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/verify.py");
    let output = Command::new("python3").arg(script).args(arguments).output().unwrap();
    (output.status.code(), serde_json::from_slice(&output.stdout).unwrap_or_default())
}

#[test]
fn the_command_answers_with_exit_codes_and_knows_a_policy_of_its_own_making() {
    let (log, folder) = (story(), tempfile::tempdir().unwrap());
    let honest = log.export();
    honest.write_to(&folder.path().join("good"));
    let mut broken = honest.clone();
    broken.0.remove(&bodies_path(&log));
    broken.write_to(&folder.path().join("broken"));
    std::fs::write(folder.path().join("seen"), log.checkpoint().to_bytes()).unwrap();
    let path = |name: &str| folder.path().join(name).into_os_string();
    let (good, seen, inside) = (path("good"), path("seen"), path("good/policy"));
    let (code, report) = command(&[&good, "--policy".as_ref(), &inside, "--seen".as_ref(), &seen, "--json".as_ref()]);
    assert_eq!((code, &report["ok"], &report["self_asserted"]), (Some(0), &json!(true), &json!(true)), "{report}");
    let (code, report) = command(&[&path("broken"), "--policy".as_ref(), &inside]);
    assert_eq!((code, &report["ok"], &report["self_asserted"]), (Some(1), &json!(false), &json!(false)), "{report}");
    let (code, _) = command(&[&good, "--policy".as_ref(), &seen]);
    assert_eq!(code, Some(2));
    let mut other = story();
    other.create("SYS-9", "system", json!({"later": 1}));
    std::fs::write(&seen, other.checkpoint().to_bytes()).unwrap();
    assert_eq!(command(&[&good, "--policy".as_ref(), &inside, "--seen".as_ref(), &seen]).0, Some(1));
}

#[test]
fn exports_whole_withheld_and_erased_are_judged_alike() {
    let log = story();
    let mut cases = Cases::new();
    cases.export("whole", &log, &log.export());
    cases.export("withheld", &log, &log.export_showing(&|_| Show::Nothing));
    cases.export("titles only", &log, &log.export_showing(&|_| Show::Only(["title".to_owned()].into())));
    cases.export("some bodies", &log, &log.export_showing(&|leaf| if leaf.kind == "system" { Show::Nothing } else { Show::All }));
    let mut large = TestLog::new();
    for n in 1..=520 {
        let nested = json!({"\u{fffd}": 1, "\u{10000}": [{}], "a\n": null});
        large.create(
            &format!("SYS-{n}"),
            "system",
            json!({"n": n, "text": "é\u{1}\u{7f}\u{2028}\u{10000}\"\\/\n", "nested": nested}),
        );
    }
    large.erase("SYS-300", BTreeMap::from([(299, Taken::All)]));
    cases.export("three bundles", &large, &large.export());
    cases.check();
}

#[test]
fn broken_exports_are_judged_alike() {
    let log = story();
    let honest = log.export();
    let bodies = bodies_path(&log);
    let mut cases = Cases::new();
    for path in honest.0.keys() {
        let mut folder = honest.clone();
        folder.0.remove(path);
        cases.export(format!("without {path}"), &log, &folder);
    }
    for path in ["extra", "tile/0/000", "timestamp/1.tsr", "timestamp/2.tsr", "bodies/000"] {
        let mut folder = honest.clone();
        folder.0.insert(path.to_owned(), b"x".to_vec());
        cases.export(format!("with {path}"), &log, &folder);
    }
    let lines: Vec<String> = honest.text(&bodies).lines().map(str::to_owned).collect();
    let mut edit = |name: &str, edit: &dyn Fn(&mut Vec<String>)| {
        let mut folder = honest.clone();
        let mut lines = lines.clone();
        edit(&mut lines);
        folder.edit(&bodies, |_| lines.iter().map(|line| format!("{line}\n")).collect());
        cases.export(name, &log, &folder);
    };
    for seq in 0..lines.len() {
        edit(&format!("line {seq} gone"), &|lines| drop(lines.remove(seq)));
        edit(&format!("line {seq} withheld"), &|lines| lines[seq] = format!("{{\"seq\":{seq},\"withheld\":true}}"));
        edit(&format!("line {seq} erased"), &|lines| lines[seq] = format!("{{\"erased\":9,\"seq\":{seq}}}"));
        edit(&format!("line {seq} twice"), &|lines| lines.insert(seq, lines[seq].clone()));
    }
    edit("lines swapped", &|lines| lines.swap(2, 5));
    edit("line out of place", &|lines| lines.insert(3, "{\"seq\":400,\"withheld\":true}".to_owned()));
    edit("an empty line", &|lines| lines.insert(3, String::new()));
    edit("a line of garbage", &|lines| lines.insert(3, "[[[[[".repeat(2000)));
    edit("nested too deep", &|lines| {
        lines[3] = lines[3].replace("\"approved\"", &format!("{}{}", "[".repeat(99999), "]".repeat(99999)))
    });
    edit("a float", &|lines| lines[0] = lines[0].replace("true", "1.0"));
    edit("an escaped letter", &|lines| lines[0] = lines[0].replace("Ada", "\\u0041da"));
    cases.check();
}

#[test]
fn logs_with_wrong_leaves_are_judged_alike() {
    let mut cases = Cases::new();
    let actions = [Action::Create, Action::Revise, Action::Transition, Action::SetAside, Action::Erase, Action::Key];
    for (number, action) in (0..).zip(actions) {
        for (state, id, kind, revision) in [
            ("draft", "SYS-1", "system", 1),
            ("draft", "SYS-1", "system", 2),
            ("idea", "SYS-1", "system", 2),
            ("in-use", "SYS-1", "system", 1),
            ("in-use", "SYS-1", "system", 2),
            ("retired", "SYS-1", "system", 1),
            ("set_aside", "SYS-1", "system", 1),
            ("idea", "SYS-2", "system", 1),
            ("draft", "SYS-2", "system", 1),
            ("idea", "SYS-2", "unknown", 1),
            ("active", "KEY-1", "key", 1),
            ("draft", "SYS-1", "person", 2),
        ] {
            let mut log = TestLog::new();
            log.create("SYS-1", "system", json!({"title": "Sorter"}));
            log.move_to("SYS-1", "draft");
            let (org, actor, seq) = (ORIGIN, "machine:a.b", log.size());
            let leaf =
                Envelope { action, actor, c: [0; 32], id, kind, org, revision, schema: 1, seq, state, time: 1_800_000_000_000 };
            let body = json!({"from": "draft", "to": state});
            log.append_as(leaf, Fields::from_map(body.as_object().unwrap()).unwrap());
            log.create("SYS-3", "system", json!({}));
            cases.export(format!("{number} {} {state} {id} {kind} {revision}", action.as_str()), &log, &log.export());
        }
    }
    for (id, target, taken) in [
        ("SYS-1", 0, Taken::All),
        ("PER-1", 3, Taken::All),
        ("PER-1", 9, Taken::All),
        ("PER-1", 2, Taken::All),
        ("PER-1", 0, Taken::All),
        ("PER-1", 0, Taken::Fields(vec!["salary".to_owned()])),
        ("PER-1", 0, Taken::Fields(vec!["name".to_owned(), "salary".to_owned()])),
    ] {
        let mut log = TestLog::new();
        log.create("PER-1", "person", json!({"name": "Ada", "email": "x"}));
        log.create("SYS-1", "system", json!({"title": "Sorter"}));
        log.erase("PER-1", BTreeMap::from([(0, Taken::Fields(vec!["name".to_owned()]))]));
        log.say_erased(id, BTreeMap::from([(target, taken.clone())]));
        cases.export(format!("erasure {id} {target} {taken:?}"), &log, &log.export());
        cases.export(format!("erasure {id} {target} {taken:?} withheld"), &log, &log.export_showing(&|_| Show::Nothing));
    }
    for subject in
        [json!({"subject": "SYS-1", "subject_revision": 1}), json!({"subject": "SYS-1@2", "subject_revision": 1}), json!({})]
    {
        for commitment in [None, Some("00".repeat(32)), Some("x".to_owned())] {
            let mut log = TestLog::new();
            log.create("SYS-1", "system", json!({"title": "x"}));
            let c = commitment.unwrap_or_else(|| vouch_ledger::hex(&log.bodies[0].commitment().unwrap()));
            let mut body = subject.clone();
            body["subject_commitment"] = json!(c);
            log.create("APV-1", "approval", body);
            cases.export(format!("{subject} {c}"), &log, &log.export());
        }
    }
    cases.check();
}

#[test]
fn proofs_are_judged_alike() {
    let log = story();
    let mut cases = Cases::new();
    for seq in 0..log.size() {
        for (name, show) in [("all", Show::All), ("none", Show::Nothing), ("title", Show::Only(["title".to_owned()].into()))] {
            for erasers in [vec![], vec![8], vec![9], vec![8, 9], vec![9, 8]] {
                cases.proof(format!("{seq} {name} {erasers:?}"), &log, &log.prove(seq, &show, &erasers));
            }
        }
    }
    cases.proof("garbage", &log, b"{}\n\n");
    cases.proof("nothing", &log, b"");
    cases.check();
}

#[test]
fn chains_of_keys_are_judged_alike() {
    let mut cases = Cases::new();
    for given in 1..=3 {
        for (name, log, folder) in broken_chains() {
            let log = log.trusting(given);
            cases.export(format!("{name}, {given} keys given"), &log, &folder);
        }
        let log = two_changes().trusting(given);
        for leaves in [vec![], vec![10], vec![12], vec![10, 12], vec![12, 10], vec![10, 10], vec![12, 8]] {
            cases.proof(format!("{leaves:?}, {given} keys given"), &log, &log.prove(1, &Show::All, &leaves));
            cases.proof(
                format!("{leaves:?} behind an erasure, {given} keys given"),
                &log,
                &log.prove(0, &Show::All, &[&[8], &leaves[..]].concat()),
            );
            cases.proof(format!("key leaf, {leaves:?}, {given} keys given"), &log, &log.prove(10, &Show::All, &leaves));
        }
    }
    cases.check();
}

#[test]
fn changed_bytes_are_judged_alike() {
    let log = story();
    let honest = log.export();
    let paths: Vec<&String> = honest.0.keys().collect();
    let mut random = Random(7);
    let mut cases = Cases::new();
    for round in 0..300 {
        let path = paths[random.below(paths.len())];
        let mut folder = honest.clone();
        let what = change(folder.0.get_mut(path).unwrap(), &mut random);
        cases.export(format!("round {round}: {path}: {what}"), &log, &folder);
    }
    let proof = log.prove(0, &Show::All, &[8]);
    for round in 0..300 {
        let mut bytes = proof.clone();
        let what = change(&mut bytes, &mut random);
        cases.proof(format!("proof, round {round}: {what}"), &log, &bytes);
    }
    cases.check();
}
