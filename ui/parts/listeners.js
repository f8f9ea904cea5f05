/** Listeners of fields and forms, which hand over what was typed or chosen. */

/**
 * Of a field's `input` or `change`: `act` gets what is in it.
 * @param {(value: string) => void} act
 */
export function onValue(act) {
  return (/** @type {{ target: HTMLInputElement }} */ { target }) => act(target.value);
}

/**
 * Of a form's `submit`: `act` gets its fields by name.
 * @param {(fields: Record<string, HTMLInputElement>) => unknown} act
 */
export function onSubmit(act) {
  return (/** @type {Event & { target: { elements: Record<string, HTMLInputElement> } }} */ event) => {
    event.preventDefault();
    act(event.target.elements);
  };
}
