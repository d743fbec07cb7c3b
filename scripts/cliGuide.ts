/** What the guide to the program tells of its commands and of how they end, as the commands themselves have it. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as CliOutput from "effect/cli/CliOutput"
import * as Command from "effect/cli/Command"
import type { FlagDoc, HelpDoc } from "effect/cli/HelpDoc"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { whole } from "../src/cli/commands.js"
import { kinds } from "../src/cli/endings.js"
import { load } from "../src/cli/root.js"

/** A command, by the words that call it, and its help. */
export interface Documented {
  readonly path: ReadonlyArray<string>
  readonly doc: HelpDoc
}

const helpOf = (root: Awaited<ReturnType<typeof load>>, path: ReadonlyArray<string>): Promise<HelpDoc> =>
  new Promise((resolve, reject) => {
    const presenter: CliOutput.Presenter = {
      present: (event) =>
        Effect.sync(() => {
          if (event._tag === "Help") resolve(event.helpDoc)
        })
    }
    Effect.runPromise(
      Command.runWith(root, { version: "" })([...path, "--help"]).pipe(
        Effect.provideService(CliOutput.Presenter, presenter),
        Effect.provide(NodeServices.layer)
      ) as Effect.Effect<void, unknown>
    ).catch(reject)
  })

const subcommands = ({ subcommands = [] }: HelpDoc): ReadonlyArray<string> =>
  subcommands.flatMap(({ commands }) => commands.map(({ name }) => name))

/** Every command without subcommands, in order. */
export const documentedCommands = async (): Promise<ReadonlyArray<Documented>> => {
  const root = await load(whole.loaders, () => true)
  const walk = async (path: ReadonlyArray<string>): Promise<ReadonlyArray<Documented>> => {
    const doc = await helpOf(root, path)
    const below = subcommands(doc)
    if (below.length === 0) return [{ path, doc }]
    const found = await Promise.all(below.map((name) => walk([...path, name])))
    return found.flat()
  }
  return walk([])
}

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("<", "&lt;")

const optionOf = ({ name, type }: FlagDoc): string => (type === "boolean" ? `--${name}` : `--${name} ${type}`)

const told = ({ description }: FlagDoc): string => Option.getOrElse(description, () => "")

const table = (flags: ReadonlyArray<FlagDoc>): string =>
  [
    "| option | meaning |",
    "|---|---|",
    ...flags.map((flag) => `| \`${cell(optionOf(flag))}\` | ${cell(told(flag))} |`)
  ].join("\n")

/** Options of so many commands are told of once. */
const many = 6

// One of the same name that means something else is told of where it is.
const identity = (flag: FlagDoc): string => `${flag.name} ${told(flag)}`

const shared = (commands: ReadonlyArray<Documented>): ReadonlyArray<FlagDoc> => {
  const all = commands.flatMap(({ doc }) => doc.flags)
  const counts = new Map<string, number>()
  for (const flag of all) counts.set(identity(flag), (counts.get(identity(flag)) ?? 0) + 1)
  const first = new Map(all.map((flag) => [identity(flag), flag]))
  return [...first.values()].filter((flag) => (counts.get(identity(flag)) ?? 0) >= many)
}

const section = ({ doc, path }: Documented, common: ReadonlyArray<FlagDoc>): string => {
  const names = new Set(common.map(identity))
  const own = doc.flags.filter((flag) => !names.has(identity(flag)))
  const others = doc.flags.filter((flag) => names.has(identity(flag)))
  const args = (doc.args ?? []).map(
    ({ description, name }) => `\`${name}\`: ${Option.getOrElse(description, () => "")}`
  )
  return [
    `### effect-sts ${path.join(" ")}`,
    doc.description,
    ...args,
    ...(own.length === 0 ? [] : [table(own)]),
    ...(others.length === 0 ? [] : [`Also ${others.map(({ name }) => `\`--${name}\``).join(", ")}.`])
  ].join("\n\n")
}

/** What stands below the headings of the guide. */
export const parts = async () => {
  const commands = await documentedCommands()
  const common = shared(commands)
  return {
    statuses: [
      "| status | error | meaning |",
      "|---|---|---|",
      ...kinds.map(
        ({ meaning, status, tags }) =>
          `| ${status} | ${tags.map((tag) => `\`${tag}\``).join(", ")} | ${meaning} |`
      )
    ].join("\n"),
    options: table(common),
    commands: commands.map((command) => section(command, common)).join("\n\n")
  }
}

/** The guide with these parts as they should be. */
export const writtenGuide = async (guide: string): Promise<string> =>
  Object.entries(await parts()).reduce(
    (text, [name, part]) =>
      text.replace(
        new RegExp(`(<!-- ${name} -->\\n)[^]*?(<!-- end of ${name} -->)`),
        (_, start, end) => `${start}\n${part}\n\n${end}`
      ),
    guide
  )
