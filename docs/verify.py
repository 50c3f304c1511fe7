#!/usr/bin/env python3
"""Verifies an export folder or a proof file of a Vouch ledger as docs/FORMATS.md §4-8 says, trusting a policy and nothing else.
Needs Python 3.11 and, for Ed25519, python3 -m pip install -r docs/requirements.txt. Exit code 0: ok, 1: not ok, 2: wrong input. Courses are
JSON, {"KIND@SCHEMA": {"states": [first, ...], "settled": [...], "transitions": [[from, to], ...]}}; what is not in it is not judged."""
import argparse, base64, hashlib, hmac, json, os, re, sys, collections, datetime
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
PROVES = ("without a witness or a time stamp this proves that nothing has changed since a checkpoint, or for a key fingerprint, that you "
          "got by another way; it does not prove who typed something, nor that it is true")
ORDER, TOP, MAX_LINE = ["VERIFIED", "WITHHELD", "ERASED", "MISSING", "BAD"], 2**53 - 1, 2 * 1024 * 1024  # the worst verdict counts
Key, Note = collections.namedtuple("Key", "name type public text id"), collections.namedtuple("Note", "text origin size root signatures")
Envelope = collections.namedtuple("Envelope", "action actor c id kind org revision schema seq state time")
Policy, Shown = collections.namedtuple("Policy", "logs witnesses groups quorum raw anchors"), collections.namedtuple("Shown", "b cells c")  # cells: name -> ("value", value), ("hash",) or ("erased", seq)
N, WORD, PERSON, HEX = "[1-9][0-9]{0,15}", "[a-z][a-z0-9_-]{0,62}", "PER-[1-9][0-9]{0,15}", "[0-9a-f]{64}"
FORM = re.compile(
    r'\{"action":"(create|revise|transition|set_aside|erase|key)","actor":"(system|%s|machine:[a-z][a-z0-9_.-]{0,62})","c":"(%s)",'
    r'"id":"([A-Z][A-Z0-9]{1,15}-%s)","kind":"(%s)","org":"([!#-*,-\[\]-~]{1,255})","revision":(%s),"schema":(%s),"seq":(0|%s),'
    r'"state":"(%s)","time":"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z)","v":1\}' % (PERSON, HEX, N, WORD, N, N, N, WORD))
LINE = re.compile(rb'(?:\{"seq":(0|%b),"withheld":true\}|.*,"seq":(0|%b)\})\n?' % (N.encode(), N.encode()), re.DOTALL)
BLOCK = re.compile(rb"(.*)\n(.*)\n\nc2sp\.org/tlog-proof@v1\nindex (.*)\n((?:.+\n)*)\n((?:.+\n)+\n(?:\xe2\x80\x94 .*\n)+)")
POLICY = re.compile(rb"(log \S+\n)*(witness \S+ \S+\n)*(group \S+ \S+( \S+)+\n)*quorum \S+\n")  # the one form that an export has
def need(fits, reason):
    if not fits: raise ValueError(reason)
def caught(faults, place, function, *arguments):  # what a function gives; whatever odd bytes make it raise becomes a fault
    try: return function(*arguments)
    except Exception as error: faults.append((place, str(error) or type(error).__name__))
def sha256(data): return hashlib.sha256(data).digest()
def leaf_hash(data): return sha256(b"\0" + data)
def decimal(text): return need(re.fullmatch(r"0|[1-9][0-9]{0,15}", text) and int(text) <= TOP, f"`{text}` is not a number") or int(text)
def b64(text): return need(base64.b64encode(raw := base64.b64decode(text, validate=True)).decode() == text, "not canonical base64") or raw
def key(text, kind):  # from here: C2SP signed-note, tlog-checkpoint, tlog-cosignature, tlog-policy
    name, number, data = text.split("+", 2)
    need(re.fullmatch(r"[^\s+\x00-\x1f]+", name) and len(raw := b64(data)) == 33 and raw[0] == kind, f"`{text}` is no key of type {kind}")
    return need(number == sha256(name.encode() + b"\n" + raw)[:4].hex(), f"`{text}` bears another id than its own") or Key(name, kind, raw[1:], text, (name, bytes.fromhex(number)))
