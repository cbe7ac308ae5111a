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
        OffsetL1 => new ReferenceOffsetL1(planned, parameters),
        PointSlope => new ReferencePointSlope(planned, parameters),
        _ => throw new NotSupportedException($"{planned.Layer} has no reference"),
    };

    /// <summary>How far x is from where a derivative jumps, where it is not there; ∞ where none does.</summary>
    public virtual double KinkMargin(double[] x) => double.PositiveInfinity;

    /// <summary>The smallest absolute value that is not 0; ∞ where all are.</summary>
    protected static double SmallestBut0(IEnumerable<double> values) =>
        values.Where(value => value != 0).Select(Math.Abs).DefaultIfEmpty(double.PositiveInfinity).Min();

    /// <summary>y</summary>
    public abstract double[] Forward(double[] x);

    /// <summary>What <see cref="Forward"/> would give if all terms were positive.</summary>
    /// <param name="x">The same of its input.</param>
    public abstract double[] Magnitude(double[] x);

    /// <summary>Adds to the gradients of the parameters, in the host layout.</summary>
    /// <returns>∂loss/∂x</returns>
    public abstract double[] Backward(double[] x, double[] y, double[] dy, double[] gradients);
}
