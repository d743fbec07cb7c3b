/**
 * What becomes of each trouble with a file, by what the file is for.
 */
import type { FileTrouble } from "./fileTroubles.js"
import type { Outcome } from "./watch.js"
import type { Listed } from "./withSource.js"

type Outcomes = Readonly<Record<FileTrouble, Outcome>>

const most: Outcomes = {
  missing: "Unreadable",
  "a folder": "Unreadable",
  "no permission": "Unreadable",
  empty: "Malformed",
  "blank lines": "Malformed",
  binary: "Malformed",
  // Half of a value may be a value: all that can be said is that nobody else's are given.
  "cut in the middle": "an error or its credentials",
  "NUL bytes": "Malformed",
  "a long way to it": "its credentials",
  "UTF-16": "Malformed",
  "a byte order mark": "its credentials",
  CRLF: "its credentials",
  "read by everybody": "its credentials"
}

/** A file that nobody named and that cannot be read counts as none. */
const unnamed: Outcomes = {
  ...most,
  missing: "NotConfigured",
  "a folder": "NotConfigured",
  "no permission": "NotConfigured"
}

/** Where there is no profile there is none to use: a chain goes on. */
const profiles: Outcomes = {
  ...unnamed,
  empty: "NotConfigured",
  "blank lines": "NotConfigured"
}

const kinds: ReadonlyArray<readonly [path: RegExp, outcomes: Outcomes]> = [
  [/\.aws\/config$|\.alibabacloud/, profiles],
  [/\.aliyun/, unnamed],
  // Nobody has signed in here.
  [/\/cache\//, { ...most, missing: "Expired" }]
]

/** The profile of these keys is what a role is over, or all that there is. */
const keys = (isBase: boolean): Outcomes =>
  isBase
    ? {
        ...profiles,
        missing: "UnknownProfile",
        "a folder": "UnknownProfile",
        "no permission": "UnknownProfile",
        empty: "UnknownProfile",
        "blank lines": "UnknownProfile"
      }
    : profiles

/** What a container's endpoint wants to see is a header as it stands, but for one line break at its end. */
const headerFile: Outcomes = { ...most, empty: "Incomplete", "a long way to it": "Malformed" }

const ofFile = ({ name, place }: Listed, path: string): Outcomes => {
  if (path === ".aws/credentials") return keys(place !== path)
  if (name.startsWith("container")) return headerFile
  return kinds.find(([pattern]) => pattern.test(path))?.[1] ?? most
}

/** The outcomes where this file of a source has trouble. */
export const outcomesOfFile = (listed: Listed, path: string): Readonly<Record<string, Outcome>> =>
  Object.fromEntries(
    Object.entries(ofFile(listed, path)).map(([trouble, outcome]) => [
      trouble,
      outcome === "NotConfigured" && listed.name.startsWith("default chain")
        ? "those of somebody else"
        : outcome
    ])
  )
