// The operator's own service, as far as this page knows it: rooms with numbered entries, kept on "the server" (here:
// sessionStorage), and a feed per connection. It knows nothing of SupportChat.
export class Backend {
  #rooms;
  #feeds = new Set();
  #key;

  constructor(key) {
    this.#key = key;
    this.#rooms = JSON.parse(sessionStorage.getItem(key) ?? "{}");
  }

  /** Makes the room if it is not there: asking twice makes one. */
  openRoom(id, guest) {
    this.#rooms[id] ??= { guest, closed: false, entries: [] };
    this.#save();
    return id;
  }

  entries(id, after) {
    return this.#room(id).entries.filter(({ number }) => number > after);
  }

  /** Adds a line, once for each key. */
  write(id, { key, author, text }) {
    const room = this.#room(id);
    if (room.closed) throw new Error("room closed");
    const before = key && room.entries.find((entry) => entry.key === key);
    if (before) return before;
    const entry = { number: room.entries.length + 1, key, author, text, at: Date.now() };
    room.entries.push(entry);
    this.#save();
    this.#tell({ room: id, entry });
    return entry;
  }

  type(id, author, isTyping) {
    this.#tell({ room: id, author, isTyping });
  }

  close(id) {
    this.#room(id).closed = true;
    this.#save();
    this.#tell({ room: id, closed: true });
  }

  /** A feed of everything from now on; returns what ends it. */
  listen(fn, lost) {
    const feed = { fn, lost };
    this.#feeds.add(feed);
    return () => this.#feeds.delete(feed);
  }

  /** What a broken network does: every feed ends, nobody is asked. */
  dropAll() {
    const feeds = [...this.#feeds];
    this.#feeds.clear();
    for (const { lost } of feeds) lost();
  }

  get lastRoom() {
    return Object.keys(this.#rooms).at(-1);
  }

  #room(id) {
    const room = this.#rooms[id];
    if (!room) throw new Error("no such room");
    return room;
  }

  #tell(news) {
    for (const { fn } of [...this.#feeds]) queueMicrotask(() => fn(structuredClone(news)));
  }

  #save() {
    sessionStorage.setItem(this.#key, JSON.stringify(this.#rooms));
  }
}
