import Store

/// What a person can do about an entry of the activity, as a word: pages and collectors hang their help on it.
///
/// It follows from what is stored, so that no write pays for it. A closed set: one may be added, none may be renamed.
enum ActivityAdvice: String, CaseIterable {
    /// Copy the token again from where it is kept: this one is damaged, or not the whole of it.
    case copyToken = "copy_token"
    /// Paste the token alone, without `Bearer` in front.
    case removeScheme = "remove_bearer"
    /// Make a new token and paste it: this one opens nothing any more.
    case makeToken = "make_token"
    /// Paste the token that stepped in place of this one.
    case pasteNewToken = "paste_new_token"
    /// Use the Tenant URL that belongs to the token's cloud, exactly as it was given.
    case useOwnURL = "use_own_tenant_url"
    /// Complete the Tenant URL: it ends in `/scim/v2`.
    case completeURL = "complete_tenant_url"
    /// Let the address in: `allow_from` of the tenant or the token does not.
    case allowAddress = "allow_address"
    /// Resume the tenant.
    case resumeTenant = "resume_tenant"
    /// Enable the tenant.
    case enableTenant = "enable_tenant"
    /// Nothing but wait: the client sends too much, and comes again by itself.
    case wait
    /// Look after the machine, or after the store: the gateway could not serve.
    case runDoctor = "run_doctor"
    /// Switch the Groups mapping off in the directory.
    case switchGroupsOff = "switch_groups_off"
    /// Make the value unique in the directory: somebody else has it.
    case makeUnique = "make_unique"
    /// Correct the mapping that names the attribute or makes its value.
    case correctMapping = "correct_mapping"
    /// Correct the filter, or what is asked for beside it.
    case correctSearch = "correct_search"
    /// Remove the mappings of attributes that are not kept.
    case removeMappings = "remove_mappings"
    /// Let one connection provision a person: another manages this one.
    case scopeOnce = "scope_once"
    /// Read the resource again: it is another version, or gone.
    case readAgain = "read_again"
    /// Tell the maker of the client: what it sent is not the protocol.
    case tellClientMaker = "tell_client_maker"
    /// Correct the tenant's file.
    case correctFile = "correct_file"

    /// The advice on an entry; nil when nothing is to be done, or nothing is known.
    init?(on entry: ActivityEntry) {
        switch entry.kind {
        case .configurationRefused: self = .correctFile
        case .groupRefused: self = .switchGroupsOff
        default:
            if let reason = entry.reason {
                guard let advice = Self.onToken(reason) ?? Self.onRequest(reason) else { return nil }
                self = advice
            } else if entry.notes.contains(where: Self.tellsOfMapping) {
                self = .removeMappings
            } else {
                return nil
            }
        }
    }

    /// By the words of ``Tenancy/AdmissionRefusal``.
    private static func onToken(_ reason: String) -> ActivityAdvice? {
        switch reason {
        case "malformed", "checksum", "wrong_secret", "missing", "repeated": .copyToken
        case "bearer_twice": .removeScheme
        case "unknown_token", "expired", "revoked": .makeToken
        case "replaced": .pasteNewToken
        case "wrong_cloud", "misdirected": .useOwnURL
        case "address": .allowAddress
        case "tenant_paused": .resumeTenant
        case "tenant_disabled": .enableTenant
        default: nil
        }
    }

    /// By the words of ``Refusal``.
    private static func onRequest(_ reason: String) -> ActivityAdvice? {
        switch reason {
        case "rate", "waiting": .wait
        case "overload", "store_unavailable", "scim_500": .runDoctor
        case "no_endpoint": .completeURL
        case "uniqueness": .makeUnique
        case "other_connection": .scopeOnce
        case "mutability", "invalidPath", "noTarget", "invalidValue": .correctMapping
        case "invalidFilter", "tooMany", "sensitive", "invalidCursor", "expiredCursor", "invalidCount",
            "scim_403":
            .correctSearch
        case "scim_404", "scim_409", "scim_412": .readAgain
        case "invalidSyntax", "invalidVers", "media_type", "method", "scim_501": .tellClientMaker
        default: reason.hasPrefix("http_") ? .tellClientMaker : nil
        }
    }

    /// Whether a note tells of an attribute that is not kept, rather than of one that was so already.
    private static func tellsOfMapping(_ note: String) -> Bool {
        note.hasPrefix("dropped ") || note.hasPrefix("unknown ")
    }
}