def signed_by(signed, one):  # None: not signed; 0, or the time of a cosignature: signed. A signature under its name and id must verify.
    if (signature := signed.signatures.get(one.id)) is None: return None
    time, skip = (int.from_bytes(signature[:8], "big"), 8) if one.type == 4 else (0, 0)
    need(time < 2**63, "a cosignature has an impossible time")
    message = (b"cosignature/v1\ntime %d\n" % time if skip else b"") + signed.text
    return Ed25519PublicKey.from_public_bytes(one.public).verify(signature[skip:], message) or time  # raises unless it verifies
def note(raw):
    head, gap, tail = raw.decode().rpartition("\n\n")
    need(len(raw) <= 1_000_000 and gap and tail[-1:] == "\n" and not re.search(rb"[\x00-\x09\x0b-\x1f]", raw), "it is not a signed note")
    (origin, size, root), signatures = head.split("\n"), {}
    for name, data in (re.fullmatch(r"— ([^\s+]+) ([^ ]+)", line).groups() for line in tail[:-1].split("\n")):
        need(len(b64(data)) > 4 and (name, b64(data)[:4]) not in signatures and len(signatures) < 100, "a signature is empty or double")
        signatures[name, b64(data)[:4]] = b64(data)[4:]
    return need(origin and len(b64(root)) == 32, "the note is not origin, size and root") or Note(head.encode() + b"\n", origin, decimal(size), b64(root), signatures)
def policy(raw):
    logs, witnesses, groups, quorum, grouped = [], {}, {}, None, {b"none"}
    for line in raw.split(b"\n"):  # names are opaque bytes
        words, defined = re.findall(rb"[^ \t]+", line), {*witnesses, *groups, b"none"}
        match words:
            case [b"log", vkey] | [b"log", vkey, _]: logs.append(key(vkey.decode(), 1))
            case [b"witness", name, vkey] | [b"witness", name, vkey, _] if name not in defined: witnesses[name] = key(vkey.decode(), 4)
            case [b"group", name, often, *members] if name not in defined and {*members} <= defined - grouped:
                groups[name] = ({b"all": len(members), b"any": 1}.get(often) or decimal(often.decode()), members)
                need(1 <= groups[name][0] <= len(members) == len({*members}), "the threshold does not fit the group, or a member is double")
                grouped |= {*members}
            case [b"quorum", name] if quorum is None and name in defined: quorum = name
            case _: need(not words or words[0][:1] == b"#", f"{line} is not a line of a policy, or a name is taken or not defined")
    fits = quorum and not re.search(rb"[\x00-\x08\x0b-\x1f\x7f]", raw) and all(len({one.public for one in keys}) == len(keys) for keys in (logs, witnesses.values()))
    return need(fits, "a key is listed twice, a control character or no quorum line") or Policy(logs, witnesses, groups, quorum, raw, {})
def accept(rules, signed, report, changes=list):  # the log key that signed, if the policy accepts the checkpoint; asks for changes by key leaves if need be
    for new, old in [] if any(one.name == signed.origin and one.id in signed.signatures for one in rules.logs) else changes():
        if [one for one in rules.logs if one.name == new.name][-1:] == [old] and new.public not in [one.public for one in rules.logs]:
            rules.anchors[new.text] = rules.logs.append(new) or rules.anchors.get(old.text, old)
    found = [one for one in rules.logs if one.name == signed.origin and signed_by(signed, one) is not None]
    times = {name: signed_by(signed, one) for name, one in rules.witnesses.items()}
    reached = {name for name, time in times.items() if time is not None}
    notes = [f"cosigned by witness `{rules.witnesses[name].name}` at second {times[name]}" for name in times if name in reached]
    for name, (count, members) in rules.groups.items(): reached |= {name} if len(reached & {*members}) >= count else set()
    fits = signed.size > 0 and found and rules.quorum in reached | {b"none"}
    need(fits, f"the checkpoint has no leaves, is signed by no log key of the policy, or not by its quorum of witnesses, {rules.quorum}")
    trusted = rules.anchors.get(found[-1].text, found[-1])
    notes += [f"signed by `{found[-1].text}`, to which key leaves lead from `{trusted.text}`"] * (trusted != found[-1])
    report |= {"trusted": trusted.text, "fingerprint": sha256(trusted.public).hex(), "entries": signed.size, "notes": notes, "root": base64.b64encode(signed.root).decode()}
    return found[-1]
def compare(rules, seen, signed, root):
    keys = [one for one in rules.logs if one.name == seen.origin == signed.origin and signed_by(seen, one) == 0]
    need(keys and seen.size <= signed.size and root == seen.root, "not consistent with this checkpoint, or not to be compared with it")
