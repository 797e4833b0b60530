/** Words that never occur in a real token, but in the invented tokens of manuals. */
const words =
  /example|sample|placeholder|dummy|your[-_. ]|my[-_](?:token|secret|key|password)|insert|replace|change[-_]?me|redacted|foobar|deadbeef|<[^<>]*>|\.\.\.|\*\*\*|\$\{|\{\{|%[A-Z_]+%/i;
/** One character repeated eight times, or sequences typed along the keyboard. */
const runs = /(.)\1{7}|0123456789|1234567890|abcdefgh|qwertyui/i;
/** Host names reserved for documentation (RFC 2606, RFC 6761), and the local machine. */
const placesOfNobody =
  /@(?:localhost|127\.\d+\.\d+\.\d+|\[::1\]|[a-z0-9.-]*\.(?:test|example|invalid|localhost|local))(?=[:/?#\s"'`]|$)/i;

/** True for a value that only illustrates what a secret looks like. */
export function isPlaceholder(value: string): boolean {
  return words.test(value) || runs.test(value) || placesOfNobody.test(value);
}
