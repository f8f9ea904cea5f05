/** What a link bears behind its `#`: a ticket, a code, an invitation, the way to and from another address. Taken out of the address before anything else. */
const KINDS = ['ticket', 'link', 'code', 'invite', 'to', 'state'];

export function takeFragment() {
  const said = new URLSearchParams(location.hash.slice(1).replaceAll('+', '%2B'));
  const brought = Object.fromEntries(KINDS.map((kind) => [kind, said.get(kind)]).filter(([, value]) => value));
  if (Object.keys(brought).length) history.replaceState(history.state, '', location.pathname + location.search);
  return brought;
}