def root_of(hashes):  # from here: RFC 6962, C2SP tlog-tiles
    half = 1 << (len(hashes) - 1).bit_length() - 1 if len(hashes) > 1 else 0
    return sha256(b"\1" + root_of(hashes[:half]) + root_of(hashes[half:])) if half else hashes[0] if hashes else sha256(b"")
def root_by(proof, index, size, leaf):  # the root that an inclusion proof leads to
    need((size > 1) == bool(proof), "the inclusion proof has another length")
    half = 1 << (size - 1).bit_length() - 1 if size > 1 else 0
    if index < half: return sha256(b"\1" + root_by(proof[:-1], index, half, leaf) + proof[-1])
    return sha256(b"\1" + proof[-1] + root_by(proof[:-1], index - half, size - half, leaf)) if half else leaf
def tiles(hashes):  # coordinates, first position and width of each tile of a level with so many hashes
    for start in range(0, hashes, 256):
        *above, last = [part.zfill(3) for part in f"{start // 256:,}".split(",")]
        yield "/".join([*("x" + part for part in above), last]) + f".p/{hashes - start}" * (hashes - start < 256), start, min(256, hashes - start)
def bundle(raw, width):
    found, end = [], 0
    while end < len(raw): found.append(raw[end + 2:(end := end + 2 + int.from_bytes(raw[end:end + 2], "big"))])
    return need(end == len(raw) and len(found) == width, "the bundle is cut off, or holds another number of entries") or found
def envelope(raw):  # from here: envelopes and bodies, FORMATS §4-6
    need((match := FORM.fullmatch(raw.decode("ascii"))) and len(raw) <= 60_000, "its envelope is not in its form")
    read = Envelope(*[decimal(text) if at in (6, 7, 8) else text for at, text in enumerate(match.groups())])
    return need(all(decimal(one.split("-")[1]) for one in (read.id, read.actor) if one[0].isupper()) and datetime.datetime.fromisoformat(read.time), "") or read
def canonical(value, room=67):  # JCS of a body line; a value in it has 64 levels. Floats never occur.
    need(room > 0 or not isinstance(value, (dict, list)), "more than 64 levels")
    if isinstance(value, dict): return "{" + ",".join(canonical(name) + ":" + canonical(one, room - 1) for name, one in sorted(value.items(), key=lambda member: member[0].encode("utf-16-be"))) + "}"
    if isinstance(value, list): return "[" + ",".join(canonical(one, room - 1) for one in value) + "]"
    return need(type(value) is not float and (type(value) is not int or abs(value) <= TOP), "a number is not an integer within 2^53 - 1") or json.dumps(value, ensure_ascii=False)
def ascending(names): return all(re.fullmatch("[a-z][a-z0-9_]{0,62}", name) for name in names) and sorted({*names}) == names
def read_line(raw, seq):  # "withheld", the seq of an erase leaf, or Shown
    need(len(raw) < MAX_LINE and canonical(line := json.loads(text := raw.decode())) == text, "its body line is not canonical")
    if text == f'{{"seq":{seq},"withheld":true}}': return "withheld"
    need(text.endswith(f'"seq":{seq}}}') and line.get("erased_fields") != {}, "its body line is not in its form")
    if line.keys() == {"erased", "seq"}: return decimal(str(line["erased"]))
    ((salt, empty, names), *fields), cells = line["fields"], {}
    need(line.keys() - {"erased_fields"} == {"b", "fields", "seq"} and empty == "" and ascending(names), "its body line is not in its form")
    erased = {name: decimal(str(by)) for name, by in line.get("erased_fields", {}).items()}
    for name, field in zip(names, fields, strict=True):
        match field:
            case [_, said, value] if said == name and name not in erased and value not in (None, "", [], {}): cells[name] = ("value", value)
            case str(): cells[name] = ("erased", erased.pop(name)) if name in erased else ("hash",)
            case _: raise ValueError(f"field `{name}` is empty, shown and erased, or not in its form")
    hexes = [salt, line["b"], *(field if isinstance(field, str) else field[0] for field in fields)]
    need(not erased and all(re.fullmatch(HEX, one) for one in hexes), "a hash is odd, or what is declared erased is not there")
    hashes = [bytes.fromhex(one) if isinstance(one, str) else leaf_hash(canonical(one).encode()) for one in line["fields"]]
    return Shown(line["b"], cells, hmac.digest(bytes.fromhex(line["b"]), root_of(hashes), "sha256").hex())
