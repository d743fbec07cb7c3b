/**
 * Where credentials come from, explained to a person.
 *
 * @since 0.1.0
 */
import * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"
import { Printable } from "../protocol/scrub.js"
import { UtcFromText } from "./Codec.js"
import { Cloud, configuredAt, optionalString } from "./ErrorFields.js"

/**
 * A setting by its name; its value is not told.
 *
 * @category models
 * @since 4.0.0
 */
export const StatedSetting = Schema.Struct({
  /** The variable, or the file's key. */
  key: Schema.String,
  ...configuredAt
})

/**
 * A setting by its name; its value is not told.
 *
 * @category models
 * @since 4.0.0
 */
export type StatedSetting = typeof StatedSetting.Type

/**
 * One of the sources, in the order in which they are asked.
 *
 * @category models
 * @since 0.1.0
 */
export const SourceReport = Schema.Struct({
  /** The source's name, for example `environment`. */
  source: Schema.String,
  /** What became of it: its credentials are used, nothing is set for it, it failed, or an earlier one was used. */
  outcome: Schema.Literals(["used", "not-configured", "failed", "not-reached"]),
  /** Why, in words. */
  detail: Schema.String,
  /** What to do about it. */
  hint: optionalString,
  /** What is set for it and counts. */
  settings: Schema.Array(StatedSetting),
  ...configuredAt
})

/**
 * One of the sources, in the order in which they are asked.
 *
 * @category models
 * @since 0.1.0
 */
export type SourceReport = typeof SourceReport.Type

/**
 * A setting that may not do what it seems to: another setting takes precedence (`shadowed`), nothing reads it
 * (`unknown`), or other tools treat it differently (`elsewhere`).
 *
 * @category models
 * @since 0.1.0
 */
export const SettingNote = Schema.Struct({
  /** Why it does not: `shadowed`, `unknown` or `elsewhere`. */
  kind: Schema.Literals(["shadowed", "unknown", "elsewhere"]),
  /** The variable, or the file's key. */
  key: Schema.String,
  /** What is wrong with it, in words. */
  detail: Schema.String,
  /** The source that it is for, by its name; absent where it is for calls. */
  source: optionalString,
  ...configuredAt
})

/**
 * A setting that may not do what it seems to.
 *
 * @category models
 * @since 0.1.0
 */
export type SettingNote = typeof SettingNote.Type

const where = ({ file, line }: { readonly file?: string | undefined; readonly line?: number | undefined }) =>
  file === undefined ? "" : ` (${file}${line === undefined ? "" : `:${line}`})`

const marks: Readonly<Record<SourceReport["outcome"], string>> = {
  used: "✓",
  "not-configured": "○",
  failed: "✗",
  "not-reached": "·"
}

/** A line, and those below it. */
type Branch = readonly [line: string, ...below: ReadonlyArray<string>]

const tree = (branches: ReadonlyArray<Branch>): ReadonlyArray<string> =>
  branches.flatMap(([line, ...below], index) => {
    const [own, rest] = index === branches.length - 1 ? ["└─", "   "] : ["├─", "│  "]
    return [`${own} ${line}`, ...tree(below.map((one) => [one])).map((twig) => rest + twig)]
  })

const noteLine = (note: SettingNote): string => `${note.kind} ${note.key}${where(note)}: ${note.detail}`

const branchOf = (report: SourceReport, notes: ReadonlyArray<SettingNote>): Branch => {
  const { detail, hint, outcome, settings, source } = report
  const verb = outcome === "not-reached" ? "set" : "read"
  return [
    `${marks[outcome]} ${source}: ${detail}${where(report)}${hint === undefined ? "" : ` ${hint}`}`,
    ...settings.map((setting) => `${verb} ${setting.key}${where(setting)}`),
    ...notes.filter((note) => note.source === source).map(noteLine)
  ]
}

/**
 * Which source gives credentials and why, and what else is set. It contains no secret.
 *
 * @category models
 * @since 0.1.0
 */
export class Explanation extends Printable(
  Schema.Class<Explanation>("effect-sts/Explanation")({
    /** The cloud whose credentials are explained. */
    cloud: Cloud,
    /** Every source, in the order in which they are asked. */
    sources: Schema.Array(SourceReport),
    /** What the program would use; absent where no source gives any. */
    credentials: Schema.optional(
      Schema.Struct({
        /** The id of the access key; no secret. */
        accessKeyId: Schema.String,
        /** The source that gave them, by its name. */
        source: Schema.String,
        /** The account the key belongs to, where the source tells it. */
        accountId: optionalString,
        /** When they end; absent where they never do. */
        expiration: Schema.optional(UtcFromText)
      })
    ),
    /** The region that is called, and where it was stated. */
    region: Schema.optional(
      Schema.Struct({
        /** For example `eu-central-1`. */
        value: Schema.String,
        /** The variable, or the file's key. */
        from: Schema.String
      })
    ),
    /** Where calls go; absent where they fail. */
    endpoint: Schema.optional(
      Schema.Struct({
        /** For example `https://sts.eu-central-1.amazonaws.com/`. */
        url: Schema.String,
        /** The variable, or the file's key, that states it; absent where the region leads there. */
        from: optionalString
      })
    ),
    /** Why calls fail before anything is sent, whatever the credentials; absent where they do not. */
    problem: optionalString,
    /** Settings to look at. */
    notes: Schema.Array(SettingNote)
  })
) {
  /** The explanation as lines for a terminal: each source, and below it what is set for it. */
  render(): string {
    const { credentials, endpoint, problem, region } = this
    const chosen =
      credentials === undefined
        ? "No credentials."
        : [
            `Access key ${credentials.accessKeyId} from ${credentials.source}`,
            credentials.accountId === undefined ? "" : `, account ${credentials.accountId}`,
            credentials.expiration === undefined
              ? ""
              : `, until ${DateTime.formatIso(credentials.expiration)}`,
            "."
          ].join("")
    const own = new Set(this.sources.map(({ source }) => source))
    const others = this.notes.filter(({ source }) => source === undefined || !own.has(source))
    return [
      chosen,
      ...tree(this.sources.map((report) => branchOf(report, this.notes))),
      "",
      region === undefined ? "No region." : `Region ${region.value} from ${region.from}.`,
      ...(endpoint === undefined
        ? []
        : [`Calls go to ${endpoint.url}${endpoint.from === undefined ? "" : ` from ${endpoint.from}`}.`]),
      ...(problem === undefined ? [] : [`Calls fail: ${problem}`]),
      ...(others.length === 0 ? [] : ["", "Other settings:", ...tree(others.map((note) => [noteLine(note)]))])
    ].join("\n")
  }

  /** The same as {@link render}. */
  override toString(): string {
    return this.render()
  }
}
