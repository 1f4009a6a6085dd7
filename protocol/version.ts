/**
 * Version of the Compute Server's link. It is the first thing exchanged; a tab whose version differs from its
 * hub's is told to reload. `schema-hash.test.ts` fails when a schema changes and this number does not.
 *
 * History
 * - 1: register, renew, outcomes, progress, release, unregister; registered, assign, acknowledge, revoke, drain, refuse.
 * - 2: register tells the memory of the device.
 * - 3: assign tells how large an output may be, and how much a task may log.
 */
export const PROTOCOL_VERSION = 3;
