using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Tests.Reference;

/// <summary>A layer each of whose outputs is a function of a sum over the inputs.</summary>
internal abstract class ReferenceDense(PlannedLayer planned) : ReferenceLayer
{
    protected int Inputs => planned.Inputs;

    /// <summary>y_j</summary>
    protected abstract double Output(int j, double[] x);

    /// <summary>What <see cref="Output"/> would be if all terms were positive.</summary>
    protected abstract double Magnitude(int j, double[] x);

    /// <summary>Adds what comes through y_j to the gradients of the parameters and to dx.</summary>
    protected abstract void Backward(int j, double[] x, double y, double dy, double[] dx, double[] gradients);

    /// <summary>Σ_i term(i)</summary>
    protected double Sum(Func<int, double> term) => Enumerable.Range(0, Inputs).Sum(term);

    public sealed override double[] Forward(double[] x) => [.. Enumerable.Range(0, planned.Outputs).Select(j => Output(j, x))];

    public sealed override double[] Magnitude(double[] x) =>
        [.. Enumerable.Range(0, planned.Outputs).Select(j => Magnitude(j, x))];

    public sealed override double[] Backward(double[] x, double[] y, double[] dy, double[] gradients)
    {
        double[] dx = new double[Inputs];
        for (int j = 0; j < y.Length; j++)
            Backward(j, x, y[j], dy[j], dx, gradients);
        return dx;
    }
}
