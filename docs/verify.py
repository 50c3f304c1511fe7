#!/usr/bin/env python3
"""Verifies an export folder or a proof file of a Vouch ledger against a policy, as docs/FORMATS.md §4-8 says, without Vouch.

    python3 docs/verify.py PATH --policy FILE [--seen CHECKPOINT] [--courses FILE] [--json]

Needs Python 3.11 and one package for Ed25519: python3 -m pip install -r docs/requirements.txt. Exit code 0: ok; 1: not ok; 2: wrong input.
--courses is JSON, {"KIND@SCHEMA": {"states": [first, ...], "transitions": [[from, to], ...]}}; other courses are reported as not judged.
"""
import argparse, base64, hashlib, hmac, json, os, re, sys
from collections import namedtuple
from datetime import datetime
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

PROVES = ("without a witness or a time stamp this proves that nothing has changed since a checkpoint, or for a key fingerprint, that you "
          "got by another way; it does not prove who typed something, nor that it is true")
ORDER, TOP, MAX_LINE, MAX_BUNDLE = ["VERIFIED", "WITHHELD", "ERASED", "MISSING", "BAD"], 2**53 - 1, 2 * 1024 * 1024, 256 * 65_537
Key = namedtuple("Key", "name type public text id")
Note = namedtuple("Note", "text origin size root signatures")
Policy = namedtuple("Policy", "logs witnesses groups quorum raw")
Envelope = namedtuple("Envelope", "action actor c id kind org revision schema seq state time")
Shown = namedtuple("Shown", "b cells c")  # cells: name -> ("value", value), ("hash",) or ("erased", seq)

class Bad(Exception):
    """Not in the one form that the format allows, or not proved; the message is the reason."""
def need(fits, reason):
    if not fits:
        raise Bad(reason)
def caught(faults, place, function, *arguments):
    """What a function gives; what it raises, whatever the bytes are, becomes a fault."""
    try:
        return function(*arguments)
    except (Bad, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError, OverflowError, InvalidSignature) as error:
        faults.append((place, str(error) or type(error).__name__))
def sha256(data): return hashlib.sha256(data).digest()
def leaf_hash(data): return sha256(b"\0" + data)
def decimal(text):
    need(re.fullmatch(r"0|[1-9][0-9]{0,15}", text) and int(text) <= TOP, f"`{text}` is not a number")
    return int(text)
def b64(text):
    raw = base64.b64decode(text, validate=True)
    need(base64.b64encode(raw) == text.encode(), "not canonical base64")
    return raw

# ---- keys, notes and policies: C2SP signed-note, tlog-checkpoint, tlog-cosignature, tlog-policy
def key(text, kind):
    name, number, data = text.split("+", 2)
    raw = b64(data)
    fits = re.fullmatch(r"[^\s+\x00-\x1f]+", name) and number == sha256(name.encode() + b"\n" + raw)[:4].hex()
    need(fits and len(raw) == 33 and raw[0] == kind, f"`{text}` is not a key of type {kind}")
    return Key(name, kind, raw[1:], text, (name, bytes.fromhex(number)))
def signed_by(signed, one):
    """None if the key has not signed; else 0, or the time of a cosignature. A signature that bears its name and id must verify."""
    signature, message, time = signed.signatures.get(one.id), signed.text, 0
    if signature is None:
        return None
    if one.type == 4:
        time, signature = int.from_bytes(signature[:8], "big"), signature[8:]
        message = b"cosignature/v1\ntime %d\n" % time + message
    need(time < 2**63, "a cosignature has no such time")
    Ed25519PublicKey.from_public_bytes(one.public).verify(signature, message)
    return time
def note(raw):
    head, gap, tail = raw.decode().rpartition("\n\n")
    need(len(raw) <= 1_000_000 and gap and tail[-1:] == "\n" and not re.search(rb"[\x00-\x09\x0b-\x1f]", raw), "it is not a signed note")
    (origin, size, root), signatures = head.split("\n"), {}
    for line in tail[:-1].split("\n"):
        name, data = re.fullmatch(r"— ([^\s+]+) ([^ ]+)", line).groups()
        number, signature = b64(data)[:4], b64(data)[4:]
        need(signature and (name, number) not in signatures and len(signatures) < 100, "a signature is empty or double")
        signatures[name, number] = signature
    need(origin and len(b64(root)) == 32, "the note is not origin, size and root")
    return Note(head.encode() + b"\n", origin, decimal(size), b64(root), signatures)
