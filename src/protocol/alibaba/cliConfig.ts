/**
 * The config file of the vendor's command line tool: `{"current": name, "profiles": [{"name": name, "mode": mode, ...}]}`.
 *
 * @since 0.1.0
 */
import * as Either from "effect/Either"
import { type Node, parse as parseJson, spotOf, withMembers } from "../jsonText.js"
import type { Fault, Section, Setting } from "./section.js"

/**
 * What the file states.
 *
 * @category models
 * @since 0.1.0
 */
export interface CliConfig {
  /** The profile that counts where nobody names one. */
  readonly current: { readonly name: string; readonly line: number } | undefined
  readonly profiles: ReadonlyMap<string, Section>
}

type ObjectNode = Extract<Node, { readonly kind: "object" }>

const malformed = (text: string, offset: number, detail: string): Either.Either<never, Fault> =>
  Either.left({ reason: "Malformed", detail, line: spotOf(text, offset).line })

const topOf = (text: string): Either.Either<ObjectNode, Fault> => {
  const parsed = parseJson(text)
  if (Either.isLeft(parsed)) {
    const { column, line } = parsed.left
    return Either.left({
      reason: "Malformed",
      detail: `it is no JSON from line ${line}, column ${column}`,
      line
    })
  }
  return parsed.right.kind === "object"
    ? Either.right(parsed.right)
    : malformed(text, parsed.right.start, "it is not a JSON object")
}

const plainOf = (node: Node | undefined): unknown => (node?.kind === "plain" ? node.value : node)

const listOf = (text: string, top: ObjectNode): Either.Either<ReadonlyArray<ObjectNode>, Fault> => {
  const node = top.members.get("profiles")?.node
  if (plainOf(node) === undefined || plainOf(node) === null) return Either.right([])
  if (node?.kind !== "array") return malformed(text, node?.start ?? 0, "profiles is not a list")
  const objects: Array<ObjectNode> = []
  for (const item of node.items) {
    if (item.kind !== "object") return malformed(text, item.start, "a profile is not a JSON object")
    objects.push(item)
  }
  return Either.right(objects)
}

const nameOf = (object: ObjectNode): string | undefined => {
  const name = plainOf(object.members.get("name")?.node)
  return typeof name === "string" ? name : undefined
}

const sectionOf = (text: string, object: ObjectNode, name: string): Section => ({
  name,
  line: spotOf(text, object.start).line,
  settings: new Map(
    [...object.members].map(([key, { node, start }]): [string, Setting] => [
      key,
      { value: plainOf(node), line: spotOf(text, start).line }
    ])
  )
})

/**
 * Reads the file. Of profiles with the same name the first counts, as in the vendor's tools.
 *
 * @category decoding
 * @since 0.1.0
 */
export const parse = (text: string): Either.Either<CliConfig, Fault> =>
  Either.gen(function* () {
    const top = yield* topOf(text)
    const profiles = new Map<string, Section>()
    for (const object of yield* listOf(text, top)) {
      const name = nameOf(object)
      if (name === undefined) return yield* malformed(text, object.start, "a profile has no name")
      if (!profiles.has(name)) profiles.set(name, sectionOf(text, object, name))
    }
    const member = top.members.get("current")
    const current = plainOf(member?.node)
    if (member === undefined || current === null || current === "") return { current: undefined, profiles }
    if (typeof current !== "string") return yield* malformed(text, member.start, "current is not a text")
    return { current: { name: current, line: spotOf(text, member.start).line }, profiles }
  })

/**
 * The file's text with settings of one profile changed and everything else as it was; nothing where there is no such
 * profile.
 *
 * @category encoding
 * @since 0.1.0
 */
export const update = (
  text: string,
  profile: string,
  changes: Readonly<Record<string, string | number>>
): string | undefined => {
  const objects = Either.getOrElse(
    Either.flatMap(topOf(text), (top) => listOf(text, top)),
    () => []
  )
  const object = objects.find((one) => nameOf(one) === profile)
  return object === undefined ? undefined : withMembers(text, object, changes)
}
