import HTTPTypes
import SCIM

/// One request of a transcript, and the answer that must come.
///
/// Texts may hold `{name}` of what an earlier step captured, and `{base}` for the Tenant URL.
struct TranscriptStep: Sendable {
    /// What happens, for people who read a failure.
    let what: String?
    /// Whose token is shown.
    let credentials: Credentials
    /// The method.
    let method: HTTPRequest.Method
    /// Path and query below the Tenant URL, as sent; what cannot stand in a URL is percent-encoded.
    let path: String
    /// Header fields besides `Authorization`.
    let fields: [(name: String, text: String)]
    /// JSON, or a text that is sent as it is.
    let body: JSONValue?
    /// The status that must come.
    let status: Int
    /// What must be in the answer; see ``AnswerComparison``.
    let answer: JSONValue?
    /// Header fields that must be there with these values.
    let answerFields: [(name: String, text: String)]
    /// Name → JSON pointer (RFC 6901) of what later steps use.
    let captures: [(name: String, text: String)]

    /// Whose token is shown.
    enum Credentials: Sendable {
        /// The tenant's.
        case own
        /// The other tenant's.
        case neighbour
        /// A text that is no token.
        case text(String)
    }

    private static let names: Set<String> = [
        "what", "tenant", "token", "method", "path", "fields", "body", "status", "answer", "answerFields",
        "capture",
    ]

    init(_ json: JSONValue) throws {
        let step = try TranscriptObject(json, knowing: Self.names)
        guard case .number(let number) = try step.required("status"), let status = Int(number.text),
            let method = try step.required("method").text.flatMap(HTTPRequest.Method.init(rawValue:)),
            let path = try step.required("path").text
        else { throw Transcript.Damage(description: "a step without status, method or path") }
        credentials =
            switch (step["token"]?.text, step["tenant"]?.text) {
            case (let token?, _): .text(token)
            case (nil, nil): .own
            case (nil, "neighbour"): .neighbour
            case (nil, let tenant?): throw Transcript.Damage(description: "unknown tenant \(tenant)")
            }
        what = step["what"]?.text
        self.method = method
        self.path = path
        self.status = status
        fields = try step.texts("fields")
        body = step["body"]
        answer = step["answer"]
        answerFields = try step.texts("answerFields")
        captures = try step.texts("capture")
    }
}
