/**
 * Where credentials come from, told to a person.
 *
 * @since 0.1.0
 */
import * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"
import { Printable } from "../protocol/scrub.js"
import { UtcFromText } from "./Codec.js"
import { Cloud } from "./StsError.js"

const optionalString = Schema.optional(Schema.String)

const place = {
  file: optionalString,
  line: Schema.optional(Schema.Int)
}

/**
 * One source, in the order they are asked.
 *
 * @category models
 * @since 0.1.0
 */
export const SourceReport = Schema.Struct({
  source: Schema.String,
  outcome: Schema.Literals(["used", "not configured", "failed", "not reached"]),
  detail: Schema.String,
  hint: optionalString,
  ...place
})

/**
 * One source, in the order they are asked.
 *
 * @category models
 * @since 0.1.0
 */
export type SourceReport = typeof SourceReport.Type

/**
 * Something that is set and does not do what somebody may think: another setting counts instead (`shadowed`), nobody
 * reads it (`unknown`), or other tools take it otherwise (`elsewhere`).
 *
 * @category models
 * @since 0.1.0
 */
export const SettingNote = Schema.Struct({
  kind: Schema.Literals(["shadowed", "unknown", "elsewhere"]),
  key: Schema.String,
  detail: Schema.String,
  ...place
})

/**
 * Something that is set and does not do what somebody may think.
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
 * Which source gives credentials and why, and what else is set. It holds no secret.
 *
 * @category models
 * @since 0.1.0
 */
export class Explanation extends Printable(
  Schema.Class<Explanation>("effect-sts/Explanation")({
    cloud: Cloud,
    sources: Schema.Array(SourceReport),
    credentials: Schema.optional(
      Schema.Struct({
        accessKeyId: Schema.String,
        source: Schema.String,
        accountId: optionalString,
        expiration: Schema.optional(UtcFromText)
      })
    ),
    /** The region of calls and where it was stated. */
    region: Schema.optional(Schema.Struct({ value: Schema.String, from: Schema.String })),
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
