/**
 * Follows an endpoint rule set of the vendor's, as far as the one of STS goes.
 */

/** What a rule set is asked. */
export interface Parameters {
  readonly Region?: string | undefined
  readonly UseFIPS?: boolean | undefined
  readonly UseDualStack?: boolean | undefined
  readonly UseGlobalEndpoint?: boolean | undefined
  readonly Endpoint?: string | undefined
}

/** What it answers. */
export interface Outcome {
  readonly endpoint?: {
    readonly url: string
    readonly properties?: {
      readonly authSchemes?: ReadonlyArray<{ readonly signingName: string; readonly signingRegion: string }>
    }
  }
  readonly error?: string
}

export interface Table {
  readonly partitions: ReadonlyArray<{
    readonly id: string
    readonly outputs: Readonly<Record<string, unknown>>
    readonly regionRegex: string
    readonly regions: Readonly<Record<string, unknown>>
  }>
}

interface Condition {
  readonly fn: string
  readonly argv: ReadonlyArray<Argument>
  readonly assign?: string
}

type Argument = boolean | string | { readonly ref: string } | Condition

export interface Rule {
  readonly conditions: ReadonlyArray<Condition>
  readonly rules?: ReadonlyArray<Rule>
  readonly endpoint?: NonNullable<Outcome["endpoint"]> | { readonly url: { readonly ref: string } }
  readonly error?: string
}

type Scope = Readonly<Record<string, unknown>>

const partition = ({ partitions }: Table, region: unknown): unknown => {
  const name = String(region)
  const found =
    partitions.find(({ regions }) => name in regions) ??
    partitions.find(({ regionRegex }) => new RegExp(regionRegex).test(name)) ??
    partitions.find(({ id }) => id === "aws")
  return found?.outputs
}

const attribute = (value: unknown, name: unknown): unknown => (value as Scope)[String(name)]

const call = (table: Table, scope: Scope, { argv, fn }: Condition): unknown => {
  const [first, second] = argv.map((argument) => {
    if (typeof argument !== "object") return argument
    return "ref" in argument ? scope[argument.ref] : call(table, scope, argument)
  })
  switch (fn) {
    case "isSet":
      return first !== undefined
    case "not":
      return first !== true
    case "booleanEquals":
    case "stringEquals":
      return first === second
    case "aws.partition":
      return partition(table, first)
    case "getAttr":
      return attribute(first, second)
    default:
      throw new Error(`the rules use ${fn}`)
  }
}

const fill = (template: string, scope: Scope): string =>
  template.replace(/\{(\w+)(?:#(\w+))?\}/g, (_, name: string, part?: string) =>
    String(part === undefined ? scope[name] : attribute(scope[name], part))
  )

const follow = (rules: ReadonlyArray<Rule>, table: Table, outer: Scope): Outcome | undefined => {
  for (const { conditions, endpoint, error, rules: inner } of rules) {
    const scope: Record<string, unknown> = { ...outer }
    const holds = conditions.every((condition) => {
      const value = call(table, scope, condition)
      if (condition.assign !== undefined) scope[condition.assign] = value
      return value !== undefined && value !== false
    })
    if (!holds) continue
    if (error !== undefined) return { error }
    if (inner !== undefined) return follow(inner, table, scope)
    if (endpoint === undefined) continue
    if (typeof endpoint.url !== "string") return { endpoint: { url: String(scope[endpoint.url.ref]) } }
    const text = fill(JSON.stringify(endpoint), scope)
    return { endpoint: JSON.parse(text) as NonNullable<Outcome["endpoint"]> }
  }
  return undefined
}

/** The endpoint that the rules lead to, or their error. */
export const evaluate = (rules: ReadonlyArray<Rule>, table: Table, params: Parameters): Outcome =>
  follow(rules, table, { ...params }) ?? { error: "no rule applies" }
