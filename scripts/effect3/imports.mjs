// @ts-check

/** The imports of a file: what they name in Effect 4, and what is imported of Effect 3 in their place. */
import ts from "typescript"
import { modules } from "./names.mjs"

/** @param {string} specifier */
export const isEffect = (specifier) =>
  /^(effect|@effect\/[^/]+)(\/|$)/.test(specifier) || Object.hasOwn(modules, specifier)

/** @param {string} specifier */
export const lastOf = (specifier) => specifier.slice(specifier.lastIndexOf("/") + 1)

/** @param {ts.SourceFile} file */
export const importsOf = (file) => {
  /** @type {Map<string, { module: string, node: ts.ImportDeclaration, typeOnly: boolean }>} */
  const namespaces = new Map()
  /** @type {Map<string, { module: string, path: string }>} */
  const names = new Map()
  for (const node of file.statements) {
    if (!ts.isImportDeclaration(node) || !ts.isStringLiteral(node.moduleSpecifier)) continue
    const module = node.moduleSpecifier.text
    const bindings = node.importClause?.namedBindings
    if (!isEffect(module) || bindings === undefined) continue
    if (ts.isNamespaceImport(bindings)) {
      namespaces.set(bindings.name.text, { module, node, typeOnly: node.importClause?.isTypeOnly === true })
    } else {
      for (const { name, propertyName } of bindings.elements) {
        names.set(name.text, { module, path: (propertyName ?? name).text })
      }
    }
  }

  /** What the derived file says of a module of Effect 3. @type {Map<string, { local: string, value: boolean }>} */
  const used = new Map()

  /**
   * The name of a namespace of Effect 3 in this file; it is imported.
   *
   * @param {string} module
   * @param {boolean} value whether a value of it is used
   * @param {string} [local] what it is to be called
   */
  const use = (module, value, local = lastOf(module)) => {
    const known = used.get(module)
    if (known !== undefined) {
      known.value ||= value
      return known.local
    }
    used.set(module, { local, value })
    return local
  }

  return { namespaces, names, used, use }
}

/**
 * The import of a namespace.
 *
 * @param {string} module
 * @param {{ local: string, value: boolean }} use
 */
export const namespaceImport = (module, { local, value }) =>
  `import ${value ? "" : "type "}* as ${local} from "${module}"`

/** @param {ts.SourceFile} file */
export const importedNames = (file) =>
  new Set(
    file.statements.flatMap((one) => {
      const bindings = ts.isImportDeclaration(one) ? one.importClause?.namedBindings : undefined
      return bindings !== undefined && ts.isNamedImports(bindings)
        ? bindings.elements.map(({ name }) => name.text)
        : []
    })
  )

/**
 * A text with more imports, each before the first that comes after it in the alphabet.
 *
 * @param {string} text
 * @param {ReadonlyArray<string>} lines
 */
export const withImports = (text, lines) => {
  const module = (/** @type {string} */ line) => /from "(.*)"$/.exec(line)?.[1] ?? ""
  return lines.reduce((whole, line) => {
    const all = [...whole.matchAll(/^import [^;]*? from "([^"]*)"\n/gm)]
    const next = all.find(([, name = ""]) => !name.startsWith("node:") && name > module(line))
    const last = all.at(-1)
    const at = next?.index ?? (last === undefined ? 0 : last.index + last[0].length)
    return `${whole.slice(0, at)}${line}\n${whole.slice(at)}`
  }, text)
}
