using ILGPU.Algorithms;
using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary>What distinguishes the layers that compare their input with a point per output; see <see cref="PrototypeKernels{TKind}"/>.</summary>
internal interface IPrototypeKind
{
    /// <summary>What stands in the names of its kernels.</summary>
    static abstract string Name { get; }

    /// <summary>The forward pass for people.</summary>
    static abstract string Formula { get; }

    /// <summary>The weight a from the parameter α or w.</summary>
    float Weight(float parameter);

    /// <summary>∂a/∂(parameter), halved for distances, whose root cancels it.</summary>
    float WeightSlope(float parameter);

    /// <summary>One term of the sum, of d = x − p.</summary>
    float Term(float weight, float d);

    /// <summary>y from the sum.</summary>
    float Output(float sum);

    /// <summary>r from dy and y.</summary>
    float Ratio(float dy, float y);

    /// <summary>g from r and d.</summary>
    float Slope(float r, float d);
}

/// <summary>OffsetL2 as in the paper: a = α².</summary>
internal readonly struct PaperDistance : IPrototypeKind
{
    public static string Name => "offset-l2-paper";

    public static string Formula => "y = sqrt(Σ_i α² (x − μ)²)";

    public float Weight(float parameter) => parameter * parameter;

    public float WeightSlope(float parameter) => parameter;

    public float Term(float weight, float d) => weight * d * d;

    public float Output(float sum) => Distance.Root(sum);

    public float Ratio(float dy, float y) => Distance.Ratio(dy, y);

    public float Slope(float r, float d) => r * d;
}

/// <summary>OffsetL2 as in the author's code: a = α.</summary>
internal readonly struct ReferenceDistance : IPrototypeKind
{
    public static string Name => "offset-l2-reference";

    public static string Formula => "y = sqrt(Σ_i α (x − μ)²)";

    public float Weight(float parameter) => parameter;

    public float WeightSlope(float parameter) => 0.5f;

    public float Term(float weight, float d) => weight * d * d;

    public float Output(float sum) => Distance.Root(sum);

    public float Ratio(float dy, float y) => Distance.Ratio(dy, y);

    public float Slope(float r, float d) => r * d;
}

/// <summary>PointSlope: a = w, no root.</summary>
internal readonly struct PointSlopeKind : IPrototypeKind
{
    public static string Name => "point-slope";

    public static string Formula => "y = Σ_i w (x − c)";

    public float Weight(float parameter) => parameter;

    public float WeightSlope(float parameter) => 1;

    public float Term(float weight, float d) => weight * d;

    public float Output(float sum) => sum;

    public float Ratio(float dy, float y) => dy;

    public float Slope(float r, float d) => r;
}

/// <summary>The root of a squared distance that is clamped from below, and what its derivative leaves over.</summary>
internal static class Distance
{
    // A NaN is not smaller than anything and goes through.
    public static float Root(float squared) =>
        XMath.Sqrt(squared < OffsetL2.SmallestSquaredDistance ? OffsetL2.SmallestSquaredDistance : squared);

    // The root of the smallest squared distance marks the clamp: there the gradient is 0.
    public static float Ratio(float dy, float y) => y > 1e-6f ? dy / y : 0;
}