def values(shown, *names):
    fits = [*shown.cells] == [*names] and all(cell[0] == "value" for cell in shown.cells.values())
    return need(fits, f"its body is not {', '.join(names)}") or [cell[1] for cell in shown.cells.values()]
def erasure(shown):  # what an erase leaf takes: seq -> "all" or names
    by, erased, reason = values(shown, "by", "erased", "reason")
    fits = re.fullmatch("system|" + PERSON, by) and reason in ("request", "mistake", "secret", "retention")
    fits = fits and all(what == "all" or isinstance(what, list) and what and ascending(what) for what in erased.values())
    return need(fits, "its by or reason is odd, or it erases nothing") or {decimal(seq): what for seq, what in erased.items()}
def change(shown, seq):  # the new and the old key of a key leaf, which both have signed
    new, new_signature, old, old_signature = values(shown, "new", "new_signature", "old", "old_signature")
    text = f"vouch key change/v1\n{seq}\n{old}\n{new}\n".encode()
    for one, by in ((new, new_signature), (old, old_signature)): Ed25519PublicKey.from_public_bytes(key(one, 1).public).verify(b64(by), text)
    return need(key(new, 1).name == key(old, 1).name, "the keys have two names") or (key(new, 1), key(old, 1))
def told(action, seq, entry, raw):  # the id and the shown body of a leaf with this action
    env, line = caught([], "", envelope, entry), caught([], "", read_line, raw, seq)
    return (env.id, line) if env and env.action == action and isinstance(line, Shown) and line.c == env.c else ("", None)
def changes(leaves):  # of (seq, entry, line): what key leaves say, by seq; nothing of it is proved but by the signatures in it
    return [keys for leaf in sorted(leaves) if (keys := caught([], "", change, told("key", *leaf)[1], leaf[0]))]
def files_in(value):
    if isinstance(value, dict) and {*value} == {"name", "sha256", "size"}:
        fits = isinstance(value["name"], str) and re.fullmatch(HEX, value["sha256"]) and type(value["size"]) is int
        return need(fits, "a file value is odd") or [(value["sha256"], decimal(str(value["size"])))]
    return [file for one in (value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()) for file in files_in(one)]