def policy(raw):
    need(not re.search(rb"[\x00-\x08\x0b-\x1f\x7f]", raw), "the policy holds a control character")
    logs, witnesses, groups, quorum, grouped = [], {}, {}, None, {b"none"}
    for line in raw.split(b"\n"):  # names are opaque bytes
        words, defined = re.findall(rb"[^ \t]+", line), {*witnesses, *groups, b"none"}
        match words:
            case [b"log", vkey] | [b"log", vkey, _]:
                logs.append(key(vkey.decode(), 1))
            case [b"witness", name, vkey] | [b"witness", name, vkey, _] if name not in defined:
                witnesses[name] = key(vkey.decode(), 4)
            case [b"group", name, often, *members] if name not in defined and {*members} <= defined - grouped:
                groups[name] = ({b"all": len(members), b"any": 1}.get(often) or decimal(often.decode()), members)
                need(1 <= groups[name][0] <= len(members) == len({*members}), "the threshold does not fit the group, or a member is double")
                grouped |= {*members}
            case [b"quorum", name] if quorum is None and name in defined:
                quorum = name
            case _:
                need(not words or words[0][:1] == b"#", f"{line} is not a line of a policy, or a name is taken or not defined")
    for keys in (logs, witnesses.values()):
        need(quorum and len({one.public for one in keys}) == len(keys), "a key is listed twice, or there is no quorum line")
    return Policy(logs, witnesses, groups, quorum, raw)
def accept(rules, signed, report=None):
    """The log key that signed, if the policy accepts the checkpoint."""
    found = [one for one in rules.logs if one.name == signed.origin and signed_by(signed, one) is not None]
    times = {name: signed_by(signed, one) for name, one in rules.witnesses.items()}
    reached = {name for name, time in times.items() if time is not None}
    notes = [f"cosigned by witness `{rules.witnesses[name].name}` at second {times[name]}" for name in times if name in reached]
    for name, (count, members) in rules.groups.items():
        reached |= {name} if len(reached & {*members}) >= count else set()
    need(signed.size > 0 and found, "the checkpoint has no leaves, or is signed by no log key of the policy")
    need(rules.quorum in reached | {b"none"}, f"the quorum {rules.quorum} of witnesses has not cosigned")
    if report is not None:
        report.update(trusted=found[-1].text, fingerprint=sha256(found[-1].public).hex(), entries=signed.size, notes=notes)
        report["root"] = base64.b64encode(signed.root).decode()
    return found[-1]
def compare(rules, seen, signed, root):
    keys = [one for one in rules.logs if one.name == seen.origin == signed.origin and signed_by(seen, one) == 0]
    need(keys and seen.size <= signed.size and root == seen.root, "not consistent with this checkpoint, or not to be compared with it")

# ---- the tree: RFC 6962, C2SP tlog-tiles
def root_of(hashes):
    half = 1 << (len(hashes) - 1).bit_length() - 1 if len(hashes) > 1 else 0
    return sha256(b"\1" + root_of(hashes[:half]) + root_of(hashes[half:])) if half else hashes[0] if hashes else sha256(b"")
def root_by(proof, index, size, leaf):
    """The root that an inclusion proof leads to."""
    need((size > 1) == bool(proof), "the inclusion proof has another length")
    half = 1 << (size - 1).bit_length() - 1 if size > 1 else 0
    if index < half:
        return sha256(b"\1" + root_by(proof[:-1], index, half, leaf) + proof[-1])
    return sha256(b"\1" + proof[-1] + root_by(proof[:-1], index - half, size - half, leaf)) if half else leaf
def tiles(hashes):
    """Coordinates, first position and width of each tile of a level with so many hashes."""
    for start in range(0, hashes, 256):
        *above, last = [part.zfill(3) for part in f"{start // 256:,}".split(",")]
        width = min(256, hashes - start)
        yield "/".join([*("x" + part for part in above), last]) + f".p/{width}" * (width < 256), start, width
def bundle(raw, width):
    found = []
    while raw:
        end = 2 + int.from_bytes(raw[:2], "big")
        need(2 <= end <= len(raw), "the bundle is cut off")
        found, raw = [*found, raw[2:end]], raw[end:]
    need(len(found) == width, "the bundle holds another number of entries")
    return found

