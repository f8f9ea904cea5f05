/** @typedef {{ aria?: Record<string, unknown>, data?: Record<string, string>, role?: string }} Attributes */

/**
 * An element with properties, `aria-` and `data-` attributes and children; empty children are left out.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 * @param {Attributes & Partial<Omit<HTMLElementTagNameMap[K], 'role'>>} properties
 * @param {(Node | string | null | undefined)[]} children
 */
export function element(name, { aria = {}, data = {}, role, ...properties } = {}, ...children) {
  const node = Object.assign(document.createElement(name), properties);
  if (role) node.setAttribute('role', role);
  for (const [key, value] of Object.entries(aria)) node.setAttribute(`aria-${key}`, String(value));
  Object.assign(node.dataset, data);
  for (const child of children) if (child) node.append(child);
  return node;
}
