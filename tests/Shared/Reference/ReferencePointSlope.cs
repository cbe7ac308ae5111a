using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Tests.Reference;

/// <summary>y_j = Σ_i w_ji (x_i − c_ji)</summary>
internal sealed class ReferencePointSlope(PlannedLayer planned, double[] parameters) : ReferenceDense(planned)
{
    private readonly ReferenceTensor _slope = new(planned, ParameterRole.Weight), _point = new(planned, ParameterRole.Offset);

    private double W(int j, int i) => _slope.In(parameters, j, i);

    private double C(int j, int i) => _point.In(parameters, j, i);

    protected override double Output(int j, double[] x) => Sum(i => W(j, i) * (x[i] - C(j, i)));

    protected override double Magnitude(int j, double[] x) => Sum(i => Math.Abs(W(j, i)) * (x[i] + Math.Abs(C(j, i))));

    protected override void Backward(int j, double[] x, double y, double dy, double[] dx, double[] gradients)
    {
        for (int i = 0; i < Inputs; i++)
        {
            _slope.In(gradients, j, i) += dy * (x[i] - C(j, i));
            _point.In(gradients, j, i) -= dy * W(j, i);
            dx[i] += dy * W(j, i);
        }
    }
}
