import type { Command } from "../scheduler/command.ts";

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

function addText(hash: number, text: string): number {
  let mixed = hash;
  for (let i = 0; i < text.length; i++) mixed = Math.imul(mixed ^ text.charCodeAt(i), FNV_PRIME) >>> 0;
  return mixed;
}

/** FNV-1a of every command and its time: the same on every machine, since the arithmetic of numbers is (R10). */
export const traceHash = {
  begin: FNV_OFFSET,
  add(hash: number, nowMs: number, commands: readonly Command[]): number {
    return commands.length === 0 ? hash : addText(hash, `${nowMs}${JSON.stringify(commands)}`);
  },
};
