namespace IlgpuDistance.Gpu.Networks;

/// <summary>The two ways in which the weights of <see cref="OffsetL2"/> enter.</summary>
public enum OffsetL2Form
{
    /// <summary>The paper's equation: y_j = sqrt(max(Σ_i α_ji² (x_i − μ_ji)², 1e-12)).</summary>
    Paper,

    /// <summary>
    /// What the author's code computes: y_j = sqrt(max(Σ_i α_ji (x_i − μ_ji)², 1e-12)). Here α may go negative.
    /// </summary>
    Reference,
}
