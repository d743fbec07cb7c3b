/**
 * What the doors hand out, as one line of text for each export and each member of it, with its type. Types go by their
 * names, without the files they come from: a file may move and nothing changes here. Run, it writes test/tooling/surface.txt.
 */
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import ts from "typescript"
import { programOf } from "./effect3/declarations.mjs"

const root = fileURLToPath(new URL("..", import.meta.url))

/** Where it is recorded. */
export const path = join(root, "test/tooling/surface.txt")

/** An alias is told by its name where the compiler has only its words, if these are longer than that. */
const shortest = 12

const byText = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)

const printer = ts.createPrinter({ removeComments: true })
const nowhere = ts.createSourceFile("types.ts", "", ts.ScriptTarget.Latest)

const oneLine = (node: ts.Node): string =>
  printer.printNode(ts.EmitHint.Unspecified, node, nowhere).replace(/\s+/g, " ")

const sorted = <N extends ts.Node>(nodes: Iterable<N>): ReadonlyArray<N> =>
  [...nodes].sort((one, other) => byText(oneLine(one), oneLine(other)))

const target = (checker: ts.TypeChecker, symbol: ts.Symbol): ts.Symbol =>
  symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol

const isOurs = (symbol: ts.Symbol): boolean =>
  symbol.declarations?.some((one) => one.getSourceFile().fileName.startsWith(join(root, "src"))) ?? false

/** Whether a member is one that we declare and show. */
export const isPublic = (member: ts.Symbol): boolean =>
  isOurs(member) &&
  member.name !== "prototype" &&
  !member.declarations?.some(
    (one) => ts.getCombinedModifierFlags(one) & ts.ModifierFlags.NonPublicAccessibilityModifier
  )

const isDeclaredType = ({ flags }: ts.Symbol): boolean =>
  (flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias)) !== 0

/** Types as texts that depend on nothing but the types. */
const textsOf = (checker: ts.TypeChecker) => {
  const names = new Map<string, string>()
  const shown = new Set<ts.Symbol>()

  /**
   * The members of unions and objects in an order of their own, since the compiler's is that in which it met them; an
   * alias by its name; and no names for the parts of a parameter.
   */
  const settled = (node: ts.Node, whole: boolean): ts.Node => {
    const { transformed } = ts.transform(node, [
      (context) => (start) => {
        const ordered = (one: ts.Node): ts.Node => {
          if (ts.isUnionTypeNode(one)) return ts.factory.createUnionTypeNode(sorted(one.types))
          if (ts.isTypeLiteralNode(one)) return ts.factory.createTypeLiteralNode(sorted(one.members))
          return ts.isObjectBindingPattern(one) ? ts.factory.createIdentifier("options") : one
        }
        const visit = (one: ts.Node): ts.Node => {
          const { symbol } = one as { readonly symbol?: ts.Symbol }
          if (symbol !== undefined && isOurs(symbol) && isDeclaredType(symbol)) shown.add(symbol)
          const within = ordered(ts.visitEachChild(one, visit, context))
          const name = whole && one === start ? undefined : names.get(oneLine(within))
          return name === undefined ? within : ts.factory.createTypeReferenceNode(name)
        }
        return visit(start)
      }
    ])
    return transformed[0] ?? node
  }

  const flags =
    ts.NodeBuilderFlags.NoTruncation |
    ts.NodeBuilderFlags.IgnoreErrors |
    ts.NodeBuilderFlags.UseAliasDefinedOutsideCurrentScope

  const textOf = (node: ts.Node | undefined, whole = false): string =>
    node === undefined ? "" : oneLine(settled(node, whole))

  const typeText = (type: ts.Type): string => textOf(checker.typeToTypeNode(type, undefined, flags))

  const callText = (call: ts.Signature): string =>
    textOf(checker.signatureToSignatureDeclaration(call, ts.SyntaxKind.FunctionType, undefined, flags))

  /** What an alias stands for, and not its name again. */
  const aliasText = (alias: ts.Symbol): string => {
    const type = checker.getDeclaredTypeOfSymbol(alias)
    return textOf(checker.typeToTypeNode(type, undefined, flags | ts.NodeBuilderFlags.InTypeAlias), true)
  }

  /** Aliases whose names stand for their words from now on. */
  const name = (aliases: ReadonlyArray<ts.Symbol>) => {
    const lengths = new Map(aliases.map((alias) => [alias, aliasText(alias).length]))
    // The longer may have the shorter within them.
    for (const [alias] of [...lengths].sort(([, one], [, other]) => one - other)) {
      const text = aliasText(alias)
      if (text.length > shortest && !names.has(text)) names.set(text, alias.name)
    }
    shown.clear()
  }

  return { aliasText, callText, name, shown, typeText }
}

