/** The program on this machine, as it and what starts it know it: which version, and where it keeps what can be had again. */
import { homedir } from "node:os"
import { isAbsolute, join } from "node:path"
import process from "node:process"

// The build puts it in.
declare const VERSION: string | undefined

/** The version of the package that the program came with. */
export const version = typeof VERSION === "string" ? VERSION : "from source"

/** A folder of this user's. As the XDG Base Directory Specification has it, a path from the folder at hand is no answer. */
export const cacheFolder = (name: "compiled" | "credentials"): string => {
  const stated = process.env["XDG_CACHE_HOME"] ?? ""
  return join(isAbsolute(stated) ? stated : join(homedir(), ".cache"), "effect-sts", name)
}
