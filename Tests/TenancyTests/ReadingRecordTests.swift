import Configuration
import Testing

@testable import Tenancy

@Suite("A record of what was read, and whether the disk still holds it")
struct ReadingRecordTests {
    private static let contoso = Given.tenantText("contoso")

    @Test func `the same files are current, whatever lies beside them`() throws {
        let record = try read(files())

        #expect(record.isCurrent(in: files()))
        #expect(record.isCurrent(in: files(["tenants/.contoso.yaml.swp": "x", "tenants/README": "x"])))
    }

    @Test(
        arguments: [
            ["tenants/contoso.yaml": contoso + "# a word\n"], ["tenants/new.yaml": "x"],
            ["tenants/contoso.yml": "x"], ["gateway.yaml": Given.gatewayText + "\n"],
            ["secrets/level": "debug\n"],
        ]
    )
    func `another byte, another name and another value outside are not`(_ more: [String: String]) throws {
        let record = try read(files())

        #expect(!record.isCurrent(in: files(more)))
    }

    @Test func `a file that goes, and one that cannot be read any more, are not`() throws {
        let record = try read(files())

        for path in ["tenants/contoso.yaml", "gateway.yaml", "secrets/level"] {
            var gone = files()
            gone.texts[path] = nil
            #expect(!record.isCurrent(in: gone), "\(path)")
            var closed = files()
            closed.unreadable = [path]
            #expect(!record.isCurrent(in: closed), "\(path)")
        }
    }

    @Test func `what could not be read is current while it cannot`() throws {
        var closed = files()
        closed.unreadable = ["tenants/contoso.yaml", "gateway.yaml"]
        let record = try read(closed)

        #expect(record.isCurrent(in: closed))
        #expect(!record.isCurrent(in: files()))
    }

    @Test func `a folder that could not be read is current while it cannot`() throws {
        var closed = files()
        closed.unreadable = ["tenants"]
        let record = try read(closed)

        #expect(record.isCurrent(in: closed))
        #expect(!record.isCurrent(in: files()))
    }

    private func files(_ more: [String: String] = [:]) -> MemoryFiles {
        let texts = [
            "gateway.yaml": Given.gatewayText + "\nlog: {level: \"${file:secrets/level}\"}\n",
            "tenants/contoso.yaml": Self.contoso, "secrets/level": "info\n",
        ]
        return MemoryFiles(texts: texts.merging(more) { $1 })
    }

    private func read(_ files: MemoryFiles) throws -> ReadingRecord {
        let recording = RecordingReader(files)
        let settings = GatewaySettings.read(path: "gateway.yaml", files: recording).value
        _ = TenantDirectoryLoading.load(
            .init(settings: try settings ?? Given.settings(), now: Given.now),
            files: recording
        )
        return recording.record
    }
}