# ---- envelopes and bodies: FORMATS §4-6
N, WORD, PERSON, HEX = "[1-9][0-9]{0,15}", "[a-z][a-z0-9_-]{0,62}", "PER-[1-9][0-9]{0,15}", re.compile("[0-9a-f]{64}")
POLICY_FORM = re.compile(rb"(log \S+\n)*(witness \S+ \S+\n)*(group \S+ \S+( \S+)+\n)*quorum \S+\n")
FORM = re.compile(
    r'\{"action":"(create|revise|transition|set_aside|erase|key)","actor":"(system|%s|machine:[a-z][a-z0-9_.-]{0,62})","c":"([0-9a-f]{64})",'
    r'"id":"([A-Z][A-Z0-9]{1,15}-%s)","kind":"(%s)","org":"([!#-*,-\[\]-~]{1,255})","revision":(%s),"schema":(%s),"seq":(0|%s),'
    r'"state":"(%s)","time":"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z)","v":1\}' % (PERSON, N, WORD, N, N, N, WORD))
def envelope(raw):
    match = FORM.fullmatch(raw.decode("ascii"))
    need(match and len(raw) <= 60_000, "its envelope is not in its form")
    read = Envelope(*[decimal(text) if at in (6, 7, 8) else text for at, text in enumerate(match.groups())])
    need(all(decimal(one.split("-")[1]) for one in (read.id, read.actor) if one[0].isupper()) and datetime.fromisoformat(read.time), "")
    return read
