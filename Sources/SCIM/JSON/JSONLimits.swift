/// What the reader takes, beyond what a body's size allows.
package enum JSONLimits {
    /// Containers inside one another; the outermost counts 1.
    ///
    /// The deepest body of RFC 7644, a bulk request around a PATCH of a complex value, is 8 deep;
    /// each level costs the reader a stack frame.
    package static let depth = 64
}
