/**
 * What an editor shows of the doors: every field says what it is for, and an operation goes by short names.
 */
import { assert, describe, it } from "@effect/vitest"
import ts from "typescript"
import { isPublic, openDoors } from "../../scripts/surface.js"

const { checker, doors, exported } = openDoors()

const typesOf = (symbol: ts.Symbol): ReadonlyArray<ts.Type> => [
  ...(symbol.flags & ts.SymbolFlags.Value ? [checker.getTypeOfSymbol(symbol)] : []),
  ...(symbol.flags & ts.SymbolFlags.Type ? [checker.getDeclaredTypeOfSymbol(symbol)] : [])
]

const argumentsOf = (type: ts.Type): ReadonlyArray<ts.Type> =>
  (type as ts.ObjectType).objectFlags & ts.ObjectFlags.Reference
    ? checker.getTypeArguments(type as ts.TypeReference)
    : []

/** The types that a type is written with. */
const partsOf = (type: ts.Type): ReadonlyArray<ts.Type> => [
  ...(type.isUnionOrIntersection() ? type.types : []),
  ...(type.aliasTypeArguments ?? []),
  ...argumentsOf(type),
  ...type
    .getCallSignatures()
    .flatMap((call) => [...call.parameters.map((one) => checker.getTypeOfSymbol(one)), call.getReturnType()])
]

/** Not what a base of somebody else's declares, such as the message of an error. */
const isOwn = (declaration: ts.Declaration): boolean =>
  !(ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Override)

/** Every field that the doors lead to and that we declare, with the path on which it was met first. */
const fieldsOf = (): ReadonlyMap<ts.Declaration, readonly [path: string, symbol: ts.Symbol]> => {
  const fields = new Map<ts.Declaration, readonly [path: string, symbol: ts.Symbol]>()
  const seen = new Set<ts.Type>()
  const visit = (path: string, type: ts.Type): void => {
    if (seen.has(type)) return
    seen.add(type)
    for (const part of partsOf(type)) visit(path, part)
    for (const symbol of checker.getPropertiesOfType(type).filter(isPublic)) {
      const [declaration] = symbol.declarations ?? []
      const name = `${path}.${symbol.name}`
      if (declaration && isOwn(declaration) && !fields.has(declaration))
        fields.set(declaration, [name, symbol])
      visit(name, checker.getTypeOfSymbol(symbol))
    }
  }
  for (const { name, symbol } of exported) {
    if (!(symbol.flags & ts.SymbolFlags.ValueModule)) for (const type of typesOf(symbol)) visit(name, type)
  }
  return fields
}

/** Where it stands: `src/schemas/aws/Credentials.ts:33 Credentials.source`. */
const placeOf = (declaration: ts.Declaration, path: string): string => {
  const file = declaration.getSourceFile()
  const { line } = file.getLineAndCharacterOfPosition(declaration.getStart())
  return `${file.fileName.replace(/^.*\/src\//, "src/")}:${line + 1} ${path}`
}

/** The operations of a cloud: each has a value `AssumeRoleOperation` and a function `assumeRole`. */
const operationsOf = (cloud: string) => {
  const door = doors.find(({ name }) => name === `effect-sts/${cloud}`)
  const all = new Map(door && checker.getExportsOfModule(door.symbol).map((one) => [one.name, one]))
  const typeOf = (name: string): ts.Type => {
    const symbol = all.get(name)
    assert.isDefined(symbol, name)
    const aliased = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
    return checker.getTypeOfSymbol(aliased)
  }
  return [...all.keys()].flatMap((request) => {
    const name = /^(.+)Request$/.exec(request)?.[1]
    if (name === undefined) return []
    const [call] = typeOf(name.replace(/^./, (first) => first.toLowerCase())).getCallSignatures()
    const authentication = typeOf(`${name}Operation`).getProperty("authentication")
    return call && authentication
      ? [{ call, name, signed: printed(checker.getTypeOfSymbol(authentication)) === '"signed"' }]
      : []
  })
}

const printed = (type: ts.Type): string => checker.typeToString(type)

/** A union as it is printed, in an order of its own. */
const partsPrinted = (type: ts.Type | undefined): ReadonlyArray<string> =>
  type === undefined ? [] : printed(type).split(" | ").sort()

describe("an editor", { timeout: 300_000 }, () => {
  it("documents every public field", { timeout: 300_000 }, () => {
    const fields = [...fieldsOf()]
    assert.isAbove(fields.length, 800)
    const without = fields.flatMap(([declaration, [path, symbol]]) =>
      symbol.getDocumentationComment(checker).length > 0 ? [] : [placeOf(declaration, path)]
    )
    assert.deepStrictEqual(without, [])
  })

  for (const [cloud, count, ...signing] of [
    ["alibaba", 4, "AlibabaCredentialProvider", "AlibabaSigner"],
    ["aws", 11, "AwsCredentialProvider", "AwsSigner"]
  ] as const) {
    it(`prints each operation of ${cloud} by short names`, () => {
      const operations = operationsOf(cloud)
      assert.strictEqual(operations.length, count)
      for (const { call, name, signed } of operations) {
        // A rest parameter, whose only element is the request.
        const [input] = call.parameters.flatMap((one) => argumentsOf(checker.getTypeOfSymbol(one)))
        const [response, error, requirements] = argumentsOf(call.getReturnType())
        assert.deepStrictEqual(partsPrinted(input && checker.getNonNullableType(input)), [
          `${name}Input`,
          `${name}Request`
        ])
        assert.deepStrictEqual(partsPrinted(response), [`${name}Response`])
        assert.match(error ? printed(error) : "", signed ? /^SignedError</ : /^AnonymousError</)
        assert.deepStrictEqual(partsPrinted(requirements), [...(signed ? signing : []), "HttpClient"])
      }
    })
  }
})
