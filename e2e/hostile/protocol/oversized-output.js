// An output past its limit fails its task, and nothing of it travels.
// ends: failed: it makes the whole pass
export default () => new Uint8Array(65 * 1024 * 1024);
