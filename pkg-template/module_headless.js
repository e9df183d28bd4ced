// The headless package's core.js: module.js without the launcher.
import { driver } from "./drive.js";

export { default, SupportChat } from "./glue.js";
export const drive = driver(null);
