using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Tests.Reference;

/// <summary>One layer in float64 for one sample, straight from its formula; each kind is a class of its own.</summary>
internal abstract class ReferenceLayer
{
    /// <summary>A layer over parameters in the host layout, which may change later.</summary>
    public static ReferenceLayer For(PlannedLayer planned, double[] parameters) => planned.Layer switch
    {
        Abs => new ReferenceElementwise(Math.Abs, x => Math.Sign(x), hasKink: true),
        ReLU => new ReferenceElementwise(x => Math.Max(x, 0), x => x > 0 ? 1 : 0, hasKink: true),
        Neg => new ReferenceElementwise(x => -x, _ => -1, hasKink: false),
        Linear => new ReferenceLinear(planned, parameters),
        OffsetL2 l2 => new ReferenceOffsetL2(planned, l2.Form, parameters),
        PointSlope => new ReferencePointSlope(planned, parameters),
        _ => throw new NotSupportedException($"{planned.Layer} has no reference"),
    };

    /// <summary>Whether its derivative jumps at 0.</summary>
    public virtual bool HasKink => false;

    /// <summary>y</summary>
    public abstract double[] Forward(double[] x);

    /// <summary>What <see cref="Forward"/> would give if all terms were positive.</summary>
    /// <param name="x">The same of its input.</param>
    public abstract double[] Magnitude(double[] x);

    /// <summary>Adds to the gradients of the parameters, in the host layout.</summary>
    /// <returns>∂loss/∂x</returns>
    public abstract double[] Backward(double[] x, double[] y, double[] dy, double[] gradients);
}
