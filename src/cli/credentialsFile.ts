/** AWS's shared credentials file: one profile is replaced, and every other line stays as it is. */
import { randomBytes } from "node:crypto"
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeSync
} from "node:fs"
import { homedir } from "node:os"
import { dirname, join } from "node:path"
import process from "node:process"
import * as Effect from "effect/Effect"
import { ProgramError } from "./failure.js"

/** What a profile states; a key without a value is taken out. */
export type Keys = Readonly<Record<string, string | undefined>>

const header = /^\s*\[([^\]]*)\]/

const keyOf = (line: string): string | undefined => /^([^\s=#;][^=]*?)\s*=/.exec(line)?.[1]?.toLowerCase()

/** A credentials file with a profile that states these keys; its other keys and its comments stay. */
export const withProfile = (text: string, profile: string, keys: Keys): string => {
  const newline = text.includes("\r\n") ? "\r\n" : "\n"
  const stated = Object.entries(keys).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key} = ${value}`]
  )
  const lines = text === "" ? [] : text.split(/\r?\n/)
  const kept: Array<string> = []
  let inside = false
  let written = false
  for (const line of lines) {
    const section = header.exec(line)?.[1]?.trim()
    if (section !== undefined) inside = section === profile
    const replaced = inside && Object.hasOwn(keys, keyOf(line) ?? "")
    if (!replaced) kept.push(line)
    if (section !== undefined && inside && !written) {
      kept.push(...stated)
      written = true
    }
  }
  if (written) return kept.join(newline)
  const before = kept.length > 0 && kept.at(-1) === "" ? kept.slice(0, -1) : kept
  return [...before, ...(before.length > 0 ? [""] : []), `[${profile}]`, ...stated, ""].join(newline)
}

/** The keys that a profile states. */
const keysIn = (text: string, profile: string): ReadonlySet<string | undefined> => {
  let section: string | undefined
  const found = new Set<string | undefined>()
  for (const line of text.split(/\r?\n/)) {
    section = header.exec(line)?.[1]?.trim() ?? section
    if (section === profile) found.add(keyOf(line))
  }
  return found
}

/** Whether a profile holds keys that nobody gives a second time. */
const holdsLongTermKeys = (text: string, profile: string): boolean => {
  const keys = keysIn(text, profile)
  return keys.has("aws_secret_access_key") && !keys.has("aws_session_token")
}

const existing = (file: string): { readonly target: string; readonly text: string } => {
  try {
    const target = realpathSync(file)
    return { target, text: readFileSync(target, "utf8") }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error
    return { target: file, text: "" }
  }
}

// In one go, so that nothing is left half-written by who presses Ctrl-C.
const replace = (file: string, change: (text: string) => string): void => {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const { target, text } = existing(file)
  const beside = `${target}.${randomBytes(6).toString("hex")}`
  const opened = openSync(beside, "wx", 0o600)
  try {
    try {
      writeSync(opened, change(text))
      fsyncSync(opened)
    } finally {
      closeSync(opened)
    }
    renameSync(beside, target)
  } catch (error) {
    rmSync(beside, { force: true })
    throw error
  }
}

/** Where the file is, or would be. */
export const credentialsFile = (): string =>
  process.env["AWS_SHARED_CREDENTIALS_FILE"] || join(homedir(), ".aws", "credentials")

/** Writes a profile into a file, which is then for its owner alone, and tells which file that is. */
export const writeProfile = (
  file: string,
  profile: string,
  keys: Keys
): Effect.Effect<string, ProgramError> =>
  Effect.try({
    try: () => {
      replace(file, (text) => {
        if (holdsLongTermKeys(text, profile))
          throw new ProgramError({
            message: `Profile ${profile} of ${file} holds long-term keys, which would be lost. Name another profile.`
          })
        return withProfile(text, profile, keys)
      })
      return file
    },
    catch: (error) =>
      error instanceof ProgramError
        ? error
        : new ProgramError({
            message: `${file} cannot be written (${(error as NodeJS.ErrnoException).code ?? "unknown reason"}).`
          })
  })