class Log:  # from here: verdicts, FORMATS §7. What leaves are judged against; courses are None for a proof. A wrong leaf counts as it says.
    def __init__(self, origin, courses, chain, file):
        self.origin, self.courses, self.chain, self.file, self.time = origin, courses, chain, file, ""
        self.records, self.commitments, self.blindings, self.takings, self.notes = {}, {}, set(), {}, set()
    def erases(self, *leaf):  # notes what a proved erase leaf takes; it stands after its targets, so this comes before them
        id_, line = told("erase", *leaf)
        for target, what in (caught([], "", erasure, line) or {}).items(): self.takings.setdefault(target, []).append((leaf[0], id_, what))
    def item(self, seq, entry, raw, *checks):  # the verdict on a leaf: the worst of what is found
        found = []
        if env := caught(found, "BAD", envelope, entry):
            record = self.records.setdefault(env.id, {"kind": env.kind, "head": 0, "been": [], "force": None, "c": [], "names": {}})
            for check in checks: caught(found, "BAD", check, env)
            record["names"] |= {seq: None} if env.action not in ("erase", "key") else {}
            caught(found, "BAD", self.body, env._replace(seq=seq), raw, found)
            self.time, record["head"], record["force"], _ = env.time, env.revision, self.in_force(env, record), record["been"].append(env.state)
            record["c"] += [env.c] * ((revision := env.action in ("create", "revise")) and env.revision == len(record["c"]) + 1)
            self.commitments.setdefault(env.c, revision)
        state, reason = max(found, key=lambda one: ORDER.index(one[0]), default=("VERIFIED", "the leaf and every field are proved"))
        return {"seq": seq, "id": env.id if env else "", "revision": env.revision if env else 0, "state": state, "reason": reason}
    def in_force(self, env, record):  # after a leaf, the settled state that stays in force beside a changed head that waits (FORMATS §2)
        course, was, force = (self.courses or {}).get(f"{env.kind}@{env.schema}"), (record["been"] or [env.state])[-1], record["force"]
        if env.state in (was, force): return force if env.state == was else None
        if env.action == "revise": return force or (was if not course or was in course["settled"] else None)
        return force if not course or [was, env.state] in course["transitions"] and env.state not in course["settled"] else None
    def course(self, env):  # number, state, time and c, against what the log has so far
        course, record = self.courses.get(f"{env.kind}@{env.schema}"), self.records[env.id]
        if course is None and env.action in ("create", "transition"): self.notes.add(f"course not judged: {env.kind}, version {env.schema}")
        need(env.org == self.origin and env.time >= self.time and env.c not in self.commitments, "its org, time or c does not fit the log")
        need((env.action == "key") == (env.kind == "key") == env.id.startswith("KEY-"), "only a key leaf has kind and id of a key")
        before, states = (record["been"] or [None])[-1], course["states"] if course else [env.state, "draft"]
        draft, free = env.state == "draft" and "draft" in states, env.state != "set_aside"
        fits = {"create": before is None and free and (env.state == states[0] or draft), "key": before is None and env.state == "active",
                "revise": before and free and (env.state in record["been"] or draft), "erase": before == env.state,
                "transition": before and free and (not course or any([one, env.state] in course["transitions"] for one in (before, record["force"]))),
                "set_aside": before and not free}[env.action] and (before != "set_aside" or env.action == "erase")
        fits = fits and env.kind == record["kind"] and env.revision == record["head"] + (env.action in ("create", "revise", "key"))
        need(fits, f"a {env.action} leaf with this kind, number and state cannot stand here")
    def body(self, env, raw, found):  # judges a body line: what it raises is BAD, what else it finds goes into `found`
        if raw is None: return found.append(("MISSING", "its body line is not there, and nothing declares it"))
        line, record, always = read_line(raw, env.seq), self.records[env.id], env.action in ("erase", "key")
        taken = [(by, what) for by, id_, what in self.takings.get(env.seq, ()) if id_ == env.id and not always]
        if not isinstance(line, Shown):
            need(not always and (line == "withheld" or (line, "all") in taken), f"its body is declared as {line}, which nothing bears out")
            return found.append(("ERASED" if taken else "WITHHELD", "the leaf is proved; its body is not shown"))
        need(line.c == env.c, "its body is not the one that the leaf commits to")
        new, _, said = line.b not in self.blindings, self.blindings.add(line.b), {name: cell[1] for name, cell in line.cells.items() if cell[0] == "value"}
        record["names"] |= {env.seq: {*line.cells}} if not always else {}
        for name, cell in line.cells.items():
            by = [by for by, what in taken if what != "all" and name in what]
            state = {"value": "BAD" if by else "VERIFIED", "hash": "ERASED" if by else "WITHHELD"}.get(cell[0], "ERASED" if cell[-1] in by else "BAD")
            found.append((state, f"field `{name}` is {'shown' if cell[0] == 'value' else 'not shown'}" + f", erased by leaf {by[0] if by else 0}" * bool(by)))
            for file in caught(found, "BAD", files_in, said.get(name)) or (): found += self.file(*file)
        need(new and "all" not in [what for _, what in taken], "its body is shown though erased, or its blinding occurs before")
        for target, what in erasure(line).items() if env.action == "erase" else ():
            need(target < env.seq and (target in record["names"] or self.courses is None), f"it cannot erase leaf {target}")
            need(what == "all" or {*what} <= (record["names"].get(target) or {*what}), f"leaf {target} has no such field")
        if env.action == "key":
            (new, old), used, self.chain = (keys := change(line, env.seq)), self.chain, [*self.chain, keys[0]]
            need(self.courses is None or old in used[-1:] and new.public not in [one.public for one in used], "it does not continue the chain of keys")
        for name, logged in (("from", record["been"] and [record["been"][-1], record["force"]]), ("to", [env.state])) if env.action in ("transition", "set_aside") else ():
            need(name in line.cells or env.action == "set_aside", f"its body has no `{name}`")
            need(name not in said or isinstance(said[name], str) and (not logged or said[name] in logged), f"its body says another `{name}`")
        if env.action in ("create", "revise") and "subject_commitment" in said and self.courses is not None:
            c, (id_, at, number), revision = said["subject_commitment"], said.get("subject", "").partition("@"), said.get("subject_revision")
            if not {"subject", "subject_revision"} <= {*said}: return need(self.commitments.get(c), "its subject_commitment is unknown")
            fits = type(revision) is int and revision > 0 and (not at or decimal(number) == revision)
            need(fits and self.records[id_]["c"][revision - 1] == c, "its subject_commitment is not its subject's")
