/** The latest events of one job, so that a viewer whose connection broke can go on where it was. Bounded. */
export class EventRing {
  readonly #epoch: string;
  readonly #maxEvents: number;
  readonly #maxChars: number;
  #entries: { readonly sequence: number; readonly text: string }[] = [];
  #chars = 0;
  #sequence = 0;

  /** `epoch` tells this ring's ids from those of an earlier one of the same job. */
  constructor(epoch: string, maxEvents: number, maxChars: number) {
    this.#epoch = epoch;
    this.#maxEvents = maxEvents;
    this.#maxChars = maxChars;
  }

  /** The id of the newest event. */
  get lastId(): string {
    return `${this.#epoch}-${this.#sequence}`;
  }

  /** Keeps an event and answers its text for the wire. */
  push(type: string, data: object): string {
    this.#sequence += 1;
    const text = eventText(this.lastId, type, data);
    this.#entries.push({ sequence: this.#sequence, text });
    this.#chars += text.length;
    let drop = 0;
    while (this.#entries.length - drop > this.#maxEvents || this.#chars > this.#maxChars) {
      this.#chars -= this.#entries[drop]?.text.length ?? 0;
      drop += 1;
    }
    if (drop > 0) this.#entries = this.#entries.slice(drop);
    return text;
  }

  /** What came after the event of this id; undefined where that is not known any more. */
  since(lastEventId: string): readonly string[] | undefined {
    const match = /^([\w]+)-(\d{1,15})$/.exec(lastEventId);
    if (match === null || match[1] !== this.#epoch) return undefined;
    const seen = Number(match[2]);
    const oldest = this.#entries[0]?.sequence ?? this.#sequence + 1;
    if (seen > this.#sequence || seen < oldest - 1) return undefined;
    return this.#entries.filter(({ sequence }) => sequence > seen).map(({ text }) => text);
  }
}

/** One server-sent event. JSON holds no line break, so its data is one line. */
export function eventText(id: string, type: string, data: object): string {
  return `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
}
