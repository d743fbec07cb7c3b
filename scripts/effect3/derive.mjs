// @ts-check

/** Files for Effect 4 become files for Effect 3, by the rules of the tables. What has no rule is an error. */
import ts from "typescript"
import { moduleOf } from "./declarations.mjs"
import { importedNames, isEffect, lastOf, namespaceImport, withImports } from "./imports.mjs"
import { members } from "./members.mjs"
import { changedTypes, changedValues, counterpart, modules, renamed } from "./names.mjs"
import { shapes } from "./shapes.mjs"
import { isType, sourceOf } from "./source.mjs"

/** @typedef {{ place: string, message: string }} Problem */

/**
 * What a rule has at hand.
 *
 * @typedef {import("./source.mjs").Source & {
 *   readonly fail: (node: ts.Node, message: string) => void
 *   readonly count: (rule: string) => void
 *   readonly ownersOf: (node: ts.MemberName) => ReadonlyArray<string>
 *   readonly name: (module: string, path: string, value?: boolean) => string
 * }} Context
 */

/**
 * @param {ts.Program} program of the files for Effect 4
 * @param {ReadonlyArray<ts.SourceFile>} files
 * @param {import("./declarations.mjs").Declarations} effect3
 */
export const derive = (program, files, effect3) => {
  /** @type {Array<Problem>} */
  const problems = []
  /** @type {Map<string, number>} */
  const uses = new Map()
  const checker = program.getTypeChecker()
  /** @param {string} rule */
  const count = (rule) => uses.set(rule, (uses.get(rule) ?? 0) + 1)
  const texts = new Map(files.map((file) => [file.fileName, deriveFile(file)]))
  return { texts, problems, uses }

  /** @param {ts.SourceFile} file */
  function deriveFile(file) {
    const source = sourceOf(file, checker, rewrite)
    const { imports } = source
    /** @type {Array<Problem & { readonly at: number }>} */
    const found = []

    /**
     * @param {ts.Node} node
     * @param {string} message
     */
    const fail = (node, message) => found.push({ at: node.pos, place: source.place(node), message })

    /**
     * What a file calls a namespace of Effect 3: as Effect 4's counterpart, where that is imported under a name of the
     * file's own or the usual name is taken.
     *
     * @param {string} module
     */
    const localOf = (module) => {
      for (const [local, { module: imported }] of imports.namespaces) {
        if (counterpart(imported) !== module) continue
        const usual = lastOf(module)
        if (usual in globalThis) return local
        return local !== lastOf(imported) || (usual !== local && isTaken(usual, module)) ? local : usual
      }
      return lastOf(module)
    }

    /**
     * @param {string} name
     * @param {string} module which is to be called so
     */
    const isTaken = (name, module) => {
      const node = file.statements.find(
        (one) =>
          (ts.isInterfaceDeclaration(one) || ts.isTypeAliasDeclaration(one) || ts.isClassDeclaration(one)) &&
          one.name?.text === name
      )
      const namespace = imports.namespaces.get(name)
      return (
        node !== undefined ||
        (namespace !== undefined && counterpart(namespace.module) !== module) ||
        importedNames(file).has(name)
      )
    }

    /**
     * @param {string} module
     * @param {boolean} [value]
     */
    const use = (module, value = true) => imports.use(module, value, localOf(module))

    /**
     * A name of Effect 4 as Effect 3 has it.
     *
     * @param {ts.Node} node
     * @param {{ module: string, path: string }} api
     */
    const rename = (node, api) => {
      const { module, path, rule } = renamed(api.module, api.path)
      if (rule !== undefined) count(rule)
      const changed = isType(node) ? changedTypes : changedValues
      const why = rule === undefined ? changed[`${api.module}.${api.path}`] : undefined
      if (why !== undefined)
        fail(node, `${api.module}.${api.path} ${why}: no rule in shapes.mjs fits this use`)
      else if (!effect3.hasModule(module)) fail(node, `Effect 3 has no ${module}: ${remedy}`)
      else if (!effect3.has(module, path, !isType(node))) {
        fail(node, `Effect 3 has no ${module}.${path}, ${api.module}.${api.path} of Effect 4: ${remedy}`)
      }
      return { module, path }
    }

    /** @type {Context} */
    const context = {
      ...source,
      fail,
      count,
      ownersOf,
      name: (module, path, value = true) => `${use(module, value)}.${path}`
    }

    /** @param {ts.Node} node @returns {string | undefined} */
    function rewrite(node) {
      for (const rule of shapes.get(node.kind) ?? []) {
        const text = rule.rewrite(node, context)
        if (text === undefined) continue
        count(rule.name ?? rule.from)
        return text
      }
      if (ts.isStringLiteral(node)) return specifier(node)
      const api = source.api(node)
      if (api !== undefined) {
        const { module, path } = rename(node, api)
        return ts.isIdentifier(node) ? undefined : `${use(module, !isType(node))}.${path}`
      }
      if (ts.isIdentifier(node) && source.isNamespace(node)) {
        const { module } = imports.namespaces.get(node.text) ?? { module: "" }
        return use(counterpart(module), !isType(node))
      }
      if (ts.isIdentifier(node)) return member(node)
      return undefined
    }

    /**
     * A module named in a text: `import("effect/Result")`.
     *
     * @param {ts.StringLiteral} node
     */
    function specifier(node) {
      const to = Object.hasOwn(modules, node.text) ? modules[node.text] : undefined
      if (to === undefined) return undefined
      count(node.text)
      return JSON.stringify(to)
    }

    /**
     * A member of a value whose type Effect declares: `result.success`.
     *
     * @param {ts.Identifier} node
     */
    function member(node) {
      if (!isMemberName(node)) return undefined
      const rules = members.filter(({ name }) => name === node.text)
      const owners = rules.length === 0 ? [] : ownersOf(node)
      const rule = rules.find(({ anywhere, owner }) => anywhere === true || owners.includes(owner))
      if (rule === undefined) return undefined
      count(rule.from)
      const { parent } = node
      const name = rule.becomes
      if (ts.isShorthandPropertyAssignment(parent)) return `${name}: ${node.text}`
      if (ts.isBindingElement(parent) && parent.propertyName === undefined) return `${name}: ${node.text}`
      return name
    }

    /**
     * The types of Effect that declare the member that a name is, as `effect/Result.Success`.
     *
     * @param {ts.MemberName} node
     */
    function ownersOf(node) {
      const { parent } = node
      const types = ts.isObjectLiteralExpression(parent.parent)
        ? [checker.getContextualType(parent.parent)]
        : ts.isBindingElement(parent)
          ? [checker.getTypeAtLocation(parent.parent)]
          : inheritedBy(parent)
      const own = checker.getSymbolAtLocation(node)
      const symbols = [
        own,
        ...[...types, ...(own?.declarations ?? []).flatMap(inheritedBy)].map(
          (type) => type && checker.getPropertyOfType(type, node.text)
        )
      ]
      return symbols.flatMap((symbol) =>
        (symbol?.declarations ?? []).flatMap((declaration) => {
          const module = moduleOf(declaration.getSourceFile().fileName)
          const owner = ts.findAncestor(
            declaration,
            (one) =>
              ts.isInterfaceDeclaration(one) || ts.isClassDeclaration(one) || ts.isTypeAliasDeclaration(one)
          )
          const name = owner && ts.getNameOfDeclaration(/** @type {ts.Declaration} */ (owner))
          return module === undefined || name === undefined ? [] : [`${module}.${name.getText()}`]
        })
      )
    }

    /**
     * The types that the class of a member extends or implements.
     *
     * @param {ts.Node} node
     */
    function inheritedBy(node) {
      return ts.isClassElement(node) && ts.isClassLike(node.parent)
        ? (node.parent.heritageClauses ?? []).flatMap(({ types }) =>
            types.map((one) => checker.getTypeAtLocation(one))
          )
        : []
    }

    const body = new Map()
    for (const one of file.statements) if (!ts.isImportDeclaration(one)) body.set(one, source.render(one))
    let text = ""
    let at = 0
    const written = new Set()
    for (const one of file.statements) {
      const derived = ts.isImportDeclaration(one) ? importOf(one) : body.get(one)
      text += file.text.slice(at, one.getStart(file)) + derived
      at = one.getEnd()
      // A line that imports nothing any more goes away.
      if (derived === "" && file.text[at] === "\n") at++
    }
    problems.push(...found.sort((one, other) => one.at - other.at))
    const missing = [...imports.used].filter(([module]) => !written.has(module))
    return withImports(
      text + file.text.slice(at),
      missing.map(([module, one]) => namespaceImport(module, one))
    )

    /** @param {ts.ImportDeclaration} node */
    function importOf(node) {
      const module = /** @type {ts.StringLiteral} */ (node.moduleSpecifier).text
      if (!isEffect(module)) return node.getText(file)
      const bindings = node.importClause?.namedBindings
      if (bindings === undefined) {
        fail(node, `${module} is imported otherwise than by names or as a namespace`)
        return node.getText(file)
      }
      if (ts.isNamespaceImport(bindings)) {
        const to = counterpart(module)
        const one = imports.used.get(to)
        if (to !== module) count(module)
        if (one === undefined || written.has(to)) return ""
        written.add(to)
        return namespaceImport(to, one)
      }
      return namedImport(node, module, bindings)
    }

    /**
     * @param {ts.ImportDeclaration} node
     * @param {string} module
     * @param {ts.NamedImports} bindings
     */
    function namedImport(node, module, bindings) {
      const to = counterpart(module)
      if (to !== module) count(module)
      if (!effect3.hasModule(to)) fail(node, `Effect 3 has no ${to}: ${remedy}`)
      /** @type {Array<string>} */
      const others = []
      const kept = bindings.elements.flatMap((element) => {
        const api = { module, path: (element.propertyName ?? element.name).text }
        const name = renamed(api.module, api.path)
        const local = element.name.text
        const start = element.isTypeOnly ? "type " : ""
        const words = `${start}${name.path === local ? local : `${name.path} as ${local}`}`
        if (name.module === to) return [words]
        others.push(
          `import ${node.importClause?.isTypeOnly ? "type " : ""}{ ${words} } from "${name.module}"`
        )
        return []
      })
      const whole =
        kept.length === 0
          ? []
          : others.length === 0 &&
              to === module &&
              kept.every((one, index) => one === bindings.elements[index]?.getText(file))
            ? [node.getText(file)]
            : [`import ${node.importClause?.isTypeOnly ? "type " : ""}{ ${kept.join(", ")} } from "${to}"`]
      return [...whole, ...others].join("\n")
    }
  }
}

const remedy = "add a rule to scripts/effect3, write it otherwise, or give the file a twin in effect3/twins"

/**
 * Whether a name is that of a member: read, destructured, or given in an object or a class.
 *
 * @param {ts.Identifier} node
 */
const isMemberName = (node) => {
  const { parent } = node
  return ts.isBindingElement(parent)
    ? ts.isObjectBindingPattern(parent.parent) && node === (parent.propertyName ?? parent.name)
    : ts.isShorthandPropertyAssignment(parent) ||
        ((ts.isPropertyAccessExpression(parent) ||
          ts.isPropertyAssignment(parent) ||
          ts.isMethodDeclaration(parent) ||
          ts.isPropertyDeclaration(parent)) &&
          parent.name === node)
}
