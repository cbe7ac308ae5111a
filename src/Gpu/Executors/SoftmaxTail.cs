namespace IlgpuDistance.Gpu.Executors;

/// <summary>Where softmax's probabilities end: e^(z_j − max z) below e^−46 ≈ 1e-20 is 0, in both executors.</summary>
/// <remarks>
/// <para>On raw pixels logits are hundreds apart. Probabilities of 1e-40 would become gradients, and these, like their products
/// with weights and pixels, subnormal numbers: a processor takes a hundred times as long for them, and many GPUs take them as 0.
/// So they must not arise, and need not:</para>
/// <para>What is left out cannot be seen beside what float32 rounds off in the same row. There dz_label = (p_label − 1) / B,
/// which is −Σ of the other dz_j, is a multiple of 2^−24 / B: others that sum to less than 2^−25 / B count as 0 in it
/// already, 10^12 times what goes here. Both go the same way from there, through the same x and weights.</para>
/// <para>Nor does it move a parameter. A step moves one by at most η · 1e-20 · M, M the largest factor behind the logits: an
/// input of the last layer (a distance's |x − μ|, its |α|), for layers before it times the weights on the way. On raw pixels
/// with the paper's η = 0.001 M stays below 1e5, and so the move below 1e-18, less than half a unit in the last place of every
/// float32 above 4e-11. Below that lies no initial weight in a hundred million, and offsets that begin at exactly 0, to which
/// 1e-18 is nothing beside the x from which they are subtracted.</para>
/// <para>From what remains, 1e-20 / B, it is 13 powers of ten to the largest subnormal number for B = 60,000: room for
/// products with weights, distances and learning rates.</para>
/// </remarks>
internal static class SoftmaxTail
{
    /// <summary>z_j − max z below which the exponential is 0.</summary>
    public const float LeastExponent = -46;
}
