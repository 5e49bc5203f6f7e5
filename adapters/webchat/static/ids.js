// Names of messages: theirs are numbers that grow, ours are random.

/** Ids of the gateway are numbers of 63 bits, more than a JavaScript number holds. */
export function isLater(one, other) {
  return one.length === other.length ? one > other : one.length > other.length;
}

/** A UUID; where the page is served without TLS the browser does not offer its own. */
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const octets = crypto.getRandomValues(new Uint8Array(16));
  octets[6] = (octets[6] & 0x0f) | 0x40;
  octets[8] = (octets[8] & 0x3f) | 0x80;
  const digits = Array.from(octets, (octet) => octet.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
