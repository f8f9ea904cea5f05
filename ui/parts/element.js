/** An element with properties, `aria-` and `data-` attributes and children; empty children are left out. */
export function element(name, { aria = {}, data = {}, role, ...properties } = {}, ...children) {
  const node = Object.assign(document.createElement(name), properties);
  if (role) node.setAttribute('role', role);
  for (const [key, value] of Object.entries(aria)) node.setAttribute(`aria-${key}`, value);
  Object.assign(node.dataset, data);
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== ''));
  return node;
}
