// Blobs, which the browser keeps outside the slot, end with it.
// ends: dead
// time: 500
// walls: policy
export default async () => { const all = []; const part = new Uint8Array(1024 * 1024); for (let i = 0; i < 200; i++) { all.push(new Blob([part])); await null; } for (;;); };
