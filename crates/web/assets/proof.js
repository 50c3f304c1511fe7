// Verifies a proof file (FORMATS §4–7) with WebCrypto and one verifier key. It asks the server for the proof and believes nothing in it.
(() => {
  const card = document.querySelector("[data-proof]"), button = card?.querySelector("[data-verify]");
  if (!button) return;
  const place = card.querySelector("[data-verdict]"), field = (id) => document.getElementById(id);
  const utf8 = new TextEncoder();
  const fail = (why) => { throw new Error(why); };
  const want = (truth, why) => truth || fail(why);
  const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const join = (...parts) => Uint8Array.from(parts.flatMap((part) => [...part]));
  const same = (a, b) => hex(a) === hex(b);
  const sha256 = async (...parts) => new Uint8Array(await crypto.subtle.digest("SHA-256", join(...parts)));
  const hash32 = (text) => /^[0-9a-f]{64}$/.test(text) ? Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16)) : fail("a hash is not 64 hex digits");
  const base64 = (text) => {
    try { return Uint8Array.from(atob(text), (c) => c.charCodeAt(0)); } catch { return fail("something is not base64"); }
  };
  // Canonical JSON (RFC 8785) of what proofs hold: no floats.
  const jcs = (it) => Array.isArray(it) ? `[${it.map(jcs)}]`
    : it && typeof it === "object" ? `{${Object.keys(it).sort().map((key) => `${JSON.stringify(key)}:${jcs(it[key])}`)}}` : JSON.stringify(it);
  const canonical = (text, what) => {
    let it;
    try { it = JSON.parse(text); } catch { fail(`${what} is not JSON`); }
    want(jcs(it) === text, `${what} is not in canonical form`);
    return it;
  };
  const number = (text) => /^(0|[1-9]\d{0,15})$/.test(text) ? Number(text) : fail("a number is not written as one");

  const treeRoot = async (leaves) => {
    if (leaves.length === 1) return leaves[0];
    let split = 1;
    while (split * 2 < leaves.length) split *= 2;
    return sha256([1], await treeRoot(leaves.slice(0, split)), await treeRoot(leaves.slice(split)));
  };
  // RFC 9162 §2.1.3.2
  const climb = async (hash, index, size, path) => {
    want(index < size, "the leaf lies beyond the checkpoint");
    let at = index, last = size - 1;
    const half = (n) => Math.floor(n / 2);
    for (const beside of path) {
      want(last > 0, "the path is too long");
      if (at % 2 || at === last) {
        hash = await sha256([1], beside, hash);
        while (at % 2 === 0 && at > 0) { at = half(at); last = half(last); }
      } else hash = await sha256([1], hash, beside);
      at = half(at); last = half(last);
    }
    want(last === 0, "the path is too short");
    return hash;
  };

  const readBlocks = (text) => {
    const lines = text.split("\n");
    want(lines.pop() === "", "the file does not end with a line feed");
    const blocks = [];
    let at = 0;
    const next = () => at < lines.length ? lines[at++] : fail("the file is cut off");
    while (at < lines.length) {
      const body = next(), entry = next();
      want(next() === "", "no empty line stands before the proof");
      want(next() === "c2sp.org/tlog-proof@v1", "this is not a proof file");
      const index = number(next().replace(/^index /, "")), path = [], note = [], signatures = [];
      for (let line = next(); line !== ""; line = next()) path.push(base64(line));
      for (let line = next(); line !== ""; line = next()) note.push(line);
      while (at < lines.length && lines[at].startsWith("— ")) signatures.push(next());
      blocks.push({ body, entry: base64(entry), index, path, note: `${note.join("\n")}\n`, signatures });
    }
    want(blocks.length, "the file is empty");
    want(blocks.every((block) => block.note === blocks[0].note), "the parts do not bear the same checkpoint");
    return blocks;
  };

  const readKey = async (text) => {
    const [, name, id, data] = text.trim().match(/^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/) ?? fail("the verifier key is not of the form name+id+key");
    const bytes = base64(data);
    want(bytes.length === 33 && bytes[0] === 1, "the verifier key is not an Ed25519 key of a log");
    const mark = (await sha256(utf8.encode(`${name}\n`), bytes)).slice(0, 4);
    want(hex(mark) === id, "the id of the verifier key is not that of its bytes");
    return { name, mark, raw: bytes.slice(1), fingerprint: hex(await sha256(bytes.slice(1))) };
  };
  const checkSignature = async (block, key) => {
    const public_ = await crypto.subtle.importKey("raw", key.raw, "Ed25519", false, ["verify"]).catch(() => fail("this browser cannot check Ed25519 signatures; use vouch verify"));
    for (const line of block.signatures) {
      const [, name, data] = line.match(/^— (\S+) (\S+)$/) ?? fail("a signature line is malformed");
      const bytes = base64(data);
      if (name !== key.name || !same(bytes.slice(0, 4), key.mark)) continue;
      return want(await crypto.subtle.verify("Ed25519", public_, bytes.slice(4), utf8.encode(block.note)), "the signature of the checkpoint does not hold");
    }
    fail("the checkpoint is not signed by this key");
  };

  // What a body line shows, when its commitment is that of the envelope.
  const readBody = async (block, envelope) => {
    const line = canonical(block.body, "the body");
    want(line.seq === block.index, "the body is that of another leaf");
    if (!line.fields) return line;
    const [head, ...cells] = line.fields, names = head[2];
    want(head.length === 3 && head[1] === "" && names.length === cells.length, "the body does not hold the fields that it names");
    want(names.every((name, i) => /^[a-z][a-z0-9_]{0,62}$/.test(name) && (!i || names[i - 1] < name)), "names of fields are out of order");
    const shown = {}, leaves = [await sha256([0], utf8.encode(jcs(head)))];
    hash32(head[0]);
    for (const [i, cell] of cells.entries()) {
      if (typeof cell === "string") { leaves.push(hash32(cell)); continue; }
      want(cell.length === 3 && hash32(cell[0]) && cell[1] === names[i], "a field bears another name than its place");
      shown[cell[1]] = cell[2];
      leaves.push(await sha256([0], utf8.encode(jcs(cell))));
    }
    const key = await crypto.subtle.importKey("raw", hash32(line.b), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    const c = new Uint8Array(await crypto.subtle.sign("HMAC", key, await treeRoot(leaves)));
    want(hex(c) === envelope.c, "the content is not what the leaf commits to");
    return { ...line, names, shown };
  };

  const verify = async (text, keyText) => {
    const key = await readKey(keyText), blocks = readBlocks(text);
    const [origin, size, root, ...rest] = blocks[0].note.trimEnd().split("\n");
    want(rest.length === 0 && origin === key.name, "the checkpoint is of another log than the key");
    const read = [];
    for (const block of blocks) {
      await checkSignature(block, key);
      const envelope = canonical(new TextDecoder("utf-8", { fatal: true }).decode(block.entry), "the envelope");
      want(envelope.seq === block.index && envelope.org === origin, "the envelope is of another place or log");
      want(same(await climb(await sha256([0], block.entry), block.index, number(size), block.path), base64(root)), "the path does not lead to the root that was signed");
      read.push({ envelope, body: await readBody(block, envelope) });
    }
    const [{ envelope, body }, ...others] = read;
    // Key leaves stand last, for whoever trusts an older key; here one key is asked about.
    const erasures = others.filter(({ envelope: by }) => by.action !== "key");
    want(envelope.action !== "transition" || !body.shown || body.shown.to === envelope.state, "the body names another state than the leaf");
    const erased = {};
    erasures.forEach(({ envelope: by, body: said }) => {
      const taken = said.shown?.erased?.[body.seq];
      want(by.action === "erase" && by.id === envelope.id && taken, "a part after the first erases nothing of it");
      [].concat(taken === "all" ? body.names ?? "all" : taken).forEach((name) => { erased[name] = by.seq; });
    });
    want(!Object.keys(body.shown ?? {}).some((name) => name in erased), "a field is shown that a leaf erased");
    const claims = body.erased ? { all: body.erased } : body.erased_fields ?? {};
    want(Object.entries(claims).every(([name, by]) => erased[name] === by), "something is called erased, and no leaf says so");
    const hidden = (body.names ?? ["all"]).filter((name) => !(name in (body.shown ?? {})));
    const withheld = hidden.filter((name) => !(name in erased));
    const verdict = hidden.length > withheld.length ? "ERASED" : withheld.length ? "WITHHELD" : "VERIFIED";
    return { verdict, envelope, size: number(size), key, fields: Object.keys(body.shown ?? {}).length, hidden };
  };

  const tell = (word, lines) => {
    const head = document.createElement("p"), list = document.createElement("ul");
    head.className = `strong ${word === "BAD" ? "bad" : "good"}`;
    head.textContent = word;
    list.className = "prose";
    lines.forEach((line) => { list.append(Object.assign(document.createElement("li"), { textContent: line })); });
    place.replaceChildren(head, list);
  };
  const run = async () => {
    button.disabled = true;
    try {
      const file = field("proof-file").files[0];
      const text = file ? await file.text() : await fetch(card.dataset.proof).then((it) => it.ok ? it.text() : fail("the proof could not be fetched"));
      const { verdict, envelope: of, size, key, fields, hidden } = await verify(text, field("proof-key").value);
      tell(verdict, [
        `Leaf ${of.seq} (${of.id}, revision ${of.revision}, ${of.action}, by ${of.actor}, ${of.time}) is in the log of ${size} leaves that the key signed.`,
        `${fields} fields are exactly those that were sealed.${hidden.length ? ` Not shown: ${hidden.join(", ")}.` : ""}`,
        `Trusted key: ${key.name}, fingerprint ${key.fingerprint}${field("proof-compared").checked ? "." : " (self-asserted: it came from this server)."}`,
        `Files that it names, the rest of the log and the order of its records were not looked at. ${card.dataset.proves}`,
      ]);
    } catch (error) {
      tell("BAD", [`It does not verify: ${error.message}.`]);
    }
    button.disabled = false;
  };
  button.hidden = false;
  button.addEventListener("click", run);
})();
