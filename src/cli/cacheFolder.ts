/** Where what can be had again is kept, for the program and for what starts it. */
import { homedir } from "node:os"
import { isAbsolute, join } from "node:path"
import process from "node:process"

/** A folder of this user's. As the XDG Base Directory Specification has it, a path from the folder at hand is no answer. */
export const cacheFolder = (name: "compiled" | "credentials"): string => {
  const stated = process.env["XDG_CACHE_HOME"] ?? ""
  return join(isAbsolute(stated) ? stated : join(homedir(), ".cache"), "effect-sts", name)
}
