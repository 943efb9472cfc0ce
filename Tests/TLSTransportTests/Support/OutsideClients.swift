import Foundation

/// The clients that are not ours: the openssl program, and Python's ssl module.
extension EchoServer {
    /// `openssl s_client`, which shakes hands, finds nothing on its standard input, and says
    /// goodbye.
    func sClient(_ arguments: String...) async throws -> OutsideProgram.Outcome {
        try await OutsideProgram.run(
            ["openssl", "s_client", "-connect", "127.0.0.1:\(port)", "-servername", "localhost"] + arguments,
            seconds: 20
        )
    }

    /// Runs Python with `connect()`, `port`, `ssl`, `socket`, `sys`, `time`, `threading` and
    /// `hashlib` at hand.
    func python(_ body: String, certificate: String = "p256") async throws -> OutsideProgram.Outcome {
        let script = """
            import hashlib, socket, ssl, sys, threading, time
            port = \(port)
            def connect(change=lambda context: None):
                context = ssl.create_default_context(cafile="\(TestFiles.shared.path(certificate + ".pem"))")
                change(context)
                plain = socket.create_connection(("127.0.0.1", port), timeout=15)
                return context.wrap_socket(plain, server_hostname="localhost", suppress_ragged_eofs=False)
            def read(connection, count):
                got = b""
                while len(got) < count:
                    piece = connection.recv(65536)
                    if not piece: break
                    got += piece
                return got
            \(body)
            """
        return try await OutsideProgram.run(["python3", "-c", script], seconds: 30)
    }
}

/// Many handshakes in one go: a process each, one shell for all.
extension EchoServer {
    /// What `openssl s_client -brief` told about one handshake.
    struct Answer: Sendable {
        let text: String

        /// The value on the line of that name; nil when there is none.
        subscript(_ name: String) -> String? {
            for line in text.split(separator: "\n") where line.hasPrefix(name + ": ") {
                return String(line.dropFirst(name.utf8.count + 2))
            }
            return nil
        }

        /// The server said no: an error of the client alone would not hold these words.
        var wasRefusedByAlert: Bool {
            text.contains("SSL alert number") && self["Protocol version"] == nil
        }

        /// The group of the key exchange, by the name that offers have for it.
        var group: String? {
            guard let line = self["Server Temp Key"] else { return nil }
            let names = ["prime256v1": "P-256", "secp384r1": "P-384"]
            return names.first { line.contains($0.key) }?.value ?? String(line.prefix { $0 != "," })
        }

        /// The server's signature, by the name that offers have for it: `RSA-PSS+SHA256`.
        var signature: String? {
            guard let type = self["Signature type"], let digest = self["Hash used"] else { return nil }
            return "\(type)+\(digest)"
        }
    }

    /// One handshake for each line of arguments.
    func sClientBatch(_ lines: [String]) async throws -> [Answer] {
        let mark = "--- next ---"
        let script = """
            while read -r arguments; do
                echo '\(mark)'
                timeout 10 openssl s_client -connect 127.0.0.1:\(port) -brief -no-CAfile -no-CApath -no-CAstore \\
                    $arguments </dev/null
            done <<'END'
            \(lines.joined(separator: "\n"))
            END
            """
        let outcome = try await OutsideProgram.run(["sh", "-c", script], seconds: 120)
        return outcome.output.components(separatedBy: mark).dropFirst().map { Answer(text: $0) }
    }
}
