/** What to say of settings that do not do what somebody may think, whatever the cloud. */
import type { SettingNote } from "../schemas/Explanation.js"
import { meant } from "./misspelling.js"

/** What is known of a program's settings. */
export interface Facts {
  /** The variables that are set and not blank. */
  readonly set: ReadonlySet<string>
  /** The source that gave credentials. */
  readonly chosen: string | undefined
}

/** A note, and when it is worth saying. */
export interface Rule {
  readonly kind: SettingNote["kind"]
  /** The variable that the note is about, which must be set. */
  readonly key: string
  readonly detail: string
  readonly when: (facts: Facts) => boolean
}

/** The notes whose time it is. */
export const notesBy = (rules: ReadonlyArray<Rule>, facts: Facts): ReadonlyArray<SettingNote> =>
  rules
    .filter(({ key, when }) => facts.set.has(key) && when(facts))
    .map(({ detail, key, kind }) => ({ kind, key, detail }))

/** Notes on names that nobody reads and that look like a slip. */
export const slips = (names: Iterable<string>, known: ReadonlySet<string>): ReadonlyArray<SettingNote> =>
  [...names].flatMap((name) => {
    const other = known.has(name) ? undefined : meant(name, known)
    return other === undefined
      ? []
      : [{ kind: "unknown" as const, key: name, detail: `nobody reads it; ${other} may be meant` }]
  })
