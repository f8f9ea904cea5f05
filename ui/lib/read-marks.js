/** How far each room was read in this browser. */
export class ReadMarks {
  #memory;
  #marks;

  constructor(memory) {
    this.#memory = memory;
    this.#marks = memory.get('reads', {});
  }

  /** The `n` of the last event read, or null. */
  of(room) {
    return Object.hasOwn(this.#marks, room) ? Number(this.#marks[room]) : null;
  }

  set(room, n) {
    this.#marks = { ...this.#memory.get('reads', {}), [room]: n }; // another tab may have written meanwhile
    this.#memory.set('reads', this.#marks);
  }
}
