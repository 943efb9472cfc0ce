import Foundation
import SCIM
import Testing

@Suite("Kept inputs of the fuzzers") struct CorpusTests {
    /// Bytes of an input that is damaged at each of them: longer ones are for the fuzzers.
    private let longest = 64

    @Test(arguments: FuzzTarget.allCases) func `every kept input keeps every promise`(of target: FuzzTarget)
        throws
    {
        let inputs = try Corpus.inputs(of: target)

        #expect(!inputs.isEmpty)
        for (name, bytes) in inputs {
            do throws(BrokenPromise) {
                try target.check(bytes)
            } catch {
                Issue.record("\(name): \(error)")
            }
        }
    }

    @Test(arguments: FuzzTarget.allCases) func `cut and damaged inputs keep every promise as well`(
        of target: FuzzTarget
    ) throws {
        for (name, bytes) in try Corpus.inputs(of: target) where bytes.count <= longest {
            for index in bytes.indices {
                var damaged = bytes
                damaged[index] ^= 1 << (index % 8)
                do throws(BrokenPromise) {
                    try target.check(Array(bytes[..<index]))
                    try target.check(damaged)
                } catch {
                    Issue.record("\(name), byte \(index): \(error)")
                }
            }
        }
    }

    @Test func `kept inputs become requests over either version of HTTP`() throws {
        let first = HTTP1Conversation([try Corpus.input("http1/chunks")[...]], limits: SmallLimits.http)
        let steps = HTTP2Script.steps(of: try Corpus.input("http2/post"))
        let second = HTTP2Conversation(steps, inPieces: true)

        #expect(first.messages.map(\.body) == [Array("helloabc".utf8), []])
        #expect(second.messages.map(\.body) == [Array("hi".utf8)])
    }

    @Test func `a promise that is not kept is told`() throws {
        #expect(throws: BrokenPromise.self) { try promise("two and two are five", 2 + 2 == 5) }
        #expect(throws: BrokenPromise.self) {
            try promised("nothing is JSON") { try JSONReader.read([]) }
        }
        try promise("two and two are four", 2 + 2 == 4)
    }

    @Test func `every folder of inputs is a target's`() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: Corpus.folder)

        #expect(Set(folders) == Set(FuzzTarget.allCases.map(\.rawValue)))
    }
}

/// The inputs that the repository keeps: samples, and what once broke a promise.
private enum Corpus {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Corpus").path

    static func inputs(of target: FuzzTarget) throws -> [(name: String, bytes: [UInt8])] {
        let folder = "\(folder)/\(target.rawValue)"
        return try FileManager.default.contentsOfDirectory(atPath: folder).sorted().map { name in
            (name, try input("\(target.rawValue)/\(name)"))
        }
    }

    static func input(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: "\(folder)/\(name)")))
    }
}
