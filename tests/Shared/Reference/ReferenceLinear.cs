using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Tests.Reference;

/// <summary>y_j = Σ_i W_ji x_i + b_j</summary>
internal sealed class ReferenceLinear(PlannedLayer planned, double[] parameters) : ReferenceDense(planned)
{
    private readonly ReferenceTensor _weight = new(planned, ParameterRole.Weight);
    private readonly ReferenceTensor? _bias = planned.Find(ParameterRole.Bias) is null ? null : new(planned, ParameterRole.Bias);

    private double W(int j, int i) => _weight.In(parameters, j, i);

    private double B(int j) => _bias?.In(parameters, j) ?? 0;

    protected override double Output(int j, double[] x) => Sum(i => W(j, i) * x[i]) + B(j);

    protected override double Magnitude(int j, double[] x) => Sum(i => Math.Abs(W(j, i)) * x[i]) + Math.Abs(B(j));

    protected override void Backward(int j, double[] x, double y, double dy, double[] dx, double[] gradients)
    {
        if (_bias is { } bias)
            bias.In(gradients, j) += dy;
        for (int i = 0; i < Inputs; i++)
        {
            _weight.In(gradients, j, i) += dy * x[i];
            dx[i] += dy * W(j, i);
        }
    }
}
