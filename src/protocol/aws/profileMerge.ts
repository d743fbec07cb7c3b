/** AWS's shared config and credentials files as one. */
import { keys } from "./credentialSettings.js"
import type { Note, Section, Sections } from "./profileFile.js"

/** A file that is not there. */
export const empty: Sections = { profiles: new Map(), ssoSessions: new Map(), services: new Map(), notes: [] }

type Settings = Section["settings"]

/** Whether a file has part in a profile's key pair. A token that is blank is none. */
const statesPair = (settings: Settings): boolean =>
  settings.has(keys.id) ||
  settings.has(keys.secret) ||
  [keys.token, keys.oldToken].some((key) => (settings.get(key)?.value ?? "") !== "")

// Id, secret and token belong together: parts of two pairs are nobody's credentials, or somebody else's.
const settingsOf = (config: Settings, credentials: Settings): Settings => {
  const settings = new Map([...config, ...credentials])
  if (!statesPair(config)) return settings
  const pair = statesPair(credentials) ? credentials : config
  for (const key of Object.values(keys)) {
    const setting = pair.get(key)
    if (setting === undefined) settings.delete(key)
    else settings.set(key, setting)
  }
  return settings
}

const together = (config: Section, credentials: Section): Section => {
  const settings = settingsOf(config.settings, credentials.settings)
  const overruled = new Map([...config.settings].filter(([key, setting]) => settings.get(key) !== setting))
  return { ...config, settings, overruled, asides: [...config.asides, ...credentials.asides] }
}

const notesOf = ({ name, overruled = new Map(), settings }: Section): ReadonlyArray<Note> =>
  [...overruled].map(([key, { file, line }]) => {
    const by = settings.get(key)
    const detail =
      by === undefined
        ? "the credentials file states a key pair, which counts with what stands beside it alone"
        : `${by.file}:${by.line} states it too and counts instead`
    return { about: "overruled", file, line, detail, profile: name, key }
  })

/**
 * Both files as one: a setting that both state counts as the credentials file states it, and a key pair counts as one
 * file states it, with its own token.
 */
export const merge = (config: Sections, credentials: Sections): Sections => {
  const profiles = new Map(config.profiles)
  for (const [name, section] of credentials.profiles) {
    const known = profiles.get(name)
    profiles.set(name, known === undefined ? section : together(known, section))
  }
  return {
    profiles,
    ssoSessions: config.ssoSessions,
    services: config.services,
    notes: [...config.notes, ...credentials.notes, ...Array.from(profiles.values()).flatMap(notesOf)]
  }
}