/** The lines of exports. */
const linesOf = (checker: ts.TypeChecker, { aliasText, callText, typeText }: ReturnType<typeof textsOf>) => {
  const parametersOf = (symbol: ts.Symbol): string => {
    const parameters = (symbol.declarations ?? []).flatMap(
      (one) => (one as Partial<ts.InterfaceDeclaration>).typeParameters ?? []
    )
    return parameters.length === 0 ? "" : `<${parameters.map((one) => one.getText()).join(", ")}>`
  }

  const properties = (name: string, found: ReadonlyArray<ts.Symbol>): ReadonlyArray<string> =>
    found
      .map((one) => {
        const optional = one.flags & ts.SymbolFlags.Optional ? "?" : ""
        return `${name}.${one.name}${optional}: ${typeText(checker.getTypeOfSymbol(one))}`
      })
      .sort(byText)

  /** What we declare of it, and not a type of somebody else's. */
  const members = (name: string, type: ts.Type): ReadonlyArray<string> =>
    properties(name, checker.getPropertiesOfType(type).filter(isPublic))

  /** A schema is the fields that it has. */
  const fieldsOf = (type: ts.Type): ts.Type | undefined => {
    const fields = checker.getPropertyOfType(type, "fields")
    return fields && checker.getTypeOfSymbol(fields)
  }

  const value = (name: string, kind: string, type: ts.Type): ReadonlyArray<string> => {
    const fields = type.getCallSignatures().length > 0 ? undefined : fieldsOf(type)
    return fields === undefined
      ? [`${kind} ${name}: ${typeText(type)}`]
      : [
          `${kind} ${name}: ${type.symbol.name}`,
          ...properties(`${name}.fields`, checker.getPropertiesOfType(fields))
        ]
  }

  const classLines = (name: string, symbol: ts.Symbol): ReadonlyArray<string> => {
    const [declaration] = (symbol.declarations ?? []).filter(ts.isClassDeclaration)
    const bases = (declaration?.heritageClauses ?? []).flatMap(({ types }) =>
      types.map(({ expression }) => checker.getTypeAtLocation(expression))
    )
    const type = checker.getTypeOfSymbol(symbol)
    const fields = fieldsOf(type)
    const over =
      fields === undefined ? bases.map((base) => ` extends ${typeText(base)}`).join("") : ", a schema"
    return [
      `class ${name}${parametersOf(symbol)}${over}`,
      ...(fields === undefined ? [] : properties(`${name}.fields`, checker.getPropertiesOfType(fields))),
      ...members(name, type),
      ...members(`${name}.prototype`, checker.getDeclaredTypeOfSymbol(symbol))
    ]
  }

  const interfaceLines = (name: string, symbol: ts.Symbol): ReadonlyArray<string> => {
    const type = checker.getDeclaredTypeOfSymbol(symbol)
    const calls = type.getCallSignatures().map((one) => `${name}: ${callText(one)}`)
    const others = checker
      .getIndexInfosOfType(type)
      .map((one) => `${name}[${typeText(one.keyType)}]: ${typeText(one.type)}`)
    return [`interface ${name}${parametersOf(symbol)}`, ...calls, ...others, ...members(name, type)]
  }

  /** A name may be both a value and a type. */
  return (name: string, symbol: ts.Symbol): ReadonlyArray<string> => {
    const { flags } = symbol
    if (flags & ts.SymbolFlags.Class) return classLines(name, symbol)
    const kind = flags & ts.SymbolFlags.Function ? "function" : "const"
    return [
      ...(flags & ts.SymbolFlags.Value ? value(name, kind, checker.getTypeOfSymbol(symbol)) : []),
      ...(flags & ts.SymbolFlags.Interface ? interfaceLines(name, symbol) : []),
      ...(flags & ts.SymbolFlags.TypeAlias
        ? [`type ${name}${parametersOf(symbol)} = ${aliasText(symbol)}`]
        : [])
    ]
  }
}

