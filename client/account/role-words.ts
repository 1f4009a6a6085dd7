import type { Role, Volunteers } from "../../protocol/http/accounts.ts";

/** "a volunteer", and what that one may do. */
export function roleInWords(role: Role): string {
  switch (role) {
    case "volunteer": return "a volunteer: you may lend a hand";
    case "submitter": return "a submitter: you may submit jobs, and lend a hand";
    case "operator": return "an operator: you may see to the hub and to its people";
  }
}

/** Who may lend a hand, as a sentence. */
export function volunteersInWords(volunteers: Volunteers): string {
  switch (volunteers) {
    case "anonymous": return "Anybody may lend a hand here, with an account or without.";
    case "accounts": return "On this hub only who is signed in may lend a hand.";
    case "invited": return "On this hub only who was invited may lend a hand.";
  }
}
