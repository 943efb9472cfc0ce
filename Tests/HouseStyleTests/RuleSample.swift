/// A piece of Swift that breaks a rule, and its neighbour that keeps it: the proof that the rule can fail.
struct RuleSample: Sendable, CustomStringConvertible {
    let rule: HouseRule
    /// Where the samples would stand.
    var path = "Sources/SCIM/Sample.swift"
    let bad: String
    let good: String

    var description: String { rule.name }

    static let all = shape + imports + safety + documentation + calls + tests

    private static let shape = [
        RuleSample(
            rule: ShapeRules.fileLength,
            bad: String(repeating: "let a = 1\n", count: 501),
            good: String(repeating: "let a = 1\n", count: 500)
        ),
        RuleSample(
            rule: ShapeRules.functionLength,
            bad: "struct A {\n    init(\n        b: Int\n    ) {\n"
                + String(repeating: "        b()\n", count: 67) + "    }\n}",
            good: "struct A {\n    init(\n        b: Int\n    ) {\n"
                + String(repeating: "        b()\n", count: 66) + "    }\n}"
        ),
        RuleSample(
            rule: ShapeRules.functionLength,
            bad: "protocol P {\n    func a()\n}\nfunc `a { name`() {\n"
                + String(repeating: "    b()\n", count: 69) + "}",
            good: "protocol P {\n    func a()\n}\nstruct B {\n"
                + String(repeating: "    let b = 1\n", count: 99) + "}"
        ),
        RuleSample(rule: ShapeRules.noPublic, bad: "public struct A {}", good: "package struct Public {}"),
        RuleSample(
            rule: ShapeRules.noPublic,
            bad: "struct A {\n    open func a() {}\n}",
            good: "file.open()"
        ),
        RuleSample(
            rule: ShapeRules.typeNames,
            bad: "struct UserManager {}",
            good: "struct ManagerReference {}"
        ),
        RuleSample(
            rule: ShapeRules.typeNames,
            bad: "final class ParseHelperQueue {}",
            good: "enum Base62 {}"
        ),
        RuleSample(
            rule: ShapeRules.typeNames,
            bad: "typealias RequestContext = Int",
            good: "final class SQLiteDatabase {}"
        ),
        RuleSample(
            rule: ShapeRules.typeNames,
            bad: "package final class OtherContext: Sendable {",
            good: "package final class LibraryContext: Sendable {"
        ),
    ]

    private static let imports = [
        RuleSample(rule: ImportRules.imports, bad: "import Store", good: "import Synchronization"),
        RuleSample(
            rule: ImportRules.imports,
            path: "Sources/Store/Sample.swift",
            bad: "package import SQLiteStore",
            good: "package import Tenancy"
        ),
        RuleSample(
            rule: ImportRules.imports,
            path: "Sources/Dialects/Sample.swift",
            bad: "@preconcurrency internal import struct NIOCore.A",
            good: "// import NIOCore\nimport SCIM"
        ),
        RuleSample(
            rule: ImportRules.imports,
            path: "Sources/Tenancy/Sample.swift",
            bad: "import Glibc",
            good: "import Linux"
        ),
        RuleSample(
            rule: ImportRules.foundation,
            path: "Sources/Store/Sample.swift",
            bad: "internal import Foundation",
            good: "let a = \"\"\"\nimport Foundation\n\"\"\""
        ),
    ]

    private static let safety = [
        RuleSample(
            rule: SafetyRules.unsafeCode,
            bad: "let a = unsafe b()",
            good: "let unsafeName = \"unsafe\"  // unsafe"
        ),
        RuleSample(
            rule: SafetyRules.unsafeCode,
            bad: "final class A: @unchecked Sendable {}",
            good: "final class A: Sendable {}"
        ),
        RuleSample(
            rule: SafetyRules.safetyLines,
            path: "Sources/Crypto/Sample.swift",
            bad: "// It is fine.\nprivate nonisolated(unsafe) let a: OpaquePointer",
            good: "// SAFETY: set once in init.\nprivate nonisolated(unsafe) let a: OpaquePointer"
        ),
        RuleSample(
            rule: SafetyRules.safetyLines,
            path: "Sources/Crypto/Sample.swift",
            bad: "// SAFETY: set once.\nnonisolated(unsafe) let a: A\n\nnonisolated(unsafe) let b: B",
            good: "// SAFETY: set once.\nnonisolated(unsafe) let a: A\nnonisolated(unsafe) let b: B"
        ),
        RuleSample(
            rule: SafetyRules.safetyLines,
            path: "Sources/Crypto/Sample.swift",
            bad: "final class A: @unchecked Sendable {}",
            good:
                "// SAFETY: the pointer is made and freed here,\n// and never changes.\n@safe\nfinal class A: @unchecked Sendable {}"
        ),
    ]

    private static let documentation = [
        RuleSample(
            rule: DocumentationRules.packageDeclarations,
            bad: "/// A.\npackage enum A {\n    case b\n}",
            good:
                "/// A.\npackage enum A {\n    /// B.\n    case b\n    func c() { switch self {\n    case b: break } }\n}"
        ),
        RuleSample(
            rule: DocumentationRules.packageDeclarations,
            bad: "/// A.\nstruct A {\n    package private(set) var b = 1\n}",
            good:
                "/// A.\nstruct A {\n    /// B.\n    @inlinable package private(set) var b = 1\n    var c = 1\n}"
        ),
        RuleSample(
            rule: DocumentationRules.packageDeclarations,
            bad: "/// A.\npackage protocol A {\n    func b()\n}",
            good: "/// A.\npackage protocol A {\n    /// B.\n    @discardableResult\n    func b() -> Int\n}"
        ),
        RuleSample(
            rule: DocumentationRules.packageDeclarations,
            bad: "package extension A {\n    init() {}\n}",
            good: "package import Store\nextension A {\n    /// Makes one.\n    package init() {}\n}"
        ),
        RuleSample(
            rule: DocumentationRules.types,
            bad: "struct A {}",
            good: "/// An A.\nstruct A {}\nprivate struct B {}"
        ),
        RuleSample(
            rule: DocumentationRules.nothingLeftOpen,
            path: "Tests/SCIMTests/Sample.swift",
            bad: "let a = 1  // TODO: more",
            good: "let a = \"TODO\"  // todos are fine as a word"
        ),
    ]

    private static let tests = [
        RuleSample(
            rule: TestRules.sentences,
            path: "Tests/SCIMTests/Sample.swift",
            bad: "@Test(arguments: [\n    1,\n])\nfunc works(a: Int) {}",
            good: "@Test(arguments: [\n    1,\n])\nfunc `it works`(a: Int) {}\nfunc made() {}"
        ),
        RuleSample(
            rule: TestRules.suiteTitles,
            path: "Tests/SCIMTests/Sample.swift",
            bad: "@Suite struct A {}",
            good: "@Suite(\"About A\") struct A {}"
        ),
    ]
}