interface Export {
  readonly name: string
  readonly symbol: ts.Symbol
  /** What a namespace was called before: its exports are there. */
  readonly known?: string | undefined
}

/** Everything that modules export, in order; the exports of a namespace once. */
const exportsOf = (checker: ts.TypeChecker, doors: ReadonlyArray<Export>): ReadonlyArray<Export> => {
  const known = new Map(doors.map(({ name, symbol }) => [symbol, name]))
  const within = (prefix: string, module: ts.Symbol): ReadonlyArray<Export> =>
    checker
      .getExportsOfModule(module)
      .map((one) => ({ name: `${prefix}${one.name}`, symbol: target(checker, one) }))
      .sort((one, other) => byText(one.name, other.name))
      .flatMap((one) => {
        const before = known.get(one.symbol)
        if (!(one.symbol.flags & ts.SymbolFlags.ValueModule)) return [one]
        if (before !== undefined) return [{ ...one, known: before }]
        known.set(one.symbol, one.name)
        return [one, ...within(`${one.name}.`, one.symbol)]
      })
  return doors.flatMap((door) => [door, ...within("", door.symbol)])
}

interface Manifest {
  readonly exports: Readonly<Record<string, { readonly types: string } | string>>
}

/** The modules that the package hands out, and everything that they export. */
export const openDoors = () => {
  const manifest: Manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"))
  const files = Object.entries(manifest.exports).flatMap(([name, door]) =>
    typeof door === "string"
      ? []
      : [{ name, file: join(root, door.types.replace(/^\.\/dist(.+)\.d\.ts$/, "src$1.ts")) }]
  )
  const program = programOf(
    root,
    files.map(({ file }) => file)
  )
  const checker = program.getTypeChecker()
  const doors = files.flatMap(({ file, name }) => {
    const source = program.getSourceFile(file)
    const symbol = source && checker.getSymbolAtLocation(source)
    return symbol === undefined ? [] : [{ name: join("effect-sts", name), symbol }]
  })
  return { checker, doors, exported: exportsOf(checker, doors) }
}

/** The surface as it is. */
export const surface = (): string => {
  const { checker, doors, exported } = openDoors()
  const texts = textsOf(checker)
  texts.name(exported.flatMap(({ symbol }) => (symbol.flags & ts.SymbolFlags.TypeAlias ? [symbol] : [])))
  const lines = linesOf(checker, texts)

  const listed = exported.flatMap(({ known, name, symbol }) => {
    if (known !== undefined) return [`namespace ${name}: see ${known}`]
    if (doors.some((door) => door.symbol === symbol)) return ["", `# ${name}`]
    return symbol.flags & ts.SymbolFlags.ValueModule ? [`namespace ${name}`] : lines(name, symbol)
  })

  // What the lines above show by a name that no door has.
  const told = new Set(exported.map(({ symbol }) => symbol))
  const behind: Array<string> = []
  // A set tells what is added to it while it is gone through.
  for (const symbol of texts.shown) {
    if (!told.has(symbol)) behind.push(lines(symbol.name, symbol).join("\n"))
  }
  return [...listed.slice(1), "", "# without a name at any door", ...behind.sort(byText), ""].join("\n")
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(path, surface())
