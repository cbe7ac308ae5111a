using IlgpuDistance.Gpu.Executors;

namespace IlgpuDistance.Gpu.Simd;

/// <summary>Adds for each clamp of a node the number of right predictions of a block of samples.</summary>
/// <param name="response">How the logits answer.</param>
/// <param name="block">The samples, with the node's activations.</param>
/// <param name="node">The clamped node.</param>
/// <param name="clamps">Clamps of that node.</param>
/// <param name="correct">[clamps]</param>
internal delegate void NodeClampCounter(
    NodeResponse response, NodeBlock block, int node, ReadOnlySpan<Clamp> clamps, Span<int> correct);
