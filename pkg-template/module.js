// What a handle fetches, built as core.js: the generated glue, and the half of the handle that needs it. One request.
import { dress } from "./dress.js";
import { driver } from "./drive.js";
import { sound } from "./sound.js";

export { default, SupportChat } from "./glue.js";
export const drive = driver(dress, sound);