def canonical(value, depth=0):
    """JCS of a value without floats, which never occur in a body."""
    need(depth < 64 or not isinstance(value, (dict, list)), "more than 64 levels")
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(canonical(name) + ":" + canonical(value[name], depth + 1) for name in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(canonical(one, depth + 1) for one in value) + "]"
    need(not isinstance(value, float) and not (isinstance(value, int) and abs(value) > TOP), "a number is not an integer within 2^53 - 1")
    return json.dumps(value, ensure_ascii=False)
def ascending(names):
    return all(re.fullmatch("[a-z][a-z0-9_]{0,62}", name) for name in names) and all(a < b for a, b in zip(names, names[1:]))
def read_line(raw, seq):
    """"withheld", the seq of an erase leaf, or Shown. A shown line is written again in its one spelling, which must be the same."""
    text, line = raw.decode(), json.loads(raw)
    if "fields" not in line:
        by = decimal(str(line.get("erased", 0)))
        need(text in (f'{{"seq":{seq},"withheld":true}}', f'{{"erased":{by},"seq":{seq}}}'), "its body line is not in its form")
        return "withheld" if "withheld" in line else by
    (salt, _, names), erased, cells = line["fields"][0], line.get("erased_fields", {}), {}
    texts, hexes = [f'["{salt}","",{canonical(names)}]'], [salt, line["b"]]
    for name, cell in zip(names, line["fields"][1:], strict=True):
        whole = isinstance(cell, list)
        need(not whole or name not in erased and cell[2] not in (None, "", [], {}), f"`{name}` is empty, or shown and erased")
        cells[name] = ("value", cell[2]) if whole else ("erased", decimal(str(erased[name]))) if name in erased else ("hash",)
        texts.append(f'["{cell[0]}","{name}",{canonical(cell[2])}]' if whole else f'"{cell}"')
        hexes.append(cell[0] if whole else cell)
    need(all(HEX.fullmatch(one) for one in hexes) and ascending(names) and {*erased} <= {*names}, "a hash or name is not in its form")
    middle = f'"erased_fields":{canonical(erased)},' if erased else ""
    need(text == f'{{"b":"{line["b"]}",{middle}"fields":[{",".join(texts)}],"seq":{seq}}}', "its body line is not canonical")
    hashes = [bytes.fromhex(one[1:-1]) if one[0] == '"' else leaf_hash(one.encode()) for one in texts]
    return Shown(line["b"], cells, hmac.digest(bytes.fromhex(line["b"]), root_of(hashes), "sha256").hex())
def values(shown, *names):
    need([*shown.cells] == [*names] and all(cell[0] == "value" for cell in shown.cells.values()), f"its body is not {', '.join(names)}")
    return [cell[1] for cell in shown.cells.values()]
def erasure(shown):
    """What an erase leaf takes: seq -> "all" or names."""
    by, erased, reason = values(shown, "by", "erased", "reason")
    need(re.fullmatch("system|" + PERSON, by) and reason in ("request", "mistake", "secret", "retention"), "by or reason is not in its form")
    need(all(what == "all" or isinstance(what, list) and what and ascending(what) for what in erased.values()), "it erases nothing")
    return {decimal(seq): what for seq, what in erased.items()}
def files_in(value):
    if isinstance(value, dict) and {*value} == {"name", "sha256", "size"}:
        fits = isinstance(value["name"], str) and HEX.fullmatch(value["sha256"]) and type(value["size"]) is int and value["size"] >= 0
        need(fits, "a file value is not in its form")
        return [(value["sha256"], value["size"])]
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [file for one in inside for file in files_in(one)]

# ---- verdicts: FORMATS §7
class Log:
    """What leaves are judged against. A wrong leaf is taken as it says, so that it does not spoil later ones. Without courses: a proof."""
    def __init__(self, origin, courses, chain, files):
        self.origin, self.courses, self.chain, self.files = origin, courses, chain, files
        self.records, self.commitments, self.blindings, self.time, self.takings, self.wrong, self.notes = {}, {}, set(), "", {}, {}, set()
        self.said = set()
    def item(self, seq, entry, raw, *checks):
        """The verdict on a leaf: the worst of what is found."""
        found, env = [], None
        if env := caught(found, "BAD", envelope, entry or b""):
            for check in checks:
                caught(found, "BAD", check, env)
            self.body(env._replace(seq=seq), raw, found)
            self.take(env)
        state, reason = max(found, key=lambda one: ORDER.index(one[0]), default=("VERIFIED", "the leaf and every field are proved"))
        return {"seq": seq, "id": env.id if env else "", "revision": env.revision if env else 0, "state": state, "reason": reason}
    def take(self, env):
        record, revision = self.records.setdefault(env.id, {"kind": env.kind, "been": [], "c": []}), env.action in ("create", "revise")
        self.time, record["head"] = env.time, env.revision
        record["been"].append(env.state)
        self.commitments.setdefault(env.c, revision)
        record["c"] += [env.c] * (revision and env.revision == len(record["c"]) + 1)
    def course(self, env):
        course, record = self.courses.get(f"{env.kind}@{env.schema}"), self.records.get(env.id)
        if course is None and env.action in ("create", "transition"):
            self.notes.add(f"course not judged: version {env.schema} of kind `{env.kind}` is not known here")
        need(env.org == self.origin and env.time >= self.time and env.c not in self.commitments, "its org, time or c does not fit the log")
        need((env.action == "key") == (env.kind == "key") == env.id.startswith("KEY-"), "only a key leaf has kind and id of a key")
        draft = env.state == "draft" and (course is None or "draft" in course["states"])
        if env.action in ("create", "key"):
            first = env.state == "active" if env.action == "key" else course is None or env.state == course["states"][0] or draft
            return need(record is None and env.revision == 1 and first and env.state != "set_aside", "it does not begin a record")
        before = record["been"][-1]
        fits = {"revise": env.state != "set_aside" and (env.state in record["been"] or draft), "set_aside": env.state == "set_aside",
                "transition": env.state != "set_aside" and (course is None or [before, env.state] in course["transitions"]),
                "erase": env.state == before}[env.action] and (before != "set_aside" or env.action == "erase")
        need(fits and record["kind"] == env.kind and env.revision == record["head"] + (env.action == "revise"),
             f"a {env.action} leaf does not lead from `{before}` to `{env.state}`, or bears another kind or number")
    def erases(self, seq, entry, raw, check=bool):
        """Notes what a proved erase leaf takes."""
        unproved = []
        env, line = caught(unproved, "", envelope, entry), caught([], "", read_line, raw, seq)
        caught(unproved, "", check, env)
        if not unproved and env.action == "erase" and isinstance(line, Shown) and line.c == env.c:
            for target, what in (caught([], "", erasure, line) or {}).items():
                self.takings.setdefault(target, []).append((seq, env.id, what)) if target < seq else None
                self.said.add((seq, target))
    def body(self, env, raw, found):
        always, taken = env.action in ("erase", "key"), []
        for by, id_, what in self.takings.get(env.seq, ()):
            if always or id_ != env.id:
                self.wrong[by] = f"it erases leaf {env.seq}, which is not one of its record that can be erased"
            else:
                taken.append((by, what))
        if raw is None:
            return found.append(("MISSING", "its body line is not there, and nothing declares it"))
        line, whole = caught(found, "BAD", read_line, raw, env.seq), [by for by, what in taken if what == "all"]
        if not isinstance(line, Shown):
            state = "ERASED" if line in whole or line == "withheld" and taken else "WITHHELD" if line == "withheld" else "BAD"
            return found.append(("BAD" if always else state, f"its body is not shown: {line}"))
        if line.c != env.c:
            return found.append(("BAD", "its body is not the one that the leaf commits to"))
        caught(found, "BAD", need, not whole and line.b not in self.blindings, "its body is shown though erased, or its b occurs before")
        self.blindings.add(line.b)
        for by, what in taken:
            if what != "all" and not {*what} <= line.cells.keys():
                self.wrong[by] = f"it erases a field of leaf {env.seq} that is not there"
        for name, cell in line.cells.items():
            by = [by for by, what in taken if what != "all" and name in what]
            state = {"value": "BAD" if by else "VERIFIED", "hash": "ERASED" if by else "WITHHELD"}.get(cell[0], "ERASED" if cell[-1] in by else "BAD")
            found.append((state, f"field `{name}` is {cell[0]}, erased by {by}"))
            for digest, size in caught(found, "BAD", files_in, cell[1]) or () if cell[0] == "value" else ():
                found += self.files(digest, size)
        caught(found, "BAD", self.meaning, env, line, {name: cell[1] for name, cell in line.cells.items() if cell[0] == "value"})
    def meaning(self, env, line, said):
        """What a shown body says about the rest of the log."""
        if env.action == "erase":
            need(max(erasure(line)) < env.seq and env.seq not in self.wrong, self.wrong.get(env.seq, "it erases what is not before it"))
        if env.action == "key":
            new, old = [key(text, 1) for text in values(line, "new", "old")]
            used, last = [one.public for one in self.chain], self.chain[-1:]
            self.chain.append(new)
            need(self.courses is None or last == [old] and new.name == old.name and new.public not in used, "it does not continue the chain")
        if env.action in ("transition", "set_aside"):
            before = (self.records[env.id]["been"] or [None])[-1] if env.id in self.records else said.get("from")
            for name, logged in (("from", before), ("to", env.state)):
                need(name in line.cells or env.action == "set_aside", f"its body has no `{name}`")
                need(name not in said or isinstance(said[name], str) and said[name] == logged, f"its body says another `{name}`")
        if env.action in ("create", "revise") and "subject_commitment" in said and self.courses is not None:
            c, revision, (id_, at, number) = said["subject_commitment"], said.get("subject_revision"), said.get("subject", "").partition("@")
            if "subject" not in said or "subject_revision" not in said:
                return need(self.commitments.get(c), "its subject_commitment is that of no revision")
            need(type(revision) is int and revision > 0 and (not at or decimal(number) == revision), "its subject is not in its form")
            need(self.records[id_]["c"][revision - 1] == c, "its subject_commitment is not that of the revision it names")

LINE = re.compile(rb'(?:\{"seq":(0|%b),"withheld":true\}|.*,"seq":(0|%b)\})\n?' % (N.encode(), N.encode()), re.DOTALL)
def body_lines(file, start, width, faults):
    """Seq -> body line of one bundle. A line that is none, out of order or of another bundle is a fault."""
    found, last = {}, start - 1
    while raw := file.readline(MAX_LINE):
        match = LINE.fullmatch(raw)
        seq = int(match[1] or match[2]) if match and int(match[1] or match[2]) <= TOP else -1
        faults += [(file.name, "a line has no line feed or is out of its place")] * (raw[-1:] != b"\n" or not last < seq < start + width)
        if raw[-1:] != b"\n" and len(raw) == MAX_LINE:
            break
        if seq > last:
            found[seq], last = raw.removesuffix(b"\n"), seq
    return {seq: raw for seq, raw in found.items() if seq < start + width}
def verify_export(root, rules, seen, courses, report, faults):
    listed = {os.path.relpath(os.path.join(folder, name), root).replace(os.sep, "/") for folder, inside, names in os.walk(root)
              for name in [*names, *(one for one in inside if os.path.islink(os.path.join(folder, one)))]}
    def opened(path):
        return open(os.path.join(root, path) if path in listed else os.devnull, "rb")
    def read(path, limit=1_000_000):
        with opened(path) as file:
            raw = file.read(limit + 1)
        return raw if len(raw) <= limit else b""
    signed = note(read("checkpoint"))
    signer, size, inner = accept(rules, signed, report), signed.size, caught(faults, "policy", policy, read("policy"))
    need(size <= 256 * len(listed), "the export has too few files for its size")
    if inner:
        caught(faults, "policy", need, POLICY_FORM.fullmatch(inner.raw), "it is not in the one form that an export has")
        caught(faults, "policy", accept, inner, signed)
        own, others = {one.id for one in inner.logs if one.name == signed.origin}, {one.id for one in inner.witnesses.values()}
        fits = len(own & signed.signatures.keys()) == 1 and signed.signatures.keys() <= own | others
        caught(faults, "checkpoint", need, fits, "it bears other signatures than the log's one and those of witnesses that the policy names")
    lowest, stamps, wanted, named, hashes, erasing = [*tiles(size)], 1, {"policy", "checkpoint"}, {}, [], []
    for at, start, width in lowest:  # the tree: from entries to leaf hashes to tiles to the root
        leaves = caught([], "", bundle, read("tile/entries/" + at, MAX_BUNDLE), width) or [b""] * width
        hashes += [leaf_hash(leaf) for leaf in leaves]
        erasing += [(at, start, width, leaves)] * any(leaf.startswith(b'{"action":"erase"') for leaf in leaves)
    proved, level, above = root_of(hashes) == signed.root, 0, hashes
    faults += [("tree", "the entries do not lead to the root of the checkpoint")] * (not proved)
    while above:
        for at, start, width in tiles(len(above)):
            wanted |= {f"tile/{level}/{at}"} | ({f"tile/entries/{at}", f"bodies/{at}"} if level == 0 else set())
            fits = read(f"tile/{level}/{at}", 8192) == b"".join(above[start:start + width])
            faults += [(f"tile/{level}/{at}", "does not hold the hashes that follow from the entries")] * (not fits)
        level, above = level + 1, [root_of(above[at:at + 256]) for at in range(0, len(above) // 256 * 256, 256)]
    while (stamp := f"timestamp/{stamps}.tsr") in listed:
        faults += [(stamp, "is no time stamp of this checkpoint")] * (sha256(signed.text) not in read(stamp))
        wanted, stamps = wanted | {stamp}, stamps + 1
    if seen:
        caught(faults, "seen", compare, rules, seen, signed, root_of(hashes[:seen.size]))
    def file(digest, size):
        """What is wrong with a file that a shown value names. Each is read once."""
        path = f"files/{digest}"
        if digest not in named and path in listed:
            with opened(path) as raw:
                named[digest] = hashlib.file_digest(raw, "sha256").hexdigest(), os.path.getsize(raw.name)
        return [("MISSING", f"{path} is not there")] if path not in listed else [("BAD", f"{path} is another")] * (named[digest] != (digest, size))
    log = Log(signed.origin, courses, inner.logs[:1] if inner else [signer], file)
    for at, start, width, leaves in erasing * proved:  # erasures come after what they take, so they are found first
        with opened(f"bodies/{at}") as raw:
            for seq, line in body_lines(raw, start, width, []).items():
                log.erases(seq, leaves[seq - start], line)
    for at, start, width in lowest:
        leaves = caught(faults, f"tile/entries/{at}", bundle, read(f"tile/entries/{at}", MAX_BUNDLE), width) or [b""] * width
        with opened(f"bodies/{at}") as raw:
            found = body_lines(raw, start, width, faults)
        for seq, leaf in enumerate(leaves, start):
            checks = [lambda env: need(proved, "the leaf is not in the tree of the checkpoint"), log.course]
            report["items"].append(log.item(seq, leaf, found.get(seq), *checks))
    faults += [(path, "is not there") for path in wanted - listed if not path.startswith("bodies/")]
    faults += [(path, "does not belong to this export") for path in listed - wanted - {f"files/{digest}" for digest in named}]
    caught(faults, "checkpoint", need, log.chain[-1] == signer, "it is not signed by the key of the last key leaf")
    caught(faults, "policy", need, inner and inner.logs == log.chain, "it does not list the keys of the log, oldest first")
    report["notes"] += sorted(log.notes)

def verify_proof(raw, rules, seen, report, faults):
    blocks, log = [], Log(None, None, [], lambda digest, size: [])
    form = re.compile(rb"(.*)\n(.*)\n\nc2sp\.org/tlog-proof@v1\nindex (.*)\n((?:.+\n)*)\n((?:.+\n)+\n(?:\xe2\x80\x94 .*\n)+)")
    while raw or not blocks:
        match = form.match(raw)
        blocks.append(match.groups())
        raw = raw[match.end():]
    same, signed = len({block[4] for block in blocks}) == 1, note(blocks[0][4])
    blocks = [(line, b64(entry.decode()), decimal(at.decode()), [b64(one) for one in path.decode().split()]) for line, entry, at, path, _ in blocks]
    need(same and all(len(one) == 32 for block in blocks for one in block[3]), "checkpoints differ, or a hash has another length")
    accept(rules, signed, report)
    if seen:
        caught(faults, "seen", compare, rules, seen, signed, signed.root if seen.size == signed.size else None)
    def proves(block):
        def check(env):
            need(env.seq == block[2] < signed.size and env.org == signed.origin, "its seq or org does not fit")
            need(root_by(block[3], env.seq, signed.size, leaf_hash(block[1])) == signed.root, "the proof does not lead to the root")
        return check
    for block in blocks[1:]:
        log.erases(block[2], block[1], block[0], proves(block))
    def follows(before):
        """After the target stand its erase leaves, by seq."""
        def check(env):
            target = envelope(blocks[0][1])
            fits = (env.action, env.id, env.kind) == ("erase", target.id, target.kind) and envelope(before[1]).seq < env.seq
            need(fits and (env.seq, target.seq) in log.said, "it is not an erase leaf of the target, or not in its place")
        return check
    for before, block in zip([None, *blocks], blocks):
        report["items"].append(log.item(block[2], block[1], block[0], proves(block), *[follows(before)] * bool(before)))

def verify(path, policy_file, seen_file="", courses_file=""):
    """The report on an export folder or proof file; raises when the policy or the checkpoint seen before cannot be read."""
    def read(one):
        with open(one, "rb") as file:
            return file.read()
    rules, seen, faults = policy(read(policy_file)), note(read(seen_file)) if seen_file else None, []
    courses, inside = json.loads(read(courses_file)) if courses_file else {}, os.path.join(path, "policy")
    own = os.path.exists(inside) and os.path.samefile(inside, policy_file)
    report = {"ok": False, "trusted": "", "fingerprint": "", "self_asserted": own, "entries": 0, "root": "", "items": [], "notes": []}
    if os.path.isdir(path):
        caught(faults, "checkpoint", verify_export, path, rules, seen, courses, report, faults)
    else:
        caught(faults, "proof", verify_proof, read(path), rules, seen, report, faults)
    report["faults"] = [{"place": place, "reason": reason} for place, reason in faults]
    report["ok"] = not faults and all(item["state"] not in ("MISSING", "BAD") for item in report["items"])
    return report | {"proves": PROVES + "; self-asserted: the policy is the one inside what was verified" * own}
def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path")
    parser.add_argument("--policy", required=True)
    parser.add_argument("--seen", default="")
    parser.add_argument("--courses", default="")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    try:
        report = verify(given.path, given.policy, given.seen, given.courses)
    except (Bad, ValueError, OSError) as error:
        print(f"verify: {error}", file=sys.stderr)
        return 2
    if given.json:
        print(json.dumps(report, ensure_ascii=False))
    else:
        for item in report["items"]:
            print(f"{item['state']:8} {item['id']}@{item['revision']} (leaf {item['seq']}): {item['reason']}")
        print(*(f"BAD      {one['place']}: {one['reason']}" for one in report["faults"]), *report["notes"], report["proves"], sep="\n")
        print(f"{'ok' if report['ok'] else 'NOT OK'}: {report['entries']} leaves, root {report['root']}, trusted {report['trusted']}")
    return 0 if report["ok"] else 1
if __name__ == "__main__":
    sys.exit(main())
