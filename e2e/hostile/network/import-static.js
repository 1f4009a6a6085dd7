// A module that imports from the network is refused before it ever runs.
// ends: refused
import secret from "http://canary.invalid/static.js";

export default () => secret;
