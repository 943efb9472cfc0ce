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