def body_lines(file, start, width, faults):  # seq -> body line of one bundle; a line that is none, or out of place, is a fault
    found, last = {}, start - 1
    while raw := file.readline(MAX_LINE):
        match = LINE.fullmatch(raw)
        seq = int(match[1] or match[2]) if match and int(match[1] or match[2]) <= TOP else -1
        faults += [(file.name, "a line has no line feed or is out of its place")] * (raw[-1:] != b"\n" or not last < seq < start + width)
        if raw[-1:] != b"\n" and len(raw) == MAX_LINE: break
        if seq > last: found[seq], last = raw.removesuffix(b"\n"), seq
    return {seq: raw for seq, raw in found.items() if seq < start + width}
def verify_export(root, rules, seen, courses, report, faults):
    listed = {os.path.relpath(os.path.join(at, name), root).replace(os.sep, "/") for at, _, names in os.walk(root) for name in names}
    def opened(path): return open(os.path.join(root, path) if path in listed else os.devnull, "rb")
    def read(path, limit=1_000_000): return raw if len(raw := opened(path).read(limit + 1)) <= limit else b""
    def file(digest, size):  # what is wrong with a file that a shown value names; each is read once
        if digest not in named and (path := f"files/{digest}") in listed:
            named[digest] = hashlib.file_digest(opened(path), "sha256").hexdigest(), os.path.getsize(os.path.join(root, path))
        return [] if named.get(digest) == (digest, size) else [("BAD" if digest in named else "MISSING", f"file {digest} is another or not there")]
    signed, wanted, named, hashes, level = note(read("checkpoint")), {"policy", "checkpoint"}, {}, [], 0
    def entries(at, width, into=None):
        return caught([] if into is None else into, f"tile/entries/{at}", bundle, read(f"tile/entries/{at}", 256 * 65_537), width) or [b""] * width
    def leaves_of(action):  # (seq, entry, line) of leaves in the bundles where an entry begins so
        for at, start, width in tiles(signed.size if signed.size <= 256 * len(listed) else 0):
            leaves = entries(at, width)
            if any(leaf.startswith(b'{"action":"%b"' % action) for leaf in leaves):
                yield from ((seq, leaves[seq - start], line) for seq, line in body_lines(opened(f"bodies/{at}"), start, width, []).items())
    signer, inner = accept(rules, signed, report, lambda: changes(leaves_of(b"key"))), caught(faults, "policy", policy, read("policy")) or Policy([], {}, {}, b"none", b"", {})
    need(signed.size <= 256 * len(listed), "the export has too few files for its size")
    caught(faults, "policy", accept, inner, signed, {})
    own, others = {one.id for one in inner.logs if one.name == signed.origin}, {one.id for one in inner.witnesses.values()}
    fits = POLICY.fullmatch(inner.raw) and len(own & {*signed.signatures}) == 1 and {*signed.signatures} <= own | others
    caught(faults, "policy", need, fits, "it is not in the form of an export, or other keys than the log's one and witnesses' have signed")
    log = Log(signed.origin, courses, (inner.logs or [signer])[:1], file)
    for at, start, width in tiles(signed.size):  # the tree, from entries to leaf hashes to tiles to the root
        hashes += [leaf_hash(leaf) for leaf in entries(at, width, faults)]
    proved, above = root_of(hashes) == signed.root, hashes
    caught(faults, "tree", need, proved, "the entries do not lead to the root of the checkpoint")
    while above:
        for at, start, width in tiles(len(above)):
            wanted |= {f"tile/{level}/{at}"} | ({f"tile/entries/{at}", f"bodies/{at}"} if level == 0 else set())
            same = read(path := f"tile/{level}/{at}", 8192) == b"".join(above[start:start + width])
            caught(faults, path, need, same, "does not hold the hashes that follow from the entries")
        level, above = level + 1, [root_of(above[at:at + 256]) for at in range(0, len(above) // 256 * 256, 256)]
    if seen: caught(faults, "seen", compare, rules, seen, signed, root_of(hashes[:seen.size]))
    for leaf in leaves_of(b"erase") if proved else (): log.erases(*leaf)
    for at, start, width in tiles(signed.size):
        found = body_lines(opened(f"bodies/{at}"), start, width, faults)
        for seq, leaf in enumerate(entries(at, width), start):
            report["items"].append(log.item(seq, leaf, found.get(seq), log.course, lambda env: need(proved and env.seq == seq, "not in the tree")))
    wanted |= {path for path in listed if re.fullmatch(r"timestamp/[1-9][0-9]*\.tsr", path) and sha256(signed.text) in read(path)} | {f"files/{digest}" for digest in named}
    faults += [(path, "is not there, or does not belong there") for path in listed ^ wanted if path in listed or not path.startswith("bodies/")]
    caught(faults, "policy", need, [*inner.logs, signer] == [*log.chain, log.chain[-1]], "its keys are not those of the key leaves")
    report["notes"] += sorted(log.notes)
def verify_proof(path, rules, seen, courses, report, faults):
    raw, log = open(path, "rb").read(), Log(None, None, [], lambda digest, size: [])
    parts = [match.groups() for match in BLOCK.finditer(raw)]
    need(parts and b"".join(match[0] for match in BLOCK.finditer(raw)) == raw, "it is not made of blocks")
    blocks = [(decimal(at.decode()), b64(entry.decode()), line, [b64(one) for one in path.decode().split("\n")[:-1]]) for line, entry, at, path, _ in parts]
    need({len(one) for block in blocks for one in block[3]} <= {32} and len({part[4] for part in parts}) == 1, "a hash or checkpoint is another")
    accept(rules, signed := note(parts[0][4]), report, lambda: changes([block[:3] for block in blocks]))
    if seen: caught(faults, "seen", compare, rules, seen, signed, signed.root if seen.size == signed.size else None)
    def judge(before, block):  # whether a block is in the tree, and if it is not the target, an erase leaf of it in its place
        fits = (env := envelope(block[1])).org == signed.origin and env.seq == block[0] < signed.size
        need(fits and root_by(block[3], env.seq, signed.size, leaf_hash(block[1])) == signed.root, "its seq, org or proof does not fit")
        if before:
            target, last, takes = envelope(blocks[0][1]), envelope(before[1]), [by for by, _, _ in log.takings.get(blocks[0][0], ())]
            behind = last.action == "key" and last.seq != target.seq
            fits = not behind and last.seq < env.seq and env.seq in takes and (env.action, env.id, env.kind) == ("erase", target.id, target.kind)
            need(fits or env.action == "key" and env.seq != target.seq and (env.seq > last.seq or not behind), "it is neither an erase leaf of the target nor a key leaf, or not in its place")
    for block in blocks[1:]:
        if not (caught(failed := [], "", judge, None, block), failed)[1]: log.erases(*block[:3])
    for before, block in zip([None, *blocks], blocks): report["items"].append(log.item(*block[:3], lambda env: judge(before, block)))
def verify(path, policy_file, seen_file="", courses_file=""):  # the report; raises when policy or the checkpoint seen before cannot be read
    rules, seen, courses = [form(open(name, "rb").read()) if name else empty for form, name, empty in
                            ((policy, policy_file, None), (note, seen_file, None), (json.loads, courses_file, {}))]
    faults, own = [], os.path.realpath(policy_file) == os.path.realpath(os.path.join(path, "policy"))
    report = {"ok": False, "trusted": "", "fingerprint": "", "self_asserted": own, "entries": 0, "root": "", "items": [], "notes": []}
    caught(faults, "checkpoint or proof", verify_export if os.path.isdir(path) else verify_proof, path, rules, seen, courses, report, faults)
    report["ok"] = not faults and all(item["state"] not in ("MISSING", "BAD") for item in report["items"])
    report["proves"] = PROVES + "; self-asserted: the policy is the one inside what was verified" * own
    return report | {"faults": [{"place": place, "reason": reason} for place, reason in faults]}
if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("path", "--policy", "--seen", "--courses"): parser.add_argument(name, **{"required": True} if name == "--policy" else {})
    parser.add_argument("--json", action="store_true", help="on one line")
    answer = caught(failed := [], "verify", verify, *list(vars(given := parser.parse_args()).values())[:4])
    if failed: sys.exit(print(*failed[0], sep=": ", file=sys.stderr) or 2)
    sys.exit(print(json.dumps(answer, ensure_ascii=False, indent=None if given.json else 1)) or not answer["ok"])
