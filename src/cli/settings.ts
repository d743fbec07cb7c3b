/** Options: what many are made by, and those that many commands take. */
import * as Flag from "effect/cli/Flag"
import * as GlobalFlag from "effect/cli/GlobalFlag"

/** An option with a text that may be left out. */
export const optional = (name: string, metavar: string, description: string) =>
  Flag.String(name).pipe(Flag.withMetavar(metavar), Flag.withDescription(description), Flag.optional)

/** An option that may be repeated, each time with another name, an equals sign and a value: the values by their names. */
export const pairs = (name: string, metavar: string, description: string) =>
  Flag.String(name).pipe(
    Flag.withMetavar(metavar),
    Flag.withDescription(`${description} May be repeated.`),
    Flag.filter(
      (text) => text.indexOf("=") > 0,
      () => metavar
    ),
    Flag.atLeast(0),
    Flag.map((texts) =>
      texts.map((text) => [text.slice(0, text.indexOf("=")), text.slice(text.indexOf("=") + 1)] as const)
    ),
    Flag.filter(
      (entries) => new Set(entries.map(([name]) => name)).size === entries.length,
      () => "each name once"
    ),
    Flag.map((entries): Readonly<Record<string, string>> => Object.fromEntries(entries))
  )

/** A port of this machine; 0 is any that is free. */
export const port = (description: string) =>
  Flag.Int("port").pipe(
    Flag.withMetavar("PORT"),
    Flag.filter(
      (value) => value >= 0 && value < 65_536,
      () => "a number from 0 to 65535"
    ),
    Flag.withDescription(description)
  )

/** An address of this machine. Node takes an empty one for all of them. */
export const host = (description: string) =>
  Flag.String("host").pipe(
    Flag.withMetavar("HOST"),
    Flag.filter(
      (value) => value.trim() !== "",
      () => "an address"
    ),
    Flag.withDefault("127.0.0.1"),
    Flag.withDescription(description)
  )

/** Whether programs read what is said. */
export const Json = GlobalFlag.Setting("json")({
  flag: Flag.Boolean("json").pipe(
    Flag.withDefault(false),
    Flag.withDescription("Print answers and errors as JSON.")
  )
})
