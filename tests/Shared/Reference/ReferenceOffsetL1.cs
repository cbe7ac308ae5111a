using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Tests.Reference;

/// <summary>y_j = Σ_i |α_ji| |x_i − μ_ji|</summary>
internal sealed class ReferenceOffsetL1(PlannedLayer planned, double[] parameters) : ReferenceDense(planned)
{
    private readonly ReferenceTensor _mu = new(planned, ParameterRole.Mu), _alpha = new(planned, ParameterRole.Alpha);
    private readonly int _outputs = planned.Outputs;

    private double Mu(int j, int i) => _mu.In(parameters, j, i);

    private double Alpha(int j, int i) => _alpha.In(parameters, j, i);

    public override double KinkMargin(double[] x) =>
        Enumerable.Range(0, _outputs).Min(j => SmallestBut0(x.Select((value, i) => value - Mu(j, i))));

    protected override double Output(int j, double[] x) => Sum(i => Math.Abs(Alpha(j, i)) * Math.Abs(x[i] - Mu(j, i)));

    protected override double Magnitude(int j, double[] x) => Sum(i => Math.Abs(Alpha(j, i)) * (x[i] + Math.Abs(Mu(j, i))));

    protected override void Backward(int j, double[] x, double y, double dy, double[] dx, double[] gradients)
    {
        for (int i = 0; i < Inputs; i++)
        {
            double d = x[i] - Mu(j, i), toInput = dy * Math.Abs(Alpha(j, i)) * Math.Sign(d);
            _mu.In(gradients, j, i) -= toInput;
            _alpha.In(gradients, j, i) += dy * Math.Sign(Alpha(j, i)) * Math.Abs(d);
            dx[i] += toInput;
        }
    }
}
