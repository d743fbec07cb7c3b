/**
 * Where credentials come from, told to a person.
 *
 * @since 0.1.0
 */
import * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"
import { Printable } from "../protocol/scrub.js"
import { UtcFromText } from "./Codec.js"
import { Cloud, configuredAt, optionalString } from "./ErrorFields.js"

/**
 * One source, in the order they are asked.
 *
 * @category models
 * @since 0.1.0
 */
export const SourceReport = Schema.Struct({
  /** The source's name, for example `environment`. */
  source: Schema.String,
  /** What became of it: its credentials are used, nothing is set for it, it failed, or an earlier one was used. */
  outcome: Schema.Literals(["used", "not configured", "failed", "not reached"]),
  /** Why, in words. */
  detail: Schema.String,
  /** What to do about it. */
  hint: optionalString,
  ...configuredAt
})

/**
 * One source, in the order they are asked.
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
  /** What becomes of it: `shadowed`, `unknown` or `elsewhere`. */
  kind: Schema.Literals(["shadowed", "unknown", "elsewhere"]),
  /** The variable, or the file's key. */
  key: Schema.String,
  /** What is the matter with it, in words. */
  detail: Schema.String,
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
  "not configured": "-",
  failed: "✗",
  "not reached": "·"
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
    /** Every source, in the order they are asked. */
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
    /** The region of calls and where it was stated. */
    region: Schema.optional(
      Schema.Struct({
        /** For example `eu-central-1`. */
        value: Schema.String,
        /** The variable, or the file's key. */
        from: Schema.String
      })
    ),
    /** Settings to look at. */
    notes: Schema.Array(SettingNote)
  })
) {
  /** The explanation as lines for a terminal. */
  render(): string {
    const { credentials, region } = this
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
    return [
      chosen,
      region === undefined ? "No region." : `Region ${region.value} from ${region.from}.`,
      "",
      "Sources, in order:",
      ...this.sources.map(
        (report) =>
          `  ${marks[report.outcome]} ${report.source}: ${report.detail}${where(report)}${report.hint === undefined ? "" : ` ${report.hint}`}`
      ),
      ...(this.notes.length === 0 ? [] : ["", "Settings to look at:"]),
      ...this.notes.map((note) => `  ${note.kind} ${note.key}${where(note)}: ${note.detail}`)
    ].join("\n")
  }

  /** The same as {@link render}. */
  override toString(): string {
    return this.render()
  }
}
